"""Kills imports at random moments and looks at what is left.

``python -m benchmarks.prove_import_kills [KILLS]`` (200 if not said). Each import runs in a process of
its own that is killed without warning. What it leaves must be the tables as they were, or the new ones, or a
folder that readers refuse by name; and the same command typed again must give the very bytes that an
undisturbed import gives.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks import evidence
from benchmarks.import_scale import generate
from readiness.crm import folder, mapping
from readiness.crm.fingerprint import fingerprint
from readiness.crm.staging import MARKER, STAGING
from readiness.errors import StoreError

TITLE: Final = "Imports killed at random moments"
WORK: Final = "200 kills"
KILLS: Final = 200
LEADS: Final = 400
WRITING: Final = 0.03
"""About so many seconds such an import writes."""

AS_IT_WAS: Final = "as it was"
NEW: Final = "complete"
REFUSED: Final = "refused by name"
BROKEN: Final = "anything else"


def import_it(export: Path, out: Path, append: bool) -> None:
    """Import an export, onto the tables in ``out`` if asked."""
    chosen = mapping.load(export / "mapping.yaml")
    if append:
        there = folder.stored(out)
        received = mapping.append(chosen, [export], there.tables, episodes_there=there.episodes).received
    else:
        received = mapping.apply(chosen, [export])
    folder.write(received.tables, out, episodes=received.episodes)


def state(out: Path, before: str, after: str) -> str:
    """Say what a killed import left, given the data's fingerprint before and after."""
    try:
        there = fingerprint(folder.read(out)) if out.exists() and folder.exists(out) else ""
    except StoreError as refusal:
        return REFUSED if "was interrupted" in str(refusal) else BROKEN
    return AS_IT_WAS if there == before else NEW if there == after else BROKEN


def killed(export: Path, out: Path, *, append: bool, delay: float, after: str) -> bool:
    """Start an import, kill it after so many seconds, and say whether it was still at work.

    Parameters
    ----------
    after : str
        The seconds count from the moment at which this stands in the folder; empty: from the start.
    """
    # Forked, not started: starting Python anew would take most of the time in which it can be killed.
    child = multiprocessing.get_context("fork").Process(target=import_it, args=(export, out, append))
    child.start()
    while after and child.is_alive() and not (out / after).exists():
        pass
    child.join(delay)
    alive = child.is_alive()
    if alive and child.pid is not None:
        os.kill(child.pid, signal.SIGKILL)
    child.join()
    return alive


def bytes_of(out: Path) -> dict[str, bytes]:
    """Return all files of a folder, hidden ones too."""
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.is_file()}


def kill(times: int, there: Path, seed: int = 1) -> list[dict[str, object]]:
    """Kill so many imports, half of them appending; count what they left and what a second one made of it."""
    exports = _exports(there)
    random = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for append in (False, True):
        start, done = there / f"start-{append}", there / f"done-{append}"
        _in_child(exports[0], start, append=False)
        shutil.copytree(start, done)
        began = time.perf_counter()
        _in_child(exports[1], done, append=append)
        seconds = time.perf_counter() - began
        before, after = fingerprint(folder.read(start)), fingerprint(folder.read(done))
        left: Counter[str] = Counter()
        mended = 0
        for number in range(times // 2):
            out = there / f"out-{append}-{number}"
            shutil.copytree(start, out)
            # Most kills fall into the short time in which files are written, then put in place.
            moment, longest = (("", seconds), (STAGING, WRITING), (MARKER, 0.0))[number % 3]
            delay = float(random.uniform(0.0, longest))
            alive = killed(exports[1], out, append=append, delay=delay, after=moment)
            left["not reached"] += not alive
            left[state(out, before, after)] += 1
            _in_child(exports[1], out, append=append)
            mended += bytes_of(out) == bytes_of(done)
            shutil.rmtree(out)
        rows.append(
            {
                "import": "appended" if append else "anew",
                "killed": times // 2 - left["not reached"],
                **{kind: left[kind] for kind in (AS_IT_WAS, NEW, REFUSED, BROKEN)},
                "same bytes when run again": mended,
            }
        )
    return rows


def measure(times: int = KILLS) -> tuple[list[dict[str, object]], str]:
    """Kill imports and say in one sentence what came of it."""
    with tempfile.TemporaryDirectory() as place:
        rows = kill(times, Path(place))
    total = {name: sum(int(str(row[name])) for row in rows) for name in rows[0] if name != "import"}
    imports = total[AS_IT_WAS] + total[NEW] + total[REFUSED] + total[BROKEN]
    broken, mended = total[BROKEN], total["same bytes when run again"]
    sentence = (
        f"{total['killed']} of {imports} imports were killed at work; {broken} left a folder that reads as "
        f"something else than before or after. Typed again, {mended} of {imports} gave the bytes of an "
        "undisturbed import."
    )
    return rows, sentence


def _exports(there: Path) -> list[Path]:
    exports = []
    for number, leads in enumerate((LEADS // 2, LEADS)):
        exports.append(there / f"export-{number}")
        exports[-1].mkdir()
        child = multiprocessing.get_context("spawn").Process(target=generate, args=(leads, exports[-1]))
        child.start()
        child.join()
    return exports


def _in_child(export: Path, out: Path, *, append: bool) -> None:
    child = multiprocessing.get_context("fork").Process(target=import_it, args=(export, out, append))
    child.start()
    child.join()
    if child.exitcode != 0:
        raise RuntimeError(f"an undisturbed import ended with {child.exitcode}")


def main(arguments: Sequence[str]) -> int:
    """Kill and print what came of it."""
    rows, sentence = measure(int(arguments[0]) if arguments else KILLS)
    print(evidence.table(rows))
    print(sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
