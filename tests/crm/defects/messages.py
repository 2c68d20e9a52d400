"""What is said of each kind of defect."""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, str] = {
    "a time without zone": (
        "activities, row 4, column occurred_at: saw '2026-02-20 09:00'; expected a time with its "
        "zone. Append Z if it is UTC, or the offset, such as +01:00; a mapping can name the zone."
    ),
    "a date of another format": (
        "activities, row 4, column occurred_at: saw '31.12.2026'; expected an instant such as "
        "2026-03-14T09:00:00Z, or a date such as 2026-03-14. Write it so; a mapping can read "
        "other formats."
    ),
    "an end with a date that does not exist": (
        "outcomes, row 3, column occurred_at: saw '2026-02-30'; expected an instant such as "
        "2026-03-14T09:00:00Z, or a date such as 2026-03-14. Write it so; a mapping can read "
        "other formats."
    ),
    "day and month swapped": (
        "activities, row 4, column occurred_at: saw '2026-25-03'; expected year, month, day; this"
        " is a date only with day and month swapped. Write it as 2026-03-25; the column's other "
        "dates may be swapped too."
    ),
    "days counted by a spreadsheet": (
        "activities, row 4, column occurred_at: saw '45678'; expected a date; a number such as "
        "45678 is how spreadsheets count days, from 1900 or from 1904. Format the column as a "
        "date, year first, and export it again."
    ),
    "seconds since 1970": (
        "activities, row 4, column occurred_at: saw '1770000000'; expected a date; a number such "
        "as 1700000000 counts seconds since 1970. Export it as a date with time and zone."
    ),
    "the year 9999": (
        "outcomes, row 3, column occurred_at: saw '9999-12-31'; expected a day on which something"
        " happened; software writes 1899-12-30, 1900-01-01, 1970-01-01 and 9999-12-31 for none. "
        "Leave the cell empty if there is no date; a mapping can name the word under `missing`."
    ),
    "the year 1900": (
        "leads, row 3, column created_at: saw '1900-01-01'; expected a day on which something "
        "happened; software writes 1899-12-30, 1900-01-01, 1970-01-01 and 9999-12-31 for none. "
        "Leave the cell empty if there is no date; a mapping can name the word under `missing`."
    ),
    "the spreadsheet's day zero": (
        "activities, row 4, column occurred_at: saw '1899-12-30'; expected a day on which "
        "something happened; software writes 1899-12-30, 1900-01-01, 1970-01-01 and 9999-12-31 "
        "for none. Leave the cell empty if there is no date; a mapping can name the word under "
        "`missing`."
    ),
    "the first second of 1970": (
        "activities, row 4, column occurred_at: saw '1970-01-01T00:00:00Z'; expected a day on "
        "which something happened; software writes 1899-12-30, 1900-01-01, 1970-01-01 and "
        "9999-12-31 for none. Leave the cell empty if there is no date; a mapping can name the "
        "word under `missing`."
    ),
    "a year before any CRM": (
        "activities, row 4, column occurred_at: saw '1926-02-20T09:00:00Z'; expected an instant "
        "from 1990 until 2199, as a CRM has it. Correct the date; a year of two digits is a "
        "common cause."
    ),
    "an hour that the clock skipped": (
        "activities, row 4, column occurred_at: saw '2026-03-29T02:30:00[Europe/Paris]'; expected"
        " a time that the clock showed; it was set forward past this one. Correct the time or its"
        " zone; it may be in another zone."
    ),
    "an hour that the clock showed twice": (
        "activities: 1 row (repeated_hour), first row 4, column occurred_at: saw "
        "'2025-10-26T02:30[Europe/Paris]'; expected a time that the clock showed once; it was set"
        " back and showed this one twice. Repaired: the first of the two is meant. Write the "
        "offset, such as +01:00, to be exact."
    ),
    "an instant not watched yet": (
        "activities, row 4, column occurred_at: saw '2027-01-01T00:00:00Z'; expected an instant "
        "before observed_through. Correct the date, or set observed_through to the instant until "
        "which the CRM was exported."
    ),
    "a record kept after the end of the data": (
        "leads, row 3, column last_known_at: saw '2027-06-01'; expected an instant not after "
        "observed_through. Leave last_known_at empty where the record is still kept."
    ),
    "a record gone before it was made": (
        "leads, row 3, column last_known_at: saw '2026-01-02'; expected an instant at or after "
        "the lead's created_at. Correct either date, or leave last_known_at empty where the "
        "record is still kept."
    ),
    "an end before the beginning": (
        "outcomes, row 3, column occurred_at: saw '2026-01-02'; expected an outcome at or after "
        "the lead's created_at. Correct either date; a wrong time zone is a common cause."
    ),
    "a decision before the hand-over": (
        "handovers, row 3, column decided_at: saw '2026-03-02'; expected a decision at or after "
        "the hand-over. Correct either date."
    ),
    "two final ends": (
        "outcomes, row 5, column outcome: saw 'closed_won'; expected one final outcome a lead, "
        "and at most a stop_calling after it. Keep the first; a later sale is a lead of its own."
    ),
    "an activity after the final end": (
        "activities: 1 row (active_after_end), first row 8, column occurred_at: saw "
        "'2026-05-20T09:00:00Z'; expected no activity after a final outcome. Accepted: it teaches"
        " nothing. After stop_calling, ask who called."
    ),
    "yes as a number": (
        "activities, row 4, column value: saw 'yes'; expected a finite number. Correct it, or leave it empty."
    ),
    "infinity": (
        "activities, row 4, column value: saw 'Infinity'; expected a finite number. Correct it, "
        "or leave it empty."
    ),
    "a word for no number": (
        "activities: 1 row (word_for_nothing), first row 4, column value: saw 'NaN'; expected an "
        "empty cell where there is nothing. Repaired: N/A, null, NaN, - and their like are read "
        "as empty here."
    ),
    "N/A for no date": (
        "handovers: 1 row (word_for_nothing), first row 3, column decided_at: saw '#N/A'; "
        "expected an empty cell where there is nothing. Repaired: N/A, null, NaN, - and their "
        "like are read as empty here."
    ),
    "null for no decision": (
        "handovers: 1 row (word_for_nothing), first row 3, column decision: saw 'null'; expected "
        "an empty cell where there is nothing. Repaired: N/A, null, NaN, - and their like are "
        "read as empty here."
    ),
    "a dash for the direction": (
        "activities, row 4, column direction: saw '-'; expected a value in every row. Fill it in,"
        " or leave the row out."
    ),
    "a word for nothing among words": (
        "leads: 1 row (kept_word), first row 3, column source: saw 'N/A'; expected an empty cell "
        "where there is nothing. Accepted as a word, because it may be one. If it stands for "
        "nothing, leave the cell empty, or name it under `missing` in a mapping."
    ),
    "thousands with commas": (
        "activities: 1 row (thousands_separator), first row 4, column value: saw '1,234.50'; "
        "expected a plain number such as 1234.5. Repaired: 1,234.50 and 1.234,50 and 1 234.5 are "
        "read as 1234.5."
    ),
    "thousands with points": (
        "activities: 1 row (thousands_separator), first row 4, column value: saw '1.234,50'; "
        "expected a plain number such as 1234.5. Repaired: 1,234.50 and 1.234,50 and 1 234.5 are "
        "read as 1234.5."
    ),
    "thousands with blanks": (
        "activities: 1 row (thousands_separator), first row 4, column value: saw '1\\u202f234'; "
        "expected a plain number such as 1234.5. Repaired: 1,234.50 and 1.234,50 and 1 234.5 are "
        "read as 1234.5."
    ),
    "a decimal comma": (
        "activities: 1 row (decimal_comma), first row 4, column value: saw '0,5'; expected a "
        "plain number such as 1234.5. Repaired: 0,5 is read as 0.5."
    ),
    "a comma that may mean both": (
        "activities, row 4, column value: saw '1,234'; expected a number that can be read in one "
        "way only; this is a thousand times more to some than to others. Write it without "
        "thousands separators and with a point before decimals; a mapping can name the decimal "
        "sign."
    ),
    "a currency sign": (
        "activities: 1 row (currency_sign), first row 4, column value: saw '€ 1200'; expected a "
        "plain number such as 1234.5. Repaired: the sign was taken off; all signs in the column "
        "are the same."
    ),
    "a percent sign": (
        "activities, row 4, column value: saw '45%'; expected a plain number; 45% is 45 to some "
        "and 0.45 to others. Write the one that is meant, without the sign."
    ),
    "a probability above one": (
        "handovers, row 3, column propensity: saw '45'; expected a probability from 0 to 1. Write"
        " 45 percent as 0.45, or leave it empty."
    ),
    "a negative duration": (
        "activities: 1 row (negative_value), first row 4, column value: saw '-12'; expected a "
        "value of 0 or more, as minutes and pages are. Accepted as it stands. If it is a "
        "duration, its two ends were swapped: correct it."
    ),
    "the error of a formula": (
        "activities, row 4, column value: saw '#REF!'; expected a value, not the error of a "
        "formula. Mend the formula in the spreadsheet and export it again."
    ),
    "a direction in other letters": (
        "activities, row 4, column direction: saw 'Inbound'; expected one of inbound, outbound. "
        "Did you mean 'inbound'? Write inbound for what the lead did and outbound for what we "
        "did."
    ),
    "an outcome of another CRM": (
        "outcomes, row 3, column outcome: saw 'Closed Won'; expected one of closed_won, "
        "stop_calling, closed_lost, disqualified. Did you mean 'closed_won'? Translate the CRM's "
        "word; a lead that is still open has no row in outcomes."
    ),
    "yes as an outcome": (
        "outcomes, row 3, column outcome: saw 'TRUE'; expected how the lead ended, not yes or no."
        ' Say in a mapping which end yes means: values: {"yes": closed_won, "no": closed_lost}.'
    ),
    "a decision of another CRM": (
        "handovers, row 3, column decision: saw 'agreed'; expected one of accepted, declined, "
        "handed_back. Did you mean 'accepted'? Translate the CRM's word, or leave it empty if "
        "nobody decided."
    ),
    "nothing where something must stand": (
        "activities, row 4, column type: saw nothing; expected a value in every row. Fill it in, "
        "or leave the row out."
    ),
    "a padded cell": (
        "activities: 1 row (padded_cell), first row 4, column direction: saw ' inbound '; "
        "expected no blanks around a cell. Repaired: blanks, line breaks and invisible characters"
        " at either end were taken off."
    ),
    "a padded date": (
        "activities: 1 row (padded_cell), first row 4, column occurred_at: saw "
        "'2026-02-20T09:00:00Z '; expected no blanks around a cell. Repaired: blanks, line breaks"
        " and invisible characters at either end were taken off."
    ),
    "a cell of blanks": (
        "activities: 1 row (padded_cell), first row 4, column value: saw '\\xa0 '; expected no "
        "blanks around a cell. Repaired: blanks, line breaks and invisible characters at either "
        "end were taken off."
    ),
    "an id with blanks": (
        "activities: 1 row (padded_cell), first row 4, column lead_id: saw '\\u200bL-0001 '; "
        "expected no blanks around a cell. Repaired: blanks, line breaks and invisible characters"
        " at either end were taken off."
    ),
    "an id with an invisible sign": (
        "activities: 1 row (invisible_character), first row 4, column lead_id: saw "
        "'L-\\u200b0001'; expected characters that can be seen, in an id or a word. Repaired: "
        "invisible ones were taken out, and a non-breaking space is read as a blank."
    ),
    "a non-breaking blank in a word": (
        "activities: 1 row (invisible_character), first row 4, column type: saw 'web\\xa0visit'; "
        "expected characters that can be seen, in an id or a word. Repaired: invisible ones were "
        "taken out, and a non-breaking space is read as a blank."
    ),
    "a NUL character": (
        "activities, row 4, column detail: saw a text that is not shown; expected text without "
        "NUL characters. The file is damaged here, or is UTF-16 read as something else: export it"
        " again as UTF-8."
    ),
    "a line break in a word": (
        "activities, row 4, column type: saw 'web\\nvisit'; expected an id or a word on one line. "
        "Take the line break out. A quote that is opened and never closed swallows the lines "
        "after it."
    ),
    "an id that a spreadsheet rounded": (
        "activities, row 4, column lead_id: saw '1.23E+05'; expected an id as the CRM wrote it; a"
        " spreadsheet rounded this one, and others may now be the same. Format the column as text"
        " and export it again."
    ),
    "a row of an unknown lead": (
        "activities, row 4, column lead_id: saw 'L-9999'; expected a lead_id that stands in "
        "leads. Add the lead, or correct the id."
    ),
    "a lead twice alike": (
        "leads, row 5, column lead_id: saw 'L-0001'; expected one row a lead. Delete the copies; "
        "they say the same."
    ),
    "a lead twice, not alike": (
        "leads, row 5, column lead_id: saw 'L-0001'; expected one row a lead. The rows disagree, "
        "so none of them is taken: keep the right one, or give each lead its own id."
    ),
    "the same activity twice": (
        "activities: 1 row (copied_row), first row 8; expected rows that differ. Accepted, each "
        "of them: two visits in one second look the same. If the export repeats itself, delete "
        "the copies."
    ),
    "a torn line": (
        "activities, row 4: saw 7 cells; expected as many cells as the header has. Quote cells "
        "that hold the separator, or fill the row up."
    ),
    "a torn line of outcomes": (
        "outcomes, row 3: saw 4 cells; expected as many cells as the header has. Quote cells that"
        " hold the separator, or fill the row up."
    ),
    "a torn line of leads": (
        "leads, row 3: saw 6 cells; expected as many cells as the header has. Quote cells that "
        "hold the separator, or fill the row up."
    ),
}
