"""/v1/jobs: a file of leads in, each row answered as if it had been asked alone, and nothing lost."""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import signal
from pathlib import Path
from typing import Any

import pytest

from serve.examples import BATCH_CSV, SCORE_REQUESTS
from serve.jobs import working
from serve.jobs.folder import LEFT_FREE, JobFolder
from tests.serve.conftest import Client, MakeClient
from tests.serve.jobs.conftest import (
    CSV,
    LINES,
    PARQUET,
    after,
    job,
    result,
    send,
    send_lines,
    verdicts,
    without_id,
    work,
)
from tests.serve.published import Published, request_of

_EXAMPLES: list[dict[str, Any]] = [example["value"] for example in SCORE_REQUESTS.values()]  # type: ignore[misc]
_STOP = {"outcomes": [{"occurred_at": "2026-03-10T00:00:00Z", "outcome": "stop_calling"}]}


def lead(lead_id: str = "L-1", **rest: object) -> dict[str, Any]:
    return {"lead": {"lead_id": lead_id, "created_at": "2026-03-01T08:00:00Z"}, **rest}


@pytest.fixture
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROWS_AT_ONCE", 7)


@pytest.mark.usefixtures("short_parts")
def test_every_row_is_answered_as_if_it_had_been_asked_alone(client: Client, published: Published) -> None:
    explain = ["none", "brief", "full"]
    rows = [request_of(published.tables, row, explain=explain[row % 3]) for row in range(30)] + _EXAMPLES
    job_id = send_lines(client, rows)
    work(client)
    for row, verdict in zip(rows, verdicts(client, job_id), strict=True):
        assert verdict["assessment"] == {**client.score(row).json(), "assessment_id": 0}


@pytest.mark.usefixtures("short_parts")
def test_a_job_says_of_each_row_what_a_batch_says_of_it(rules: Client) -> None:
    bad = [lead("L-0", score=1), {}, lead("L-2", at="2027-01-01")]
    twice = [lead("L-7"), lead("L-8"), lead("L-7", explain="none"), lead("L-9"), lead("L-8")]
    rows = [*bad, *(lead(f"L-{number}") for number in range(10, 30)), *twice, lead("L-40", **_STOP)]
    job_id = send_lines(rules, rows, "?explain=full")
    work(rules)
    batch = rules.ask("POST", "/v1/score/batch?explain=full", json=rows).json()
    assert verdicts(rules, job_id) == [without_id(row) for row in batch["rows"]]
    counts = json.loads(result(rules, job_id).splitlines()[-1])
    assert counts == {name: batch[name] for name in ("received", "scored", "refused")}
    told = job(rules, job_id)["rows"]
    assert told == {"total": 29, "done": 29, "scored": counts["scored"], "refused": counts["refused"]}


def test_csv_is_read_as_a_batch_reads_it(rules: Client) -> None:
    text = BATCH_CSV + "L-3,2026-03-01\nL-4,,,,,\n"
    job_id = send(rules, "\ufeff" + text).json()["id"]
    work(rules)
    batch = rules.ask("POST", "/v1/score/batch", content=text.encode(), headers={"content-type": CSV}).json()
    assert verdicts(rules, job_id) == [without_id(row) for row in batch["rows"]]
    assert [row["status"] for row in batch["rows"]] == ["scored"] * 3 + ["refused", "scored"]


def test_it_is_acknowledged_once_it_is_kept_and_says_how_it_stands(rules: Client, tmp_path: Path) -> None:
    answered = send(rules, BATCH_CSV)
    told = answered.json()
    assert (answered.status_code, answered.headers["location"]) == (202, f"/v1/jobs/{told['id']}")
    assert (tmp_path / "jobs" / told["id"] / "upload").read_text() == BATCH_CSV
    assert (told["state"], told["received_at"]) == ("queued", "2026-03-14T09:00:00Z")
    assert (told["rows"]["total"], told["answered_by"]) == (None, None)
    work(rules)
    told = job(rules, told["id"])
    assert (told["state"], told["kept_until"]) == ("done", "2026-03-21T09:00:00Z")
    assert told["answered_by"]["agreement"]["name"] == "standard"
    assert rules.get("/v1/jobs").json() == {"jobs": [told]}


