"""What a leak audit found: a stable code, the evidence, and what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from readiness.errors import Fault

BLOCKING: Final = {
    "near_copy": "It nearly says how the lead ended.",
    "winners_only": "Hardly anybody but winners has it.",
    "missing_tells": "Whether it is filled tells how the lead ended.",
    "written_late": "It is written when a lead ends, or on the way there.",
    "later_dates": "It holds dates that lie after the first look at the lead.",
    "later_answers": "It shows what the lead only answered later.",
    "later_rows": "It counts, or follows, what happened after the first look at the lead.",
    "only_by_the_end": "Nothing but the lead's end ties it to the other columns, as if it were made of it.",
    "names_the_end": "Its words speak of how the lead ended.",
    "named_late": "It is called like something known only once a call or a deal is over.",
}
"""Findings that stop training until the column is excluded or waived."""

WARNING: Final = {
    "like_an_id": "Nearly every lead has a value of its own.",
    "calendar": "It says when the lead came, and the future is another time.",
    "twins_across_time": "Leads that agree in every column stand on both sides of the middle of the history.",
}
"""Findings that are told, and stop nothing."""

CODES: Final = (*BLOCKING, *WARNING)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found about one column.

    Parameters
    ----------
    code : str
        One of CODES; stable between versions.
    column : str
        The lead column or answer field; empty where it is about leads.
    evidence : str
        What was seen, in a sentence with its numbers. No lead's own value stands in it.
    figures : mapping
        The numbers behind the sentence.
    """

    code: str
    column: str
    evidence: str
    figures: Mapping[str, float]

    @property
    def blocks(self) -> bool:
        """Whether it stops training."""
        return self.code in BLOCKING

    @property
    def meaning(self) -> str:
        """What such a finding means, in one sentence."""
        return BLOCKING.get(self.code) or WARNING[self.code]

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if not self.blocks:
            return _ADVICE[self.code]
        name = f'"{self.column}"' if " " in self.column else self.column
        return (
            f"Leave it out: --exclude {name}, or exclude it in the mapping. If it really was known when "
            f"the lead came, say so: --waive {name}."
        )

    def fault(self) -> Fault:
        """Return it as a fault, for where it refuses the data."""
        return Fault(
            table="leads",
            row=None,
            column=self.column,
            seen=f"that {self.evidence}",
            expected="what was known when the lead came",
            remedy=f"{self.meaning} {self.remedy}",
            code=self.code,
        )


_ADVICE: Final = {
    "like_an_id": "Leave it out with --exclude if it is a number somebody gave the lead.",
    "calendar": "Leave it out with --exclude, unless next year's leads will have the same values again.",
    "twins_across_time": "If they are one lead exported twice, keep one: a model that is tested on what it "
    "learned from looks better than it is.",
}


def blocking(
    findings: Collection[Finding], *, exclude: Collection[str] = (), waive: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return the findings that stop training: those that block, neither excluded nor waived by name."""
    let = {*exclude, *waive}
    return tuple(each for each in findings if each.blocks and each.column not in let)
