"""A later export laid onto tables that are there, as its mapping says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells, episodes
from readiness.crm.append import Appended
from readiness.crm.append import append as lay_onto
from readiness.crm.frames import Given, Origin
from readiness.crm.intake import Count, Received, sort_out
from readiness.crm.mapping.document import Mapping
from readiness.crm.mapping.importing import arrive, untold
from readiness.crm.mapping.stacking import stacked
from readiness.crm.mending import NOTHING_MENDED, Mended
from readiness.crm.outgoing import as_texts
from readiness.crm.sources import Database
from readiness.crm.tables import Flags, Leads, Tables, Texts
from readiness.crm.whereabouts import Whereabouts
from readiness.progress import Progress, silent

_THERE: Final = "tables there"
_TEXT: Final = pa.large_string()


@dataclass(frozen=True, slots=True)
class LaidOnto:
    """A later export and the tables with it."""

    received: Received
    """Counts, faults, notes and rows set aside of the later export; the tables are those of both."""
    appended: Appended


def append(
    mapping: Mapping,
    sources: Sequence[Path | Database],
    there: Tables,
    *,
    episodes_there: int = 0,
    prefer_new: bool = False,
    mended: Mended = NOTHING_MENDED,
    progress: Progress = silent,
) -> LaidOnto:
    """Lay an export onto tables: see `readiness.crm.append.append`.

    Its rows may belong to leads that are only there. A lead that is there and whose end in the export
    cannot be read is known only until the watch ended before: it is not taken for an open one.

    Parameters
    ----------
    there : Tables
        As they were written; ``episodes_there`` of their leads, the last ones, are later episodes.
    prefer_new : bool
        What the later export says wins a contradiction.
    mended : Mended, optional
        As for `readiness.crm.mapping.apply`.

    Raises
    ------
    DataError
        As `readiness.crm.mapping.apply`; or if one has dates and the other has none.
    StoreError
        If a file cannot be opened.
    """
    whole = episodes.joined(there, episodes_there)
    arrived = arrive(mapping, sources, there=whole.leads, mended=mended, progress=progress)
    if "leads" not in arrived.given:
        # Some file could not be read: this tells everything.
        sort_out(arrived.given, unread=arrived.unread, observed_through=arrived.observed_through)
    there_ids = pa.array(whole.leads.lead_id, _TEXT)
    # Where the export tells its leads without ids, no row of it can name one that is there.
    named = ~_among(whole.leads.lead_id, _ids(arrived.given["leads"], there_ids))
    given = {**arrived.given, "leads": _with_named(arrived.given["leads"], whole.leads, named)}
    received = sort_out(given, unread=arrived.unread, observed_through=arrived.observed_through)
    progress("laying it onto the tables there", 0.8)
    ids = received.tables.leads.lead_id
    only_named = _among(ids, pa.array(whole.leads.lead_id[named], _TEXT))
    said = _among(whole.leads.lead_id, _ids(given["leads"], pa.array([], _TEXT)))
    appended = lay_onto(
        whole,
        received.tables,
        named_only=only_named,
        in_doubt=said & ~_among(whole.leads.lead_id, pa.array(ids, _TEXT)),
        prefer_new=prefer_new,
        locate=Whereabouts(arrived.given),
    )
    count = received.counts["leads"]
    refused = count.refused - int(named.sum() - only_named.sum())
    accepted = count.accepted - int(only_named.sum())
    received = replace(
        received,
        tables=appended.tables,
        episodes=appended.episodes,
        counts={**received.counts, "leads": Count(accepted + refused, accepted)},
        notes=(*arrived.notes, *untold(appended.tables, appended.episodes), *received.notes),
        set_aside={name: rows for name, rows in received.set_aside.items() if not name.endswith(_THERE)},
    )
    return LaidOnto(received, appended)


def _ids(leads: Given, otherwise: cells.Column) -> cells.Column:
    return cells.texts(leads.rows.column("lead_id")) if "lead_id" in leads.rows.column_names else otherwise


def _among(ids: Texts, others: cells.Column) -> Flags:
    """Say which ids are among others."""
    found = pc.is_in(pa.array(ids, _TEXT), value_set=cells.one_chunk(others))
    flags: Flags = found.to_numpy(zero_copy_only=False)
    return flags


def _with_named(given: Given, leads: Leads, named: Flags) -> Given:
    """Return the leads given and below them those that are only there, so that rows can name them."""
    if not named.any():
        return given
    columns = {
        "lead_id": pa.array(leads.lead_id[named], _TEXT),
        "created_at": as_texts(leads.created_at[named]),
    }
    rows = pa.table({name: columns[name] for name in given.rows.column_names if name in columns})
    parts = [dict(zip(table.column_names, table.columns, strict=True)) for table in (given.rows, rows)]
    both = stacked(parts, [len(given.rows), len(rows)], given.rows.column_names)
    unread = {
        name: np.concatenate([flags, np.zeros(len(rows), dtype=bool)]) for name, flags in given.unread.items()
    }
    return replace(given, rows=both, origins=(*given.origins, Origin(rows, label=_THERE)), unread=unread)
