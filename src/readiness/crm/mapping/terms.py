"""The parts of an expression: what each gives, and how it is computed for all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pyarrow as pa

from readiness.crm.frames import ArrowTable
from readiness.crm.mapping.operations import TYPES, Datum, Kind, number, text

Run: TypeAlias = Callable[[ArrowTable], Datum]
"""Computes a part from the rows of a file."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an expression: what it gives, and how."""

    kind: Kind
    run: Run
    literal: str | float | bool | None = None
    written_out: bool = False


def constant(kind: Literal["text", "number", "truth"], value: str | float | bool) -> Term:
    """Return a part that was written out."""
    scalar = pa.scalar(value, TYPES[kind])
    return Term(kind, lambda _: scalar, value, written_out=True)


def say(literal: str | float | bool | None) -> Run:
    """Return what gives a literal itself, whatever the rows."""
    return lambda _: literal


def folded(connect: Callable[[Datum, Datum], Datum], parts: Sequence[Term]) -> Term:
    """Return conditions connected from left to right."""

    def run(rows: ArrowTable) -> Datum:
        result = parts[0].run(rows)
        for part in parts[1:]:
            result = connect(result, part.run(rows))
        return result

    return Term("truth", run)


def as_kind(term: Term, kind: Kind) -> Term:
    """Return a term as one of this kind; None becomes a missing one."""
    if term.kind == kind:
        return term
    if term.kind == "nothing":
        return Term(kind, lambda _: pa.scalar(None, TYPES[kind]))
    return Term(kind, lambda rows: text(term.run(rows)))


def as_numbers(one: Term, other: Term) -> tuple[Term, Term]:
    """Return both as numbers where one of them is a number, unchanged where neither is."""
    if "number" not in (one.kind, other.kind):
        return one, other
    return _numeric(one), _numeric(other)


def _numeric(term: Term) -> Term:
    return term if term.kind == "number" else Term("number", lambda rows: number(term.run(rows)))
