"""Score a file of leads: categories, advice and reasons with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
import typer

from readiness import artefact
from readiness.agreement.advice import ACTIONS
from readiness.agreement.conditions import Signs
from readiness.agreement.document import CATEGORIES, Agreement
from readiness.agreement.wording import date, listed, number, plain
from readiness.artefact import Bundle
from readiness.cli import briefs, score_files, unfamiliar_leads
from readiness.cli.agreement_files import NAMED, agreed_in
from readiness.cli.models import MODELS, Data, Models, opened
from readiness.cli.options import AsJson, may_write
from readiness.cli.screen import for_programs, progress, say, table, verbatim
from readiness.cli.suppression_lists import Choice, ListFile, NoList, Store, choose
from readiness.counting import counted
from readiness.crm import folder
from readiness.crm.records import NO_INSTANT, Instant, instant, iso
from readiness.crm.tables import Ints, Tables
from readiness.history import snapshots
from readiness.progress import Progress
from readiness.registry import MODEL
from readiness.scoring import AgreementReference, AnsweredBy, Explain, Scored, score

UNLISTED: Final = Choice()
"""No list of who must not be called, and nobody who said that none is needed."""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("score")(score_command)


def score_command(
    data: Data,
    out: Annotated[
        Path | None, typer.Option("--out", help="A .csv, .parquet or .jsonl file.", dir_okay=False)
    ] = None,
    lead: Annotated[
        list[str] | None,
        typer.Option("--lead", help="Read this lead aloud on the screen; may be given again for others."),
    ] = None,
    models: Models = MODELS,
    at: Annotated[
        str | None, typer.Option(help="The cutoff, as 2026-03-14T09:00:00Z; default: when the data end.")
    ] = None,
    agreement: Annotated[
        Path | None,
        typer.Option(metavar=NAMED, help="Use this agreement, or shipped one, in place of the model's own."),
    ] = None,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Ask no model.")] = False,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Also the leads that have ended; default: open leads.")
    ] = False,
    explain: Annotated[
        Literal["none", "brief", "full"], typer.Option(help="How many reasons to give.")
    ] = "brief",
    suppressions: ListFile = None,
    store: Store = None,
    no_suppressions: NoList = False,
    as_json: AsJson = False,
) -> None:
    """Score, categorise and advise on the leads of a folder, or read some of them aloud.

    With the champion; the assessments go to the file, a summary to the screen.
    Example: readiness score --data data/sample --out out/scores.csv
    With --lead only these leads, ended or not, each in a few sentences.
    Example: readiness score --data data/sample --rules-only --lead L-000022
    Nobody is handed over unless it is known who must not be called: from --suppressions or --store, by
    default the service's own list. Without any, --no-suppressions says that you mean it.
    """
    cutoff = None if at is None else moment(at)
    # Refused before any work is done for it.
    if out is not None:
        score_files.format_of(out)
        may_write(out)
    elif not lead:
        raise typer.BadParameter(
            "say where the assessments go, or which lead to read aloud with --lead", param_hint="--out"
        )
    given = None if agreement is None else agreed_in(agreement).agreement
    chosen = choose(file=suppressions, store=store, none=no_suppressions, models=models)
    with progress() as tell:
        model = None if rules_only else champion(models, tell)
        tell("Reading and checking the tables", 0.0)
        tables = folder.read(data)
        if cutoff is not None and not tables.dated:
            raise typer.BadParameter("these tables have no dates; leave it out", param_hint="--at")
        tell("Scoring", 0.0)
        scored = score_all(
            tables,
            model,
            cutoff=cutoff,
            agreement=given,
            everyone=everyone,
            explain=explain,
            named=lead or (),
            chosen=chosen,
        )
        if out is not None:
            score_files.write(scored, out, progress=tell)
    if lead:
        briefs.show(scored, as_json=as_json)
    else:
        odd = [] if model is None else unfamiliar_leads.remarks(scored, model.bundle.provenance)
        _summarised(scored, out, as_json=as_json, said=[*remarks(scored, cutoff, everyone), *odd])
    if chosen.remark and not as_json:
        say(chosen.remark, "yellow")
    if out is not None and not as_json:
        verbatim(f"{out}: {counted(len(scored), 'lead')}", "green")


def _summarised(scored: Scored, out: Path | None, *, as_json: bool, said: Sequence[str]) -> None:
    if as_json:
        for_programs({"file": str(out), **summary(scored)})
        return
    if len(scored):
        show_actions(scored)
    for line in within_reach(scored):
        say(line)
    for line in said:
        say(line, "yellow")


@dataclass(frozen=True, slots=True)
class Champion:
    """The champion's bundle, and what answers call it."""

    bundle: Bundle
    called: str


def champion(models: Path, tell: Progress) -> Champion:
    """Fetch and open the champion's bundle.

    Raises
    ------
    NoChampionError
        If nobody has promoted a model yet.
    """
    registry = opened(models, tell)
    tell("Checking the champion's bundle", 0.0)
    chosen = registry.champion()
    path = registry.fetch(chosen.version, models / "bundles")
    return Champion(artefact.open_bundle(path, name=chosen.bundle), f"{MODEL} {chosen.version}")


