"""Mail providers at which anybody has an address: such a domain names no company."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

_EVERYWHERE: Final = frozenset(
    ("gmail", "gmx", "googlemail", "hotmail", "outlook", "protonmail", "yahoo", "ymail")
)
"""Providers that have their name under many endings."""


def is_public_mail(registrable: str) -> bool:
    """Say whether anybody can have an address at this registrable domain.

    >>> [is_public_mail(domain) for domain in ("gmail.com", "yahoo.co.jp", "web.de", "acme.com")]
    [True, True, True, False]
    """
    return registrable in _domains() or registrable.partition(".")[0] in _EVERYWHERE


@lru_cache(maxsize=1)
def _domains() -> frozenset[str]:
    return frozenset(files(__package__).joinpath("public_mail.txt").read_text(encoding="ascii").split())
