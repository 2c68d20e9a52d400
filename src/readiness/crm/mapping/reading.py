"""The door through which a mapping comes in."""

from __future__ import annotations

from collections import abc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from readiness import yaml_document
from readiness.crm.mapping.contradictions import contradictions
from readiness.crm.mapping.document import File, Mapping
from readiness.crm.mapping.exports import open_export
from readiness.crm.sources import Database
from readiness.errors import DataError, Fault, StoreError


def load(path: Path, beside: Sequence[Path | Database] = ()) -> Mapping:
    """Read a mapping from a YAML file.

    Parameters
    ----------
    beside : paths and at most one database
        The export for which it is meant: where the mapping is faulty, the files that it names are looked
        through as well, and what is wrong with them as a whole is told with it.

    Raises
    ------
    DataError
        If the file is no YAML, has keys or values that a mapping does not know, or contradicts itself;
        every fault is named with its line and column.
    StoreError
        If the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise StoreError(f"The mapping {path.name} cannot be read: {reason}.") from None
    return parse(text, name=path.name, beside=beside)


def parse(text: str, *, name: str = "mapping", beside: Sequence[Path | Database] = ()) -> Mapping:
    """Read a mapping from YAML text.

    Parameters
    ----------
    name : str
        What errors call it.
    beside : paths and at most one database
        As for `load`.

    Raises
    ------
    DataError
        As `load`.
    """
    read = yaml_document.read(text, Mapping, contradictions)
    if read.document is None:
        faults = [_fault(misread, name) for misread in read.faults]
        if beside:
            faults += open_export(dict(_files(read.content)), beside).faults
        raise DataError(faults)
    return read.document.placed(read.places(name))


def _files(content: object) -> Iterator[tuple[str, File]]:
    """Return those files of a faulty mapping that it describes rightly."""
    files = content.get("files") if isinstance(content, abc.Mapping) else None
    for name, said in files.items() if isinstance(files, abc.Mapping) else ():
        try:
            yield str(name), File.model_validate(said)
        except ValidationError:
            continue


def _fault(misread: yaml_document.Misread, name: str) -> Fault:
    key = f"`{misread.key}`: " if misread.key else ""
    return Fault(
        name,
        misread.line,
        str(misread.column),
        f"{key}{misread.seen}",
        misread.expected,
        misread.remedy,
        "faulty_mapping",
    )


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a mapping, for editors that complete and check as one types."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A readiness mapping",
        **{key: value for key, value in Mapping.model_json_schema().items() if key != "title"},
    }
