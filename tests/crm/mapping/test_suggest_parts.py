"""What a draft rests on: how dates are written, what words mean, how files hang together, what leaks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import yaml as pyyaml

from readiness.crm.frames import arrow
from readiness.crm.mapping.expressions import Expression
from readiness.crm.mapping.suggesting import conditions, dating, leaking, linking, names, words, writing
from readiness.crm.mapping.suggesting.profiles import Kind, Sheet, evidence, percent, profile, study

TEXT = pa.large_string()


def _sheet(name: str, /, **columns: list[object]) -> Sheet:
    return study(name, f"{name}.csv", arrow(pd.DataFrame(columns)))


def _written(*texts: str) -> dating.Writing | None:
    return dating.written(pa.array(texts, TEXT))


@pytest.mark.parametrize(
    ("texts", "formats", "order"),
    [
        (["2026-03-14", "2026-04-02"], (), ""),
        (["2026-03-14T09:00:00Z"], (), ""),
        (["10/20/2016", "3/1/2017"], ("%m/%d/%Y",), "month first"),
        (["20/10/2016", "3/1/2017"], ("%d/%m/%Y",), "day first"),
        (["1/2/2017", "3/4/2017"], ("%d/%m/%Y",), "either"),
        (["1.2.2026", "3.4.2026"], ("%d.%m.%Y",), "day first"),
        (["14.03.2026", "15.03.2026 08:00"], ("%d.%m.%Y", "%d.%m.%Y %H:%M"), "day first"),
        (["14-Mar-2026"], ("%d-%b-%Y",), ""),
        (["20260314"], ("%Y%m%d",), ""),
        (["3/14/2026 2:05 PM"], ("%m/%d/%Y %I:%M %p",), "month first"),
    ],
)
def test_how_dates_are_written_is_read_off_their_values(
    texts: list[str], formats: tuple[str, ...], order: str
) -> None:
    found = _written(*texts)

    assert found is not None
    assert (found.formats, found.order, found.unreadable) == (formats, order, 0)


@pytest.mark.parametrize("texts", [[], ["hello"], ["12", "13"], ["2026-03-14", "soon", "never"]])
def test_what_is_no_date_is_not_taken_for_one(texts: list[str]) -> None:
    assert _written(*texts) is None


def test_a_time_that_names_no_zone_is_noticed_and_utc_in_letters_too() -> None:
    naive, letters, zoned = (
        _written("2026-03-14 09:00:00"),
        _written("2026-03-14 09:00:00 UTC"),
        _written("2026-03-14T09:00:00+01:00"),
    )

    assert naive is not None
    assert (naive.timed, naive.zoneless, naive.utc) == (True, True, False)
    assert letters is not None
    assert (letters.formats, letters.utc) == (("%Y-%m-%d %H:%M:%S UTC",), True)
    assert zoned is not None
    assert not zoned.zoneless


def test_an_open_order_is_turned_as_somebody_says() -> None:
    found = _written("1/2/2017 10:00")

    assert found is not None
    assert found.turned("month first").formats == ("%m/%d/%Y %H:%M",)
    assert found.turned("either") is found


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], Kind.NOTHING),
        ([None, "n/a"], Kind.NOTHING),
        (["yes", "No", None], Kind.YES_NO),
        (["0", "1"], Kind.YES_NO),
        (["a@b.example", "c@d.example"], Kind.EMAIL),
        (["https://a.example", "www.b.example"], Kind.URL),
        (["+49 30 1234567", "(030) 12-34567"], Kind.PHONE),
        (["1", "2.5", "-3e2"], Kind.NUMBER),
        (["1.234,5", "7", "0,5"], Kind.NUMBER),
        (["red", "green", "red"], Kind.WORD),
        (["x" * 80, "a sentence that goes on and on, as sentences of people do in notes"], Kind.TEXT),
        (["006q000000HddohAAB", "006q000000HddohAAC"], Kind.KEY),
    ],
)
def test_what_a_column_holds_is_told_by_its_values(values: list[str | None], kind: Kind) -> None:
    assert profile("anything", pa.chunked_array([pa.array(values, TEXT)])).kind is kind


def test_words_for_not_known_are_not_counted_as_values() -> None:
    found = profile("job", pa.chunked_array([pa.array(["clerk", "unknown", "", None, "N/A"], TEXT)]))

    assert (found.filled, found.distinct, found.markers) == (1, 1, ("N/A", "unknown"))


def test_values_that_name_somebody_are_no_evidence() -> None:
    sheet = _sheet("leads", first_name=["Ann", "Ann", "Bob", "Bob"], colour=["red", "red", "blue", "blue"])

    assert evidence(sheet.profiles["colour"]) == "100 % filled, 2 different, red 2, blue 2"
    assert evidence(sheet.profiles["first_name"]) == "100 % filled, 2 different"


def test_only_all_of_it_is_a_hundred_percent() -> None:
    assert [percent(part, 1000) for part in (0, 1, 999, 1000)] == ["0 %", "1 %", "99 %", "100 %"]


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("Closed Won", "closed_won"),
        ("Gewonnen", "closed_won"),
        ("ganado", "closed_won"),
        ("Closed Lost", "closed_lost"),
        ("Izgubljen", "closed_lost"),
        ("Not interested", "closed_lost"),
        ("Unqualified", "disqualified"),
        ("Do Not Call", "stop_calling"),
        ("Negotiation/Review", "open"),
        ("en cours", "open"),
        ("purple", None),
    ],
)
def test_words_for_ends_are_understood_in_several_languages(word: str, end: str | None) -> None:
    assert words.end_of(word) == end


@pytest.mark.parametrize(
    ("word", "act"),
    [
        ("Email Reply", words.Act("email_reply", "inbound")),
        ("click_email", words.Act("email_clicked", "inbound")),
        ("Call", words.Act("call_attempt", "outbound")),
        ("demo_at", words.Act("demo_attended", "inbound")),
        ("purple", None),
    ],
)
def test_kinds_of_activity_know_who_does_them(word: str, act: words.Act | None) -> None:
    assert words.act_of(word) == act


def test_names_are_compared_without_case_accents_and_signs() -> None:
    said = [names.plain(name) for name in ("DateCreated", "Größe (m²)", "Budget__c", "property_email", "")]

    assert said == ["date_created", "grosse_m2", "budget", "email", ""]


def test_a_column_called_after_the_file_names_its_rows_even_if_none_is_there() -> None:
    leads = _sheet("leads", id=["1", "2"], name=["a", "b"])
    calls = _sheet("calls", call_id=["7", "8"], lead_id=["5", "6"])

    found = linking.link(calls, leads, "id")
    assert found is not None
    assert (found.column, found.rows, found.met) == ("lead_id", 2, 0)


def test_small_numbers_that_happen_to_be_there_name_nothing() -> None:
    leads = _sheet("leads", id=[str(n) for n in range(100)])
    calls = _sheet("calls", minutes=[str(n) for n in range(20)])

    assert linking.link(calls, leads, "id") is None


def test_keys_that_are_not_there_are_told_with_the_nearest() -> None:
    deals = _sheet("deals", product=["GTXPro", "GTXPro", "MG Special", "Zebra"])
    products = _sheet("products", product=["GTX Pro", "MG Special"])

    ((_, found),) = linking.lookups(deals, [products], [])
    assert found.unmatched == (("GTXPro", 2, "GTX Pro"), ("Zebra", 1, None))
    assert linking.is_respelt("GTXPro", "GTX Pro")


def test_a_column_of_chance_does_not_separate_and_one_that_knows_does() -> None:
    label = np.tile([1.0, 0.0], 200)
    chance = np.random.default_rng(1).integers(0, 50, 400)

    assert abs(leaking.separation(chance, label) - 0.5) < 0.12
    assert leaking.separation(label.astype(np.int64), label) == 1.0
    assert leaking.separation(None, label) == 0.5


@pytest.mark.parametrize("rows", [0, 1, 10])
def test_too_few_ends_betray_nothing(rows: int) -> None:
    label = np.ones(rows)

    assert leaking.separation(np.zeros(rows, dtype=np.int64), label) == 0.5


def test_what_is_filled_only_for_the_won_leaks() -> None:
    label = np.repeat([1.0, 0.0], 50)
    sheet = _sheet("deals", value=["7"] * 50 + ["0"] * 50, size=[str(n % 9) for n in range(100)])

    found = leaking.by_values(sheet, ["value", "size"], label)
    assert found == {"value": "filled for 100 % of the won and 0 % of the others"}


@pytest.mark.parametrize("column", ["stage", "Deal Stage", 'a "b"', "class", "größe", "1st"])
def test_any_column_can_be_named_in_a_condition(column: str) -> None:
    condition = conditions.together([conditions.one_of(column, ["x"]), f"not {conditions.missing(column)}"])

    assert Expression.parse(condition).columns == (column,)


@pytest.mark.parametrize(
    "value",
    [
        "Won",
        "yes",
        "no",
        "null",
        "",
        " x",
        "a: b",
        "a #b",
        "12",
        "1e3",
        "- x",
        "{",
        "ä",
        "it's",
        'a "b"',
        "x:",
    ],
)
def test_what_is_written_is_what_is_read(value: str) -> None:
    line = writing.Line(value or "k", writing.Flow({"column": value, "missing": writing.Flow([value])}))
    text = writing.yaml([line, writing.Line("plain", value)])

    assert pyyaml.safe_load(text) == {
        value or "k": {"column": value, "missing": [value]},
        "plain": value,
    }


def test_a_comment_before_the_first_key_of_an_entry_stays_a_comment() -> None:
    entry = (writing.Line("file", "x", "DECIDE: " + "why " * 40), writing.Line("on", "y"))
    text = writing.yaml([writing.Line("join", (entry,))])

    assert text.startswith("join:\n  # DECIDE: why")
    assert pyyaml.load(text, pyyaml.BaseLoader) == {"join": [{"file": "x", "on": "y"}]}  # noqa: S506 - texts only


@pytest.mark.parametrize(
    ("values", "decimal", "doubtful"),
    [
        (["232", "12.5", "1.059"], None, False),
        (["232", "0,5"], ",", False),
        (["1.250,5", "232"], ",", False),
        (["1,059.50", "232"], ".", False),
        (["1,059,000", "12"], ".", False),
        (["232", "1,059"], ".", True),
        (["1500", "1,059"], ",", True),
        (["0,125", "1,059"], ",", False),
        (["232", "1.059"], ",", True),
        (["1.059", "2.118"], None, False),
        (["1500", "1.059"], None, False),
    ],
    ids=[
        "plain numbers",
        "a decimal comma",
        "both signs, the comma last",
        "both signs, the point last",
        "several groups of thousands",
        "three digits after every comma",
        "thousands without a comma too",
        "no thousands begin with a zero",
        "three digits after every point",
        "three decimals in every number",
        "thousands without a point too",
    ],
)
def test_what_a_comma_in_numbers_means_is_read_off_their_values(
    values: list[str], decimal: str | None, doubtful: bool
) -> None:
    found = profile("staff", pa.chunked_array([pa.array(values, TEXT)]))

    assert (found.kind, found.decimal, found.doubtful) == (Kind.NUMBER, decimal, doubtful)


def test_a_phone_number_is_no_id_although_it_is_called_a_number() -> None:
    phones = pa.chunked_array([pa.array(["+49 30 3234302", "+49 30 5095259"], TEXT)])

    assert profile("Phone Number", phones).kind is Kind.PHONE
    assert profile("Order Number", phones).kind is Kind.KEY


@pytest.mark.parametrize(
    ("values", "pointed"),
    [
        (["12.5", "3"], True),
        (["0.765", "0.125"], True),
        (["1.059", "12"], False),
        (["1.059", "12.5"], True),
        (["12", "7"], False),
        (["1,059", "12"], False),
    ],
)
def test_a_point_that_can_only_stand_before_decimals_is_seen(values: list[str], pointed: bool) -> None:
    assert profile("rate", pa.chunked_array([pa.array(values, TEXT)])).pointed is pointed
