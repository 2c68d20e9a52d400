"""`readiness reproduce`: which version, which data, and what differs."""

from __future__ import annotations

import json

import pytest

from readiness.cli import reproducing
from readiness.errors import StoreError
from readiness.registry import Registry


def test_other_data_are_not_trained_on(typed, models, crm):
    done = typed("reproduce", 1, "--data", crm)
    assert done.exit_code == reproducing.OTHER_BYTES
    assert "These are not the data that it learned from" in done.output


def test_a_program_reads_what_differs(typed, models, crm):
    told = json.loads(typed("reproduce", 2, "--data", crm, "--json").stdout)
    assert (told["version"], told["same_data"], told["same"], told["again"]) == ("2", False, False, None)


def test_a_version_is_found_by_its_number_its_run_and_how_its_bundle_begins(models):
    registry = Registry.open(models=models)
    version = registry.version("2")
    for name in ("2", version.run_id, version.bundle[:10], version.bundle):
        assert reproducing.chosen(registry, name) == version


@pytest.mark.parametrize(
    ("run", "said"), [("9", "is called '9'; there are versions 2, 1"), ("", "No version, run or bundle")]
)
def test_a_run_that_is_not_kept_is_answered_with_those_that_are(models, run, said):
    with pytest.raises(StoreError, match=said):
        reproducing.chosen(Registry.open(models=models), run)


def test_before_any_training_there_is_nothing_to_reproduce(typed, crm):
    refused = typed("reproduce", 1, "--data", crm)
    assert "No model has been trained yet" in str(refused.exception)
