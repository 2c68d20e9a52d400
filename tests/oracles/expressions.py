"""Expressions worked out the slow way: one row at a time, over plain Python values."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Mapping
from typing import TypeAlias

Value: TypeAlias = str | float | bool | None
Row: TypeAlias = Mapping[str, str | None]


def worked_out(written: str, row: Row) -> str | bool | None:
    """Return what an expression gives for one row: a truth, a text, or None where missing."""
    value = _value(ast.parse(written, mode="eval").body, row)
    return value if isinstance(value, bool) else _text(value) or None


def _value(node: ast.expr, row: Row) -> Value:
    match node:
        case ast.Constant(value=value):
            return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        case ast.Name(id=name):
            return (row[name] or "").strip() or None
        case ast.BoolOp(op=op, values=values):
            truths = [_value(each, row) for each in values]
            decides = isinstance(op, ast.Or)
            return decides if decides in truths else None if None in truths else not decides
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            truth = _value(operand, row)
            return None if truth is None else not truth
        case ast.UnaryOp(operand=operand):
            number = _value(operand, row)
            return None if number is None else -number
        case ast.BinOp(left=left, op=op, right=right):
            return _computed(op, _value(left, row), _value(right, row))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            truth = _value(test, row)
            return None if truth is None else _value(body if truth else orelse, row)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(op, left, right, row)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _called(name, [_value(each, row) for each in args])
    raise NotImplementedError(ast.dump(node))


def _computed(op: ast.operator, left: Value, right: Value) -> Value:
    if left is None or right is None or (isinstance(op, ast.Div) and right == 0):
        return None
    join = {"Add": float.__add__, "Sub": float.__sub__, "Mult": float.__mul__, "Div": float.__truediv__}
    result = join[type(op).__name__](left, right)
    return result if abs(result) < float("inf") else None


def _compared(op: ast.cmpop, left: ast.expr, right: ast.expr, row: Row) -> Value:
    one = _value(left, row)
    others = (
        [_value(each, row) for each in right.elts] if isinstance(right, ast.Tuple) else [_value(right, row)]
    )
    if any(isinstance(each, float) for each in [one, *others]):
        one, others = _number(one), [_number(each) for each in others]
    if one is None or None in others:
        return None
    other = others[0]
    return {
        "Eq": lambda: one == other,
        "NotEq": lambda: one != other,
        "Lt": lambda: one < other,
        "LtE": lambda: one <= other,
        "Gt": lambda: one > other,
        "GtE": lambda: one >= other,
        "In": lambda: one in others,
        "NotIn": lambda: one not in others,
    }[type(op).__name__]()


def _called(name: str, given: list[Value]) -> Value:
    if name == "missing":
        return given[0] is None
    if name == "yes":
        return (_text(given[0]) or "").strip().lower() in {"1", "1.0", "true", "yes", "y", "t", "on", "x"}
    if name == "first":
        kinds = {type(each) for each in given if each is not None}
        return next((each if len(kinds) == 1 else _text(each) for each in given if each is not None), None)
    if any(each is None for each in given):
        return None
    if name == "number":
        return _number(given[0])
    if name in ("text", "concat"):
        return "".join(_text(each) or "" for each in given) if name == "concat" else _text(given[0])
    text, *rest = given
    result = {
        "lower": text.lower,
        "upper": text.upper,
        "trim": lambda: text.strip() or None,
        "replace": lambda: text.replace(rest[0], rest[1]) or None,
        "part": lambda: (dict(enumerate(text.split(rest[0]), 1)).get(int(rest[1]))) or None,
        "contains": lambda: rest[0] in text,
        "starts": lambda: text.startswith(rest[0]),
        "ends": lambda: text.endswith(rest[0]),
        "matches": lambda: re.search(rest[0], text) is not None,
        "days_after": lambda: _days_after(text, rest[0]),
    }
    return result[name]()


def _days_after(text: str, days: float) -> str | None:
    try:
        return (dt.date.fromisoformat(text) + dt.timedelta(days=round(days))).isoformat()
    except ValueError:
        return None


def _number(value: Value) -> float | None:
    if not isinstance(value, str):
        return value
    return float(value) if re.fullmatch(r"[+-]?\d+(\.\d+)?", value) else None


def _text(value: Value) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return value
