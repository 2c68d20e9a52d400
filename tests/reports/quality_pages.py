"""Data-quality pages of tables."""

from __future__ import annotations

import functools

from readiness.crm import simulate
from readiness.crm.intake import Count, Received
from readiness.crm.tables import Tables
from readiness.reports.quality import QualityPage, summarise


def received_as(given: Tables) -> Received:
    counts = {"leads": Count(len(given.leads), len(given.leads))}
    return Received(given, counts)


def page_of(given: Tables) -> QualityPage:
    return summarise(received_as(given), [], horizon_days=90.0)


@functools.cache
def page_of_world(leads: int) -> QualityPage:
    return page_of(simulate.world(leads, 1).tables)


def told_of(given: Tables) -> dict[str, str]:
    return {remark.code: remark.sentence for remark in page_of(given).remarks}
