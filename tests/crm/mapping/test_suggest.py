"""A drafted mapping loads, imports its own files, and says what it rests on."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from readiness.crm import mapping
from readiness.crm.intake import Received
from readiness.crm.mapping.suggesting import Suggestion, suggest
from readiness.crm.records import OUTCOMES, instant
from readiness.errors import DataError, StoreError
from tests.crm.mapping.exports import EXPORTS, ROWS, put
from tests.crm.sources.workbooks import write_xlsx

ENDS = {
    "german": {"closed_won": 20, "closed_lost": 20},
    "american": {"closed_won": 20, "closed_lost": 20},
    "spanish": {"closed_won": 20, "stop_calling": 15, "closed_lost": 20},
    "french": {"closed_won": 20, "closed_lost": 20},
    "slovenian": {"closed_won": 20, "closed_lost": 20},
    "campaign": {"closed_won": 20, "closed_lost": 40},
    "parquet": {"closed_won": 20},
    "wide": {"closed_won": 18, "disqualified": 18},
    "joined": {"closed_won": 20, "closed_lost": 20},
    "history": {"closed_won": 20},
}
LEFT_OUT = {"wide": 6, "joined": 5}


def _drafted(name: str, folder: Path) -> tuple[Suggestion, Received]:
    source = put(EXPORTS[name](), folder / name)
    drafted = suggest([source])
    return drafted, mapping.apply(mapping.parse(drafted.text), [source])


def _draft(folder: Path, order: str = "either", **files: str) -> Suggestion:
    put({f"{name}.csv": text.encode() for name, text in files.items()}, folder)
    return suggest([folder], order=order)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", EXPORTS)
def test_every_draft_loads_and_imports_its_own_files_without_a_refused_row(tmp_path: Path, name: str) -> None:
    _, received = _drafted(name, tmp_path)

    outcomes = received.tables.outcomes.outcome.tolist()
    assert received.faults == ()
    assert len(received.tables.leads) == ROWS - LEFT_OUT.get(name, 0)
    assert {word: outcomes.count(code) for code, word in enumerate(OUTCOMES) if code in outcomes} == ENDS[
        name
    ]


@pytest.mark.parametrize("ending", ["xlsx", "jsonl"])
def test_workbooks_and_json_lines_are_drafted_like_csv(tmp_path: Path, ending: str) -> None:
    names = ["Lead ID", "Opened", "Origin", "Stage", "Closed"]
    at = dt.datetime.fromisoformat
    rows = [
        [f"L{n}", at(f"2026-01-{n:02} 09:30"), "web", "Won" if n % 2 else "Lost", at(f"2026-02-{n:02} 09:30")]
        for n in range(1, 21)
    ]
    if ending == "xlsx":
        write_xlsx(tmp_path / "leads.xlsx", {"leads": [names, *rows]})
    else:
        lines = [json.dumps(dict(zip(names, map(str, row), strict=True))) for row in rows]
        (tmp_path / "leads.jsonl").write_text("\n".join(lines), encoding="utf-8")

    drafted = suggest([tmp_path], zone="Europe/Berlin")
    received = mapping.apply(mapping.parse(drafted.text), [tmp_path])
    assert received.faults == ()
    assert received.tables.leads.created_at.tolist()[0] == instant("2026-01-01T08:30:00Z")
    assert received.tables.outcomes.outcome.tolist().count(0) == 10


def test_the_same_files_give_the_same_draft_in_whatever_order_they_are_named(tmp_path: Path) -> None:
    folder = put(EXPORTS["american"](), tmp_path)
    paths = sorted(folder.iterdir())

    assert suggest(paths).text == suggest(paths[::-1]).text == suggest([folder]).text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("lead_id,created_at,source,status\n", "no row below its header"),
        ("# The export\n\nIt lies in another folder.\n", "a single column"),
    ],
    ids=["a header alone", "no table"],
)
def test_what_holds_no_leads_is_refused(tmp_path: Path, text: str, seen: str) -> None:
    with pytest.raises(
        DataError, match=rf"leads\.csv: saw {seen}; expected a table with a row for each lead"
    ):
        _draft(tmp_path, leads=text)


def test_files_in_which_nothing_happened_are_drafted_too(tmp_path: Path) -> None:
    drafted = _draft(
        tmp_path, leads="lead_id,created_at,source\n1,2026-01-05,web\n", calls="lead_id,called\n"
    )

    assert mapping.parse(drafted.text).leads[0].file == "leads"
    assert any("no model can be trained" in told for told in drafted.missing)


def test_names_that_most_leads_share_are_learned_from_and_rare_ones_and_texts_are_told_of(
    tmp_path: Path,
) -> None:
    head, rows = "lead_id,created_at,source,city,village,story\n", []
    for n in range(1_000):
        story = f"Called about machine {n} and wants a long talk with somebody who knows it"
        rows.append(f"{n},2026-01-{n % 28 + 1:02},web,city {n % 100},village {n % 300},{story}\n")
    drafted = _draft(tmp_path, leads=head + "".join(rows))
    (said,) = [told for told in drafted.decided if told.startswith("kept out:")]
    assert "village (300 different names, most of them too rare to learn from)" in said
    assert "story (free text)" in said
    assert "city" not in said


def test_a_single_row_is_enough_for_a_draft_by_names(tmp_path: Path) -> None:
    drafted = _draft(
        tmp_path, leads="lead_id,created_at,source,status,closed_at\n1,2026-01-05,web,Won,2026-02-01\n"
    )

    received = mapping.apply(mapping.parse(drafted.text), [tmp_path])
    assert received.faults == ()
    assert received.tables.leads.created_at.tolist() == [instant("2026-01-05")]
    assert received.tables.outcomes.outcome.tolist() == [0]


ROUND = "id,created,source,status,closed\n" + "".join(
    f"{n},{n % 12 + 1}/3/2026,web,{'Won' if n % 2 else 'Lost'},{n % 12 + 1}/9/2026\n" for n in range(1, 25)
)


def test_days_and_months_that_no_value_tells_apart_are_asked_about(tmp_path: Path) -> None:
    drafted = _draft(tmp_path, leads=ROUND)

    assert "# DECIDE: is 3/4 the third of April or the fourth of March?" in drafted.text
    assert any("No date in closed, created of leads.csv tells" in asked for asked in drafted.asked)


@pytest.mark.parametrize(("order", "form"), [("day first", "%d/%m/%Y"), ("month first", "%m/%d/%Y")])
def test_what_stands_first_in_dates_can_be_said(tmp_path: Path, order: str, form: str) -> None:
    drafted = _draft(tmp_path, order, leads=ROUND)

    assert mapping.parse(drafted.text).files["leads"].dates == (form,)
    assert not any("3/4" in asked for asked in drafted.asked)


def test_a_column_that_decides_what_stands_first_decides_for_its_file(tmp_path: Path) -> None:
    decided = ROUND.replace("/9/2026", "/19/2026")
    drafted = _draft(tmp_path, leads=decided)

    assert mapping.parse(drafted.text).files["leads"].dates == ("%m/%d/%Y",)


def test_keys_that_differ_in_blanks_and_signs_are_repaired_and_told(tmp_path: Path) -> None:
    drafted, received = _drafted("joined", tmp_path)

    assert "match: {GTXPro: GTX Pro}  # 30 rows; the same but for blanks, signs and capitals" in drafted.text
    assert "GTXPro means GTX Pro (products.csv)" in drafted.assumed
    assert received.tables.leads.attributes["series"].texts().tolist()[:2] == ["GTX", "MG"]  # type: ignore[union-attr]


def test_columns_that_know_the_outcome_are_kept_out_with_the_reason(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},2026-01-{n % 28 + 1:02},web,{('Won', 'Lost', 'Open')[n % 3]},{'x9' if n % 3 < 2 else ''},"
        f"{('a', 'b', 'c')[n % 3]},{n % 5}\n"
        for n in range(180)
    )
    drafted = _draft(tmp_path, leads="id,created,source,status,memo,colour,size\n" + rows)

    kept_out = mapping.parse(drafted.text).leads[0].exclude
    assert kept_out["memo"] == "leak: filled for 100 % of the leads that ended and 0 % of the open ones"
    assert kept_out["colour"] == "leak: tells won from not won by itself (AUC 1.00)"
    assert "size" not in kept_out


def test_nothing_personal_stands_in_a_draft(tmp_path: Path) -> None:
    rows = "".join(f"{n},Ann{n % 3},a{n}@example.com,+49 30 12345{n:02},Acme {n},web\n" for n in range(20))
    drafted = _draft(tmp_path, leads="id,first_name,email,phone,company,source\n" + rows)

    said = drafted.text + str(drafted)
    assert not any(word in said for word in ("Ann0", "example.com", "12345", "Acme"))
    assert mapping.parse(drafted.text).leads[0].columns["phone"].column == "phone"


def test_an_attribute_whose_name_is_almost_one_of_ours_gets_another(tmp_path: Path) -> None:
    rows = "".join(f"{n},web,{n % 4},{'Won' if n % 2 else 'Lost'}\n" for n in range(20))
    drafted = _draft(tmp_path, leads="id,channel,Source,status\n" + rows)

    received = mapping.apply(mapping.parse(drafted.text), [tmp_path])
    assert received.faults == ()
    assert "crm_source" in received.tables.leads.attributes


def test_a_column_of_ours_that_means_something_else_gets_another_name(tmp_path: Path) -> None:
    rows = "".join(f"{n},web,{'yes' if n % 3 else 'no'},{'Won' if n % 2 else 'Lost'}\n" for n in range(20))
    drafted = _draft(tmp_path, leads="id,source,email,status\n" + rows)

    received = mapping.apply(mapping.parse(drafted.text), [tmp_path])
    assert received.faults == ()
    assert "crm_email" in received.tables.leads.attributes


def test_a_column_that_somebody_names_says_how_leads_ended(tmp_path: Path) -> None:
    rows = "".join(f"{n},web,{'yes' if n % 3 == 0 else 'no'},{n % 5}\n" for n in range(30))
    put({"calls.csv": ("id,source,call,size\n" + rows).encode()}, tmp_path)

    unsaid, said = suggest([tmp_path]), suggest([tmp_path], outcome="call")
    assert any("call come into question" in told for told in unsaid.missing)
    outcomes = mapping.apply(mapping.parse(said.text), [tmp_path]).tables.outcomes.outcome.tolist()
    assert outcomes.count(OUTCOMES.index("closed_won")) == 10


def test_a_named_outcome_that_is_in_no_file_is_refused_with_the_nearest(tmp_path: Path) -> None:
    put({"calls.csv": b"id,source,called\n1,web,yes\n"}, tmp_path)
    with pytest.raises(DataError, match=r"calls\.csv, column cal1ed: saw a column 'called'"):
        suggest([tmp_path], outcome="cal1ed")


def test_a_yes_that_nobody_wants_is_a_loss(tmp_path: Path) -> None:
    rows = "".join(f"{n},{'yes' if n % 3 == 0 else 'no'}\n" for n in range(30))
    drafted = _draft(tmp_path, customers="id,churn\n" + rows)

    words = mapping.parse(drafted.text).outcomes[0].columns["outcome"].values
    assert words == {"no": "closed_won", "yes": "closed_lost"}


@pytest.mark.parametrize(
    ("name", "fitting"),
    [("Salvirt_B2B_ML_dataset", ("bohanec",)), ("deals", ())],
    ids=["its name and columns", "another name"],
)
def test_a_shipped_mapping_that_reads_such_files_is_named(
    tmp_path: Path, name: str, fitting: tuple[str, ...]
) -> None:
    drafted = _draft(tmp_path, **{name: "Source;Product;Status\nReferral;A;Won\nMedia;B;Lost\n"})

    assert drafted.shipped == fitting


def test_who_opts_out_of_several_things_tells_us_to_stop_once(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},2026-01-{n + 1:02},web,{'Won' if n < 3 else 'Open'},2026-02-01,1,{n % 2}\n" for n in range(20)
    )
    drafted = _draft(
        tmp_path, leads="id,created_at,source,status,closed_at,do_not_call,opted_out_of_email\n" + rows
    )

    received = mapping.apply(mapping.parse(drafted.text), [tmp_path])
    assert received.faults == ()
    assert received.tables.outcomes.outcome.tolist().count(OUTCOMES.index("stop_calling")) == 20


def test_dates_of_another_century_are_no_beginning_of_leads(tmp_path: Path) -> None:
    rows = "".join(f"{n},1975-01-{n + 1:02},web,{'Won' if n % 2 else 'Lost'},1975-02-01\n" for n in range(20))
    drafted = _draft(tmp_path, leads="id,created_at,source,status,closed_at\n" + rows)

    received = mapping.apply(mapping.parse(drafted.text), [tmp_path])
    assert received.faults == ()
    assert not received.tables.dated


def test_an_opt_out_with_a_date_is_a_dated_stop(tmp_path: Path) -> None:
    _, received = _drafted("spanish", tmp_path)
    ends = received.tables.outcomes

    stops = ends.occurred_at[ends.outcome == OUTCOMES.index("stop_calling")]
    assert stops.min() == instant("2026-02-26")  # row 2, 5 January + 2 + 50 days


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes(b"")
    with pytest.raises(DataError, match=r"leads\.csv"):
        suggest([tmp_path])


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no file to read"):
        suggest([tmp_path])


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"There is no file or folder nowhere\.csv"):
        suggest([tmp_path / "nowhere.csv"])


DEALS = "ID,Created Date,Employees,Revenue,Status\n" + "".join(
    f"{number},{number}/14/2026,{size},{revenue},{end}\n"
    for number, size, revenue, end in [
        (1, '"1,059"', "5", "Won"),
        (2, "232", "7", "Lost"),
        (3, "17", "9", "Open"),
    ]
)


@pytest.mark.parametrize("sign", [",", "."])
def test_a_sign_that_may_group_thousands_is_taken_so_and_asked_about(tmp_path: Path, sign: str) -> None:
    drafted = _draft(tmp_path, deals=DEALS.replace("1,059", f"1{sign}059"))

    asked = [question for question in drafted.asked if "decimals" in question]
    assert len(asked) == 1
    assert asked[0].startswith(
        f"is 1{sign}234 1234 in Employees of deals.csv, or a number with three decimals? Taken for 1234;"
    )
    attributes = mapping.apply(mapping.parse(drafted.text), [tmp_path]).tables.leads.attributes
    assert attributes["company_size"].texts().tolist() == ["1059", "232", "17"]  # type: ignore[union-attr]


def test_a_column_that_leaves_no_doubt_says_what_commas_mean_in_its_file(tmp_path: Path) -> None:
    drafted = _draft(tmp_path, deals=DEALS.replace(",5,Won", ',"1,5",Won'))

    assert not [question for question in drafted.asked if "decimals" in question]
    assert mapping.parse(drafted.text).files["deals"].decimal == ","


def test_a_point_before_decimals_elsewhere_says_what_another_point_means(tmp_path: Path) -> None:
    rates = "lead_id,created_at,staff,rate\n" + "".join(
        f"L-{row},2026-01-0{1 + row},{staff},{rate}\n"
        for row, (staff, rate) in enumerate(
            [("12", "0.765"), ("250", "0.125"), ("1.059", "0.500"), ("7", "0.25")]
        )
    )
    drafted = _draft(tmp_path, deals=rates)

    assert not [question for question in drafted.asked if "decimals" in question]
    read = mapping.parse(drafted.text)
    assert read.files["deals"].decimal is None
    found = mapping.apply(read, [tmp_path]).tables.leads.attributes["rate"]
    assert sorted(found.texts().tolist()) == ["0.125", "0.25", "0.500", "0.765"]  # type: ignore[union-attr]


def test_columns_that_write_decimals_otherwise_are_asked_about(tmp_path: Path) -> None:
    both = "lead_id,created_at,revenue,discount\n" + "".join(
        f'L-{row},2026-01-0{1 + row},"{revenue}","{discount}"\n'
        for row, (revenue, discount) in enumerate(
            [("1,234.50", "12,5"), ("20,000.00", "3,75"), ("812.00", "1,5")]
        )
    )
    drafted = _draft(tmp_path, deals=both)

    assert [
        question
        for question in drafted.asked
        if "with a comma in discount, with a point in revenue" in question
    ]


def test_a_date_column_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    drafted = _draft(tmp_path, deals=DEALS.replace("/14/2026", "th week"))

    assert any(
        said.startswith("no date says when leads began; Created Date should by name")
        for said in drafted.missing
    )
