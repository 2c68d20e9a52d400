"""A mapping that contradicts itself is refused with its place, and editors know what one may say."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from readiness import shipped
from readiness.crm import mapping
from readiness.crm.mapping import Mapping
from readiness.errors import DataError
from readiness.yaml_document.loader import Loader
from tests.crm.mappings import PLAIN, applied

BASE = """
name: mine
files: {leads: {path: leads.csv}, calls: {path: calls.csv}}
leads: {file: leads, columns: {lead_id: id, created_at: created, source: via}}
activities:
  - file: calls
    columns: {lead_id: id, occurred_at: at, type: kind, direction: {constant: inbound}}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "via}",
            "via, expression: 'a'}",
            r"`leads.columns.expression`: 'expression'; expected one of source",
        ),
        (
            "via}",
            "{expression: lowr(via)}}",
            r"expected an expression that can be read: there is no function `lowr`",
        ),
        (
            "occurred_at: at",
            "occured_at: at",
            r"`activities.0.columns.occured_at`.*Did you mean `occurred_at`",
        ),
        (
            "{constant: inbound}",
            "{column: d, values: {In: incoming}}",
            r"columns.direction.values.In`: 'incoming'; expected one of inbound, outbound. Write one",
        ),
        ("{constant: inbound}", "{constant: inbond}", r"direction.constant`: 'inbond'.*you mean `inbound`"),
        ("via}}", "via}, where: via}", r"`leads.where`: 'via'; expected a condition, such as status == "),
        (
            "via}",
            "{column: via, lookup: [id]}}",
            r"`leads.columns.source.lookup`: it here; expected `lookup` only",
        ),
        (
            "via}}",
            "via}, rows_without: {sourse: refuse}}",
            r"`leads.rows_without.sourse`: 'sourse'; expected one of",
        ),
        (
            "via}}",
            "via}, join: [{file: calls, on: id, many: true}]}",
            r"`leads.join.0.many`: true; expected one row",
        ),
        (
            "via}}",
            "via}, join: [{file: firms, on: id}]}",
            r"`leads.join.0.file`: 'firms'; expected one of the files",
        ),
        (
            "via}}",
            "via}, join: [{file: calls, on: id, take: [a], exclude: {b: c}}]}",
            r"either `take` or `exclude`",
        ),
        ("via}}", "via}}\nidentity: {}", r"expected `same_lead_by` or `merges`"),
        (
            "via}}",
            "via}}\nidentity: {same_lead_by: [email]}",
            r"`identity.same_lead_by.0`: 'email'; expected leads",
        ),
        (
            "via}}",
            "via}}\nidentity: {same_lead_by: [phone], region: XX}",
            r"expected a country by its two letters",
        ),
        ("via}}", "via}}\nzone: Mars", r"`zone`: 'Mars'; expected a time zone by its IANA name"),
        ("type: kind, ", "", r"`activities.0.columns`: nothing; expected the column `type`"),
        ("- file: calls", "- on_change: true\n    file: calls", r"`activities.0.on_change`: an unknown key"),
    ],
)
def test_what_contradicts_itself_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        mapping.parse(BASE.replace(old, new))


