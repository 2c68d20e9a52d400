"""Long proofs that go on where they stopped: one line a finished piece of work, thrown away with the code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import readiness
from benchmarks.processes import pool
from readiness import shipped

Found: TypeAlias = dict[str, Any]


def run(
    work: Callable[[str, int], Found],
    asked: Sequence[tuple[str, int]],
    out: Path,
    *,
    resume: bool = True,
    processes: int = 1,
) -> list[Found]:
    """Do each (kind, seed) that the same code has not done yet, and return what all of them gave.

    Parameters
    ----------
    work : function of kind and seed
        What it returns must hold both, and survive JSON.
    out : Path
        Where finished pieces are kept, one line each.
    """
    code = code_fingerprint()
    done = list(_kept(out, code)) if resume else []
    out.parent.mkdir(parents=True, exist_ok=True)
    # Written anew: a run that was killed may have left half a line.
    out.write_text("".join(_line(found, code) for found in done), encoding="utf-8")
    seen = {(found["kind"], found["seed"]) for found in done}
    left = [each for each in asked if each not in seen]
    with pool(processes) as workers, out.open("a", encoding="utf-8") as kept:
        for found in workers.map(work, [kind for kind, _ in left], [seed for _, seed in left]):
            done.append(found)
            kept.write(_line(found, code))
            kept.flush()
            print(f"{len(done)} of {len(asked)}: {found['kind']} {found['seed']}", flush=True)
    return [found for found in done if (found["kind"], found["seed"]) in set(asked)]


def code_fingerprint(*, measuring: bool = True) -> str:
    """Return what identifies code and agreement, and how they are measured: else nothing is resumed."""
    digest = hashlib.sha256(shipped.agreement().read_bytes())
    for package in (Path(readiness.__file__).parent, Path(__file__).parent)[: 1 + measuring]:
        for source in sorted(package.rglob("*.py")):
            digest.update(str(source.relative_to(package)).encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _kept(out: Path, code: str) -> Iterator[Found]:
    lines = out.read_text(encoding="utf-8").splitlines(keepends=True) if out.exists() else []
    for line in lines:
        if line.endswith("\n"):
            found = json.loads(line)
            if found.pop("code") == code:
                yield found


def _line(found: Found, code: str) -> str:
    return json.dumps({**found, "code": code}) + "\n"
