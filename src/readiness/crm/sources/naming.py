"""The names in a header: cleaned of blanks, told apart, and found though written in other capitals."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

_INVISIBLE: Final = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\x00"))


def find_column(name: str, there: Sequence[str]) -> str | None:
    """Return the column that is meant by a name, as it is written there, or None.

    The exact name wins. Else it is the only one that differs from it in nothing but capitals, blanks
    around or between words, and invisible characters; who takes that one should say so.

    >>> find_column("Lead ID", ["lead id ", "Source"]), find_column("id", ["ID", "Id"])
    ('lead id ', None)
    """
    if name in there:
        return name
    plain = _plain(name)
    alike = [other for other in there if _plain(other) == plain]
    return alike[0] if len(alike) == 1 else None


def cleaned(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names without blanks around them, each only once, and a sentence on each change.

    Of columns with one name the second is called ``name (2)``; a column without a name is called by its
    position, ``column 5``.
    """
    stripped = [_visible(name) for name in names]
    times, seen = Counter(stripped), defaultdict[str, int](int)
    taken, unique, notes = set(stripped), [], []
    for position, name in enumerate(stripped, 1):
        seen[name] += 1
        called = name or _free(f"column {position}", taken)
        if name and seen[name] > 1:
            called = _free(f"{name} ({seen[name]})", taken)
        unique.append(called)
        taken.add(called)
    for name in (name for name in times if name and times[name] > 1):
        others = [called for called, was in zip(unique, stripped, strict=True) if was == name][1:]
        later = ", ".join(map(repr, others))
        notes.append(f"{times[name]} columns are called {name!r}; the later ones are taken as {later}.")
    nameless = [called for called, was in zip(unique, stripped, strict=True) if not was]
    if nameless:
        notes.append(f"columns without a name are called {', '.join(map(repr, nameless))}.")
    return tuple(unique), tuple(notes)


def _free(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "'"
    return wanted


def _visible(name: str) -> str:
    return name.translate(_INVISIBLE).strip()


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", _visible(name)).casefold().split())
