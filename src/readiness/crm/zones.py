"""Local times and their zone: which instant a clock on the wall showed, and where it showed none or two."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm.plain_columns import as_numpy, microseconds, texts
from readiness.crm.records import NO_INSTANT
from readiness.crm.repeated_words import Column
from readiness.crm.tables import Flags, Ints

NAMED: Final = re.compile(r"(.+)\[([A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+)*)\]")
"""A time with the name of its zone, as RFC 9557 writes it: 2026-03-29T02:30:00[Europe/Ljubljana]."""

_US: Final = pa.timestamp("us")
_UTC: Final = pa.timestamp("us", tz="UTC")


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


def named(moment: dt.datetime, zone: str) -> str:
    """Write a local time with its offset, or with its zone's name where the clock showed it never or twice.

    >>> import datetime as dt
    >>> named(dt.datetime(2026, 3, 28, 2, 30), "Europe/Ljubljana")
    '2026-03-28T02:30:00+01:00'
    >>> named(dt.datetime(2026, 3, 29, 2, 30), "Europe/Ljubljana")
    '2026-03-29T02:30:00[Europe/Ljubljana]'
    """
    there = moment.replace(tzinfo=ZoneInfo(zone), fold=0)
    unclear = there.utcoffset() != there.replace(fold=1).utcoffset()
    return f"{moment.isoformat()}[{zone}]" if unclear else there.isoformat()


def named_column(times: Column, zone: str) -> Column:
    """Return local times as instants in UTC; as texts if the clock showed some of them never or twice.

    Those bear the name of their zone, so that whoever reads them can say so.

    Parameters
    ----------
    times : column of timestamps without zone
    """
    local = located(times, zone)
    unclear = local.skipped | local.repeated
    known = pa.chunked_array([pa.array(local.at, mask=local.at == NO_INSTANT).cast(_UTC)])
    if not unclear.any():
        return known
    spelt = pc.binary_join_element_wise(
        texts(times), *(pa.scalar(part, pa.large_string()) for part in (f"[{zone}]", ""))
    )
    return pc.if_else(pa.array(unclear), spelt, texts(known))


def _assumed(times: Column, zone: str, which: str) -> Any:  # noqa: ANN401 - pyarrow has no annotations
    return pc.assume_timezone(times, zone, ambiguous=which, nonexistent=which)
