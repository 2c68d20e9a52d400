"""Every kind of defect is told in full: where, what stood there, what was expected, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crm.defects.crm import Crm, received_from
from tests.crm.defects.kinds import KINDS, Kind
from tests.crm.defects.messages import MESSAGES


def test_every_kind_has_its_message() -> None:
    assert list(MESSAGES) == [kind.name for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_defect_is_told_in_full_and_by_its_code(tmp_path: Path, kind: Kind) -> None:
    crm = Crm(3)
    table, place = kind.plant(crm, 1)

    received = received_from(crm, tmp_path)

    if kind.refuses:
        row = crm.line(table, place)
        told = [str(fault) for fault in received.faults if (fault.code, fault.row) == (kind.code, row)]
    else:
        told = [note for note in received.notes if f"({kind.code})" in note]
    assert told == [MESSAGES[kind.name]]
