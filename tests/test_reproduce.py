"""A version trained again: which data, which bytes, and which versions of what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from readiness import artefact, shipped
from readiness.agreement.reading import parse
from readiness.artefact import Bundle
from readiness.artefact.bundle import PROVENANCE
from readiness.artefact.provenance import installed_libraries
from readiness.crm import simulate
from readiness.crm.records import days
from readiness.crm.tables import Tables
from readiness.history.cuts import cut
from readiness.training_run import TrainingRun, TrainingSettings, train
from readiness.training_run.reproduce import (
    Reproduction,
    differing_environment,
    differing_files,
    differing_tables,
    reproduce,
)
from tests import bundles

QUICK = TrainingSettings(
    seed=2,
    won_needed=1000,  # nothing is judged: one fit is enough here
    importance=False,
    estimator={"max_rounds": 10, "logistic": False, "folds": 2, "intervals": 3, "quiet_rows": 3000},
)


@pytest.fixture(scope="module")
def crm() -> Tables:
    return simulate.world(600, 4).tables


@pytest.fixture(scope="module")
def kept(crm: Tables, tmp_path_factory: pytest.TempPathFactory) -> tuple[Bundle, Path]:
    """Return a bundle as a run keeps it, and where it lies; its provenance tells of settings tried."""
    text = shipped.agreement().read_text(encoding="utf-8")
    run = train(crm, parse(text), settings=QUICK)
    assert isinstance(run, TrainingRun)
    told = run.provenance.model_copy(update={"settings": {**run.provenance.settings, "tuning": {"tried": 3}}})
    path = artefact.write(
        run.model,
        agreement_text=text,
        provenance=told,
        folder=tmp_path_factory.mktemp("kept"),
        judgement=run.judgement.to_dict(),
    )
    return artefact.open_bundle(path, name=path.name), path


def test_the_same_data_agreement_seed_and_settings_give_the_same_bytes(
    kept: tuple[Bundle, Path], crm: Tables, tmp_path: Path
) -> None:
    found = reproduce(*kept, crm, tmp_path)
    assert isinstance(found, Reproduction)
    assert (found.same, found.again) == (True, kept[0].name)
    assert "The same bytes" in found.sentence


def test_another_seed_gives_other_bytes_and_the_files_are_named(
    kept: tuple[Bundle, Path], crm: Tables, tmp_path: Path
) -> None:
    provenance = kept[0].provenance
    other = replace(
        kept[0], provenance=provenance.model_copy(update={"settings": {**provenance.settings, "seed": 9}})
    )
    found = reproduce(other, kept[1], crm, tmp_path)
    assert isinstance(found, Reproduction)
    assert not found.same
    assert {PROVENANCE, "incidence.json"} <= set(found.files)
    assert "Other bytes in" in found.sentence


def test_other_data_are_named_by_table_and_not_trained_on(
    kept: tuple[Bundle, Path], crm: Tables, tmp_path: Path
) -> None:
    edited = replace(crm, outcomes=replace(crm.outcomes, occurred_at=crm.outcomes.occurred_at + 1))
    found = reproduce(*kept, edited, tmp_path)
    assert isinstance(found, Reproduction)
    assert (found.same_data, found.tables, found.again) == (False, ("outcomes",), None)
    assert "these tables differ: outcomes. It was not trained again" in found.sentence
    assert not list(tmp_path.iterdir())


def test_an_older_bundle_cannot_say_which_tables_differ(crm: Tables) -> None:
    assert differing_tables(bundles.provenance(), crm) == ()
    told = Reproduction("a" * 64, None, False, (), (), {}).sentence
    assert "which tables differ an older version did not keep" in told


def test_a_shorter_history_is_another_period(kept: tuple[Bundle, Path], crm: Tables) -> None:
    earlier = cut(crm, crm.observed_through - days(1))
    assert "period" in differing_tables(kept[0].provenance, earlier)


def test_libraries_code_and_machine_that_differ_are_named_with_what_they_were() -> None:
    libraries = {**installed_libraries(), "numpy": "1.0", "gone": "2"}
    then = bundles.provenance(libraries=libraries, machine="another", code_version="0.0.1")
    found = differing_environment(then)
    assert set(found) == {"numpy", "gone", "machine", "readiness"}
    assert found["numpy"] == ("1.0", installed_libraries()["numpy"])
    assert found["gone"] == ("2", "not there")


def test_nothing_differs_from_where_it_was_made() -> None:
    assert differing_environment(bundles.provenance()) == {}


def test_only_other_versions_beside_it_leave_the_model_the_same(tmp_path: Path) -> None:
    one, other = bundles.write(tmp_path), bundles.write(tmp_path, machine="another")
    files = differing_files(one, one.name, other)
    assert files == (PROVENANCE,)
    assert "The same model" in Reproduction(one.name, other.name, True, (), files, {}).sentence
