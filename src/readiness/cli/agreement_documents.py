"""Commands about the document itself: its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from readiness.agreement.document import schema
from readiness.cli.screen import for_programs, verbatim


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("schema")(schema_command)


def schema_command(
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this file.", dir_okay=False)] = None,
) -> None:
    """Print the JSON Schema of agreements, for editors that check as you type.

    Example: readiness agreement schema --out agreement.schema.json
    """
    if out is None:
        for_programs(schema())
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(schema(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        verbatim(str(out), "green")
