"""What an agreement may say beyond what it must, what that means, and what it means to leave it out."""

import json

import pytest

from readiness import shipped, yaml_document
from readiness.agreement.document import Agreement, schema
from readiness.agreement.older_forms import with_typed_referrals
from readiness.agreement.reading import load, parse, reopened
from readiness.agreement.vocabulary import CATEGORIES, RELATIONS
from readiness.errors import AgreementError
from tests.agreement.agreements import TEXT, agreement


def with_lines(section: str, *lines: str) -> str:
    """Return the small agreement with lines added at the beginning of a section."""
    added = "".join(f"  {line}\n" for line in lines)
    return TEXT.replace(f"\n{section}:\n", f"\n{section}:\n{added}")


def test_what_is_left_out_has_its_plain_meaning() -> None:
    plain = parse(TEXT)

    assert (plain.interest.cools, plain.interest.trend_days) == ((), 30)
    assert plain.stages.sales_does("awareness") is None
    assert plain.handover.follow_up_after_days == ()
    assert (plain.handover.returns, plain.handover.random_share) == (None, 0)
    assert (plain.nurture.tracks, plain.changes) == ((), None)
    assert plain.labels.stop == ("stop_calling",)
    assert plain.labels.neutral == ("closed_lost", "disqualified")


def test_a_default_that_is_written_out_is_no_change() -> None:
    spelt_out = with_lines("handover", "random_share: 0.0", "follow_up_after_days: []")

    assert parse(spelt_out).fingerprint == parse(TEXT).fingerprint


@pytest.mark.parametrize("share", [1e-5, 1e-300, 0.1 + 0.2])
def test_the_canonical_text_keeps_every_number_exactly(share: float) -> None:
    assert parse(agreement(handover__score_at_least=share).text).handover.score_at_least == share


@pytest.mark.parametrize("name", ["Überlingen", "😀", "a\x7fb", "line\nbreak", "\\ud83d", '"', "null"])
def test_the_canonical_text_keeps_every_sign(name: str) -> None:
    assert parse(agreement(name=name).text).name == name


def test_zero_has_one_spelling() -> None:
    follow_up, share = "handover__follow_up_after_days", "handover__score_at_least"

    one, other = agreement(**{follow_up: [0.0], share: 0.0}), agreement(**{follow_up: [-0.0], share: -0.0})
    assert one.fingerprint == other.fingerprint


def test_a_number_among_words_is_written_in_full() -> None:
    parsed = agreement(profile__criteria__1__any_of=[1234567.5, 2000000.0, 5])

    assert parsed.profile.criteria[1].any_of == ("1234567.5", "2000000", "5")


def test_the_fingerprint_of_a_document_outlives_new_keys() -> None:
    """This figure changes only if what the small agreement says is changed, never because we learn a key."""
    assert parse(TEXT).fingerprint == "7b5ce5c7b983d75af8412adfb194e6b4bbfd1a694f08e6882f2747562dce982f"


@pytest.mark.parametrize(("word", "count"), [("all", 4), ("Most", 3), ("any", 1), ("none", 0), ("2", 2)])
def test_how_many_bant_pieces_a_handover_needs_may_be_said_in_words(word: str, count: int) -> None:
    parsed = parse(TEXT.replace("bant_at_least: 2", f"bant_at_least: {word}"))

    assert parsed.handover.bant_at_least == count


def test_a_word_for_bant_pieces_that_nobody_agreed_on_is_refused_with_the_words_there_are() -> None:
    with pytest.raises(AgreementError, match=r"`some` is no number .* all, most, any or none"):
        parse(TEXT.replace("bant_at_least: 2", "bant_at_least: some"))


def test_returns_say_what_brings_a_lead_back() -> None:
    lines = [
        "returns:",
        "  undecided_after_days: 5",
        "  unreached_after_days: 30",
        "  again_after_days: 20",
        "  reasons: [{any_of: [no budget], look_again_days: 90, says: there is no budget}]",
    ]

    returns = parse(with_lines("handover", *lines)).handover.returns

    assert returns is not None
    assert (returns.undecided_after_days, returns.reasons[0].any_of) == (5, ("no budget",))


def test_more_than_a_fifth_left_to_chance_is_refused_with_the_reason() -> None:
    assert parse(with_lines("handover", "random_share: 0.2")).handover.random_share == 0.2
    with pytest.raises(AgreementError, match=r"above 0\.2 hands over more by chance .* lower it"):
        parse(with_lines("handover", "random_share: 0.21"))


def test_a_referral_tells_how_the_referrer_stands_to_us_and_what_became_of_them() -> None:
    referrals = load(shipped.agreement()).sources.referrals

    assert [name for name in RELATIONS if referrals.relations.of(name)] == ["customer", "partner", "employee"]
    assert referrals.outcomes.of("won")[0].any_of == ("closed_won",)
    assert referrals.folded_sources == {"customer_referral", "referral"}


def test_a_track_that_asks_for_nothing_takes_everything() -> None:
    tracks = load(shipped.agreement()).nurture.tracks

    assert [track.takes_everything for track in tracks] == [False, False, False, True]


def test_the_days_to_look_again_are_those_of_the_category() -> None:
    terms = agreement().nurture.look_again_days

    assert [terms.days(name) for name in CATEGORIES] == [365, 90, 14, 30, 3, 21]


def test_disqualified_may_count_as_stop() -> None:
    labels = "stop: [stop_calling, disqualified], neutral: [closed_lost]"

    parsed = parse(TEXT.replace("labels: {horizon_days: 90}", f"labels: {{horizon_days: 90, {labels}}}"))

    assert parsed.labels.stop == ("stop_calling", "disqualified")


def test_every_key_of_the_schema_says_what_it_is_for() -> None:
    def undescribed(part: object, way: str) -> list[str]:
        found = []
        if isinstance(part, dict):
            for name, each in part.get("properties", {}).items():
                found += [] if "description" in each else [f"{way}.{name}"]
            for name, each in part.items():
                found += undescribed(each, f"{way}.{name}")
        return found

    assert undescribed(schema(), "") == []


def test_the_schema_is_json_and_knows_every_part_of_an_agreement() -> None:
    told = json.loads(json.dumps(schema()))

    assert told["$schema"].endswith("2020-12/schema")
    assert set(told["properties"]) == set(Agreement.model_fields)
    assert told["additionalProperties"] is False


OLD = """\
sources:            # how they reach us
  dubious: [list]
  referrals:
    - friend
    - Partner
  referred_by: [referred_by]

# The funnel.
stages:
"""


def test_lists_of_referrals_of_an_older_version_take_todays_form_and_the_rest_stays() -> None:
    new = with_typed_referrals(OLD)

    assert yaml_document.part(new, ("sources",)) == {
        "dubious": ["list"],
        "referrals": {"sources": ["friend", "Partner"], "named_in": ["referred_by"]},
    }
    assert new.startswith("sources:            # how they reach us\n")
    assert new.endswith("\n\n# The funnel.\nstages:\n")


@pytest.mark.parametrize("text", ["", "- a\n", "sources: [a]\n", "a: [", TEXT], ids=repr)
def test_whatever_has_no_older_referrals_stays_as_it_is(text: str) -> None:
    assert with_typed_referrals(text) == text


def test_sources_without_referrals_are_brought_up_too() -> None:
    assert "referrals" in with_typed_referrals("sources: {dubious: [a]}\n")


def test_an_agreement_that_was_in_force_is_read_as_it_was() -> None:
    assert reopened(TEXT) == parse(TEXT)
