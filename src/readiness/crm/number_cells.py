"""Cells that hold numbers: plain ones, and those written for people where they read one way only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import spelling
from readiness.crm.cell_rules import (
    AMBIGUOUS_NUMBER,
    CURRENCY_SIGN,
    DECIMAL_COMMA,
    MIXED_CURRENCIES,
    NOT_A_NUMBER,
    PADDED_CELL,
    PERCENT_SIGN,
    SPREADSHEET_ERROR,
    THOUSANDS_SEPARATOR,
    WORD_FOR_NOTHING,
)
from readiness.crm.findings import Found, spread
from readiness.crm.plain_columns import as_numpy, flags, floats, is_number, matching, texts
from readiness.crm.repeated_words import Column, distinct, one_chunk
from readiness.crm.rules import Rule
from readiness.crm.stated import number_in
from readiness.crm.tables import Flags, Floats

PLAIN: Final = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
"""A number as we want it; RE2 and Python read this pattern alike."""

_SIGNS: Final = r"[$€£¥₹]|USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|CZK|INR|CNY|BRL"
_MONEY: Final = re.compile(rf"([+-]?)\s*(?:({_SIGNS})\s*(.+?)|(.+?)\s*({_SIGNS}))", re.IGNORECASE)
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+([.,]\d+)?", re.ASCII)
_POINTED: Final = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+\.\d+|[+-]?[1-9]\d{0,2}(,\d{3}){2,}", re.ASCII)
_COMMAED: Final = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+,\d+|[+-]?[1-9]\d{0,2}(\.\d{3}){2,}", re.ASCII)
_EITHER: Final = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_COMMA: Final = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_BY_CHANCE: Final = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
"""A plain number that is one with a thousands separator where people write decimals with a comma."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers, NaN where missing or refused, and what is to be said of its cells."""

    values: Floats
    found: Found = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """What one text says: its number, if it has one; the rules; what it shows of the column's habits."""

    value: float
    rules: tuple[Rule, ...] = ()
    currency: str = ""
    comma: bool = False
    """Decimals stand after a comma here, or points group thousands."""
    point: bool = False
    """The other way round."""


def numbers(column: Column) -> Numbers:
    """Read numbers; those written for people are read where the column leaves no doubt.

    Thousands separators, decimal commas and currency signs are repaired. "1,234" alone may be a thousand or
    one, so what other cells of the column show decides; where they show nothing, it is refused.
    """
    if pa.types.is_dictionary(column.type):
        few, row = distinct(column)
        read = numbers(few)
        return Numbers(read.values[row], spread(read.found, row))
    if is_number(column.type):
        values = floats(column.cast(pa.float64(), safe=False))
        infinite = np.isinf(values)
        return Numbers(np.where(infinite, np.nan, values), _told({NOT_A_NUMBER: infinite}))
    text = one_chunk(texts(column))
    values = plain_numbers(text)
    plain = np.isfinite(values)
    rest = flags(pc.is_valid(text)) & ~plain
    return Numbers(values, _told(_read_the_rest(text, plain, rest, values)) if rest.any() else ())


def plain_numbers(column: Column) -> Floats:
    """Read plain numbers, each cell for itself: NaN where there is none, whatever the column shows."""
    if pa.types.is_dictionary(column.type):
        few, row = distinct(column)
        return plain_numbers(few)[row]
    if is_number(column.type):
        values = floats(column.cast(pa.float64(), safe=False))
    else:
        text = one_chunk(texts(column))
        plain = matching(text, PLAIN)
        values = np.full(len(text), np.nan)
        values[plain] = floats(text.filter(pa.array(plain)).cast(pa.float64()))
    return np.where(np.isinf(values), np.nan, values)


def _told(by_rule: dict[Rule, Flags]) -> Found:
    return tuple((rule, concerned) for rule, concerned in by_rule.items() if concerned.any())


