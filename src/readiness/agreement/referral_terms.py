"""How leads reach us: which sources are dubious, and what makes a lead a referral, and by whom."""

from __future__ import annotations

from functools import cached_property

from readiness.agreement.conditions import Evidence, Part, Word, fold
from readiness.agreement.vocabulary import ReferrerOutcome, RelationName


class Relations(Part):
    """What tells how a referrer stands to us; the first relation whose evidence holds counts."""

    customer: tuple[Evidence, ...] = ()
    """What tells that the referrer buys from us."""
    partner: tuple[Evidence, ...] = ()
    """What tells that the referrer sells with us or for us."""
    employee: tuple[Evidence, ...] = ()
    """What tells that the referrer works for us."""
    other: tuple[Evidence, ...] = ()
    """What tells that somebody else referred the lead."""

    def of(self, name: RelationName) -> tuple[Evidence, ...]:
        """Return the evidence for a relation."""
        evidence: tuple[Evidence, ...] = getattr(self, name)
        return evidence


class ReferrerOutcomes(Part):
    """What tells what became of the referrer, as the CRM keeps it with the lead that was referred."""

    won: tuple[Evidence, ...] = ()
    """What tells that the referrer bought."""
    stop: tuple[Evidence, ...] = ()
    """What tells that the referrer told us to stop calling."""

    def of(self, name: ReferrerOutcome) -> tuple[Evidence, ...]:
        """Return the evidence for an outcome."""
        evidence: tuple[Evidence, ...] = getattr(self, name)
        return evidence


class Referrals(Part):
    """What makes a lead a referral: its source is listed, or the evidence of a relation holds.

    No assessment reads another lead's rows: relation and outcome come with the lead's own columns and
    answers.
    """

    sources: tuple[Word, ...] = ()
    """Sources that are referrals by their label alone."""
    named_in: tuple[Word, ...] = ()
    """Columns and answers that say who referred the lead; shown to sales, judged by nobody."""
    relations: Relations = Relations()
    """How the referrer stands to us: customer, partner, employee or other."""
    outcomes: ReferrerOutcomes = ReferrerOutcomes()
    """What became of the referrer: won or stop."""

    @cached_property
    def folded_sources(self) -> frozenset[str]:
        """The sources that are referrals, folded."""
        return frozenset(map(fold, self.sources))


class Sources(Part):
    """How a lead reached us. A source that is in neither list is an ordinary one."""

    dubious: tuple[Word, ...] = ()
    """Sources to mistrust until history says otherwise: bought lists, business cards from a bowl."""
    referrals: Referrals = Referrals()
    """What makes a lead a referral, who referred it, and what became of the referrer."""
