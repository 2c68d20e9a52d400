"""Retrain: train a challenger, challenge the champion with it, and promote it if asked to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from readiness import artefact
from readiness.artefact import Bundle
from readiness.cli import exclusions
from readiness.cli.agreement_files import Agreed, AgreementFile, agreed_in
from readiness.cli.data import refusing
from readiness.cli.models import MODELS, Data, Models, Report, must_exist, say_pull
from readiness.cli.options import AsJson, may_write
from readiness.cli.screen import console, for_programs, note, progress, say, table, verbatim
from readiness.cli.training import TOO_LITTLE, Exclude, Waive, keep, learn, show_judgement, show_too_little
from readiness.clock import now
from readiness.crm import folder
from readiness.crm.tables import Tables
from readiness.errors import NoChampionError
from readiness.judging.gates import OUTCOMES, PROMOTE, Challenge, Verdict
from readiness.judging.judgement import Judgement
from readiness.learning.little_data import TooLittle
from readiness.progress import Progress
from readiness.registry import CHALLENGER, Registry, Version
from readiness.training_run import TrainingSettings
from readiness.training_run.challenge import challenge
from readiness.training_run.contender import Contender
from readiness.training_run.settings import Standing, settings_from

EXIT: Final[dict[Verdict, int]] = {"yes": 0, "no": 8, "too_few": 9}
"""Exit codes by verdict: what a scheduler looks at."""

_COLOURS: Final[dict[Verdict, str]] = {"yes": "green", "no": "red", "too_few": "yellow"}
_NOBODY: Final = "readiness retrain"


@dataclass(frozen=True, slots=True)
class Retrained:
    """What retraining came to. ``judgement`` is None where a version that was kept was challenged again."""

    version: str
    challenge: Challenge
    champion: str | None
    """The champion's version before; None where there was none."""
    promoted: bool
    judgement: Judgement | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: who asks, why, and whether to promote at once."""

    promote: bool
    by: str
    because: str


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("retrain")(retrain)


def retrain(
    data: Data,
    agreement: AgreementFile = None,
    models: Models = MODELS,
    out: Report = Path("out/report.html"),
    challenger: Annotated[
        str | None,
        typer.Option(metavar="VERSION", help="Train nothing: challenge with this version, which is kept."),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Default: the champion's.")] = None,
    exclude: Exclude = None,
    waive: Waive = None,
    promote_if_better: Annotated[
        bool, typer.Option("--promote-if-better", help="Promote it if every gate lets it; takes --by.")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="Who does it: a person, or a scheduler's name.")] = "",
    because: Annotated[str, typer.Option("--because", "--reason", help="Why.")] = "",
    as_json: AsJson = False,
) -> None:
    """Train a challenger, and say whether it may take the champion's place.

    The agreement and the settings are the champion's where nothing else is typed. Exit code 0 if it may
    (or was promoted), 8 if not, 9 if too few leads can tell; 6 if there is too little to learn from, 3 if
    the data or a column that knows the future is refused. Example: readiness retrain --data data/sample
    For a scheduler: readiness retrain --data DIR --promote-if-better --by cron --because weekly
    """
    may_write(out)
    if promote_if_better and not by.strip():
        raise typer.BadParameter("say who promotes, such as --by cron", param_hint="--promote-if-better")
    typed = Typed(agreement, seed, exclude, waive)
    with refusing(as_json), progress() as tell:
        tell("Reading and checking the tables", 0.0)
        tables = folder.read(data)
        typed.must_name(tables)
        tell("Opening the registry", 0.0)
        registry = Registry.open(models=models)
        done = _retrained(
            tables, registry, models, typed, challenger, out, Asked(promote_if_better, by, because), tell
        )
    if isinstance(done, TooLittle):
        show_too_little(done, as_json)
        raise typer.Exit(TOO_LITTLE)
    if as_json:
        for_programs(_told(done, out))
    else:
        show(done, models, out)
    raise typer.Exit(EXIT[done.challenge.verdict])


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of the recipe; None is the champion's."""

    agreement: Path | None
    seed: int | None
    exclude: list[str] | None
    waive: list[str] | None

    def must_name(self, tables: Tables) -> None:
        """Refuse names that match nothing in the tables.

        Raises
        ------
        typer.BadParameter
            With the nearest names that do.
        """
        exclusions.check(tables, tuple(self.exclude or ()))
        exclusions.check_waived(tables, tuple(self.waive or ()), tuple(self.exclude or ()))

    def recipe(self, champion: Bundle | None) -> tuple[Agreed, TrainingSettings]:
        """Return agreement and settings: as typed, else the champion's, else the standard ones.

        Raises
        ------
        AgreementError
            If the agreement cannot be read.
        """
        usual = TrainingSettings() if champion is None else settings_from(champion.provenance.settings)
        settings = replace(
            usual,
            seed=usual.seed if self.seed is None else self.seed,
            exclude=usual.exclude if self.exclude is None else tuple(self.exclude),
            waive=usual.waive if self.waive is None else tuple(self.waive),
        )
        if self.agreement is None and champion is not None:
            return Agreed(
                champion.agreement, champion.agreement_text, Path(champion.agreement.name)
            ), settings
        return agreed_in(self.agreement), settings


