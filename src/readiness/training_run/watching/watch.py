"""What changed since a model learned: who comes, how they end, how well it does, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from readiness.agreement.document import Agreement
from readiness.crm.records import Instant, iso
from readiness.crm.tables import Tables
from readiness.errors import ModelError
from readiness.hindsight.replay import Adviser
from readiness.history.cuts import cut
from readiness.progress import Progress, silent
from readiness.scoring import suppressed
from readiness.training_run.order import in_order
from readiness.training_run.watching import checks, outcome_checks
from readiness.training_run.watching.ends import EndsSeen, ends_seen
from readiness.training_run.watching.findings import Check, Finding, findings
from readiness.training_run.watching.in_use import InUse
from readiness.training_run.watching.leads import LEAST_DAYS, NewLeads, new_leads
from readiness.training_run.watching.realised import Cried, Realised, cried_wolf, realised

Verdict: TypeAlias = Literal["crm", "retrain", "changed", "quiet", "too_few"]
"""What it comes to: the CRM changed (mend that before retraining), retrain, something changed from which
nothing follows yet, nothing did, or nobody can tell."""


@dataclass(frozen=True, slots=True)
class Watched:
    """All that was seen of a model in use at an instant, the findings that count first."""

    at: Instant
    data_end: Instant
    horizon_days: float
    verdict: Verdict
    findings: tuple[Finding, ...]
    new_leads: NewLeads
    ends: EndsSeen
    realised: Realised
    cried_wolf: Cried

    @property
    def raised(self) -> tuple[Finding, ...]:
        """What changed."""
        return tuple(each for each in self.findings if each.raised)

    @property
    def untold(self) -> tuple[Finding, ...]:
        """What nobody can tell yet."""
        return tuple(each for each in self.findings if each.status == "too_few")

    @property
    def asked(self) -> int:
        """How many questions were answered."""
        return len(self.findings) - len(self.untold)

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON; instants as ISO 8601."""
        return {
            "at": iso(self.at),
            "data_end": iso(self.data_end),
            "horizon_days": self.horizon_days,
            "verdict": self.verdict,
            "findings": [each.to_dict() for each in self.findings],
            "new_leads": self.new_leads.to_dict(),
            "ends": self.ends.to_dict(),
            "realised": self.realised.to_dict(),
            "cry_wolf": self.cried_wolf.to_dict(),
        }


def watch(
    tables: Tables,
    used: InUse,
    agreement: Agreement,
    *,
    at: Instant | None = None,
    least_days: float = LEAST_DAYS,
    seed: int = 0,
    progress: Progress = silent,
) -> Watched:
    """Say what changed since a model learned.

    Whoever watches stands at an instant: what came at or after it does not exist. The leads learned from are
    read from the same tables, by the model's own features. Nothing is raised that is not beyond chance
    among all that is asked: 1,000 watches in which nothing changed raise something in at most a handful.

    Parameters
    ----------
    tables : Tables
        Dated; the leads learned from and those that came since. Their order changes nothing.
    used : InUse
        The model.
    agreement : Agreement
        In force; its cry-wolf rate is asked for.
    at : Instant, optional
        Where one stands; default: the end of what is known.
    least_days : float
        How long the newest stretch is at least.

    Returns
    -------
    Watched
        Also where no lead came since: then nearly all is too few to tell.

    Raises
    ------
    ModelError
        If the tables have no dates: nobody can say which leads came since.
    """
    if not tables.dated:
        raise ModelError(
            "These leads have no created_at, so nobody can say which of them came since the model learned. "
            "Give the dates to watch it"
        )
    standing = in_order(tables if at is None else cut(tables, at))
    progress("Comparing new leads with those learned from", 0.0)
    leads = new_leads(standing, used, least_days=least_days, seed=seed)
    progress("Comparing ends with those expected", 0.0)
    ended = ends_seen(standing, used, least_days=least_days, seed=seed)
    progress("Judging what has come true", 0.0)
    true = realised(standing, used, seed=seed)
    progress("Replaying the agreement", 0.0)
    cried = cried_wolf(standing, Adviser(agreement, never_call=suppressed), used, seed=seed)
    found = _judged(
        [
            *outcome_checks.of_how_they_end(ended),
            *outcome_checks.of_what_came_true(true),
            *outcome_checks.of_hand_overs(cried),
        ],
        [*checks.of_new_leads(leads)],
    )
    return Watched(
        at=standing.observed_through,
        data_end=used.data_end,
        horizon_days=used.horizon_days,
        verdict=verdict(found),
        findings=found,
        new_leads=leads,
        ends=ended,
        realised=true,
        cried_wolf=cried,
    )


def _judged(*families: Iterable[Check | Finding]) -> tuple[Finding, ...]:
    """Judge how leads end apart from who comes: there are few questions of the one and many of the other."""
    asked = [tuple(family) for family in families]
    return findings(
        [[each for each in family if isinstance(each, Check)] for family in asked],
        [each for family in asked for each in family if isinstance(each, Finding)],
    )


_ACTIONS: Final[tuple[Literal["crm", "retrain"], ...]] = ("crm", "retrain")
"""Who mends the CRM first retrains on what is right."""


def verdict(found: Iterable[Finding]) -> Verdict:
    """Say what findings come to."""
    both = list(found)
    for action in _ACTIONS:
        if any(each.status == "act" and each.action == action for each in both):
            return action
    if any(each.raised for each in both):
        return "changed"
    if any(each.status == "quiet" for each in both):
        return "quiet"
    return "too_few"