def _read_the_rest(text: Column, plain: Flags, rest: Flags, values: Floats) -> dict[Rule, Flags]:
    """Read what is not plain into ``values``, and say which rules it breaks."""
    encoded = text.filter(pa.array(rest)).dictionary_encode()
    spelt: list[str] = encoded.dictionary.to_pylist()
    read = [_written(one) for one in spelt]
    habits = text.filter(pa.array(plain))
    by_chance = matching(habits, _BY_CHANCE)
    with_point = matching(habits, r"\.") & ~by_chance
    comma = any(one.comma for one in read)
    point = any(one.point for one in read) or bool(with_point.any())
    currencies = {one.currency for one in read if one.currency}
    read = [_decided(one, comma=comma, point=point, one_currency=len(currencies) < 2) for one in read]
    codes = as_numpy(encoded.indices)
    values[rest] = np.array([one.value for one in read])[codes]
    by_rule: dict[Rule, Flags] = {}
    for rule in dict.fromkeys(rule for one in read for rule in one.rules):
        concerned = np.zeros_like(rest)
        concerned[rest] = np.array([rule in one.rules for one in read])[codes]
        by_rule[rule] = concerned
    if comma and not point and by_chance.any():
        doubtful = np.zeros_like(rest)
        doubtful[plain] = by_chance
        values[doubtful] = np.nan
        by_rule[AMBIGUOUS_NUMBER] = by_rule.get(AMBIGUOUS_NUMBER, np.zeros_like(rest)) | doubtful
    return by_rule


def _written(text: str) -> _Written:
    trimmed = spelling.bare(text)
    padded = () if trimmed == text else (PADDED_CELL,)
    if not trimmed:
        return _Written(np.nan, padded)
    if spelling.is_nothing(trimmed):
        return _Written(np.nan, (WORD_FOR_NOTHING,))
    if spelling.is_error(trimmed):
        return _Written(np.nan, (SPREADSHEET_ERROR,))
    if "%" in trimmed:
        inside = _amount(trimmed.replace("%", "").strip())
        return _Written(np.nan, (NOT_A_NUMBER if NOT_A_NUMBER in inside.rules else PERCENT_SIGN,))
    money = _MONEY.fullmatch(trimmed)
    if money is None:
        read, currency = _amount(trimmed), ""
    else:
        read = _amount(money[1] + (money[3] or money[4]))
        currency = (money[2] or money[5]).upper()
    if NOT_A_NUMBER in read.rules:
        return read
    signs = (CURRENCY_SIGN,) if currency else ()
    return _Written(read.value, padded + signs + read.rules, currency, read.comma, read.point)


def _amount(text: str) -> _Written:
    """Read digits and the signs among them."""
    value = number_in(text)
    if value is not None:
        return _Written(value)
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None:
        digits = re.sub(r"[^\d.,+-]", "", text).replace(",", ".")
        comma = (grouped[1] or "").startswith(",")
        return _Written(float(digits), (THOUSANDS_SEPARATOR,), comma=comma)
    if _POINTED.fullmatch(text):
        return _Written(float(text.replace(",", "")), (THOUSANDS_SEPARATOR,), point=True)
    if _COMMAED.fullmatch(text):
        plain = text.replace(".", "").replace(",", ".")
        return _Written(float(plain), (THOUSANDS_SEPARATOR,), comma=True)
    if _EITHER.fullmatch(text):
        return _Written(float(text.replace(",", "")), (AMBIGUOUS_NUMBER,))
    if _COMMA.fullmatch(text):
        return _Written(float(text.replace(",", ".")), (DECIMAL_COMMA,), comma=True)
    return _Written(np.nan, (NOT_A_NUMBER,))


def _decided(one: _Written, *, comma: bool, point: bool, one_currency: bool) -> _Written:
    """Settle what a text leaves open by what the column's other cells show."""
    value, rules = one.value, one.rules
    if AMBIGUOUS_NUMBER in rules and comma != point:
        settled = DECIMAL_COMMA if comma else THOUSANDS_SEPARATOR
        value = value / 1000 if comma else value
        rules = tuple(settled if rule is AMBIGUOUS_NUMBER else rule for rule in rules)
    if CURRENCY_SIGN in rules and not one_currency:
        rules = tuple(MIXED_CURRENCIES if rule is CURRENCY_SIGN else rule for rule in rules)
    if any(rule.refuses for rule in rules):
        # Of a refused cell nothing was repaired.
        return _Written(np.nan, tuple(rule for rule in rules if rule.refuses))
    return _Written(value, rules)