def test_what_was_sent_is_gone_once_it_is_answered(rules: Client, tmp_path: Path) -> None:
    send(rules, "lead_id,source,email\nL-1,web,ann@acme.example\n")
    work(rules)
    kept = [path for path in (tmp_path / "jobs").rglob("*") if path.is_file()]
    assert [path.name.split("-")[0] for path in kept] == ["part"]
    assert b"acme" not in kept[0].read_bytes()


@pytest.mark.parametrize(("rows", "body"), [(0, "lead_id,source\n"), (1, "lead_id,source\nL-1,web\n")])
def test_no_row_and_one_row_are_jobs_too(rules: Client, rows: int, body: str) -> None:
    job_id = send(rules, body).json()["id"]
    work(rules)
    assert job(rules, job_id)["rows"] == {"total": rows, "done": rows, "scored": rows, "refused": 0}
    assert json.loads(result(rules, job_id).splitlines()[-1])["received"] == rows
    assert len(result(rules, job_id, CSV).splitlines()) == rows + 1


@pytest.mark.parametrize(
    ("body", "media", "status", "said"),
    [
        ("", CSV, 400, "empty"),
        ("company,source\nAcme,web\n", CSV, 422, "lead_id"),
        ("lead_id;source\nL-1;web\n", CSV, 400, "semicolons"),
        ("lead_id\tsource\nL-1\tweb\n", CSV, 400, "tabs"),
        ("lead_id,lead_id\nL-1,L-2\n", CSV, 422, "lead_id"),
        (b"lead_id\n\xff\xfe\n", CSV, 400, "UTF-8"),
        ("lead_id\nL-1\n", PARQUET, 400, "no Parquet"),
        (b"PAR1", PARQUET, 400, "no Parquet"),
        ("[]", "application/json", 415, "text/csv"),
        ("x", "application/octet-stream", 415, PARQUET),
        ("x", "text/csv; charset=latin-1", 415, "UTF-8"),
    ],
)
def test_what_cannot_be_a_file_of_leads_is_refused_at_once(
    rules: Client, tmp_path: Path, body: bytes | str, media: str, status: int, said: str
) -> None:
    answered = send(rules, body, media)
    assert answered.status_code == status
    assert said in answered.text
    assert list((tmp_path / "jobs").glob("*")) == []


@pytest.mark.parametrize("query", ["?at=yesterday", "?explain=all", "?when=now", "?at=2026&at=2026"])
def test_a_parameter_that_nobody_reads_is_refused(rules: Client, query: str) -> None:
    assert send(rules, BATCH_CSV, CSV, query).status_code == 422


def test_a_file_beyond_the_limit_is_refused_while_it_streams_and_leaves_nothing(
    serve: MakeClient, tmp_path: Path
) -> None:
    client = serve(max_job_bytes=2_000)
    body = "lead_id,source\n".ljust(2_000, "\n")
    assert send(client, body + "\n").status_code == 413
    assert list((tmp_path / "jobs").glob("*")) == []
    assert send(client, body).status_code == 202


