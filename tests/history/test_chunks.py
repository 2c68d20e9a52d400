"""Snapshots are cut into chunks with what is theirs, and their rows are found again in the whole."""

import numpy as np
import pytest

from readiness.crm.tables import Tables
from readiness.history import chunks
from readiness.history.chunks import Rows, place
from readiness.history.snapshots import Snapshots
from tests import builders
from tests.builders import activity, answer, at, lead

LEADS = [lead(f"L-{number}", industry=f"industry {number}") for number in range(4)]
ROWS = [
    activity(day, lead_id=f"L-{number}") for number, days in enumerate([3, 0, 2, 1]) for day in range(days)
]
SAID = [answer(day, lead_id=f"L-{number}") for number, days in enumerate([0, 2, 1, 1]) for day in range(days)]
TABLES = builders.tables(LEADS, ROWS, SAID)


def looks(*leads: int) -> Snapshots:
    return Snapshots(np.array(leads, dtype=np.int32), at(50) + np.arange(len(leads)))


def listed(rows: Rows, whole: int) -> list[int]:
    return np.arange(whole)[rows].tolist()  # type: ignore[no-any-return]


def ids(tables: Tables) -> list[str]:
    return [str(lead_id) for lead_id in tables.leads.lead_id]


def test_what_is_small_stays_in_one_piece_and_is_not_copied() -> None:
    (piece,) = chunks.cut(TABLES, looks(0, 1, 2, 3))

    assert piece.tables is TABLES


@pytest.mark.parametrize("size", [1, 2, 5, 9])
@pytest.mark.parametrize("leads", [(0, 1, 2, 3), (3, 0, 0, 2), (1, 1, 1), (3,)])
def test_every_snapshot_is_in_one_chunk_with_its_own_lead_and_cutoff(
    leads: tuple[int, ...], size: int
) -> None:
    whole, seen = looks(*leads), []

    for piece in chunks.cut(TABLES, whole, size):
        rows = listed(piece.rows, len(whole))
        seen += rows
        assert piece.tables.leads.lead_id[piece.snapshots.lead].tolist() == [
            f"L-{leads[row]}" for row in rows
        ]
        assert piece.snapshots.cutoff.tolist() == whole.cutoff[rows].tolist()

    assert sorted(seen) == list(range(len(leads)))


@pytest.mark.parametrize("rows", [slice(1, 3), np.array([0, 3])], ids=["side by side", "apart"])
def test_a_chunk_holds_the_rows_of_its_leads_and_says_where_they_lie_in_the_whole(rows: Rows) -> None:
    piece = chunks.part(TABLES, looks(0, 1, 2, 3), rows)

    chosen = listed(rows, 4)
    assert ids(piece.tables) == [f"L-{number}" for number in chosen]
    assert piece.tables.leads.attributes["industry"].at(0) == f"industry {chosen[0]}"  # type: ignore[union-attr]
    assert np.diff(piece.tables.activities.starts).tolist() == [[3, 0, 2, 1][number] for number in chosen]
    own = np.arange(len(piece.tables.activities))
    assert TABLES.activities.lead[place(own, piece.activities)].tolist() == [
        chosen[number] for number in piece.tables.activities.lead
    ]
    own = np.arange(len(piece.tables.answers))
    assert TABLES.answers.lead[place(own, piece.answers)].tolist() == [
        chosen[number] for number in piece.tables.answers.lead
    ]


def test_no_snapshots_are_a_chunk_without_leads() -> None:
    (piece,) = chunks.cut(TABLES, looks(), 1)

    assert (len(piece.snapshots), len(piece.tables.leads), len(piece.tables.activities)) == (0, 0, 0)


@pytest.mark.parametrize("within", [slice(5, 9), np.array([5, 6, 7, 8])], ids=["a run", "a list"])
def test_a_pointer_to_no_row_stays_one(within: Rows) -> None:
    assert place(np.array([-1, 0, 3, -2]), within).tolist() == [-1, 5, 8, -2]
