import numpy as np
import pytest

from readiness.crm.tables import Floats, Ints
from readiness.errors import ModelError
from readiness.learning.choices import Choices
from readiness.learning.incidence import IncidenceModel
from readiness.learning.rehearsal import ENDED_NEEDED, Rehearsal, earned_of
from tests.learning.fitted import small, without_dates

LEADS, PRESENT = 1_200, 400.0
EDGES = np.array([0.0, 30.0, 60.0])


def test_patterns_that_hold_for_later_leads_count_wholly() -> None:
    assert learned(until_turned=np.inf).choices_.lasting == 1.0


def test_patterns_that_turn_round_count_for_nothing_and_only_the_base_rates_are_said() -> None:
    model = learned(until_turned=150.0)
    assert model.choices_.lasting == 0.0
    said = model.predict_incidence(drawn(np.inf)[0], (60.0,))
    assert np.ptp(said, axis=0).max() < 1e-12


def test_without_instants_nothing_is_rehearsed() -> None:
    assert learned(until_turned=150.0, timed=False).choices_.lasting == 1.0


def test_a_rehearsal_is_told_before_it_begins_and_when_it_has_ended() -> None:
    X, y, when, groups = drawn(np.inf)
    told: list[float] = []

    def note(what: str, done: float) -> None:
        if what == "rehearsing on earlier leads":
            told.append(done)

    model = small(longest_reach=60.0)
    model.fit(X, y, groups=groups, levels=np.zeros(2, dtype=np.int64), when=when, progress=note)
    assert told == [0.0, 1.0]


def test_undated_nothing_is_rehearsed() -> None:
    X, y, when, groups = drawn(np.inf)
    model = small().fit(X, without_dates(y), groups=groups, levels=np.zeros(2, dtype=np.int64), when=when)
    assert model.choices_.lasting == 1.0


def test_of_few_leads_nothing_is_asked() -> None:
    assert learned(until_turned=150.0, leads=ENDED_NEEDED + 30).choices_.lasting == 1.0


def test_the_order_of_the_rows_and_the_origin_of_the_instants_change_no_bit() -> None:
    X, y, when, groups = drawn(150.0)
    order = np.random.default_rng(5).permutation(len(X))
    given_again = fitted(X[order], y[order], when[order] + 1024.0, groups[order])
    assert given_again.to_parts() == learned(until_turned=150.0).to_parts()


def test_a_refit_takes_the_share_from_what_was_chosen() -> None:
    X, y, when, groups = drawn(150.0)
    first = learned(until_turned=150.0)
    again = fitted(X, y, when, groups, chosen=first.choices_)
    assert again.choices_ == first.choices_
    assert again.to_parts() == first.to_parts()


def test_choices_are_read_as_they_were_written_and_older_ones_count_wholly() -> None:
    chosen = Choices((3,), None, (1.0,), lasting=0.25)
    assert Choices.from_json(chosen.to_json()) == chosen
    older = chosen.to_json()
    del older["lasting"]
    assert Choices.from_json(older).lasting == 1.0


def test_standpoints_part_the_ends_and_are_none_without_any() -> None:
    y, when = np.column_stack((np.ones(6), np.arange(6.0))), np.full(6, 10.0)
    assert Rehearsal(y, when, EDGES, 100, 0).standpoints().tolist() == [12.0, 13.0, 14.0]
    assert Rehearsal(y * [0.0, 1.0], when, EDGES, 100, 0).standpoints().tolist() == []
    assert Rehearsal(y[:0], when[:0], EDGES, 100, 0).standpoints().tolist() == []
    assert Rehearsal(y[:1], when[:1], EDGES, 100, 0).standpoints().tolist() == [10.0]


@pytest.mark.parametrize(
    ("gained", "share"),
    [
        ([], 1.0),
        ([3.0], 1.0),
        ([0.0, 0.0], 1.0),
        ([1.0, 1.0], 1.0),
        ([-1.0, 0.0, -2.0], 0.0),
        ([2.0, 4.0], 1.0),
        # The sum is 1, its standard error √2 · √4.5 = 3.
        ([2.0, -1.0], 1 / 3),
    ],
)
def test_a_share_is_the_gain_over_its_standard_error(gained: list[float], share: float) -> None:
    assert earned_of(np.array(gained)) == pytest.approx(share, abs=1e-15)


@pytest.mark.parametrize("when", [np.zeros(3), np.full(LEADS, np.nan)])
def test_instants_that_do_not_fit_the_snapshots_are_refused(when: Floats) -> None:
    X, y, _, groups = drawn(np.inf)
    with pytest.raises(ModelError, match="when must say of each of 1200 snapshots"):
        fitted(X, y, when, groups)


def learned(*, until_turned: float, timed: bool = True, leads: int = LEADS) -> IncidenceModel:
    X, y, when, groups = (each[:leads] for each in drawn(until_turned))
    return fitted(X, y, when if timed else None, groups)


def fitted(
    X: Floats, y: Floats, when: Floats | None, groups: Ints, chosen: Choices | None = None
) -> IncidenceModel:
    model = small(chosen=chosen, longest_reach=60.0, stratified_by=1)
    return model.fit(X, y, groups=groups, levels=np.zeros(2, dtype=np.int64), when=when)


def drawn(until_turned: float) -> tuple[Floats, Floats, Floats, Ints]:
    """Return leads of which one number tells who buys, until that day, and the opposite from then on."""
    random = np.random.default_rng(3)
    when = random.uniform(0.0, PRESENT, LEADS)
    X = np.column_stack((random.normal(size=LEADS), np.zeros(LEADS)))
    sign = np.where(when < until_turned, 1.0, -1.0)
    won = random.exponential(80.0 * np.exp(-1.2 * sign * X[:, 0]))
    lost = random.exponential(60.0, LEADS)
    ended, left = np.minimum(won, lost), PRESENT - when
    event = np.where(ended < left, np.where(won < lost, 1.0, 3.0), 0.0)
    return X, np.column_stack((event, np.minimum(ended, left))), when, np.arange(LEADS)
