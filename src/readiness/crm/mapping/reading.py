"""The door through which a mapping comes in."""

from __future__ import annotations

from pathlib import Path

from readiness import yaml_document
from readiness.crm.mapping.contradictions import contradictions
from readiness.crm.mapping.document import Mapping
from readiness.errors import DataError, Fault, StoreError


def load(path: Path) -> Mapping:
    """Read a mapping from a YAML file.

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
    return parse(text, name=path.name)


def parse(text: str, *, name: str = "mapping") -> Mapping:
    """Read a mapping from YAML text.

    Parameters
    ----------
    name : str
        What errors call it.

    Raises
    ------
    DataError
        As `load`.
    """
    read = yaml_document.read(text, Mapping, contradictions)
    if read.document is None:
        raise DataError([_fault(misread, name) for misread in read.faults])
    return read.document.placed(read.places(name))


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
