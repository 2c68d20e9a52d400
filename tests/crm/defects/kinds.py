"""Every kind of defect of rows and cells: how it is planted in a lead's rows, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.crm.defects.crm import MORE_CELLS, Crm

Place = tuple[str, int]


@dataclass(frozen=True)
class Kind:
    """One kind of defect."""

    name: str
    code: str
    column: str | None
    plant: Callable[[Crm, int], Place]
    """Plants it in a lead and returns the table and the position of the row that is told."""
    refuses: bool = True
    takes_lead: bool = False
    """The lead is refused with the row, and with it all its rows."""
    habit: str = ""
    """Kinds that look at the same column as a whole; one of them at a time."""
    files_only: bool = False


def cell(table: str, column: str, text: str) -> Callable[[Crm, int], Place]:
    """Return what writes a text into a cell of the lead's first row."""
    return lambda crm, lead: crm.put(table, lead, **{column: text})


def _another(table: str, **cells: str) -> Callable[[Crm, int], Place]:
    return lambda crm, lead: crm.append(table, lead, **cells)


def _put_id(table: str, change: Callable[[str], str]) -> Callable[[Crm, int], Place]:
    return lambda crm, lead: crm.put(table, lead, lead_id=change(f"L-{lead:04d}"))


def _torn(table: str) -> Callable[[Crm, int], Place]:
    return lambda crm, lead: crm.put(table, lead, **{MORE_CELLS: "x"})


ACTIVITY = ("activities", "occurred_at")
END = ("outcomes", "occurred_at")
VALUE = ("activities", "value")


def _refused(name: str, code: str, table: str, column: str, text: str, habit: str = "") -> Kind:
    return Kind(name, code, column, cell(table, column, text), habit=habit)


def _end(name: str, code: str, column: str, text: str) -> Kind:
    return Kind(name, code, column, cell("outcomes", column, text), takes_lead=True)


def _lead(name: str, code: str, column: str, text: str) -> Kind:
    return Kind(name, code, column, cell("leads", column, text), takes_lead=True)


def _kept(name: str, code: str, table: str, column: str, text: str, habit: str = "") -> Kind:
    return Kind(name, code, column, cell(table, column, text), refuses=False, habit=habit)


