"""What may be handed to the functions of an expression."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm.mapping.operations import TYPES, Kind, Takes
from readiness.crm.mapping.terms import Term

WRITTEN_OUT: Final[dict[Takes, str]] = {
    "word": 'a text in quotes, such as "; "',
    "pattern": 'a pattern in quotes, such as r"^[0-9]+$"',
    "position": "a whole number from 1",
}
"""What must stand in the expression itself, because it is the same for every row."""

_ALLOWED: Final[dict[str, tuple[Kind, ...]]] = {
    "anything": ("text", "number", "truth", "nothing"),
    "value": ("text", "number"),
    "text": ("text",),
    "number": ("number",),
}


def fitted(term: Term, name: str, takes: Takes) -> Term | str:
    """Return a term as a function takes it, or in one sentence why it does not.

    Parameters
    ----------
    name : str
        The function's.
    takes : Takes
        What it takes in this place.
    """
    if takes in WRITTEN_OUT:
        return _written_out(term, name, takes)
    if takes == "number" and term.kind in ("text", "nothing"):
        return f"`{name}` takes a number here: write number(…)"
    if term.kind not in _ALLOWED[takes]:
        return f"`{name}` takes a {takes} here: write text(…)"
    return term


def _written_out(term: Term, name: str, takes: Takes) -> Term | str:
    literal = term.literal
    if takes == "position":
        if not (isinstance(literal, float) and literal.is_integer() and literal >= 1):
            return f"`{name}` takes {WRITTEN_OUT[takes]} here"
        return Term("number", term.run, int(literal), written_out=True)
    if not isinstance(literal, str) or not (literal or name == "replace"):
        return f"`{name}` takes {WRITTEN_OUT[takes]} here"
    if takes == "pattern":
        try:
            pc.match_substring_regex(pa.scalar("", TYPES["text"]), literal)
        except pa.ArrowInvalid:
            return f"`{name}` takes a pattern that RE2 can read"
    return term
