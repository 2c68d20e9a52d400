"""Which features there are, in which order, and what each of them means; stored with the model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias

from readiness.errors import ModelError

FeatureKind: TypeAlias = Literal["number", "category"]

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the matrix that the model reads.

    Parameters
    ----------
    name : str
        Unique in its plan.
    kind : "number" or "category"
        A number may be NaN: missing. A category holds codes: the position in ``levels``;
        ``len(levels)`` for a value that is not among them; one more for a missing one.
    group : str
        What a person recognises: the one behaviour or attribute that it tells of.
    measure : str
        What is measured, in the words of the module that measures it.
    of : str
        The activity type, answer field or lead column measured; empty where it is none in particular.
    direction : str
        "inbound", "outbound", or empty where it does not matter.
    days : float, optional
        The length of the window or the half-life; none: ever.
    levels : tuple of str
        The categories, sorted; each was shared by at least the plan's ``min_leads`` leads.
    low, high : float, optional
        Of a number that leads state: beyond these hardly any lead lay (`levels.usual_range`). None
        where nothing is said of it, and in plans that older versions wrote.
    """

    name: str
    kind: FeatureKind
    group: str
    measure: str
    of: str = ""
    direction: str = ""
    days: float | None = None
    levels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def unseen(self) -> int:
        """The code of a category that is not among the levels."""
        return len(self.levels)

    @property
    def missing(self) -> int:
        """The code of a missing category."""
        return len(self.levels) + 1


@dataclass(frozen=True, slots=True)
class FeaturePlan:
    """The features in their order, and what was known when they were chosen.

    Parameters
    ----------
    features : tuple of Feature
    min_leads : int
        No level, activity type or answer field is named that fewer leads shared.
    columns : tuple of str
        Every lead attribute there was and nobody excluded, also those that became no feature; sorted.
    expected : tuple of str
        Lead columns that were nearly always filled, ``source`` among them; sorted.
    excluded : tuple of str
        What was asked to be left out; sorted.
    """

    features: tuple[Feature, ...]
    min_leads: int
    columns: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The features' names, in order."""
    groups: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The groups, in the order of their first feature."""
    _columns: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked for at every scoring, so worked out once.
        setting = object.__setattr__
        setting(self, "names", tuple(feature.name for feature in self.features))
        columns: dict[str, list[int]] = {}
        for column, feature in enumerate(self.features):
            columns.setdefault(feature.group, []).append(column)
        setting(self, "groups", tuple(columns))
        setting(self, "_columns", tuple(map(tuple, columns.values())))
        known = (self.features, self.min_leads, self.columns, self.expected, self.excluded)
        setting(self, "_hash", hash(known))

    def __hash__(self) -> int:
        return self._hash

    def __len__(self) -> int:
        return len(self.features)

    def group_columns(self) -> dict[str, tuple[int, ...]]:
        """Return which columns of the matrix belong to each group."""
        return dict(zip(self.groups, self._columns, strict=True))

    def to_json(self) -> str:
        """Write the plan as JSON; the same plan always gives the same text."""
        content = {
            "format": _FORMAT,
            "min_leads": self.min_leads,
            "columns": self.columns,
            "expected": self.expected,
            "excluded": self.excluded,
            "features": [_entry(feature) for feature in self.features],
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> FeaturePlan:
        """Read a plan that `to_json` wrote.

        Raises
        ------
        ModelError
            If the text is not such a plan, or is of a format that this version does not know.
        """
        try:
            content = json.loads(text)
            if content["format"] != _FORMAT:
                raise ModelError(
                    f"The feature plan has format {content['format']!r}; this version reads format "
                    f"{_FORMAT}. Train again, or use the version that wrote it."
                )
            return cls(
                features=tuple(_feature(entry) for entry in content["features"]),
                min_leads=int(content["min_leads"]),
                columns=tuple(content["columns"]),
                expected=tuple(content["expected"]),
                excluded=tuple(content["excluded"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"The feature plan cannot be read: {error!r}. Train again.") from error


def _entry(feature: Feature) -> dict[str, Any]:
    unsaid = {"low", "high"} if feature.low is None else set()
    return {key: value for key, value in asdict(feature).items() if key not in unsaid}


def _feature(entry: dict[str, Any]) -> Feature:
    return Feature(**{**entry, "levels": tuple(entry["levels"])})


def assemble(
    features: Iterable[Feature],
    *,
    min_leads: int,
    columns: Sequence[str],
    expected: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> FeaturePlan:
    """Put features into a plan: give clashing names and groups a number, leave out what was excluded.

    A feature is left out if its name, its group, or what it is measured of is excluded. A column and the
    later answers to the same question are one attribute: the answers join the column's group, and what
    is said of its numbers is said of theirs.
    """
    named: set[str] = set()
    owner: dict[str, tuple[str, str, str]] = {}
    columns_kept: dict[str, Feature] = {}
    kept: list[Feature] = []
    unwanted = set(exclude)
    gone = set(exclude)
    for feature in features:
        name = _free(feature.name, named)
        named.add(name)
        joined = columns_kept.get(feature.of) if feature.measure.startswith("answer:") else None
        group = joined.group if joined else _free_group(feature, owner)
        if unwanted.isdisjoint({name, group, feature.of}):
            placed = replace(feature, name=name, group=group)
            if joined and feature.measure == "answer:number":
                placed = replace(placed, low=joined.low, high=joined.high)
            kept.append(placed)
            if feature.measure.startswith("attribute:"):
                columns_kept[feature.of] = placed
        else:
            gone.add(feature.of)
    return FeaturePlan(
        tuple(kept),
        min_leads,
        columns=tuple(sorted(set(columns) - gone)),
        expected=tuple(sorted(set(expected) - gone)),
        excluded=tuple(sorted(unwanted)),
    )


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name}_{number}"
        number += 1
    return free


def _free_group(feature: Feature, owner: dict[str, tuple[str, str, str]]) -> str:
    number, group = 2, feature.group
    while owner.setdefault(group, _behaviour(feature)) != _behaviour(feature):
        group = f"{feature.group} {number}"
        number += 1
    return group


def _behaviour(feature: Feature) -> tuple[str, str, str]:
    return feature.measure.partition(":")[0], feature.of, feature.direction
