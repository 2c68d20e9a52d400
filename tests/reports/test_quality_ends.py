"""What the data-quality page says of leads that ended and of those still open."""

from __future__ import annotations

import pytest

from readiness.crm.intake import Count, Received
from readiness.crm.tables import Tables
from readiness.reports.quality import summarise
from tests.builders import lead, outcome, tables

UNDATED = [lead("A", None), lead("B", None)]
DATED = [lead("A"), lead("B")]


def _said(given: Tables) -> str:
    received = Received(given, {"leads": Count(len(given.leads), len(given.leads))})
    page = summarise(received, [], horizon_days=90.0)
    return next(part.sentence for part in page.parts if part.name == "outcomes")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            tables(UNDATED, outcomes=[outcome(None, lead_id="A")], through=None),
            "1 lead is still open: not known yet, not a no.",
        ),
        (
            tables(UNDATED, outcomes=[outcome(None, lead_id=one) for one in "AB"], through=None),
            "No lead is still open.",
        ),
        (
            tables(DATED, outcomes=[outcome(5, lead_id="A")]),
            "1 lead is still open: not known yet, not a no. Days are those of the leads that ended; slower "
            "ones are still open.",
        ),
        (
            tables(DATED, outcomes=[outcome(5, lead_id=one) for one in "AB"]),
            "No lead is still open. Days are those of the leads that ended.",
        ),
    ],
    ids=["undated", "undated, all ended", "one open", "all ended"],
)
def test_days_are_explained_only_where_there_are_some(given: Tables, said: str) -> None:
    assert _said(given) == said
