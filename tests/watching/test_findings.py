"""What counts as found among all that is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.training_run.watching.findings import LEVEL, Check, Finding, findings, surest, too_few
from readiness.training_run.watching.watch import verdict

CHECK = Check("FILL_RATE", "country", 0.5, 0.2, True, 1e-9, "act", "crm", "It is empty.", "Look.")


def asked(*p: float, **changes: Any) -> tuple[Finding, ...]:  # noqa: ANN401 - fields of a check
    return findings([[replace(CHECK, p=each, **changes) for each in p]])


def test_what_is_far_off_and_beyond_chance_is_raised_with_what_to_do():
    (found,) = asked(1e-9)
    assert (found.status, found.action, found.to_do) == ("act", "crm", "Look.")


@pytest.mark.parametrize(("p", "beyond"), [(1e-9, False), (0.5, True)])
def test_what_does_not_matter_or_may_be_chance_is_quiet_and_asks_for_nothing(p, beyond):
    (found,) = asked(p, beyond=beyond)
    assert (found.status, found.action, found.to_do) == ("quiet", "nothing", "Nothing to do.")


def test_a_p_that_is_enough_alone_is_not_enough_among_many():
    assert asked(LEVEL / 2)[0].raised
    assert not any(each.raised for each in asked(LEVEL / 2, *[0.9] * 9))


def test_what_is_no_matter_of_chance_needs_no_p_and_takes_none_of_the_level():
    found = asked(float("nan"), LEVEL / 2)
    assert [each.raised for each in found] == [True, True]
    assert found[0].p is None


def test_what_asks_for_something_comes_first_and_quiet_last():
    note = replace(CHECK, raised="note", action="nothing")
    quiet = replace(CHECK, p=1.0)
    retrain = replace(CHECK, code="WON_OFF", action="retrain")
    found = findings([[quiet, note, retrain, CHECK]], [too_few("ENDS", "Too few.")])
    assert [each.status for each in found] == ["act", "act", "note", "too_few", "quiet"]
    assert [each.action for each in found[:2]] == ["crm", "retrain"]


@given(st.integers(1, 30))
def test_where_nothing_changed_all_questions_together_are_raised_hardly_ever(questions):
    rng = np.random.default_rng(questions)
    raised = [any(each.raised for each in asked(*rng.random(questions))) for _ in range(100)]
    assert sum(raised) <= 5


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ((), "too_few"),
        ((too_few("ENDS", "Too few."),), "too_few"),
        ((*asked(1.0), too_few("ENDS", "Too few.")), "quiet"),
        (asked(1e-9, raised="note", action="nothing"), "changed"),
        (asked(1e-9, action="retrain"), "retrain"),
        ((*asked(1e-9, action="retrain"), *asked(1e-9)), "crm"),
    ],
)
def test_a_changed_crm_goes_before_retraining_and_that_before_all_else(of, said):
    assert verdict(of) == said


def test_families_share_the_level_so_that_many_questions_of_one_drown_none_of_another():
    sure, many = replace(CHECK, p=LEVEL / 3), [replace(CHECK, p=0.9)] * 50
    found = findings([[sure], many])
    assert [each.raised for each in found[:2]] == [True, False]
    assert found[0].p == pytest.approx(2 * LEVEL / 3)
    assert not any(each.raised for each in findings([[sure, *many]]))


def test_of_several_checks_of_one_thing_the_surest_speaks_and_all_count():
    asked = [replace(CHECK, p=0.02), replace(CHECK, p=0.001, beyond=False), replace(CHECK, p=0.01, of="a")]
    assert (surest(asked).of, surest(asked).p) == ("a", 0.03)


def test_of_checks_that_do_not_matter_the_surest_speaks_too():
    assert surest([replace(CHECK, p=0.5, beyond=False), replace(CHECK, p=0.9, beyond=False)]).p == 1.0