KINDS: tuple[Kind, ...] = (
    _refused("a time without zone", "no_time_zone", *ACTIVITY, "2026-02-20 09:00"),
    _refused("a date of another format", "unreadable_instant", *ACTIVITY, "31.12.2026"),
    _end("an end with a date that does not exist", "unreadable_instant", "occurred_at", "2026-02-30"),
    _refused("day and month swapped", "day_month_swapped", *ACTIVITY, "2026-25-03"),
    _refused("days counted by a spreadsheet", "spreadsheet_serial", *ACTIVITY, "45678"),
    _refused("seconds since 1970", "unix_time", *ACTIVITY, "1770000000"),
    _end("the year 9999", "placeholder_date", "occurred_at", "9999-12-31"),
    _lead("the year 1900", "placeholder_date", "created_at", "1900-01-01"),
    _refused("the spreadsheet's day zero", "placeholder_date", *ACTIVITY, "1899-12-30"),
    _refused("the first second of 1970", "placeholder_date", *ACTIVITY, "1970-01-01T00:00:00Z"),
    _refused("a year before any CRM", "implausible_date", *ACTIVITY, "1926-02-20T09:00:00Z"),
    _refused(
        "an hour that the clock skipped", "skipped_hour", *ACTIVITY, "2026-03-29T02:30:00[Europe/Paris]"
    ),
    _kept(
        "an hour that the clock showed twice", "repeated_hour", *ACTIVITY, "2025-10-26T02:30[Europe/Paris]"
    ),
    _refused("an instant not watched yet", "after_observation", *ACTIVITY, "2027-01-01T00:00:00Z"),
    _lead("a record kept after the end of the data", "record_kept_too_long", "last_known_at", "2027-06-01"),
    _lead("a record gone before it was made", "record_kept_before_creation", "last_known_at", "2026-01-02"),
    _end("an end before the beginning", "ended_before_creation", "occurred_at", "2026-01-02"),
    _refused(
        "a decision before the hand-over", "decided_before_handover", "handovers", "decided_at", "2026-03-02"
    ),
    Kind(
        "two final ends",
        "second_end",
        "outcome",
        _another("outcomes", occurred_at="2026-05-20T09:00:00Z"),
    ),
    Kind(
        "an activity after the final end",
        "active_after_end",
        "occurred_at",
        _another("activities", occurred_at="2026-05-20T09:00:00Z"),
        refuses=False,
    ),
    _refused("yes as a number", "not_a_number", *VALUE, "yes"),
    _refused("infinity", "not_a_number", *VALUE, "Infinity"),
    _kept("a word for no number", "word_for_nothing", *VALUE, "NaN"),
    _kept("N/A for no date", "word_for_nothing", "handovers", "decided_at", "#N/A"),
    _kept("null for no decision", "word_for_nothing", "handovers", "decision", "null"),
    _refused("a dash for the direction", "missing_value", "activities", "direction", "-"),
    _kept("a word for nothing among words", "kept_word", "leads", "source", "N/A"),
    _kept("thousands with commas", "thousands_separator", *VALUE, "1,234.50", "value"),
    _kept("thousands with points", "thousands_separator", *VALUE, "1.234,50", "value"),
    _kept("thousands with blanks", "thousands_separator", *VALUE, "1\u202f234", "value"),
    _kept("a decimal comma", "decimal_comma", *VALUE, "0,5", "value"),
    _refused("a comma that may mean both", "ambiguous_number", *VALUE, "1,234", "value"),
    _kept("a currency sign", "currency_sign", *VALUE, "€ 1200", "value"),
    _refused("a percent sign", "percent_sign", *VALUE, "45%"),
    _refused("a probability above one", "not_a_probability", "handovers", "propensity", "45"),
    _kept("a negative duration", "negative_value", *VALUE, "-12"),
    _refused("the error of a formula", "spreadsheet_error", *VALUE, "#REF!"),
    _refused("a direction in other letters", "unknown_direction", "activities", "direction", "Inbound"),
    _end("an outcome of another CRM", "unknown_outcome", "outcome", "Closed Won"),
    _end("yes as an outcome", "boolean_outcome", "outcome", "TRUE"),
    _refused("a decision of another CRM", "unknown_decision", "handovers", "decision", "agreed"),
    _refused("nothing where something must stand", "missing_value", "activities", "type", ""),
    _kept("a padded cell", "padded_cell", "activities", "direction", " inbound "),
    _kept("a padded date", "padded_cell", *ACTIVITY, "2026-02-20T09:00:00Z "),
    _kept("a cell of blanks", "padded_cell", *VALUE, "\u00a0 "),
    Kind(
        "an id with blanks",
        "padded_cell",
        "lead_id",
        _put_id("activities", "\u200b{} ".format),
        refuses=False,
    ),
    Kind(
        "an id with an invisible sign",
        "invisible_character",
        "lead_id",
        _put_id("activities", lambda who: who.replace("-", "-\u200b")),
        refuses=False,
    ),
    _kept("a non-breaking blank in a word", "invisible_character", "activities", "type", "web\u00a0visit"),
    _refused("a NUL character", "nul_character", "activities", "detail", "a\x00b"),
    _refused("a line break in a word", "line_break", "activities", "type", "web\nvisit"),
    Kind(
        "an id that a spreadsheet rounded",
        "spreadsheet_id",
        "lead_id",
        _put_id("activities", lambda _: "1.23E+05"),
    ),
    Kind("a row of an unknown lead", "unknown_lead", "lead_id", _put_id("activities", lambda _: "L-9999")),
    Kind("a lead twice alike", "copied_lead", "lead_id", _another("leads")),
    Kind(
        "a lead twice, not alike",
        "conflicting_lead",
        "lead_id",
        _another("leads", source="chat"),
        takes_lead=True,
    ),
    Kind("the same activity twice", "copied_row", None, _another("activities"), refuses=False),
    Kind("a torn line", "ragged_row", None, _torn("activities"), files_only=True),
    Kind("a torn line of outcomes", "ragged_row", None, _torn("outcomes"), takes_lead=True, files_only=True),
    Kind("a torn line of leads", "ragged_row", None, _torn("leads"), takes_lead=True, files_only=True),
)
"""Those that look at one row; the others are in `test_columns`."""
