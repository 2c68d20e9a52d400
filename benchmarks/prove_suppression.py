"""Suppresses, removes, scores, sends jobs, swaps, restarts and breaks in any order, and looks who is called.

``python -m benchmarks.prove_suppression [RUNS]`` (2,000 if not said), half on SQLite and half on PostgreSQL.
Two services over one database, and a table scored beside them, must say of every person what the entries on
the list say, compared as plain texts.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks import evidence, postgresql
from readiness.scoring import KINDS, Hashing, matching_keys, suppression_keys
from tests.scoring.spellings import OTHERS, SAME, WRITTEN
from tests.serve import suppression_machine
from tests.serve.suppression_machine import Suppression
from tests.serve.suppression_places import Place, served

TITLE: Final = "Who must not be called is never called"
RUNS: Final = 2_000
STEPS: Final = 15
_BATCH: Final = 100


def run(runs: int, *, first_seed: int = 0, place: Place | None = None) -> int:
    """Run the machine so often, a part at a time under seeds of its own; return how many runs broke the rule.

    A part that breaks it counts as one, and is printed with the steps that lead there. Without a place each
    part has a file of its own.
    """
    violations = 0
    for part in range(-(-runs // _BATCH)):
        few = settings(
            max_examples=min(_BATCH, runs - part * _BATCH),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        machine = seed(first_seed + part)(type(f"Part{part}", (Suppression,), {"place": place}))
        try:
            # What the services log would drown what is said here.
            with contextlib.redirect_stderr(io.StringIO()):
                run_state_machine_as_test(machine, settings=few)  # type: ignore[no-untyped-call]
        except AssertionError as violation:
            violations += 1
            print(f"part {part}: {violation}")
        finally:
            with contextlib.redirect_stderr(io.StringIO()):
                suppression_machine.close()
        print(f"{min(runs, (part + 1) * _BATCH)} of {runs} runs, {violations} violations", flush=True)
    return violations


def spellings() -> list[dict[str, object]]:
    """Count the spellings that are recognised, and the neighbours that are taken for somebody else."""
    hashing = Hashing(b"a secret of the proof, long enough", "GB")
    rows: list[dict[str, object]] = []
    for kind in KINDS:
        (own,) = suppression_keys(kind, [WRITTEN[kind]], hashing)
        same = list(dict.fromkeys(SAME[kind]))
        others = list(dict.fromkeys(OTHERS[kind]))
        known = sum(made.key == own.key for made in suppression_keys(kind, same, hashing))
        mistaken = sum(own.key in matching_keys(kind, text, hashing) for text in others)
        rows.append(
            {
                "by": kind,
                "spellings": len(same),
                "recognised": known,
                "neighbours": len(others),
                "mistaken": mistaken,
            }
        )
    return rows


def run_on_both(runs: int) -> tuple[int, float, float]:
    """Run the machine, half on each database; return the violations and the seconds each half took."""
    began = time.perf_counter()
    violations = run(-(-runs // 2))
    between = time.perf_counter()
    with tempfile.TemporaryDirectory() as runtime, postgresql.running(Path(runtime)) as server:
        postgresql.without_waiting_for_the_disk(server)
        with served(server) as place:
            violations += run(runs // 2, first_seed=1_000, place=place)
    return violations, between - began, time.perf_counter() - between


def measure(runs: int = RUNS) -> tuple[list[dict[str, object]], str]:
    """Run the machine and compare spellings, and say in a sentence what came of it."""
    rows = spellings()
    violations, on_file, on_server = run_on_both(runs)
    total = {name: sum(int(str(row[name])) for row in rows) for name in rows[0] if name != "by"}
    sentence = (
        f"{runs:,} runs of up to {STEPS} steps on two services over one database, half on SQLite "
        f"({on_file:.0f} s) and half on PostgreSQL ({on_server:.0f} s): {violations} violations. "
        f"{total['recognised']} of {total['spellings']} spellings are recognised; "
        f"{total['mistaken']} of {total['neighbours']} neighbours are taken for somebody else."
    )
    return rows, sentence


def main(arguments: Sequence[str]) -> int:
    """Run and print what came of it."""
    rows, sentence = measure(int(arguments[0]) if arguments else RUNS)
    print(evidence.table(rows))
    print(sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
