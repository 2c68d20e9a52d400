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
    words: tuple[str, ...] = ()
    """The words allowed; a fault names the nearest of them."""
    shows: bool = True
    """False: the value may be anybody's text, so it is not repeated where any text may stand."""


FROM_EXPORT: Final = "A CRM's export becomes tables by `readiness mapping suggest EXPORT`."
"""What to do with files that are not the tables yet."""

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
NO_LEADS: Final = Rule(
    "no_leads",
    "a table of leads",
    f"Give one; the other tables mean nothing without it. {FROM_EXPORT}",
)
MISSING_VALUE: Final = Rule("missing_value", "a value in every row", "Fill it in, or leave the row out.")
MISSING_END_DATE: Final = Rule(
    "missing_value", "a value in every row", "Fill it in, or leave the row out.", doubts_end=True
)
UNKNOWN_DIRECTION: Final = Rule(
    "unknown_direction",
    f"one of {', '.join(DIRECTIONS)}",
    "Write inbound for what the lead did and outbound for what we did.",
    words=DIRECTIONS,
)
UNKNOWN_OUTCOME: Final = Rule(
    "unknown_outcome",
    f"one of {', '.join(OUTCOMES)}",
    "Translate the CRM's word; a lead that is still open has no row in outcomes.",
    doubts_end=True,
    words=OUTCOMES,
)
UNKNOWN_DECISION: Final = Rule(
    "unknown_decision",
    f"one of {', '.join(DECISIONS)}",
    "Translate the CRM's word, or leave it empty if nobody decided.",
    words=DECISIONS,
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
PLACEHOLDER_DATE: Final = Rule(
    "placeholder_date",
    "a day on which something happened; software writes 1899-12-30, 1900-01-01, 1970-01-01 and "
    "9999-12-31 for none",
    "Leave the cell empty if there is no date; a mapping can name the word under `missing`.",
    doubts_end=True,
)
IMPLAUSIBLE_DATE: Final = Rule(
    "implausible_date",
    "an instant from 1990 until 2199, as a CRM has it",
    "Correct the date; a year of two digits is a common cause.",
    doubts_end=True,
)
KEPT_BEFORE_CREATION: Final = Rule(
    "record_kept_before_creation",
    "an instant at or after the lead's created_at",
    "Correct either date, or leave last_known_at empty where the record is still kept.",
)
NOT_A_PROBABILITY: Final = Rule(
    "not_a_probability", "a probability from 0 to 1", "Write 45 percent as 0.45, or leave it empty."
)
LOST_ZEROS: Final = Rule(
    "lost_zeros",
    "a lead_id as it stands in leads, where it has other leading zeros",
    "A spreadsheet drops leading zeros: format the column as text and export it again.",
)
COPIED_ROW: Final = Rule(
    "copied_row",
    "rows that differ",
    "Accepted, each of them: two visits in one second look the same. If the export repeats itself, "
    "delete the copies.",
    refuses=False,
)
NEGATIVE_VALUE: Final = Rule(
    "negative_value",
    "a value of 0 or more, as minutes and pages are",
    "Accepted as it stands. If it is a duration, its two ends were swapped: correct it.",
    refuses=False,
)
LONELY_NEWEST: Final = Rule(
    "lonely_newest",
    "instants less than a year apart at the end of the data",
    "Accepted, and so the CRM counts as watched until then: if it is a typing error, correct it, or "
    "give observed_through.",
    refuses=False,
)
SHORTER_ID: Final = Rule(
    "shorter_id",
    "ids of digits that are all as long",
    "Accepted as they stand. If they began with zeros, a spreadsheet dropped them: format the column "
    "as text and export it again.",
    refuses=False,
)
ID_FROM_CONTENT: Final = Rule(
    "id_from_content",
    "a lead_id in every row",
    "Repaired: a lead without one gets an id from its content. Nothing can refer to it.",
    refuses=False,
)
NO_ROWS: Final = Rule(
    "no_rows",
    "rows below the header",
    "Accepted as a table without rows: export it again if there should be some.",
    refuses=False,
)
