"""Which leads chance hands over, to learn from: a draw that anybody can repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import numpy as np

from readiness.crm.tables import Flags

_BYTES: Final = 8


def drawn(lead_ids: Iterable[str], fingerprint: str, share: float) -> Flags:
    """Draw a share of leads at random, the same ones at any time and among any others.

    A lead's lot is the SHA-256 of the agreement's fingerprint and its id, read as a number from 0 to 1;
    it is drawn if its lot lies below the share. A new agreement draws anew.

    Parameters
    ----------
    lead_ids : n ids
        Of the few leads that only score or capacity keeps back.
    fingerprint : str
        The agreement's.
    share : float
        From 0 to 1: the probability with which each is drawn.

    Returns
    -------
    Flags, n
    """
    lots = (
        hashlib.sha256(f"{fingerprint} {lead_id}".encode("utf-8", "surrogatepass")) for lead_id in lead_ids
    )
    numbers = [int.from_bytes(lot.digest()[:_BYTES], "big") for lot in lots]
    below: Flags = np.array(numbers, dtype=np.uint64) / 2.0 ** (8 * _BYTES) < share
    return below
