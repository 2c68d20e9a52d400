"""Asks a service whatever its own document allows and forbids, and says what it should not have answered.

Schemathesis makes the requests and checks the answers; what a schema cannot say stands here, each with why.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

import schemathesis
from schemathesis import Case, HookContext, engine, hooks
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import events

from benchmarks.fuzzed_files import FILES
from benchmarks.fuzzed_service import ADDRESS, Fuzzed
from readiness.crm import rules

_ANYTHING: Final = {
    "name": "X-Anything",
    "in": "header",
    "description": "A header that nobody reads: there is always something that can be sent.",
    "schema": {"type": "string"},
}

_BETWEEN_FIELDS: Final = (
    rules.UNDATED_EVENTS,
    rules.UNDATED_END,
    rules.SECOND_END,
    rules.DECIDED_TOO_EARLY,
    rules.ENDED_BEFORE_CREATION,
    rules.KEPT_BEFORE_CREATION,
)
_IN_WORDS: Final = (
    *(f"Expected {rule.expected}" for rule in _BETWEEN_FIELDS),
    # One moment against another, or against the clock.
    "This needs lead.created_at",
    "This lies before lead.created_at",
    "This lies in the future",
    "The model in use reads dates",
    # What a kind of value is: an address is more than the format `email`, which display names are not.
    "This is no e-mail address",
    "This is no number that can be dialled",
    "This is no domain",
)
"""Rules that the document says in words, for no schema can: a request that breaks one may be refused."""


_REFUSED: Final = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429", "503"]


@dataclass(slots=True)
class Answered:
    """What became of the requests: how many there were, of each status, and what should not have been."""

    cases: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    in_words: int = 0
    """Refusals of requests that keep the schema, and break a rule that stands in words."""
    findings: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "cases": self.cases,
            "statuses": dict(sorted(self.statuses.items())),
            "in_words": self.in_words,
            "findings": self.findings[:20],
            "found": len(self.findings),
        }


def ask(
    service: Fuzzed,
    role: str,
    operation: tuple[str, str] | None,
    *,
    cases: int,
    seed: int,
    boundaries: bool = True,
) -> Answered:
    """Ask one operation, or each, as one kind of caller.

    Parameters
    ----------
    service : Fuzzed
    role : str
        Whose key is sent; ``nobody`` sends none.
    operation : (verb, path template), optional
        Every operation by default.
    cases : int
        So many random ones of each.
    seed : int
    boundaries : bool
        Whether each example and each boundary of the schema comes too, once.
    """
    document = deepcopy(dict(service.document))
    for verbs in document["paths"].values():
        for asked in verbs.values():
            _make_askable(asked)
    phases = {name: {"enabled": boundaries} for name in ("examples", "coverage")}
    return _ask(service, role, document, phases | {"stateful": {"enabled": False}}, operation, cases, seed)


def ask_in_turn(service: Fuzzed, role: str, *, cases: int, seed: int) -> Answered:
    """Ask operations in turn, each with what those before it answered: made, looked at, removed."""
    off: dict[str, Any] = {name: {"enabled": False} for name in ("examples", "coverage", "fuzzing")}
    # What was made on the way is asked for next, and nothing else in its place.
    unknown = replace(service, known={})
    return _ask(unknown, role, deepcopy(dict(service.document)), off, None, cases, seed)


def _make_askable(asked: dict[str, Any]) -> None:
    if "parameters" not in asked and "requestBody" not in asked:
        asked["parameters"] = [_ANYTHING]
    for media, content in asked.get("requestBody", {}).get("content", {}).items():
        if media in FILES:
            # A text; files are made as bytes. That it works when pasted has a test of its own.
            content.pop("example", None)


def _ask(
    service: Fuzzed,
    role: str,
    document: dict[str, Any],
    phases: Mapping[str, Any],
    only: tuple[str, str] | None,
    cases: int,
    seed: int,
) -> Answered:
    settings: dict[str, Any] = {
        "seed": seed,
        "base-url": ADDRESS,
        "continue-on-failure": True,
        "phases": phases,
        # What holds too many rows is too large: 413 is a refusal like the others.
        "checks": {"negative_data_rejection": {"expected-statuses": _REFUSED}},
        "generation": {"max-examples": cases, "database": "none", "no-shrink": True, "deterministic": False},
    }
    if role in service.keys:
        settings["headers"] = {"Authorization": f"Bearer {service.keys[role]}"}
    config = schemathesis.Config.from_dict(settings)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = service.app
    chosen = schema if only is None else schema.include(method=only[0], path=only[1])
    answered = Answered()
    with _understanding(service, answered):
        for event in engine.from_schema(chosen).execute():
            _note(event, answered)
    return answered


def _note(event: events.EngineEvent, answered: Answered) -> None:
    if isinstance(event, events.NonFatalError):
        answered.findings.append(f"{event.label}: {event.value!r}"[:1_000])
    elif isinstance(event, events.FatalError):
        answered.findings.append(repr(event.exception)[:1_000])
    elif isinstance(event, events.EngineFinished):
        answered.findings += [f"{failure.title}: {failure.message}"[:1_000] for failure in event.failures]
    elif isinstance(event, events.ScenarioFinished):
        told = event.recorder
        answered.cases += len(told.cases)
        for case, each in told.interactions.items():
            answered.statuses[str(each.response.status_code) if each.response else "none"] += 1
            for check in told.checks.get(case, ()):
                if check.failure_info is not None:
                    what = check.failure_info.failure
                    sent = repr(told.cases[case].value)
                    got = each.response.content[:600] if each.response else None
                    answered.findings.append(f"{check.name}: {what.message[:300]} | {sent[:900]} | {got!r}")


@contextmanager
def _understanding(service: Fuzzed, answered: Answered) -> Iterator[None]:
    """Have cases made that get somewhere, and failures dropped that are none, until left."""
    for media, rows in FILES.items():
        schemathesis.openapi.media_type(media, rows)
    numbers = count()
    removed: set[object] = set()

    def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:  # noqa: ARG001
        if case.meta is None or case.meta.generation.mode.is_positive:
            _lead_somewhere(service, case, next(numbers))

    def after_call(context: HookContext, case: Case, response: Response) -> None:  # noqa: ARG001
        if case.operation.label == "DELETE /v1/jobs/{id}" and response.status_code == 200:
            told = json.loads(response.content)
            removed.update([told["id"]] if told["state"] == "removed" else [])

    def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:  # noqa: ARG001
        if _is_none(failure, case, response, removed):
            answered.in_words += 1
            return False
        return True

    ours = (before_call, after_call, filter_failure)
    for hook in ours:
        schemathesis.hook(hook)
    try:
        yield
    finally:
        for hook in ours:
            hooks.unregister(hook)


def _lead_somewhere(service: Fuzzed, case: Case, number: int) -> None:
    """Name what is there, three times of four: what is made up is nowhere, and is refused before all else."""
    if number % 4 == 0:
        return
    headers, at = case.headers or {}, case.path_parameters or {}
    if (key := headers.get("Idempotency-Key")) and len(key) < 190:
        headers["Idempotency-Key"] = f"{key}{number}"
    for name in at:
        known = service.known.get(case.operation.path) or service.known.get(
            case.operation.path.rpartition("/")[0]
        )
        if known:
            at[name] = known[number % len(known)]
    body = case.body
    for request in body if isinstance(body, list) else [body]:
        lead = request.get("lead") if isinstance(request, dict) else None
        if isinstance(lead, dict) and lead.get("created_at") is None:
            lead["created_at"] = "1990-01-02"
    if case.operation.path.startswith("/v1/suppressions") and isinstance(body, dict):
        for each in body.get("suppressions", [body]):
            if isinstance(each, dict) and each.get("kind") in _VALUES:
                each["value"] = _VALUES[each["kind"]].format(number % 1_000)


_VALUES: Final = {
    "lead_id": "L-{}",
    "email": "Ann.{}@acme.example",
    "phone": "+44 20 7946 0{:03d}",
    "company_domain": "sales.acme-{}.example",
}


def _is_none(failure: Failure, case: Case, response: Response, removed: Container[object]) -> bool:
    """Say whether a failure is none: the check cannot know what the document says in words."""
    kind, media = type(failure).__name__, case.media_type or ""
    if kind == "RejectedPositiveData":
        # A file is text or bytes to a schema, which cannot say what stands in its lines.
        return media in FILES or _refused_in_words(response)
    if kind == "AcceptedNegativeData":
        # In a batch a bad row fails itself only: the answer is 200, and says of the row what is wrong.
        batch = case.operation.path == "/v1/score/batch" and response.status_code == 200
        return batch and json.loads(response.content)["refused"] > 0
    if kind == "UseAfterFree":
        # To delete a job that waits is to cancel it: it and what was done of it are still there.
        return "/v1/jobs/" in case.path and case.path_parameters["id"] not in removed
    return False


def _refused_in_words(response: Response) -> bool:
    told = json.loads(response.content)
    if told["type"] == "urn:readiness:problem:idempotency-key-reused":
        return True
    problems = [each["problem"] for each in told.get("errors", ())]
    return bool(problems) and all(each.startswith(_IN_WORDS) for each in problems)
