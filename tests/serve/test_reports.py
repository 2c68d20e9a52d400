"""The published reports in the service: listed, shown as they were written, replaced while it runs."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from readiness import artefact
from readiness.artefact import Pointer
from readiness.artefact.published_reports import INDEX, REPORTS, publish_reports
from serve.problems import ProblemDocument
from serve.report_answers import REPORT_EXAMPLE, ReportList
from serve.routes.reports import POLICY
from serve.shelf import ReportShelf
from tests.serve import shelved
from tests.serve.conftest import NAME_A, Client, MakeClient, bundle_named
from tests.serve.published import Published


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the reports of versions 1, 2 and 3; version 2 is the champion."""
    return shelved.publish(tmp_path / "to", (1, 2, 3), champion=2)


@pytest.fixture
def shown(serve: MakeClient, folder: Path) -> Client:
    return serve(folder, open_bundle=lambda _, name: bundle_named(name))


def names(client: Client) -> list[str]:
    return [each["name"] for each in client.get("/v1/reports").json()["reports"]]


def refused(client: Client, path: str) -> ProblemDocument:
    answered = client.get(path)
    assert answered.headers["content-type"] == "application/problem+json"
    told = ProblemDocument.model_validate_json(answered.content)
    assert told.status == answered.status_code
    return told


def test_the_champion_s_report_is_on_top_then_the_newest(shown: Client) -> None:
    assert names(shown) == ["version-2", "version-3", "version-1"]
    assert [each["champion"] for each in shown.get("/v1/reports").json()["reports"]] == [True, False, False]


def test_people_read_the_same_list_in_the_same_order(shown: Client) -> None:
    page = shown.get("/reports")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    places = [page.text.index(f'href="/reports/version-{version}"') for version in (2, 3, 1)]
    assert places == sorted(places)
    assert page.text.count('<span class="chip">champion</span>') == 1
    assert page.text.index("chip") < places[1]
    for said in ("Lead readiness, version 2", "data until 1 June 2026", "1 February 2026", "2 June 2026"):
        assert said in page.text


def test_the_list_says_where_page_and_numbers_are_and_all_of_it_is_there(shown: Client) -> None:
    listed = ReportList.model_validate_json(shown.get("/v1/reports").content).reports[1]

    assert shown.get(listed.page).text == "<p>Report 3</p>"
    assert shown.get(listed.numbers or "").json() == {"title": "Report 3"}
    assert [table.name for table in listed.tables] == ["trust-calibration", "trust-skill"]
    assert shown.get(listed.tables[0].csv).content == shelved.CSV
    page = shown.get("/reports").text
    for address in (listed.numbers, *(table.csv for table in listed.tables)):
        assert f'href="{address}"' in page


def test_a_table_is_downloaded_under_a_name_that_says_what_it_is(shown: Client) -> None:
    answered = shown.get("/v1/reports/version-3/numbers/trust-skill.csv")

    assert answered.headers["content-type"] == "text/csv; charset=utf-8"
    disposition = 'attachment; filename="version-3-trust-skill.csv"'
    assert answered.headers["content-disposition"] == disposition


def test_without_reports_the_page_says_which_two_commands_make_one(rules: Client) -> None:
    page = rules.get("/reports")

    assert (page.status_code, rules.get("/v1/reports").json()) == (200, {"reports": []})
    assert "There are no reports yet" in page.text
    assert "<pre>readiness report\nreadiness pull</pre>" in page.text


def test_the_page_for_leads_leads_to_the_reports(rules: Client) -> None:
    assert '<a href="/reports">' in rules.get("/").text


def test_a_report_runs_nothing_and_reaches_nothing(shown: Client) -> None:
    headers = shown.get("/reports/version-1").headers

    assert headers.get_list("content-security-policy") == [POLICY]
    assert "script-src" not in POLICY
    assert {"default-src 'none'", "sandbox allow-downloads"} <= set(POLICY.split("; "))
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/reports/version-1", "/v1/reports/version-1/numbers", "/v1/reports/version-1/numbers/trust-skill.csv"],
)
def test_no_cache_keeps_a_report_for_it_names_leads(shown: Client, path: str) -> None:
    answered = shown.ask("GET", path)
    assert answered.headers.get_list("cache-control") == ["no-store"]
    assert "etag" not in answered.headers


NOT_LISTED = (
    "version-9",
    "version-1/../version-2",
    "../champion.json",
    "../../etc/passwd",
    "..",
    "version-1\0",
    "version-1\n",
    "version-1\u2044",
    "\udcff",
    "Version-1",
    NAME_A,
    "x" * 1_000_000,
)
"""As the application gets them, whatever a sender wrote to have them so (`%2f`, `%00`)."""


