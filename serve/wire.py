"""HTTP on the wire: uvicorn's own reader, with a clock and a bound on the head of a request."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD: Final = 64 * 1024
"""Bytes of request line and headers; browsers and CRMs stay below a quarter of it."""


class BoundedHead(HttpToolsProtocol):
    """Closes a connection whose request does not say in time, or in 64 kB, what it wants.

    uvicorn bounds how long a connection may idle after an answer, but waits for ever for the first byte
    of the first request, for the rest of any head, and for the rest of a body that was answered before it
    came; and it reads a head of any size. Here the time it allows a connection to idle
    (``timeout_keep_alive``) is also the time for each of these.

    What follows a body in parts (trailers) is neither kept nor believed: uvicorn would add it to the headers,
    after all who look at them have looked, or just before.
    """

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*given, **named)
        self._due: asyncio.TimerHandle | None = None
        self._loose_bytes = 0
        self._in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; refuse a head, and let go of trailers, that grow beyond their bound."""
        self._loose_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._loose_bytes <= LARGEST_HEAD:
            # What came stopped uvicorn's own clock, and the rest of what was answered already starts none.
            if self._due is None and self._answered():
                self._wait()
            return
        self._stop_waiting()
        if self._in_head and self._answered():
            self.send_400_response("The head of the request is too large.")
        else:
            # An answer may be on its way: another one in its midst would be taken for a part of it.
            self.transport.close()

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a head."""
        super().on_message_begin()
        self._in_head = True
        if self._due is None:
            self._wait()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; a trailer is dropped."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop waiting: the head is there."""
        self._stop_waiting()
        self._in_head = False
        self._loose_bytes = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self._loose_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the whole request is there; if it was answered before, wait for the next."""
        self._stop_waiting()
        self._loose_bytes = 0
        super().on_message_complete()

    def _answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._due = self.loop.call_later(self.timeout_keep_alive, self._give_up)

    def _stop_waiting(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _give_up(self) -> None:
        self._due = None
        if not self.transport.is_closing():
            self.transport.close()
