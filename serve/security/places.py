"""Which address of the table of rights a request asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.routing import compile_path

from serve.security.rights import RIGHTS, Needed


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the service: its template, and what each of its verbs needs."""

    template: str
    needs: Mapping[str, Needed]

    @property
    def open(self) -> bool:
        """Whether every verb that it knows needs nothing."""
        return all(needed == "nothing" for needed in self.needs.values())


class Places:
    """Finds the address of the table that a request asked for.

    Parameters
    ----------
    table : mapping of (verb, path template) to what is needed
    """

    def __init__(self, table: Mapping[tuple[str, str], Needed] = RIGHTS) -> None:
        needs: dict[str, dict[str, Needed]] = {}
        for (verb, template), needed in table.items():
            needs.setdefault(template, {})[verb] = needed
        self._exact = {
            template: Place(template, verbs) for template, verbs in needs.items() if "{" not in template
        }
        self._patterns: list[tuple[re.Pattern[str], Place]] = [
            (compile_path(template)[0], Place(template, verbs))
            for template, verbs in needs.items()
            if "{" in template
        ]

    def at(self, path: str) -> Place | None:
        """Return the address at this path, or None if there is none."""
        place = self._exact.get(path)
        if place is None:
            place = next((found for pattern, found in self._patterns if pattern.fullmatch(path)), None)
        return place
