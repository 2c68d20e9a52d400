"""One part of a YAML text: read, or changed while all the rest stays as it was."""

from __future__ import annotations

import json

import yaml

from readiness.yaml_document.loader import Loader
from readiness.yaml_document.places import Loc


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


def _found(text: str, loc: Loc) -> tuple[Loader, yaml.Node | None]:
    loader = Loader(text)
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
