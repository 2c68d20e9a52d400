"""The peers' own Python: made once from their lock file, asked through files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from readiness.crm.tables import Floats

_HERE: Final = Path(__file__).parent
_ROOT: Final = _HERE.parents[1]
LOCK: Final = _HERE / "requirements.lock"
_FOLDER: Final = _ROOT / "out" / "peers"


def python(folder: Path = _FOLDER, lock: Path = LOCK) -> Path:
    """Return the peers' Python; it is made anew where it was made from another lock file."""
    chosen, stamp = folder / ".venv" / "bin" / "python", folder / "installed"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted and chosen.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        uv = str(Path(sys.executable).parent / "uv")
        subprocess.run(
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder / ".venv")], check=True
        )
        subprocess.run(
            [uv, "pip", "sync", "--quiet", "--python", str(chosen), "--require-hashes", str(lock)], check=True
        )
        stamp.write_text(wanted, encoding="utf-8")
    return chosen


def ask(script: str, *arguments: str, folder: Path = _FOLDER, **given: Floats) -> dict[str, Floats]:
    """Hand arrays to a peers' script and return the arrays that it answers with.

    One thread, nothing pickled. An answer is kept: it changes with what was given, the script and the lock
    file, not with our own code, and some take minutes.
    """
    program = _HERE / f"{script}.py"
    kept = folder / "answers" / f"{_key(program, arguments, given)}.npz"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _run(program, arguments, given, kept, python(folder))
    with np.load(kept) as answer:
        return dict(answer)


def _key(program: Path, arguments: tuple[str, ...], given: Mapping[str, Floats]) -> str:
    digest = hashlib.sha256(program.read_bytes() + LOCK.read_bytes() + repr(arguments).encode())
    for name, values in sorted(given.items()):
        digest.update(
            f"{name} {values.dtype} {values.shape}".encode() + np.ascontiguousarray(values).tobytes()
        )
    return digest.hexdigest()


def _run(
    program: Path, arguments: tuple[str, ...], given: Mapping[str, Floats], kept: Path, peers: Path
) -> None:
    with tempfile.TemporaryDirectory(prefix="peers-", dir=kept.parent) as work:
        np.savez(Path(work) / "given.npz", **given)
        environment = {**os.environ, **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}}
        environment.pop("PYTHONPATH", None)
        command = [str(peers), "-P", str(program), work, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program.name} failed: {done.stderr[-2000:]}")
        (Path(work) / "answer.npz").replace(kept)
