"""No assessment depends on another lead: any partition's results are the whole's, bit for bit."""

from __future__ import annotations

import json

import numpy as np
import pytest

from readiness import artefact
from readiness.artefact import Bundle
from readiness.crm.selection import select
from readiness.crm.tables import Tables
from readiness.errors import ModelError
from readiness.history import snapshots
from readiness.scoring import Scored, score
from tests import builders
from tests.serve.published import publish


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> tuple[Tables, Bundle]:
    published = publish(tmp_path_factory.mktemp("published"))
    name = published.names[0]
    return published.tables, artefact.open_bundle(published.folder / name, name=name)


def _scored(tables: Tables, bundle: Bundle) -> Scored:
    looks = snapshots.at(tables, tables.observed_through)
    return score(tables, looks, agreement=bundle.agreement, model=bundle.model, explain="full")


def _told(scored: Scored) -> dict[str, str]:
    answers = [scored.assessment(row).to_dict() for row in range(len(scored))]
    # JSON writes a float as short as it reads back: equal texts are equal bits.
    return {answer["lead_id"]: json.dumps(answer) for answer in answers}


@pytest.mark.parametrize("parts", [2, 7, 40])
def test_the_union_of_a_partition_s_assessments_is_the_whole_s_bit_for_bit(world, parts):
    tables, bundle = world
    whole = _told(_scored(tables, bundle))
    part = np.random.default_rng(parts).integers(0, parts, len(tables.leads))
    union: dict[str, str] = {}
    for number in range(parts):
        union |= _told(_scored(select(tables, np.flatnonzero(part == number)), bundle))
    assert union == whole


def test_one_lead_alone_is_told_what_it_is_told_among_all(world):
    tables, bundle = world
    whole = _scored(tables, bundle)
    for lead in range(0, len(tables.leads), 37):
        alone = _scored(select(tables, np.array([lead])), bundle)
        assert json.dumps(alone.assessment(0).to_dict()) == json.dumps(whole.assessment(lead).to_dict())


def test_no_leads_get_no_assessments(world):
    tables, bundle = world
    assert len(_scored(select(tables, np.array([], dtype=np.int64)), bundle)) == 0


def test_a_lead_that_ended_is_not_scored_and_is_told_how_it_ended(world):
    _, bundle = world
    ended = builders.tables(outcomes=[builders.outcome(50)])
    answer = _scored(ended, bundle).assessment(0).to_dict()
    assert (answer["score"], answer["stop_risk"], answer["percentile"]) == (None, None, None)
    assert answer["advice"]["action"] == "hold"
    assert any("This lead bought on" in warning for warning in answer["warnings"])


def test_a_lead_without_activities_and_with_words_never_seen_is_scored_like_any_other(world):
    _, bundle = world
    answer = _scored(builders.tables([builders.lead(source="carrier pigeon")]), bundle).assessment(0)
    assert answer.score is not None
    assert 0 < answer.score < 1


def test_leads_without_dates_are_refused_by_a_model_that_learned_from_dates(world):
    _, bundle = world
    undated = builders.tables([builders.lead(created=None)], through=None)
    with pytest.raises(ModelError, match="These leads have no created_at"):
        _scored(undated, bundle)


def test_without_a_model_the_rules_answer_and_say_so(world):
    tables, bundle = world
    looks = snapshots.open_at(tables, tables.observed_through)
    answer = score(tables, looks, agreement=bundle.agreement, model=None).assessment(0)
    assert answer.score is None
    assert answer.answered_by.model is None
