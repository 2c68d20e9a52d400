"""GET /v1/model, /v1/importance and /v1/agreement: what answers, and what it was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter

from readiness.artefact import Bundle
from serve.answers import AgreementAnswer, AgreementReference, Driver, ImportanceAnswer, ModelAnswer
from serve.dependencies import ServiceDep
from serve.request_body import StrictRoute

router = APIRouter(route_class=StrictRoute, tags=["What answers"])


@router.get("/v1/model", summary="The model in use")
async def model_in_use(service: ServiceDep) -> ModelAnswer:
    """Say which model answers, what it learned from and until when; all null while the rules alone answer."""
    in_use = service.store.in_use
    bundle = in_use.bundle
    if bundle is None:
        return ModelAnswer()
    made_from = bundle.provenance
    beside = made_from.agreement
    return ModelAnswer(
        model=in_use.answered_by.model,
        bundle=bundle.name,
        horizon_days=bundle.model.horizon_days,
        learned_until=made_from.data_end,
        judged_from=made_from.judged_at,
        trained_beside=AgreementReference(name=beside.name, version=beside.version, sha256=beside.sha256),
        data_fingerprint=made_from.data_fingerprint,
        features=list(bundle.model.plan.groups),
        capacity_score=bundle.model.capacity_score,
        judgement=None if bundle.judgement is None else dict(bundle.judgement),
    )


@router.get("/v1/importance", summary="What drives the scores")
async def importance(service: ServiceDep) -> ImportanceAnswer:
    """Say what the scores rest on and which way it moves them, as measured when the model was judged.

    Each behaviour or attribute was shuffled among leads that the model had not seen, to see how much worse
    its forecasts become. It says what the score follows, not what would change a lead's mind.
    """
    in_use = service.store.in_use
    answered_by = in_use.answered_by
    found = _measured(in_use.bundle)
    because = None
    if in_use.bundle is None:
        because = "No model is in use: the agreed rules alone answer."
    elif not found:
        because = "This model was never judged on leads that it had not seen."
    return ImportanceAnswer(
        model=answered_by.model,
        bundle=answered_by.bundle,
        drivers=[_driver(each) for each in found],
        because=because,
    )


def _measured(bundle: Bundle | None) -> Sequence[Mapping[str, Any]]:
    judgement = bundle.judgement if bundle else None
    insight = (judgement or {}).get("insight") or {}
    found: Sequence[Mapping[str, Any]] = insight.get("importance") or ()
    return found


def _driver(found: Mapping[str, Any]) -> Driver:
    increase = found["increase"]
    return Driver(
        name=found["group"],
        importance=increase["value"],
        low=increase["low"],
        high=increase["high"],
        contribution=found.get("contribution"),
        direction=found["direction"],
        raises=found["raises"],
        lowers=found["lowers"],
    )


@router.get("/v1/agreement", summary="The agreement in use")
async def agreement_in_use(service: ServiceDep) -> AgreementAnswer:
    """Return the document in which sales and marketing define sales-ready, and its fingerprint."""
    in_use = service.store.in_use
    agreement = in_use.agreement
    return AgreementAnswer(
        name=agreement.name,
        version=agreement.version,
        sha256=agreement.fingerprint,
        document=agreement.model_dump(mode="json"),
        text=in_use.agreement_text,
    )
