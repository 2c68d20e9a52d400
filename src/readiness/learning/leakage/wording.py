"""Names and words that speak of what comes after the call: hints, never evidence by themselves."""

from __future__ import annotations

import re
from typing import Final

from readiness.learning.leakage.columns import REST, Column

_NAMES: Final = re.compile(
    r"""
    (?:(?:hs|sf|crm|cs|hubspot|salesforce)\ )?(?:
      (?:is|was|became)\ (?:sql|sal|won|lost|customer|converted|closed|qualified)
    | sql|sal
    | (?:current|final|last|sales|deal|pipeline|opportunity|lead|call)
      \ (?:stage|status|state|result|outcome|disposition)
    | disposition|outcome|conver(?:ted|sion)\b.*
    | (?:won|lost|win|loss|close|closing|closed|cancel\w*|end)\ (?:reason|date|value|amount|price|score|at|on)
    | (?:call\ |talk\ |handle\ )?duration(?:\ (?:s|sec|secs|seconds|min|mins|minutes))?
    | (?:call|talk|handle|handling)\ (?:length|time|minutes|seconds)
    | total\ (?:touches|calls|emails|mails|meetings|activities|visits|sessions|contacts)(?:\ all)?
    | (?:contract|invoice|order)\ (?:no|nr|number|id|date|value|signed|sent|status)
    | (?:last|latest)\ (?:activity|touch|contact|call|modified|updated|stage|email)(?:\ \w+)?
    | (?:deal|opportunity)\ (?:amount|value|created|probability)
    | (?:closed|signed|won|lost)
    )
    """,
    re.VERBOSE,
)

_ENDS: Final = re.compile(
    r"\b(?:won|lost|closed|sold|converted|cancelled|disqualified|rejected|refused|declined|no sale|"
    r"not interested|no interest|do not (?:call|contact)|stop calling|unsubscribed|opted out|"
    r"deal (?:done|made)|contract (?:sent|signed))\b"
)

SHARE: Final = 0.1
"""So many of the ended leads must hold words of an end."""


def sounds_late(name: str) -> bool:
    """Say whether a column's name speaks of what is known only after a call, or at the end.

    >>> sounds_late("is_sql"), sounds_late("callDuration"), sounds_late("marital_status")
    (True, True, False)
    """
    return _NAMES.fullmatch(_words(name)) is not None


def names_ends(column: Column) -> tuple[int, ...]:
    """Return the bins whose words speak of an end."""
    if column.kind != "category":
        return ()
    return tuple(place for place, label in enumerate(column.labels[:-1]) if _ENDS.search(_words(label)))


def _words(text: str) -> str:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.split(r"[\W_]+", apart.lower())).strip()


_MONTHS: Final = frozenset(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)
_DAYS: Final = frozenset(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))


def calendar_words(column: Column) -> bool:
    """Say whether all of a category's values are names of months, of weekdays, or quarters."""
    if column.kind != "category":
        return False
    words = [_words(label) for label in column.labels[:-1] if label != REST]
    if len(words) < 3:
        return False
    short = {word[:3] for word in words}
    quarters = all(re.fullmatch(r"(?:\d{4} )?q[1-4](?: \d{4})?", word) for word in words)
    return short <= _MONTHS or short <= _DAYS or quarters
