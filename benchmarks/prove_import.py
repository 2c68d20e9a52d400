"""Proves that an import loses nothing: random defects, told and counted, mended and taken in.

``python -m benchmarks.prove_import [CASES]`` tries so many cases for each claim (2,000 if not said).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from benchmarks import evidence
from tests.crm.defects import claims
from tests.crm.defects.kinds import KINDS

TITLE: Final = "Nothing is lost at import"
WORK: Final = "random defects in random tables"
CASES: Final = 2_000

Row = dict[str, object]
Claim = Callable[[np.random.Generator, Path], int]

CLAIMS: Final[dict[str, Claim]] = {
    "CSV files: read = accepted + refused, each defect told by its code and place": claims.from_files,
    "data frames: the same": claims.from_frames,
    "a mended quarantine and the same export give what the right export gives, bit for bit": claims.mended,
    "a whole file spoilt among them: all that is told without that is told with it": claims.told_at_once,
}


def tried(claim: Claim, cases: int) -> tuple[int, int]:
    """Hold a claim to cases that Hypothesis chooses; return how many, and how many defects stood there."""
    count, planted = 0, 0

    @seed(0)
    @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(number=st.integers(0, 2**63 - 1))
    def every_case(number: int) -> None:
        nonlocal count, planted
        with tempfile.TemporaryDirectory() as folder:
            planted += claim(np.random.default_rng(number), Path(folder))
        count += 1

    every_case()
    return count, planted


def measure(cases: int = CASES) -> tuple[list[Row], str]:
    """Try every claim; a claim that fails raises what it saw."""
    rows: list[Row] = []
    for claim, check in CLAIMS.items():
        count, planted = tried(check, cases)
        rows.append({"claim": claim, "cases": count, "held": count, "defects planted": planted})
    codes = {kind.code for kind in KINDS}
    return rows, (
        f"{len(KINDS)} ways to be wrong ({len(codes)} codes), planted at random in tables of up to eight "
        f"leads: "
        f"in every case the counts added up in each table and each defect was named by its code and place."
    )


def main(arguments: list[str], tell: Callable[[str], object] = print) -> None:
    """Try as many cases as asked for and tell the table."""
    rows, sentence = measure(int(arguments[0]) if arguments else CASES)
    tell(f"{evidence.table(rows)}\n\n{sentence}")


if __name__ == "__main__":
    main(sys.argv[1:])
