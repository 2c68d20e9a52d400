"""The peers' own Pythons: each made once from a lock file, asked through files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from readiness.crm.tables import Floats

_HERE: Final = Path(__file__).parent
_ROOT: Final = _HERE.parents[1]
_FOLDER: Final = _ROOT / "out" / "peers"


@dataclass(frozen=True, slots=True)
class Environment:
    """A Python of its own: the lock file that it is made from, and the folder that it is made in."""

    lock: Path
    folder: Path

    def python(self) -> Path:
        """Return its interpreter; it is made anew where it was made from another lock file."""
        chosen, stamp = self.folder / ".venv" / "bin" / "python", self.folder / "installed"
        wanted = hashlib.sha256(self.lock.read_bytes()).hexdigest()
        if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted and chosen.exists()):
            self.folder.mkdir(parents=True, exist_ok=True)
            uv, made = str(Path(sys.executable).parent / "uv"), str(self.folder / ".venv")
            subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, made], check=True)
            subprocess.run(
                [uv, "pip", "sync", "--quiet", "--python", str(chosen), "--require-hashes", str(self.lock)],
                check=True,
            )
            stamp.write_text(wanted, encoding="utf-8")
        return chosen


PEERS: Final = Environment(_HERE / "requirements.lock", _FOLDER)
AUTOGLUON: Final = Environment(_HERE / "autogluon" / "requirements.lock", _FOLDER / "autogluon")
"""Apart from the others: it asks for other versions of the libraries that they share."""


def ask(
    script: str,
    *arguments: str,
    within: Environment = PEERS,
    answers: Path = _FOLDER / "answers",
    **given: Floats,
) -> dict[str, Floats]:
    """Hand arrays to a peers' script and return the arrays that it answers with.

    One thread, nothing pickled. An answer is kept: it changes with what was given, the script and the lock
    file, not with our own code, and some take minutes.
    """
    program = _HERE / f"{script}.py"
    kept = _kept(program, arguments, within, answers, given)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _run(program, arguments, given, kept, within.python())
    with np.load(kept) as answer:
        return dict(answer)


def answered(
    script: str,
    *arguments: str,
    within: Environment = PEERS,
    answers: Path = _FOLDER / "answers",
    **given: Floats,
) -> bool:
    """Say whether this was asked before, so that `ask` would answer at once."""
    return _kept(_HERE / f"{script}.py", arguments, within, answers, given).exists()


def question(script: str, *arguments: str, within: Environment = PEERS, **given: Floats) -> str:
    """Return what identifies a question: the script, the lock file, the arguments and the arrays given."""
    return _kept(_HERE / f"{script}.py", arguments, within, Path(), given).stem


def _kept(
    program: Path,
    arguments: tuple[str, ...],
    within: Environment,
    answers: Path,
    given: Mapping[str, Floats],
) -> Path:
    digest = hashlib.sha256(program.read_bytes() + within.lock.read_bytes() + repr(arguments).encode())
    for name, values in sorted(given.items()):
        digest.update(
            f"{name} {values.dtype} {values.shape}".encode() + np.ascontiguousarray(values).tobytes()
        )
    return answers / f"{digest.hexdigest()}.npz"


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
