"""Whether a query is one SELECT and nothing else."""

from __future__ import annotations

import re
from typing import Final

_NOT_READ: Final = re.compile(
    r"""--[^\n]* | /\*(?!!).*?\*/ | '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | \$(\w*)\$.*?\$\1\$""",
    re.DOTALL | re.VERBOSE,
)
"""Comments, texts and quoted names; what looks like a comment but is carried out (MySQL) is left."""
_WRITES: Final = re.compile(r"\b(insert|update|delete|merge|into)\b|/\*!", re.IGNORECASE)
_READS: Final = re.compile(r"\s*(select|with)\b", re.IGNORECASE)


def refusal(query: str) -> str | None:
    """Say what is wrong with a query, or None if it is one SELECT.

    It must begin with SELECT or WITH, hold no second statement, and none of the words that write:
    insert, update, delete, merge, into. Comments, texts and quoted names may hold anything. The database
    is asked to refuse writing besides.

    >>> refusal("select * from leads -- drop it;"), refusal("drop table leads")
    (None, 'something that does not begin with SELECT or WITH')
    """
    bare = _NOT_READ.sub(" ", query).strip().removesuffix(";")
    if not _READS.match(bare):
        return "something that does not begin with SELECT or WITH"
    if ";" in bare:
        return "more than one statement"
    writes = _WRITES.search(bare)
    return f"the word {writes[0].upper()}" if writes else None
