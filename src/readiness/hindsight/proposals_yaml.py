"""A proposal as a whole new document: the agreement's own text with the changes put in, comments and all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Final

import yaml

from readiness.agreement.document import Agreement
from readiness.agreement.reading import parse
from readiness.errors import AgreementError
from readiness.hindsight.proposals import END, Edit, amended, make, position

NOT_SIGNED: Final = "nobody yet"
"""Who signed a proposal."""

_WIDE: Final = 120
_INDENT: Final = 2
_FOLLOWS: Final = {"changes": "version"}
"""A key that is new stands behind this one, if that is there; else behind the last."""


def written(
    text: str, agreement: Agreement, edits: Iterable[Edit], *, proposed_on: dt.date, changes: str
) -> str:
    """Return the document's text with the edits made, a version of its own and no signatures.

    Each edit is put where it belongs in the text, so that comments and order stay. A text written in a way
    that this cannot follow is written anew, in its own order of sections and without comments.

    Parameters
    ----------
    text : str
        What ``agreement`` was read from.
    proposed_on : date
        Until when the history goes; stands where the day of signing will.
    changes : str
        What changed, in a sentence or two.

    Raises
    ------
    AgreementError
        If the edits make no agreement, or one that contradicts itself.
    """
    whole = [*edits, *_heading(agreement, proposed_on, changes)]
    wanted = amended(agreement, whole)
    if wanted is None:
        raise AgreementError("The changes proposed make no agreement together; propose fewer.")
    edited = text
    try:
        for edit in whole:
            edited = put(edited, edit)
        if parse(edited).text == wanted.text:
            return edited
    except (AgreementError, yaml.YAMLError, KeyError, IndexError):
        pass
    anew = _anew(text, whole)
    parse(anew, name="the proposed agreement")
    return anew


def _heading(agreement: Agreement, proposed_on: dt.date, changes: str) -> list[Edit]:
    unsigned = {"by": NOT_SIGNED, "on": proposed_on}
    return [
        Edit(("version",), f"{agreement.version}-proposed"),
        Edit(("changes",), changes),
        *(
            Edit(("signatures", side, key), unsigned[key])
            for side in ("sales", "marketing")
            for key in unsigned
        ),
    ]


def put(text: str, edit: Edit) -> str:
    """Make one edit in a YAML text, leaving all else as it stands.

    A value is replaced where it stands; what is new goes behind the last entry of its part, in its way of
    writing (a line of its own, or within the brackets).

    Raises
    ------
    KeyError
        If the text has no such place.
    """
    *way, last = edit.loc
    part = _root(text)
    for number, step in enumerate(way):
        found = _entry(part, step)
        if found is None:
            if edit.value is None:
                return text
            return _added(text, part, step, _nested((*way, last)[number + 1 :], edit.value))
        part = found[1]
    found = None if last == END else _entry(part, last)
    if found is None:
        return text if edit.value is None else _added(text, part, last, edit.value)
    key, value = found
    if edit.value is None:
        return _without(text, part, key if key is not None else value, value)
    begin, end, said = value.start_mark.index, _end(text, value), _flow(edit.value)
    return text[:begin] + said + _kept_in_line(text[end:], len(said) - (end - begin))


def _kept_in_line(rest: str, longer: int) -> str:
    """Leave a comment behind a value in its column, if there is room."""
    gap = len(rest) - len(rest.lstrip(" "))
    if gap == 0 or not rest[gap:].startswith("#"):
        return rest
    return " " * max(gap - longer, 1) + rest[gap:]


def _root(text: str) -> yaml.Node:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        raise KeyError("an empty document")
    return root


def _in_brackets(part: yaml.Node) -> bool:
    return isinstance(part, yaml.CollectionNode) and bool(part.flow_style)


def _nested(way: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - whatever a document can hold
    for step in reversed(way):
        value = [value] if step == END else {step: value}
    return value


def _entry(part: yaml.Node, step: Any) -> tuple[yaml.Node | None, yaml.Node] | None:  # noqa: ANN401
    if isinstance(part, yaml.MappingNode):
        return next(((key, value) for key, value in part.value if key.value == str(step)), None)
    place = position([_plain(entry) for entry in part.value], step)
    return None if place is None else (None, part.value[place])


def _plain(node: yaml.Node) -> Any:  # noqa: ANN401
    if isinstance(node, yaml.MappingNode):
        return {key.value: value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _end(text: str, node: yaml.Node) -> int:
    """Return where a node's own text ends; PyYAML lets a block reach to the next token."""
    end = int(node.end_mark.index)
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    return end


def _added(text: str, part: yaml.Node, step: Any, value: Any) -> str:  # noqa: ANN401
    mapping = isinstance(part, yaml.MappingNode)
    entry = f"{_flow(step)}: {_flow(value)}" if mapping else _flow(value)
    if _in_brackets(part) or not part.value:
        close = part.end_mark.index - 1
        comma = ", " if part.value else ""
        return text[:close] + comma + entry + text[close:]
    first = part.value[0][0] if mapping else part.value[0]
    column = first.start_mark.column - (0 if mapping else _INDENT)
    before = _entry(part, _FOLLOWS[step]) if step in _FOLLOWS else None
    end = _line_end(text, _end(text, part if before is None else before[1]))
    return f"{text[:end]}\n{' ' * column}{'' if mapping else '- '}{entry}{text[end:]}"


def _without(text: str, part: yaml.Node, first: yaml.Node, last: yaml.Node) -> str:
    begin, end = first.start_mark.index, _end(text, last)
    if _in_brackets(part):
        # With the comma behind it, or, of the last entry, the one before it.
        rest = text[end:]
        stripped = rest.lstrip(" \n")
        if stripped.startswith(","):
            return text[:begin] + stripped[1:].lstrip(" ")
        return text[:begin].rstrip(" \n").removesuffix(",") + rest
    line = text.rfind("\n", 0, begin) + 1
    return text[:line] + text[_line_end(text, end) + 1 :]


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _flow(value: Any) -> str:  # noqa: ANN401
    said = yaml.safe_dump(
        _tidy(value), default_flow_style=True, allow_unicode=True, width=1_000_000, sort_keys=False
    )
    return said.removesuffix("\n").removesuffix("\n...").removesuffix("...").rstrip("\n")


def _tidy(value: Any) -> Any:  # noqa: ANN401
    """Write whole numbers without a point, as people do."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _tidy(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_tidy(each) for each in value]
    return value


def _anew(text: str, edits: Iterable[Edit]) -> str:
    content = json.loads(parse(text).text)
    for edit in edits:
        make(content, edit)
    order = [key.value for key, _ in _root(text).value]
    ordered = {key: content[key] for key in [*order, *sorted(set(content) - set(order))] if key in content}
    return yaml.safe_dump(_tidy(ordered), allow_unicode=True, width=_WIDE, sort_keys=False)
