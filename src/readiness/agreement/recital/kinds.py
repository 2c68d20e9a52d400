"""The six kinds of lead, read aloud: which rule puts a lead into which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from readiness.agreement.category import (
    RULES,
    SOURCE_DUBIOUS,
    SOURCE_ORDINARY,
    SOURCE_REFERRAL,
    SOURCE_UNKNOWN,
    condition,
)
from readiness.agreement.document import Agreement
from readiness.agreement.fit import FIT_FAILS, FIT_UNKNOWN, FITS
from readiness.agreement.interest import INTEREST_HIGH, INTEREST_LITTLE, INTEREST_NONE
from readiness.agreement.recital.section import Paragraph, Section
from readiness.agreement.vocabulary import STAGES
from readiness.agreement.wording import category_said, listed

_SAID: Final[Sequence[Mapping[tuple[int, ...], str]]] = (
    {
        (FIT_FAILS,): "it does not fit",
        (FIT_UNKNOWN,): "it is not known whether it fits",
        (FITS,): "it fits",
        (FIT_UNKNOWN, FITS): "nothing rules it out",
        (FIT_FAILS, FIT_UNKNOWN, FITS): "",
    },
    {
        (INTEREST_NONE,): "it shows no interest",
        (INTEREST_LITTLE,): "it shows little interest",
        (INTEREST_HIGH,): "it is highly interested",
        (INTEREST_NONE, INTEREST_LITTLE, INTEREST_HIGH): "",
    },
    {
        (SOURCE_DUBIOUS,): "its source is dubious",
        (SOURCE_UNKNOWN, SOURCE_ORDINARY, SOURCE_REFERRAL): "its source is not dubious",
        (SOURCE_UNKNOWN, SOURCE_DUBIOUS, SOURCE_ORDINARY, SOURCE_REFERRAL): "",
    },
    {(number,): f"it is in {name}" for number, name in enumerate(STAGES)} | {(0, 1, 2): ""},
    {(0,): "it does not decide soon, or nobody knows", (1,): "it decides soon", (0, 1): ""},
)
"""What each signal of `condition` says where it may take these values only; nothing where it may take all."""


def kinds(agreement: Agreement) -> Section:  # noqa: ARG001
    """Tell which of the six kinds a lead is: the rules with their codes, each said on its own.

    The order in which the rules are tried is already in their words, so exactly one holds of any lead.
    """
    items = tuple(
        f"{rule.code}: {category_said(rule.category)}, if {_when(position)}"
        for position, rule in enumerate(RULES)
    )
    text = "Every lead is of one kind, and one of these rules says which:"
    return Section("kinds", "The six kinds of lead", (Paragraph(text, items),))


def _when(position: int) -> str:
    said = [words[values] for words, values in zip(_SAID, condition(position), strict=True)]
    return listed([phrase for phrase in said if phrase])
