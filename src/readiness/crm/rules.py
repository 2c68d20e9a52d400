"""The rules that rows must keep: a stable name each, what is expected, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from readiness.crm.records import DECISIONS, DIRECTIONS, OUTCOMES


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold: a stable name, what is expected, what to do, and what follows."""

    code: str
    expected: str
    remedy: str
    refuses: bool = True
    """False: the row is accepted and a note tells of it."""
    doubts_end: bool = False
    """True: without the row we would take the lead for open, so the lead is refused with it."""


UNREADABLE_INSTANT: Final = Rule(
    "unreadable_instant",
    "an instant such as 2026-03-14T09:00:00Z, or a date such as 2026-03-14",
    "Write it so; a mapping can read other formats.",
    doubts_end=True,
)
NO_ZONE: Final = Rule(
    "no_time_zone",
    "a time with its zone",
    "Append Z if it is UTC, or the offset, such as +01:00; a mapping can name the zone.",
    doubts_end=True,
)
UNSUPPORTED_TYPE: Final = Rule(
    "unsupported_type",
    "texts, numbers, booleans, dates or instants",
    "Write it as one of these, or drop the column.",
)
RAGGED_ROW: Final = Rule(
    "ragged_row",
    "as many cells as the header has",
    "Quote cells that hold the separator, or fill the row up.",
    doubts_end=True,
)
NO_LEADS: Final = Rule("no_leads", "a table of leads", "Give one; the other tables mean nothing without it.")
MISSING_VALUE: Final = Rule("missing_value", "a value in every row", "Fill it in, or leave the row out.")
MISSING_END_DATE: Final = Rule(
    "missing_value", "a value in every row", "Fill it in, or leave the row out.", doubts_end=True
)
NOT_A_NUMBER: Final = Rule("not_a_number", "a finite number", "Correct it, or leave it empty.")
UNKNOWN_DIRECTION: Final = Rule(
    "unknown_direction",
    f"one of {', '.join(DIRECTIONS)}",
    "Write inbound for what the lead did and outbound for what we did.",
)
UNKNOWN_OUTCOME: Final = Rule(
    "unknown_outcome",
    f"one of {', '.join(OUTCOMES)}",
    "Translate the CRM's word; a lead that is still open has no row in outcomes.",
    doubts_end=True,
)
UNKNOWN_DECISION: Final = Rule(
    "unknown_decision",
    f"one of {', '.join(DECISIONS)}",
    "Translate the CRM's word, or leave it empty if nobody decided.",
)
UNKNOWN_LEAD: Final = Rule(
    "unknown_lead", "a lead_id that stands in leads", "Add the lead, or correct the id."
)
LEAD_REFUSED: Final = Rule(
    "lead_refused",
    "a row of an accepted lead",
    "Mend the lead's own fault; then this row is accepted with it.",
)
END_IN_DOUBT: Final = Rule(
    "end_in_doubt",
    "a lead whose outcome can be read",
    "Mend its row in outcomes: without it an ended lead would be taken for an open one.",
)
COPIED_LEAD: Final = Rule("copied_lead", "one row a lead", "Delete the copies; they say the same.")
CONFLICTING_LEAD: Final = Rule(
    "conflicting_lead",
    "one row a lead",
    "The rows disagree, so none of them is taken: keep the right one, or give each lead its own id.",
)
ENDED_BEFORE_CREATION: Final = Rule(
    "ended_before_creation",
    "an outcome at or after the lead's created_at",
    "Correct either date; a wrong time zone is a common cause.",
    doubts_end=True,
)
SECOND_END: Final = Rule(
    "second_end",
    "one final outcome a lead, and at most a stop_calling after it",
    "Keep the first; a later sale is a lead of its own.",
)
UNDATED_EVENTS: Final = Rule(
    "events_without_creation",
    "no rows, because no lead has a created_at and so there is no time to place them in",
    "Give the leads their created_at, or leave this table out.",
)
UNDATED_END: Final = Rule(
    "dated_end_without_creation",
    "no date, because no lead has a created_at",
    "Give the leads their created_at, or leave occurred_at empty.",
)
NOT_WATCHED_YET: Final = Rule(
    "after_observation",
    "an instant before observed_through",
    "Correct the date, or set observed_through to the instant until which the CRM was exported.",
)
RECORD_KEPT_TOO_LONG: Final = Rule(
    "record_kept_too_long",
    "an instant not after observed_through",
    "Leave last_known_at empty where the record is still kept.",
)
DECIDED_TOO_EARLY: Final = Rule(
    "decided_before_handover", "a decision at or after the hand-over", "Correct either date."
)
ACTIVE_AFTER_END: Final = Rule(
    "active_after_end",
    "no activity after a final outcome",
    "Accepted: it teaches nothing. After stop_calling, ask who called.",
    refuses=False,
)
UNTRANSLATED_WORD: Final = Rule(
    "untranslated_word",
    "one of the words that the mapping translates",
    "Add the word to `values` in the mapping, or correct it in the export.",
    doubts_end=True,
)
UNMATCHED_KEY: Final = Rule(
    "unmatched_key",
    "a key that the joined file has",
    "Add the row to that file, or name the key it is written with there under `match` in the mapping.",
    doubts_end=True,
)
