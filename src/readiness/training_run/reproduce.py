"""A version trained again from the same data: whether it comes out the same, and if not, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from readiness import artefact
from readiness.artefact import Bundle, manifest
from readiness.artefact.bundle import PROVENANCE
from readiness.artefact.provenance import Provenance, installed_libraries, this_machine
from readiness.counting import counted
from readiness.crm.fingerprint import fingerprint, fingerprints
from readiness.crm.tables import Tables
from readiness.learning.little_data import TooLittle
from readiness.progress import Progress, silent
from readiness.training_run.run import train
from readiness.training_run.settings import settings_from

TUNING: Final = "tuning"
"""Where a run's settings say what trying others came to: it is not tried again, only what it chose."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came of training a version again.

    Parameters
    ----------
    name : str
        The bundle's.
    again : str or None
        The name of the bundle made again; None where it was not, for the data are others.
    tables : tuple of str
        Which tables differ from those it learned from; empty where none does, or where an older version
        did not keep it.
    same_data : bool
    files : tuple of str
        Which files of the bundle differ.
    environment : mapping
        For each library, the code and the machine that are not those of the run: then, and now.
    """

    name: str
    again: str | None
    same_data: bool
    tables: tuple[str, ...]
    files: tuple[str, ...]
    environment: Mapping[str, tuple[str, str]]

    @property
    def same(self) -> bool:
        """Whether every byte of what was made again is the same."""
        return self.again is not None and not self.files

    @property
    def sentence(self) -> str:
        """Say what came of it."""
        if not self.same_data:
            which = (
                f"these tables differ: {', '.join(self.tables)}"
                if self.tables
                else "which tables differ an older version did not keep"
            )
            return f"These are not the data that it learned from; {which}. It was not trained again."
        if self.same:
            return "The same bytes: made again from these data, the bundle does not differ in a single one."
        if self.files == (PROVENANCE,):
            return "The same model, judged the same; only the versions written beside it differ."
        return f"Other bytes in {counted(len(self.files), 'file')}: {', '.join(self.files)}."

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "bundle": self.name,
            "again": self.again,
            "same": self.same,
            "same_data": self.same_data,
            "tables": list(self.tables),
            "files": list(self.files),
            "environment": {
                name: {"then": then, "now": now} for name, (then, now) in self.environment.items()
            },
            "sentence": self.sentence,
        }


def reproduce(
    bundle: Bundle, path: Path, tables: Tables, aside: Path, *, progress: Progress = silent
) -> Reproduction | TooLittle:
    """Check that the data are the run's, train with its agreement, seed and settings, and compare bytes.

    Parameters
    ----------
    path : Path
        Where the opened bundle lies.
    aside : Path
        A folder to write the bundle made again to.

    Returns
    -------
    Reproduction or TooLittle
        TooLittle where the data are the run's and yet this version finds too little in them to learn from.
    """
    then = bundle.provenance
    environment = differing_environment(then)
    progress("comparing the data", 0.0)
    if fingerprint(tables) != then.data_fingerprint:
        return Reproduction(bundle.name, None, False, differing_tables(then, tables), (), environment)
    run = train(tables, bundle.agreement, settings=settings_from(then.settings), progress=progress)
    if isinstance(run, TooLittle):
        return run
    now = run.provenance
    tuned = {TUNING: then.settings[TUNING]} if TUNING in then.settings else {}
    made = artefact.write(
        run.model,
        agreement_text=bundle.agreement_text,
        provenance=now.model_copy(update={"settings": {**now.settings, **tuned}}),
        folder=aside,
        judgement=run.judgement.to_dict(),
    )
    files = differing_files(path, bundle.name, made)
    return Reproduction(bundle.name, made.name, True, (), files, environment)


def differing_tables(then: Provenance, tables: Tables) -> tuple[str, ...]:
    """Name the tables that are not those of a run; none where an older version did not keep them."""
    now = fingerprints(tables)
    return tuple(name for name, kept in then.table_fingerprints.items() if now.get(name) != kept)


def differing_environment(then: Provenance) -> dict[str, tuple[str, str]]:
    """Return what is another version here than where the run was made: then, and now."""
    now = installed_libraries() | {"readiness": Provenance.model_fields["code_version"].get_default()}
    was = dict(then.libraries) | {"readiness": then.code_version}
    found = {name: (was.get(name, "not there"), now.get(name, "not there")) for name in sorted({*was, *now})}
    found["machine"] = (then.machine, this_machine())
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def differing_files(path: Path, name: str, made: Path) -> tuple[str, ...]:
    """Name the files of two bundles that differ, or that only one of them has.

    Raises
    ------
    ArtefactError
        If either is damaged.
    """
    then = manifest.read(path, name=name).documents
    now = manifest.read(made, name=made.name).documents
    return tuple(file for file in sorted({*then, *now}) if then.get(file) != now.get(file))
