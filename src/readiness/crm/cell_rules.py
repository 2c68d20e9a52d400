"""The rules that single cells must keep, and those by which a cell is repaired: never without a note."""

from __future__ import annotations

from typing import Final

from readiness.crm.rules import Rule

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
NOT_A_NUMBER: Final = Rule("not_a_number", "a finite number", "Correct it, or leave it empty.")
DAY_MONTH_SWAPPED: Final = Rule(
    "day_month_swapped",
    "year, month, day; this is a date only with day and month swapped",
    "Write it as 2026-03-25; the column's other dates may be swapped too.",
    doubts_end=True,
)
DAY_MONTH_SUSPECTED: Final = Rule(
    "day_month_suspected",
    "a column in which some day comes after the 12th; here all such dates could not be read, so the "
    "others are probably swapped",
    "Find out which comes first, day or month, and write all of them as 2026-03-25; a mapping can "
    "name the format.",
    doubts_end=True,
)
SPREADSHEET_SERIAL: Final = Rule(
    "spreadsheet_serial",
    "a date; a number such as 45678 is how spreadsheets count days, from 1900 or from 1904",
    "Format the column as a date, year first, and export it again.",
    doubts_end=True,
)
UNIX_TIME: Final = Rule(
    "unix_time",
    "a date; a number such as 1700000000 counts seconds since 1970",
    "Export it as a date with time and zone.",
    doubts_end=True,
)
SPREADSHEET_ERROR: Final = Rule(
    "spreadsheet_error",
    "a value, not the error of a formula",
    "Mend the formula in the spreadsheet and export it again.",
    doubts_end=True,
)
SKIPPED_HOUR: Final = Rule(
    "skipped_hour",
    "a time that the clock showed; it was set forward past this one",
    "Correct the time or its zone; it may be in another zone.",
    doubts_end=True,
)
REPEATED_HOUR: Final = Rule(
    "repeated_hour",
    "a time that the clock showed once; it was set back and showed this one twice",
    "Repaired: the first of the two is meant. Write the offset, such as +01:00, to be exact.",
    refuses=False,
)
PADDED_CELL: Final = Rule(
    "padded_cell",
    "no blanks around a cell",
    "Repaired: blanks, line breaks and invisible characters at either end were taken off.",
    refuses=False,
    shows=False,
)
INVISIBLE_CHARACTER: Final = Rule(
    "invisible_character",
    "characters that can be seen, in an id or a word",
    "Repaired: invisible ones were taken out, and a non-breaking space is read as a blank.",
    refuses=False,
    shows=False,
)
NUL_CHARACTER: Final = Rule(
    "nul_character",
    "text without NUL characters",
    "The file is damaged here, or is UTF-16 read as something else: export it again as UTF-8.",
    doubts_end=True,
    shows=False,
)
LINE_BREAK: Final = Rule(
    "line_break",
    "an id or a word on one line",
    "Take the line break out. A quote that is opened and never closed swallows the lines after it.",
    doubts_end=True,
    shows=False,
)
WORD_FOR_NOTHING: Final = Rule(
    "word_for_nothing",
    "an empty cell where there is nothing",
    "Repaired: N/A, null, NaN, - and their like are read as empty here.",
    refuses=False,
)
KEPT_WORD: Final = Rule(
    "kept_word",
    "an empty cell where there is nothing",
    "Accepted as a word, because it may be one. If it stands for nothing, leave the cell empty, or "
    "name it under `missing` in a mapping.",
    refuses=False,
)
SPREADSHEET_ID: Final = Rule(
    "spreadsheet_id",
    "an id as the CRM wrote it; a spreadsheet rounded this one, and others may now be the same",
    "Format the column as text and export it again.",
)
BOOLEAN_OUTCOME: Final = Rule(
    "boolean_outcome",
    "how the lead ended, not yes or no",
    'Say in a mapping which end yes means: values: {"yes": closed_won, "no": closed_lost}.',
    doubts_end=True,
)
THOUSANDS_SEPARATOR: Final = Rule(
    "thousands_separator",
    "a plain number such as 1234.5",
    "Repaired: 1,234.50 and 1.234,50 and 1 234.5 are read as 1234.5.",
    refuses=False,
)
DECIMAL_COMMA: Final = Rule(
    "decimal_comma", "a plain number such as 1234.5", "Repaired: 0,5 is read as 0.5.", refuses=False
)
AMBIGUOUS_NUMBER: Final = Rule(
    "ambiguous_number",
    "a number that can be read in one way only; this is a thousand times more to some than to others",
    "Write it without thousands separators and with a point before decimals; a mapping can name the "
    "decimal sign.",
)
CURRENCY_SIGN: Final = Rule(
    "currency_sign",
    "a plain number such as 1234.5",
    "Repaired: the sign was taken off; all signs in the column are the same.",
    refuses=False,
)
MIXED_CURRENCIES: Final = Rule(
    "mixed_currencies",
    "one currency in a column",
    "Convert the amounts into one currency and leave its sign out.",
)
PERCENT_SIGN: Final = Rule(
    "percent_sign",
    "a plain number; 45% is 45 to some and 0.45 to others",
    "Write the one that is meant, without the sign.",
)
NUMBERS_AND_WORDS: Final = Rule(
    "numbers_and_words",
    "plain numbers, as nine in ten of this column's cells are",
    "Accepted as words, so the column may not be read as numbers: write them as 1234.5, or leave the "
    "cell empty.",
    refuses=False,
    shows=False,
)
