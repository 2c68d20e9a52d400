"""What changed between two agreements is said by meaning: everything, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from readiness import shipped
from readiness.agreement.difference_words import CHANGED, WORDS
from readiness.agreement.differences import differences
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load, parse
from readiness.errors import AgreementError
from tests.agreement.agreements import FULL, TEXT
from tests.agreement.test_mutations import PLACES, VALUES, Place, changed

WHOLE = parse(FULL)


def told(old: str, new: str, *, text: str = FULL) -> list[str]:
    """Return what is said when one piece of the full agreement is replaced."""
    assert text.count(old) == 1, old
    return [each.sentence for each in differences(parse(text), parse(text.replace(old, new)))]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("reply: {points: 4", "reply: {points: 6", "`reply` is worth 6 points instead of 4."),
        (
            "cap_per_day: 2, says: visited",
            "cap_per_day: 3, says: visited",
            "`visit` counts at most 3 times a day instead of 2.",
        ),
        (
            "{points: 12, half_life_days: 20,",
            "{points: 12,",
            "`demo` is worth half after the general half-life instead of 20 days.",
        ),
        ("noise: [open]", "noise: [open, ping]", "`ping` now means nothing."),
        ("noise: [open]", "noise: []", "`open` is no longer said to mean nothing."),
        ("    visit: {points: 1, cap_per_day: 2, says: visited}\n", "", "`visit` no longer means something."),
        (
            "  half_life_days: 10",
            "  half_life_days: 1",
            "An activity is worth half after 1 day instead of 10 days.",
        ),
        ("says: cooling}", "says: tepid}", "A lead is now called “tepid” after 20 days."),
        ("any_of: [software]", "any_of: [software, retail]", "“industry” now also takes `retail`."),
        (
            "name: industry, rank: should",
            "name: industry, rank: must",
            "“industry” is a must instead of a should.",
        ),
        ("at_least: 10, any_of", "any_of", "“size” asks for at least no limit instead of 10."),
        ("dubious: [list]", "dubious: [list, bowl]", "`bowl` is now a dubious source."),
        (
            "sales_does: Waits.",
            "sales_does: Writes.",
            "In awareness sales does this: “Writes.”, instead of “Waits.”.",
        ),
        (
            "{activities: [reply, chat], lasts_days: 60}",
            "{activities: [reply, chat], lasts_days: 90}",
            "“The lead is in the consideration stage” by what it did holds for 90 days instead of 60.",
        ),
        (
            "denied_by: [{reads: [budget], any_of: [none], lasts_days: 90}]",
            "denied_by: []",
            "Budget is denied: no longer if `budget` is none, for 90 days.",
        ),
        (
            "bant_at_least: 2",
            "bant_at_least: most",
            "A hand-over needs 3 of the four BANT pieces instead of 2.",
        ),
        (
            "score_at_least: 0.1",
            "score_at_least: 0.125",
            "A sale has to be at least 12.5 % likely instead of 10 %.",
        ),
        (
            "[0, 1, 3, 7]",
            "[0, 2]",
            "Sales tries to reach a lead on days 0 and 2 instead of on days 0, 1, 3 and 7.",
        ),
        (
            "unreached_after_days: 30",
            "unreached_after_days: 40",
            "An unreached lead goes back after 40 days instead of 30.",
        ),
        (
            "stages: [decision], missing",
            "missing",
            "The track “budget case” is for the stages all instead of decision.",
        ),
        (
            "channel: survey",
            "channel: inside_sales",
            "The question about country is asked by inside sales instead of survey.",
        ),
        (
            "by_stage: {decision: 7}",
            "by_stage: {decision: 5}",
            "Leads in decision are looked at again after 5 days instead of 7 days.",
        ),
        (
            "stop: [stop_calling, disqualified], neutral: [closed_lost]",
            "stop: [stop_calling]",
            "A lead that ended as `disqualified` counts as neutral instead of stop.",
        ),
        (
            "valid_from: 2026-01-01",
            "valid_from: 2026-02-01",
            "It is valid from 1 February 2026 instead of 1 January 2026.",
        ),
        ("sales: {by: Sales,", "sales: {by: Sue,", "For sales signs “Sue” instead of “Sales”."),
        (
            "[stop_calling, disqualified]",
            "[disqualified, stop_calling]",
            "Only the order of the ends under `stop` changed, which changes nothing.",
        ),
        (
            "any_of: [DE, NO]",
            "any_of: [no, de]",
            "“country” has the same words, written otherwise; that changes nothing.",
        ),
        ("    reply: {", "    Reply: {", "`Reply` was written `reply`, which changes nothing."),
    ],
    ids=lambda text: text[:40],
)
def test_a_change_is_said_in_a_sentence(old: str, new: str, sentence: str) -> None:
    assert sentence in told(old, new)


def test_one_change_is_one_sentence() -> None:
    assert told("reply: {points: 4", "reply: {points: 6") == ["`reply` is worth 6 points instead of 4."]


def test_a_criterion_that_came_and_one_that_went_are_told_whole() -> None:
    said = told(
        "name: industry, rank: should, weight: 1, reads: [industry]",
        "name: trade, rank: must, reads: [trade]",
    )

    assert said == [
        "New criterion “trade”, a must of weight 1: `trade` is software.",
        "The criterion “industry” is gone.",
    ]


def test_tracks_that_changed_places_are_told_for_the_first_that_suits_counts() -> None:
    first, second = "{name: find out the fit, categories: [unqualified_suitability], says: Short forms.}", (
        "{name: budget case, stages: [decision], missing: [budget]}"
    )  # fmt: skip
    swapped = FULL.replace(first, "FIRST").replace(second, first).replace("FIRST", second)

    said = [each.sentence for each in differences(parse(FULL), parse(swapped))]
    assert said == ["The order of what stands under `tracks` changed."]


def test_comments_order_of_keys_and_defaults_are_no_change() -> None:
    spelt = "# a comment\n" + FULL.replace("  recent_days: 14\n", "").replace(
        "interest:\n", "interest:\n  recent_days: 14\n"
    )
    assert differences(parse(FULL), parse(spelt)) == ()


def test_a_difference_names_its_section_and_its_key() -> None:
    (one,) = differences(parse(FULL), parse(FULL.replace("reply: {points: 4", "reply: {points: 6")))
    assert (one.section, one.key) == ("interest", "interest.meaningful.reply.points")
    (head,) = differences(parse(TEXT), parse(TEXT.replace('version: "1"', 'version: "2"')))
    assert (head.section, head.sentence) == ("", "It is version “2” instead of “1”.")


@pytest.mark.parametrize("one", shipped.agreements())
@pytest.mark.parametrize("other", shipped.agreements())
def test_between_any_two_shipped_agreements_every_sentence_reads_well(one: str, other: str) -> None:
    for each in differences(load(shipped.agreements()[one]), load(shipped.agreements()[other])):
        assert each.sentence[0] in "`“" or each.sentence[0].isupper() or each.sentence[0].isdigit()
        assert each.sentence.endswith((".", "”", "?"))
        assert not any(piece in each.sentence for piece in ("None", "{", "()", "  ")), each.sentence


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.sampled_from(PLACES), st.sampled_from(["replace", "remove", "copy", "rename"]), VALUES)
def test_two_agreements_differ_in_words_exactly_where_their_fingerprints_do(
    place: Place, how: str, value: object
) -> None:
    try:
        new = parse(json.dumps(changed(place, how, value)))
    except AgreementError:
        assume(False)
    old = WHOLE

    assert bool(differences(old, new)) == (old.fingerprint != new.fingerprint)
    assert len(differences(new, old)) > 0 or old == new


def keys(model: type[BaseModel], seen: set[type]) -> Iterator[tuple[type[BaseModel], str, Any]]:
    """Return every key of a model and of the models within."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        yield model, name, field.annotation
        for inner in inner_models(field.annotation):
            yield from keys(inner, seen)


def inner_models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from inner_models(part)


def test_every_key_that_holds_a_value_has_a_sentence_of_its_own() -> None:
    missing = set()
    for model, name, annotation in keys(Agreement, set()):
        codes = {f"{each.__name__}.{name}" for each in model.__mro__}
        if not any(inner_models(annotation)) and not codes & {*CHANGED, *WORDS}:
            missing.add(f"{model.__name__}.{name}")
    # Labels are told by outcome, days by stage are told by stage; a name is what the rest is matched by.
    assert missing == {
        "Labels.won", "Labels.stop", "Labels.neutral", "Nurture.by_stage", "Cooling.says", "Track.name",
        "Question.about",
    }  # fmt: skip
