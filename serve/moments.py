"""A moment as a request writes it: a time with its zone, or a date without time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from readiness.crm.records import Instant, instant, iso

_WRITTEN: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}(?P<time>T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(?P<zone>Z|[+-]\d{2}:\d{2})?)?", re.ASCII
)
EARLIEST: Final[Instant] = -2_208_988_800_000_000
LATEST: Final[Instant] = 7_258_118_400_000_000
"""1900 and 2200: outside them lies a spreadsheet's placeholder, not a thing that happened."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, and whether only its date was given; then it is the end of that day in UTC."""

    instant: Instant
    date_only: bool


def read(written: object) -> Moment:
    """Read a moment; a date without time is the end of that day in UTC.

    Raises
    ------
    PydanticCustomError
        If it is no text, no ISO 8601 date or time, has a time without a zone, or lies outside 1900-2200.
    """
    if not isinstance(written, str) or (shape := _WRITTEN.fullmatch(written)) is None:
        raise PydanticCustomError(
            "readiness_moment", "This must be an ISO 8601 text such as 2026-03-14T09:00:00Z or 2026-03-14."
        )
    if shape["time"] and not shape["zone"]:
        raise PydanticCustomError(
            "readiness_moment_zone",
            "This has a time but no zone; end it with Z if it is UTC, or with +02:00.",
        )
    try:
        when = instant(written)
    except ValueError:
        raise PydanticCustomError("readiness_moment", "There is no such date or time.") from None
    if not EARLIEST <= when < LATEST:
        raise PydanticCustomError("readiness_moment_range", "This must lie between the years 1900 and 2200.")
    return Moment(when, date_only=shape["time"] is None)


def _date(moment: Moment) -> str:
    return (iso(moment.instant) or "")[:10]


MomentField: TypeAlias = Annotated[
    Moment,
    PlainValidator(read),
    # A number is an instant, a text the end of a day: times as people write them take too long to write.
    PlainSerializer(
        lambda moment: _date(moment) if moment.date_only else moment.instant, return_type=int | str
    ),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
    ),
]
