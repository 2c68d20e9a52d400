"""The parts that the files of an export can play."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from readiness.crm.mapping.suggesting.ending import Ending
from readiness.crm.mapping.suggesting.linking import Link
from readiness.crm.mapping.suggesting.profiles import Profile, Sheet


class Role(StrEnum):
    """What a file other than that of the leads is used for."""

    ACTIVITIES = "activities"
    ANSWERS = "answers"
    OUTCOMES = "outcomes"
    HANDOVERS = "handovers"
    LOOKUP = "looked up"
    UNUSED = "not used"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the other files, what it is used for, and what of it is needed for that."""

    sheet: Sheet
    role: Role
    because: str
    link: Link | None = None
    """By which column its rows name leads; of a file looked up, which of the leads' names its rows."""
    date: str | None = None
    ending: Ending | None = None
    through: tuple[Sheet, Link] | None = None
    """Another file whose rows name both a lead and a row of this one."""


@dataclass(frozen=True, slots=True)
class Cast:
    """All files with their parts."""

    leads: Sheet
    key: Profile | None
    created: Profile | None
    endings: tuple[Ending, ...]
    """Of the leads' own file, the likeliest first."""
    parts: tuple[Part, ...]
    where: str = ""
    """The condition that rows of leads must meet; those that do not are no leads."""

    @property
    def ending(self) -> Ending | None:
        """The column of the leads' own file that says how they ended, unless another file says it better."""
        theirs = any(part.ending is not None for part in self.of(Role.OUTCOMES))
        return None if theirs or not self.endings else self.endings[0]

    def of(self, role: Role) -> tuple[Part, ...]:
        """Return the files that play a part."""
        return tuple(part for part in self.parts if part.role is role)
