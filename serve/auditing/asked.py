"""What was asked, in a form that can be read again: the request, its instant, what the list said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness import __version__
from readiness.crm.records import Instant, iso
from readiness.scoring import Suppressions
from serve.schemas import ScoreRequest

_MOMENTS: Final = {
    "lead": ("created_at", "last_known_at"),
    "activities": ("occurred_at",),
    "answers": ("answered_at",),
    "outcomes": ("occurred_at",),
    "handovers": ("handed_over_at", "decided_at"),
}
"""Where a request holds moments, besides its own ``at``."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it was answered.

    ``version`` is that of the code that answered; the others are what the answer depends on besides
    the request, the model and the agreement.
    """

    request: ScoreRequest
    received: Instant
    version: str
    never: bool
    """Whether the lead was on the list of who must not be called."""
    unread: str | None
    """Why that list could not be read; None if it could."""
    lacking: tuple[str, ...]
    """By what the lead could not be looked up."""

    @property
    def suppressions(self) -> Suppressions:
        """What the list said of this one lead."""
        yes = np.ones(1, dtype=np.bool_)
        return Suppressions(np.array([self.never]), self.unread, tuple((what, yes) for what in self.lacking))


def written(request: ScoreRequest, suppressions: Suppressions, row: int, *, received: Instant) -> bytes:
    """Write a request and what its answer depends on; moments are microseconds since 1970, days are texts.

    Parameters
    ----------
    suppressions : Suppressions
        Of several leads.
    row : int
        Which of them this one is.
    received : Instant
        When the request arrived.
    """
    around = {
        "version": __version__,
        "received": received,
        "never": bool(suppressions.never[row]),
        "unread": suppressions.unread,
        "lacking": [what for what, leads in suppressions.lacking if leads[row]],
    }
    head = json.dumps(around, ensure_ascii=False, separators=(",", ":")).encode()
    return b'%b,"request":%b}' % (head[:-1], request.model_dump_json().encode())


def read(content: bytes) -> Asked:
    """Read again what `written` wrote.

    Raises
    ------
    ValueError
        If it is something else.
    """
    found = shown(content)
    return Asked(
        request=ScoreRequest.model_validate(found["request"]),
        received=json.loads(content)["received"],
        version=found["version"],
        never=found["never"],
        unread=found["unread"],
        lacking=tuple(found["lacking"]),
    )


def shown(content: bytes) -> dict[str, Any]:
    """Return what `written` wrote as people write it: moments as ISO 8601, the request as it can be sent.

    Raises
    ------
    ValueError
        If it is something else.
    """
    found: dict[str, Any] = json.loads(content)
    try:
        request = found["request"]
        found["received"] = iso(found["received"])
        for part, names in _MOMENTS.items():
            rows = request[part] if isinstance(request[part], list) else [request[part]]
            for row in rows:
                for name in names:
                    row[name] = _moment(row[name])
        request["at"] = _moment(request["at"])
    except (KeyError, TypeError) as error:
        raise ValueError("this is not what an audit keeps of a request") from error
    return found


def lead_of(content: bytes) -> str:
    """Return the lead's id out of what `written` wrote.

    Raises
    ------
    ValueError
        If it is something else.
    """
    try:
        return str(json.loads(content)["request"]["lead"]["lead_id"])
    except (KeyError, TypeError) as error:
        raise ValueError("this is not what an audit keeps of a request") from error


def _moment(kept: int | str | None) -> str | None:
    return iso(kept) if isinstance(kept, int) else kept
