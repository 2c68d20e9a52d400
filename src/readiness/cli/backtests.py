"""Commands that hold an agreement against the past: replay one, compare two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final, TypeVar

import numpy as np
import typer

from readiness.cli import past_models
from readiness.cli.agreement_files import AgreementFile, agreed_in
from readiness.cli.checking import sparks
from readiness.cli.models import MODELS, Models
from readiness.cli.options import AsJson, Html, TablesFolder, may_write
from readiness.cli.screen import for_programs, note, progress, say, table, verbatim, width
from readiness.crm import folder
from readiness.crm.tables import Flags, Tables
from readiness.hindsight.backtest import Backtest, backtest
from readiness.hindsight.compare import Comparison, compare
from readiness.hindsight.examples import Example
from readiness.hindsight.groups import Group
from readiness.hindsight.replay import Adviser
from readiness.hindsight.sides import Side
from readiness.progress import Progress
from readiness.reports import backtest_page
from readiness.reports.backtest_notation import COLUMNS, called, cells
from readiness.reports.backtest_summary import HindsightPage, of_backtest, of_comparison
from readiness.scoring import suppressed

Model = Annotated[
    str | None, typer.Option("--model", help="Ask this model too: champion, or a version's number.")
]

_Found = TypeVar("_Found", Backtest, Comparison)

MOST_GROUPS: Final = 6
"""So many sources or campaigns fit on the screen; the page and --json have all."""
MOST_EXAMPLES: Final = 3
"""So many examples each way fit on the screen."""
_ON_SCREEN: Final = ("source", "campaign")
_LOUD: Final = ("cry_wolf",)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("backtest")(backtest_command)
    app.command("compare")(compare_command)


def backtest_command(
    data: TablesFolder,
    agreement: AgreementFile = None,
    model: Model = None,
    models: Models = MODELS,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Replay an agreement over the past: hand-overs a week, and what became of them.

    Rules alone, unless a model is named.
    Example: readiness agreement backtest data/sample --html out/backtest.html
    """

    def replay(past: _Past, tell: Progress) -> Backtest:
        return backtest(past.tables, past.advisers[0], leads=past.leads, progress=tell)

    asked = _Asked(data, (agreement,), model, models, html, as_json)
    _answer(asked, replay, of_backtest, show)


