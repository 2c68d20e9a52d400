"""The words of a mapping: what may stand where a text stands, checked as it is read."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator

from readiness.crm.mapping.expressions import Expression
from readiness.crm.records import instant

AUTO: Final = "auto"
"""To be found out in the file itself."""


def _as_text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else value


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("a time zone by its IANA name, such as Europe/Ljubljana") from error
    return zone


def _known_region(region: str) -> str:
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("a country by its two letters, such as US or SI")
    return region


def known_instant(when: str) -> str:
    """Return the text of an instant or a date, or say what was expected."""
    try:
        instant(when)
    except ValueError as error:
        raise ValueError("an instant such as 2026-03-14T09:00:00Z, or a date in quotes") from error
    return when


def readable_encoding(encoding: str) -> str:
    """Return the name of an encoding, or say what was expected."""
    if encoding == AUTO:
        return encoding
    try:
        "".encode(encoding)
    except LookupError as error:
        raise ValueError("an encoding such as utf-8, latin-1 or cp1252") from error
    return encoding


def one_sign(sign: str) -> str:
    """Return a sign that stands between or around cells, or say what was expected."""
    if sign != AUTO and (len(sign) != 1 or not sign.isascii() or sign in "\r\n"):
        raise ValueError("one character such as `;`, or leave it out")
    return sign


def _expression(written: object) -> Expression:
    if isinstance(written, Expression):
        return written
    # YAML reads a bare number or true as such; here they are what is written.
    text = "True" if written is True else "False" if written is False else str(written)
    if isinstance(written, dict | list) or written is None:
        raise ValueError("an expression, such as lower(trim(email))")
    try:
        return Expression.parse(text)
    except ValueError as error:
        raise ValueError(f"an expression that can be read: {error}") from None


def _condition(expression: Expression) -> Expression:
    if expression.kind != "truth":
        raise ValueError('a condition, such as status == "Completed" or not missing(status)')
    return expression


def _written(expression: Expression) -> str:
    return expression.text


Word: TypeAlias = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | float | bool)]
"""A word as it stands in a file; 999 and "999" are the same."""

Reason: TypeAlias = Annotated[str, Field(min_length=1)]
Zone: TypeAlias = Annotated[str, AfterValidator(_known_zone)]
Region: TypeAlias = Annotated[str, AfterValidator(_known_region)]

Derived: TypeAlias = Annotated[
    Expression,
    PlainValidator(_expression, json_schema_input_type=str),
    PlainSerializer(_written, return_type=str),
]
"""A value computed from columns: see `expressions`."""

Condition: TypeAlias = Annotated[Derived, AfterValidator(_condition)]
"""An expression that is true or not."""
