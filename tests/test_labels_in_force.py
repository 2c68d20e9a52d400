"""Which ends count as stop and which as neutral is what the agreement says, wherever ends are read."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.agreement.document import Agreement
from readiness.crm import simulate
from readiness.crm.quality.months import covering
from readiness.crm.records import OUTCOMES
from readiness.crm.tables import Floats, Tables
from readiness.history import snapshots
from readiness.history.outcomes import ENDED, EVENT_OF_OUTCOME, STOP, WON, ended_before, label
from readiness.learning.aalen_johansen import aalen_johansen
from readiness.reports.quality_fates import fates
from readiness.scoring import suppressed
from readiness.training_run.material import handovers_of_later_leads, to_learn_from
from readiness.training_run.settings import TrainingSettings
from tests.agreement.agreements import agreement
from tests.builders import at, lead, outcome, tables

STRICT = {"stop": ["stop_calling", "disqualified"], "neutral": ["closed_lost"]}


def strict() -> Agreement:
    """Return an agreement by which a disqualified lead was a mistake to call."""
    return agreement(labels={"horizon_days": 90, **STRICT})


@pytest.fixture(scope="module")
def crm() -> Tables:
    return simulate.world(300, 5).tables


def test_without_a_word_the_outcomes_mean_what_their_names_say() -> None:
    assert agreement().labels.event_of_outcome == EVENT_OF_OUTCOME


@pytest.mark.parametrize(
    ("end", "event"),
    [("closed_won", WON), ("stop_calling", STOP), ("closed_lost", ENDED), ("disqualified", STOP)],
)
@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
def test_an_end_counts_as_the_agreement_says(end: str, event: int, dated: bool) -> None:
    made = tables([lead(created=0 if dated else None)], outcomes=[outcome(20 if dated else None, end)],
                  through=400 if dated else None)  # fmt: skip
    looks = snapshots.at(made, at(10)) if dated else snapshots.take(made, until=0)
    labels = label(looks, made, known_until=at(200), event_of_outcome=strict().labels.event_of_outcome)
    assert labels.event.tolist() == [event]


def test_disqualified_as_stop_changes_which_event_it_is_and_nothing_else(crm: Tables) -> None:
    plain = to_learn_from(crm, agreement(), TrainingSettings())
    other = to_learn_from(crm, strict(), TrainingSettings())

    changed = plain.y[:, 0] != other.y[:, 0]
    assert 0 < changed.sum() < (plain.y[:, 0] == ENDED).sum()
    assert (plain.y[changed, 0] == ENDED).all()
    assert (other.y[changed, 0] == STOP).all()
    assert np.array_equal(plain.y[:, 1], other.y[:, 1])
    assert np.array_equal(plain.X, other.X, equal_nan=True)
    assert plain.plan == other.plan


def test_disqualified_as_stop_raises_the_incidence_of_stop_by_what_it_takes_from_neutral_ends(
    crm: Tables,
) -> None:
    plain, other = (_incidences(crm, each) for each in (agreement(), strict()))

    assert other[WON - 1] == plain[WON - 1]
    assert other[STOP - 1] > plain[STOP - 1]
    assert other[STOP - 1] + other[ENDED - 1] == pytest.approx(plain[STOP - 1] + plain[ENDED - 1], abs=1e-12)


def _incidences(crm: Tables, by: Agreement) -> Floats:
    y = to_learn_from(crm, by, TrainingSettings()).y
    return aalen_johansen(y[:, 0].astype(np.int8), y[:, 1], [90.0])[0]


def test_handovers_are_judged_by_the_same_ends(crm: Tables) -> None:
    plain = handovers_of_later_leads(crm, agreement(), int(crm.leads.created_at.min()))
    other = handovers_of_later_leads(crm, strict(), int(crm.leads.created_at.min()))

    assert (other.cohort.event == STOP).sum() > (plain.cohort.event == STOP).sum()
    assert np.array_equal(other.declined, plain.declined)


def test_the_data_page_counts_the_same_ends(crm: Tables) -> None:
    months = covering(crm.leads.created_at)
    plain, outlook = fates(crm, months, 90.0)
    other, stricter = fates(crm, months, 90.0, strict().labels.event_of_outcome)

    assert [one.won for one in other.sources] == [one.won for one in plain.sources]
    assert sum(one.stop.count for one in other.sources) > sum(one.stop.count for one in plain.sources)
    assert stricter.stop_lately >= outlook.stop_lately


@pytest.mark.parametrize("end", OUTCOMES)
def test_only_who_told_us_to_stop_is_never_called_whatever_counts_as_stop(end: str) -> None:
    made = tables(outcomes=[outcome(50, end)])
    looks = snapshots.at(made, at(100))
    assert suppressed(made, looks, ended_before(made, looks)).tolist() == [end == "stop_calling"]


def test_no_snapshots_have_no_labels_by_any_agreement() -> None:
    made = tables([])
    looks = snapshots.take(made, until=at(400))
    assert (
        len(label(looks, made, known_until=at(400), event_of_outcome=strict().labels.event_of_outcome)) == 0
    )
