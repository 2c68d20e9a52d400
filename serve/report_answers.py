"""What the service says of the published reports, field by field."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from serve.shelf import Shelved

TABLE_EXAMPLE: Final = "trust-calibration"
CSV_EXAMPLE: Final = """n,forecast,observed,low,high
200,0.0500,0.0251,0.0070,0.0463
200,0.0922,0.1362,0.0908,0.1856
"""
NUMBERS_EXAMPLE: Final[dict[str, Any]] = {
    "format": 1,
    "title": "Lead readiness",
    "subtitle": "A sale within 90 days · data from 1 January 2025 to 31 May 2026",
    "sections": {"trust": {"sentence": "The model knows something: …", "warnings": [], "claimed": True}},
}
REPORT_EXAMPLE: Final[dict[str, Any]] = {
    "name": "version-3",
    "title": "Lead readiness",
    "subtitle": "A sale within 90 days · data from 1 January 2025 to 31 May 2026",
    "model": "readiness 3",
    "bundle": "9f" * 32,
    "champion": True,
    "trained_at": "2026-06-02T07:30:00Z",
    "judged_from": "2026-02-01T00:00:00Z",
    "learned_until": "2026-06-01T00:00:00Z",
    "published_at": "2026-06-02T08:00:00Z",
    "page": "/reports/version-3",
    "numbers": "/v1/reports/version-3/numbers",
    "tables": [
        {
            "name": TABLE_EXAMPLE,
            "csv": f"/v1/reports/version-3/numbers/{TABLE_EXAMPLE}.csv",
        }
    ],
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ReportTable(_Part):
    """The numbers of a chart or a table of a report."""

    name: str = Field(description="What the report calls it.")
    csv: str = Field(description="Where its numbers are, unrounded.")


class ReportAnswer(_Part):
    """A published report: what it is about, and where its page and its numbers are."""

    name: str = Field(description="Its name, part of its addresses.")
    title: str = Field(description="Its title.")
    subtitle: str = Field(description="What is forecast, and from which data.")
    model: str = Field(description="The model that it is about, and its version.")
    bundle: str = Field(description="The fingerprint of that model's files.")
    champion: bool = Field(description="Whether that model is the published champion.")
    trained_at: str | None = Field(description="When the model was recorded.")
    judged_from: str | None = Field(
        description="It was judged on what came at or after this moment, unseen in training; null if it was "
        "judged otherwise."
    )
    learned_until: str | None = Field(
        description="The model learned from nothing at or after this moment; null if the data has no dates."
    )
    published_at: str = Field(description="When this report was first published here.")
    page: str = Field(description="Where its page is, for people.")
    numbers: str | None = Field(
        description="Where all its numbers are, as JSON; null if an earlier readiness kept none."
    )
    tables: list[ReportTable] = Field(description="Its numbers table by table, in the order of their names.")


class ReportList(_Part):
    """The published reports: the champion's first, then those of the newest models."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reports": [REPORT_EXAMPLE]}]})

    reports: list[ReportAnswer] = Field(description="One a model that has a report.")


def answer(report: Shelved) -> ReportAnswer:
    """Say what is known of a report."""
    about, numbers = report.about, f"/v1/reports/{report.name}/numbers"
    return ReportAnswer(
        name=report.name,
        title=about.title,
        subtitle=about.subtitle,
        model=f"{about.model} {about.version}",
        bundle=about.bundle,
        champion=report.champion,
        trained_at=about.trained_at,
        judged_from=about.judged_from,
        learned_until=about.learned_until,
        published_at=about.published_at,
        page=f"/reports/{report.name}",
        numbers=numbers if report.has_numbers else None,
        tables=[ReportTable(name=table, csv=f"{numbers}/{table}.csv") for table in report.tables],
    )
