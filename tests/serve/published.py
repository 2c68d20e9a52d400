"""A small real model, trained once and published, and requests made from the tables it learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from readiness import artefact, shipped
from readiness.agreement import reading
from readiness.artefact import AgreementName, Pointer, Provenance
from readiness.crm import simulate
from readiness.crm.assembly import from_records
from readiness.crm.records import (
    DECISIONS,
    DIRECTIONS,
    NO_INSTANT,
    OUTCOMES,
    AttributeValue,
    Lead,
    Outcome,
    iso,
)
from readiness.crm.tables import Attribute, Coded, Tables
from readiness.history import features, outcomes, snapshots
from readiness.judging.bootstrap import Figure
from readiness.judging.importance import Importance
from readiness.judging.insight import Insight
from readiness.learning.incidence import IncidenceModel
from readiness.learning.model import ReadinessModel

JUDGEMENT: Final = {
    "leads": 400,
    "insight": Insight(
        (
            Importance("Source", Figure(0.02, 0.01, 0.03), "by level", "source", "partner", "web_form", 0.1),
            Importance("Company size", Figure(None, None, None), "up", "company_size"),
        )
    ).to_dict(),
}


@dataclass(frozen=True, slots=True)
class Published:
    """A folder with two bundles of models that score alike but are not the same, and their tables."""

    folder: Path
    tables: Tables
    names: tuple[str, str]

    def point(self, which: int) -> None:
        """Make one of the two the champion, as version 1 or 2."""
        artefact.point(self.folder, Pointer(name=self.names[which], version=str(which + 1)))


def publish(folder: Path, *, leads: int = 400) -> Published:
    """Train a small model on a simulated CRM and publish it twice, with different capacities."""
    tables = simulate.world(leads, seed=1).tables
    model = _train(tables)
    other = replace(model, capacity_score=0.3)
    names = [_write(folder, each).name for each in (model, other)]
    return Published(folder, tables, (names[0], names[1]))


def publish_undated(folder: Path) -> Tables:
    """Train a small model on leads without dates, publish it as the champion, and return its tables."""
    random = np.random.default_rng(0)
    leads, ends = [], []
    for number in range(300):
        budget = ("yes", "no", None)[random.integers(3)]
        attributes: dict[str, AttributeValue] = {"size": float(random.integers(1, 200)), "budget": budget}
        source = ("web", "fair")[random.integers(2)]
        leads.append(Lead(f"L-{number}", source=source, attributes=attributes))
        won = random.random() < (0.7 if budget == "yes" else 0.2)
        ends.append(Outcome(f"L-{number}", None, "closed_won" if won else "closed_lost"))
    model = _train(from_records(leads, (), (), ends), horizon_days=None)
    artefact.point(folder, Pointer(name=_write(folder, model).name, version="1"))
    return from_records(leads)


def request_of(tables: Tables, lead: int, *, explain: str = "none") -> dict[str, Any]:
    """Return the request that says of a lead what the tables say, as of their end."""
    return {
        "lead": _lead(tables, lead),
        "activities": _activities(tables, lead),
        "answers": _answers(tables, lead),
        "outcomes": _outcomes(tables, lead),
        "handovers": _handovers(tables, lead),
        "at": iso(tables.observed_through) if tables.dated else None,
        "explain": explain,
    }


def _train(tables: Tables, *, horizon_days: float | None = 90.0) -> ReadinessModel:
    looks = snapshots.take(tables, until=tables.observed_through)
    plan = features.plan(tables, looks)
    matrix = features.build(tables, looks, plan)
    labels = outcomes.label(looks, tables, known_until=tables.observed_through)
    estimator = IncidenceModel(intervals=4, max_rounds=20, patience=5, folds=2, penalties=(40.0,))
    estimator.fit(
        matrix,
        np.column_stack([labels.event, labels.duration]).astype(np.float64),
        groups=looks.lead.astype(np.int64),
        levels=np.array([0 if f.kind == "number" else len(f.levels) + 2 for f in plan.features]),
    )
    return ReadinessModel.around(estimator, plan, matrix, horizon_days=horizon_days, capacity_score=0.1)


def _write(folder: Path, model: ReadinessModel) -> Path:
    agreement = reading.load(shipped.agreement())
    made_from = Provenance(
        data_fingerprint="f" * 64,
        data_end="2026-01-01T00:00:00Z",
        judged_at=None,
        agreement=AgreementName(name=agreement.name, version=agreement.version, sha256=agreement.fingerprint),
        seed=1,
    )
    text = shipped.agreement().read_text(encoding="utf-8")
    return artefact.write(
        model, agreement_text=text, provenance=made_from, folder=folder, judgement=JUDGEMENT
    )


def _lead(tables: Tables, lead: int) -> dict[str, Any]:
    leads = tables.leads
    return {
        "lead_id": leads.lead_id[lead],
        "created_at": iso(int(leads.created_at[lead])),
        "source": leads.source.at(lead),
        "last_known_at": iso(int(leads.last_known_at[lead])),
        **{name: texts[lead] for name, texts in leads.identities.items()},
        "attributes": {name: _value(column, lead) for name, column in leads.attributes.items()},
    }


def _value(column: Attribute, lead: int) -> str | float | None:
    if isinstance(column, Coded):
        return column.at(lead)
    return None if np.isnan(column[lead]) else float(column[lead])


def _rows(starts: Any, lead: int) -> range:  # noqa: ANN401 - a column of integers
    return range(int(starts[lead]), int(starts[lead + 1]))


def _activities(tables: Tables, lead: int) -> list[dict[str, Any]]:
    rows = tables.activities
    return [
        {
            "occurred_at": iso(int(rows.occurred_at[row])),
            "type": rows.type.at(row),
            "direction": DIRECTIONS[rows.direction[row]],
            "channel": rows.channel.at(row),
            "value": _value(rows.value, row),
            "detail": rows.detail.at(row),
        }
        for row in _rows(rows.starts, lead)
    ]


def _answers(tables: Tables, lead: int) -> list[dict[str, Any]]:
    rows = tables.answers
    return [
        {
            "answered_at": iso(int(rows.answered_at[row])),
            "field": rows.field.at(row),
            "value": rows.value.at(row),
        }
        for row in _rows(rows.starts, lead)
    ]


def _outcomes(tables: Tables, lead: int) -> list[dict[str, Any]]:
    rows = tables.outcomes
    return [
        {"occurred_at": iso(int(rows.occurred_at[row])), "outcome": OUTCOMES[rows.outcome[row]]}
        for row in _rows(rows.starts, lead)
    ]


def _handovers(tables: Tables, lead: int) -> list[dict[str, Any]]:
    rows = tables.handovers
    return [
        {
            "handed_over_at": iso(int(rows.handed_over_at[row])),
            "decided_at": None if rows.decided_at[row] == NO_INSTANT else iso(int(rows.decided_at[row])),
            "decision": DECISIONS[rows.decision[row]] if rows.decision[row] >= 0 else None,
            "reason": rows.reason.at(row),
            "propensity": _value(rows.propensity, row),
        }
        for row in _rows(rows.starts, lead)
    ]
