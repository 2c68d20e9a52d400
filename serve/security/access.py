"""The door: who asks, whether they may, and how often."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from readiness.crm.records import Instant
from serve.page.refusing import for_people, reads_pages
from serve.problems import Problem
from serve.requests_seen import FACTS, ROUTE
from serve.security.addresses import (
    Network,
    arrived_at_loopback,
    came_from,
    came_from_here,
    named_as_this_machine,
)
from serve.security.keys import PREFIX, KeyRefusedError, KeyRing
from serve.security.places import Place, Places
from serve.security.rates import Buckets
from serve.security.rights import EVERYTHING, Needed, Right, suffices

CALLER: Final = "readiness.caller"
"""Where the door leaves who asks, in the request's scope."""

_A_KEY: Final = re.compile(rb"(?i)(^|[?&])(api[-_]?key|key|token|access[-_]token)=|" + PREFIX.encode())
_AUTHORIZATION: Final = b"authorization"
_USER: Final = b"x-forwarded-user"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: ``key`` with its id, ``person`` with the name the proxy gave, ``here`` or ``anyone``.

    The name keeps apart what each may repeat under an ``Idempotency-Key``, and a key's, how often it asks. A
    person's is never logged. Who takes an entry off the list is what the request says (``by``), not this.
    """

    kind: str
    name: str | None
    may: frozenset[Right]

    @property
    def who(self) -> str:
        """What keeps this caller apart from every other; for digests only, as it may name a person."""
        return f"{self.kind} {self.name or ''}"


@dataclass(frozen=True, slots=True)
class Policy:
    """Who is let in without a key.

    Parameters
    ----------
    open_access : bool
        Whoever reaches the service may read and score; what needs ``admin`` still needs a key.
    trusted : addresses of proxies that say which person asks
    people_may : what such a person may do
    """

    open_access: bool = False
    trusted: Sequence[Network] = ()
    people_may: frozenset[Right] = frozenset({"read", "score"})


class Access:
    """Lets a request through if its caller may; refuses addresses that are not in the table of rights.

    Without a key ever made and without a trusted proxy, this machine's own programs may do everything:
    a laptop needs no keys. From the first key on, everybody needs one.

    Parameters
    ----------
    app : the application behind the door
    ring : KeyRing
    policy : Policy
    buckets : Buckets, optional
        How much each key may ask; None for as much as it likes.
    clock : callable
        Returns the instant, for keys that expire.
    ticking : callable
        Returns seconds that never go back, for the buckets.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        policy: Policy,
        clock: Callable[[], Instant],
        ring: KeyRing,
        buckets: Buckets | None = None,
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._places = Places()
        self._policy = policy
        self._clock = clock
        self._ring = ring
        self._buckets = buckets
        self._ticking = ticking

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._let_in(scope)
        except Problem as refused:
            # Somebody at a browser sees a page: it cannot send a key, and JSON says nothing to most people.
            page = refused.status_code == _UNKNOWN and reads_pages(scope)
            await (for_people(refused) if page else refused.response())(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _let_in(self, scope: Scope) -> None:
        if _A_KEY.search(scope["query_string"]) or PREFIX in scope["path"]:
            raise Problem(
                "key-in-url",
                "Addresses are logged on their way here: whoever sees the logs has this key now. Revoke it, "
                "and send the new one as Authorization: Bearer.",
            )
        place = self._places.at(scope["path"])
        if place is not None:
            scope[ROUTE] = place.template
        needed = None if place is None else place.needs.get(scope["method"])
        if needed == "nothing":
            return
        if place is not None and needed is None and place.open:
            # No key would open it, so none is asked for.
            raise _nothing_there(place)
        caller = self._caller(scope, needed)
        scope[CALLER] = caller
        if caller.kind in {"key", "person"}:
            scope.get(FACTS, {})["caller"] = f"key {caller.name}" if caller.kind == "key" else "person"
        if needed is None:
            raise _nothing_there(place)
        if not suffices(caller.may, needed):
            raise Problem("not-allowed", f"This needs the right to {_RIGHTS_IN_WORDS[needed]}.")
        self._count(caller)

    def _caller(self, scope: Scope, needed: Needed | None) -> Caller:
        headers = scope["headers"]
        users = [value for name, value in headers if name == _USER]
        if users and not came_from(scope, self._policy.trusted):
            raise Problem(
                "untrusted-proxy",
                "X-Forwarded-User is believed only from the addresses in READINESS_TRUSTED_PROXY.",
            )
        written = [value for name, value in headers if name == _AUTHORIZATION]
        if written:
            return self._bearer(written)
        if len(users) == 1 and users[0].strip():
            return Caller("person", users[0].strip().decode("utf-8", "replace"), self._policy.people_may)
        return self._without_key(scope, needed)

    def _bearer(self, written: list[bytes]) -> Caller:
        scheme, _, token = written[0].partition(b" ")
        if len(written) != 1 or scheme.lower() != b"bearer":
            raise _unknown("Send one key, as Authorization: Bearer.")
        if not self._ring.read:
            raise _unread()
        try:
            key = self._ring.check(token.strip().decode("ascii", "replace"), self._clock())
        except KeyRefusedError as refused:
            raise _unknown(f"{refused} `readiness keys` lists and makes them.") from None
        return Caller("key", key.id, key.rights)

    def _without_key(self, scope: Scope, needed: Needed | None) -> Caller:
        if needed == "read or here" and came_from_here(scope):
            return Caller("here", None, frozenset({"read"}))
        if self._policy.open_access:
            return Caller("anyone", None, frozenset({"read", "score"}))
        if not self._ring.read:
            raise _unread()
        if self._ring.empty and not self._policy.trusted:
            if came_from_here(scope):
                if not named_as_this_machine(scope):
                    raise Problem("foreign-host", "Ask for it at 127.0.0.1 or localhost.")
                return Caller("here", None, EVERYTHING)
            if arrived_at_loopback(scope):
                raise Problem(
                    "beyond-loopback",
                    "A proxy on this machine sent it on, and there are no keys. Make keys, name the proxy in "
                    "READINESS_TRUSTED_PROXY, or set READINESS_OPEN_ACCESS=true if it decides who may ask.",
                )
            raise Problem(
                "beyond-loopback",
                "It listens beyond this machine without keys. Bind it to 127.0.0.1, make keys, or set "
                "READINESS_OPEN_ACCESS=true if something in front of it decides who may ask.",
            )
        raise _unknown(f"Send a key, as Authorization: Bearer.{'' if self._ring.empty else _SINCE_THE_FIRST}")

    def _count(self, caller: Caller) -> None:
        if self._buckets is None or caller.kind != "key" or caller.name is None:
            return
        wait = self._buckets.wait(caller.name, self._ticking())
        if wait:
            raise Problem(
                "too-many-requests",
                "This key has asked as much as it may for now. Nothing was done; send it again later.",
                headers={"Retry-After": str(math.ceil(wait))},
            )


_UNKNOWN: Final = 401
_SINCE_THE_FIRST: Final = (
    " Since the first key was made, every program needs one, on this machine too, and the page at / is "
    "closed, also after a revoke. Whoever runs the service can open it: READINESS_OPEN_ACCESS=true."
)


_RIGHTS_IN_WORDS: Final = {"read": "read", "read or here": "read", "score": "score", "admin": "administer"}


def _nothing_there(place: Place | None) -> Problem:
    if place is None:
        return Problem("not-found", "GET /openapi.json lists the addresses.")
    return Problem(
        "method-not-allowed",
        "The Allow header lists the verbs of this address.",
        headers={"Allow": ", ".join(sorted(place.needs))},
    )


def _unread() -> Problem:
    # Whoever is let in now might be somebody whom a key was to keep out.
    return Problem(
        "store-unavailable",
        "The keys cannot be read, so it is not known who may ask. Nothing was done.",
        headers={"Retry-After": "5"},
    )


def _unknown(detail: str) -> Problem:
    return Problem("unknown-caller", detail, headers={"WWW-Authenticate": "Bearer"})
