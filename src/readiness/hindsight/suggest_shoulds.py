"""Shoulds of the profile: what tells sales from stops unasked, and what is asked for and tells nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import numpy as np

from readiness.agreement.conditions import fold
from readiness.agreement.document import PIECES, Agreement
from readiness.hindsight.proposals import END, Edit, Option, listed
from readiness.hindsight.suggest_criteria import Trait, readable
from readiness.hindsight.suggest_evidence import Evidence
from readiness.hindsight.suggest_options import told

_KNOWN_OF_MOST: Final = 0.8
"""Of so many leads a new should has to be known: else it would only make fit harder to know."""

_NOTHING_MUCH: Final = 1.25
"""A should that surely makes less than a quarter's difference tells nothing worth a question."""

_TWICE: Final = 2.0
"""A weight is worth changing if it should be twice as much, or half."""


def shoulds(
    agreement: Agreement, traits: Sequence[Trait], failing: Mapping[str, Evidence]
) -> Iterator[Option]:
    """Offer shoulds that history asks for, to drop those that tell nothing, and to reweigh the others.

    A should decides no hand-over by itself: it counts in the share of the profile that a lead meets, and on
    the points card.
    """
    yield from _new(agreement, traits)
    yield from _dropped(agreement, failing)
    yield from _reweighed(agreement, failing)


def _new(agreement: Agreement, traits: Sequence[Trait]) -> Iterator[Option]:
    read = {fold(word) for criterion in agreement.profile.criteria for word in criterion.reads}
    names = {fold(criterion.name) for criterion in agreement.profile.criteria} | set(PIECES)
    good = [
        trait
        for trait in traits
        if trait.sure
        and trait.evidence.low > 1
        and trait.known >= _KNOWN_OF_MOST
        and "any_of" in trait.condition
    ]
    for field, group in groupby(good, key=lambda trait: trait.field):
        name, found = field.replace("_", " "), list(group)
        if fold(field) in read | {"source"} or fold(name) in names:
            continue
        words = [word for trait in found for word in trait.condition["any_of"]]
        criterion = {"name": name, "rank": "should", "reads": [field], "any_of": words}
        best = found[int(np.argmax([trait.evidence.leads for trait in found]))]
        yield Option(
            f"profile.{name}",
            (Edit(("profile", "criteria", END), criterion),),
            f"new should `{name}`: `{field}` is {listed(words)}",
            told(best.evidence, f"leads with “{best.condition['any_of'][0]}”"),
        )


def _dropped(agreement: Agreement, failing: Mapping[str, Evidence]) -> Iterator[Option]:
    missing = {fold(name) for track in agreement.nurture.tracks for name in track.missing}
    for criterion in agreement.profile.criteria:
        found = failing[criterion.name]
        if criterion.rank != "should" or not found.enough or fold(criterion.name) in missing:
            continue
        nothing = found.low > 1 / _NOTHING_MUCH and found.high < _NOTHING_MUCH
        if nothing or found.low > 1:
            name = criterion.name
            edits = (Edit(("profile", "criteria", name), None), Edit(("questions", name), None))
            yield Option(
                f"profile.{name}",
                edits,
                f"`{name}`: no longer a should",
                told(found, "leads that do not meet it"),
            )


def _reweighed(agreement: Agreement, failing: Mapping[str, Evidence]) -> Iterator[Option]:
    telling = [
        criterion
        for criterion in agreement.profile.criteria
        if criterion.rank == "should" and failing[criterion.name].enough and failing[criterion.name].high < 1
    ]
    strength = {criterion.name: -np.log(failing[criterion.name].times) for criterion in telling}
    unit = sum(criterion.weight for criterion in telling) / max(sum(strength.values()), 1e-9)
    for criterion in telling:
        weight = readable(float(round(2 * unit * strength[criterion.name]) / 2)) or 0.5
        if max(weight / criterion.weight, criterion.weight / weight) >= _TWICE:
            yield Option(
                f"profile.{criterion.name}",
                (Edit(("profile", "criteria", criterion.name, "weight"), weight),),
                f"`{criterion.name}`: weight {criterion.weight:g} → {weight:g}",
                told(failing[criterion.name], "leads that do not meet it"),
            )