def test_a_disk_that_is_full_while_it_arrives_is_told_and_leaves_nothing(
    serve: MakeClient, tmp_path: Path
) -> None:
    client = serve(max_job_bytes=50_000_000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, before[1]))
    try:
        answered = send(client, "lead_id\n" + "L-1\n" * 1_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (answered.status_code, answered.headers["retry-after"]) == (503, "5")
    assert "READINESS_JOBS_FOLDER" in answered.json()["detail"]
    assert list((tmp_path / "jobs").glob("*")) == []
    assert client.get("/v1/jobs").json() == {"jobs": []}


@pytest.mark.parametrize(("free", "status"), [(LEFT_FREE + 100, 503), (LEFT_FREE + 10_000, 202)])
def test_jobs_leave_the_database_room_on_the_disk(
    rules: Client, tmp_path: Path, free: int, status: int
) -> None:
    folder = JobFolder(tmp_path / "jobs", free=lambda _: free)
    object.__setattr__(rules.app.state.service, "job_folder", folder)
    assert send(rules, BATCH_CSV).status_code == status


def test_the_same_file_under_the_same_key_is_one_job(rules: Client, tmp_path: Path) -> None:
    first = send(rules, BATCH_CSV, **{"Idempotency-Key": "k"})
    again = send(rules, BATCH_CSV, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert ["idempotent-replayed" in each.headers for each in (first, again)] == [False, True]
    for other in (
        send(rules, BATCH_CSV + "L-4,,,,,\n", **{"Idempotency-Key": "k"}),
        send(rules, BATCH_CSV, CSV, "?explain=full", **{"Idempotency-Key": "k"}),
    ):
        assert (other.status_code, other.json()["type"][-22:]) == (422, "idempotency-key-reused")
    assert len(list((tmp_path / "jobs").iterdir())) == 1
    assert send(rules, BATCH_CSV).json()["id"] != send(rules, BATCH_CSV).json()["id"]


@pytest.mark.parametrize(
    ("body", "media", "said"),
    [
        ('lead_id,source\nL-1,\n"L-2', CSV, "never closed"),
        (b"lead_id,source\n" + b"L,\n" * 9_000 + b"\xff\n", CSV, "UTF-8"),
        (b"PAR1 and then nothing of the kind PAR1", PARQUET, "no Parquet"),
    ],
)
def test_a_file_that_breaks_later_on_fails_and_says_why(
    rules: Client, body: bytes | str, media: str, said: str
) -> None:
    job_id = send(rules, body, media).json()["id"]
    work(rules)
    told = job(rules, job_id)
    assert told["state"] == "failed"
    assert said in told["problem"]["detail"]
    assert json.loads(result(rules, job_id)) == {"received": 0, "scored": 0, "refused": 0}


@pytest.mark.usefixtures("short_parts")
def test_a_job_that_is_stopped_goes_on_where_it_was_and_says_the_same(
    client: Client, published: Published
) -> None:
    rows = [request_of(published.tables, row) for row in range(40)]
    disturbed = send_lines(client, rows)
    done = []
    for rows_looked_at in (52, 62, 72):
        work(client, stopped=after(rows_looked_at))
        done.append(job(client, disturbed)["rows"]["done"])
    assert (done, job(client, disturbed)["state"]) == ([7, 21, 28], "running")
    work(client)
    again = send_lines(client, rows)
    work(client)
    assert verdicts(client, disturbed) == verdicts(client, again)


@pytest.mark.usefixtures("short_parts")
def test_what_is_done_of_a_job_is_in_the_audit_before_the_job_ends(
    client: Client, published: Published
) -> None:
    job_id = send_lines(client, [request_of(published.tables, row) for row in range(20)])
    work(client, stopped=after(30))
    done = job(client, job_id)["rows"]["done"]
    told = client.get("/metrics").text
    assert 0 < done < 20
    assert re.findall(r"^readiness_audit_moved_total\S* (\S+)$", told, re.MULTILINE) == [f"{done:.1f}"]


@pytest.mark.usefixtures("short_parts")
def test_one_model_answers_the_whole_job_whatever_is_published_meanwhile(
    client: Client, published: Published
) -> None:
    rows = [request_of(published.tables, row) for row in range(20)]
    job_id = send_lines(client, rows)
    work(client, stopped=after(30))
    assert 0 < job(client, job_id)["rows"]["done"] < 20
    published.point(1)
    client.look()
    work(client)
    bundles = {row["assessment"]["answered_by"]["bundle"] for row in verdicts(client, job_id)}
    assert bundles == {published.names[0]} == {job(client, job_id)["answered_by"]["bundle"]}


@pytest.mark.usefixtures("short_parts")
def test_a_job_whose_model_is_gone_begins_anew_with_the_one_in_use(
    client: Client, published: Published
) -> None:
    job_id = send_lines(client, [request_of(published.tables, row) for row in range(20)])
    work(client, stopped=after(30))
    published.point(1)
    client.look()
    (published.folder / published.names[0]).rename(published.folder / "elsewhere")
    work(client)
    told = verdicts(client, job_id)
    assert {row["assessment"]["answered_by"]["bundle"] for row in told} == {published.names[1]}
    assert [row["row"] for row in told] == list(range(1, 21))


@pytest.mark.usefixtures("short_parts")
def test_a_first_delete_cancels_and_a_second_one_leaves_nothing(rules: Client, tmp_path: Path) -> None:
    job_id = send_lines(rules, [lead(f"L-{number}") for number in range(20)])
    assert rules.get(f"/v1/jobs/{job_id}/result").status_code == 409
    work(rules, stopped=after(30))
    assert rules.ask("DELETE", f"/v1/jobs/{job_id}").json()["state"] == "cancelled"
    work(rules)
    done = job(rules, job_id)["rows"]["done"]
    assert 0 < done < 20
    assert len(verdicts(rules, job_id)) == done
    assert rules.ask("DELETE", f"/v1/jobs/{job_id}").json()["state"] == "removed"
    assert rules.get(f"/v1/jobs/{job_id}").status_code == 404
    assert list((tmp_path / "jobs").iterdir()) == []


def test_a_job_that_is_cancelled_while_it_is_worked_on_stops_at_its_next_part(
    rules: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "ROWS_AT_ONCE", 5)
    job_id = send_lines(rules, [lead(f"L-{number}") for number in range(20)])
    store, looks = rules.app.state.service.jobs.store, iter(range(10_000))

    def never_stopped() -> bool:
        if next(looks) == 33:
            store.cancel(job_id, at=0)
        return False

    work(rules, stopped=never_stopped)
    assert (job(rules, job_id)["state"], job(rules, job_id)["rows"]["done"]) == ("cancelled", 10)


def test_whoever_is_put_on_the_list_later_is_never_called_in_what_leaves(
    client: Client, published: Published
) -> None:
    rows = [request_of(published.tables, row, explain="full") for row in range(12)] + _EXAMPLES
    rows[3]["lead"]["email"] = "Ann <ann@acme.example>"
    rows[5]["lead"]["phone"] = "+44 20 7946 0018"
    job_id = send_lines(client, rows)
    work(client)
    for kind, value in (("email", "ann@acme.example"), ("phone", "+442079460018"), ("lead_id", "L-10482")):
        body = {"suppressions": [{"kind": kind, "value": value, "source": "the tests"}]}
        assert client.ask("POST", "/v1/suppressions", json=body).status_code == 200
    told = verdicts(client, job_id)
    never = [row["assessment"]["advice"]["action"] == "never_call" for row in told]
    assert [never[place] for place in (3, 5, 12)] == [True] * 3
    assert sum(never) < len(never)
    for row, verdict in zip(rows, told, strict=True):
        # Not from what was kept, but as if it were asked now.
        assert verdict["assessment"] == {**client.score(row).json(), "assessment_id": 0}
    table = list(csv.DictReader(io.StringIO(result(client, job_id, CSV))))
    assert [row["action"] == "never_call" for row in table] == never


def test_while_the_list_cannot_be_read_nothing_leaves(rules: Client, tmp_path: Path) -> None:
    job_id = send_lines(rules, [lead("L-1")])
    work(rules)
    service = rules.app.state.service
    jobs = service.jobs.store
    (tmp_path / "service.sqlite").rename(tmp_path / "away")
    answered = rules.get(f"/v1/jobs/{job_id}/result")
    assert (answered.status_code, answered.headers["retry-after"]) == (503, "5")
    (tmp_path / "away").rename(tmp_path / "service.sqlite")
    assert jobs.find(job_id) is not None


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(rules: Client) -> None:
    # Lead ids may not begin with a tab; spaces before the sign and full-width signs are read as formulas too.
    wild = ["=HYPERLINK(1)", "+49 30 1", "-1+1", "@SUM(A1)", "＝1+1", "  =1+1"]
    job_id = send_lines(rules, [lead(named) for named in (*wild, "L-1")])
    work(rules)
    told = verdicts(rules, job_id)
    table = list(csv.DictReader(io.StringIO(result(rules, job_id, CSV))))
    assert [row["lead_id"] for row in table] == [*(f"'{named}" for named in wild), "L-1"]
    assert [row["assessment"]["lead_id"] for row in told] == [*wild, "L-1"]


def test_numbers_in_the_table_read_back_to_the_same_bits(client: Client, published: Published) -> None:
    job_id = send_lines(client, [request_of(published.tables, row) for row in range(20)])
    work(client)
    table = list(csv.DictReader(io.StringIO(result(client, job_id, CSV))))
    scores = [row["assessment"]["score"] for row in verdicts(client, job_id)]
    assert [float(row["score"]) if row["score"] else None for row in table] == scores


@pytest.mark.parametrize(
    ("accept", "status"),
    [("", 200), ("*/*", 200), (LINES, 200), ("text/csv;q=0.9", 200), ("image/png", 406)],
)
def test_a_result_comes_in_the_form_that_was_asked_for(rules: Client, accept: str, status: int) -> None:
    job_id = send(rules, BATCH_CSV).json()["id"]
    work(rules)
    answered = rules.ask("GET", f"/v1/jobs/{job_id}/result", headers={"accept": accept})
    assert answered.status_code == status
    if status == 200:
        assert answered.headers["content-type"].startswith(CSV if "csv" in accept else LINES)


@pytest.mark.parametrize("job_id", ["nothing", "..", "%2e%2e", "0" * 32])
def test_of_a_job_that_is_not_there_nothing_is_said(rules: Client, job_id: str) -> None:
    for verb, path in (("GET", ""), ("GET", "/result"), ("DELETE", "")):
        assert rules.ask(verb, f"/v1/jobs/{job_id}{path}").status_code in {404, 405}


def test_somebody_who_told_us_to_stop_in_a_job_is_never_called_again(rules: Client) -> None:
    send_lines(rules, [lead("L-1"), lead("L-2", **_STOP)])
    work(rules)
    actions = [rules.score(lead(named)).json()["advice"]["action"] for named in ("L-1", "L-2")]
    assert [action == "never_call" for action in actions] == [False, True]


def test_every_answer_of_a_job_leaves_a_trace_before_it_can_leave(rules: Client) -> None:
    job_id = send_lines(rules, [lead("L-1"), {}, lead("L-2")])
    work(rules)
    rows = [json.loads(line) for line in result(rules, job_id).splitlines()[:-1]]
    for row in (rows[0], rows[2]):
        found = rules.get(f"/v1/audit/{row['assessment']['assessment_id']}").json()
        assert (found["route"], found["caller"]) == ("/v1/jobs", "here")
        assert found["answered"] == row["assessment"]


def test_how_many_jobs_wait_is_seen_from_outside(rules: Client) -> None:
    send(rules, BATCH_CSV)
    rules.app.state.service.jobs.look()
    page = rules.get("/metrics").text
    assert 'readiness_jobs{state="queued"} 1.0' in page
    assert 'readiness_jobs{state="done"} 0.0' in page


def test_nothing_of_a_file_stands_in_a_log(rules: Client, capfd: pytest.CaptureFixture[str]) -> None:
    send(rules, "lead_id,source,email\nL-77,,ann@acme.example\nL-77,,bo@acme.example\n")
    work(rules)
    logged = capfd.readouterr().err
    assert '"event": "job_ended"' in logged
    assert "acme" not in logged
    assert "L-77" not in logged
