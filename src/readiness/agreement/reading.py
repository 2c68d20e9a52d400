"""The door through which an agreement comes in: YAML to a checked document, faults with their line."""

from __future__ import annotations

from pathlib import Path

from readiness import yaml_document
from readiness.agreement.contradictions import contradictions
from readiness.agreement.document import Agreement
from readiness.errors import AgreementError


def load(path: Path) -> Agreement:
    """Read an agreement from a YAML file.

    Raises
    ------
    AgreementError
        If the file cannot be read, is no YAML, has keys or values that an agreement does not know, or
        contradicts itself. Every fault is named with its line and a remedy.
    """
    return parse(text_of(path), name=path.name)


def text_of(path: Path) -> str:
    """Read the text of an agreement as it stands, for who keeps it beside what it says.

    Raises
    ------
    AgreementError
        If the file cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise AgreementError(f"{path.name} cannot be read: {reason}. Name an existing YAML file.") from None


def parse(text: str, *, name: str = "agreement") -> Agreement:
    """Read an agreement from YAML text; JSON will do, being YAML.

    Parameters
    ----------
    text : str
        The document.
    name : str
        What errors call it.

    Raises
    ------
    AgreementError
        As `load`.
    """
    return _whole(yaml_document.read(text, Agreement, contradictions), name)


def reopened(text: str) -> Agreement:
    """Read an agreement that was in force before, such as a model's own.

    It was accepted then: a contradiction that only later versions look for does not shut it out.

    Raises
    ------
    AgreementError
        If it is not what an agreement can be.
    """
    return _whole(yaml_document.read(text, Agreement), "agreement")


def _whole(read: yaml_document.Read[Agreement], name: str) -> Agreement:
    if read.document is None:
        raise AgreementError("\n".join(_told(name, misread) for misread in read.faults))
    return read.document


def _told(name: str, misread: yaml_document.Misread) -> str:
    place = f"{name}, line {misread.line}: " + (f"`{misread.key}`: " if misread.key else "")
    said = f"{misread.expected}."
    if not misread.in_its_own_words:
        said = f"saw {misread.seen}; expected {misread.expected}. {misread.remedy}"
    # One fault, one line, whatever signs stand in the document.
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in place + said
    )
