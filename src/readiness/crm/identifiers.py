"""Ids for leads that the CRM gave none: from what is known of them, whatever their order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from readiness.crm.records import iso
from readiness.crm.tables import Coded, Leads, Texts


def identified(leads: Leads, order: Sequence[int] | None = None) -> Leads:
    """Give each lead without an id one from its content and its occurrence number.

    Leads with the same content are told apart by counting them, so the ids are the same set
    whatever the order of the rows: ``c41f0…-1``, ``c41f0…-2``.

    Parameters
    ----------
    leads : Leads, n rows
        ``lead_id`` None or empty where there is none.
    order : n row numbers, optional
        The order in which leads of the same content are counted. Who knows more of the rows than
        the leads' columns hold, such as their outcomes, sorts by it, and so stays order-free too.
    """
    written = _contents(leads)
    seen: Counter[str] = Counter()
    lead_id = leads.lead_id.copy()
    for row in range(len(leads)) if order is None else order:
        if not lead_id[row]:
            seen[written[row]] += 1
            lead_id[row] = f"{written[row]}-{seen[written[row]]}"
    return replace(leads, lead_id=lead_id)


def _contents(leads: Leads) -> list[str]:
    columns: list[tuple[str, Sequence[object] | Texts]] = [
        ("created_at", [iso(at) for at in leads.created_at.tolist()]),
        ("last_known_at", [iso(at) for at in leads.last_known_at.tolist()]),
        ("source", leads.source.texts()),
    ]
    columns += list(leads.identities.items())
    columns += [(name, _texts_of(values)) for name, values in sorted(leads.attributes.items())]
    digests = [hashlib.sha256() for _ in range(len(leads))]
    for name, values in columns:
        for digest, value in zip(digests, values, strict=True):
            # Lengths first, so that no two contents are written alike; a missing value is not written.
            if value is not None:
                part = str(value)
                digest.update(f"{len(name)}:{name}{len(part)}:{part}".encode("utf-8", "surrogatepass"))
    return [f"c{digest.hexdigest()[:16]}" for digest in digests]


def _texts_of(values: Coded | np.ndarray) -> Sequence[object] | Texts:
    if isinstance(values, Coded):
        return values.texts()
    return [None if value != value else f"{value:.17g}" for value in values.tolist()]
