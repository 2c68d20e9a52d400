"""What activities could be worth instead, and how fast that could fade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.agreement.conditions import fold
from readiness.agreement.document import PIECES, Agreement
from readiness.crm.records import INBOUND
from readiness.crm.tables import Floats
from readiness.hindsight.proposals import END, Edit, Option, amended
from readiness.hindsight.suggest_criteria import readable
from readiness.hindsight.suggest_evidence import Evidence, proven, tells
from readiness.hindsight.suggest_ladder import Looker
from readiness.hindsight.suggest_material import Material
from readiness.hindsight.suggest_options import told

HALF_LIFE: Final = "interest.half_life_days"

_HALF_LIVES: Final = (7.0, 14.0, 21.0, 30.0, 45.0, 60.0, 90.0)
_MORE: Final = (1.5, 2.0, 3.0)
_RECENT: Final = 0.5
"""Decayed to half: done within about one half-life."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of activity that leads do: what it is worth now, and what became of those who did it lately."""

    name: str
    points: float
    half_life_days: float
    cap_per_day: int
    says: str | None
    evidence: Evidence
    sure: bool


def kinds(material: Material, agreement: Agreement) -> list[Kind]:
    """Compare, for each kind of inbound activity, leads that did it lately with those that did not."""
    table = material.tables.activities
    seen = np.unique(table.type.codes[table.direction == INBOUND]).tolist()
    negative = {fold(name) for name in agreement.interest.negative}
    worths = {fold(name): (name, worth) for name, worth in agreement.interest.meaningful.items()}
    states = Looker(material.tables, material.states)
    names, found = [], []
    for code in seen:
        name = table.type.levels[code]
        if fold(name) in negative:
            continue
        name, worth = worths.get(fold(name), (name, None))
        half_life = (worth and worth.half_life_days) or agreement.interest.half_life_days
        cap = worth.cap_per_day if worth else 1
        lately = decayed(states, agreement, name, half_life, cap) >= _RECENT
        every = np.ones(len(lately), dtype=np.bool_)
        names.append((name, worth.points if worth else 0.0, half_life, cap, worth.says if worth else None))
        found.append(tells(lately, every, material.states_known, material.state_leads))
    return [
        Kind(*each, evidence, sure) for each, evidence, sure in zip(names, found, proven(found), strict=True)
    ]


def decayed(looker: Looker, agreement: Agreement, kind: str, half_life_days: float, cap: int) -> Floats:
    """Return what one kind of activity would add to interest if each were worth one point."""
    worth = {"points": 1.0, "half_life_days": half_life_days, "cap_per_day": cap}
    return _interest(
        looker, agreement, {"meaningful": {kind: worth}, "noise": [], "negative": {}, "shown_by": []}
    )


def _interest(looker: Looker, agreement: Agreement, terms: Mapping[str, Any]) -> Floats:
    """Return interest by other terms; all else of the agreement is left out, for none of it is asked."""
    nowhere = [{"reads": ["nothing that anybody records"], "any_of": ["anything"]}]
    bare = [
        Edit(("profile", "criteria"), [{"name": "nothing", "rank": "should", **nowhere[0]}]),
        *(Edit(("bant", piece), {"confirmed_by": nowhere}) for piece in PIECES),
        *(Edit(("stages", stage, "signifiers"), nowhere) for stage in ("consideration", "decision")),
        Edit(("near_timeframe",), nowhere),
        Edit(("questions",), []),
        Edit(("nurture", "tracks"), []),
    ]
    changed = amended(agreement, [*bare, *(Edit(("interest", name), value) for name, value in terms.items())])
    if changed is None:
        raise ValueError(f"interest with {', '.join(terms)} replaced is no interest; expected valid terms")
    return looker.interest(changed)


def options(
    agreement: Agreement, found: list[Kind], looker: Looker
) -> tuple[dict[str, list[Option]], dict[str, list[Floats]]]:
    """Return, by slot, what could be said of interest, and what each option adds to interest at each look.

    A kind of activity is offered more points only if it surely goes with sales rather than stops, and
    fewer only if it surely tells less than the others do: what merely fits chance is not offered.
    """
    offered: dict[str, list[Option]] = {}
    added: dict[str, list[Floats]] = {}
    middle = float(np.median([kind.evidence.times for kind in found if kind.points > 0] or [1.0]))
    relied_on = _relied_on(agreement)
    for kind in found:
        steps = [points for points in _points_of(kind, middle) if points or fold(kind.name) not in relied_on]
        if not steps:
            continue
        unit = decayed(looker, agreement, kind.name, kind.half_life_days, kind.cap_per_day)
        slot = f"interest.{kind.name}"
        offered[slot] = [_worth(agreement, kind, points, middle) for points in steps]
        added[slot] = [(points - kind.points) * unit for points in steps]
    now = _interest(looker, agreement, {})
    for days in _HALF_LIVES:
        if abs(np.log(days / agreement.interest.half_life_days)) > 0.2:
            offered.setdefault(HALF_LIFE, []).append(_half_life(agreement, days))
            added.setdefault(HALF_LIFE, []).append(
                _interest(looker, agreement, {"half_life_days": days}) - now
            )
    return offered, added


def _relied_on(agreement: Agreement) -> set[str]:
    """Return the kinds of activity that move a stage or prove a point of BANT: those are no noise."""
    stages = agreement.stages
    evidence = [*stages.consideration.signifiers, *stages.decision.signifiers, *stages.moves_back]
    for name in PIECES:
        piece = getattr(agreement.bant, name)
        evidence += [*piece.confirmed_by, *piece.denied_by]
    return {kind for each in evidence for kind in each.folded_activities}


def _points_of(kind: Kind, middle: float) -> Iterator[float]:
    if kind.evidence.enough and kind.points > 0:
        if kind.sure and kind.evidence.low > 1:
            yield from {readable(round(kind.points * step, 0 if kind.points >= 2 else 1)) for step in _MORE}
        if kind.evidence.high < middle:
            yield from {0.0, readable(round(kind.points / 2, 0 if kind.points >= 4 else 1))}
    elif kind.sure and kind.evidence.low > 1:
        yield from (2.0, 5.0, 10.0)


def _worth(agreement: Agreement, kind: Kind, points: float, middle: float) -> Option:
    way = ("interest", "meaningful", kind.name)
    noise = next((each for each in agreement.interest.noise if fold(each) == fold(kind.name)), None)
    because = told(kind.evidence, "leads that did it lately")
    if points < kind.points:
        because += f"; half of the other activities tell more than {middle:.2g} times"
    if points == 0:
        edits = (Edit(way, None), Edit(("interest", "noise", END), kind.name))
        return Option(
            f"interest.{kind.name}", edits, f"`{kind.name}`: noise instead of {kind.points:g} points", because
        )
    if kind.points > 0:
        says = f"`{kind.name}`: {kind.points:g} → {points:g} points"
        return Option(f"interest.{kind.name}", (Edit((*way, "points"), points),), says, because)
    moved = () if noise is None else (Edit(("interest", "noise", noise), None),)
    says = f"`{kind.name}`: {points:g} points instead of {'noise' if noise else 'nothing'}"
    return Option(f"interest.{kind.name}", (*moved, Edit(way, {"points": points})), says, because)


def _half_life(agreement: Agreement, days: float) -> Option:
    return Option(
        HALF_LIFE,
        (Edit(("interest", "half_life_days"), days),),
        f"`half_life_days` of interest: {agreement.interest.half_life_days:g} → {days:g}",
        "",
    )
