"""Rows of a quarantine come back in the place from which they were taken, once somebody mended them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from readiness.crm import folder, mapping
from readiness.crm.frames import arrow
from readiness.crm.intake import Received
from readiness.crm.mending import NOTHING_MENDED, read_quarantine
from readiness.crm.quarantine import marks, source_of, their_name
from readiness.errors import DataError, StoreError
from tests.builders import assert_same
from tests.crm.mappings import DEALS, PLAIN

LEADS = "lead_id,created_at,source\nA,2026-01-01T00:00:00Z,web_form\nB,soon,chat\n"
ACTIVITIES = "lead_id,occurred_at,type,direction\nA,2026-02-01T00:00:00Z,call,up\nA,2026-02-02,call\n"


def _write(place: Path, **files: str) -> Path:
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


def _quarantined(tmp_path: Path, **files: str) -> tuple[Path, Path]:
    tables = _write(tmp_path / "crm", **files)
    aside = tmp_path / "quarantine"
    folder.write_quarantine(folder.receive(tables), aside)
    return tables, aside


def _mend(aside: Path, name: str, change: Callable[[pd.DataFrame], object]) -> None:
    path = aside / f"{name}.refused.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(rows)
    rows.to_csv(path, index=False)


def _put(row: int, column: str, text: str) -> Callable[[pd.DataFrame], object]:
    def change(rows: pd.DataFrame) -> None:
        rows.loc[row, column] = text

    return change


def test_a_mended_row_takes_the_place_of_its_line(tmp_path: Path) -> None:
    tables, aside = _quarantined(tmp_path, leads=LEADS)
    _mend(aside, "leads", _put(0, "created_at", "2026-01-02T00:00:00Z"))

    again = folder.receive(tables, mended=read_quarantine(aside))

    right = _write(tmp_path / "right", leads=LEADS.replace("soon", "2026-01-02T00:00:00Z"))
    assert_same(again.tables, folder.read(right))


def test_a_torn_line_comes_back_as_a_row_between_its_neighbours(tmp_path: Path) -> None:
    torn = "lead_id,created_at,source\nA,2026-01-01\nB,2026-01-02,chat\nC,2026-01-03\nD,bad,chat\n"
    tables, aside = _quarantined(tmp_path, leads=torn)
    for row, (who, day) in enumerate({"D": "04", "A": "01", "C": "03"}.items()):
        for column, text in (("lead_id", who), ("created_at", f"2026-01-{day}"), ("source", "web")):
            _mend(aside, "leads", _put(row, column, text))

    again = folder.receive(tables, mended=read_quarantine(aside))

    assert again.tables.leads.lead_id.tolist() == ["A", "B", "C", "D"]
    assert again.counts["leads"].read == 4


def test_lines_are_still_counted_as_in_the_file_once_a_torn_one_came_back(tmp_path: Path) -> None:
    torn = "lead_id,created_at,source\nA,2026-01-01\nB,bad,chat\n"
    tables, aside = _quarantined(tmp_path, leads=torn)
    for column, text in (("lead_id", "A"), ("created_at", "2026-01-01"), ("source", "web")):
        _mend(aside, "leads", _put(1, column, text))

    again = folder.receive(tables, mended=read_quarantine(aside))

    assert [(fault.row, fault.code) for fault in again.faults] == [(3, "unreadable_instant")]


def test_what_nobody_mended_is_refused_again(tmp_path: Path) -> None:
    tables, aside = _quarantined(tmp_path, leads=LEADS, activities=ACTIVITIES)
    _mend(aside, "activities", _put(0, "direction", "outbound"))
    mended = read_quarantine(aside)

    again = folder.receive(tables, mended=mended)

    assert len(mended) == 1
    assert [fault.code for fault in again.faults] == ["unreadable_instant", "ragged_row"]


def test_an_untouched_quarantine_changes_nothing(tmp_path: Path) -> None:
    tables, aside = _quarantined(tmp_path, leads=LEADS, activities=ACTIVITIES)

    mended = read_quarantine(aside)

    assert len(mended) == len(NOTHING_MENDED) == 0
    assert folder.receive(tables, mended=mended).faults == folder.receive(tables).faults


def test_a_quarantine_without_files_mends_nothing(tmp_path: Path) -> None:
    assert len(read_quarantine(tmp_path)) == 0


def test_mended_rows_of_another_export_are_refused(tmp_path: Path) -> None:
    tables, aside = _quarantined(tmp_path, leads=LEADS)
    _mend(aside, "leads", _put(0, "created_at", "2026-01-02"))
    _write(tables, leads=LEADS.replace("chat", "phone"))

    with pytest.raises(DataError) as refused:
        folder.receive(tables, mended=read_quarantine(aside))

    assert [str(fault) for fault in refused.value.faults] == [
        "leads, row 3: saw another row; expected the row from which the mended one was taken. "
        "Give the export of which the quarantine is, unchanged; or import without mended rows.",
        "leads, row 3, column created_at: saw 'soon'; expected an instant such as 2026-03-14T09:00:00Z, or a "
        "date such as 2026-03-14. Write it so; a mapping can read other formats.",
    ]


def test_mended_rows_of_a_table_that_is_not_there_are_refused(tmp_path: Path) -> None:
    tables, aside = _quarantined(tmp_path, leads=LEADS, activities=ACTIVITIES)
    _mend(aside, "activities", _put(0, "direction", "outbound"))
    (tables / "activities.csv").unlink()

    with pytest.raises(DataError, match="activities: saw only leads; expected the source of the mended rows"):
        folder.receive(tables, mended=read_quarantine(aside))


def test_a_quarantine_whose_own_columns_were_deleted_is_refused(tmp_path: Path) -> None:
    _, aside = _quarantined(tmp_path, leads=LEADS)
    path = aside / "leads.refused.csv"
    pd.read_csv(path, dtype=str).drop(columns="check").to_csv(path, index=False)

    with pytest.raises(DataError, match=r"leads.refused.csv, row 1, column check: saw no such column"):
        read_quarantine(aside)


def test_a_mended_row_that_names_no_line_is_refused(tmp_path: Path) -> None:
    _, aside = _quarantined(tmp_path, leads=LEADS)
    _mend(aside, "leads", _put(0, "row", ""))
    _mend(aside, "leads", _put(0, "created_at", "2026-01-02"))

    with pytest.raises(DataError, match=r"leads.refused.csv, row 2, column row: saw no line of the source"):
        read_quarantine(aside)


def test_a_line_of_the_quarantine_that_was_torn_in_mending_is_told(tmp_path: Path) -> None:
    _, aside = _quarantined(tmp_path, leads=LEADS)
    path = aside / "leads.refused.csv"
    path.write_text(path.read_text().rstrip() + ",more\n")

    with pytest.raises(DataError, match=r"leads.refused.csv, row 2: saw 8 cells; expected as many cells"):
        read_quarantine(aside)


def test_there_must_be_a_quarantine(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no quarantine nowhere"):
        read_quarantine(tmp_path / "nowhere")


def test_columns_named_like_ours_survive_the_quarantine(tmp_path: Path) -> None:
    tables, aside = _quarantined(tmp_path, leads="lead_id,created_at,source,row\nA,soon,chat,7\n")
    _mend(aside, "leads", _put(0, "created_at", "2026-01-02"))

    again = folder.receive(tables, mended=read_quarantine(aside))

    assert again.tables.leads.attributes["row"].texts().tolist() == ["7"]  # type: ignore[union-attr]


def _import(tmp_path: Path, deals: str, aside: Path | None = None) -> Received:
    _write(tmp_path / "export", deals=deals)
    mended = NOTHING_MENDED if aside is None else read_quarantine(aside)
    return mapping.apply(mapping.parse(PLAIN), [tmp_path / "export"], mended=mended)


def test_a_line_that_feeds_two_tables_is_mended_in_either_copy(tmp_path: Path) -> None:
    faulty = DEALS.replace(";no;", ";maybe;")
    folder.write_quarantine(_import(tmp_path, faulty), tmp_path / "aside")
    _mend(tmp_path / "aside", "outcomes.deals.csv", _put(0, "State", "no"))

    again = _import(tmp_path, faulty, tmp_path / "aside")

    assert again.faults == ()
    assert_same(again.tables, _import(tmp_path, DEALS).tables)


def test_copies_of_a_line_that_were_mended_differently_are_refused(tmp_path: Path) -> None:
    faulty = DEALS.replace(";no;", ";maybe;")
    folder.write_quarantine(_import(tmp_path, faulty), tmp_path / "aside")
    _mend(tmp_path / "aside", "outcomes.deals.csv", _put(0, "State", "no"))
    _mend(tmp_path / "aside", "leads.deals.csv", _put(0, "State", "yes"))

    with pytest.raises(DataError, match=r"deals.csv, row 3: saw two copies of the row that differ"):
        _import(tmp_path, faulty, tmp_path / "aside")


def test_typed_columns_keep_their_type_where_what_was_mended_fits_it(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "lead_id": ["A", "B"],
            "created_at": pd.to_datetime(["2026-01-01T12:00Z", None]),
            "source": ["chat", "chat"],
            "size": [1, 2],
        }
    )
    (tmp_path / "crm").mkdir()
    frame.to_parquet(tmp_path / "crm" / "leads.parquet")
    folder.write_quarantine(folder.receive(tmp_path / "crm"), tmp_path / "aside")
    _mend(tmp_path / "aside", "leads", _put(0, "created_at", "2026-01-02T12:00:00Z"))
    _mend(tmp_path / "aside", "leads", _put(0, "size", "3"))

    leads = folder.receive(tmp_path / "crm", mended=read_quarantine(tmp_path / "aside")).tables.leads

    assert leads.attributes["size"].tolist() == [1.0, 3.0]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("leads.refused.csv", "leads"),
        ("leads.a b (3).csv.refused.csv", "a b (3).csv"),
        ("answers.q%2Fx.refused.csv", "q/x"),
    ],
)
def test_a_file_of_the_quarantine_names_its_source(name: str, source: str) -> None:
    assert source_of(Path(name)) == source


def test_a_mark_depends_on_names_and_cells_and_not_on_the_order_of_columns() -> None:
    one, other = pd.DataFrame({"a": ["x"], "b": [None]}), pd.DataFrame({"c": ["x"]})
    frames = [arrow(frame) for frame in (one, one[["b", "a"]], one[["a"]], other)]

    first, turned, without_empty, renamed = (marks(frame)[0] for frame in frames)

    assert first == turned == without_empty != renamed
    assert their_name("row (theirs)") == "row"
