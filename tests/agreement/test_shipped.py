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
from readiness.agreement.advice import ACTIONS
from readiness.agreement.document import CATEGORIES, Agreement, schema
from readiness.agreement.reading import load
from readiness.agreement.second_look import worth_a_second_look
from readiness.agreement.verdicts import evaluate
from readiness.crm import simulate
from readiness.crm.records import AttributeValue
from readiness.history import snapshots
from tests import builders
from tests.agreement.agreements import advised, judge

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


@pytest.mark.parametrize("asked", ["who decides", "by when", "budget", "asks what the lead wants"])
@pytest.mark.parametrize("name", SHIPPED)
def test_what_sales_does_at_a_stage_asks_nothing_that_may_be_known(name: str, asked: str) -> None:
    # What is missing of BANT is asked for by its own question, and only where it is missing.
    stages = load(SHIPPED[name]).stages
    assert all(
        asked not in (stages.sales_does(stage) or "").lower() for stage in ("consideration", "decision")
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_agreement_judges_the_leads_of_a_crm_it_was_not_written_for(name: str) -> None:
    tables = simulate.world(40, 2).tables
    verdicts = evaluate(tables, snapshots.open_at(tables, tables.observed_through), load(SHIPPED[name]))

    assert len(verdicts) > 0
    assert set(verdicts.category.tolist()) <= set(range(len(CATEGORIES)))


TEAM: dict[str, AttributeValue] = {"email_kind": "business", "team_size": 8, "account_role": "owner"}
PLANT: dict[str, AttributeValue] = {
    "company_size": 900, "industry": "chemicals", "annual_revenue": 2e8, "company_age_years": 40,
    "committee_role": "decides", "need": "capacity", "budget": "approved", "decision_due": "this quarter",
}  # fmt: skip


def kind(name: str, kinds: list[str], **attributes: AttributeValue) -> tuple[str, str]:
    """Return category and action of a lead that did these things in the last days."""
    acts = [builders.activity(98 + number / 2, each) for number, each in enumerate(kinds)]
    verdicts = judge(acts, by=load(SHIPPED[name]), **attributes)
    action = ACTIONS[advised(verdicts).action[0]]
    return CATEGORIES[verdicts.category[0]], action


@pytest.mark.parametrize(
    ("kinds", "attributes", "expected"),
    [
        (["signed_in", "teammate_invited", "limit_reached"], TEAM, ("sales_ready_buyer", "hand_over")),
        (["signed_in"], TEAM, ("unqualified_interest", "sell_interest")),
        (["limit_reached", "teammate_invited"], {}, ("unqualified_suitability", "qualify")),
        (["limit_reached"], {**TEAM, "email_kind": "free"}, ("unworthy", "hold")),
    ],
)
def test_self_service_hands_over_whoever_has_come_to_the_limits_of_the_product(
    kinds: list[str], attributes: dict[str, AttributeValue], expected: tuple[str, str]
) -> None:
    assert kind("self_service_saas", kinds, **attributes) == expected


@pytest.mark.parametrize(
    ("kinds", "attributes", "expected"),
    [
        (["workshop_attended", "site_visit"], PLANT, ("sales_ready_buyer", "hand_over")),
        (["workshop_attended", "site_visit"], {**PLANT, "committee_role": "unknown"},
         ("sales_ready_buyer", "qualify")),
        (["whitepaper_download"], PLANT, ("unqualified_interest", "sell_interest")),
        (["site_visit", "workshop_attended"], {**PLANT, "company_size": 80}, ("unworthy", "hold")),
        ([], {}, ("dubious", "nurture")),
    ],
)  # fmt: skip
def test_high_value_hands_over_few_and_only_when_it_is_known_who_decides(
    kinds: list[str], attributes: dict[str, AttributeValue], expected: tuple[str, str]
) -> None:
    assert kind("high_value_b2b", kinds, **attributes) == expected


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
