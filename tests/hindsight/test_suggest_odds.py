import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.hindsight import suggest_odds
from readiness.hindsight.proposals import Edit, amended
from readiness.hindsight.suggest_material import material
from readiness.hindsight.suggest_odds import CrossFit, Readings, cross_fit, interested, skill
from readiness.history.snapshots import Snapshots
from readiness.judging.cohort import Known
from tests.builders import activity, at, lead, tables
from tests.hindsight.histories import history

AGREED = load(shipped.agreement())


@pytest.fixture(scope="module")
def learned():
    found, _ = material(history(telling=True), AGREED)
    return found, cross_fit(found.tables, found.states, found.states_known, AGREED, seed=0)


def test_those_who_stop_are_expected_to_and_the_others_to_buy(learned):
    found, fits = learned
    odds = fits.odds(found.tables, found.states)
    source = found.tables.leads.source
    fair = source.codes[found.states.lead] == source.levels.index("fair")
    assert odds.stop[fair].mean() > 2 * odds.stop[~fair].mean()
    assert odds.won[fair].mean() < odds.won[~fair].mean()


def test_a_lead_is_judged_by_the_fit_that_did_not_see_it(learned):
    found, fits = learned
    mute = CrossFit(fits.readings, fits.fold, tuple((encoding, 0.25, 0.5) for encoding, *_ in fits.fits[:1]))
    odds = mute.odds(found.tables, found.states)
    left_out = fits.fold[found.states.lead] == 0
    assert set(odds.won[left_out]) == {0.25}
    assert odds.won[~left_out].max() < 1e-4  # no fit left these out


def test_what_became_of_a_fold_does_not_change_the_fit_that_leaves_it_out(learned):
    found, fits = learned
    known, mine = found.states_known, fits.fold[found.states.lead] == 0
    turned = np.where(mine, np.array([0, 2, 1, 3], np.int8)[known.outcome], known.outcome)
    again = cross_fit(found.tables, found.states, Known(turned, known.weight), AGREED, seed=0)
    same = [
        np.array_equal(one[1].coef_, two[1].coef_) for one, two in zip(fits.fits, again.fits, strict=True)
    ]
    assert same == [True, False, False, False]


def test_measuring_in_parts_changes_nothing(learned, monkeypatch):
    found, fits = learned
    whole = fits.odds(found.tables, found.states)
    monkeypatch.setattr(suggest_odds, "_AT_ONCE", 97)
    parts = fits.odds(found.tables, found.states)
    np.testing.assert_allclose(parts.won, whole.won, rtol=1e-9)
    np.testing.assert_allclose(parts.stop, whole.stop, rtol=1e-9)


def test_skill_is_sure_where_something_tells_and_near_nothing_where_nothing_does(learned):
    found, fits = learned
    assert skill(fits, found.tables, found.states, found.states_known) > 5.0
    even, _ = material(history(telling=False), AGREED)
    blind = cross_fit(even.tables, even.states, even.states_known, AGREED, seed=0)
    assert skill(blind, even.tables, even.states, even.states_known) < 2.0


@pytest.mark.parametrize("outcome", [0, 1], ids=["nothing decided", "all bought"])
def test_where_all_ended_alike_there_is_no_skill(learned, outcome):
    found, fits = learned
    n = len(found.states)
    assert skill(fits, found.tables, found.states, Known(np.full(n, outcome, np.int8), np.ones(n))) == 0.0


def test_only_what_a_document_can_speak_of_is_read(learned):
    found, _ = learned
    readings = Readings.of(found.tables, found.states, AGREED)
    assert [feature.name for feature in readings.plan.features] == [
        "source",
        "company_size",
        "industry",
        "seniority",
        "inbound_activities_30d",
        "inbound_activities_90d",
        "inbound_email_clicked_30d",
        "inbound_email_clicked_90d",
        "inbound_email_reply_30d",
        "inbound_email_reply_90d",
        "inbound_form_submitted_30d",
        "inbound_form_submitted_90d",
        "answer_need",
    ]
    measured = readings.measure(found.tables, found.states)
    assert measured.shape == (len(found.states), len(readings.levels))
    assert set(measured[:, -4:].ravel()) == {0.0, 1.0}  # each point of BANT is confirmed, or not


def test_interest_counts_by_ratios_and_never_runs_far_ahead(learned):
    # The fortieth point of interest says less than the fourth: what is fitted goes by the logarithm.
    found, fits = learned
    columns = fits.readings.measure(found.tables, found.states)
    points = len(fits.readings.plan.features)
    assert fits.fits[0][0].encoding.logged[points]
    assert columns[:, points].min() >= 0.0


@pytest.mark.parametrize(
    ("lowest", "kept"), [(2.0, True), (2.1, False)], ids=["just enough", "just too little"]
)
def test_leads_without_any_interest_teach_nothing(lowest, kept):
    agreed = amended(AGREED, [Edit(("interest", "any_from"), lowest)])
    made = tables([lead("L-1", 0.0)], [activity(1.0, "email_clicked", lead_id="L-1")], through=9.0)
    look = Snapshots(np.array([0], np.int32), np.array([at(1.0) + 1]))  # at once: its 2 points are whole
    left, known = interested(made, look, Known(np.ones(1, np.int8), np.ones(1)), agreed)
    assert (len(left), len(known.weight)) == (int(kept), int(kept))


def test_from_nobody_nothing_is_expected(learned):
    found, _ = learned
    nobody = found.states.where(np.zeros(len(found.states), np.bool_))
    fits = cross_fit(found.tables, nobody, Known(np.empty(0, np.int8), np.empty(0)), AGREED, seed=0)
    assert fits.odds(found.tables, found.states).stop.max() < 1e-4
    assert len(fits.odds(found.tables, nobody).won) == 0
