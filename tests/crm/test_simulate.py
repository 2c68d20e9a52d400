"""What a simulated CRM shows, and that every option plants what it says and nothing else."""

from pathlib import Path

import numpy as np
import pytest

from readiness.crm import folder, simulate
from readiness.crm.fingerprint import fingerprint
from readiness.crm.records import DECISIONS, NO_INSTANT, OUTCOMES, days
from readiness.crm.simulate import World, WorldOptions
from readiness.crm.simulate.activities import TYPES
from readiness.crm.simulate.answers import FIELDS
from readiness.crm.simulate.words import ACTIVITY_WORDS, ATTRIBUTES, HANDS, SOURCES
from readiness.crm.tables import Coded, Floats, Tables

EVERYTHING = WorldOptions(
    leaks=("winners_only", "near_copy", "written_after"),
    drift=True,
    random_handovers=0.005,
    lost_records=0.3,
    end_early=0.3,
    recorded=True,
)


@pytest.fixture(scope="module")
def world() -> World:
    return simulate.world(2_500, 1)


@pytest.fixture(scope="module")
def trapped() -> World:
    return simulate.world(2_500, 1, options=EVERYTHING)


def test_the_same_seed_gives_the_same_world(world: World) -> None:
    again = simulate.world(2_500, 1)
    assert fingerprint(again.tables) == fingerprint(world.tables)
    assert np.array_equal(_some_truth(again), _some_truth(world))


def _some_truth(world: World) -> Floats:
    lead, cutoff = world.snapshots()
    return world.truth(lead[::50], cutoff[::50]).won


def test_another_seed_gives_another_world(world: World) -> None:
    assert fingerprint(simulate.world(2_500, 2).tables) != fingerprint(world.tables)


@pytest.mark.parametrize("leads", [0, 1, 2])
def test_a_world_may_be_as_small_as_it_likes(leads: int, tmp_path: Path) -> None:
    world = simulate.world(leads, 3, options=EVERYTHING)
    simulate.write(world, tmp_path)
    assert len(folder.read(tmp_path).leads) == leads
    assert world.truth(*world.snapshots()).stop.shape == (len(world.snapshots()[0]), 4)


@pytest.mark.parametrize(("leads", "seed"), [(-1, 0), (0, -1)])
def test_negative_numbers_are_refused(leads: int, seed: int) -> None:
    with pytest.raises(ValueError, match="expected neither to be negative"):
        simulate.world(leads, seed)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"leaks": ("crystal_ball",)}, "unknown leaks"),
        ({"end_early": 1.0}, "end_early is 1.0; expected a share"),
        ({"lost_records": -0.1}, "lost_records is -0.1; expected a share"),
    ],
)
def test_impossible_options_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WorldOptions(**wrong)  # type: ignore[arg-type]


def _shares(tables: Tables) -> dict[str, float]:
    counts = np.bincount(tables.outcomes.outcome, minlength=len(OUTCOMES)) / len(tables.leads)
    return dict(zip(OUTCOMES, counts.tolist(), strict=True))


def test_ends_are_as_frequent_as_in_a_b2b_business() -> None:
    shares = _shares(simulate.world(6_000, 5).tables)
    assert 0.06 < shares["closed_won"] < 0.11
    assert 0.06 < shares["stop_calling"] < 0.11
    assert 0.15 < shares["closed_lost"] + shares["disqualified"] < 0.25


def test_every_word_of_the_vocabulary_comes_up(world: World) -> None:
    tables = world.tables
    assert set(tables.activities.type.levels) == {word.name for word in ACTIVITY_WORDS}
    assert set(tables.leads.source.levels) == set(SOURCES)
    assert set(tables.leads.attributes) == set(ATTRIBUTES)
    assert set(tables.answers.field.levels) == set(FIELDS)
    assert set(tables.handovers.decision.tolist()) == {-1, *range(len(DECISIONS))}


def test_profile_columns_have_gaps(world: World) -> None:
    for name, column in world.tables.leads.attributes.items():
        gone = column.codes < 0 if isinstance(column, Coded) else np.isnan(column)
        assert 0 < gone.mean() < (1 if name == "referred_by" else 0.5), name


def test_nothing_happens_before_a_lead_comes_after_it_ends_or_after_the_watch(trapped: World) -> None:
    tables = trapped.tables
    end = np.full(len(tables.leads), tables.observed_through)
    kept = tables.leads.last_known_at
    end = np.where(kept == NO_INSTANT, end, kept)
    end[tables.outcomes.lead] = np.minimum(end[tables.outcomes.lead], tables.outcomes.occurred_at + 1)
    for lead, at in (
        (tables.activities.lead, tables.activities.occurred_at),
        (tables.handovers.lead, tables.handovers.handed_over_at),
        (tables.handovers.lead, np.maximum(tables.handovers.decided_at, tables.handovers.handed_over_at)),
        (tables.answers.lead, tables.answers.answered_at),
        (tables.outcomes.lead, tables.outcomes.occurred_at),
    ):
        assert (at >= tables.leads.created_at[lead]).all()
        assert (at < end[lead]).all()


