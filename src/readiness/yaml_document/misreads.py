"""What is wrong with a YAML document, each fault with its line, key and remedy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_args

import yaml
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from readiness.yaml_document.places import Loc, key_of, mark_of

_REMEDIES: Final = {
    "string_type": "Write a text here; put quotes around numbers, dates and yes/no.",
    "float_type": "Write a number here, without quotes.",
    "int_type": "Write a whole number here, without quotes.",
    "tuple_type": "Write a list here: [one, another].",
    "mapping_type": "Write keys and values here, one a line, indented.",
    "dict_type": "Write keys and values here, one a line, indented.",
    "model_type": "Write keys and values here, one a line, indented.",
    "date_type": "Write a date here: 2026-03-14.",
    "date_from_datetime_parsing": "Write a date here: 2026-03-14.",
    "too_short": "Put at least one entry here.",
    "string_too_short": "Write something here.",
}


@dataclass(frozen=True, slots=True)
class Misread:
    """One thing wrong with a document: where it stands, which key, what was seen, expected, what to do."""

    line: int
    column: int
    """Both from 1."""
    key: str
    seen: str
    expected: str
    remedy: str
    in_its_own_words: bool = False
    """A rule of the document itself is broken: what is expected is then that rule's own sentence."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a document says in one place and denies, or lacks, in another."""

    loc: Loc
    """The keys and positions that lead there."""
    seen: str
    expected: str
    remedy: str


def contradicted(each: Contradiction, root: yaml.Node) -> Misread:
    """Return a contradiction as a fault of the document, with its place."""
    line, column = mark_of(root, each.loc)
    return Misread(line, column, key_of(root, each.loc), each.seen, each.expected, each.remedy)


def in_order(faults: list[Misread]) -> tuple[Misread, ...]:
    """Return each fault once, by line and column."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.line, fault.column, fault.key)))


def no_yaml(error: yaml.YAMLError) -> Misread:
    """Return what keeps a text from being YAML at all."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "something else"
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Misread(line, column, "", problem, "YAML", "Check indentation, colons and quotes around there.")


def repeated_keys(node: yaml.Node) -> Iterator[Misread]:
    """Return the keys that stand twice in one mapping, and keys that are no word."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            if not isinstance(key, yaml.ScalarNode):
                yield Misread(line, column, "", "a key of several parts", "a word", "Remove the `?`.")
                continue
            if key.value in seen:
                yield Misread(line, column, key.value, "the key twice", "it once", "Keep one.")
            seen.add(key.value)
            yield from repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from repeated_keys(item)


def misread(detail: ErrorDetails, root: yaml.Node, model: type[BaseModel]) -> Misread:
    """Return a model's complaint as a fault with its place, what was seen, expected, and a remedy."""
    loc, kind = detail["loc"], detail["type"]
    line, column = mark_of(root, loc)
    key = key_of(root, tuple(step for step in loc if step != "[key]"))
    if kind == "missing":
        return Misread(line, column, key, "nothing", "this key", "Add it.")
    if kind == "extra_forbidden":
        expected, remedy = _known_keys(model, loc)
        return Misread(line, column, key, "an unknown key", expected, remedy)
    rule = kind == "value_error"
    expected = _rule(detail) if rule else _expected(detail["msg"])
    remedy = _REMEDIES.get(kind, "Change it accordingly.")
    return Misread(line, column, key, _seen(detail["input"]), expected, remedy, in_its_own_words=rule)


def _rule(detail: ErrorDetails) -> str:
    said = detail["msg"].removeprefix("Value error, ")
    return said[0].lower() + said[1:].removesuffix(".")


def _expected(said: str) -> str:
    # "Input should be greater than 0" → "a number greater than 0": it follows "expected".
    what = re.sub(r"^\w+ should (?:be|have) ", "", said).removesuffix(".")
    return f"a number {what}" if what.startswith(("greater", "less")) else what


def _seen(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str | int | float):
        return repr(value)
    return "keys and values" if isinstance(value, Mapping) else "a list"


def _known_keys(model: type[BaseModel], loc: Loc) -> tuple[str, str]:
    inner = _model_at(model, loc[:-1])
    known = [] if inner is None else [field.alias or name for name, field in inner.model_fields.items()]
    close = difflib.get_close_matches(str(loc[-1]), known, n=1)
    remedy = f"Did you mean `{close[0]}`?" if close else "Remove it."
    return f"one of {', '.join(known)}" if known else "no such key", remedy


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    found: type[BaseModel] | None = model
    for step in loc:
        if found is None:
            return None
        fields = {field.alias or name: field for name, field in found.model_fields.items()}
        if step in fields:
            found = _model_in(fields[str(step)].annotation) or found
        # A position in a list, or a key of a mapping: its entries are of the model already found.
    return found


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_model_in(part) for part in get_args(annotation))
    return next((model for model in models if model is not None), None)
