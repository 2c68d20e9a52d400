"""From a request to an assessment: the same road as a file of a million leads, with one lead on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from readiness.crm import records
from readiness.crm.assembly import from_records
from readiness.crm.records import Instant
from readiness.crm.tables import Tables
from readiness.errors import DataError, Fault
from readiness.history import snapshots as looks
from readiness.history.snapshots import Snapshots
from readiness.learning.model import ReadinessModel
from readiness.scoring import Assessment, Hashing, Kind, Suppressions, score, suppression_keys
from serve import receipt
from serve.database import Given
from serve.moments import Moment
from serve.problems import invalid
from serve.schemas import ScoreRequest
from serve.store import InUse

TOLD_US: Final = "a stop_calling outcome that was sent with the lead"
"""The source of a suppression that came with a request to score."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the tables of one lead, and the look at it."""

    request: ScoreRequest
    tables: Tables
    snapshots: Snapshots
    warnings: tuple[str, ...]
    """What its sender should know about the cutoff."""


def read(request: ScoreRequest, in_use: InUse, *, received: Instant) -> Asked:
    """Turn a request into the tables of one lead, and say at which instant it is looked at.

    Parameters
    ----------
    request : ScoreRequest
    in_use : InUse
    received : Instant
        When the request arrived: the cutoff, unless the request states its own.

    Raises
    ------
    Problem
        422 if the rows contradict each other or lie in the future, or if the lead has no dates and
        the model reads them.
    """
    _refuse_undated(request, in_use.model)
    cutoff, moved = receipt.cutoff(request, received)
    tables = _tables(request)
    return Asked(request, tables, looks.at(tables, cutoff), moved)


def stopped(request: ScoreRequest, hashing: Hashing) -> list[Given]:
    """Return under which keys the lead of a request is suppressed, because it told us to stop; else none.

    Whenever it did: a stop after the cutoff changes no score, and yet nobody calls any more. What
    cannot be read gives no key.
    """
    stops = [row for row in request.outcomes if row.outcome == "stop_calling"]
    if not stops:
        return []
    since = min((row.occurred_at.instant for row in stops if row.occurred_at), default=None)
    lead = request.lead
    person: dict[Kind, str | None] = {"lead_id": lead.lead_id, "email": lead.email, "phone": lead.phone}
    found = [
        (kind, suppression_keys(kind, [value], hashing)[0].key) for kind, value in person.items() if value
    ]
    return [Given(kind, key, TOLD_US, since) for kind, key in found if key is not None]


def assess(asked: Asked, in_use: InUse, suppressions: Suppressions) -> Assessment:
    """Assess the lead of a request with the model and agreement in use, those it was read for."""
    request, tables, snapshots = asked.request, asked.tables, asked.snapshots
    assessment = score(
        tables,
        snapshots,
        agreement=in_use.agreement,
        model=in_use.model,
        answered_by=in_use.answered_by,
        explain=request.explain,
        suppressions=suppressions,
    ).assessment(0)
    ours = (*asked.warnings, *receipt.left_out(tables, snapshots), *_unknown_columns(request, in_use.model))
    return replace(assessment, warnings=(*assessment.warnings, *ours)) if ours else assessment


def _refuse_undated(request: ScoreRequest, model: ReadinessModel | None) -> None:
    if request.lead.created_at is None and model is not None and model.horizon_days is not None:
        # Its age and rhythm would all be missing: a score would come out, and mean nothing.
        raise invalid([("lead.created_at", "The model in use reads dates, so this field is required.")])


def _unknown_columns(request: ScoreRequest, model: ReadinessModel | None) -> tuple[str, ...]:
    if model is None:
        return ()
    unknown = sorted(request.lead.attributes.keys() - {*model.plan.columns, *model.plan.excluded})
    return tuple(f"The model does not know the column {column}; check its spelling." for column in unknown)


def _tables(request: ScoreRequest) -> Tables:
    lead_id = request.lead.lead_id
    try:
        return from_records(
            [_lead(request)],
            [
                records.Activity(
                    lead_id,
                    row.occurred_at.instant,
                    row.type,
                    row.direction,
                    row.channel,
                    row.value,
                    row.detail,
                )
                for row in request.activities
            ],
            [
                records.Answer(lead_id, row.answered_at.instant, row.field, row.value)
                for row in request.answers
            ],
            [records.Outcome(lead_id, _instant(row.occurred_at), row.outcome) for row in request.outcomes],
            [
                records.Handover(
                    lead_id,
                    row.handed_over_at.instant,
                    _instant(row.decided_at),
                    row.decision,
                    row.reason,
                    row.propensity,
                )
                for row in request.handovers
            ],
        )
    except DataError as error:
        raise invalid([(_place(fault), _wording(fault)) for fault in error.faults]) from None


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


def _instant(moment: Moment | None) -> Instant | None:
    return None if moment is None else moment.instant


def _place(fault: Fault) -> str:
    row = "" if fault.row is None or fault.table == "leads" else f"[{fault.row - 1}]"
    table = "lead" if fault.table == "leads" else fault.table
    return f"{table}{row}.{fault.column}" if fault.column else f"{table}{row}"


def _wording(fault: Fault) -> str:
    # What was seen stays out: it may be somebody's.
    return f"Expected {fault.expected}. {fault.remedy}"
