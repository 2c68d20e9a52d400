"""Whether the service may start where it means to listen."""

from __future__ import annotations

from readiness.crm.records import Instant
from readiness.errors import StoreError
from serve.security.addresses import is_loopback
from serve.security.keys import KeyRing
from serve.settings import Settings


def refuse_unsafe(settings: Settings, ring: KeyRing | None, now: Instant) -> None:
    """Refuse to listen where other machines reach the service while nothing decides who may ask.

    Something decides if a key opens the door now, a proxy is trusted, or the operator said by name that
    something else does.

    Raises
    ------
    StoreError
        If nothing does.
    """
    decided = settings.open_access or settings.trusted_proxy or (ring is not None and ring.opens(now))
    if decided or is_loopback(settings.host):
        return
    raise StoreError(
        f"host {settings.host} can be reached from other machines, and there are no keys to keep them out: "
        "leave READINESS_HOST at 127.0.0.1, or set READINESS_OPEN_ACCESS=true if something in front of the "
        "service decides who may ask."
    )
