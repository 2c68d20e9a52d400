"""Columns that know the future, and strong ones that do not, planted into simulated worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from readiness.crm import simulate, tables
from readiness.crm.records import CLOSED_WON, MICROSECONDS_PER_DAY, NO_INSTANT, iso
from readiness.crm.selection import select
from readiness.crm.simulate.worlds import World
from readiness.crm.tables import Attribute, Coded, Flags, Ints, Tables, coded
from readiness.history.first_looks import first_looks
from readiness.learning.leakage.association import associated
from readiness.learning.leakage.columns import of_leads

COLUMN: Final = "field_7"
"""What a planted column is called: its name gives nothing away."""


@dataclass(frozen=True, slots=True)
class Fates:
    """How each lead stands: outcome (-1 open), since and until when, how active it was, and chance."""

    outcome: Ints
    created_at: Ints
    seen_at: Ints
    activities: Ints
    random: np.random.Generator

    @property
    def won(self) -> Flags:
        """Who was won."""
        won: Flags = self.outcome == CLOSED_WON
        return won

    @property
    def open(self) -> Flags:
        """Who has not ended."""
        still: Flags = self.outcome < 0
        return still

    def chance(self, won: float, ended: float, still_open: float) -> Flags:
        """Draw yes with a chance for each: won, ended otherwise, open."""
        share = np.where(self.won, won, np.where(self.open, still_open, ended))
        drawn: Flags = self.random.random(len(share)) < share
        return drawn


def fates(given: Tables, seed: int) -> Fates:
    """Read how the leads stand."""
    n = len(given.leads)
    outcome, seen_at = np.full(n, -1), np.full(n, given.observed_through)
    outcome[given.outcomes.lead] = given.outcomes.outcome
    seen_at[given.outcomes.lead] = given.outcomes.occurred_at
    activities = np.diff(given.activities.starts)
    return Fates(outcome, given.leads.created_at, seen_at, activities, np.random.default_rng(seed))


def texts(codes: Ints, words: tuple[str, ...], there: Flags) -> Coded:
    """Return a column of words, empty where not there."""
    return coded(
        [words[code] if held else None for code, held in zip(codes.tolist(), there.tolist(), strict=True)]
    )


def near_copy(of: Fates, strength: float) -> Attribute:
    """Copy the outcome, with mistakes."""
    n = len(of.outcome)
    mistaken = of.random.random(n) < 0.5 - 0.45 * strength
    code = np.where(mistaken, of.random.integers(0, 5, n), np.where(of.open, 4, of.outcome))
    return texts(code, ("a", "b", "c", "d", "e"), np.ones(n, dtype=np.bool_))


def winners_only(of: Fates, strength: float) -> Attribute:
    """Fill a number for winners alone, and not for all of them."""
    value = of.random.normal(size=len(of.outcome))
    return np.where(of.chance(0.57 + 0.39 * strength, 0.0, 0.0), value, np.nan)


def filled_at_the_end(of: Fates, strength: float) -> Attribute:
    """Fill something that says nothing, mostly for winners, when a lead ends."""
    there = of.chance(0.65 + 0.3 * strength, 0.12, 0.02)
    return texts(of.random.integers(0, 3, len(there)), ("a", "b", "c"), there)


def score_at_the_end(of: Fates, strength: float) -> Attribute:
    """Write a number when a lead ends, greater for winners."""
    value = of.random.normal(size=len(of.outcome)) + (1.0 + 1.8 * strength) * of.won
    return np.where(of.open, np.nan, value)


def price(of: Fates, strength: float) -> Attribute:
    """Keep a sum that stays 0 until something is sold; offers to others are there as well."""
    there = of.chance(0.97, 0.45 - 0.4 * strength, 0.05)
    return np.where(there, np.round(of.random.lognormal(7.0, 1.0, len(there))), 0.0)


def flag(of: Fates, strength: float) -> Attribute:
    """Tick a box at the end."""
    ticked = of.chance(0.65 + 0.33 * strength, 0.1, 0.02)
    return texts(ticked.astype(np.int64), ("no", "yes"), np.ones(len(ticked), dtype=np.bool_))


def call_result(of: Fates, strength: float) -> Attribute:
    """Say how the last call went."""
    words = ("sold", "not interested", "call again")
    sure = of.chance(0.35 + 0.45 * strength, 0.35 + 0.45 * strength, 0.0)
    code = np.where(sure, np.where(of.won, 0, 1), 2)
    return texts(code, words, ~of.open | (of.random.random(len(code)) < 0.5))


def end_date(of: Fates, strength: float) -> Attribute:
    """Write the day of the end: of every sale, of few other ends; of some open leads the last change."""
    there = of.chance(1.0, 0.45 - 0.4 * strength, 0.1)
    share = np.where(of.open, of.random.random(len(there)), 1.0)
    at = of.created_at + (share * (of.seen_at - of.created_at)).astype(np.int64)
    return coded(
        [(iso(int(when)) or "")[:10] if held else None for when, held in zip(at, there, strict=True)]
    )


def lifetime_count(of: Fates, strength: float) -> Attribute:
    """Count a lead's activities until today."""
    count = of.activities.astype(np.float64)
    return count + np.round((3.0 + 6.0 * strength) * of.won * of.random.random(len(count)) * 2.0)


def late_edit(of: Fates, strength: float) -> Attribute:
    """Show the newest of answers that are edited when a lead ends; the tables keep the older ones."""
    n = len(of.outcome)
    at_end = np.where(of.chance(0.65 + 0.33 * strength, 0.1, 0.0), 0, of.random.integers(1, 3, n))
    first = of.random.integers(0, 3, n)
    return texts(np.where(of.open, first, at_end), ("a", "b", "c"), np.ones(n, dtype=np.bool_))


