"""Groups of commands, each imported when it is called: whoever asks for help waits for no library."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, TypeAlias, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from readiness.cli.screen import asides, progress

Table: TypeAlias = Mapping[str, tuple[str, str]]
"""For each command the module of `readiness.cli` that holds it, and what it does in one line."""


def group_of(table: Table) -> type[TyperGroup]:
    """Return a group of these commands, for typer to build."""

    class Commands(TyperGroup):
        def __init__(self, **options: Any) -> None:  # noqa: ANN401 - typer's own
            super().__init__(**options)
            # Only their names are read, to suggest the nearest where none is met.
            self.commands = dict.fromkeys(table, cast("TyperCommand", None))

        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer's own
            return list(table)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
            return load(table, cmd_name) if cmd_name in table else None

        def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
            with formatter.section("Commands"):
                formatter.write_dl([(name, says) for name, (_, says) in table.items()])

    return Commands


def load(table: Table, name: str) -> TyperCommand:
    """Import a command's module and return the command.

    The libraries behind some commands take seconds to load, so it says that it is starting.
    """
    module, _ = table[name]
    path = f"readiness.cli.{module}"
    if path in sys.modules:
        part = sys.modules[path]
    else:
        with progress() as tell:
            if asides.is_terminal:
                tell("Starting", 0.0)
            part = import_module(path)
    # A callback keeps typer from making a lone command of a module with only one.
    holder = typer.Typer(callback=_nothing, rich_markup_mode=None)
    part.add_to(holder)
    return cast("TyperCommand", cast("TyperGroup", get_command(holder)).commands[name])


def _nothing() -> None: ...
