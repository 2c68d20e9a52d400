"""JSON as RFC 8259 means it: whatever two readers could read differently is refused, not guessed."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, NoReturn

EXACT_INTEGERS: Final = 2**53
"""Beyond it a number no longer survives the trip through a double: an identifier belongs in quotes."""

MOST_KEYS: Final = 1_000
"""An object holds at most so many keys: what we read knows a few, and 500 columns of the sender's own."""

_LONGEST_INTEGER: Final = len(str(-EXACT_INTEGERS))
_MAYBE_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


class JsonRefusedError(ValueError):
    """The bytes are not JSON, or are JSON that readers disagree on; the message holds no value of it."""


def parse(body: bytes) -> object:
    """Read one JSON document.

    Refused, beside broken JSON: NaN and infinities, numbers that overflow a double, integers that a
    double cannot hold, a key twice in one object or more than `MOST_KEYS` of them, lone surrogates, bytes
    that are not UTF-8 and nesting beyond what the reader's stack takes.

    Returns
    -------
    dict, list, str, int, float, bool or None

    Raises
    ------
    JsonRefusedError
        With one sentence that says what is wrong and, for broken JSON, at which line and column.
    """
    try:
        document = _DECODER.decode(body.decode("utf-8"))
        if _MAYBE_SURROGATE.search(body):
            _refuse_lone_surrogates(document)
    except UnicodeDecodeError as error:
        raise JsonRefusedError(f"The body is not UTF-8 (byte {error.start}).") from None
    except json.JSONDecodeError as error:
        raise JsonRefusedError(
            f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from None
    except RecursionError:
        raise JsonRefusedError("The body is nested too deeply.") from None
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise JsonRefusedError(f"{name} is not a JSON number; leave the field out or send null.")


def _integer(digits: str) -> int:
    # The length is looked at first: turning thousands of digits into an int takes quadratic time.
    if len(digits) > _LONGEST_INTEGER or abs(int(digits)) > EXACT_INTEGERS:
        raise JsonRefusedError(
            "An integer is beyond 2^53 and would lose digits; send it as text if it is an identifier."
        )
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise JsonRefusedError("A number is too large to be represented.")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_KEYS:
        raise JsonRefusedError(f"An object holds more than {MOST_KEYS} keys.")
    result = dict(pairs)
    if len(result) != len(pairs):
        raise JsonRefusedError("An object holds the same key twice; send each key once.")
    return result


def _refuse_lone_surrogates(document: object) -> None:
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise JsonRefusedError("A text holds half a surrogate pair, which is no character.") from None


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_refuse_constant
)
