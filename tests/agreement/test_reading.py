"""An agreement that cannot be read, or contradicts itself, is refused with the line and the remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest

from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load, parse
from readiness.errors import AgreementError
from tests.agreement.agreements import TEXT, agreement


def broken(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, "the text to break must stand there once"
    return TEXT.replace(old, new)


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


def test_the_shipped_agreement_is_a_valid_one() -> None:
    assert load(shipped.agreement()).name == "standard"


def test_the_canonical_text_gives_the_same_agreement_and_fingerprint() -> None:
    first = load(shipped.agreement())

    again = parse(first.text)

    assert again == first
    assert again.fingerprint == first.fingerprint


def test_comments_spelling_and_order_of_keys_do_not_change_the_fingerprint() -> None:
    reordered = "\n".join(["# a comment", *TEXT.splitlines()[1:], 'name: "small"'])

    assert parse(reordered).fingerprint == parse(TEXT).fingerprint


def test_any_change_of_content_changes_the_fingerprint() -> None:
    assert agreement(interest__any_from=2.5).fingerprint != agreement().fingerprint


def test_an_agreement_cannot_be_changed_once_it_is_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        agreement().version = "2"  # type: ignore[misc]


def test_bare_yes_no_and_norway_are_the_words_that_they_look_like() -> None:
    parsed = parse(TEXT)

    assert parsed.interest.shown_by[0].any_of == ("yes",)
    assert parsed.profile.criteria[2].any_of == ("DE", "NO")


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_known_one() -> None:
    text = broken("known_at_least: 0.5", "known_at_leats: 0.5")

    line = line_of(text, "known_at_leats")
    with pytest.raises(AgreementError, match=rf"line {line}: .*leats.*Did you mean `known_at_least`"):
        parse(text)


def test_all_faults_are_reported_at_once_in_the_order_of_lines() -> None:
    text = broken("response_hours: 24", "response_hours: soon").replace("rank: must,", "rank: maybe,")

    with pytest.raises(AgreementError, match=r"(?s)line 11: .*rank.*\n.*line \d+: .*response_hours"):
        parse(text)


INCOMPLETE = [
    ("pattern: student", "pattern: stu(dent", "- {name: role", r"no regular expression.*put a \\"),
    ("at_least: 10, any_of: [Big]", "at_least: 10, at_most: 5", "- {name: size", "swap the two"),
    (", any_of: [software]", "", "- {name: industry", "say which values count"),
    ("- {activities: [postponed]}", "- {activities: []}", "- {activities: []}", "either `reads`"),
    ("- {activities: [postponed]}", "- {activities: [a], any_of: [b]}", "- {activities: [a]", "no value"),
]


@pytest.mark.parametrize(("old", "new", "place", "message"), INCOMPLETE)
def test_a_part_that_makes_no_sense_is_refused_with_its_line_and_a_remedy(
    old: str, new: str, place: str, message: str
) -> None:
    text = broken(old, new)

    line = line_of(text, place)
    with pytest.raises(AgreementError, match=rf"(?s)line {line}: .*{message}"):
        parse(text)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[{reads: [when], any_of: [this month, this", "[{any_of: [this month, this", "needs either `reads`"),
        ("signifiers:\n      - {activities: [demo], lasts_days: 30}", "signifiers: []\n    x:", "at least 1"),
        ('version: "1"', "version: 1", "put quotes around numbers"),
        ("valid_from: 2026-01-01", "valid_from: soon", "Write a date here"),
        ("weight: 2", "weight: yes", "Write a number here"),
        ("points: 12", "points: .nan", "finite number"),
        ("lasts_days: 60", "lasts_days: 0", "greater than 0"),
        ("bant_at_least: 2", "bant_at_least: 5", "less than or equal to 4"),
        ("categories: [sales_worthy, sales_ready_buyer]", "categories: [unworthy]", "'sales_worthy' or"),
        ("name: small\n", "", "`name`: saw nothing; expected this key. Add it"),
        ("labels: {horizon_days: 90}", "labels: 90", "keys and values"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_what_to_write_instead(old: str, new: str, message: str) -> None:
    with pytest.raises(AgreementError, match=rf"(?s)line \d+: .*{message}"):
        parse(broken(old, new))


def test_a_key_that_stands_twice_is_refused_rather_than_the_last_one_taken() -> None:
    text = TEXT + "labels: {horizon_days: 30}\n"

    with pytest.raises(
        AgreementError, match=rf"line {TEXT.count(chr(10)) + 1}: `labels`: saw the key twice; .* Keep one"
    ):
        parse(text)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words"])
def test_what_is_not_keys_and_values_is_refused(text: str) -> None:
    with pytest.raises(AgreementError, match=r"expected keys and values\. Start with `name: …`"):
        parse(text)


def test_broken_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(AgreementError, match=r"line 2: .*Check indentation"):
        parse("name: small\n  version: 1\n")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _path: None, "No such file"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "it is not UTF-8"),
        (lambda path: path.mkdir(), "Is a directory"),
    ],
    ids=["absent", "no text", "a folder"],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    path = tmp_path / "ours.yaml"
    make(path)

    with pytest.raises(AgreementError, match=rf"ours\.yaml cannot be read: {message}"):
        load(path)


def test_the_horizon_is_the_one_of_the_labels() -> None:
    parsed: Agreement = agreement(labels__horizon_days=60)

    assert parsed.horizon_days == 60
