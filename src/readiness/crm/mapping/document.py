"""What a mapping may say: which files there are, and where each column of our tables comes from."""

from __future__ import annotations

from collections import abc
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    model_validator,
)

from readiness.crm.mapping.words import (
    AUTO,
    Condition,
    Derived,
    Reason,
    Region,
    Word,
    Zone,
    known_instant,
    one_sign,
    readable_encoding,
)
from readiness.crm.sources.layout import Format
from readiness.yaml_document import Places

EVENTS: Final = ("activities", "answers", "outcomes", "handovers")


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=False, use_attribute_docstrings=True
    )


class File(_Part):
    """One file of the export, and how it is written."""

    path: str = ""
    """Its name or a pattern, such as ``leads*.csv``, within the folder given, in these or other capitals; of
    several, with ``|`` between them, the first that is there."""
    table: str | None = Field(default=None, min_length=1)
    """Instead of a file: a table or view of the database that is named as a source, such as ``crm.leads``."""
    query: str | None = Field(default=None, min_length=1)
    """Instead of a file: one SELECT that the database named as a source answers."""
    format: Format | None = None
    """By default told by the ending: .xlsx .xls .ods, .parquet, .jsonl .ndjson .json; all others are csv."""
    separator: Annotated[str, AfterValidator(one_sign)] = AUTO
    """One character; ``auto``: found in the first lines among comma, semicolon, tab and vertical bar."""
    encoding: Annotated[str, AfterValidator(readable_encoding)] = AUTO
    """``auto``: what the file's mark says, else UTF-8; anything else is refused until it is stated."""
    quote: Annotated[str, AfterValidator(one_sign)] | None = None
    """By default the double quote, unless the header stands in single ones."""
    skip_rows: int = Field(default=0, ge=0)
    """Lines before the header, such as a report's title."""
    sheet: str | None = None
    """Of a workbook; by default the first one."""
    optional: bool = False
    """A file that is not there has no rows, instead of being a fault."""
    optional_columns: tuple[str, ...] = ()
    """Columns that the file may lack; their cells are missing then."""
    missing: tuple[Word, ...] = ()
    """Words that stand for nothing, in any column; an empty cell always does."""
    dates: tuple[str, ...] = ()
    """How instants are written, in the letters of strptime; ISO 8601 is always understood."""
    zone: Zone | None = None
    """The zone of times that name none; by default the mapping's."""
    decimal: Literal[".", ","] | None = None
    """The decimal sign of numbers; the other one is taken to group thousands. None: numbers are plain."""

    @model_validator(mode="after")
    def _from_one_place(self) -> File:
        if [bool(self.path), self.table is not None, self.query is not None].count(True) != 1:
            raise ValueError("either `path` or `table` or `query`")
        return self


class Column(_Part):
    """Where a column of ours comes from, and how its cells are translated."""

    column: str | None = None
    """The column of theirs."""
    constant: Word | None = None
    """What every row says."""
    expression: Derived | None = None
    """A value derived from their columns, such as ``lower(trim(email))``."""
    lookup: tuple[str, ...] = ()
    """For ``lead_id`` only: the cell is looked for in these columns of the leads' files, in this order, and
    becomes that lead's id."""
    unmatched: Literal["refuse", "leave_out"] = "refuse"
    """What becomes of a row whose cell is in none of the columns of ``lookup``."""
    values: abc.Mapping[Word, Word | None] = Field(default_factory=dict)
    """Their word to ours; null: the cell says nothing."""
    others: Literal["keep", "drop", "refuse"] = "keep"
    """What becomes of a word that is not in ``values``: it stays, says nothing, or its row is refused."""
    default: Word | None = None
    """What a missing cell says."""
    missing: tuple[Word, ...] = ()
    """Words that stand for nothing in this column."""
    dates: tuple[str, ...] = ()
    """How its instants are written, in the letters of strptime; by default as the file's."""
    zone: Zone | None = None
    """The zone of its times that name none; by default the file's."""
    plus_days: float = Field(default=0, allow_inf_nan=False)
    """Days to add to an instant: a record kept so long after its creation."""

    @model_validator(mode="after")
    def _from_one_place(self) -> Column:
        if [self.column, self.constant, self.expression].count(None) != 2:
            raise ValueError("either `column` or `constant` or `expression`")
        return self


