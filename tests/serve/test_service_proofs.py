"""The proofs of overload and exchange, made short; and that they find what would be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import prove_overload, prove_replay, prove_swap
from benchmarks.http_load import Answers
from benchmarks.service_world import World, bodies
from serve.auditing import verifying
from serve.auditing.again import Replayed
from tests.serve.published import Published

_WORLD_REQUESTS = 5


@pytest.fixture
def world(published: Published) -> World:
    return World(published.folder, published.names, published.tables)


@pytest.mark.slow
def test_models_are_exchanged_between_answers(world: World) -> None:
    rows, failures = prove_swap.exchanged(world, seconds=8, promotions=4, requests=_WORLD_REQUESTS, workers=2)
    assert failures == []
    assert rows[0]["found"]


@pytest.mark.slow
def test_asked_for_more_than_it_can_do_it_answers_or_refuses_and_nothing_else(world: World) -> None:
    rows, _ = prove_overload.overloaded(world, seconds=3, times=(5,), cores=(None, None))
    # How fast is for a machine that does nothing else; what a request may end in holds on any.
    assert rows[1]["ended otherwise"] == 0
    assert rows[1]["answered/s"]


@pytest.mark.slow
def test_answers_are_given_again_and_what_is_done_to_the_audit_is_found(world: World, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    again, verified = prove_replay.answered_again(world, tmp_path / "again", answers=18)
    done, unseen = prove_replay.tampered_with(23)
    assert prove_replay.holds(again, verified, 18, unseen)
    assert set(done.values()) == {1}


def test_what_stays_unseen_and_what_differs_is_no_proof() -> None:
    whole = verifying.Verified(1, 2, 0, 0, ())
    assert prove_replay.holds(Replayed(2, ()), whole, 2, {})
    assert not prove_replay.holds(Replayed(1, ("A-1",)), whole, 2, {})
    assert not prove_replay.holds(Replayed(2, ()), whole, 2, {"drop one": 1})
    assert not prove_replay.holds(Replayed(2, ()), verifying.Verified(1, 1, 0, 0, ()), 2, {})


def test_an_answer_that_names_one_model_and_gives_the_score_of_another_is_found(world: World) -> None:
    asked = bodies(world, 1, explain="none", activities=None)
    repeated = prove_swap.Repeated(world, asked)
    answer = json.loads(repeated._again(world.names[0], 0))
    answer = {"assessment_id": "x", **answer}
    answer["answered_by"]["model"] = "readiness 1"
    right, wrong = json.dumps(answer), json.loads(json.dumps(answer))
    wrong["score"] = float.fromhex((wrong["score"] * (1 + 2**-52)).hex())
    answers = Answers(status=[200, 200], which=[0, 0], bodies=[right.encode(), json.dumps(wrong).encode()])
    assert repeated.differing(answers) == 1


@pytest.mark.parametrize("named", ["readiness 2", "readiness", "", None])
def test_an_answer_of_one_bundle_under_the_version_of_another_is_found(
    world: World, named: str | None
) -> None:
    repeated = prove_swap.Repeated(world, bodies(world, 1, explain="none", activities=None))
    answer = {"assessment_id": "x", **json.loads(repeated._again(world.names[0], 0))}
    told = []
    for model in ("readiness 3", named):
        answer["answered_by"]["model"] = model
        told.append(json.dumps(answer).encode())
    assert repeated.differing(Answers(status=[200, 200], which=[0, 0], bodies=told)) == 1


def test_models_that_never_answered_are_found() -> None:
    """Of the first and three more, one may come too late; two may not."""

    def told(*models: int) -> list[str]:
        named = [json.dumps({"answered_by": {"model": f"readiness {model}"}}).encode() for model in models]
        answers = Answers(status=[200] * len(named), bodies=named)
        return prove_swap._judged(answers, 0, answers, 0, 1.0, promotions=3)[1]

    assert (told(1, 2, 3), told(1, 3)) == ([], ["models were passed over"])


def _answers(status: list[int], seconds: list[float]) -> Answers:
    return Answers(status=status, seconds=seconds, lasted=1.0)


@pytest.mark.parametrize(
    ("status", "seconds", "what"),
    [
        ([200] * 80 + [503] * 370, [0.1] * 80 + [0.01] * 370, []),
        ([200] * 79 + [503] * 400, [0.1] * 79 + [0.01] * 400, ["79 of 100 answered a second"]),
        ([200] * 80 + [503] * 400, [0.1] * 80 + [0.06] * 400, ["99 of 100 refusals within 60 ms"]),
        ([200] * 448 + [0, 500], [0.1] * 450, ["ended otherwise: {0: 1, 500: 1}"]),
        ([200] * 449, [0.1] * 449, ["only 449 of 500 sent a second"]),
    ],
)
def test_what_an_overloaded_service_must_not_do_is_found(
    status: list[int], seconds: list[float], what: list[str]
) -> None:
    assert prove_overload.wrong(_answers(status, seconds), 100.0, asked=500.0) == what


def test_a_request_holds_as_many_activities_as_were_asked_for(world: World, tmp_path: Path) -> None:
    for activities in (1, 50):
        (body,) = bodies(world, 1, explain="none", activities=activities)
        assert len(json.loads(body)["activities"]) == activities
