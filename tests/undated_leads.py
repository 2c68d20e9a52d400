"""Leads without any dates, of which a few attributes tell who is won."""

from __future__ import annotations

import numpy as np

from readiness.crm.tables import Tables
from tests import builders


def won_where_large_in_the_north() -> Tables:
    """Return 300 leads of which the large in the north are won more often, some of them not ended yet."""
    rng = np.random.default_rng(0)
    leads, outcomes = [], []
    for number in range(300):
        size, region = float(rng.integers(1, 60)), str(rng.choice(["north", "south"]))
        won = rng.random() < (0.8 if size > 30 and region == "north" else 0.15)
        lead_id = f"L-{number}"
        leads.append(builders.lead(lead_id, created=None, size=size, region=region))
        if number % 10:
            outcomes.append(builders.outcome(None, "closed_won" if won else "closed_lost", lead_id=lead_id))
    return builders.tables(leads, outcomes=outcomes, through=None)
