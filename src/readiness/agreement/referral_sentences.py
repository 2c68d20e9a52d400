"""Who referred a lead, in words for the salesperson."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from readiness.agreement.category import SOURCE_REFERRAL
from readiness.agreement.conditions import fold
from readiness.agreement.evidence import value
from readiness.agreement.known import NOTHING, known_in
from readiness.agreement.verdicts import Verdicts
from readiness.agreement.vocabulary import (
    REFERRER_OUTCOMES,
    RELATIONS,
    ReferrerOutcome,
    RelationName,
)
from readiness.agreement.wording import value_at
from readiness.history import chunks

_BY: Final[Mapping[RelationName, str]] = {
    "customer": "Referred by a customer",
    "partner": "Referred by a partner of ours",
    "employee": "Referred by a colleague of ours",
    "other": "Referred by somebody who is no customer",
}
_WHO: Final[Mapping[ReferrerOutcome, str]] = {
    "won": " who bought",
    "stop": " who told us to stop calling",
}


def referred(verdicts: Verdicts, row: int) -> str | None:
    """Say who referred the lead, how they stand to us and what became of them; None if nobody did."""
    if verdicts.source[row] != SOURCE_REFERRAL:
        return None
    relation, outcome = int(verdicts.relation[row]), int(verdicts.referrer_outcome[row])
    by = "" if relation < 0 else _BY[RELATIONS[relation]]
    if outcome >= 0:
        by = (by or "Referred by somebody") + _WHO[REFERRER_OUTCOMES[outcome]]
    who = _named(verdicts, row)
    if who:
        return f"{by or 'Referred by'}: {who}."
    return f"{by or 'Came by referral'}."


def _named(verdicts: Verdicts, row: int) -> str | None:
    reads = tuple(map(fold, verdicts.agreement.sources.referrals.named_in))
    if not reads:
        return None
    chunk = chunks.part(verdicts.tables, verdicts.snapshots, slice(row, row + 1))
    said = value(known_in(chunk, verdicts.agreement.unknown, (), {}), reads)
    pointer = NOTHING if said is None else int(said.where.pointer[0])
    if said is None or pointer == NOTHING or (pointer >= 0 and said.code[0] == 0):
        return None
    return value_at(verdicts.tables, int(verdicts.snapshots.lead[row]), reads, pointer)
