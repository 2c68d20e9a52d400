"""What requests say of leads, as the tables that the product works on; what breaks a rule is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from readiness.crm import records
from readiness.crm.assembly import from_records
from readiness.crm.records import Instant
from readiness.crm.tables import Tables
from readiness.errors import DataError, Fault
from serve.moments import Moment
from serve.problems import Problem, invalid
from serve.schemas import ScoreRequest


@dataclass(frozen=True, slots=True)
class Laid:
    """The tables of the requests that keep the rules, which these are, and why the others were refused."""

    tables: Tables
    kept: tuple[int, ...]
    """Positions in the requests, in the order of the tables' leads."""
    refused: dict[int, Problem]


def lay(requests: Sequence[ScoreRequest]) -> Laid:
    """Turn requests into tables, one lead each; a request that contradicts itself is refused alone.

    Parameters
    ----------
    requests : n requests
        Of leads with ids that differ; all with ``created_at``, or all without.

    Returns
    -------
    Laid
        Refusals are 422, with every rule that the request breaks, by field.
    """
    everything = tuple(range(len(requests)))
    try:
        return Laid(_tables(requests), everything, {})
    except DataError as error:
        suspects = _suspects(requests, error.faults)
    try:
        return _laid_without(requests, suspects)
    except DataError:
        return _laid_without(requests, everything)


def _laid_without(requests: Sequence[ScoreRequest], suspects: Iterable[int]) -> Laid:
    refused = {place: said for place in suspects if (said := _refusal(requests[place])) is not None}
    kept = tuple(place for place in range(len(requests)) if place not in refused)
    return Laid(_tables([requests[place] for place in kept]), kept, refused)


def _suspects(requests: Sequence[ScoreRequest], faults: Sequence[Fault]) -> Iterable[int]:
    """Return whose rows the faults are, in order; everybody where a fault does not say."""
    rows = {
        "leads": [1] * len(requests),
        "activities": [len(each.activities) for each in requests],
        "answers": [len(each.answers) for each in requests],
        "outcomes": [len(each.outcomes) for each in requests],
        "handovers": [len(each.handovers) for each in requests],
    }
    ends = {table: np.cumsum(counts) for table, counts in rows.items()}
    found = set()
    for fault in faults:
        if fault.row is None:
            return range(len(requests))
        found.add(int(np.searchsorted(ends[fault.table], fault.row)))
    return sorted(found)


def _refusal(request: ScoreRequest) -> Problem | None:
    try:
        _tables([request])
    except DataError as error:
        return invalid([(_place(fault), _wording(fault)) for fault in error.faults])
    return None


def _tables(requests: Sequence[ScoreRequest]) -> Tables:
    return from_records(
        [_lead(request) for request in requests],
        [row for request in requests for row in _activities(request)],
        [row for request in requests for row in _answers(request)],
        [row for request in requests for row in _outcomes(request)],
        [row for request in requests for row in _handovers(request)],
    )


def _lead(request: ScoreRequest) -> records.Lead:
    lead = request.lead
    return records.Lead(
        lead_id=lead.lead_id,
        created_at=_instant(lead.created_at),
        source=lead.source,
        last_known_at=_instant(lead.last_known_at),
        email=lead.email,
        phone=lead.phone,
        company_domain=lead.company_domain,
        attributes=lead.attributes,
    )


def _activities(request: ScoreRequest) -> list[records.Activity]:
    lead_id = request.lead.lead_id
    return [
        records.Activity(
            lead_id, row.occurred_at.instant, row.type, row.direction, row.channel, row.value, row.detail
        )
        for row in request.activities
    ]


def _answers(request: ScoreRequest) -> list[records.Answer]:
    lead_id = request.lead.lead_id
    return [records.Answer(lead_id, row.answered_at.instant, row.field, row.value) for row in request.answers]


def _outcomes(request: ScoreRequest) -> list[records.Outcome]:
    lead_id = request.lead.lead_id
    return [records.Outcome(lead_id, _instant(row.occurred_at), row.outcome) for row in request.outcomes]


def _handovers(request: ScoreRequest) -> list[records.Handover]:
    lead_id = request.lead.lead_id
    return [
        records.Handover(
            lead_id,
            row.handed_over_at.instant,
            _instant(row.decided_at),
            row.decision,
            row.reason,
            row.propensity,
        )
        for row in request.handovers
    ]


def _instant(moment: Moment | None) -> Instant | None:
    return None if moment is None else moment.instant


def _place(fault: Fault) -> str:
    row = "" if fault.row is None or fault.table == "leads" else f"[{fault.row - 1}]"
    table = "lead" if fault.table == "leads" else fault.table
    return f"{table}{row}.{fault.column}" if fault.column else f"{table}{row}"


def _wording(fault: Fault) -> str:
    # What was seen stays out: it may be somebody's.
    return f"Expected {fault.expected}. {fault.remedy}"
