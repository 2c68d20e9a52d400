"""Which settings of the learner may be turned, how far, and where each stands by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from readiness.learning.defaults import DATED_RATE, UNDATED_RATE
from readiness.learning.incidence import IncidenceModel


@dataclass(frozen=True, slots=True)
class Range:
    """A number between two others, tried by ratios; ``whole`` numbers only where asked."""

    name: str
    low: float
    high: float
    default: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few options."""

    name: str
    options: tuple[Any, ...]
    default: Any


Knob: TypeAlias = Range | Choice

_SAID: Final = {
    "leaves": "leaves of a tree",
    "learning_rate": "learning rate",
    "min_leaf": "person-periods in a leaf",
    "feature_fraction": "share of features a tree reads",
    "ridge": "ridge on leaves",
    "path_smooth": "smoothing to the parent",
    "category_ridge": "ridge on categories",
    "intervals": "intervals of time",
    "quiet_rows": "quiet rows",
}


def knobs_of(recipe: IncidenceModel, *, dated: bool) -> tuple[Knob, ...]:
    """Return what may be turned; the recipe's own settings are the defaults, and always within range.

    Rounds, the logistic member's penalty and the members' weights are not among them: every fit finds
    those by itself.
    """
    rate = recipe.learning_rate or (DATED_RATE if dated else UNDATED_RATE)
    sizes: tuple[Any, ...] = ((4,), (8,), (16,), (31,)) if dated else ((4,), (8,), (16,), (8, 16), (16, 31))
    always: tuple[Knob, ...] = (
        _choice("leaves", sizes, recipe.leaves),
        _range("learning_rate", 0.02, 0.2, rate),
        _range("min_leaf", 5, 200, recipe.min_leaf, whole=True),
        _range("feature_fraction", 0.2, 1.0, recipe.feature_fraction),
        _range("ridge", 0.1, 100.0, recipe.ridge),
        _range("path_smooth", 0.1, 100.0, recipe.path_smooth),
        _range("category_ridge", 1.0, 100.0, recipe.category_ridge),
    )
    if not dated:
        return always
    return (
        *always,
        _choice("intervals", (6, 8, 10, 12, 16), recipe.intervals),
        _choice("quiet_rows", (10_000, 30_000, 100_000), recipe.quiet_rows),
    )


def _range(name: str, low: float, high: float, default: float, *, whole: bool = False) -> Range:
    return Range(name, min(low, default), max(high, default), default, whole)


def _choice(name: str, options: tuple[Any, ...], default: object) -> Choice:
    return Choice(name, options if default in options else (*options, default), default)


def turned(knobs: tuple[Knob, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that are other than the defaults; none for the defaults themselves."""
    return {knob.name: values[knob.name] for knob in knobs if values[knob.name] != knob.default}


def in_words(settings: Mapping[str, Any]) -> str:
    """Say settings as a person reads them.

    >>> in_words({"leaves": (8, 16), "learning_rate": 0.0512345})
    'leaves of a tree 8 and 16, learning rate 0.0512'
    """
    return ", ".join(f"{_SAID[name]} {_value(value)}" for name, value in settings.items())


def _value(value: object) -> str:
    if isinstance(value, tuple | list):
        return " and ".join(str(each) for each in value)
    return f"{value:.3g}" if isinstance(value, float) else f"{value:,}"
