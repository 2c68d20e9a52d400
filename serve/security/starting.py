"""Whether the service may start where it means to listen."""

from __future__ import annotations

from collections.abc import Callable

from readiness.errors import StoreError
from serve.security.addresses import is_loopback
from serve.settings import Settings


def refuse_unsafe(settings: Settings, a_key_opens: Callable[[], bool]) -> None:
    """Refuse to listen where other machines reach the service while nothing decides who may ask.

    Something decides if a key opens the door now, a proxy is trusted, or the operator said by name that
    something else does.

    Parameters
    ----------
    settings : Settings
    a_key_opens : callable
        Whether a key opens the door now; asked only if nothing else decides.

    Raises
    ------
    StoreError
        If nothing does.
    """
    if settings.open_access or settings.trusted_proxy or is_loopback(settings.host) or a_key_opens():
        return
    raise StoreError(
        f"host {settings.host} can be reached from other machines, and there are no keys to keep them out: "
        "make one with `readiness keys create`, leave READINESS_HOST at 127.0.0.1, or set "
        "READINESS_OPEN_ACCESS=true if something in front of the service decides who may ask."
    )
