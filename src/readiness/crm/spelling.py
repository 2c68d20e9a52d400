"""How a cell is spelt: what is taken off before it is read, and what must not stand in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm.cell_rules import (
    INVISIBLE_CHARACTER,
    LINE_BREAK,
    NUL_CHARACTER,
    PADDED_CELL,
    SPREADSHEET_ERROR,
    SPREADSHEET_ID,
    WORD_FOR_NOTHING,
)
from readiness.crm.findings import Found, spread
from readiness.crm.plain_columns import as_numpy, matching
from readiness.crm.repeated_words import Column, distinct, one_chunk
from readiness.crm.rules import Rule
from readiness.crm.tables import Flags

WORDS_FOR_NOTHING: Final = frozenset(
    [
        "nan",
        "nat",
        "null",
        "none",
        "nil",
        "n/a",
        "#n/a",
        "na",
        "n.a.",
        "-",
        "--",
        "—",
        "–",
        "?",
        "(null)",
        "<null>",
        "#null!",
        "undefined",
    ]
)
"""In lower case; read as empty where a number, an instant, an id or one of our words must stand."""

_SURELY_NOTHING: Final = frozenset(["nan", "null", "n/a", "#n/a", "-", "--", "(null)", "<null>"])
"""Those which hardly are a word of somebody's own: worth a note where any word may stand."""

_ERRORS: Final = frozenset(["#ref!", "#value!", "#div/0!", "#name?", "#num!", "#spill!", "#calc!"])
_AROUND: Final = r"^[\s\p{Z}\p{Cf}\p{Cc}]|[\s\p{Z}\p{Cf}\p{Cc}]$"
_ROUNDED: Final = re.compile(r"\d([.,]\d+)?[eE]\+\d+", re.ASCII)
_BREAK: Final = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """What may stand in the cells of a column."""

    suspect: str
    """A regular expression that every cell matches which needs a closer look; the others are as they are."""
    word: bool = False
    """An id or a word: nothing invisible and no line break may stand in it."""
    identifier: bool = False
    """What stands for nothing is nothing, and what a spreadsheet has rounded is no id."""


FREE: Final = Spelling(rf"{_AROUND}|\x00")
"""Any text; only what stands around it is not part of it."""

WORD: Final = Spelling(rf"{_AROUND}|[\p{{Cf}}\p{{Cc}}\p{{Zl}}\p{{Zp}}\x{{00A0}}\x{{202F}}]", word=True)
"""Somebody's own word, such as a source."""

IDENTIFIER: Final = Spelling(
    WORD.suspect + r"|[eE]\+\d|(?i)^(#.*|n[aiou].*|n[./].*|\(null\)|<null>|undefined|-|--|—|–|\?)$",
    word=True,
    identifier=True,
)
"""What rows refer to."""


def bare(text: str) -> str:
    """Return a text without blanks, line breaks and invisible characters at either end.

    >>> bare(" L-1\u200b ")
    'L-1'
    """
    first, last = 0, len(text)
    while first < last and _unseen(text[first]):
        first += 1
    while last > first and _unseen(text[last - 1]):
        last -= 1
    return text[first:last]


def is_nothing(text: str) -> bool:
    """Say whether a bare text is a word for nothing: N/A, null, NaN, - and their like."""
    return text.casefold() in WORDS_FOR_NOTHING


def is_error(text: str) -> bool:
    """Say whether a bare text is what a spreadsheet shows where a formula failed."""
    return text.casefold() in _ERRORS


def is_surely_nothing(text: str) -> bool:
    """Say whether a text hardly is a word of somebody's own."""
    return text.casefold() in _SURELY_NOTHING


def cleaned(text: Column, spelling: Spelling) -> tuple[Column, Found]:
    """Take off what is not part of the cells, and say of which that was done or cannot be.

    Parameters
    ----------
    text : column of texts, plain or as a dictionary
        Empty cells are null already.

    Returns
    -------
    column
        The same column where there was nothing to do; a refused cell stays as it is.
    Found
        Repairs and refusals, by rule.
    """
    repeated = pa.types.is_dictionary(text.type)
    if repeated:
        levels, row = distinct(text)
    else:
        # Words that do not repeat are looked at where they stand.
        levels, row = text, None
    odd = matching(levels, spelling.suspect)
    if not odd.any():
        return text, ()
    changed, found = _looked_at(one_chunk(levels), odd, spelling)
    if row is None:
        return pa.chunked_array([changed]), found
    few = changed.dictionary_encode()
    indices = few.indices.take(pa.array(row))
    return pa.chunked_array([pa.DictionaryArray.from_arrays(indices, few.dictionary)]), spread(found, row)


def _looked_at(text: Column, odd: Flags, spelling: Spelling) -> tuple[Column, Found]:
    encoded = text.filter(pa.array(odd)).dictionary_encode()
    spelt = [_cleaned(one, spelling) for one in encoded.dictionary.to_pylist()]
    codes = as_numpy(encoded.indices)
    found = []
    for rule in dict.fromkeys(rule for _, rules in spelt for rule in rules):
        concerned = odd.copy()
        concerned[odd] = np.array([rule in rules for _, rules in spelt])[codes]
        found.append((rule, concerned))
    clean = pa.array([one for one, _ in spelt], text.type).take(encoded.indices)
    return pc.replace_with_mask(text, pa.array(odd), clean), tuple(found)


def _cleaned(text: str, spelling: Spelling) -> tuple[str | None, list[Rule]]:
    trimmed = bare(text)
    rules = [PADDED_CELL] if trimmed != text else []
    if "\x00" in trimmed:
        return text, [NUL_CHARACTER]
    if spelling.word:
        if _BREAK.search(trimmed):
            return text, [LINE_BREAK]
        visible = "".join(_visible(sign) for sign in trimmed)
        rules += [INVISIBLE_CHARACTER] if visible != trimmed else []
        trimmed = visible
    if spelling.identifier:
        if is_error(trimmed):
            return text, [SPREADSHEET_ERROR]
        if _ROUNDED.fullmatch(trimmed):
            return text, [SPREADSHEET_ID]
        if is_nothing(trimmed):
            return None, [WORD_FOR_NOTHING]
    return trimmed or None, rules


def _unseen(sign: str) -> bool:
    return sign != "\x00" and (sign.isspace() or unicodedata.category(sign) in {"Cf", "Cc"})


def _visible(sign: str) -> str:
    kind = unicodedata.category(sign)
    return " " if kind == "Zs" else "" if kind in {"Cf", "Cc"} else sign
