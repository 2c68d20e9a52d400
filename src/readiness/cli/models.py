"""Commands about models that are kept: which there are, the champion, going back."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from readiness.cli.options import AsJson
from readiness.cli.screen import for_programs, progress, say, table, verbatim
from readiness.clock import now
from readiness.counting import counted
from readiness.errors import ArtefactError, NoChampionError, StoreError
from readiness.judging.gates import PROMOTE
from readiness.progress import Progress
from readiness.registry import Publication, Registry
from readiness.registry.kept import Version
from readiness.registry.promotions import CHALLENGER, ChallengeSummary, Promotion
from readiness.registry.store import DATABASE, TRACKING_URI

Data = Annotated[Path, typer.Option("--data", help="Folder with the tables.")]
Models = Annotated[Path, typer.Option("--models", help="Where the embedded store is.", file_okay=False)]
Report = Annotated[Path, typer.Option("--out", help="The page to write.", dir_okay=False)]
By = Annotated[str, typer.Option("--by", help="Who does it.")]
Why = Annotated[str, typer.Option("--reason", help="Why.")]

MODELS: Final = Path("models")
PUBLISHED: Final = "published"
"""Where under the store the service looks."""

_TOLD: Final = ("log_loss", "weekly_precision", "stop_risk", "skill", "gain", "lower_999")
"""Figures that the terminal shows of a promotion; --json has all."""

NOTHING_YET: Final = "No model has been trained yet"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for name, command in (
        ("promote", promote),
        ("rollback", rollback),
        ("history", history),
        ("pull", pull),
    ):
        app.command(name)(command)


def promote(
    version: Annotated[str, typer.Argument(help="The version to use from now on.")],
    models: Models = MODELS,
    by: By = "",
    reason: Why = "",
    overrule: Annotated[
        bool,
        typer.Option("--overrule", help="Though its challenge was not passed; takes --by and --reason."),
    ] = False,
) -> None:
    """Make a version the champion.

    Exit code 4 if no skill was found in it, or if it was challenged and did not pass.
    Example: readiness promote 3 --by "Ada" --reason "Beats version 2"
    """
    with progress() as tell:
        registry = opened(models, tell)
        must_exist(registry, version)
        tell("Checking the bundle", 0.0)
        champion = registry.promote(version, at=now(), by=by, reason=reason, overrule=overrule)
    say(f"Version {champion.version} is the champion (bundle {champion.bundle[:12]}…).", "green")
    _say_learned(champion)
    say_pull(models)


def rollback(models: Models = MODELS, by: By = "", reason: Why = "") -> None:
    """Make the champion before this one the champion again.

    Example: readiness rollback --by "Ada" --reason "Too many stops"
    """
    with progress() as tell:
        registry = opened(models, tell)
        tell("Checking the bundle", 0.0)
        champion = registry.rollback(at=now(), by=by, reason=reason)
    say(f"Version {champion.version} is the champion again.", "green")
    _say_learned(champion)
    say_pull(models)


def history(models: Models = MODELS, as_json: AsJson = False) -> None:
    """Show all versions, and who promoted which, when and why.

    Example: readiness history
    """
    versions: tuple[Version, ...] = ()
    moves: tuple[Promotion, ...] = ()
    if any_kept(models):
        with progress() as tell:
            registry = opened(models, tell)
            versions, moves = registry.versions(), registry.history()
    if as_json:
        for_programs(
            {
                "versions": [
                    {
                        "version": one.version,
                        "bundle": one.bundle,
                        "aliases": list(one.aliases),
                        "learned": None if one.learned is None else asdict(one.learned),
                        "challenge": None if one.challenge is None else one.challenge.model_dump(),
                    }
                    for one in versions
                ],
                "promotions": [one.model_dump() for one in moves],
            }
        )
        return
    if not versions:
        say(f"{NOTHING_YET} under {models}/.")
        verbatim("Next: readiness train --data DIR", "bold")
        return
    rows = [
        (one.version, one.bundle[:12], _data(one), ", ".join(one.aliases), _challenged(one.challenge))
        for one in versions
    ]
    table("Versions", ("version", "bundle", "learned from data", "is", "promote it?"), rows)
    if moves:
        made = [(one.at[:16].replace("T", " "), _what(one), one.version, one.by, _why(one)) for one in moves]
        table("Promotions", ("at (UTC)", "what", "version", "by", "why, and on what figures"), made)


def _say_learned(champion: Version) -> None:
    """Say what the champion learned from, before somebody scores another seller's leads with it."""
    if champion.learned is not None:
        say(f"It learned from data {_data(champion)}; its report says the same.")