def asked_as_it_is(client: Client, path: str) -> httpx.Response:
    """Ask for a path that no client would send."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8000")],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has them
        sent.append(message)

    client.run(client.app(scope, receive, send))
    start, *parts = sent
    content = b"".join(each["body"] for each in parts)
    return httpx.Response(start["status"], headers=start["headers"], content=content)


@pytest.mark.parametrize(
    "path", ["/reports/{}", "/v1/reports/{}/numbers", "/v1/reports/{}/numbers/trust-skill.csv"]
)
def test_what_is_not_listed_is_not_there_however_it_is_spelt(shown: Client, path: str) -> None:
    for name in NOT_LISTED:
        answered = asked_as_it_is(shown, path.format(name))
        told = ProblemDocument.model_validate_json(answered.content)
        assert (told.status, answered.headers["content-type"]) == (404, "application/problem+json"), name[:20]
        assert len(answered.content) < 400


def test_a_table_that_is_not_listed_is_not_there(shown: Client) -> None:
    for table in (*NOT_LISTED, "manifest", "../report", "report-trust-skill"):
        answered = asked_as_it_is(shown, f"/v1/reports/version-1/numbers/{table}.csv")
        assert ProblemDocument.model_validate_json(answered.content).status == 404, table[:20]


def test_a_slash_or_nul_that_is_written_in_code_leads_nowhere(shown: Client) -> None:
    for name in (
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2fchampion.json",
        "version-1%00",
        "%ff%fe",
        "version-1%2f",
    ):
        assert refused(shown, f"/reports/{name}").status == 404, name


def test_somebody_at_a_browser_reads_a_page_that_says_that_it_is_not_there(shown: Client) -> None:
    answered = shown.ask("GET", "/reports/version-9", headers={"accept": "text/html"})

    assert (answered.status_code, answered.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "No such report or table is published" in answered.text
    assert "needs a key" not in answered.text


def test_a_report_of_an_earlier_readiness_is_listed_with_what_it_has(
    serve: MakeClient, tmp_path: Path
) -> None:
    page = {"report.html": b"<p>earlier"}
    report = shelved.seal(tmp_path, "1", page, judged_from=None, learned_until=None, subtitle="")
    publish_reports(tmp_path, [report])
    client = serve(tmp_path)

    (listed,) = client.get("/v1/reports").json()["reports"]
    assert (listed["numbers"], listed["tables"]) == (None, [])
    assert "All its numbers" not in client.get("/reports").text
    assert refused(client, "/v1/reports/version-1/numbers").status == 404


def test_titles_are_shown_as_text(serve: MakeClient, tmp_path: Path) -> None:
    report = shelved.seal(tmp_path, "1", shelved.files("x"), title="<script>", subtitle="<img src=x>")
    publish_reports(tmp_path, [report])
    page = serve(tmp_path).get("/reports").text

    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page


@pytest.mark.parametrize("damage", ["changed", "cut short", "longer", "gone", "a link"])
def test_a_file_that_is_not_as_it_was_published_is_never_shown(
    shown: Client, folder: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    page = shelved.file_of(folder, "Report 1", "report.html")
    whole = page.read_bytes()
    page.unlink()
    if damage == "a link":
        (folder / "elsewhere").write_bytes(whole)
        page.symlink_to(folder / "elsewhere")
    elif damage != "gone":
        page.write_bytes({"changed": whole.upper(), "cut short": whole[:-1], "longer": whole * 2}[damage])

    told = refused(shown, "/reports/version-1")

    assert (told.status, told.type) == (503, "urn:readiness:problem:report-damaged")
    assert "readiness pull" in told.detail
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "report_damaged" in line]
    assert [(each["report"], "report.html" in each["because"]) for each in logged] == [("version-1", True)]
    assert shown.get("/reports/version-2").text == "<p>Report 2</p>"


def test_a_report_whose_manifest_is_damaged_is_left_out_of_the_list(serve: MakeClient, folder: Path) -> None:
    shelved.file_of(folder, "Report 3", "manifest.json").write_bytes(b"{}")

    assert names(serve(folder)) == ["version-2", "version-1"]


def test_a_report_that_was_left_out_comes_back_as_soon_as_it_is_whole(
    serve: MakeClient, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = shelved.file_of(folder, "Report 3", "manifest.json")
    whole = place.read_bytes()
    place.write_bytes(b"{}")
    client = serve(folder)
    for _ in range(3):
        client.look()
    assert names(client) == ["version-2", "version-1"]
    assert capsys.readouterr().err.count("report_damaged") == 1  # told once, looked at again and again
    place.write_bytes(whole)
    client.look()

    assert names(client) == ["version-2", "version-3", "version-1"]


def test_a_report_without_a_page_is_left_out_of_the_list(serve: MakeClient, folder: Path) -> None:
    bare = shelved.files("Report 4")
    del bare["report.html"]
    publish_reports(folder, [shelved.seal(folder, "4", bare)])

    assert names(serve(folder)) == []


def test_a_report_published_while_the_service_runs_appears(shown: Client, folder: Path) -> None:
    shelved.publish(folder, (1, 2, 3, 4))
    shown.look()

    assert names(shown)[:2] == ["version-2", "version-4"]
    assert shown.get("/reports/version-4").text == "<p>Report 4</p>"


def test_a_report_that_is_published_no_more_disappears(shown: Client, folder: Path) -> None:
    shelved.publish(folder, (2,))
    shown.look()

    assert names(shown) == ["version-2"]
    assert refused(shown, "/reports/version-3").status == 404


def test_between_publishing_and_looking_a_replaced_report_is_the_new_one_and_a_removed_one_is_gone(
    shown: Client, folder: Path
) -> None:
    publish_reports(folder, [shelved.seal(folder, "1", shelved.files("Report 1 anew"))])

    assert shown.get("/reports/version-1").text == "<p>Report 1 anew</p>"
    assert refused(shown, "/reports/version-3").status == 404


def test_another_champion_is_on_top_as_soon_as_it_is_published(shown: Client, folder: Path) -> None:
    artefact.point(folder, Pointer(name=NAME_A, version="1"))
    shown.look()

    assert names(shown) == ["version-1", "version-3", "version-2"]


def test_a_champion_of_another_bundle_marks_no_report(shown: Client, folder: Path) -> None:
    artefact.point(folder, Pointer(name="c" * 64, version="1"))
    shown.look()

    assert not any(each["champion"] for each in shown.get("/v1/reports").json()["reports"])


def test_whoever_reads_while_a_report_is_replaced_gets_the_one_or_the_other_whole(folder: Path) -> None:
    pages = [f"Report 1, {turn}" for turn in ("even", "odd")]

    def publish() -> None:
        for turn in range(60):
            publish_reports(folder, [shelved.seal(folder, "1", shelved.files(pages[turn % 2]))])

    publish_reports(folder, [shelved.seal(folder, "1", shelved.files(pages[1]))])
    shelf = ReportShelf(folder)
    shelf.look()
    seen = set()
    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(publish)
        while not publishing.done():
            found = shelf.read("version-1", "report.html")
            seen.add(None if found is None else found.content.decode())
        publishing.result()

    assert seen == {f"<p>{page}</p>" for page in pages}


def test_a_list_that_is_damaged_leaves_the_one_before_and_is_told(
    shown: Client, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / INDEX).write_bytes(b"damaged")
    shown.look()

    assert len(names(shown)) == 3
    assert "reports_unread" in capsys.readouterr().err


def test_where_everything_published_vanishes_no_report_is_listed(shown: Client, folder: Path) -> None:
    shutil.rmtree(folder / REPORTS)
    (folder / INDEX).unlink()
    shown.look()

    assert names(shown) == []


@pytest.fixture
def document(rules: Client) -> dict[str, Any]:
    found: dict[str, Any] = rules.get("/openapi.json").json()
    return found


def test_the_example_of_the_list_is_a_list(document: dict[str, Any]) -> None:
    (example,) = document["components"]["schemas"]["ReportList"]["examples"]

    assert ReportList.model_validate(example).reports[0].champion
    assert example["reports"] == [REPORT_EXAMPLE]


def test_the_examples_of_reports_work_when_pasted(document: dict[str, Any], shown: Client) -> None:
    for path in [each for each in document["paths"] if each.startswith("/v1/reports")]:
        asked = path
        for parameter in document["paths"][path]["get"].get("parameters", ()):
            asked = asked.replace(f"{{{parameter['name']}}}", parameter["schema"]["examples"][0])
        answered = shown.get(asked)
        documented = document["paths"][path]["get"]["responses"]["200"]["content"]
        assert answered.status_code == 200
        assert answered.headers["content-type"].split(";")[0] in documented


def test_the_addresses_in_the_example_are_addresses_of_the_service(shown: Client) -> None:
    example = REPORT_EXAMPLE
    for address in (example["page"], example["numbers"], example["tables"][0]["csv"]):
        assert shown.get(address).status_code == 200


def test_beside_a_real_model_its_report_is_the_champion_s(serve: MakeClient, published: Published) -> None:
    folder = published.folder
    report = shelved.seal(folder, "1", shelved.files("Report 1"), bundle=published.names[0])
    publish_reports(folder, [report])
    client = serve(folder)

    (listed,) = client.get("/v1/reports").json()["reports"]
    assert listed["champion"]
    assert (listed["model"], listed["bundle"]) == ("readiness 1", client.get("/v1/model").json()["bundle"])