def compare_command(
    a: Annotated[
        Path,
        typer.Argument(
            help="The one, as a rule that in force: a file, or the name of a shipped one.", metavar="A"
        ),
    ],
    b: Annotated[Path, typer.Argument(help="The other, as a rule a draft; likewise.", metavar="B")],
    data: TablesFolder,
    model: Model = None,
    models: Models = MODELS,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Replay two agreements over the same past: what the second would change, and on which leads.

    Example: readiness agreement compare data/agreement.yaml draft.yaml data/sample
    """

    def replay(past: _Past, tell: Progress) -> Comparison:
        one, other = past.advisers
        return compare(past.tables, one, other, leads=past.leads, progress=tell)

    asked = _Asked(data, (a, b), model, models, html, as_json)
    _answer(asked, replay, of_comparison, show_comparison)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What both commands are asked."""

    data: Path
    agreements: tuple[Path | None, ...]
    model: str | None
    models: Path
    html: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class _Past:
    """The tables, which leads count (None: all), and an adviser for each agreement."""

    tables: Tables
    leads: Flags | None
    advisers: tuple[Adviser, ...]


def _answer(
    asked: _Asked,
    replay: Callable[[_Past, Progress], _Found],
    page: Callable[[_Found], HindsightPage],
    shown: Callable[[_Found], None],
) -> None:
    """Replay, then tell it: as a page if one is asked for, and to a program or a person."""
    if asked.html is not None:
        may_write(asked.html, "--html")
    with progress() as tell:
        found = replay(_past(asked, tell), tell)
        if asked.html is not None:
            tell("Writing the page", 0.0)
            backtest_page.write(page(found), asked.html)
    if asked.as_json:
        for_programs(found.to_dict())
    else:
        shown(found)
        _say_page(asked.html)


def _past(asked: _Asked, tell: Progress) -> _Past:
    # Documents first: they are read at once, and what is wrong with them is told before any work is done.
    advisers = tuple(Adviser(agreed_in(named).agreement, never_call=suppressed) for named in asked.agreements)
    bundle = None if asked.model is None else past_models.fetched(asked.models, asked.model, tell)
    tell("Reading and checking the tables", 0.0)
    tables = folder.read(asked.data)
    if bundle is None:
        return _Past(tables, None, advisers)
    leads = past_models.unseen_by(bundle, tables)
    return _Past(tables, leads, tuple(past_models.with_model(each, bundle) for each in advisers))


def show(found: Backtest) -> None:
    """Print a backtest: what it says, the weeks, the quarters, the sources."""
    stands = found.standing
    say(f"Agreement {stands.agreement} {stands.version}, replayed", "bold")
    _tell(found.sentences)
    if found.weeks is not None and found.weeks.handed_over.any():
        _weeks(found)
    if found.trend is not None:
        _groups(f"By {found.trend.unit} of the hand-over", found.trend.periods, len(found.trend.periods))
    for name in _ON_SCREEN:
        if name in found.breakdowns:
            _groups(f"By {name}", found.breakdowns[name], MOST_GROUPS)


def show_comparison(found: Comparison) -> None:
    """Print a comparison: what it says, both side by side, some of the leads on which they differ."""
    say(", ".join(f"{which}: {called_fully(side)}" for which, side in _sides(found)), "bold")
    _tell(found.sentences)
    both = [replace(side.total, name=which) for which, side in _sides(found)]
    only = [each for each in (found.only_a, found.only_b) if each.handed_over]
    _groups("What became of them", [*both, *only], len(both) + len(only))
    for which, shown in (("A", found.examples_a), ("B", found.examples_b)):
        _examples(which, shown)


def called_fully(side: Side) -> str:
    """Name an agreement so that a draft of the same name and version can be told from the one in force."""
    stands = side.standing
    return f"{stands.agreement} {stands.version} ({stands.fingerprint[:8]})"


def _sides(found: Comparison) -> tuple[tuple[str, Side], ...]:
    return ("A", found.a), ("B", found.b)


def _say_page(html: Path | None) -> None:
    if html is not None:
        verbatim(f"Page: {html}")
    else:
        say("Add --html FILE for a page with everything, or --json for a program.", "dim")


def _tell(sentences: Mapping[str, str]) -> None:
    for name, sentence in sentences.items():
        say(sentence, "bold" if name in _LOUD else "")
    say()


def _weeks(found: Backtest) -> None:
    weeks = found.weeks
    if weeks is None:
        return
    first, last = called(int(weeks.start[0])), called(int(weeks.start[-1]))
    # As many weeks to a mark as it takes for all of them to fit on one line.
    together = -(-len(weeks.start) // max(1, width() - len(first) - len(last) - 2))
    marks = np.add.reduceat(weeks.handed_over, np.arange(0, len(weeks.start), together))
    say(f"{first} {sparks(marks.tolist())} {last}")
    each = "each week" if together == 1 else f"each {together} weeks"
    most = int(weeks.handed_over.max())
    say(f"Hand-overs {each}; in one week at most {most}, and sales can take {weeks.capacity}.", "dim")
    say()


def _groups(title: str, groups: Sequence[Group], most: int) -> None:
    table(title, COLUMNS, [cells(each) for each in groups[:most]], right=len(COLUMNS) - 1)
    if len(groups) > most:
        say(f"… and {len(groups) - most} more; --html has them", "dim")
    say()


def _examples(which: str, shown: Sequence[Example]) -> None:
    if not shown:
        return
    say(f"Only {which} would have handed over, for example", "bold")
    for each in shown[:MOST_EXAMPLES]:
        say(f"{each.lead_id}, {each.at[:10] if each.at else 'undated'}: {each.became}")
        note("  A", each.a, wide=5)
        note("  B", each.b, wide=5)
    say()
