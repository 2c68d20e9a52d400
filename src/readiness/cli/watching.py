"""Watch a model in use: what changed since it learned, and what to do about it."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from pathlib import Path
from typing import Annotated, Final

import typer

from readiness.cli import past_models
from readiness.cli.agreement_files import NAMED, agreed_in
from readiness.cli.data import refusing
from readiness.cli.models import MODELS, Data, Models
from readiness.cli.options import AsJson, Html, may_write
from readiness.cli.screen import for_programs, note, progress, say, table, verbatim
from readiness.crm import folder
from readiness.crm.records import Instant, instant, iso
from readiness.crm.tables import Tables
from readiness.history.cuts import cut
from readiness.reports import watch_metrics, watch_page
from readiness.reports.watch_summary import END_COLUMNS, LEAD_COLUMNS, WatchPage, summarise
from readiness.training_run.watching.in_use import InUse
from readiness.training_run.watching.leads import LEAST_DAYS
from readiness.training_run.watching.watch import Verdict, Watched, watch

EXIT_CODES: Final[dict[Verdict, int]] = {"quiet": 0, "crm": 20, "retrain": 21, "changed": 22, "too_few": 9}
"""0 nothing changed beyond chance · 20 the CRM changed, mend that first · 21 retrain · 22 something changed
from which nothing follows yet · 9 too few leads to tell anything."""

_STYLES: Final[dict[Verdict, str]] = {
    "quiet": "green",
    "crm": "bold red",
    "retrain": "bold red",
    "changed": "bold yellow",
    "too_few": "yellow",
}
_MOST: Final = 12
"""So many columns fit on the screen, those that moved most; the page and --json have all."""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("watch")(watch_command)


def watch_command(
    data: Data,
    models: Models = MODELS,
    model: Annotated[
        str, typer.Option("--model", help="Watch this one: champion, or a version.")
    ] = "champion",
    agreement: Annotated[
        Path | None,
        typer.Option("--agreement", metavar=NAMED, help="Replay this one; default: the model's own."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Stand at this day or instant; default: where the data end."),
    ] = None,
    days: Annotated[
        float, typer.Option(min=1.0, help="Look at the newest so many days, or more until 200 leads came.")
    ] = LEAST_DAYS,
    html: Html = None,
    prometheus: Annotated[
        Path | None, typer.Option(help="Write figures here for Prometheus's text collector.", dir_okay=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what changed since a model learned: retrain, the CRM changed, or nothing.

    The tables hold the leads it learned from and those that came since. Without --agreement the model's own
    is replayed. Exit code 0 if nothing changed beyond chance, 20 the CRM changed (mend that before you
    retrain), 21 retrain, 22 something changed from which nothing follows yet, 9 too few to tell.
    Example: readiness watch --data data/sample --html out/watch.html
    """
    stands = None if at is None else _instant(at)
    for place, option in ((html, "--html"), (prometheus, "--prometheus")):
        if place is not None:
            may_write(place, option)
    agreed = None if agreement is None else agreed_in(agreement)
    with refusing(as_json), progress() as tell:
        bundle = past_models.fetched(models, model, tell)
        used = InUse.of(bundle)
        tell("Reading and checking the tables", 0.0)
        tables = _as_of(folder.read(data), stands)
        in_force = bundle.agreement if agreed is None else agreed.agreement
        seen = watch(tables, used, in_force, least_days=days, progress=tell)
        summary = summarise(seen, bundle=bundle.name)
        if html is not None:
            watch_page.write(summary, html)
        if prometheus is not None:
            watch_metrics.write(seen, prometheus)
    if as_json:
        for_programs({"bundle": bundle.name, **summary.to_dict(), **seen.to_dict()})
    else:
        show(seen, summary)
        _say_files(html, prometheus)
    if EXIT_CODES[seen.verdict]:
        raise typer.Exit(EXIT_CODES[seen.verdict])


def _instant(at: str) -> Instant:
    """Read a day or an instant; a day is stood at when it begins, in UTC."""
    try:
        return instant(f"{dt.date.fromisoformat(at).isoformat()}T00:00:00Z" if len(at) == _DAY else at)
    except ValueError as error:
        raise typer.BadParameter(
            f"{at!r} is no day and no instant; give 2026-03-01 or 2026-03-01T09:00:00Z", param_hint="--at"
        ) from error


_DAY: Final = len("2026-03-01")


def _as_of(tables: Tables, at: Instant | None) -> Tables:
    if at is None:
        return tables
    if at > tables.observed_through:
        raise typer.BadParameter(
            f"nothing is known of {iso(at)}: the data end at {iso(tables.observed_through)}",
            param_hint="--at",
        )
    return cut(tables, at)


def show(seen: Watched, summary: WatchPage) -> None:
    """Print what was seen: the findings that count, then the figures."""
    say(summary.verdict, _STYLES[seen.verdict])
    say(summary.subtitle, "dim")
    say()
    for to_do, same in groupby(seen.raised, key=lambda each: each.to_do):
        for each in same:
            say(each.sentence, "bold" if each.status == "act" else "")
        note("", to_do, wide=3)
    for each in seen.untold:
        say(each.sentence)
    if seen.raised or seen.untold:
        say()
    if summary.ends.rows:
        table("How leads ended", END_COLUMNS, summary.ends.rows, right=len(END_COLUMNS) - 1)
        say()
    if summary.leads.rows:
        table("Leads that came lately", LEAD_COLUMNS, summary.leads.rows[:_MOST], right=len(LEAD_COLUMNS) - 1)
        if len(summary.leads.rows) > _MOST:
            say(f"… and {len(summary.leads.rows) - _MOST} more; --html has them", "dim")
        say()
    for sentence in summary.performance:
        say(sentence)


def _say_files(html: Path | None, prometheus: Path | None) -> None:
    for name, place in (("Page", html), ("Figures", prometheus)):
        if place is not None:
            verbatim(f"{name}: {place}")
    if html is None:
        say("Add --html FILE for a page with everything, or --json for a program.", "dim")
