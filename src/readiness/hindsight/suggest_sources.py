"""Which sources are dubious by what became of their leads, and which no longer are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readiness.agreement.conditions import fold
from readiness.agreement.document import Agreement
from readiness.hindsight.proposals import END, Edit, Option
from readiness.hindsight.suggest_criteria import Trait
from readiness.hindsight.suggest_options import told

_SELDOM = 1.0
"""A source is dubious if not even one of its leads is won for each that tells us to stop."""


def sources(agreement: Agreement, traits: Sequence[Trait]) -> Iterator[Option]:
    """Offer to list sources as dubious, or to take them off the list, where history surely says so.

    Dubious is a source whose leads surely do worse than others' and of whom more told us to stop than were
    won. No longer dubious is one of which enough is known and both are not so.
    """
    listed = {fold(name): name for name in agreement.sources.dubious}
    for trait in traits:
        if fold(trait.field) != "source" or not trait.evidence.enough:
            continue
        name = trait.condition["any_of"][0]
        found = trait.evidence
        worse = trait.sure and found.high < 1 and found.won < _SELDOM * found.stop
        because = told(found, f"leads from “{name}”")
        if (
            worse
            and fold(name) not in listed
            and fold(name) not in agreement.sources.referrals.folded_sources
        ):
            edit = Edit(("sources", "dubious", END), name)
            yield Option(f"sources.{name}", (edit,), f"new dubious source: `{name}`", because)
        elif fold(name) in listed and found.low > 1:
            edit = Edit(("sources", "dubious", listed[fold(name)]), None)
            yield Option(f"sources.{name}", (edit,), f"no longer a dubious source: `{name}`", because)
