"""Whatever happens in whatever order, on two workers, whoever is on the list is never called."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.serve import suppression_machine
from tests.serve.suppression_machine import Suppression


@pytest.fixture
def closed() -> Iterator[None]:
    yield
    suppression_machine.close()


@pytest.mark.usefixtures("closed")
def test_no_order_of_events_lets_somebody_be_called_who_must_not_be() -> None:
    few = settings(
        max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Suppression, settings=few)  # type: ignore[no-untyped-call]