def moment(text: str) -> Instant:
    """Read a cutoff that a person typed."""
    try:
        return instant(text)
    except ValueError as error:
        zone = "it has no time zone; " if "no time zone" in str(error) else ""
        raise typer.BadParameter(
            f"{text!r} is no instant: {zone}write it like 2026-03-14T09:00:00Z, "
            "or like 2026-03-14 for the end of that day",
            param_hint="--at",
        ) from error


def score_all(
    tables: Tables,
    champion: Champion | None,
    *,
    cutoff: Instant | None = None,
    agreement: Agreement | None = None,
    everyone: bool = False,
    explain: Explain = "brief",
    named: Sequence[str] = (),
    chosen: Choice = UNLISTED,
) -> Scored:
    """Score every open lead (or everyone) at the cutoff, by default at the end of the data.

    Where leads are ``named``, only these are scored, in this order, open or not. ``chosen`` is the list
    of who must not be called; without one nobody is handed over.
    """
    when = tables.observed_through if cutoff is None else cutoff
    looks = snapshots.at(tables, when) if everyone or named else snapshots.open_at(tables, when)
    if (everyone or named) and tables.dated:
        looks = looks.where(tables.leads.created_at[looks.lead] < when)
    if named:
        looks = looks.where(_rows_of(tables, looks, named))
    own = champion.bundle.agreement if champion else None
    agreed = agreement or own or agreed_in(None).agreement
    reference = AgreementReference(agreed.name, agreed.version, agreed.fingerprint)
    return score(
        tables,
        looks,
        agreement=agreed,
        model=champion.bundle.model if champion else None,
        answered_by=AnsweredBy(
            champion.called if champion else None, champion.bundle.name if champion else None, reference
        ),
        explain=explain,
        suppressions=chosen.look_up(tables),
    )


def _rows_of(tables: Tables, looks: snapshots.Snapshots, named: Sequence[str]) -> Ints:
    """Return in which rows the leads with these ids stand; each id that has none is told."""
    ids = tables.leads.lead_id[looks.lead]
    row_of = {str(ids[row]): row for row in np.flatnonzero(np.isin(ids, list(named))).tolist()}
    lacking = [name for name in named if name not in row_of]
    if lacking:
        raise typer.BadParameter(
            f"there is no lead {listed(lacking)} at this cutoff; ids are written as in the table of leads",
            param_hint="--lead",
        )
    return np.array([row_of[name] for name in named], dtype=np.int64)


def show_actions(scored: Scored) -> None:
    """Print how many leads each action is advised for."""
    rows = [
        (plain(action), f"{count:,}") for action, count in _counts(scored.advices.action, ACTIONS).items()
    ]
    table("What now", ("action", "leads"), rows, right=1)


def within_reach(scored: Scored) -> list[str]:
    """Say how many leads a few answers would have handed over, and how many chance hands over."""
    said = []
    answers = _answers_away(scored)
    if answers:
        (size, count), *further = answers.items()
        first = f"{counted(count, 'lead')} by {number(size)}"
        parts = [first, *(f"{count:,} by {number(size)}" for size, count in further)]
        said.append(f"Answers away from a hand-over: {listed(parts)}; which, says would_change in the file.")
    chosen = int(scored.advices.sampled.sum())
    if chosen:
        said.append(f"Chance alone hands over {counted(chosen, 'lead')}, to learn from.")
    return said


def _answers_away(scored: Scored) -> dict[int, int]:
    """Count the leads by how many answers would have them handed over."""
    return dict(sorted(Counter(len(answers) for answers in scored.changes.values()).items()))


def summary(scored: Scored) -> dict[str, Any]:
    """Return what a program wants to know of a scored file."""
    by = scored.answered_by
    known = scored.score[~np.isnan(scored.score)]
    cutoff = int(scored.snapshots.cutoff[0]) if len(scored) else NO_INSTANT
    return {
        "leads": len(scored),
        "scored": len(known),
        "cutoff": iso(cutoff),
        "mean_score": float(known.mean()) if len(known) else None,
        "actions": _counts(scored.advices.action, ACTIONS),
        "categories": _counts(scored.verdicts.category, CATEGORIES),
        "sampled": int(scored.advices.sampled.sum()),
        "unfamiliar": unfamiliar_leads.figures(scored),
        "answers_away": {str(size): count for size, count in _answers_away(scored).items()},
        "suppressions_unread": None if scored.suppressions is None else scored.suppressions.unread,
        "model": by.model,
        "bundle": by.bundle,
        "agreement": f"{by.agreement.name} {by.agreement.version}",
    }


def remarks(scored: Scored, cutoff: Instant | None, everyone: bool) -> list[str]:
    """Say what the reader of a scored file may not expect of it."""
    tables, said = scored.tables, []
    end = tables.observed_through
    if cutoff is not None and cutoff > end:
        said.append(f"The data end on {date(end)}: what happened between then and the cutoff is not in them.")
    if not len(scored):
        if not len(tables.leads):
            said.append("There are no leads in these tables.")
        elif cutoff is not None and cutoff <= int(tables.leads.created_at.min()):
            said.append(f"No lead had been created by {date(cutoff)}.")
        else:
            hint = "" if everyone else " Add --everyone for those that have ended as well."
            said.append(f"No lead is open.{hint}")
    return said


def _counts(codes: Signs, names: Sequence[str]) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(names))
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}
