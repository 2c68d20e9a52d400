"""The names that a notebook needs: each there, told of, and the same as where it comes from."""

import pydoc
from pathlib import Path
from types import SimpleNamespace

import pytest

from readiness import api, shipped
from readiness.agreement.reading import load
from readiness.errors import AgreementError, StoreError
from readiness.history import snapshots

SAMPLE = Path(__file__).parents[1] / "data" / "sample"


@pytest.fixture(scope="module")
def tables():
    return api.read_tables(SAMPLE)


def test_every_name_is_there_and_says_what_it_does():
    for name in api.__all__:
        assert (getattr(api, name).__doc__ or "").strip(), name


def test_the_help_names_every_function_that_it_offers():
    told = pydoc.render_doc(api, renderer=pydoc.plaintext)
    road = told[: told.index("PACKAGE" if "PACKAGE" in told else "CLASSES")]
    assert [name for name in api.__all__ if f"`{name}`" not in road] == ["TrainingRun"]


def test_tables_are_read_by_text_and_by_path(tables):
    assert len(api.read_tables(str(SAMPLE)).leads) == len(tables.leads) == 2000


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StoreError, match="nowhere"):
        api.read_tables(tmp_path / "nowhere")


def test_the_standard_agreement_is_what_ships(tmp_path):
    assert api.read_agreement().fingerprint == load(shipped.agreement()).fingerprint
    other = tmp_path / "ours.yaml"
    other.write_text(shipped.agreement().read_text(encoding="utf-8"), encoding="utf-8")
    assert api.read_agreement(str(other)).fingerprint == api.read_agreement().fingerprint
    with pytest.raises(AgreementError, match=r"none\.yaml cannot be read"):
        api.read_agreement(tmp_path / "none.yaml")


def test_one_name_to_leave_out_is_no_list_of_names():
    with pytest.raises(TypeError, match=r"exclude is a list of names; write \('country',\)"):
        api.Contender.trained("x", SimpleNamespace(settings=api.TrainingSettings()), None, exclude="country")
    with pytest.raises(TypeError, match=r"waive is a list of names; write \('country',\)"):
        api.TrainingSettings(waive="country")


def test_open_leads_are_those_open_at_the_end_or_at_an_instant(tables):
    until = tables.observed_through
    assert api.open_leads(tables).lead.tolist() == snapshots.open_at(tables, until).lead.tolist()
    earlier = until - api.days(200)
    assert api.open_leads(tables, earlier).lead.tolist() == snapshots.open_at(tables, earlier).lead.tolist()
    assert len(api.open_leads(tables, until - api.days(100_000))) == 0
