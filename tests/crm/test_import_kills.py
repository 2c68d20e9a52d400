"""A short version of what `make prove` shows: an import may die at any moment."""

from __future__ import annotations

import pytest

from benchmarks import prove_import_kills as proof


@pytest.mark.slow
def test_an_import_that_is_killed_leaves_what_was_there_or_is_mended_by_the_next(tmp_path):
    rows = proof.kill(12, tmp_path)
    assert [row[proof.BROKEN] for row in rows] == [0, 0]
    assert [row["same bytes when run again"] for row in rows] == [6, 6]
    assert sum(int(str(row["killed"])) for row in rows) > 0
