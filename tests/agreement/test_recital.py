"""An agreement is read aloud as it is: every rule, in sentences that need no glossary."""

from __future__ import annotations

import re

import pytest

from readiness import shipped
from readiness.agreement.conditions import Condition
from readiness.agreement.document import Agreement
from readiness.agreement.phrases import asked, times
from readiness.agreement.reading import load, parse
from readiness.agreement.recital import heading, recite
from readiness.agreement.second_look import near_duplicates, worth_a_second_look
from readiness.counting import counted, figure
from tests.agreement.agreements import FULL, TEXT, agreement


def aloud(by: Agreement, key: str) -> str:
    """Return a section as one text."""
    section = next(section for section in recite(by) if section.key == key)
    return "\n".join(line for each in section.paragraphs for line in (each.text, *each.items))


@pytest.mark.parametrize("text", [TEXT, FULL], ids=["the least", "everything"])
def test_every_section_of_the_document_is_told_in_its_order(text: str) -> None:
    told = [section.key for section in recite(parse(text)) if section.key != "kinds"]

    assert told == [name for name in Agreement.model_fields if name in told]
    assert set(Agreement.model_fields) - set(told) == {
        "name", "version", "changes", "valid_from", "signatures", "unknown_words",
    }  # fmt: skip


@pytest.mark.parametrize("path", shipped.agreements().values(), ids=list(shipped.agreements()))
def test_no_section_of_a_shipped_agreement_is_longer_than_a_screen(path) -> None:
    for section in recite(load(path)):
        lines = [line for each in section.paragraphs for line in (each.text, *each.items)]
        assert sum(1 + len(line) // 100 for line in lines) <= 40, section.title


def test_whatever_is_said_is_a_whole_sentence_without_code_left_in_it() -> None:
    for section in recite(parse(FULL)):
        for paragraph in section.paragraphs:
            assert re.search(r"[.:]$| if$| is$", paragraph.text), paragraph.text
            bare = re.sub(r"`[^`]*`", "x", " ".join((paragraph.text, *paragraph.items)))
            assert not re.search(r"_|None|\{|\(\)|  ", bare), bare


def test_the_heading_says_from_when_it_holds_who_signed_and_which_it_is() -> None:
    lines = heading(parse(FULL))

    assert lines[0] == "Valid from 1 January 2026."
    assert "for sales by Sales on 1 December 2025, for marketing by Marketing" in lines[1]
    assert lines[2] == "What changed: everything"
    assert lines[3] == f"Fingerprint: {parse(FULL).fingerprint}"


def test_a_must_a_should_and_a_must_not_are_told_apart() -> None:
    told = aloud(agreement(), "profile")

    assert "size: `size` or `people` is at least 10 or Big; weight 2 of 4" in told
    assert "role: `role` contains “student”" in told
    assert "at least 50 % of the weight is known" in told
    assert "What nobody recorded or is called “unknown” is unknown, and unknown is never “no”." in told


def test_interest_says_what_each_activity_is_worth_and_where_the_lines_lie() -> None:
    told = aloud(parse(FULL), "interest")

    assert "asked for a demo (`demo`): 12 points, at most once a day, halved every 20 days" in told
    assert "unsubscribed (`unsubscribe`): −10 points" in told
    assert "Below 2 points there is no interest, from 10 on it is high" in told
    assert "cooling after 20 days, cool after 50 days and cold after 100 days" in told


def test_one_line_of_interest_leaves_nothing_in_between() -> None:
    assert "and from there on it is high" in aloud(agreement(interest__any_from=10), "interest")


def test_what_is_left_out_of_the_document_leaves_no_gap_in_its_words() -> None:
    bare = agreement(unknown_words=[], questions=[], sources={}, interest__noise=[], interest__negative={})

    assert "What nobody recorded is unknown" in aloud(bare, "profile")
    assert "These take interest away" not in aloud(bare, "interest")
    assert {"questions", "sources"} & {section.key for section in recite(bare)} == set()


def test_each_kind_of_lead_that_marketing_keeps_is_told_without_a_glossary() -> None:
    told = aloud(parse(FULL), "nurture")

    assert "unqualified suitability (interested, fit not known): after 14 days" in told
    assert "budget case: in decision, budget unknown" in told


def test_the_six_kinds_are_told_each_with_its_code_and_what_puts_a_lead_there() -> None:
    told = aloud(parse(FULL), "kinds").splitlines()[1:]

    assert told[0] == "UW1: unworthy, if it does not fit"
    assert "UI1: unqualified interest, if it fits, it shows no interest and its source is not dubious" in told
    assert (
        "SR1: sales-ready buyer, if it fits, it is highly interested, it is in decision and it decides soon"
        in told
    )
    assert len(told) == len({line.split(":")[0] for line in told}) == 11


def test_a_handover_says_its_conditions_what_sales_promises_and_what_brings_a_lead_back() -> None:
    told = aloud(parse(FULL), "handover")

    assert "at least two of the four BANT pieces are confirmed" in told
    assert "10 leads a week, the likeliest first. A sales-ready buyer does not wait for room." in told
    assert "on days 0, 1, 3 and 7 after accepting it" in told
    assert "there is no budget (sales' word: “no budget”): after 90 days" in told
    assert "10 % of the leads that only likelihood or room keeps back" in told


@pytest.mark.parametrize(
    ("count", "required", "said"),
    [
        (0, [], "its BANT may be unknown"),
        (1, ["need"], "at least one of the four BANT pieces is confirmed, among them need"),
        (4, [], "all four BANT pieces are confirmed"),
    ],
)
def test_the_bant_that_a_handover_needs_is_said_in_words(count: int, required: list[str], said: str) -> None:
    by = agreement(handover__bant_at_least=count, handover__bant_required=required)
    assert said in aloud(by, "handover")


def test_labels_say_which_ends_count_as_what() -> None:
    told = aloud(parse(FULL), "labels")
    assert (
        "worth it if the lead bought, and a mistake if it told us to stop calling or was disqualified" in told
    )


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"at_least": 5}, "is at least 5"),
        ({"at_most": 0}, "is at most 0"),
        ({"at_least": 5, "at_most": 5}, "is 5"),
        ({"at_least": 5, "at_most": 9}, "is 5 to 9"),
        ({"any_of": ["a"], "pattern": "b"}, "is a, or contains “b”"),
        ({"pattern": r"\bmd\b|\bvice|ceo\b"}, "contains the word “md”, a word that begins with “vice” or a "
         "word that ends with “ceo”"),
        ({"pattern": "a.*b"}, "contains “a.*b”"),
    ],
)  # fmt: skip
def test_a_condition_is_said_so_that_it_follows_a_name(condition: dict[str, object], said: str) -> None:
    assert asked(Condition.model_validate(condition)) == said


def test_one_of_something_is_not_said_in_the_plural() -> None:
    assert (counted(1, "day"), counted(1.5, "day"), times(1), times(4)) == (
        "1 day", "1.5 days", "once", "4 times",
    )  # fmt: skip
    assert figure(1234567.25) == "1,234,567.25"


@pytest.mark.parametrize(
    ("one", "other"),
    [("web_visit", "Web visit"), ("demo_requested", "demo_requestd"), ("e-mail", "email")],
)
def test_names_that_nearly_agree_are_named_together(one: str, other: str) -> None:
    assert list(near_duplicates([one, other])) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rfp", "rfi"),
        ("campaign_2024", "campaign_2025"),
        ("visit", "VISIT"),
        ("pricing_page", "careers_page"),
    ],
)
def test_names_that_mean_something_else_are_left_alone(one: str, other: str) -> None:
    assert list(near_duplicates([one, other])) == []


def test_gaps_are_told_but_not_refused() -> None:
    told = "\n".join(worth_a_second_look(agreement()))

    assert "A lead moves to consideration by `chat`, which earns no points" in told
    assert "Nobody asks for industry, authority and need" in told


def test_the_shipped_default_needs_no_second_look() -> None:
    assert worth_a_second_look(load(shipped.agreement())) == ()
