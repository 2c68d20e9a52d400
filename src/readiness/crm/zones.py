"""Local times and their zone: which instant a clock on the wall showed, and where it showed none or two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm.plain_columns import as_numpy, microseconds
from readiness.crm.records import NO_INSTANT
from readiness.crm.repeated_words import Column
from readiness.crm.tables import Flags, Ints

NAMED: Final = re.compile(r"(.+)\[([A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+)*)\]")
"""A time with the name of its zone, as RFC 9557 writes it: 2026-03-29T02:30:00[Europe/Ljubljana]."""

_US: Final = pa.timestamp("us")


@dataclass(frozen=True, slots=True)
class Local:
    """Instants of local times, with those that the clock skipped or showed twice."""

    at: Ints
    """NO_INSTANT where missing or skipped; of two instants the first."""
    skipped: Flags
    """The clock was set forward past this time."""
    repeated: Flags
    """The clock was set back and showed this time twice."""


def located(times: Column, zone: str) -> Local:
    """Say which instants local times are.

    Parameters
    ----------
    times : column of timestamps without zone, n rows
    zone : str
        By its IANA name.

    Returns
    -------
    Local, n rows

    Raises
    ------
    ValueError
        If there is no such zone.
    """
    times = times.cast(_US)
    try:
        early = _assumed(times, zone, "earliest")
        late = _assumed(times, zone, "latest")
    except pa.ArrowInvalid as error:
        raise ValueError(f"there is no time zone {zone!r}") from error
    first, last = microseconds(early), microseconds(late)
    unclear = first != last
    if not unclear.any():
        return Local(first, unclear, unclear)
    # A time that the clock showed reads back as itself; one that it skipped does not.
    back = as_numpy(pc.local_timestamp(early).cast(pa.int64()).fill_null(NO_INSTANT))
    asked = as_numpy(times.cast(pa.int64()).fill_null(NO_INSTANT))
    skipped = unclear & (back != asked)
    return Local(np.where(skipped, NO_INSTANT, first), skipped, unclear & ~skipped)


def _assumed(times: Column, zone: str, which: str) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    return pc.assume_timezone(times, zone, ambiguous=which, nonexistent=which)
