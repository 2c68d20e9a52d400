"""GET /v1/model and /v1/agreement: what answers, and what it was made of."""

from __future__ import annotations

from fastapi import APIRouter

from serve.answers import AgreementAnswer, AgreementReference, ModelAnswer
from serve.dependencies import ServiceDep

router = APIRouter(tags=["What answers"])


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


@router.get("/v1/agreement", summary="The agreement in use")
async def agreement_in_use(service: ServiceDep) -> AgreementAnswer:
    """Return the document in which sales and marketing define sales-ready, and its fingerprint."""
    agreement = service.store.in_use.agreement
    return AgreementAnswer(
        name=agreement.name,
        version=agreement.version,
        sha256=agreement.fingerprint,
        document=agreement.model_dump(mode="json"),
        text=service.store.in_use.agreement_text,
    )
