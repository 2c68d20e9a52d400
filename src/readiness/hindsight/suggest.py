"""From the history, what the agreement could say instead, judged on leads that came later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm.records import Instant, iso
from readiness.crm.tables import Tables
from readiness.hindsight import suggest_interest, suggest_options
from readiness.hindsight.proposals import Edit, Option, amended, lawful
from readiness.hindsight.replay import NeverCall
from readiness.hindsight.suggest_criteria import readable, traits
from readiness.hindsight.suggest_effects import Effect, Later, effect, later
from readiness.hindsight.suggest_ladder import Looker
from readiness.hindsight.suggest_material import Material, material
from readiness.hindsight.suggest_odds import cross_fit, skill
from readiness.hindsight.suggest_search import Choice, Fate, Grid, search
from readiness.history.outcomes import WON
from readiness.progress import Progress, silent

SKILL_NEEDED: Final = 3.0
"""So many standard errors has what is recorded to tell sales from stops, on leads that no fit saw, before
anything is looked for."""

NOTHING_FOUND: Final = (
    "No change found that would have avoided stops at equally many sales among the earlier leads, so none is "
    "proposed."
)
NOTHING_TELLS: Final = (
    "Nothing that is recorded of the earlier leads tells those who bought from those who told us to stop, so "
    "no change is proposed."
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and what it alone would have done; None where it cannot stand alone."""

    option: Option
    effect: Effect | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is proposed to the people who sign the agreement; with ``changes`` empty, why nothing is.

    ``proposed`` is the whole document with all changes, not signed by anybody.
    """

    agreement: Agreement
    changes: tuple[Change, ...]
    proposed: Agreement | None
    effect: Effect | None
    learned_until: Instant | None
    sentence: str

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits of the document, in order."""
        return tuple(edit for change in self.changes for edit in change.option.edits)

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "agreement": {"name": self.agreement.name, "version": self.agreement.version},
            "sentence": self.sentence,
            "learned_until": None if self.learned_until is None else iso(self.learned_until),
            "changes": [
                {
                    "says": change.option.says,
                    "because": change.option.because,
                    "effect": None if change.effect is None else change.effect.to_dict(),
                }
                for change in self.changes
            ],
            "effect": None if self.effect is None else self.effect.to_dict(),
        }


