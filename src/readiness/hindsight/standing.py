"""What a replay stands on: which agreement, which leads, which looks, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from readiness.agreement.advice import ADVICE_RULES
from readiness.crm.records import NO_INSTANT, iso
from readiness.hindsight.replay import Adviser, Replay


@dataclass(frozen=True, slots=True)
class Standing:
    """What a replay stands on.

    ``undated_ends`` counts the leads left out because nobody dated their end: when they were open is
    not known. ``other_leads`` counts those left out because the model had seen them, or they came
    too late to be looked at.
    """

    agreement: str
    version: str
    fingerprint: str
    leads: int
    looks: int
    begins: str | None
    ends: str | None
    undated_ends: int
    other_leads: int
    kept_by: Mapping[str, int]
    """How many leads were kept back by which rule at their last look, the most first."""
    with_model: bool
    suppression_known: bool

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "agreement": {"name": self.agreement, "version": self.version, "sha256": self.fingerprint},
            "leads": self.leads,
            "looks": self.looks,
            "from": self.begins,
            "through": self.ends,
            "left_out": {"undated_ends": self.undated_ends, "other": self.other_leads},
            "kept_back_at_last_look": dict(self.kept_by),
            "with_model": self.with_model,
            "suppression_known": self.suppression_known,
        }


def standing(found: Replay, adviser: Adviser) -> Standing:
    """Say what a replay stands on."""
    tables, agreement = found.tables, adviser.agreement
    looked = found.looked_at
    ends = tables.outcomes
    undated = np.zeros(len(looked), dtype=np.bool_)
    if tables.dated:
        undated[ends.lead[ends.occurred_at == NO_INSTANT]] = True
    created = tables.leads.created_at[looked]
    return Standing(
        agreement=agreement.name,
        version=agreement.version,
        fingerprint=agreement.fingerprint,
        leads=int(np.count_nonzero(looked)),
        looks=found.looks,
        begins=iso(int(created.min())) if len(created) else None,
        ends=iso(tables.observed_through),
        undated_ends=int(np.count_nonzero(undated & ~looked)),
        other_leads=int(np.count_nonzero(~undated & ~looked)),
        kept_by=_kept_by(found),
        with_model=adviser.forecaster is not None,
        suppression_known=adviser.never_call is not None,
    )


def _kept_by(found: Replay) -> dict[str, int]:
    rules = found.kept_by[found.kept_by >= 0]
    counts = np.bincount(rules, minlength=len(ADVICE_RULES))
    ranked = np.argsort(-counts, kind="stable")
    return {ADVICE_RULES[rule].code: int(counts[rule]) for rule in ranked.tolist() if counts[rule]}
