"""Tables and queries of a database."""

from __future__ import annotations

import sqlite3

import pyarrow as pa
import pytest

from readiness.crm.sources import Database, databases, open_database, source_of
from readiness.crm.sources.blocks import Blocks
from readiness.crm.sources.select_only import refusal
from readiness.errors import DataError, StoreError

MADE = """
create table "Leads" (id integer, name text, size real, won boolean, seen date);
insert into "Leads" values (1, 'Ann', 2.5, 1, '2026-03-14'), (2, '', null, null, null);
create view few as select id from "Leads" where id < 2;
create table none_yet (id integer, name text);
"""


@pytest.fixture
def crm(tmp_path):
    with sqlite3.connect(tmp_path / "crm.db") as made:
        made.executescript(MADE)
    made.close()
    return Database(f"sqlite:///{tmp_path}/crm.db")


def test_a_table_is_read_with_its_types_and_rows_are_counted_from_one(crm):
    read = open_database(crm, "leads", table="Leads")

    assert read.original.to_pydict() == {
        "id": [1, 2],
        "name": ["Ann", None],
        "size": [2.5, None],
        "won": [1, None],
        "seen": ["2026-03-14", None],
    }
    assert (read.line(1), read.notes) == (2, ())


@pytest.mark.parametrize(
    "query",
    [
        "select id from few",
        "SELECT id FROM few;",
        "with f as (select * from few) select id from f -- drop; \n",
    ],
)
def test_a_query_gives_its_rows(crm, query):
    assert open_database(crm, "leads", query=query).original.to_pydict() == {"id": [1]}


def test_a_view_is_a_table_and_signs_of_a_query_stay_what_they_are(crm):
    assert open_database(crm, "few", table="few").original.num_rows == 1
    query = "select id as \"100%s :x\" from few where 'a:b%' like 'a:%'"
    assert open_database(crm, "leads", query=query).original.column_names == ["100%s :x"]


def test_a_table_without_rows_is_one_of_missing_texts(crm):
    read = open_database(crm, "none", table="none_yet").original

    assert (read.column_names, read.num_rows, read.schema.types) == (
        ["id", "name"],
        0,
        [pa.large_string()] * 2,
    )


def test_rows_of_many_blocks_are_all_there(crm):
    query = (
        "with recursive n(i) as (select 0 union all select i + 1 from n where i < 120000) "
        "select i, case when i = 110000 then 'x' else i end as mixed, iif(i > 60000, i + 0.5, i) as size "
        "from n"
    )
    read = open_database(crm, "rows", query=query)

    assert read.original.num_rows == 120_001
    assert read.original.schema.types == [pa.int64(), pa.large_string(), pa.float64()]
    assert read.notes == ("rows: column 'mixed' holds more than one kind of value; all are taken as texts.",)


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", "something that does not begin with SELECT or WITH"),
        ("drop table Leads", "something that does not begin with SELECT or WITH"),
        ("select 1; drop table Leads", "more than one statement"),
        ("select 'it''s'; select 2", "more than one statement"),
        ("with gone as (delete from x returning *) select * from gone", "the word DELETE"),
        ("select * into copy from leads", "the word INTO"),
        ("select 1 /*! ; drop table x */", "more than one statement"),
        ("select 1 /*!50000 union select 2 */", r"the word /\*!"),
    ],
)
def test_anything_but_one_select_is_refused(crm, query, seen):
    with pytest.raises(DataError, match=f"leads: saw {seen}; expected one SELECT"):
        open_database(crm, "leads", query=query)


@pytest.mark.parametrize(
    "query", ["select 'delete; insert' as \"into\" from t", "SELECT last_update FROM t /* ; */;"]
)
def test_words_in_texts_names_and_comments_are_no_statements(query):
    assert refusal(query) is None


def test_the_database_itself_refuses_to_be_written(crm):
    with (
        pytest.raises(databases.exc.OperationalError, match="readonly"),
        databases._connected(crm) as connection,
    ):
        connection.exec_driver_sql("delete from Leads")


@pytest.mark.parametrize(
    ("wanted", "seen"), [("leads ", "a table 'Leads'"), ("deals", "the tables 'Leads', 'few', 'none_yet'")]
)
def test_a_table_that_is_not_there_is_told_with_those_that_are(crm, wanted, seen):
    with pytest.raises(DataError, match=f"x: saw {seen}; expected a table '{wanted}'"):
        open_database(crm, "x", table=wanted)


def test_what_the_database_says_of_a_query_is_told(crm):
    with pytest.raises(DataError, match=r"x: saw a refusal by the database \(no such column: absent\)"):
        open_database(crm, "x", query="select absent from few")


def test_bytes_become_texts_and_are_told(crm):
    read = open_database(crm, "x", query="select null as b union all select x'00ff'")

    assert read.original.to_pydict() == {"b": [None, "00ff"]}
    assert read.notes == ("x: column 'b' holds bytes; they are taken as texts.",)


def test_a_database_file_that_is_not_there_is_told_and_not_made(tmp_path):
    with pytest.raises(StoreError, match=r"There is no database none.db"):
        open_database(Database(f"sqlite:///{tmp_path}/none.db"), "x", table="y")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "a.db").write_text("lead_id,source\n" * 99)

    with pytest.raises(DataError, match=r"a refusal by the database \(file is not a database\)"):
        open_database(Database(f"sqlite:///{tmp_path}/a.db"), "x", table="y")


@pytest.mark.parametrize(
    "url",
    ["nosuch://me:secret@host/db", "sqlite+nosuch:///secret", "mysql+pymysql://me:secret@h/d", "://secret"],
)
def test_no_message_shows_an_address(url):
    with pytest.raises(StoreError) as told:
        open_database(Database(url), "x", table="y")
    assert "secret" not in f"{told.value} {Database(url)!r} {Database(url)}"


def test_what_a_server_says_is_told_without_the_password(crm):
    error = databases.exc.OperationalError(
        "q", None, RuntimeError("no s%cret for s%25cret, key abc\nDETAIL: x")
    )
    reason = databases._reason(error, Database("postgresql://me:s%25cret@host/crm?sslkey=abc"))

    assert reason == "no … for …, key …"


def test_an_error_that_may_quote_a_row_is_told_by_its_kind_alone(crm):
    error = databases.exc.DataError("q", None, RuntimeError("invalid integer: 'Ann Bee'"))

    assert databases._reason(error, crm) == "DataError"


@pytest.mark.parametrize(
    ("said", "name"), [("sqlite:///a.db", "the sqlite database"), ("a/b.csv", "b.csv"), ("C:/a.csv", "a.csv")]
)
def test_a_source_is_a_database_where_it_has_the_form_of_an_address(said, name):
    assert source_of(said).name == name


@pytest.mark.parametrize(
    ("parts", "read", "told"),
    [
        ([], [], 0),
        ([[None], [1]], [None, 1], 0),
        ([[1], [10**30]], ["1", "1" + "0" * 30], 0),
        ([[1], ["2"]], ["1", "2"], 1),
        ([[True], ["x"]], ["yes", "x"], 1),
    ],
    ids=["none", "missing", "long", "numbers in texts", "mixed"],
)
def test_blocks_of_other_kinds_become_one_column(parts, read, told):
    blocks = Blocks(["a"])
    for part in parts:
        blocks.add([part])
    table, notes = blocks.table("x")

    assert (table.to_pydict(), len(notes)) == ({"a": read}, told)
