"""Commands about agreements: what each prints, writes and refuses."""

from __future__ import annotations

import json

import pytest

from readiness import shipped
from readiness.agreement.document import schema
from readiness.agreement.reading import load, parse
from readiness.agreement.recital import recite
from readiness.cli import agreements, dispatch
from readiness.errors import AgreementError
from tests.agreement.agreements import TEXT


@pytest.mark.parametrize("name", agreements.COMMANDS)
def test_every_command_about_agreements_explains_itself_with_an_example(typed, name):
    shown = typed("agreement", name, "--help")
    assert shown.exit_code == 0
    assert f"Example: readiness agreement {name}" in " ".join(shown.output.split())


@pytest.mark.parametrize("name", agreements.COMMANDS)
def test_the_list_says_of_each_command_what_it_says_of_itself(name):
    first = (dispatch.load(agreements.COMMANDS, name).help or "").strip().splitlines()[0]
    assert first == agreements.COMMANDS[name][1]


def test_the_schema_is_printed_for_programs_or_written_to_a_file(typed, tmp_path):
    assert json.loads(typed("agreement", "schema").stdout) == schema()
    assert typed("agreement", "schema", "--out", "for/editors.json").exit_code == 0
    assert json.loads((tmp_path / "for/editors.json").read_text(encoding="utf-8")) == schema()


def test_an_agreement_is_read_aloud_section_by_section(typed, tmp_path):
    (tmp_path / "ours.yaml").write_text(TEXT, encoding="utf-8")
    shown = typed("agreement", "show", "ours.yaml")
    assert shown.exit_code == 0
    assert "What sales-ready means to us: small, version 1" in shown.output
    assert all(section.title in shown.output for section in recite(parse(TEXT)))
    assert "Worth a second look" in shown.output


@pytest.mark.parametrize("name", shipped.agreements())
def test_a_shipped_agreement_is_shown_by_its_name(typed, name):
    told = json.loads(typed("agreement", "show", name, "--json").stdout)
    assert told["sha256"] == load(shipped.agreements()[name]).fingerprint
    assert told["sections"][0]["key"] == "profile"


def test_without_a_name_the_default_is_shown(typed):
    assert json.loads(typed("agreement", "show", "--json").stdout)["name"] == "standard"


def test_the_page_for_signature_is_written_where_it_is_wanted(typed, tmp_path):
    shown = typed("agreement", "show", "--html", "out/page.html")
    assert "Page: out/page.html" in shown.output
    assert "For marketing" in (tmp_path / "out/page.html").read_text(encoding="utf-8")


def test_an_agreement_with_faults_is_refused_with_all_of_them(typed, tmp_path):
    text = TEXT.replace("any_from: 2", "any_from: 20").replace("dubious: -10}", "dubious: 10}")
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")
    refused = typed("agreement", "show", "ours.yaml")
    assert isinstance(refused.exception, AgreementError)
    assert "ours.yaml, line 17" in str(refused.exception)
    assert "ours.yaml, line 89" in str(refused.exception)


def test_what_ships_is_listed_with_what_tells_one_from_the_other(typed):
    told = json.loads(typed("agreement", "list", "--json").stdout)
    assert [each["name"] for each in told] == list(shipped.agreements())
    shown = typed("agreement", "list").output
    assert all(name in shown for name in shipped.agreements())


@pytest.fixture
def ours(tmp_path):
    """Return a function that writes a version of ours."""

    def write(name: str, text: str) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8")

    write("old.yaml", TEXT)
    return write


def test_what_changed_is_said_in_sentences_under_the_section_it_is_in(typed, ours):
    ours("new.yaml", TEXT.replace("reply: {points: 4", "reply: {points: 6").replace('"1"', '"2"'))
    shown = typed("agreement", "diff", "old.yaml", "new.yaml")
    assert shown.exit_code == 0
    assert "small 1 to small 2: 2 things changed." in shown.output
    assert "Interest: what a lead does\n  • `reply` is worth 6 points instead of 4." in shown.output


def test_a_change_without_a_new_version_is_named_as_such(typed, ours):
    ours("new.yaml", TEXT.replace("reply: {points: 4", "reply: {points: 6"))
    shown = typed("agreement", "diff", "old.yaml", "new.yaml")
    assert "One thing changed, but the version did not: give it a new one." in shown.output


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (TEXT, "The two are the same, letter by letter."),
        (f"# why\n{TEXT}", "Only comments, order of keys or spelling changed; the two mean the same."),
    ],
)
def test_where_only_comments_changed_that_is_said(typed, ours, text, summary):
    ours("new.yaml", text)
    assert summary in typed("agreement", "diff", "old.yaml", "new.yaml").output
    told = json.loads(typed("agreement", "diff", "old.yaml", "new.yaml", "--json").stdout)
    assert (told["summary"], told["differences"]) == (summary, [])
    assert told["from"]["sha256"] == told["to"]["sha256"]


def test_a_change_is_written_as_a_page_and_for_programs(typed, ours, tmp_path):
    ours("new.yaml", TEXT.replace("name: small", "name: <b>new</b>"))
    typed("agreement", "diff", "old.yaml", "new.yaml", "--html", "out/diff.html")
    page = (tmp_path / "out/diff.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;new" in page
    assert "<b>" not in page
    told = json.loads(typed("agreement", "diff", "old.yaml", "new.yaml", "--json").stdout)
    assert told["differences"][0]["key"] == "name"


def test_shipped_agreements_are_compared_by_name(typed):
    shown = typed("agreement", "diff", "standard", "self_service_saas")
    assert "The score looks 30 days ahead instead of 90." in shown.output
