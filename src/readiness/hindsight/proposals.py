"""Changes to an agreement as edits of its parts, so that each can be tried, judged, read and written."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from readiness.agreement import wording
from readiness.agreement.document import Agreement
from readiness.agreement.reading import parse
from readiness.errors import AgreementError

Step: TypeAlias = str | int
Loc: TypeAlias = tuple[Step, ...]

END: Final = "+"
"""As the last step: put it behind the last entry of a list."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One part of the document and what it should hold; ``value`` None takes it away.

    A word as a step within a list names the entry that is this word, or whose ``name`` (of a question:
    ``about``) it is.
    """

    loc: Loc
    value: Any


@dataclass(frozen=True, slots=True)
class Option:
    """Something the agreement could say instead: the edits, how to say it, and what speaks for it.

    Two options of one ``slot`` exclude each other, because they change the same part.
    """

    slot: str
    edits: tuple[Edit, ...]
    says: str
    because: str
    """Empty where nothing but the search itself speaks for it."""


def amended(agreement: Agreement, edits: Iterable[Edit]) -> Agreement | None:
    """Return the agreement with these edits made; None if that is no agreement any more.

    Whether it contradicts itself is not asked: to try conditions one by one, some are left without others.

    Parameters
    ----------
    edits : in the order in which they are made
        An edit of a part that is not there any more changes nothing.
    """
    content = json.loads(agreement.text)
    for edit in edits:
        make(content, edit)
    try:
        # Dates are written as texts.
        return Agreement.model_validate_json(json.dumps(content, default=str))
    except ValidationError:
        return None


def lawful(agreement: Agreement | None) -> Agreement | None:
    """Return the agreement if it can be signed as it is: None if it contradicts itself."""
    if agreement is None:
        return None
    try:
        return parse(agreement.text)
    except AgreementError:
        return None


def make(content: Any, edit: Edit) -> None:  # noqa: ANN401 - whatever a document can hold
    """Make an edit in a document's content, in place."""
    *way, last = edit.loc
    part = content
    for number, step in enumerate(way):
        place = position(part, step)
        if place is None:
            if edit.value is None or not isinstance(part, dict):
                return
            part[step] = [] if (*way, last)[number + 1] == END else {}
            place = step
        part = part[place]
    _set(part, last, edit.value)


def position(part: Any, step: Step) -> Step | None:  # noqa: ANN401
    """Return where a step leads within a part of a document; None if nowhere."""
    if isinstance(part, dict):
        return step if step in part else None
    if isinstance(step, int):
        return step if step < len(part) else None
    for place, entry in enumerate(part):
        if entry == step or (isinstance(entry, dict) and step in (entry.get("name"), entry.get("about"))):
            return place
    return None


def _set(part: Any, last: Step, value: Any) -> None:  # noqa: ANN401
    if last == END and isinstance(part, list):
        part.append(copy.deepcopy(value))
        return
    place = position(part, last)
    if value is not None:
        part[last if place is None else place] = copy.deepcopy(value)
    elif place is not None:
        del part[place]


def listed(words: Iterable[str]) -> str:
    """Say several words in a row, each as the document writes it.

    >>> listed(["need", "budget"])
    '`need` and `budget`'
    """
    return wording.listed([f"`{word}`" for word in words])
