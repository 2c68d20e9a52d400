"""How a sender repeats a request without having it answered twice."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from fastapi import Header
from pydantic import WithJsonSchema

IdempotencyKey: TypeAlias = Annotated[
    str | None,
    # Checked where it is read from the request, where it may stand twice.
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]*$"}),
    Header(
        alias="Idempotency-Key",
        description="A key of your own, such as a UUID. The same request under the same key gets the same "
        "answer again, byte for byte, for up to a day, whichever worker is asked; another request "
        "under it is refused.",
    ),
]