def test_a_lead_ends_once(world: World) -> None:
    assert np.bincount(world.tables.outcomes.lead).max() == 1


def test_leads_stop_us_in_a_call(world: World) -> None:
    tables = world.tables
    stopped = tables.outcomes.outcome == OUTCOMES.index("stop_calling")
    calls = tables.activities.type.codes == tables.activities.type.levels.index("call_connected")
    called = set(zip(tables.activities.lead[calls], tables.activities.occurred_at[calls], strict=True))
    assert (
        set(zip(tables.outcomes.lead[stopped], tables.outcomes.occurred_at[stopped], strict=True)) <= called
    )


def test_those_who_allow_no_calls_get_none(world: World) -> None:
    tables = world.tables
    flag = tables.leads.attributes["do_not_call"]
    assert isinstance(flag, Coded)
    protected = np.flatnonzero(flag.codes == flag.levels.index("yes"))
    calls = [tables.activities.type.levels.index(name) for name in ("call_attempt", "call_connected")]
    assert len(protected) > 5
    assert not np.isin(tables.activities.lead[np.isin(tables.activities.type.codes, calls)], protected).any()


def _won(tables: Tables) -> Floats:
    won = np.zeros(len(tables.leads))
    won[tables.outcomes.lead[tables.outcomes.outcome == 0]] = 1.0
    return won


def test_referrals_are_won_far_more_often_than_bought_leads(world: World) -> None:
    source = world.tables.leads.source.texts()
    won = _won(world.tables)
    assert won[source == "customer_referral"].mean() > 3 * won[source == "bought_list"].mean()


