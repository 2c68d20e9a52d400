"""What a field that is not known where it stands was probably meant to be; only names of our own are told."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel

from serve.schemas import ScoreRequest

_LONGEST_NAME: Final = 64
_OWN: Final = "a column of your own goes inside lead.attributes"

Schema = type[BaseModel]


def hint(location: Sequence[str | int], schema: Schema) -> str:
    """Say what to do with a field that a schema does not know at its place.

    A name that stands somewhere else in the schema goes there, a word that a field takes is sent as its
    value, a name like one of ours was probably misspelt. Of any other it is said what is known there,
    or, in a request to score, where the sender's own columns go.

    >>> hint(["email"], ScoreRequest), hint(["lead", "crated_at"], ScoreRequest)
    ('it goes inside lead', 'did you mean created_at?')

    Parameters
    ----------
    location : names and positions, the field's own name last; empty gives no hint
    schema : what the body was read as
    """
    if not location:
        return ""
    *around, name = location
    place = ".".join(step for step in around if isinstance(step, str))
    return _hint(str(name)[:_LONGEST_NAME], place, schema)


@lru_cache(maxsize=1_024)
def _hint(name: str, place: str, schema: Schema) -> str:
    known = _known(schema)
    elsewhere = [where for where, fields in known.items() if name in fields and where != place]
    if elsewhere:
        goes = f"it goes {' or '.join(map(_inside, elsewhere))}"
        own = schema is ScoreRequest and place == "lead" and "" not in elsewhere
        return f"{goes}; {_OWN}" if own else goes
    for where, fields in known.items():
        for field, words in fields.items():
            if name in words:
                return f'send "{field}": "{name}" {_inside(where)}'
    return _nearest(name, place, known) or _otherwise(place, schema)


def _nearest(name: str, place: str, known: Mapping[str, Mapping[str, tuple[str, ...]]]) -> str:
    # First what is known at this very place.
    for where in sorted(known, key=lambda each: each != place):
        close = difflib.get_close_matches(name, known[where], n=1, cutoff=0.8)
        if close:
            goes = "" if where == place else f", which goes {_inside(where)}"
            return f"did you mean {close[0]}{goes}?"
    return ""


def _otherwise(place: str, schema: Schema) -> str:
    if schema is ScoreRequest:
        return _OWN
    return f"known here: {', '.join(_known(schema).get(place, ()))}"


def _inside(place: str) -> str:
    return f"inside {place}" if place else "at the top level"


@lru_cache(maxsize=32)
def _known(schema: Schema) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return for each place the fields that are known there, and the words that each of them takes."""
    return dict(_places(schema, ""))


def _places(schema: Schema, place: str) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
    fields = schema.model_fields
    yield place, {name: tuple(_words(field.annotation)) for name, field in fields.items()}
    for name, field in fields.items():
        for part in _parts(field.annotation):
            yield from _places(part, f"{place}.{name}" if place else name)


def _parts(annotation: Any) -> Iterator[Schema]:  # noqa: ANN401 - whatever stands behind a colon
    if get_origin(annotation) is None and isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def _words(annotation: Any) -> Iterator[str]:  # noqa: ANN401 - whatever stands behind a colon
    if get_origin(annotation) is Literal:
        yield from (word for word in get_args(annotation) if isinstance(word, str))
        return
    for inner in get_args(annotation):
        yield from _words(inner)
