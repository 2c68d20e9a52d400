"""What was found, how sure it is among all that was looked at, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from readiness.judging.multiplicity import holm

Status: TypeAlias = Literal["act", "note", "quiet", "too_few"]
"""``act``: somebody should do something; ``note``: it changed, and nothing follows yet; ``quiet``: no change
beyond chance that would matter; ``too_few``: nobody can tell, which is not the same as quiet."""

Action: TypeAlias = Literal["crm", "retrain", "agreement", "nothing"]
"""``crm``: what the CRM writes changed, mend that first; ``retrain``: the model no longer holds;
``agreement``: look at the rules; ``nothing``."""

LEVEL: Final = 0.005
"""The chance that a quiet window raises anything at all, over everything that is looked at together."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question that was asked of the data, before it is known how many there were.

    Parameters
    ----------
    code : str
        Stable between versions.
    of : str
        Which column, behaviour or end; empty where there is only one.
    measured, required : float or None
        What was found, and where it begins to matter.
    beyond : bool
        Whether it is as far off as matters.
    p : float
        The chance of that where nothing changed; NaN where it is no matter of chance.
    raised : "act", "note"
        What it is if it is beyond chance too.
    """

    code: str
    of: str
    measured: float | None
    required: float | None
    beyond: bool
    p: float
    raised: Literal["act", "note"]
    action: Action
    sentence: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question: what was measured, what it is, and what to do.

    ``p`` is adjusted for all questions asked, None where chance has no part in it.
    """

    code: str
    of: str
    status: Status
    action: Action
    measured: float | None
    required: float | None
    p: float | None
    sentence: str
    to_do: str

    @property
    def raised(self) -> bool:
        """Whether anything changed: quiet and too few to tell are not raised."""
        return self.status in ("act", "note")

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


NOTHING_TO_DO: Final = "Nothing to do."


def too_few(
    code: str, sentence: str, measured: float | None = None, required: float | None = None
) -> Finding:
    """Say that something cannot be told, and what it would take."""
    return Finding(code, "", "too_few", "nothing", measured, required, None, sentence, "Ask again later.")


def surest(asked: Sequence[Check]) -> Check:
    """Return the one of several checks of one thing that speaks for all, its p times as many as were asked.

    Of those that are as far off as matters, else of all, the one with the smallest p.
    """
    first = min(asked, key=lambda each: (not each.beyond, each.p))
    return replace(first, p=min(1.0, first.p * len(asked)))


def findings(
    families: Sequence[Sequence[Check]], others: Sequence[Finding] = (), level: float = LEVEL
) -> tuple[Finding, ...]:
    """Judge all checks together.

    A check is raised if it is as far off as matters and its p, adjusted by Holm's method within its family
    and times the number of families, is below the level: so the chance that a quiet window raises even one
    stays below that. Families share the level alike: a few questions of one are not drowned by many of
    another.

    Parameters
    ----------
    families : sequence of sequences of Check
    others : sequence of Finding
        What is known without a test; put behind.

    Returns
    -------
    tuple of Finding
        Those that ask for something first, the CRM's before all; then notes, what cannot be told, and quiet
        ones; within each the order given.

    Notes
    -----
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6; between families Bonferroni.
    """
    found: list[Finding] = []
    for checks in families:
        adjusted = len(families) * holm(np.array([check.p for check in checks], dtype=np.float64))
        found += [
            _judged(check, float(p), level)
            for check, p in zip(checks, np.minimum(adjusted, 1.0), strict=True)
        ]
    return tuple(sorted([*found, *others], key=_place))


_ORDER: Final[tuple[Status, ...]] = ("act", "note", "too_few", "quiet")


def _place(found: Finding) -> tuple[int, bool]:
    """Put first what asks for something, and of that what to mend before a model is retrained."""
    return _ORDER.index(found.status), found.action != "crm"


def _judged(check: Check, p: float, level: float) -> Finding:
    chance = None if np.isnan(p) else p
    raised = check.beyond and (chance is None or chance < level)
    return Finding(
        code=check.code,
        of=check.of,
        status=check.raised if raised else "quiet",
        action=check.action if raised else "nothing",
        measured=check.measured,
        required=check.required,
        p=chance,
        sentence=check.sentence,
        to_do=check.to_do if raised else NOTHING_TO_DO,
    )
