"""A moment as a request writes it: a time with its zone, or a date without time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from readiness.crm.records import Instant, instant, iso
from readiness.crm.time_checks import EARLIEST, LATEST

_WRITTEN: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}(?P<time>T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(?P<zone>Z|[+-]\d{2}:\d{2})?)?", re.ASCII
)
_IN_YEARS: Final = r"^(199\d|2[01]\d{2})-\d{2}-\d{2}"
_AS_TIME: Final = _IN_YEARS + r"T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$"
"""What the document says a moment looks like; that there is such a day, no pattern can say."""

MOMENT_SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [
        {"type": "string", "format": "date-time", "pattern": _AS_TIME},
        {"type": "string", "format": "date", "pattern": _IN_YEARS + "$"},
    ]
}
"""A moment, as the OpenAPI document describes it."""


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
        If it is no text, no ISO 8601 date or time, has a time without a zone, or lies outside 1990-2199.
    """
    if not isinstance(written, str) or (shape := _WRITTEN.fullmatch(written)) is None:
        raise PydanticCustomError(
            "readiness_moment", "This must be an ISO 8601 text such as 2026-03-14T09:00:00Z or 2026-03-14."
        )
    time, zone = shape.group("time", "zone")
    if time and not zone:
        raise PydanticCustomError(
            "readiness_moment_zone",
            "This has a time but no zone; end it with Z if it is UTC, or with +02:00.",
        )
    try:
        when = instant(written)
    except ValueError:
        raise PydanticCustomError("readiness_moment", "There is no such date or time.") from None
    if not EARLIEST <= when < LATEST:
        raise PydanticCustomError(
            "readiness_moment_range",
            "This must lie between the years 1990 and 2199; leave it out if there is no date: software "
            "writes 1900-01-01, 1970-01-01 and 9999-12-31 for none.",
        )
    return Moment(when, date_only=time is None)


def _date(moment: Moment) -> str:
    return (iso(moment.instant) or "")[:10]


MomentField: TypeAlias = Annotated[
    Moment,
    PlainValidator(read),
    # A number is an instant, a text the end of a day: times as people write them take too long to write.
    PlainSerializer(
        lambda moment: _date(moment) if moment.date_only else moment.instant, return_type=int | str
    ),
    WithJsonSchema(MOMENT_SCHEMA),
]
