"""An agreement as one HTML page: every rule in plain sentences, and two lines to sign on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from readiness.agreement.document import Agreement
from readiness.agreement.phrases import day
from readiness.agreement.recital import Section, recite
from readiness.agreement.second_look import worth_a_second_look
from readiness.reports.html import rendered, written


@dataclass(frozen=True, slots=True)
class SignedLine:
    """One side's place on the page."""

    side: str
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """All that the page says."""

    title: str
    valid_from: str
    changes: str | None
    fingerprint: str
    sections: tuple[Section, ...]
    remarks: tuple[str, ...]
    signatures: tuple[SignedLine, ...]


def summarise(agreement: Agreement) -> AgreementPage:
    """Put together what the page says."""
    signed = agreement.signatures
    return AgreementPage(
        title=f"{agreement.name}, version {agreement.version}",
        valid_from=day(agreement.valid_from),
        changes=agreement.changes,
        fingerprint=agreement.fingerprint,
        sections=recite(agreement),
        remarks=worth_a_second_look(agreement),
        signatures=(
            SignedLine("For sales", signed.sales.by, day(signed.sales.on)),
            SignedLine("For marketing", signed.marketing.by, day(signed.marketing.on)),
        ),
    )


def render(page: AgreementPage) -> str:
    """Return the page as HTML: style inside, nothing loaded, no scripts; it prints on A4."""
    return rendered("agreement.html.j2", {"page": page})


def write(page: AgreementPage, path: Path) -> Path:
    """Write the page and return its path.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    return written(path, {path: render(page)})
