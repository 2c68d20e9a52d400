"""A challenger beside the champion: which leads are fair to both, and what every gate says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from readiness.agreement.verdicts import evaluate
from readiness.crm.records import NO_INSTANT, Instant
from readiness.crm.tables import Floats, Tables
from readiness.history import features
from readiness.history.cuts import cut
from readiness.history.outcomes import CENSORED, STOP, WON
from readiness.history.snapshots import Snapshots
from readiness.judging.challenge import gates_of, without_leads
from readiness.judging.cohort import known_at
from readiness.judging.contest import CHALLENGER, CHAMPION, Contest
from readiness.judging.evaluation import judging_days
from readiness.judging.gates import Challenge, On
from readiness.progress import Progress, silent
from readiness.training_run import material as materials
from readiness.training_run.contender import Contender
from readiness.training_run.fitness import fit_for_use
from readiness.training_run.forecasts import OVERALL, fit_model, fit_simple, shown_curves, too_little
from readiness.training_run.judged import outside_first_fold, where_it_stands
from readiness.training_run.material import Material
from readiness.training_run.order import in_order
from readiness.training_run.segments import segments
from readiness.training_run.settings import Standing


@dataclass(frozen=True, slots=True)
class _Ground:
    """The leads that are fair to both: what was known before them, and what both said of them."""

    on: On
    since: Instant
    known: Material
    judged: Material
    said: Mapping[str, Floats]


def challenge(
    tables: Tables,
    challenger: Contender,
    champion: Contender | None = None,
    *,
    standing: Standing | None = None,
    progress: Progress = silent,
) -> Challenge:
    """Judge a challenger beside the champion on leads that neither has learned from.

    These are the leads created since the data of both end, each look followed for a whole horizon. Where
    fewer of them were won than a test takes, both recipes are refitted on what was known at the instant
    at which a recipe is judged (`where_it_stands`), and compared on leads created later. Undated leads are
    compared by one fold. What became of them is what the challenger's agreement says; each model reads
    points by its own agreement.

    Parameters
    ----------
    tables : Tables
        The order of the leads changes nothing.
    champion : Contender, optional
        None where there is none yet: what is asked beside it is then not asked.
    standing : Standing, optional
        The challenger's recipe as its own training run refitted it at T: it need not be fitted again.

    Returns
    -------
    Challenge
        The same input gives the same gates: nothing is timed.
    """
    tables = in_order(tables)
    found = _as_they_are(tables, challenger, champion, progress) or _refitted(
        tables, challenger, champion, standing, progress
    )
    if isinstance(found, str):
        about_leads = without_leads(found, champion=champion is not None)
    else:
        progress("asking the gates", 0.0)
        about_leads = gates_of(_contest(tables, challenger, found), seed=challenger.settings.seed)
    fit = fit_for_use(tables, challenger, champion, progress)
    progress("asking the gates", 1.0)
    return Challenge(
        challenger=challenger.name,
        champion=None if champion is None else champion.name,
        on="nothing" if isinstance(found, str) else found.on,
        since=NO_INSTANT if isinstance(found, str) else found.since,
        snapshots=0 if isinstance(found, str) else len(found.judged),
        leads=0 if isinstance(found, str) else len(np.unique(found.judged.groups)),
        gates=(*about_leads, *fit),
        recipe_shared=champion is not None and challenger.shares_recipe(champion),
    )


def _as_they_are(
    tables: Tables, challenger: Contender, champion: Contender | None, progress: Progress
) -> _Ground | None:
    """Take the leads created since the data of both models end; None where too few of them were won."""
    ends = [each.data_end for each in (challenger, champion) if each is not None]
    if not tables.dated or NO_INSTANT in ends or max(ends) >= tables.observed_through:
        return None
    since, agreement, settings = max(ends), challenger.agreement, challenger.settings
    known = materials.to_learn_from(cut(tables, since), agreement, settings)
    if too_little(known, agreement.horizon_days, settings) is not None:
        return None
    progress("looking at leads that neither has seen", 0.0)
    judged = materials.later_leads(tables, agreement, known.plan, since, settings)
    outcome = known_at(judged.cohort, agreement.horizon_days).outcome
    if len(np.unique(judged.groups[outcome == WON])) < settings.won_needed:
        return None
    days = judging_days(agreement.horizon_days)
    said = {CHALLENGER: _said(tables, judged.snapshots, challenger, days)}
    if champion is not None:
        said[CHAMPION] = _said(tables, judged.snapshots, champion, days)
    return _Ground("as_they_are", since, known, judged, said)


def _said(tables: Tables, looks: Snapshots, of: Contender, days: tuple[float, ...]) -> Floats:
    points = evaluate(tables, looks, of.agreement).points
    return shown_curves(of.model, features.build(tables, looks, of.plan, points), days)


def _refitted(
    tables: Tables,
    challenger: Contender,
    champion: Contender | None,
    standing: Standing | None,
    progress: Progress,
) -> _Ground | str:
    """Refit both recipes on the same leads, and ask them about the same others; or say what is missing."""
    parted = _parted(tables, challenger)
    if isinstance(parted, str):
        return parted
    since, known, judged = parted
    if not len(judged):
        return "No lead created since could be followed for a whole horizon yet."
    horizon = challenger.agreement.horizon_days if tables.dated else None
    days = judging_days(horizon)
    if standing is not None and standing.at == since and tables.dated:
        mine = standing.model
    else:
        mine = fit_model(known, horizon, challenger.settings, _named(progress, "the challenger's recipe"))
    said = {CHALLENGER: shown_curves(mine, judged.X, days)}
    if champion is not None and challenger.shares_recipe(champion):
        said[CHAMPION] = said[CHALLENGER]
    elif champion is not None:
        again = _relearned(tables, known, champion, since)
        little = too_little(again, horizon, champion.settings)
        if little is not None:
            return f"The champion's recipe cannot be refitted: {little.sentence}"
        theirs = fit_model(again, horizon, champion.settings, _named(progress, "the champion's recipe"))
        then = replace(champion, model=theirs, plan=again.plan)
        said[CHAMPION] = _said(tables, judged.snapshots, then, days)
    return _Ground("refitted", since, known, judged, said)


def _parted(tables: Tables, challenger: Contender) -> tuple[Instant, Material, Material] | str:
    """Part the leads into those to refit on and those to judge on; or say what is missing."""
    agreement, settings = challenger.agreement, challenger.settings
    if tables.dated:
        start = where_it_stands(tables, agreement, settings)
        if isinstance(start, str):
            return start
        at, known = start
        return at, known, materials.later_leads(tables, agreement, known.plan, at, settings)
    whole = materials.to_learn_from(tables, agreement, settings)
    outside = outside_first_fold(whole, settings)
    known = materials.to_learn_from(tables, agreement, settings, rows=outside)
    little = too_little(known, None, settings)
    if little is not None:
        return little.sentence
    ended = whole.y[:, 0] != CENSORED
    return NO_INSTANT, known, materials.held_out_leads(tables, agreement, known.plan, ~outside & ended)


def _relearned(tables: Tables, known: Material, champion: Contender, since: Instant) -> Material:
    """Take the same leads as the champion's recipe reads them."""
    if tables.dated:
        return materials.to_learn_from(cut(tables, since), champion.agreement, champion.settings)
    rows = np.zeros(len(tables.leads), dtype=np.bool_)
    rows[known.snapshots.lead] = True
    return materials.to_learn_from(tables, champion.agreement, champion.settings, rows=rows)


def _contest(tables: Tables, challenger: Contender, ground: _Ground) -> Contest:
    horizon = challenger.agreement.horizon_days if tables.dated else None
    days, judged = judging_days(horizon), ground.judged
    simple = fit_simple(ground.known, challenger.model.longest_reach).curves(judged, days)
    overall = simple.pop(OVERALL)[:, -1, WON - 1]
    return Contest(
        cohort=judged.cohort,
        horizon_days=horizon,
        days=days,
        forecasts={**ground.said, **simple},
        overall=overall,
        weekly=judged.weekly(challenger.agreement.handover.weekly_capacity) if tables.dated else None,
        segments=segments(tables, judged.snapshots),
        learned={cause: _leads_with(ground.known, cause) for cause in (WON, STOP)},
    )


def _leads_with(material: Material, cause: int) -> int:
    return len(np.unique(material.groups[material.y[:, 0] == cause]))


def _named(progress: Progress, whose: str) -> Progress:
    def tell(what: str, done: float) -> None:
        progress(f"{what}, {whose} refitted", done)

    return tell
