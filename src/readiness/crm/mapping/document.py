"""What a mapping may say: which files there are, and where each column of our tables comes from."""

from __future__ import annotations

import datetime as dt
from collections import abc
from typing import Annotated, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from readiness.crm.contract import CONTRACT
from readiness.crm.records import instant
from readiness.crm.sources.layout import Format
from readiness.yaml_document import Contradiction

AUTO: Final = "auto"
"""To be found out in the file itself."""

EVENTS: Final = ("activities", "answers", "outcomes", "handovers")


def _as_text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else value


def _as_column(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("a time zone by its IANA name, such as Europe/Ljubljana") from error
    return zone


def _known_instant(when: str) -> str:
    try:
        instant(when)
    except ValueError as error:
        raise ValueError("an instant such as 2026-03-14T09:00:00Z, or a date in quotes") from error
    return when


def _readable_encoding(encoding: str) -> str:
    if encoding == AUTO:
        return encoding
    try:
        "".encode(encoding)
    except LookupError as error:
        raise ValueError("an encoding such as utf-8, latin-1 or cp1252") from error
    return encoding


def _one_sign(sign: str) -> str:
    if sign != AUTO and (len(sign) != 1 or not sign.isascii() or sign in "\r\n"):
        raise ValueError("one character such as `;`, or leave it out")
    return sign


Word: TypeAlias = Annotated[str, BeforeValidator(_as_text)]
"""A word as it stands in a file; 999 and "999" are the same."""

Reason: TypeAlias = Annotated[str, Field(min_length=1)]
Zone: TypeAlias = Annotated[str, AfterValidator(_known_zone)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class File(_Part):
    """One file of the export, and how it is written."""

    path: str = Field(min_length=1)
    """Its name or a pattern, such as ``leads*.csv``, within the folder given."""
    format: Format | None = None
    """By default told by the ending: .xlsx .xls .ods, .parquet, .jsonl .ndjson .json; all others are csv."""
    separator: Annotated[str, AfterValidator(_one_sign)] = AUTO
    """One character; ``auto``: found in the first lines among comma, semicolon, tab and vertical bar."""
    encoding: Annotated[str, AfterValidator(_readable_encoding)] = AUTO
    """``auto``: what the file's mark says, else UTF-8; anything else is refused until it is stated."""
    quote: Annotated[str, AfterValidator(_one_sign)] | None = None
    """By default the double quote, unless the header stands in single ones."""
    skip_rows: int = Field(default=0, ge=0)
    """Lines before the header, such as a report's title."""
    sheet: str | None = None
    """Of a workbook; by default the first one."""
    missing: tuple[Word, ...] = ()
    """Words that stand for nothing, in any column; an empty cell always does."""
    dates: tuple[str, ...] = ()
    """How instants are written, in the letters of strptime; ISO 8601 is always understood."""
    zone: Zone | None = None
    """The zone of times that name none."""
    decimal: Literal[".", ","] = "."
    """The decimal sign of numbers; the other one is taken to group thousands."""


class Column(_Part):
    """Where a column of ours comes from, and how its cells are translated."""

    column: str | None = None
    constant: Word | None = None
    values: abc.Mapping[Word, Word | None] = Field(default_factory=dict)
    """Their word to ours; null: the cell says nothing. A word that is not here stays as it is."""
    missing: tuple[Word, ...] = ()
    dates: tuple[str, ...] = ()
    zone: Zone | None = None
    plus_days: float = Field(default=0, allow_inf_nan=False)
    """Days to add to an instant: a record kept so long after its creation."""

    @model_validator(mode="after")
    def _from_one_place(self) -> Column:
        if (self.column is None) == (self.constant is None):
            raise ValueError("either `column` or `constant`")
        return self


ColumnOrName: TypeAlias = Annotated[Column, BeforeValidator(_as_column)]


class Join(_Part):
    """Columns of another file that belong to a lead, found by a key they share."""

    file: str
    on: str
    """The key's column in what has been read so far, and in the file unless ``key`` says otherwise."""
    key: str | None = None
    exclude: abc.Mapping[str, Reason] = Field(default_factory=dict)
    """Columns that are not taken over, each with the reason."""


class LeadsFeed(_Part):
    """Where the leads come from: one row of a file, one lead."""

    file: str
    columns: abc.Mapping[str, ColumnOrName]
    join: tuple[Join, ...] = ()
    attributes: abc.Mapping[str, ColumnOrName] = Field(default_factory=dict)
    """Attributes whose cells are translated or that get another name."""
    others: Literal["keep", "drop"] = "keep"
    """Whether all further columns become attributes under their own names."""
    exclude: abc.Mapping[str, Reason] = Field(default_factory=dict)
    """Columns that must not become attributes, each with the reason."""


class Feed(_Part):
    """Where rows of another table come from."""

    file: str
    columns: abc.Mapping[str, ColumnOrName]


class Mapping(_Part):
    """How one CRM's export becomes our tables."""

    name: str = Field(min_length=1)
    about: str = ""
    observed_through: Annotated[Word, AfterValidator(_known_instant)] | None = None
    """Until when the CRM was watched, a date with that day; by default until the newest instant there is."""
    files: abc.Mapping[str, File] = Field(min_length=1)
    leads: LeadsFeed
    activities: tuple[Feed, ...] = ()
    answers: tuple[Feed, ...] = ()
    outcomes: tuple[Feed, ...] = ()
    handovers: tuple[Feed, ...] = ()

    def feeds(self, table: str) -> tuple[Feed, ...]:
        """Return where the rows of one of the event tables come from."""
        feeds: tuple[Feed, ...] = getattr(self, table)
        return feeds


def contradictions(mapping: Mapping) -> abc.Iterator[Contradiction]:
    """Return what does not fit together in a mapping whose parts are each right."""
    yield from _unknown_files(mapping)
    yield from _unknown_columns(mapping)
    yield from _unlinked(mapping)


def _feeds(mapping: Mapping) -> abc.Iterator[tuple[str, tuple[int | str, ...], Feed]]:
    for table in EVENTS:
        for number, feed in enumerate(mapping.feeds(table)):
            yield table, (table, number), feed


def _unknown_files(mapping: Mapping) -> abc.Iterator[Contradiction]:
    used: list[tuple[tuple[int | str, ...], str]] = [(("leads", "file"), mapping.leads.file)]
    used += [(("leads", "join", number, "file"), join.file) for number, join in enumerate(mapping.leads.join)]
    used += [((*loc, "file"), feed.file) for _, loc, feed in _feeds(mapping)]
    for where, file in used:
        if file not in mapping.files:
            known = ", ".join(mapping.files)
            yield Contradiction(where, repr(file), f"one of the files ({known})", "Add it to `files`.")


def _unknown_columns(mapping: Mapping) -> abc.Iterator[Contradiction]:
    entries: list[tuple[str, tuple[int | str, ...], abc.Mapping[str, Column]]]
    entries = [("leads", ("leads",), mapping.leads.columns)]
    entries += [(table, loc, feed.columns) for table, loc, feed in _feeds(mapping)]
    without_ids = "lead_id" not in mapping.leads.columns
    for table, loc, columns in entries:
        known = CONTRACT[table]
        for name in (name for name in columns if name not in known.all):
            remedy = "Put it under `attributes`." if table == "leads" else "Remove it."
            yield Contradiction((*loc, "columns", name), repr(name), f"one of {', '.join(known.all)}", remedy)
        for name in (name for name in known.required if name not in columns):
            if not (name == "lead_id" and without_ids):
                yield Contradiction(
                    (*loc, "columns"), "nothing", f"the column `{name}`", "Say where it comes from."
                )
    for name in mapping.leads.attributes:
        if name in CONTRACT["leads"].all:
            where = ("leads", "attributes", name)
            yield Contradiction(
                where, repr(name), "a name that is no column of ours", "Put it under `columns`."
            )


def _unlinked(mapping: Mapping) -> abc.Iterator[Contradiction]:
    if "lead_id" in mapping.leads.columns:
        return
    for _, loc, feed in _feeds(mapping):
        if feed.file != mapping.leads.file or "lead_id" in feed.columns:
            expected = f"rows of `{mapping.leads.file}`, without lead_id, because the leads have no lead_id"
            yield Contradiction((*loc, "file"), repr(feed.file), expected, "Give leads.columns a `lead_id`.")