def test_people_work_in_working_hours(world: World) -> None:
    at = world.tables.activities.occurred_at // (3_600 * 1_000_000)
    weekday, hour = (at // 24 + 3) % 7, at % 24
    assert np.mean((weekday < 5) & (hour >= 8) & (hour < 18)) > 0.8
    assert 0 < np.mean(weekday >= 5) < 0.1


def test_replies_follow_what_we_wrote(world: World) -> None:
    activities = world.tables.activities
    names = activities.type.texts()
    for reply in np.flatnonzero(names == "email_reply")[:200]:
        first = activities.starts[activities.lead[reply]]
        assert "email_sent" in names[first:reply]


def test_every_hand_over_by_marketing_follows_what_it_saw(world: World) -> None:
    tables = world.tables
    seen = set(zip(tables.activities.lead, tables.activities.occurred_at, strict=True))
    handed = zip(tables.handovers.lead, tables.handovers.handed_over_at - 1_000_000, strict=True)
    assert set(handed) <= seen


@pytest.mark.parametrize(("kind", "chance"), [("demo_requested", 0.6), ("pricing_page_view", 0.12)])
def test_marketing_hands_over_by_what_it_sees(world: World, kind: str, chance: float) -> None:
    tables, moves = world.tables, world._course.moves
    rows = np.flatnonzero(tables.activities.type.texts() == kind)
    lead, at = tables.activities.lead[rows].astype(np.int64), tables.activities.occurred_at[rows]
    standing = world._standing(lead, at)
    free = (standing.state % len(HANDS) == HANDS.index("marketing")) & (standing.changed < 0)
    given = set(zip(moves.lead, moves.at, strict=True))
    handed = np.array([(who, when) in given for who, when in zip(lead[free], at[free], strict=True)])
    expected = chance * world._chain.trusted[lead[free]]
    assert len(handed) > 100
    assert abs((handed - expected).sum()) < 4 * np.sqrt((expected * (1 - expected)).sum())


def test_reasons_stand_where_sales_did_not_accept(world: World) -> None:
    handovers = world.tables.handovers
    refused = np.isin(handovers.decision, [DECISIONS.index("declined"), DECISIONS.index("handed_back")])
    assert np.array_equal(handovers.reason.codes >= 0, refused)
    assert np.array_equal(handovers.decided_at != NO_INSTANT, handovers.decision >= 0)


def test_leak_columns_betray_the_outcome(trapped: World) -> None:
    attributes, won = trapped.tables.leads.attributes, _won(trapped.tables)
    contract, status, score = (
        attributes[name] for name in ("contract_no", "pipeline_status", "closing_score")
    )
    assert isinstance(contract, Coded)
    assert isinstance(status, Coded)
    assert np.array_equal(contract.codes >= 0, won == 1)
    assert 0.9 < np.mean((status.texts() == "won") == (won == 1)) < 1
    assert np.array_equal(np.isfinite(score), np.bincount(trapped.tables.outcomes.lead, minlength=2_500) > 0)


def test_an_option_touches_nothing_but_its_own_part(world: World) -> None:
    leaking = simulate.world(
        2_500, 1, options=WorldOptions(leaks=("winners_only", "near_copy"), recorded=True)
    )
    assert np.array_equal(leaking.tables.activities.occurred_at, world.tables.activities.occurred_at)
    assert np.array_equal(leaking.tables.outcomes.occurred_at, world.tables.outcomes.occurred_at)
    assert np.array_equal(_some_truth(leaking), _some_truth(world))


def test_drift_brings_other_leads_and_ends_the_effect_of_fit() -> None:
    world = simulate.world(6_000, 2, options=WorldOptions(drift=True))
    bought = world.tables.leads.source.texts() == "bought_list"
    late = world.tables.leads.created_at >= np.median(world.tables.leads.created_at)
    assert bought[late].mean() > 1.4 * bought[~late].mean()
    before, after = (factors[0] for factors in world._chain.end_factors)
    assert (
        np.corrcoef(np.log(before), world._buyers.fit)[0, 1]
        > np.corrcoef(np.log(after), world._buyers.fit)[0, 1]
    )


def test_hand_overs_by_lot_carry_their_propensity_and_no_others_do(world: World) -> None:
    drawn = simulate.world(2_500, 1, options=WorldOptions(random_handovers=0.002)).tables.handovers
    assert np.isnan(world.tables.handovers.propensity).all()
    given = drawn.propensity[np.isfinite(drawn.propensity)]
    assert 0.1 < len(given) / len(drawn) < 0.9
    assert (given > 0).all()
    assert (given < 0.004).all()


def test_lots_are_drawn_as_often_as_their_propensity_says() -> None:
    world = simulate.world(4_000, 1, options=WorldOptions(random_handovers=0.002))
    by_lot = np.isfinite(world.tables.handovers.propensity)
    # Every lead's day in marketing's hands is a draw; the chance is what the day's work makes of it.
    states = world._course.states
    exposed = np.isin(states % len(HANDS), [0, 3]) & (states >= 0)
    assert by_lot.sum() == pytest.approx(exposed.sum() * 0.002, rel=0.12)


def test_lost_records_end_and_depend_on_the_source(trapped: World) -> None:
    leads = trapped.tables.leads
    lost = leads.last_known_at != NO_INSTANT
    source = leads.source.texts()
    assert lost[source == "bought_list"].mean() > 1.5 * lost[source == "web_form"].mean()
    assert 0.1 < lost.mean() < 0.4


def test_half_the_leads_end_early_when_asked() -> None:
    tables = simulate.world(3_000, 4, options=WorldOptions(end_early=0.5)).tables
    lived = tables.outcomes.occurred_at - tables.leads.created_at[tables.outcomes.lead]
    assert 0.4 < np.sum(lived < days(60)) / len(tables.leads) < 0.6


def test_random_outcomes_have_the_usual_frequencies_and_nothing_to_learn(world: World) -> None:
    random = simulate.world(6_000, 1, options=WorldOptions(random_outcome=True))
    usual, shares = _shares(simulate.world(6_000, 1).tables), _shares(random.tables)
    assert all(shares[name] == pytest.approx(usual[name], abs=0.02) for name in OUTCOMES)
    assert np.ptp(_some_truth(random), axis=0) == pytest.approx(0, abs=1e-12)


def test_a_recorded_world_shows_the_state_at_every_snapshot(trapped: World) -> None:
    tables = trapped.tables
    lead, cutoff = trapped.snapshots()
    standing = trapped._standing(lead, cutoff)
    names, values = tables.answers.field.texts(), tables.answers.value.texts()
    for row in range(0, len(lead), 301):
        low, high = tables.answers.starts[lead[row]], tables.answers.starts[lead[row] + 1]
        past = [k for k in range(low, high) if tables.answers.answered_at[k] < cutoff[row]]
        engaged = [values[k] for k in past if names[k] == "engagement"][-1]
        hands = [values[k] for k in past if names[k] == "worked_by"][-1]
        assert engaged == ("cold", "warm", "hot", "deciding")[standing.state[row] // 4]
        assert hands == HANDS[standing.state[row] % 4 if standing.changed[row] < 0 else standing.changed[row]]


def test_every_type_of_activity_has_its_words() -> None:
    assert len(set(TYPES)) == len(TYPES)
