"""Why a rule keeps leads back, in a few words that hold for all of them."""

from __future__ import annotations

from typing import Final

_KEPT: Final = {
    "NC2": "must never be called",
    "UW1": "fails the buyer profile",
    "DU1": "dubious",
    "QU1": "not known yet whether it fits",
    "SI1": "fits, but shows too little interest",
    "NP1": "the agreement does not let this kind pass",
    "ST1": "stop risk above the limit",
    "SC1": "score below the limit",
    "SC2": "score below what fills sales' capacity",
    "QU2": "too few BANT points confirmed",
    "NB1": "too many BANT points denied",
}


def rule_said(code: str) -> str:
    """Say why a rule keeps a lead back; a rule without words is named by its code.

    >>> rule_said("QU2"), rule_said("ZZ9")
    ('too few BANT points confirmed (QU2)', 'ZZ9')
    """
    return f"{_KEPT[code]} ({code})" if code in _KEPT else code