def _retrained(
    tables: Tables,
    registry: Registry,
    models: Path,
    typed: Typed,
    version: str | None,
    out: Path,
    asked: Asked,
    tell: Progress,
) -> Retrained | TooLittle:
    champion = _champion(registry)
    held = None if champion is None else _opened(registry, champion, models, tell)
    judgement, standing = None, None
    if version is not None:
        must_exist(registry, version)
    else:
        agreed, settings = typed.recipe(held)
        run = learn(tables, agreed, settings, tell)
        if isinstance(run, TooLittle):
            return run
        version = keep(run, tables, agreed, registry, out, tell).version
        judgement, standing = run.judgement, run.standing
    found = _challenged(registry, models, tables, version, held, standing, tell)
    at, by, why = now(), asked.by or _NOBODY, asked.because
    registry.keep_challenge(version, found.to_dict(), at=at)
    registry.promote(version, at=at, alias=CHALLENGER, by=by, reason=why)
    # What came out the same to the byte is in use already: promoted again, going back would lead nowhere.
    promoted = asked.promote and found.verdict == "yes" and not _in_use(found)
    if promoted:
        registry.promote(version, at=at, by=by, reason=why)
    return Retrained(version, found, None if champion is None else champion.version, promoted, judgement)


def _in_use(found: Challenge) -> bool:
    return found.challenger == found.champion


def _champion(registry: Registry) -> Version | None:
    try:
        return registry.champion()
    except NoChampionError:
        return None


def _opened(registry: Registry, version: Version, models: Path, tell: Progress) -> Bundle:
    tell("Checking the bundles", 0.0)
    path = registry.fetch(version.version, models / "bundles")
    return artefact.open_bundle(path, name=version.bundle)


def _challenged(
    registry: Registry,
    models: Path,
    tables: Tables,
    version: str,
    champion: Bundle | None,
    standing: Standing | None,
    tell: Progress,
) -> Challenge:
    bundle = _opened(registry, registry.version(version), models, tell)
    return challenge(
        tables,
        Contender.of(bundle),
        None if champion is None else Contender.of(champion),
        standing=standing,
        progress=tell,
    )


def _told(done: Retrained, out: Path) -> dict[str, Any]:
    return {
        "version": done.version,
        "champion": done.champion,
        "promote": done.challenge.verdict,
        "promoted": done.promoted,
        "in_use": _in_use(done.challenge),
        "report": None if done.judgement is None else str(out),
        "challenge": done.challenge.to_dict(),
        "judgement": None if done.judgement is None else done.judgement.to_dict(),
    }


def show(done: Retrained, models: Path, out: Path) -> None:
    """Print what came of it: the judgement, the gates, and whether there is anything to promote."""
    if done.judgement is not None:
        show_judgement(done.judgement)
    show_gates(done.challenge)
    verdict = done.challenge.verdict
    if _in_use(done.challenge):
        say("Promote: nothing to promote", "bold yellow")
        say("It is the champion's bundle to the byte: neither the data nor the settings have changed.")
    else:
        say(f"Promote: {PROMOTE[verdict]}", f"bold {_COLOURS[verdict]}")
    say(f"Version {done.version} is kept as the challenger, with what every gate measured.")
    if done.judgement is not None:
        verbatim(f"Report: {out}")
    if done.promoted:
        say(f"Version {done.version} is the champion now.", "green")
        say_pull(models)
    elif verdict == "yes" and not _in_use(done.challenge):
        verbatim(f"Next: readiness promote {done.version} --by YOU --reason WHY", "bold")


_WIDE: Final = 130
"""Columns from which on the sentences fit beside their gates."""


def show_gates(found: Challenge) -> None:
    """Print every gate with what was measured and required; below, why those that are not open are not."""
    say(found.sentence)
    say()
    wide = console.width >= _WIDE
    rows = [
        (
            gate.code,
            gate.measured_text(),
            gate.required_text(),
            OUTCOMES[gate.outcome],
            *([gate.sentence] if wide else []),
        )
        for gate in found.gates
    ]
    columns = ("gate", "measured", "required", "outcome", *(["what that says"] if wide else []))
    table("Gates", columns, rows, right=2)
    say()
    for gate in found.gates:
        if not wide and gate.outcome in ("refused", "too_few"):
            note(gate.code, gate.sentence, wide=19)