def _as_column(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


ColumnOrName: TypeAlias = Annotated[Column, BeforeValidator(_as_column, json_schema_input_type=str | Column)]


class Join(_Part):
    """Columns of another file that belong to a row, found by a key they share."""

    file: str
    """Your name of the other file."""
    on: str
    """The key's column in what has been read so far, and in the file unless ``key`` says otherwise."""
    key: str | None = None
    """The key's column in the other file."""
    take: tuple[str, ...] | None = None
    """Only these columns; by default all that are not excluded."""
    exclude: abc.Mapping[str, Reason] = Field(default_factory=dict)
    """Columns that are not taken over, each with the reason."""
    prefix: str = ""
    """Put before the names that are taken."""
    match: abc.Mapping[Word, Word] = Field(default_factory=dict)
    """Keys that are written otherwise in the other file: ours so far to theirs."""
    many: bool = False
    """Several rows of a key are allowed, and give one row each."""
    unmatched: Literal["note", "refuse", "leave_out"] = "note"
    """What becomes of a row whose key the other file does not have."""

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> Join:
        if self.take is not None and self.exclude:
            raise ValueError("either `take` or `exclude`")
        return self


class _Rows(_Part):
    file: str
    """Your name of the file whose rows these are."""
    where: Condition | None = None
    """Only rows for which this is true, such as ``status == "Completed"``."""
    join: tuple[Join, ...] = ()
    """Columns of other files, brought to these rows one file after the other."""
    columns: abc.Mapping[str, ColumnOrName] = Field(default_factory=dict)
    """Each column of ours with where it comes from."""
    rows_without: abc.Mapping[str, Literal["leave_out", "refuse"]] = Field(default_factory=dict)
    """What becomes of a row in which this column of ours is missing."""


class LeadsFeed(_Rows):
    """Where leads come from: one row, one lead."""

    attributes: abc.Mapping[str, ColumnOrName] = Field(default_factory=dict)
    """Attributes whose cells are translated or that get another name."""
    others: Literal["keep", "drop"] = "keep"
    """Whether all further columns become attributes under their own names."""
    exclude: abc.Mapping[str, Reason] = Field(default_factory=dict)
    """Columns that must not become attributes, each with the reason."""


class Wide(_Part):
    """Columns that each hold one kind of event: every cell that is not empty gives a row."""

    cell: str
    """The column of ours that the cell fills."""
    columns: abc.Mapping[str, abc.Mapping[str, Word]] = Field(min_length=1)
    """Each column of theirs, with what other columns of ours say in its rows."""


class Feed(_Rows):
    """Where rows of another table come from."""

    wide: Wide | None = None
    """One row a cell instead of one row a line."""
    one_a_lead: Literal["first"] | None = None
    """Of several rows of a lead only the first by time counts."""


class AnswersFeed(Feed):
    """Where answers come from."""

    on_change: bool = False
    """Only rows whose value differs from the lead's previous one of that field."""


class Merges(_Part):
    """A file in which the CRM wrote down which lead became which."""

    file: str
    """Your name of the file."""
    from_: str = Field(alias="from")
    """The column with the id that was given up."""
    into: str
    """The column with the id that was kept."""
    separator: str | None = Field(default=None, min_length=1, max_length=1)
    """What stands between several ids in one cell of ``from``; brackets around them do not matter."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, abc.Mapping) else value


class Identity(_Part):
    """Which leads are one person."""

    same_lead_by: tuple[Literal["email", "phone"], ...] = ()
    """Leads who share this are one person; the earliest created keeps its id."""
    region: Region | None = None
    """The country of telephone numbers that name none, such as US."""
    merges: Annotated[
        tuple[Merges, ...], BeforeValidator(_as_list, json_schema_input_type=Merges | tuple[Merges, ...])
    ] = ()
    """Leads that the CRM merged, by one file or several; chains are followed."""

    @model_validator(mode="after")
    def _says_something(self) -> Identity:
        if not self.same_lead_by and not self.merges:
            raise ValueError("`same_lead_by` or `merges`")
        return self


def _at_least_one(feeds: tuple[LeadsFeed, ...]) -> tuple[LeadsFeed, ...]:
    if not feeds:
        raise ValueError("where the leads come from")
    return feeds


class Mapping(_Part):
    """How one CRM's export becomes our tables."""

    name: str = Field(min_length=1)
    """What it is called, such as the CRM's name."""
    about: str = ""
    """One line on what it is for."""
    observed_through: Annotated[Word, AfterValidator(known_instant)] | None = None
    """Until when the CRM was watched, a date with that day; by default until the newest instant there is."""
    zone: Zone | None = None
    """The zone of times that name none, in files that say no other."""
    files: abc.Mapping[str, File] = Field(min_length=1)
    """The export's files, under names of your own."""
    leads: Annotated[
        tuple[LeadsFeed, ...],
        AfterValidator(_at_least_one),
        BeforeValidator(_as_list, json_schema_input_type=LeadsFeed | tuple[LeadsFeed, ...]),
    ]
    """Where the leads come from; a list where several files hold some."""
    identity: Identity | None = None
    """Which leads are one person; by default each id is one."""
    activities: tuple[Feed, ...] = ()
    """What the leads did, and what we did."""
    answers: tuple[AnswersFeed, ...] = ()
    """Answers, and dated changes of what the CRM knows."""
    outcomes: tuple[Feed, ...] = ()
    """How leads ended."""
    handovers: tuple[Feed, ...] = ()
    """When marketing handed leads to sales, and what sales decided."""

    _places: Places = PrivateAttr(default_factory=Places)

    def feeds(self, table: str) -> tuple[Feed, ...]:
        """Return where the rows of one of the event tables come from."""
        feeds: tuple[Feed, ...] = getattr(self, table)
        return feeds

    @property
    def places(self) -> Places:
        """Where each part stands in the text it was read from; nowhere if it was not read from one."""
        return self._places

    def placed(self, places: Places) -> Mapping:
        """Return the same mapping, which knows where its parts stand."""
        copy = self.model_copy()
        copy._places = places  # noqa: SLF001 - its own class
        return copy
