"""When a value that the CRM kept counts: conditions on values, and evidence read from them."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Annotated, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from readiness.crm.stated import number_in
from readiness.crm.tables import Floats

Signs: TypeAlias = NDArray[np.int8]

UNKNOWN: Final = -1
NOT_MET: Final = 0
MET: Final = 1
"""A condition is met, not met or unknown; unknown is never "not met"."""


def fold(text: str) -> str:
    """Return the text as agreements compare it: without case, without blanks around it.

    >>> fold(" Web_Form ")
    'web_form'
    """
    return text.strip().casefold()


@lru_cache(maxsize=4_096)
def folded_name(name: str) -> str:
    """Return `fold` of a column's, field's or type's name: each CRM has its few hundred, time and again.

    Never of a value, which may be somebody's.
    """
    return fold(name)


def first_that_holds(conditions: Sequence[NDArray[np.bool_]]) -> Signs:
    """Return the position of the first condition that holds for each of n rows; their number where none does.

    Parameters
    ----------
    conditions : at least one and at most 127, of n rows each
    """
    if len(conditions[0]) == 1:
        held = (position for position, condition in enumerate(conditions) if condition[0])
        return np.array([next(held, len(conditions))], dtype=np.int8)
    first = np.full(len(conditions[0]), len(conditions), dtype=np.int8)
    for position in range(len(conditions) - 1, -1, -1):
        np.copyto(first, np.int8(position), where=conditions[position])
    return first


def _word(value: object) -> object:
    # YAML reads a bare yes, 5 or 2026-01-01 as something else than the text that the CRM holds.
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


Word: TypeAlias = Annotated[
    str, BeforeValidator(_word, json_schema_input_type=str | float | bool), Field(min_length=1)
]
OneZero: Final = AfterValidator(lambda value: value + 0.0)
"""Makes -0.0 into 0.0: equal agreements have one fingerprint."""

Number: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False), OneZero]
Share: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1), OneZero]
Positive: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
Days: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=36_500)]
Text: TypeAlias = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """A part of the agreement: it cannot be changed, and refuses keys that it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True
    )


class Condition(Part):
    """What a value must be: a number in a range, one of some words, or a text with a pattern in it.

    Any form that matches will do. Words and patterns do not mind case; a pattern may stand anywhere in
    the text. A text that is no number leaves a range open: it is unknown, not "no".
    """

    at_least: Number | None = None
    """The value is a number, and this or more."""
    at_most: Number | None = None
    """The value is a number, and this or less."""
    any_of: tuple[Word, ...] = ()
    """The value is one of these words; upper and lower case do not matter."""
    pattern: str | None = None
    """The value contains this regular expression; upper and lower case do not matter."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(
                f"no number is at least {self.at_least:g} and at most {self.at_most:g}; swap the two"
            )
        if self.pattern is not None:
            _refuse_unreadable(self.pattern)
        return self

    @property
    def stated(self) -> bool:
        """Whether the condition asks for anything."""
        return self.ranged or bool(self.any_of) or self.pattern is not None

    @property
    def ranged(self) -> bool:
        """Whether the condition asks for a number in a range."""
        return self.at_least is not None or self.at_most is not None

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(fold(word) for word in self.any_of)

    @cached_property
    def _numbers(self) -> tuple[float, ...]:
        return tuple(value for word in self.any_of if (value := number_in(word)) is not None)

    @cached_property
    def _search(self) -> re.Pattern[str] | None:
        return None if self.pattern is None else re.compile(self.pattern, re.IGNORECASE)

    def judge(self, text: str) -> int:
        """Say of a text whether it is what was asked for: MET, NOT_MET or UNKNOWN."""
        if fold(text) in self._words or (self._search is not None and self._search.search(text)):
            return MET
        if self.ranged or self._numbers:
            value = number_in(text)
            if value is not None:
                return int(self.judge_numbers(np.array([value]))[0])
        only_ranged = not self.any_of and self._search is None
        return UNKNOWN if only_ranged else NOT_MET

    def judge_numbers(self, values: Floats) -> Signs:
        """Say the same of a column of numbers; NaN, and any number under a mere pattern, is UNKNOWN."""
        known = ~np.isnan(values)
        met = np.zeros(values.shape, dtype=np.bool_)
        if self.ranged:
            low = -np.inf if self.at_least is None else self.at_least
            high = np.inf if self.at_most is None else self.at_most
            met |= (values >= low) & (values <= high)
        for value in self._numbers:
            met |= values == value
        if not self.ranged and not self.any_of:
            known &= met
        return np.where(known, met.astype(np.int8), np.int8(UNKNOWN)).astype(np.int8)

    def in_words(self, text: str) -> str:
        """Say what is asked for, so that it can follow "must be": of a number the range, else the words."""
        low, high = self.at_least, self.at_most
        if self.ranged and number_in(text) is not None:
            parts = [f"at least {low:g}"] if low is not None else []
            parts += [f"at most {high:g}"] if high is not None else []
            return " and ".join(parts)
        words = [*self.any_of, *([f"something with “{self.pattern}” in it"] if self.pattern else [])]
        return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _refuse_unreadable(pattern: str) -> None:
    try:
        with warnings.catch_warnings():
            # What Python may one day read otherwise would then mean something else in a signed document.
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(
            f"the pattern is no regular expression ({error}); put a \\ before signs like ( or +"
        ) from None


class Evidence(Condition):
    """Something the CRM may hold that proves a point: a value under some name, or an activity.

    ``reads`` names answer fields and lead attributes: the newest answer to any of them counts, and
    where there is none the first attribute that is known. ``activities`` names activity types:
    the newest one counts. After ``lasts_days`` it proves nothing more; without it, it always does.
    """

    reads: tuple[Word, ...] = ()
    """Names of answers and lead columns: the newest answer counts, else the first column that says one."""
    activities: tuple[Word, ...] = ()
    """Instead of `reads`: kinds of activity; the newest one counts."""
    lasts_days: Days | None = None
    """For how long it stays true; without it, for good."""
    says: Text | None = None
    """How to say it; ``{value}`` stands for the lead's own value."""

    @cached_property
    def folded_reads(self) -> tuple[str, ...]:
        """The names to read, folded."""
        return tuple(map(fold, self.reads))

    @cached_property
    def folded_activities(self) -> tuple[str, ...]:
        """The activity types, folded."""
        return tuple(map(fold, self.activities))

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        if bool(self.reads) == bool(self.activities):
            raise ValueError("evidence needs either `reads` (answers, attributes) or `activities`, not both")
        if self.reads and not self.stated:
            raise ValueError("say which values count: add `any_of`, `at_least`, `at_most` or `pattern`")
        if self.activities and self.stated:
            raise ValueError("an activity has no value to compare; remove the condition or use `reads`")
        return self
