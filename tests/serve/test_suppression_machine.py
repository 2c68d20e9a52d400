"""Whatever happens in whatever order, on two workers, whoever is on the list is never called."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.serve import suppression_machine
from tests.serve.suppression_machine import Suppression
from tests.serve.suppression_places import served


@pytest.fixture(params=["sqlite", "postgresql"])
def machine(request: pytest.FixtureRequest) -> Iterator[type[Suppression]]:
    """Return the machine over a database of each kind."""
    with contextlib.ExitStack() as held:
        place = None
        if request.param == "postgresql":
            place = held.enter_context(served(request.getfixturevalue("postgresql")))
        yield type("Machine", (Suppression,), {"place": place})
        suppression_machine.close()


def test_no_order_of_events_lets_somebody_be_called_who_must_not_be(machine: type[Suppression]) -> None:
    few = settings(
        max_examples=4, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=few)  # type: ignore[no-untyped-call]
