"""The questions that a watch asks of how leads ended, each with its answer in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from readiness.counting import counted
from readiness.judging.expected_ends import Ends
from readiness.training_run.watching import ends as of_ends
from readiness.training_run.watching import realised as of_realised
from readiness.training_run.watching.ends import EndsSeen, Stretch
from readiness.training_run.watching.findings import Check, Finding, surest, too_few
from readiness.training_run.watching.notation import day, share
from readiness.training_run.watching.realised import Cried, Realised, Skill

ENDS: Final = 1.25
"""So many times as many, or as few, is off."""
SLOPE: Final = 0.5
"""Where so little, or less, of the differences that the model tells is left, it no longer tells them."""
FALL: Final = 0.05
"""By so much must an AUC fall."""
CRY_WOLF: Final = 0.10
"""By so much must the cry-wolf rate rise."""

ENDED: Final = {
    "won": "were won",
    "stop": "told us to stop calling",
    "otherwise": "ended otherwise (lost or ruled out)",
}
_CODES: Final = {"won": "WON_OFF", "stop": "STOP_OFF", "otherwise": "OTHER_ENDS_OFF"}


def of_how_they_end(seen: EndsSeen) -> Iterator[Check | Finding]:
    """Ask whether as many leads end as expected, and whether those end that the score named.

    Of each stretch; the one that is further off speaks, and both count as questions that were asked.
    """
    for name, newest in seen.newest.by_end.items():
        both = [(each, each.by_end[name]) for each in seen.stretches]
        told = [(each, of) for each, of in both if min(of.expected, of.learned_from) >= of_ends.FEWEST]
        if not told:
            yield _too_few_ends(name, newest, seen.newest)
            continue
        yield surest([_off(name, of, each) for each, of in told])
        ranked = [_ranked(name, of, of.slope, each) for each, of in told if of.slope is not None]
        if name != "otherwise" and ranked:
            yield surest(ranked)


def _too_few_ends(name: str, found: Ends, seen: Stretch) -> Finding:
    sentence = (
        f"Too few to tell whether as many leads {ENDED[name]} as expected since {day(seen.start)}: "
        f"{found.expected:.0f} expected, learned from {found.learned_from:,}; telling takes {of_ends.FEWEST} "
        "of each."
    )
    return too_few("ENDS", sentence, found.expected, float(of_ends.FEWEST))


def _off(name: str, found: Ends, seen: Stretch) -> Check:
    ratio = found.ratio or 0.0
    return Check(
        code=_CODES[name],
        of=name,
        measured=ratio,
        required=ENDS if ratio >= 1.0 else 1.0 / ENDS,
        beyond=not 1.0 / ENDS < ratio < ENDS,
        p=found.p,
        raised="act",
        action="retrain",
        sentence=f"Since {day(seen.start)}, {found.observed:,} leads {ENDED[name]} where the model expected "
        f"{found.expected:,.0f}: {ratio:.2f} times as many ({found.low or 0.0:.2f}–{found.high or 0.0:.2f}).",
        to_do="Retrain: leads end otherwise than those learned from. Look first whether the CRM notes ends "
        "as it did.",
    )


def _ranked(name: str, found: Ends, slope: float, seen: Stretch) -> Check:
    told = "score" if name == "won" else "stop risk"
    return Check(
        code=f"{name.upper()}_RANKING",
        of=name,
        measured=slope,
        required=SLOPE,
        beyond=slope <= SLOPE,
        p=found.slope_p,
        raised="act",
        action="retrain",
        sentence=f"Of the differences between leads that the {told} tells, {share(max(slope, 0.0))} showed "
        f"in who {ENDED[name]} since {day(seen.start)}; 100 % where it holds.",
        to_do=f"Retrain: the {told} no longer tells leads apart as it did.",
    )


def of_what_came_true(seen: Realised) -> Iterator[Check | Finding]:
    """Ask whether the model still tells leads apart as well as when it was judged."""
    needed = of_realised.FEWEST
    if seen.leads < needed:
        followed = counted(seen.leads, "lead")
        sentence = (
            f"How well the score did is not known yet: {followed} created since the model's data end could "
            f"be followed for a whole horizon, and telling takes {needed}."
        )
        first = "" if seen.leads else f" The first can be on {day(seen.known_from)}."
        yield too_few("REALISED", sentence + first, float(seen.leads), float(needed))
    for name, skill in seen.by_end.items():
        yield from _fallen(name, skill, seen.leads)


def _fallen(name: str, skill: Skill, leads: int) -> Iterator[Check]:
    then, now = skill.judged.get("auc"), skill.figures["auc"].value
    if then is None or then.value is None or now is None or np.isnan(skill.p):
        return
    yield Check(
        code="SKILL_FELL",
        of=name,
        measured=now,
        required=then.value - FALL,
        beyond=now <= then.value - FALL,
        p=skill.p,
        raised="act",
        action="retrain",
        sentence=f"Among {leads:,} leads followed for a whole horizon since the model's data end, the score "
        f"of leads just come put one that was won before another {share(now)} of the time; when it was "
        f"judged, {share(then.value)}.",
        to_do="Retrain: the score no longer tells leads apart as well as it did.",
    )


def of_hand_overs(seen: Cried) -> Iterator[Check | Finding]:
    """Ask whether the agreement cries wolf oftener than it did."""
    then = None if seen.then is None else seen.then.rate.value
    now = None if seen.now is None else seen.now.rate.value
    if then is None or now is None or np.isnan(seen.p):
        yield too_few(
            "CRY_WOLF",
            "Too few to tell whether the agreement cries wolf oftener: it takes "
            f"{of_realised.FEWEST_EACH_WAY} sales and stops within a whole horizon after its hand-overs, "
            "both before the model's data end and since.",
        )
        return
    yield Check(
        code="CRY_WOLF_ROSE",
        of="",
        measured=now,
        required=then + CRY_WOLF,
        beyond=now - then >= CRY_WOLF,
        p=seen.p,
        raised="note",
        action="agreement",
        sentence="Of the leads that the agreement would have handed over since the model's data end, and "
        f"that bought or told us to stop, {share(now)} told us to stop; before it was {share(then)}.",
        to_do="Look at the agreement: `readiness agreement backtest` says where it cries wolf.",
    )
