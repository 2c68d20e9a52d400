"""Which changes of an agreement the earlier part of a history speaks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.crm.tables import Flags
from readiness.hindsight import suggest_interest, suggest_options
from readiness.hindsight.proposals import Edit, Option, amended
from readiness.hindsight.suggest_criteria import Trait, failing, readable, traits
from readiness.hindsight.suggest_curve import line_for_sales
from readiness.hindsight.suggest_evidence import Evidence
from readiness.hindsight.suggest_ladder import Looker
from readiness.hindsight.suggest_material import Material
from readiness.hindsight.suggest_odds import cross_fit, interested, skill
from readiness.hindsight.suggest_search import Choice, Found, Grid, search
from readiness.hindsight.suggest_shoulds import shoulds
from readiness.hindsight.suggest_sources import sources
from readiness.history.outcomes import STOP, WON
from readiness.progress import Progress, silent

SKILL_NEEDED: Final = 3.0
"""So many standard errors has what is recorded to tell sales from stops, on leads that no fit saw, before
anything is looked for."""

_MOST_QUIET: Final = 4
_HARDLY: Final = 0.02
"""This share of the hand-overs may differ where a change is said to decide none by itself."""

NOTHING_FOUND: Final = (
    "No change found that would have avoided stops at equally many sales among the earlier leads, so none is "
    "proposed."
)
NOTHING_TELLS: Final = (
    "Nothing that is recorded of the earlier leads tells those who bought from those who told us to stop, so "
    "no change is proposed."
)
NOBODY_INTERESTED: Final = (
    "No earlier lead with any interest, as the agreement counts it, was seen to buy or to tell us to stop: "
    "nothing can be learned of hand-overs, so no change is proposed."
)
AS_MANY: Final = "so drawn, as many sales are handed over as now"
NEARLY_AS_MANY: Final = "no line brings as many sales as now; this one brings nearly all that can be had"


def choose(
    found: Material, agreement: Agreement, *, seed: int = 0, progress: Progress = silent
) -> list[Option] | str:
    """Choose changes by the earlier part of the history alone, or say why there are none.

    First it is asked whether anything recorded tells sales from stops, on leads that no fit saw. Then the few
    changes are searched for that lower the cry-wolf rate most at equal sales; then comes what sources and
    shoulds should say; last the line for interest is drawn by the sales that came, as `line_for_sales` does.
    """
    progress("Learning what tells sales from stops", 0.0)
    states, known = interested(found.tables, found.states, found.states_known, agreement)
    if not (known.weight * np.isin(known.outcome, (WON, STOP))).any():
        return NOBODY_INTERESTED
    fits = cross_fit(found.tables, states, known, agreement, seed=seed)
    # Among all leads: among those with interest so few told us to stop that luck could hide what tells.
    if skill(fits, found.tables, found.states, found.states_known) < SKILL_NEEDED:
        return NOTHING_TELLS
    progress("Laying out what could be changed", 0.0)
    loose = amended(agreement, suggest_options.loosened(agreement))
    if loose is None:
        return NOTHING_FOUND
    passes, points = found.looker.lineless(loose)
    pool = passes & (points >= agreement.interest.any_from)
    looker = found.looker.where(pool)
    seen, fails = traits(found, agreement), failing(found, agreement)
    passing = suggest_options.options(agreement, seen, fails)
    grid, offered = _grid(found, looker, agreement, passing)
    fate = fits.odds(found.tables, looker.snapshots)
    progress("Looking for changes", 0.0)
    best = search(grid, fate, line=agreement.interest.high_from, starts=_starts(offered, agreement))
    if best is None:
        return NOTHING_FOUND
    taken = [_told(offered[slot][number], best) for slot, number in best.choice.items()]
    taken += _quiet(found, agreement, taken, seen, fails)
    line = _line(found, agreement, taken)
    return NOTHING_FOUND if line is None else [*taken, *line]


def _quiet(
    found: Material,
    agreement: Agreement,
    taken: Sequence[Option],
    seen: Sequence[Trait],
    fails: Mapping[str, Evidence],
) -> list[Option]:
    """Return what history says of sources and shoulds where it changes hardly a hand-over.

    They are not what was searched for: they set categories, shares and points right.
    """
    line, slots = agreement.interest.high_from, {option.slot for option in taken}
    now = found.looker.ladder(agreement).handed_over(line)
    kept: list[Option] = []
    for option in (*sources(agreement, seen), *shoulds(agreement, seen, fails)):
        tried = amended(agreement, option.edits)
        if tried is None or option.slot in slots or len(kept) == _MOST_QUIET:
            continue
        if len(np.setxor1d(now, found.looker.ladder(tried).handed_over(line))) <= _HARDLY * len(now):
            kept.append(option)
    return kept


def _told(option: Option, best: Found) -> Option:
    """Say what speaks for an option of which only the search knows."""
    if option.because:
        return option
    change = best.without.get(option.slot)
    if change is None:
        return replace(option, because="without it too few sales would be left of the earlier leads")
    return replace(
        option,
        because=f"of the earlier leads, without it the cry-wolf rate would be expected to change by "
        f"{100 * change:+.1f} instead of {100 * best.change:+.1f} points at equal sales",
    )


def _grid(
    found: Material, looker: Looker, agreement: Agreement, passing: dict[str, list[Option]]
) -> tuple[Grid, dict[str, list[Option]]]:
    loosened = suggest_options.loosened(agreement)
    interest, added = suggest_interest.options(agreement, suggest_interest.kinds(found, agreement), looker)

    def column(edits: Sequence[Edit]) -> Flags:
        tried = amended(agreement, [*loosened, *edits])
        # What makes no agreement hands nobody over, so it is never taken.
        return np.zeros(len(looker.snapshots), np.bool_) if tried is None else looker.lineless(tried)[0]

    held = suggest_options.as_it_is(agreement)
    passes = {
        slot: [
            column(held[slot]) if slot in held else None,
            # Put back first: an option may change a part of what it replaces.
            *(column((*held.get(slot, ()), *option.edits)) for option in passing.get(slot, ())),
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
    """Return the line for interest that the changed agreement asks for; none where it stays."""
    changed = amended(agreement, [edit for option in taken for edit in option.edits])
    if changed is None:
        return None
    terms = agreement.interest
    won = found.looks_known.weight * found.looks_known.happened(WON)
    target = float(won[found.looker.ladder(agreement).handed_over(terms.high_from)].sum())
    line, as_many = line_for_sales(
        found.looker.ladder(changed), won, target, written=terms.high_from, lowest=terms.any_from
    )
    written = max(readable(line), terms.any_from)
    if written == terms.high_from:
        return []
    return [
        Option(
            "interest.high_from",
            (Edit(("interest", "high_from"), written),),
            f"`high_from`: {terms.high_from:g} → {written:g} points of interest",
            AS_MANY if as_many else NEARLY_AS_MANY,
        )
    ]
