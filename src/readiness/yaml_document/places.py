"""Where the parts of a YAML document stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

Loc: TypeAlias = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where each part of a document stands; no part of what it says, so that all places are equal."""

    name: str = field(default="", compare=False)
    """What errors call the document."""
    _root: yaml.Node | None = field(default=None, compare=False, repr=False)

    def of(self, loc: Loc) -> tuple[int, int] | None:
        """Return line and column, from 1, of a part or of the nearest thing around it; None if nowhere."""
        return None if self._root is None else mark_of(self._root, loc)

    def key(self, loc: Loc) -> str:
        """Return the way to a part as people write it, `leads.columns.source`."""
        return key_of(self._root, loc)


def key_of(root: yaml.Node | None, loc: Loc) -> str:
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


def mark_of(root: yaml.Node, loc: Loc) -> tuple[int, int]:
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