def suggest(
    tables: Tables,
    agreement: Agreement,
    *,
    never_call: NeverCall | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> Suggestion:
    """Propose changes learned on the earlier part of the history and judge them once on later leads.

    The history is cut at an instant. Before it, changes are looked for that leave fewer stops at equally many
    sales and hardly more hand-overs. Leads created from it on say what the changes do; nothing is chosen by
    them, so that what is said of them is not said of the luckiest.

    Parameters
    ----------
    tables : Tables
    agreement : Agreement
        The one in force.
    never_call : optional
        Who must never be called, as `replay.Adviser` asks for it.
    seed : int
        Deals leads into folds and draws them for intervals.

    Returns
    -------
    Suggestion
        Without changes where the history is too short, undated, or holds nothing that helps.
    """
    progress("Laying out the history", 0.0)
    found, missing = material(tables, agreement, never_call)
    if found is None:
        return Suggestion(agreement, (), None, None, None, missing)
    chosen = _chosen(found, agreement, seed, progress)
    if isinstance(chosen, str):
        return Suggestion(agreement, (), None, None, found.instant, chosen)
    progress("Judging on later leads", 0.0)
    unseen = later(tables, agreement, found.instant, never_call=never_call, seed=seed)
    proposed = lawful(amended(agreement, [edit for option in chosen for edit in option.edits]))
    if proposed is None:
        return Suggestion(agreement, (), None, None, found.instant, NOTHING_FOUND)
    return Suggestion(
        agreement=agreement,
        changes=tuple(Change(option, _alone(unseen, agreement, option, seed)) for option in chosen),
        proposed=proposed,
        effect=(total := effect(unseen, agreement, proposed, seed=seed)),
        learned_until=found.instant,
        sentence=sentence(total),
    )


def sentence(total: Effect) -> str:
    """Say what all changes together would have done to later leads, no surer than their number allows."""
    change, rate = total.change, total.rate_now
    if change.value is None or rate.value is None:
        return "Whether the changes would have helped on later leads cannot be told: too few of them ended."
    now = f"from {rate.value:.1%} to {max(rate.value + change.value, 0.0):.1%}"
    between = (
        ""
        if change.low is None or change.high is None
        else f" ({100 * change.low:+.1f} to {100 * change.high:+.1f} points)"
    )
    if change.high is not None and change.high < 0:
        told = (
            f"On later leads, equally many sales would have come with a lower cry-wolf rate: {now}{between}."
        )
    elif change.low is not None and change.low > 0:
        told = f"On later leads the changes would have done harm: {now}{between}. Do not sign them."
    else:
        told = (
            f"On later leads, at equally many sales, the cry-wolf rate would have gone {now}{between}: "
            "too few told us to stop to be sure."
        )
    return told


def _alone(unseen: Later, agreement: Agreement, option: Option, seed: int) -> Effect | None:
    changed = amended(agreement, option.edits)
    return None if changed is None else effect(unseen, agreement, changed, seed=seed)


def _chosen(found: Material, agreement: Agreement, seed: int, progress: Progress) -> list[Option] | str:
    """Choose the changes by the earlier part alone, the line for interest last; or say why there are none."""
    progress("Learning what tells sales from stops", 0.0)
    fits = cross_fit(found.tables, found.states, found.states_known, seed=seed)
    sure = skill(fits.odds(found.tables, found.states), found.states_known, found.state_leads)
    if sure < SKILL_NEEDED:
        return NOTHING_TELLS
    progress("Laying out what could be changed", 0.0)
    loose = amended(agreement, suggest_options.loosened(agreement))
    if loose is None:
        return NOTHING_FOUND
    pool = found.looker.lineless(loose)[0]
    looker = found.looker.where(pool)
    grid, offered = _grid(found, looker, agreement)
    won = (found.looks_known.weight * found.looks_known.happened(WON))[pool]
    fate = Fate(won, fits.odds(found.tables, looker.snapshots))
    progress("Looking for changes", 0.0)
    best = search(grid, fate, line=agreement.interest.high_from, starts=_starts(offered, agreement))
    if best is None:
        return NOTHING_FOUND
    taken = [offered[slot][number] for slot, number in best.choice.items()]
    line = _line(found, agreement, taken)
    return NOTHING_FOUND if line is None else [*taken, *line]


def _grid(found: Material, looker: Looker, agreement: Agreement) -> tuple[Grid, dict[str, list[Option]]]:
    loosened = suggest_options.loosened(agreement)
    passing = suggest_options.options(agreement, traits(found, agreement))
    interest, added = suggest_interest.options(agreement, suggest_interest.kinds(found, agreement), looker)

    def column(edits: Sequence[Edit]) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
        tried = amended(agreement, [*loosened, *edits])
        return None if tried is None else looker.lineless(tried)[0]

    held = suggest_options.as_it_is(agreement)
    passes = {
        slot: [
            column(held[slot]) if slot in held else None,
            *(column(option.edits) for option in passing.get(slot, ())),
        ]
        for slot in {**held, **passing}
    }
    grid = Grid(
        lead=looker.snapshots.lead.astype(np.int64),
        passes=passes,
        points=looker.interest(agreement),
        added=added,
        lowest_line=agreement.interest.any_from,
    )
    return grid, {**passing, **interest}


def _starts(offered: dict[str, list[Option]], agreement: Agreement) -> list[Choice]:
    """Return the looser terms of BANT to start from, beside the terms as they are."""
    asked = agreement.handover.bant_at_least
    starts: list[Choice] = []
    for number, option in enumerate(offered.get(suggest_options.BANT, ())):
        count, required = (edit.value for edit in option.edits)
        if count < asked and not required:
            starts.append({suggest_options.BANT: number})
    return starts


def _line(found: Material, agreement: Agreement, taken: Sequence[Option]) -> list[Option] | None:
    """Return the line for interest at which the changed agreement hands over as many sales as now."""
    changed = amended(agreement, [edit for option in taken for edit in option.edits])
    if changed is None:
        return None
    won = found.looks_known.weight * found.looks_known.happened(WON)
    now = found.looker.ladder(agreement).handed_over(agreement.interest.high_from)
    target = float(won[now].sum())
    line = found.looker.ladder(changed).line_for(
        lambda rows: float(won[rows].sum()) >= target, agreement.interest.any_from
    )
    if line is None:
        return None
    written = max(readable(line), agreement.interest.any_from)
    if written == agreement.interest.high_from:
        return []
    return [
        Option(
            "interest.high_from",
            (Edit(("interest", "high_from"), written),),
            f"`high_from`: {agreement.interest.high_from:g} → {written:g} points of interest",
            "so drawn, as many sales are handed over as now",
        )
    ]
