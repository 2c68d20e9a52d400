"""What a person sees in the terminal: progress while it runs, tables when it is done."""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from readiness.progress import Progress as Tell

console = Console(highlight=False)
"""Where answers go."""

asides = Console(stderr=True, highlight=False)
"""Where progress and complaints go, so that answers can be piped."""


@contextmanager
def progress() -> Iterator[Tell]:
    """Show how far along the work is: a bar in a terminal, a line for each step elsewhere.

    Bars go when the work is done; what it came to is said by whoever did it.
    """
    if asides.is_terminal:
        with _bars() as tell:
            yield tell
    else:
        yield _lines()


@contextmanager
def _bars() -> Iterator[Tell]:
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        TimeElapsedColumn(),
        console=asides,
        transient=True,
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: float) -> None:
            if what not in tasks:
                for number in tasks.values():
                    bar.update(number, visible=False)
                # Who gives no shares says 0 at the start: such a bar moves, and claims nothing.
                tasks[what] = bar.add_task(_capital(what), total=1.0 if done else None)
            bar.update(tasks[what], completed=done, total=1.0 if done else None, visible=done < 1)

        yield tell


def _lines() -> Tell:
    told: set[str] = set()

    def tell(what: str, done: float) -> None:  # noqa: ARG001 - lines tell of steps, not of shares
        if what not in told:
            told.add(what)
            asides.print(Text(f"{_capital(what)} …"), soft_wrap=True)

    return tell


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: int = 0) -> None:
    """Print a table; the first ``right`` columns after the first are numbers, set flush right."""
    shown = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        numeric = 0 < number <= right
        shown.add_column(
            column,
            justify="right" if numeric else "left",
            header_style="dim",
            overflow="fold",
            no_wrap=numeric or number == 0,
        )
    for row in rows:
        # Names and texts come from the user's data: shown as they are, never as markup.
        shown.add_row(*(Text(cell) for cell in row))
    console.print(shown)


def say(text: str = "", style: str = "") -> None:
    """Print a sentence of the answer; its lines break between words."""
    _print(console, text, style)


def note(label: str, text: str, *, wide: int = 9, style: str = "") -> None:
    """Print a sentence behind a label, its further lines below the first."""
    room = max(console.width - wide, 30) if _folds(console) else max(len(text), 1)
    for number, line in enumerate(textwrap.wrap(text, room) or [""]):
        verbatim(f"{'' if number else label:<{wide}}{line}", style)


def verbatim(text: str, style: str = "") -> None:
    """Print something that is copied, a command or a path: it stays on one line, however long."""
    console.print(Text(text, style=style), soft_wrap=True)


def for_programs(content: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Print what a program reads: one JSON document."""
    console.file.write(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def complain(text: str) -> None:
    """Print a line that is not the answer: a warning, a refusal."""
    _print(asides, text, "red")


def width() -> int:
    """Return how many letters fit into a line of the answer."""
    return console.width


def _print(to: Console, text: str, style: str) -> None:
    to.print(Text(text, style=style), soft_wrap=not _folds(to))


def _folds(to: Console) -> bool:
    # A pipe has no width: whoever reads it wants whole lines. COLUMNS says that somebody looks on.
    return to.is_terminal or "COLUMNS" in os.environ
