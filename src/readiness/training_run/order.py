"""One order of the leads for every run, so that the order of a file never shows."""

from __future__ import annotations

import numpy as np

from readiness.crm.selection import select
from readiness.crm.tables import Tables


def in_order(tables: Tables) -> Tables:
    """Return the same leads in the order of their ids.

    Resamples deal with leads by position, and sums of floats depend on their order: so that neither
    shows in a model's name, every run meets the leads in one order.
    """
    return select(tables, np.argsort(tables.leads.lead_id, kind="stable").astype(np.int64))
