"""Into which parts of the leads a judgement looks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.training_run import TrainingSettings
from readiness.training_run.material import Material, to_learn_from
from readiness.training_run.parts import parts
from tests import builders


@pytest.fixture(scope="module")
def material() -> Material:
    return to_learn_from(simulate.world(200, 1).tables, load(shipped.agreement()), TrainingSettings())


def test_at_fixed_days_after_creation_a_part_is_called_by_them(material: Material) -> None:
    age, source = parts(material)[:2]
    assert (age.by, source.by) == ("age", "source")
    assert age.names[:4] == tuple(
        f"{each} after creation" for each in ("1 hour", "1 day", "3 days", "7 days")
    )
    assert np.bincount(age.code)[0] == (material.ages < 0.5).sum()


def test_leads_of_any_age_are_called_by_the_ages_between_which_they_lie(material: Material) -> None:
    anyhow = replace(material, ages=np.random.default_rng(0).uniform(0, 400, len(material)))
    age = parts(anyhow)[0]
    assert age.names[0] == "up to 12 hours old"
    assert age.names[2] == "2 to 5 days old"
    assert age.names[-1] == "more than 270 days old"


@pytest.mark.parametrize(("age", "place"), [(0.5, 1), (0.4999, 0), (270.0, 9), (269.9, 8)])
def test_a_part_by_age_begins_with_its_first_day(material: Material, age: float, place: int) -> None:
    assert parts(replace(material, ages=np.full(len(material), age)))[0].code.tolist() == [place] * len(
        material
    )


def test_segments_are_attributes_of_a_few_values(material: Material) -> None:
    few = {part.by for part in parts(material)[2:]}
    features = {each.of: each for each in material.plan.features if each.of in few}
    assert few
    assert all(2 <= len(each.levels) <= 12 for each in features.values())
    assert all(each.kind == "category" for each in features.values())


def test_every_snapshot_is_in_one_part_of_each_kind(material: Material) -> None:
    for part in parts(material):
        assert len(part.code) == len(material)
        assert ((part.code >= 0) & (part.code < len(part.names))).all()


def test_undated_leads_have_no_ages() -> None:
    leads = [builders.lead(f"L-{number}", created=None, region="north") for number in range(60)]
    tables = builders.tables(leads, through=None)
    found = parts(to_learn_from(tables, load(shipped.agreement()), TrainingSettings()))
    assert "age" not in {part.by for part in found}
