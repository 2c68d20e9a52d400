"""The door through which an agreement comes in: YAML to a checked document, faults with their line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from readiness.agreement.document import Agreement
from readiness.errors import AgreementError

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


class _Yaml(yaml.SafeLoader):
    """YAML in which only true and false are booleans: NO is Norway, and yes is what the CRM says."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - declared so by its base
        letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Yaml.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def load(path: Path) -> Agreement:
    """Read an agreement from a YAML file.

    Raises
    ------
    AgreementError
        If the file cannot be read, is no YAML, has keys or values that an agreement does not know, or
        contradicts itself. Every fault is named with its line and a remedy.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise AgreementError(f"{path.name} cannot be read: {reason}. Name an existing YAML file.") from None
    return parse(text, name=path.name)


def parse(text: str, *, name: str = "agreement") -> Agreement:
    """Read an agreement from YAML text; JSON will do, being YAML.

    Parameters
    ----------
    text : str
        The document.
    name : str
        What errors call it.

    Raises
    ------
    AgreementError
        As `load`.
    """
    try:
        loader = _Yaml(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise AgreementError(f"{name}, line 1: an agreement is keys and values; start with `name: …`.")
        faults = list(_repeated_keys(root))
        content = None if faults else loader.construct_document(root)
    except yaml.YAMLError as error:
        raise AgreementError(f"{name}, {_yaml_fault(error)}") from None
    if faults:
        raise _error(name, faults)
    try:
        return Agreement.model_validate(content)
    except ValidationError as error:
        found = [_fault(detail, root) for detail in error.errors(include_url=False)]
        raise _error(name, found) from None


def _error(name: str, faults: Sequence[tuple[int, str]]) -> AgreementError:
    lines = [f"{name}, line {line}: {what}" for line, what in sorted(set(faults))]
    return AgreementError("\n".join(lines))


def _yaml_fault(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "this is no YAML"
    line = mark.line + 1 if mark is not None else 1
    return f"line {line}: {problem}. Check indentation, colons and quotes around there."


def _repeated_keys(node: yaml.Node) -> Iterator[tuple[int, str]]:
    # YAML lets the last of two equal keys win in silence; then half of what was agreed is not in force.
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.start_mark.line + 1, f"`{key.value}` stands here twice; keep one."
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)


def _fault(detail: ErrorDetails, root: yaml.Node) -> tuple[int, str]:
    loc = detail["loc"]
    line = _line(root, loc)
    kind = detail["type"]
    where = ".".join(str(step) for step in loc if step != "[key]")
    if kind == "missing":
        return line, f"`{where}` is missing; add it."
    if kind == "extra_forbidden":
        return line, f"`{where}` is no key of an agreement{_nearest(loc)}."
    message = detail["msg"].removeprefix("Value error, ")
    message = message[0].lower() + message[1:]
    said = f"{message}." if kind == "value_error" else f"{message}; saw {_seen(detail['input'])}."
    remedy = _REMEDIES.get(kind, "" if kind == "value_error" else "Change it accordingly.")
    return line, f"`{where or 'the whole'}`: {said} {remedy}".rstrip()


def _seen(value: object) -> str:
    if isinstance(value, str | int | float | None):
        return f"`{value}`" if value is not None else "nothing"
    return "keys and values" if isinstance(value, Mapping) else f"a {type(value).__name__}"


def _nearest(loc: Loc) -> str:
    model = _model_at(loc[:-1])
    known = [] if model is None else list(model.model_fields)
    close = difflib.get_close_matches(str(loc[-1]), known, n=1)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; remove it, or use one of {', '.join(known)}" if known else "; remove it"


def _model_at(loc: Loc) -> type[BaseModel] | None:
    model: type[BaseModel] | None = Agreement
    for step in loc:
        if model is None:
            return None
        if isinstance(step, str) and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation) or model
        # A position in a list, or a key of a mapping: its entries are of the model already found.
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        model = _model_in(part)
        if model is not None:
            return model
    return None


def _line(root: yaml.Node, loc: Loc) -> int:
    """Return the line of the place, or of the nearest thing around it that is there."""
    node, line = root, root.start_mark.line
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return line + 1