def _data(version: Version) -> str:
    """Name the data of a version by where they end and the beginning of their fingerprint."""
    learned = version.learned
    return "not kept" if learned is None else data_words(learned.fingerprint, learned.data_end)


def data_words(fingerprint: str, end: str | None) -> str:
    """Name data by the day on which they end, if they have dates, and the beginning of their fingerprint."""
    until = "without dates" if end is None else f"until {end[:10]}"
    return f"{until} (fingerprint {fingerprint[:12]}…)"


def _challenged(found: ChallengeSummary | None) -> str:
    return "never challenged" if found is None else PROMOTE[found.verdict]


def _what(move: Promotion) -> str:
    """Say what was done; a challenger is only set up beside the champion."""
    return "challenger" if move.alias == CHALLENGER else move.action


def _why(move: Promotion) -> str:
    """Say why, and on what figures: of all gates those about what the score is worth."""
    told = [f"{code} {move.figures[code]:.4g}" for code in _TOLD if code in move.figures]
    against = [f"although {', '.join(move.overruled)} did not pass"] if move.overruled else []
    behind = "; ".join([*against, *told])
    return f"{move.reason} ({behind})" if behind else move.reason


def pull(
    models: Models = MODELS,
    out: Annotated[Path | None, typer.Option("--out", help="Where the service looks.")] = None,
) -> None:
    """Publish the champion's bundle and all finished reports for the service.

    They are checked first; a running service swaps to them within a second. Reports are published without a
    champion, too: they say why there is none.
    Example: readiness pull --out models/published
    """
    to = out or models / PUBLISHED
    champion, refused = None, None
    with progress() as tell:
        registry = opened(models, tell)
        tell("Checking and publishing", 0.0)
        try:
            champion = registry.publish(to)
        except (NoChampionError, ArtefactError) as error:
            refused = error
        tell("Publishing the reports", 0.0)
        published = registry.publish_reports(to, at=now())
    if champion is not None:
        verbatim(f"{to}: version {champion.version}, bundle {champion.bundle[:12]}…", "green")
    _say_reports(published, to)
    if refused is not None:
        raise refused


def _say_reports(published: Publication, to: Path) -> None:
    """Say how many reports the service shows, and which were left out and why."""
    if published.reports:
        count, which = len(published.reports), ", ".join(one.version for one in published.reports)
        of = "version" if count == 1 else "versions"
        verbatim(f"{to}: {counted(count, 'report')}, of {of} {which}", "green")
    else:
        verbatim(f"{to}: no report")
    for one in published.left_out:
        say(f"The report of version {one.version} is not published. {one.because}", "yellow")


def any_kept(models: Path) -> bool:
    """Say whether there is a store to look into; reading should not make an empty one."""
    if models.exists() and not models.is_dir():
        raise StoreError(f"{models} is a file; --models names the folder of the embedded store.")
    return TRACKING_URI in os.environ or (models / DATABASE).exists()


def opened(models: Path, tell: Progress) -> Registry:
    """Open the registry to use a model that should be there.

    Raises
    ------
    NoChampionError
        If no model has ever been trained.
    StoreError
        If the store cannot be reached.
    """
    if not any_kept(models):
        raise NoChampionError(f"{NOTHING_YET} under {models}/. Next: readiness train --data DIR")
    tell("Opening the registry", 0.0)
    return Registry.open(models=models)


def must_exist(registry: Registry, version: str) -> None:
    """Refuse a version that is not kept, naming those that are.

    Raises
    ------
    StoreError
        If there is none of this number.
    """
    known = [one.version for one in registry.versions()]
    if version not in known:
        there = f"there are {', '.join(known)}" if known else "none has been trained yet"
        raise StoreError(f"There is no version {version}; {there}. See `readiness history`.")


def say_pull(models: Path) -> None:
    """Say how a new champion gets to where it is used."""
    own = "" if models == MODELS else f" --models {models}"
    verbatim(f"Next: readiness pull{own}", "bold")
    say("A running service swaps to it within a second after that.")
