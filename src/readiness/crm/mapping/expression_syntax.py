"""How an expression is written: Python's syntax, a whitelist of it, read into terms and never run."""

from __future__ import annotations

import ast
import difflib
import keyword
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm.mapping.expression_arguments import WRITTEN_OUT, fitted
from readiness.crm.mapping.operations import (
    FUNCTIONS,
    TYPES,
    Datum,
    Function,
    Kind,
    Takes,
    arithmetic,
    cell_texts,
    is_one_of,
)
from readiness.crm.mapping.terms import Term, as_kind, as_numbers, constant, folded, say

LONGEST: Final = 2_000
"""An expression has at most so many characters; a longer one belongs into the export itself."""

_ORDER: Final[dict[type[ast.cmpop], Callable[[Datum, Datum], Datum]]] = {
    ast.Eq: pc.equal,
    ast.NotEq: pc.not_equal,
    ast.Lt: pc.less,
    ast.LtE: pc.less_equal,
    ast.Gt: pc.greater,
    ast.GtE: pc.greater_equal,
}
_ARITHMETIC: Final[dict[type[ast.operator], Callable[[Datum, Datum], Datum]]] = {
    ast.Add: pc.add,
    ast.Sub: pc.subtract,
    ast.Mult: pc.multiply,
    ast.Div: pc.divide,
}


def read(written: str) -> tuple[Term, tuple[str, ...]]:
    """Read an expression; return what computes it, and the columns it names.

    Raises
    ------
    ValueError
        If it is not in the language; one sentence that says what and at which character, from 1.
    """
    reader = _Reader(written)
    return reader.read(), tuple(reader.columns)


def _broken(source: str) -> str:
    reserved = set(keyword.kwlist) - {"and", "or", "not", "in", "if", "else", "None", "True", "False"}
    word = next((word for word in re.findall(r"\w+", source) if word in reserved), None)
    if word is not None:
        return f'a column with the name of a Python word is written col("{word}")'
    return "it breaks off or goes on where it should not"


