"""The agreements that ship: valid, contrasting, checked by editors, and part of what is installed."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import jsonschema
import pytest

from readiness import shipped, yaml_document
from readiness.agreement.document import Agreement, schema
from readiness.agreement.reading import load
from readiness.agreement.second_look import worth_a_second_look

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "agreement.schema.json"
SHIPPED = shipped.agreements()


def test_the_published_schema_is_the_one_of_the_document() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("name", SHIPPED)
def test_editors_find_the_schema_from_the_first_line(name: str) -> None:
    first = SHIPPED[name].read_text(encoding="utf-8").splitlines()[0]

    way = first.removeprefix("# yaml-language-server: $schema=")
    assert (SHIPPED[name].parent / way).resolve() == SCHEMA


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_valid_is_valid_to_editors_too(name: str) -> None:
    written = yaml_document.part(SHIPPED[name].read_text(encoding="utf-8"), ())

    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(json.dumps(written, default=str)), schema())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"handover": {}}, "is a required property"),
        ({"nmae": "x"}, "Additional properties"),
        ({"valid_from": 5}, "not of type 'string'"),
    ],
)
def test_editors_see_what_is_wrong(change: dict[str, object], message: str) -> None:
    plain = load(shipped.agreement()).model_dump(mode="json", exclude_none=True)
    with pytest.raises(jsonschema.ValidationError, match=message):
        jsonschema.validate({**plain, **change}, schema())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_agreement_needs_no_second_look(name: str) -> None:
    assert [
        remark for remark in worth_a_second_look(load(SHIPPED[name])) if "Nobody asks" not in remark
    ] == []


def test_the_contrasting_agreements_differ_from_each_other_and_the_default_in_every_section() -> None:
    read = [load(path) for path in SHIPPED.values()]

    for name in set(Agreement.model_fields) - {"version", "valid_from", "changes"}:
        told = {repr(getattr(each, name)) for each in read}
        assert len(told) == len(read) == 3, name


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_agreement_says_everything_that_an_agreement_may_say(name: str) -> None:
    agreement = load(SHIPPED[name])

    assert agreement.interest.cools
    assert all(agreement.stages.sales_does(stage) for stage in ("awareness", "consideration", "decision"))
    assert agreement.sources.referrals.relations.customer
    assert agreement.handover.follow_up_after_days
    assert agreement.handover.returns is not None
    assert agreement.nurture.tracks[-1].takes_everything


def test_all_of_them_are_named_for_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    inside = [path for key in included for path in (ROOT / key, *(ROOT / key).glob("*.yaml"))]
    assert {path.resolve() for path in SHIPPED.values()} <= {path.resolve() for path in inside}
    assert included["data/agreements"] == "readiness/_shipped/agreements"


@pytest.mark.slow
def test_the_wheel_holds_them(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"readiness/_shipped/agreements/{name}.yaml" for name in SHIPPED if name != "standard"} <= {
        *names
    }