KINDS: Final[dict[str, Callable[[Fates, float], Attribute]]] = {
    each.__name__: each
    for each in (
        near_copy,
        winners_only,
        filled_at_the_end,
        score_at_the_end,
        price,
        flag,
        call_result,
        end_date,
        lifetime_count,
        late_edit,
    )
}


def noisy_number(of: Fates, strength: float) -> Attribute:
    """Write a number that is greater for winners; leads still open have one as if they would be lost."""
    return of.random.normal(size=len(of.outcome)) + (1.0 + 1.5 * strength) * of.won


HARD: Final[dict[str, Callable[[Fates, float], Attribute]]] = {"noisy_number": noisy_number}
"""Nothing but winning shows in these: only the days that winners took, and other columns, can betray them."""


def undated(given: Tables) -> Tables:
    """Keep the leads that have ended, and forget all dates."""
    kept = select(given, np.unique(given.outcomes.lead).astype(np.int64))
    n = len(kept.leads)
    never = np.full(n, NO_INSTANT, dtype=np.int64)
    leads = replace(kept.leads, created_at=never, last_known_at=never)
    outcomes = tables.outcomes(
        leads=n,
        lead=kept.outcomes.lead,
        occurred_at=np.full(len(kept.outcomes), NO_INSTANT, dtype=np.int64),
        outcome=kept.outcomes.outcome,
    )
    nothing = select(kept, np.zeros(0, dtype=np.int64))
    none = np.zeros(n + 1, dtype=np.int64)
    return replace(
        kept,
        leads=leads,
        outcomes=outcomes,
        activities=replace(nothing.activities, starts=none),
        answers=replace(nothing.answers, starts=none),
        handovers=replace(nothing.handovers, starts=none),
        observed_through=NO_INSTANT,
        dated=False,
    )


def with_leak(given: Tables, kind: str, seed: int, strength: float) -> Tables:
    """Plant one leak; ``strength`` 0 to 1 moves its AUC from about 0.75 to about 0.99."""
    of = fates(given, seed)
    column = (KINDS | HARD)[kind](of, strength)
    planted = with_columns(given, {COLUMN: column})
    if kind != "late_edit":
        return planted
    assert isinstance(column, Coded)  # noqa: S101 - words
    return replace(planted, answers=_edited(given, of, column))


def _edited(given: Tables, of: Fates, column: Coded) -> tables.Answers:
    n = len(of.outcome)
    ended = np.flatnonzero(~of.open)
    first = of.random.integers(0, 3, n)
    first[of.open] = column.codes[of.open]
    words = (*given.answers.value.levels, *column.levels)
    fields = (*given.answers.field.levels, COLUMN)
    shift, field = len(given.answers.value.levels), len(fields) - 1
    return tables.answers(
        leads=n,
        lead=np.concatenate([given.answers.lead, np.arange(n), ended]).astype(np.int32),
        answered_at=np.concatenate(
            [
                given.answers.answered_at,
                given.leads.created_at,
                of.seen_at[ended] - MICROSECONDS_PER_DAY // 24,
            ]
        ),
        field=Coded(
            np.concatenate([given.answers.field.codes, np.full(n + len(ended), field)]).astype(np.int32),
            fields,
        ),
        value=Coded(
            np.concatenate([given.answers.value.codes, first + shift, column.codes[ended] + shift]).astype(
                np.int32
            ),
            words,
        ),
    )


def with_columns(given: Tables, columns: dict[str, Attribute]) -> Tables:
    """Add lead columns."""
    return replace(given, leads=replace(given.leads, attributes={**given.leads.attributes, **columns}))


STRONG: Final = ("known_number", "known_grade", "known_gaps")


def with_strong(world: World, seed: int) -> Tables:
    """Add three columns known when the lead came that tell much: they are made of what drives the outcome."""
    given = world.tables
    looks = first_looks(given).snapshots
    random = np.random.default_rng(seed)
    known = np.full(len(given.leads), np.nan)
    truth = world.truth_at(looks.lead, looks.cutoff, (180,)).won[:, 0]
    known[looks.lead] = np.log(truth / (1.0 - truth))
    spread = np.nanstd(known)
    number, graded, gaps = (known + 0.35 * spread * random.normal(size=len(known)) for _ in STRONG)
    cuts = np.nanquantile(graded, np.arange(1, 8) / 8)
    grades = texts(np.searchsorted(cuts, graded), tuple("hgfedcba"), ~np.isnan(graded))
    gaps[random.random(len(gaps)) < 0.1] = np.nan
    return with_columns(given, dict(zip(STRONG, (number, grades, gaps), strict=True)))


def auc_of_won(given: Tables, name: str) -> float:
    """Return the greater AUC of one column: of won against everybody else, or against the other ends."""
    looks = first_looks(given)
    column = next(each for each in of_leads(given, looks.snapshots) if each.name == name)
    return associated(column.bin, len(column.labels), looks.event).strongest


def world(seed: int, leads: int) -> World:
    """Simulate a world; every second one drifts, every third loses records or ends leads early."""
    options = simulate.WorldOptions(
        recorded=seed % 2 == 0,
        drift=seed % 4 >= 2,
        lost_records=0.2 if seed % 3 == 1 else 0.0,
        end_early=0.2 if seed % 3 == 2 else 0.0,
    )
    return simulate.world(leads, seed, options=options)
