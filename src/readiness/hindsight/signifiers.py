"""Which acts of leads really mark a sale, a stop or a move on, beside what the agreement says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm.records import MICROSECONDS_PER_DAY, Instant
from readiness.crm.selection import select
from readiness.crm.tables import Flags, Tables
from readiness.hindsight.act_effects import MIN_EVENTS, asked, judged
from readiness.hindsight.exposures import (
    Act,
    Acts,
    Watched,
    acts_of,
    at_risk_of,
    drawn,
    watched,
)
from readiness.hindsight.hazard_fit import AtRisk
from readiness.hindsight.significance import Effect, Verdict
from readiness.hindsight.stage_moves import stage_looks
from readiness.hindsight.worths import Agrees, Reading, Worth, agrees, worth_of
from readiness.history.cuts import cut
from readiness.history.occurrences import happened
from readiness.history.outcomes import STOP, WON
from readiness.progress import Progress, silent

End: TypeAlias = Literal["won", "stop", "next_stage"]
ENDS: Final[tuple[End, ...]] = ("won", "stop", "next_stage")

NO_TIME: Final = "These tables have no dates, so nobody can say what came after what."
NO_ACTS: Final = "These tables hold no activities of leads, so there is nothing to compare."
NO_TIME_WATCHED: Final = "No lead was watched for any time, so there is nothing to compare."


@dataclass(frozen=True, slots=True)
class Finding:
    """An act, and by how much each hazard is multiplied after it."""

    act: Act
    won: Effect
    stop: Effect
    next_stage: Effect


@dataclass(frozen=True, slots=True)
class Signifier:
    """An inbound activity type: what history says of it, and what the agreement says."""

    type: str
    after: Finding
    """After the first time, on the whole."""
    lately: Finding
    earlier: Finding
    again: Finding
    at_the_end: float | None
    """Share of the sales after it that came within a day of it; None with fewer than `MIN_EVENTS` of them."""
    worth: Worth
    reading: Reading
    agrees: Agrees

    def strength(self, end: End) -> float:
        """How far the interval of its effect stays away from 1, on the whole or while it is fresh."""
        found: list[Effect] = [getattr(each, end) for each in (self.after, self.lately)]
        return max(effect.strength for effect in found)


@dataclass(frozen=True, slots=True)
class Signifiers:
    """What history says of every inbound activity type.

    ``types`` come by how surely they change the hazard of won, the surest first; ``in_order`` likewise.
    """

    types: tuple[Signifier, ...]
    in_order: tuple[Finding, ...]
    leads: int
    """That were watched for any time."""
    of: int
    """That there are."""
    days: float
    """Days that leads were watched while open, all together."""
    events: dict[End, int]
    looks: int
    """Weekly looks from which moves to the next stage were read."""
    rare: int
    """Types left out because hardly any lead did them."""
    missing: str | None
    """Why there is nothing to say; None where there is."""


def signifiers(
    tables: Tables,
    agreement: Agreement,
    *,
    until: Instant | None = None,
    exclude: Sequence[str] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> Signifiers:
    """Say for each inbound activity type how the hazards of leads change after it.

    At every moment, leads of the same age are compared of which one had done it and another had not, all
    else that was known just before held alike: attributes, source, newest answers, other types done so far
    and done lately, what we had done, whether sales had the lead. An act counts from just after it. Moves to
    the next stage are read from weekly looks, and compared within a stage.

    Parameters
    ----------
    tables : Tables
        All five are read.
    agreement : Agreement
        Says what each type is worth, and which stage a lead is in.
    until : Instant, optional
        Where the learner stands; default: where the watch ends.
    exclude : sequence of str
        Lead columns or answer fields that are not held alike, such as one that was filled in at the end.
    seed : int
        Of the draw, where there are more leads than are compared.

    Returns
    -------
    Signifiers
        Undated tables, or such without inbound activities, give none and the reason.
    """
    if not tables.dated:
        return _nothing(NO_TIME)
    tables = tables if until is None else cut(tables, until)
    of = len(tables.leads)
    tables = select(tables, drawn(of, seed))
    progress("Finding what leads did", 0.0)
    acts = acts_of(tables)
    if not acts.types:
        return _nothing(NO_ACTS, acts.rare)
    time = watched(
        tables,
        acts,
        until=tables.observed_through,
        exclude=exclude,
        event_of_outcome=agreement.labels.event_of_outcome,
    )
    if not len(time.at_risk):
        return _nothing(NO_TIME_WATCHED, acts.rare)
    cases = _cases(tables, agreement, acts, time, exclude)
    told: dict[End, tuple[Effect, ...]] = {}
    for number, (end, (at_risk, event)) in enumerate(cases.items()):
        progress("Comparing leads like each other", number / len(cases))
        told[end] = judged(at_risk, event, acts)
    progress("Comparing leads like each other", 1.0)
    return _gathered(acts, agreement, told, cases, _at_the_end(acts, time), of)


def _cases(
    tables: Tables, agreement: Agreement, acts: Acts, time: Watched, exclude: Sequence[str]
) -> dict[End, tuple[AtRisk, Flags]]:
    """Return for each end the time in which it could come, and in which pieces it came."""
    looks = stage_looks(tables, agreement, until=tables.observed_through)
    weekly = at_risk_of(tables, looks.snapshots, acts, np.ones(len(looks.moved)), looks.stratum, exclude)
    return {
        "won": (time.at_risk, time.event == WON),
        "stop": (time.at_risk, time.event == STOP),
        "next_stage": (weekly, looks.moved),
    }


def _at_the_end(acts: Acts, time: Watched) -> list[float | None]:
    """Return for each type which share of the sales after it came within a day of it."""
    won = time.event == WON
    lead, when = time.at_risk.lead[won], time.closes[won]
    shares: list[float | None] = []
    for kind in range(len(acts.types)):
        did = happened(acts.first[:, kind], lead, when)
        near = acts.found.lately(kind, lead, when, MICROSECONDS_PER_DAY)
        shares.append(float(near[did].mean()) if did.sum() >= MIN_EVENTS else None)
    return shares


def _nothing(why: str, rare: int = 0) -> Signifiers:
    return Signifiers((), (), 0, 0, 0.0, dict.fromkeys(ENDS, 0), 0, rare, why)


def _gathered(
    acts: Acts,
    agreement: Agreement,
    told: dict[End, tuple[Effect, ...]],
    cases: dict[End, tuple[AtRisk, Flags]],
    ends: Sequence[float | None],
    of: int,
) -> Signifiers:
    at_risk, looks = cases["won"][0], len(cases["next_stage"][0])
    findings = [Finding(act, *(told[end][number] for end in ENDS)) for number, act in enumerate(asked(acts))]
    t = len(acts.types)
    types = []
    for number, name in enumerate(acts.types):
        of_type = findings[number : 4 * t : t]
        worth = worth_of(name, agreement)
        reading = reading_of(*of_type[:2])
        after, lately, earlier, again = of_type
        answer = agrees(worth, reading)
        types.append(Signifier(name, after, lately, earlier, again, ends[number], worth, reading, answer))
    return Signifiers(
        types=tuple(sorted(types, key=lambda each: (-each.strength("won"), each.type))),
        in_order=tuple(sorted(findings[4 * t :], key=lambda each: -each.won.strength)),
        leads=int((np.diff(at_risk.lead) != 0).sum()) + 1,
        of=of,
        days=float(at_risk.exposure.sum()),
        events={end: int(event.sum()) for end, (_, event) in cases.items()},
        looks=looks,
        rare=acts.rare,
        missing=None,
    )


def reading_of(after: Finding, lately: Finding) -> Reading:
    """Say what history says of a type: what it does while it is fresh comes first.

    That leads who did it long ago and still have not ended are won less is no word against it. And it is
    meaningless only if even while it is fresh an effect on sales that is worth naming is ruled out, and none
    on stops is known.
    """
    won, stop = (_direction(getattr(after, end), getattr(lately, end)) for end in ("won", "stop"))
    if won in ("more", "less"):
        return "marks a sale" if won == "more" else "speaks against a sale"
    if stop in ("more", "less"):
        return "warns of a stop" if stop == "more" else "fewer stops"
    return "meaningless" if won == "no difference" else "not known yet"


def _direction(after: Effect, lately: Effect) -> Verdict:
    """Return what is known while it is fresh; else what is known on the whole and does not contradict it."""
    known = ("more", "less")
    alike = lately.ratio is None or after.ratio is None or (lately.ratio > 1) == (after.ratio > 1)
    if lately.verdict not in known and after.verdict in known and alike:
        return after.verdict
    return lately.verdict
