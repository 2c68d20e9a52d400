"""The benchmark on a small world: copies are leads like others, and one alone gets the bits of many."""

import numpy as np

from benchmarks import agreement as bench
from readiness.crm.selection import select
from tests.builders import assert_same


def test_leads_judged_one_at_a_time_get_the_bits_of_those_judged_together() -> None:
    work = bench.job(leads=60, copies=3)

    assert bench.differing_alone(work, bench.judged(work), count=30) == 0


def test_a_bit_that_differs_is_found() -> None:
    work = bench.job(leads=60, copies=1)
    verdicts, advices = bench.judged(work)
    verdicts.points[7] = np.nextafter(verdicts.points[7], np.inf)

    assert bench.differing_alone(work, (verdicts, advices), count=60) == 1


def test_each_copy_of_a_lead_holds_the_same_rows() -> None:
    work = bench.job(leads=60, copies=3)

    one, other = (select(work.tables, np.array([lead])) for lead in (5, 125))

    assert_same(one.activities, other.activities)
    assert_same(one.answers, other.answers)
