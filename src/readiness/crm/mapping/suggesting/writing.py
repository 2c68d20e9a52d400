"""A mapping as text: YAML that people read, with the reason of each guess beside it."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

WIDE: Final = 110
_PLAIN: Final = re.compile(r"[^\W\d][\w.\-/+]*(?: [\w.\-/+()&]+)*")
_PLAIN_IN_BLOCKS: Final = re.compile(r"[^\W\d](?:[\w .,;'()&%/+<>=?!-]|:(?=\S))*(?<![ :])")
_NOT_PLAIN: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Flow:
    """Keys and values, or a list, on one line where they fit."""

    content: Mapping[str, Value] | Sequence[Scalar]


@dataclass(frozen=True, slots=True)
class Line:
    """A key with its value, and why it is so."""

    key: str
    value: Value
    why: str = ""
    """Said behind the line where there is room, else above it."""


Value: TypeAlias = "Scalar | Flow | tuple[Line, ...] | tuple[tuple[Line, ...], ...]"


def yaml(lines: Sequence[Line]) -> str:
    """Write keys and values as YAML; a blank line stands before each of the outermost parts."""
    parts = ["\n".join(_line(line, 0)) for line in lines]
    return "".join(part + "\n" + ("\n" if "\n" in part else "") for part in parts)


def comment(text: str, indent: int = 0) -> list[str]:
    """Write a text as comment lines."""
    room = WIDE - indent - 2
    return [
        " " * indent + "# " + line
        for line in textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    ]


def scalar(value: Scalar) -> str:
    """Write one value; quoted where YAML would take it for something else.

    >>> scalar("Won"), scalar("yes"), scalar("a: b"), scalar(None), scalar("12")
    ('Won', '"yes"', '"a: b"', 'null', '"12"')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return value if _PLAIN.fullmatch(value) and value.lower() not in _NOT_PLAIN else _in_quotes(value)


def _in_quotes(value: str) -> str:
    if '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)


def _in_block(value: Scalar) -> str:
    if isinstance(value, str) and _PLAIN_IN_BLOCKS.fullmatch(value) and value.lower() not in _NOT_PLAIN:
        return value
    return scalar(value)


def _line(line: Line, indent: int) -> Iterator[str]:
    blank, key = " " * indent, line.key if line.key == "on" else scalar(line.key)
    value = line.value
    if isinstance(value, Flow):
        text = f"{blank}{key}: {_flow(value)}"
        if len(text) > WIDE and isinstance(value.content, Mapping):
            yield from _with_why(f"{blank}{key}:", line.why, indent)
            for name, inner in value.content.items():
                yield from _line(Line(name, inner), indent + 2)
            return
        yield from _with_why(text, line.why, indent)
    elif isinstance(value, tuple):
        yield from _with_why(f"{blank}{key}:", line.why, indent)
        yield from _block(value, indent + 2)
    else:
        yield from _with_why(f"{blank}{key}: {_in_block(value)}", line.why, indent)


def _block(value: tuple[Line, ...] | tuple[tuple[Line, ...], ...], indent: int) -> Iterator[str]:
    for each in value:
        if isinstance(each, Line):
            yield from _line(each, indent)
            continue
        first = True
        for line in (text for inner in each for text in _line(inner, indent + 2)):
            if first and not line.lstrip().startswith("#"):
                first = False
                yield line[:indent] + "- " + line[indent + 2 :]
            else:
                # A comment before the first key stands as deep as its dash.
                yield line[2:] if first else line


def _with_why(text: str, why: str, indent: int) -> Iterator[str]:
    if not why:
        yield text
    elif len(text) + len(why) + 4 <= WIDE and not why.startswith("DECIDE"):
        yield f"{text}  # {why}"
    else:
        yield from comment(why, indent)
        yield text


def _flow(flow: Flow) -> str:
    if not isinstance(flow.content, Mapping):
        return "[" + ", ".join(scalar(each) for each in flow.content) + "]"
    inside = (f"{scalar(key)}: {_inner(value)}" for key, value in flow.content.items())
    return "{" + ", ".join(inside) + "}"


def _inner(value: Value) -> str:
    if isinstance(value, Flow):
        return _flow(value)
    if isinstance(value, tuple):
        raise TypeError("a block within a line")
    return scalar(value)
