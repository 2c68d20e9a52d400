"""Snapshots and their fates seen from an earlier instant, in days since any origin."""

from __future__ import annotations

import numpy as np

from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.outcomes import CENSORED


def known_at(taken: Floats, fates: Floats, instant: float) -> tuple[Ints, Floats]:
    """Return which snapshots had been taken before an instant, and what was known of their fates there.

    What happened at the instant itself was not known yet.

    Parameters
    ----------
    taken : Floats, n
        When each snapshot was taken, in days as ``instant`` is.
    fates : Floats, n × 2
        As `outcomes.label` tells them: event, and days from the snapshot until then.

    Returns
    -------
    which : Ints, k
        Ascending places among the n.
    known : Floats, k × 2
        A fate still to come is censored at the instant.
    """
    early = np.flatnonzero(taken < instant)
    left, then = instant - taken[early], fates[early]
    event = np.where(then[:, 1] < left, then[:, 0], CENSORED)
    return early, np.column_stack((event, np.minimum(then[:, 1], left)))


def first_looked_at_since(taken: Floats, leads: Ints, instant: float) -> Flags:
    """Return of which snapshots the lead was first looked at at an instant or later, n.

    Parameters
    ----------
    taken : Floats, n
        When each snapshot was taken, in days as ``instant`` is.
    leads : Ints, n
        Whose it is, numbered from 0.
    """
    first = np.full(int(leads.max(initial=-1)) + 1, np.inf)
    np.minimum.at(first, leads, taken)
    since: Flags = first[leads] >= instant
    return since


def ends_came(taken: Floats, fates: Floats) -> Floats:
    """Return when each end that was seen came, ascending, in days as ``taken`` is."""
    ended = fates[:, 0] != CENSORED
    return np.sort(taken[ended] + fates[ended, 1])
