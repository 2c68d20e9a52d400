"""Damages bundles in every way we could think of and counts how many are refused by name.

``python -m benchmarks.prove_artefact [COPIES]`` damages so many copies of one trained bundle (1,000 if not
said) and opens each in this very process: a crash ends it without a count.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks import evidence
from readiness import artefact, shipped
from readiness.agreement import reading
from readiness.crm import simulate
from readiness.errors import ArtefactError
from readiness.learning.little_data import TooLittle
from readiness.training_run import TrainingSettings, train

TITLE: Final = "Damaged bundles are refused by name"
COPIES: Final = 1_000

Damage = Callable[[Path, str, np.random.Generator], str]
"""Damages one file of a bundle and returns the name of the file that the refusal must name."""

MANIFEST: Final = "manifest.json"


def flip_bytes(bundle: Path, file: str, random: np.random.Generator) -> str:
    """Flip one to eight bytes of a file."""
    path = bundle / file
    content = bytearray(path.read_bytes())
    for place in random.integers(0, len(content), size=int(random.integers(1, 9))):
        content[place] ^= int(random.integers(1, 256))
    if bytes(content) == path.read_bytes():  # two flips of one byte may undo each other
        content[0] ^= 1
    path.write_bytes(content)
    return file


def truncate(bundle: Path, file: str, random: np.random.Generator) -> str:
    """Cut a file short."""
    path = bundle / file
    os.truncate(path, int(random.integers(0, path.stat().st_size)))
    return file


def append(bundle: Path, file: str, random: np.random.Generator) -> str:
    """Write something behind a file's end."""
    with (bundle / file).open("ab") as opened:
        opened.write(random.bytes(int(random.integers(1, 100))))
    return file


def empty(bundle: Path, file: str, _: np.random.Generator) -> str:
    """Leave nothing in a file."""
    (bundle / file).write_bytes(b"")
    return file


def remove(bundle: Path, file: str, _: np.random.Generator) -> str:
    """Remove a file."""
    (bundle / file).unlink()
    return file


def link(bundle: Path, file: str, _: np.random.Generator) -> str:
    """Put the very same content behind a link: whoever owns the target could change it later."""
    target = bundle.parent / f"{bundle.name}-{file}"
    shutil.move(bundle / file, target)
    (bundle / file).symlink_to(target)
    return file


def become_folder(bundle: Path, file: str, _: np.random.Generator) -> str:
    """Put a folder where a file was."""
    (bundle / file).unlink()
    (bundle / file).mkdir()
    return file


def become_pipe(bundle: Path, file: str, _: np.random.Generator) -> str:
    """Put a pipe in its place: whoever opens it without care waits for ever."""
    (bundle / file).unlink()
    os.mkfifo(bundle / file)
    return file


def swap(bundle: Path, file: str, random: np.random.Generator) -> str:
    """Exchange two files, each whole in itself; the one that is read first is named."""
    others = sorted(path.name for path in bundle.iterdir() if path.name not in (file, MANIFEST))
    other = others[int(random.integers(len(others)))]
    ours, theirs = (bundle / file).read_bytes(), (bundle / other).read_bytes()
    (bundle / file).write_bytes(theirs)
    (bundle / other).write_bytes(ours)
    return file if file == MANIFEST else min(file, other)


def add(bundle: Path, file: str, random: np.random.Generator) -> str:
    """Add a file that the manifest does not know."""
    extra = f"a{int(random.integers(1_000_000))}-{file}"
    shutil.copy(bundle / file, bundle / extra)
    return extra


def edit_manifest(bundle: Path, file: str, _: np.random.Generator) -> str:
    """Change a file and its entry in the manifest alike: only the bundle's name can tell."""
    manifest = json.loads((bundle / MANIFEST).read_bytes())
    file = sorted(manifest["files"])[0] if file == MANIFEST else file
    content = (bundle / file).read_bytes() + b" "
    (bundle / file).write_bytes(content)
    manifest["files"][file] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    (bundle / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    return MANIFEST


DAMAGES: Final[Sequence[Damage]] = (
    flip_bytes,
    truncate,
    append,
    empty,
    remove,
    link,
    become_folder,
    become_pipe,
    swap,
    add,
    edit_manifest,
)


def damaged(bundle: Path, number: int, folder: Path) -> tuple[Path, str, str]:
    """Copy a bundle into the folder and damage the copy: even numbers in the manifest, odd ones elsewhere.

    Returns
    -------
    The damaged copy, the file that the refusal must name, and the kind of damage.
    """
    random = np.random.default_rng([7, number])
    copy = folder / f"{number:05d}"
    shutil.copytree(bundle, copy)
    files = sorted(path.name for path in bundle.iterdir() if path.name != MANIFEST)
    file = MANIFEST if number % 2 == 0 else files[int(random.integers(len(files)))]
    # Flips and cuts are the accidents that happen; the rest takes turns.
    often = random.random() < 0.4
    damage = DAMAGES[int(random.integers(2))] if often else DAMAGES[number // 2 % len(DAMAGES)]
    return copy, damage(copy, file, random), damage.__name__


def refusal(copy: Path, name: str, file: str) -> str:
    """Open a damaged copy and say what happened: "refused by name", "refused" or "accepted"."""
    try:
        artefact.open_bundle(copy, name=name)
    except ArtefactError as error:
        return "refused by name" if f"{copy / file} " in str(error) else "refused"
    return "accepted"


def measure(copies: int = COPIES) -> tuple[list[dict[str, object]], str]:
    """Damage as many copies, open each, and count which were refused, and how."""
    counts: Counter[tuple[str, str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        bundle = _trained(Path(folder) / "bundles")
        artefact.open_bundle(bundle, name=bundle.name)
        for number in range(copies):
            copy, file, damage = damaged(bundle, number, Path(folder))
            where = "in the manifest" if number % 2 == 0 else "elsewhere"
            counts[damage, where, refusal(copy, bundle.name, file)] += 1
            shutil.rmtree(copy)
        artefact.open_bundle(bundle, name=bundle.name)
    kinds = sorted({(damage, where) for damage, where, _ in counts})
    rows: list[dict[str, object]] = [
        {
            "damage": damage.replace("_", " "),
            "where": where,
            **{end: counts[damage, where, end] for end in ("refused by name", "refused", "accepted")},
        }
        for damage, where in kinds
    ]
    named = sum(count for (_, _, end), count in counts.items() if end == "refused by name")
    accepted = sum(count for (_, _, end), count in counts.items() if end == "accepted")
    return rows, (
        f"{named:,} of {copies:,} damaged copies were refused by the name of the damaged file, "
        f"{accepted} accepted, no crash of the process; the bundle itself opened before and after."
    )


def _trained(folder: Path) -> Path:
    agreement = shipped.agreement()
    settings = TrainingSettings(refit=False)
    run = train(simulate.world(1_000, 1).tables, reading.load(agreement), settings=settings)
    if isinstance(run, TooLittle):
        raise SystemExit(run.sentence)
    return artefact.write(
        run.model,
        agreement_text=agreement.read_text(encoding="utf-8"),
        provenance=run.provenance,
        folder=folder,
        judgement=run.judgement.to_dict(),
    )


if __name__ == "__main__":
    found, sentence = measure(int(sys.argv[1]) if len(sys.argv) > 1 else COPIES)
    print(evidence.table(found), sentence, sep="\n\n")
