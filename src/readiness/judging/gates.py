"""What a challenger must show before it may take the champion's place, and what it did show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, Literal, TypeAlias

from readiness.counting import counted
from readiness.crm.records import NO_INSTANT, Instant, iso
from readiness.judging.sentences import signed

Outcome: TypeAlias = Literal["passed", "refused", "too_few", "not_asked"]
Verdict: TypeAlias = Literal["yes", "no", "too_few"]
Unit: TypeAlias = Literal["share", "number", "points", "days"]

ASKED: Final[Mapping[str, str]] = {
    "enough_leads": "enough leads have ended to compare on",
    "log_loss": "its log-loss is no worse than the champion's",
    "integrated_brier": "its curve is no further from what happened than the champion's",
    "stop_risk": "it tells who says stop no worse than the champion",
    "weekly_precision": "as many of the leads that sales would take are won as by the champion",
    "segments": "no source, size or region is served worse than by the champion",
    "calibrated": "its scores are neither too high nor too low on the whole",
    "boldness": "its scores are neither too bold nor too timid",
    "stop_calibrated": "its stop risks are neither too high nor too low on the whole",
    "skill": "it knows more than how often leads of an age are won",
    "beats_points_card": "it knows more than the points card",
    "beats_naive_bayes": "it knows more than Odoo's naive Bayes",
    "leak_audit": "no column that knows the future stands in the way",
    "newer_data": "its data end no earlier than the champion's",
    "latency": "it takes no more work a score than is allowed",
}
"""Every gate by its code, which is stable between versions, in the order in which they are told."""

PROMOTE: Final[Mapping[Verdict, str]] = {"yes": "yes", "no": "no", "too_few": "too few to tell"}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    "passed": "passed",
    "refused": "refused",
    "too_few": "too few to tell",
    "not_asked": "not asked",
}
"""How verdicts and outcomes are said."""

On: TypeAlias = Literal["as_they_are", "refitted", "nothing"]
"""Whether the models were judged as they are, or their recipes refitted; ``nothing``: there were no leads."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing asked of a challenger.

    ``measured`` must be at most ``required``, or at least where ``at_least`` says so; None where there is
    nothing to measure. A gate that was not asked was not passed either: it does not apply, and the
    sentence says why.
    """

    code: str
    outcome: Outcome
    sentence: str
    measured: float | None = None
    required: float | None = None
    unit: Unit = "number"
    at_least: bool = False

    def measured_text(self) -> str:
        """Write what was measured."""
        return _written(self.measured, self.unit)

    def required_text(self) -> str:
        """Write what is required."""
        if self.required is None:
            return "–"
        return f"{'≥' if self.at_least else '≤'} {_written(self.required, self.unit)}"

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "code": self.code,
            "asks": ASKED[self.code],
            "outcome": self.outcome,
            "measured": None if self.measured is None or not isfinite(self.measured) else self.measured,
            "required": self.required,
            "at_least": self.at_least,
            "unit": self.unit,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenger beside the champion on the same leads; ``champion`` is None where there is none yet.

    Both are called by the names of their bundles. ``since`` is the instant from which on the leads they
    were compared on were created; NO_INSTANT in undated data. ``recipe_shared`` says that both are the
    same recipe: refitted, they are the same model.
    """

    challenger: str
    champion: str | None
    on: On
    since: Instant
    snapshots: int
    leads: int
    gates: tuple[Gate, ...]
    recipe_shared: bool = False

    @property
    def verdict(self) -> Verdict:
        """Say whether to promote: only if no gate refuses, and none has too few leads to tell."""
        return verdict_of(self.gates)

    @property
    def sentence(self) -> str:
        """Say what it came to and on which leads, in words."""
        if self.on == "nothing":
            return "There were no leads to judge it on."
        leads = counted(self.leads, "lead")
        if self.on == "as_they_are":
            if self.champion is None:
                return f"There is no champion yet. Judged on {leads} created after its data end."
            return f"Compared on {leads} created after the data of both models end: neither has seen them."
        return self._of_recipes(leads)

    def _of_recipes(self, leads: str) -> str:
        before, later = "on four fifths of the leads", f"on {leads} of the rest"
        if self.since != NO_INSTANT:
            day = str(iso(self.since))[:10]
            before, later = f"on what was known before {day}", f"on {leads} created later"
        if self.champion is None:
            return f"There is no champion yet. Judged by its recipe, refitted {before}, {later}."
        told = (
            "Too little has come since the data of both models end, so both recipes were refitted "
            f"{before} and compared {later}: this compares recipes, not the two models as they are."
        )
        if not self.recipe_shared:
            return told
        return (
            f"{told} Both share one recipe, and refitted they are one model: the gates beside the champion "
            "cannot tell them apart."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "verdict": self.verdict,
            "challenger": self.challenger,
            "champion": self.champion,
            "on": self.on,
            "since": iso(self.since) if self.since != NO_INSTANT else None,
            "snapshots": self.snapshots,
            "leads": self.leads,
            "recipe_shared": self.recipe_shared,
            "sentence": self.sentence,
            "gates": [gate.to_dict() for gate in self.gates],
        }


def verdict_of(gates: Sequence[Gate]) -> Verdict:
    """Say what the gates come to: one that refuses is a no, and too few leads at any of them never a yes.

    >>> verdict_of([Gate("skill", "passed", ""), Gate("segments", "too_few", "")])
    'too_few'
    """
    outcomes = {gate.outcome for gate in gates}
    if "refused" in outcomes:
        return "no"
    return "yes" if "passed" in outcomes and "too_few" not in outcomes else "too_few"


def not_asked(code: str, why: str) -> Gate:
    """Return a gate that does not apply."""
    return Gate(code, "not_asked", why)


def too_few(code: str, why: str) -> Gate:
    """Return a gate at which too little is known to tell."""
    return Gate(code, "too_few", why)


def _written(value: float | None, unit: Unit) -> str:
    if value is None or not isfinite(value):
        return "–" if value is None else "beyond all bounds"
    if unit == "share":
        return signed(value)
    if unit == "points":
        return f"{value:.4f}".replace("-", "−")
    said = f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "−")
    return f"{said} d" if unit == "days" else said
