"""What a person sees in the terminal: progress while it runs, tables when it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

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
    """Show how far along the work is; what is done stays as a line, with the time it took."""
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
                tasks[what] = bar.add_task(what, total=1.0)
            bar.update(tasks[what], completed=done, visible=done < 1)

        yield tell


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
    """Print a line of the answer."""
    console.print(Text(text, style=style))


def complain(text: str) -> None:
    """Print a line that is not the answer: a warning, a refusal."""
    asides.print(Text(text, style="red"))