@pytest.mark.parametrize(
    ("wide", "message"),
    [
        ("{cell: at, columns: {x: {type: a}}}", r"`activities.0.wide.cell`: 'at'; expected one of lead_id"),
        (
            "{cell: value, columns: {x: {kind: a}}}",
            r"`activities.0.wide.columns.x.kind`: 'kind'; expected one of",
        ),
        (
            "{cell: value, columns: {x: {type: a}}}",
            r"`activities.0.wide.columns.x.type`: 'type'; .* nothing else",
        ),
        ("{cell: value, columns: {}}", r"`activities.0.wide.columns`"),
        (
            "{cell: value, columns: {x: {direction: in}}}",
            r"`activities.0.wide.columns.x.direction`: 'in'; expected one of inbound, outbound",
        ),
    ],
)
def test_wide_columns_say_what_no_other_column_says(wide: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        mapping.parse(BASE + f"    wide: {wide}\n")


def test_a_list_of_leads_with_and_without_ids_is_refused() -> None:
    text = BASE.replace(
        "leads: {file: leads, columns: {lead_id: id, created_at: created, source: via}}",
        "leads:\n  - {file: leads, columns: {lead_id: id, source: a}}\n"
        "  - {file: calls, columns: {source: x}}",
    )

    with pytest.raises(
        DataError, match=r"row 6, column \d+: saw `leads.1.columns`: nothing; expected the column `lea"
    ):
        mapping.parse(text)


def test_leads_without_ids_have_no_first_row() -> None:
    text = """
name: mine
files: {deals: {path: deals.csv}}
leads: {file: deals, columns: {source: via}}
outcomes: [{file: deals, columns: {outcome: end}, one_a_lead: first}]
"""
    with pytest.raises(DataError, match=r"`outcomes.0.one_a_lead`: it; expected leads that have a lead_id"):
        mapping.parse(text)


def test_a_list_without_leads_is_refused() -> None:
    with pytest.raises(DataError, match="`leads`: a list; expected where the leads come from"):
        mapping.parse(BASE.split("leads: {file", maxsplit=1)[0] + "leads: []\n")


def test_mappings_that_say_the_same_are_equal_wherever_it_stands() -> None:
    assert mapping.parse(BASE, name="one.yaml") == mapping.parse("# a comment\n" + BASE, name="other.yaml")
    assert mapping.parse(BASE) != mapping.parse(BASE.replace("name: mine", "name: yours"))


def test_what_does_not_fit_the_files_is_told_with_the_mappings_place_all_at_once(tmp_path: Path) -> None:
    text = BASE.replace("via}", "origin}").replace("type: kind", "type: knd")

    with pytest.raises(DataError, match="2 faults") as refused:
        applied(text, tmp_path, leads="id,created,via\n", calls="id,at,kind\n")

    told = [(fault.table, fault.row, fault.column, fault.seen) for fault in refused.value.faults]
    assert told == [
        (
            "mine.yaml",
            4,
            "66",
            "`leads.columns.source`: no column 'origin' in leads.csv, only 'id', 'created', 'via'",
        ),
        ("mine.yaml", 7, "45", "`activities.0.columns.type`: no column 'knd' in calls.csv, but 'kind'"),
    ]


def test_a_mapping_made_by_a_program_has_no_places_and_works(tmp_path: Path) -> None:
    made = Mapping.model_validate(yaml.safe_load(BASE.replace("via}", "viaa}")))
    (tmp_path / "leads.csv").write_text("id,created,via\n")
    (tmp_path / "calls.csv").write_text("id,at,kind\n")

    with pytest.raises(
        DataError, match=r"mapping: saw `leads.0.columns.source`: no column 'viaa' in leads.csv"
    ):
        mapping.apply(made, [tmp_path])


@pytest.mark.parametrize(
    "text", [BASE, PLAIN, *(path.read_text() for path in shipped.mapping("x").parent.glob("*"))]
)
def test_the_schema_accepts_what_the_product_accepts(text: str) -> None:
    # As editors read it, `on` is a key and a date is a text.
    document = json.loads(json.dumps(yaml.load(text, Loader=Loader), default=str))  # noqa: S506

    jsonschema.Draft202012Validator(mapping.schema()).validate(document)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("type: kind", "typ: 3", "is not valid under any"),
        ("file: calls", "fil: calls", "were unexpected|required"),
    ],
)
def test_the_schema_refuses_what_the_product_refuses(old: str, new: str, message: str) -> None:
    document = yaml.safe_load(BASE.replace(old, new).replace("typ: 3", "type: [3]"))

    with pytest.raises(jsonschema.ValidationError, match=message):
        jsonschema.Draft202012Validator(mapping.schema()).validate(document)


def test_the_schema_describes_every_key() -> None:
    parts = mapping.schema()["$defs"].values()
    keys = [key for part in parts for key in part["properties"].items()]

    assert keys
    assert [name for name, key in keys if "description" not in key] == []


def test_the_schema_is_the_same_each_time() -> None:
    assert json.dumps(mapping.schema()) == json.dumps(mapping.schema())


def test_an_end_that_is_none_of_ours_is_told_where_the_mapping_says_it() -> None:
    outcomes = "outcomes: [{file: leads, columns: {lead_id: id, outcome: {column: s, values: {W: won}}}}]\n"

    with pytest.raises(
        DataError, match=r"row 8, .*outcome.values.W`: 'won'; .*disqualified. Did you mean `closed_won`"
    ):
        mapping.parse(BASE + outcomes)
