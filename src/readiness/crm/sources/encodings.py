"""Which encoding a text was written in: by its mark, or said to be likely; never taken on a guess."""

from __future__ import annotations

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

UTF8: Final = "utf-8"

_MARKS: Final = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the next one
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LIKELY: Final = (
    "cp1252",
    "cp1250",
    "iso8859_2",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1254",
    "cp932",
    "gb18030",
    "big5",
    "mac_roman",
)
"""The commoner first: a few letters look alike in several."""
_GLUED: Final = re.compile(r"[^\W\d_][^\w\s\x00-\x7f]|[^\w\s\x00-\x7f][^\W\d_]|[\x80-\x9f]")
"""A sign in the middle of a word: hardly what was written."""
_CONTROL: Final = re.compile(r"[\x01-\x08\x0e-\x1f]")
_LEAST_NULS: Final = 0.2


def marked(head: bytes) -> tuple[str, int] | None:
    """Return the encoding that a byte order mark names, and the mark's length; None without a mark."""
    return next(((name, len(mark)) for mark, name in _MARKS if head.startswith(mark)), None)


def canonical(encoding: str) -> str:
    """Return one name for an encoding's many; with the mark it is the same encoding.

    >>> canonical("UTF8"), canonical("utf-8-sig"), canonical("latin1")
    ('utf-8', 'utf-8', 'iso8859-1')
    """
    return codecs.lookup(encoding).name.removesuffix("-sig")


def likely(sample: bytes) -> tuple[str, ...]:
    """Return the encodings that a text which is no UTF-8 was most likely written in, the likeliest first.

    Returns
    -------
    tuple of str
        At most two. Empty where it is probably no text.
    """
    if sample.count(0):
        return _wide(sample)
    found = from_bytes(sample, cp_isolation=list(_LIKELY))
    ranked: dict[str, tuple[float, int, int]] = {}
    for match in found:
        glued = len(_GLUED.findall(str(match)))
        for name in match.could_be_from_charset:
            if name in _LIKELY:
                ranked[name] = (round(match.chaos, 1), glued, _LIKELY.index(name))
    best = sorted(ranked, key=ranked.__getitem__)[:2]
    alike = [name for name in best if ranked[name][:2] == ranked[best[0]][:2]]
    return tuple(alike)


def is_wide(head: bytes) -> bool:
    """Say whether every second byte or so is zero: text of two bytes a character, without a mark."""
    return bool(_wide(head))


def _wide(sample: bytes) -> tuple[str, ...]:
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    least = _LEAST_NULS * len(sample)
    name = "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) < least or min(even, odd) > least / 4:
        return ()
    return () if _CONTROL.search(sample.decode(name, "replace")) else (name,)