class _Reader:
    """One expression being read."""

    def __init__(self, written: str) -> None:
        self._written = written
        self.columns: dict[str, None] = {}

    def read(self) -> Term:
        if len(self._written) > LONGEST:
            raise ValueError(f"an expression of at most {LONGEST:,} characters")
        lead = len(self._written) - len(self._written.lstrip())
        source = " ".join(self._written[lead:].splitlines())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                root = ast.parse(source, mode="eval").body
            self._source, self._lead = source, lead
            term = self._term(root)
        except SyntaxError as error:
            where = f"(character {lead + (error.offset or 1)})"
            raise ValueError(f"{_broken(source)} {where}") from None
        except (RecursionError, MemoryError, OverflowError):
            raise ValueError("an expression with fewer parts within parts") from None
        return term

    def _refused(self, node: ast.AST, sentence: str) -> ValueError:
        before = self._source.encode()[: getattr(node, "col_offset", 0)].decode(errors="ignore")
        return ValueError(f"{sentence} (character {self._lead + len(before) + 1})")

    def _term(self, node: ast.expr) -> Term:
        match node:
            case ast.Constant():
                return self._literal(node)
            case ast.Name():
                return self._column(node.id)
            case ast.Call():
                return self._call(node)
            case ast.BoolOp():
                return self._connected(node)
            case ast.UnaryOp():
                return self._signed(node)
            case ast.BinOp():
                return self._computed(node)
            case ast.Compare():
                return self._compared(node)
            case ast.IfExp():
                return self._chosen(node)
        raise self._refused(
            node, "only columns, texts, numbers, comparisons, and/or/not, + - * / and functions"
        )

    def _literal(self, node: ast.Constant) -> Term:
        value = node.value
        if value is None:
            return Term("nothing", lambda _: pa.scalar(None), None, written_out=True)
        if isinstance(value, bool):
            return constant("truth", value)
        if isinstance(value, str):
            return constant("text", value)
        if isinstance(value, int | float) and abs(value) != float("inf"):
            return constant("number", float(value))
        raise self._refused(node, "texts, numbers, True, False and None are the only literals")

    def _column(self, name: str) -> Term:
        self.columns.setdefault(name)
        return Term("text", lambda rows: cell_texts(rows.column(name)))

    def _call(self, node: ast.Call) -> Term:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self._refused(node, "a function is called by its name, with its arguments in order")
        name = node.func.id
        if name == "col":
            if len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
                value = node.args[0].value
                if isinstance(value, str) and value:
                    return self._column(value)
            raise self._refused(node, 'col takes the name of one column in quotes, such as col("Deal Stage")')
        if name not in FUNCTIONS:
            close = difflib.get_close_matches(name, FUNCTIONS, n=1)
            nearest = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(FUNCTIONS)}"
            raise self._refused(node, f"there is no function `{name}`; {nearest}")
        return self._applied(node, name, FUNCTIONS[name])

    def _applied(self, node: ast.Call, name: str, function: Function) -> Term:
        takes = list(function.takes)
        if function.more:
            takes += takes[-1:] * (len(node.args) - len(takes))
        if len(node.args) != len(takes):
            wanted = f"at least {len(takes)}" if function.more else str(len(takes))
            raise self._refused(node, f"`{name}` takes {wanted} {'value' if wanted == '1' else 'values'}")
        arguments = [self._argument(each, name, kind) for each, kind in zip(node.args, takes, strict=True)]
        gives = function.gives
        if gives is None:
            gives, arguments = self._alike(node, arguments)
        runs = [
            each.run if kind not in WRITTEN_OUT else say(each.literal)
            for each, kind in zip(arguments, takes, strict=True)
        ]
        return Term(gives, lambda rows: function.run(*(run(rows) for run in runs)))

    def _argument(self, node: ast.expr, name: str, takes: Takes) -> Term:
        found = fitted(self._term(node), name, takes)
        if isinstance(found, str):
            raise self._refused(node, found)
        return found

    def _connected(self, node: ast.BoolOp) -> Term:
        parts = [self._truth(value) for value in node.values]
        connect = pc.and_kleene if isinstance(node.op, ast.And) else pc.or_kleene
        return folded(connect, parts)

    def _truth(self, node: ast.expr) -> Term:
        term = self._term(node)
        if term.kind != "truth":
            raise self._refused(
                node, 'a condition is wanted here, such as status == "Open" or missing(status)'
            )
        return term

    def _signed(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not):
            truth = self._truth(node.operand)
            return Term("truth", lambda rows: pc.invert(truth.run(rows)))
        term = self._number(node.operand)
        if isinstance(node.op, ast.UAdd):
            return term
        if isinstance(node.op, ast.USub):
            if isinstance(term.literal, float):
                return constant("number", -term.literal)
            return Term("number", lambda rows: pc.negate(term.run(rows)))
        raise self._refused(node, "only +, - and not may stand before a value")

    def _number(self, node: ast.expr) -> Term:
        term = self._term(node)
        if term.kind != "number":
            raise self._refused(node, "a number is wanted here: write number(…)")
        return term

    def _computed(self, node: ast.BinOp) -> Term:
        if type(node.op) not in _ARITHMETIC:
            raise self._refused(node, "numbers can be joined by + - * / only")
        function = _ARITHMETIC[type(node.op)]
        left, right = self._number(node.left), self._number(node.right)
        return Term("number", lambda rows: arithmetic(function, left.run(rows), right.run(rows)))

    def _compared(self, node: ast.Compare) -> Term:
        operands = [node.left, *node.comparators]
        parts = [
            self._pair(operator, left, right)
            for operator, left, right in zip(node.ops, operands, operands[1:], strict=False)
        ]
        return folded(pc.and_kleene, parts)

    def _pair(self, operator: ast.cmpop, left: ast.expr, right: ast.expr) -> Term:
        if isinstance(operator, ast.In | ast.NotIn):
            found = self._listed(left, right)
            if isinstance(operator, ast.In):
                return found
            return Term("truth", lambda rows: pc.invert(found.run(rows)))
        if type(operator) not in _ORDER:
            raise self._refused(
                right, "values are compared by == != < <= > >= and in; `missing(x)` asks for nothing"
            )
        one, other = self._term(left), self._term(right)
        self._comparable(right, operator, one, other)
        compare = _ORDER[type(operator)]
        one, other = as_numbers(one, other)
        return Term("truth", lambda rows: compare(one.run(rows), other.run(rows)))

    def _comparable(self, node: ast.expr, operator: ast.cmpop, one: Term, other: Term) -> None:
        kinds = {one.kind, other.kind}
        equality = isinstance(operator, ast.Eq | ast.NotEq)
        if "nothing" in kinds or (equality and any(each.literal == "" for each in (one, other))):
            raise self._refused(node, "an empty cell is missing, and nothing equals it: write missing(x)")
        if kinds == {"text", "number"} and not equality:
            raise self._refused(node, "numbers are compared with numbers: write number(x) on both sides")
        if "truth" in kinds and (len(kinds) > 1 or not equality):
            raise self._refused(node, 'a cell is a text: compare it with its word, such as "TRUE"')

    def _listed(self, left: ast.expr, right: ast.expr) -> Term:
        value = self._term(left)
        if not isinstance(right, ast.Tuple | ast.List):
            raise self._refused(
                right, '`in` takes a list, such as ("TRUE", "1"); contains(x, "…") looks into a text'
            )
        words = [self._term(each) for each in right.elts]
        kinds = {word.kind for word in words}
        alike = len(kinds) == 1 and kinds <= {"text", "number"} and value.kind in ("text", "number")
        if not alike or not all(word.written_out for word in words):
            raise self._refused(right, "`in` takes texts or numbers that are written out, all of one kind")
        value, _ = as_numbers(value, words[0])
        kind: Kind = "number" if value.kind == "number" else "text"
        if kind not in kinds:
            raise self._refused(right, "numbers are looked for among numbers")
        listed = pa.array([word.literal for word in words], TYPES[kind])
        return Term("truth", lambda rows: is_one_of(value.run(rows), listed))

    def _chosen(self, node: ast.IfExp) -> Term:
        condition = self._truth(node.test)
        kind, (yes, no) = self._alike(node, [self._term(node.body), self._term(node.orelse)])
        return Term(kind, lambda rows: pc.if_else(condition.run(rows), yes.run(rows), no.run(rows)))

    def _alike(self, node: ast.expr, terms: Sequence[Term]) -> tuple[Kind, list[Term]]:
        """Return terms of one kind: texts where texts and numbers meet."""
        kinds = {term.kind for term in terms} - {"nothing"}
        if "truth" in kinds and len(kinds) > 1:
            raise self._refused(node, "either conditions or values, not both")
        kind: Kind = "nothing" if not kinds else "text" if len(kinds) > 1 else kinds.pop()
        return kind, [as_kind(term, kind) for term in terms]
