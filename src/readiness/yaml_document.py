"""YAML to a checked document: every fault at once, each with its line and column.

For documents that people write by hand. Only true and false are booleans, because NO is Norway and
yes is what the CRM says; a key that stands twice is a fault, because YAML would let the last one win
in silence.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeAlias, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Document = TypeVar("Document", bound=BaseModel)
Loc: TypeAlias = tuple[int | str, ...]

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


@dataclass(frozen=True, slots=True)
class Places:
    """Where each part of a document stands; no part of what it says, so that all places are equal."""

    name: str = field(default="", compare=False)
    """What errors call the document."""
    _root: yaml.Node | None = field(default=None, compare=False, repr=False)

    def of(self, loc: Loc) -> tuple[int, int] | None:
        """Return line and column, from 1, of a part or of the nearest thing around it; None if nowhere."""
        return None if self._root is None else _mark(self._root, loc)

    def key(self, loc: Loc) -> str:
        """Return the way to a part as people write it, `leads.columns.source`."""
        return _key(self._root, loc)


@dataclass(frozen=True, slots=True)
class Read(Generic[Document]):
    """The document, or everything that is wrong with it, sorted by line."""

    document: Document | None
    faults: tuple[Misread, ...] = ()
    root: yaml.Node | None = field(default=None, compare=False, repr=False)
    content: object = field(default=None, compare=False, repr=False)
    """What the text says, as far as it is YAML, where it is no document."""

    def places(self, name: str) -> Places:
        """Return where the parts of the document stand.

        Parameters
        ----------
        name : str
            What errors call the document.
        """
        return Places(name, self.root)


class _Yaml(yaml.SafeLoader):
    yaml_implicit_resolvers = {  # noqa: RUF012 - declared so by its base
        letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Yaml.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))

# JSON writes small and large numbers so, and JSON is YAML; YAML 1.1 wants a point before the exponent.
_Yaml.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?\d+(?:\.\d+)?[eE][-+]\d+$"), list("-0123456789")
)


def _or_text(construct: Callable[[yaml.SafeLoader, yaml.ScalarNode], object]) -> Callable[..., object]:
    # What only looks like a date, such as 2026-13-01, or is only called a number, such as !!int x, stays
    # a text, so that the fault names its key.
    def constructed(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> object:
        try:
            return construct(loader, node)
        except (ValueError, AttributeError, KeyError):
            return node.value

    return constructed


for _kind in ("timestamp", "int", "float", "bool"):
    _tag = f"tag:yaml.org,2002:{_kind}"
    _Yaml.add_constructor(_tag, _or_text(yaml.SafeLoader.yaml_constructors[_tag]))


def _whole_text(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    # JSON may write a rare sign as two escapes, "\\ud83d\\ude00", which YAML takes for two halves of signs.
    text = str(loader.construct_scalar(node))
    try:
        return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise yaml.constructor.ConstructorError(None, None, "half a sign", node.start_mark) from None


_Yaml.add_constructor("tag:yaml.org,2002:str", _whole_text)


def read(
    text: str, model: type[Document], check: Callable[[Document], Iterable[Contradiction]] | None = None
) -> Read[Document]:
    """Read a YAML text as a document of this model; JSON will do, being YAML.

    Parameters
    ----------
    check : callable, optional
        Returns what contradicts itself in a document whose parts are each right.
    """
    try:
        loader = _Yaml(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            return Read(
                None, (Misread(1, 1, "", "something else", "keys and values", "Start with `name: …`."),)
            )
        faults = list(_repeated_keys(root))
        content = None if faults else loader.construct_document(root)
    except yaml.YAMLError as error:
        return Read(None, (_no_yaml(error),))
    except RecursionError:
        endless = Misread(1, 1, "", "parts within parts without end", "YAML", "Remove `&` and `*` names.")
        return Read(None, (endless,))
    if faults:
        return Read(None, _sorted(faults))
    try:
        document = model.model_validate(content)
    except ValidationError as error:
        found = [_misread(detail, root, model) for detail in error.errors(include_url=False)]
        return Read(None, _sorted(found), content=content)
    found = [_contradicted(each, root) for each in (check(document) if check else ())]
    return Read(None, _sorted(found), content=content) if found else Read(document, root=root)


def part(text: str, loc: Loc) -> object:
    """Return what one part of a YAML text says; None where there is no such part, or no YAML."""
    loader, node = _found(text, loc)
    try:
        return None if node is None else loader.construct_object(node, deep=True)
    except yaml.YAMLError:
        return None


def replaced(text: str, loc: Loc, now: object) -> str:
    """Return a YAML text with one part of it changed, and all the rest as it was, comments included.

    Parameters
    ----------
    text : str
        A text that is no YAML comes back as it is.
    loc : tuple of keys and positions
        The part; a text that has no such part comes back as it is.
    now : whatever JSON can hold
        What the part should say; written in one line.
    """
    _, node = _found(text, loc)
    if node is None:
        return text
    return text[: node.start_mark.index] + json.dumps(now, ensure_ascii=False) + text[_end(node) :]


def _found(text: str, loc: Loc) -> tuple[_Yaml, yaml.Node | None]:
    loader = _Yaml(text)
    try:
        return loader, _node_at(loader.get_single_node(), loc)
    except yaml.YAMLError:
        return loader, None


def _node_at(root: yaml.Node | None, loc: Loc) -> yaml.Node | None:
    node = root
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            return None
    return node


def _end(node: yaml.Node) -> int:
    # A block ends, to the parser, only where the next thing begins: past the comments between them.
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _contradicted(each: Contradiction, root: yaml.Node) -> Misread:
    line, column = _mark(root, each.loc)
    return Misread(line, column, _key(root, each.loc), each.seen, each.expected, each.remedy)


def _sorted(faults: list[Misread]) -> tuple[Misread, ...]:
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.line, fault.column, fault.key)))


def _no_yaml(error: yaml.YAMLError) -> Misread:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "something else"
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Misread(line, column, "", problem, "YAML", "Check indentation, colons and quotes around there.")


def _repeated_keys(node: yaml.Node) -> Iterator[Misread]:
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
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)


def _misread(detail: ErrorDetails, root: yaml.Node, model: type[BaseModel]) -> Misread:
    loc, kind = detail["loc"], detail["type"]
    line, column = _mark(root, loc)
    key = _key(root, tuple(step for step in loc if step != "[key]"))
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


def _key(root: yaml.Node | None, loc: Loc) -> str:
    """Return the way to a place; a position is left out where the document has one part instead of a list."""
    node, steps = root, []
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            if isinstance(step, int) and not any(key.value == str(step) for key, _ in node.value):
                continue
            node = next((value for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            node = None
        steps.append(str(step))
    return ".".join(steps)


def _mark(root: yaml.Node, loc: Loc) -> tuple[int, int]:
    """Return line and column of the place, or of the nearest thing around it that is there."""
    node, mark = root, root.start_mark
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is not None:
                mark, node = found[0].start_mark, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
    return mark.line + 1, mark.column + 1
