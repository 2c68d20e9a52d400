"""What history says of an activity type, beside what the agreement says that it is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readiness.cli import signifying
from readiness.hindsight import signifier_sentences as sentences
from readiness.hindsight.significance import Effect
from readiness.hindsight.signifiers import Finding, Signifiers, reading_of
from readiness.hindsight.worths import agrees, worth_of
from tests.hindsight.planted_parts import agreed, found, of


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Demo_Requested", "+25 points, decision"),
        ("web_visit", "+1 point"),
        ("unsubscribe", "-20 points"),
        ("email_opened", "noise"),
        ("hologram", "not named"),
    ],
)
def test_beside_a_type_stands_what_the_agreement_says(name: str, text: str) -> None:
    assert worth_of(name, agreed()).text == text


@pytest.mark.parametrize(
    ("name", "reading", "answer"),
    [
        ("web_visit", "marks a sale", "yes"),
        ("web_visit", "meaningless", "no"),
        ("web_visit", "not known yet", "not known yet"),
        ("email_opened", "meaningless", "yes"),
        ("email_opened", "marks a sale", "no"),
        ("unsubscribe", "warns of a stop", "yes"),
        ("unsubscribe", "speaks against a sale", "yes"),
        ("unsubscribe", "marks a sale", "no"),
        ("hologram", "meaningless", "yes"),
        ("hologram", "fewer stops", "no"),
        ("web_visit", "fewer stops", "yes"),
    ],
)
def test_history_agrees_or_says_something_else(name, reading, answer) -> None:
    assert agrees(worth_of(name, agreed()), reading) == answer


@pytest.mark.parametrize(
    ("after", "lately", "reading"),
    [
        ("MORE", "MORE", "marks a sale"),
        ("SAME", "MORE", "marks a sale"),
        ("MORE", "OPEN", "marks a sale"),
        ("LESS", "MORE", "marks a sale"),
        ("LESS", "OPEN", "speaks against a sale"),
        ("LESS", "WIDE", "not known yet"),
        ("SAME", "SAME", "meaningless"),
        ("OPEN", "SAME", "meaningless"),
        ("SAME", "WIDE", "not known yet"),
        ("OPEN", "OPEN", "not known yet"),
    ],
)
def test_what_an_act_does_while_it_is_fresh_comes_first(after: str, lately: str, reading: str) -> None:
    one_of = {"MORE": MORE, "LESS": LESS, "SAME": SAME, "OPEN": OPEN, "WIDE": WIDE}
    demo = of("demo_requested").after
    findings = (replace(demo, won=one_of[each], stop=OPEN) for each in (after, lately))
    assert reading_of(*findings) == reading


def test_an_effect_on_stops_counts_where_none_on_sales_is_known() -> None:
    findings = [replace(of("demo_requested").after, won=SAME, stop=effect) for effect in (MORE, LESS)]
    assert [reading_of(each, each) for each in findings] == ["warns of a stop", "fewer stops"]


def test_meaningless_actions_are_named_as_such() -> None:
    demo = replace(of("demo_requested").after, won=SAME, stop=SAME)
    assert reading_of(demo, demo) == "meaningless"
    assert signifying.HEADINGS["meaningless"].startswith("Meaningless: no difference to sales")


MORE = Effect(2.04, 1.61, 2.55, 0.01, 50, 20, "more")

LESS = Effect(0.5, 0.4, 0.62, 0.01, 50, 20, "less")

SAME = Effect(1.0, 0.9, 1.1, 1.0, 50, 20, "no difference")

WIDE = Effect(1.2, 0.8, 1.8, 1.0, 50, 20, "too few to tell")

OPEN = Effect(None, None, None, None, 5, 0, "too few to tell")


def one(after: Effect, lately: Effect, reading: str) -> Signifiers:
    demo = of("demo_requested")

    def finding(effect: Effect) -> Finding:
        return replace(demo.after, won=effect, stop=SAME, next_stage=OPEN)

    changed = replace(
        demo, after=finding(after), lately=finding(lately), again=finding(SAME), reading=reading, agrees="no"
    )
    return replace(found(), types=(changed,), in_order=())


@pytest.mark.parametrize(
    ("after", "lately", "reading", "said"),
    [
        (
            SAME,
            SAME,
            "meaningless",
            "it makes no difference to sales that would be worth naming: 1.0 (0.90–1.1) times as often",
        ),
        (
            MORE,
            MORE,
            "marks a sale",
            "in the 30 days after it leads are won 2.0 (1.6–2.5) times as often as leads like them",
        ),
        (
            LESS,
            OPEN,
            "speaks against a sale",
            "after it leads are won only 0.50 (0.40–0.62) times as often as leads like them",
        ),
        (OPEN, OPEN, "not known yet", "there are too few sales and stops after it to tell"),
    ],
)
def test_what_history_says_against_the_agreement_is_said_in_a_sentence(after, lately, reading, said) -> None:
    (sentence,) = sentences.disagreements(one(after, lately, reading))
    assert sentence == f"demo_requested earns 25 points and moves to decision, but {said}."


def test_history_and_agreement_are_counted() -> None:
    told = sentences.tally(one(SAME, SAME, "meaningless"))
    assert told.startswith(
        "History agrees with the agreement on none of 1 types of activity, says something else on 1, and "
        "cannot tell yet on none."
    )


def test_where_history_can_tell_of_nothing_that_is_said_at_once() -> None:
    found = one(OPEN, OPEN, "not known yet")
    unknown = replace(found, types=(replace(found.types[0], agrees="not known yet"),))
    assert (
        sentences.tally(unknown)
        == "Of no type of activity can history tell yet whether the agreement is right."
    )


def test_repeats_and_sequences_are_named_only_if_they_add_something() -> None:
    nothing = one(SAME, SAME, "meaningless")
    assert sentences.beyond_once(nothing)[0].startswith("Of 1 repeats and 0 sequences of two, none is known")
    again = replace(nothing.types[0], again=replace(nothing.types[0].again, won=MORE))
    assert sentences.beyond_once(replace(nothing, types=(again,))) == (
        "After demo_requested a second time, leads are won 2.0 (1.6–2.5) times as often as that alone "
        "would make it.",
    )


def test_a_wild_interval_is_not_shown_as_a_figure() -> None:
    assert sentences.times(OPEN) == "–"
    assert sentences.times(Effect(1.0, 0.01, 90.0, 1.0, 5, 1, "too few to tell")) == "–"
