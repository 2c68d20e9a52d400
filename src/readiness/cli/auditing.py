"""Verify the audit of answers, answer again from it, and erase what it holds of a lead."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import SecretStr, ValidationError

from readiness.cli.options import AsJson
from readiness.cli.screen import complain, for_programs, progress, say, table
from readiness.clock import now
from readiness.counting import counted
from readiness.errors import StoreError
from readiness.progress import Progress
from serve.audit import chain as chains
from serve.auditing import erasing, verifying
from serve.auditing.moving import move_left_behind
from serve.auditing.verifying import Finding, Verified
from serve.database import AuditStore, Database
from serve.database.audit_rows import Kept
from serve.database.place import audit_folder
from serve.database.settings import DatabaseSettings

NOT_AS_WRITTEN: Final = 7
"""The exit code when the audit does not verify, or an answer given again differs."""

_SHOWN: Final = 20

_commands = typer.Typer(
    help="Verify the audit of answers, answer again from it, and erase what it holds of a lead.\n\n"
    "Example: readiness audit verify --store sqlite:///models/service.sqlite",
    epilog=f"Exit codes: 0 all is as it was written, {NOT_AS_WRITTEN} something is not, 5 the database "
    "cannot be used.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Store = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="The database; default: READINESS_DATABASE_URL."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(_commands, name="audit")


@_commands.command()
def verify(store: Store = None, as_json: AsJson = False) -> None:
    """Walk all chains of the audit, and say where the first bad entry of each is and what is wrong with it.

    Exit code 0: every entry is as it was written; 7: not. That somebody put the whole database back to an
    earlier state of itself cannot be seen. Example: readiness audit verify
    """
    settings = _settings(store)
    kept = _opened(settings)
    waiting = _moved(settings, kept)
    with progress() as tell:
        tell("verifying", 0.0)
        verified = verifying.verify(kept)
    if as_json:
        for_programs({**_facts(verified), "waiting_bytes": waiting})
    else:
        _tell(verified, waiting)
    if verified.findings:
        raise typer.Exit(NOT_AS_WRITTEN)


@_commands.command()
def replay(
    store: Store = None,
    bundles: Annotated[
        Path,
        typer.Option(help="The folder that holds the bundles, those no longer in use too.", file_okay=False),
    ] = Path("models/published"),
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the newest answers, so many. Default: all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Answer again with the bundle and the agreement that each entry names, and compare to the bit.

    What cannot be answered again (its bundle is gone, its payload was erased) is counted, with why. Exit code
    0: no answer differs; 7: some do. Example: readiness audit replay --limit 1000
    """
    # By name: the road that answers is the service's, and the command line depends on no web framework.
    again = importlib.import_module("serve.auditing.again")
    settings = _settings(store)
    kept = _opened(settings)
    _moved(settings, kept)
    with progress() as tell:
        entries = verifying.every(kept) if limit is None else iter(kept.newest(limit))
        found = again.replay(again.Again(kept, bundles), _counted(entries, tell))
    if as_json:
        for_programs({"same": found.same, "differing": found.differing, "not_replayed": found.skipped})
    else:
        total = found.same + len(found.differing)
        say(f"{counted(total, 'answer')} given again: {found.same} the same to the bit.")
        for because, number in sorted(found.skipped.items()):
            say(f"{counted(number, 'answer')} could not be given again: {because}.")
        if found.differing:
            complain(f"{counted(len(found.differing), 'answer')} differ: {_some(found.differing)}")
    if found.differing:
        raise typer.Exit(NOT_AS_WRITTEN)


@_commands.command()
def erase(
    lead: Annotated[str, typer.Option("--lead", metavar="ID", help="The lead's id, as it was sent.")],
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Erase what the audit holds of a lead: what was asked and answered. The chains verify still.

    Answers up to now that a running service has not moved to the database yet are erased as they come in.
    A PostgreSQL gives the room back, and backups forget, in their own time.
    Example: readiness audit erase --lead L-10482
    """
    settings = _settings(store)
    kept = _opened(settings)
    _moved(settings, kept)
    erased = erasing.erase(kept, lead, at=now())
    if as_json:
        for_programs({"erased": erased})
    else:
        say(f"What was asked and answered is erased of {counted(erased, 'answer')} to this lead.")


def _settings(store: str | None) -> DatabaseSettings:
    try:
        given = {} if store is None else {"database_url": SecretStr(store)}
        return DatabaseSettings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise StoreError(f"The settings of the database are wrong: {error}") from error


def _opened(settings: DatabaseSettings) -> AuditStore:
    return AuditStore(Database(settings, make=False))


def _moved(settings: DatabaseSettings, store: AuditStore) -> int:
    """Move what processes that are gone left; return how many bytes of those that run still wait."""
    folder = audit_folder(settings)
    if not folder.is_dir():
        return 0
    for _ in move_left_behind(folder, store, at=now()):
        pass
    return sum(path.stat().st_size for path in chains.waiting(folder) if path.exists())


def _counted(entries: Iterator[Kept], tell: Progress) -> Iterator[Kept]:
    for kept in entries:
        tell("answering again", 0.0)
        yield kept


def _tell(verified: Verified, waiting: int) -> None:
    say(
        f"{counted(verified.entries, 'entry', 'entries')} in {counted(verified.chains, 'chain')}; "
        f"{verified.erased} of them erased."
    )
    if waiting:
        say(f"{waiting} bytes are not in the database yet: a service that runs moves them within seconds.")
    if verified.torn:
        say(f"{verified.torn} bytes of entries were not written to their end: their answers never left.")
    if not verified.findings:
        say("All is as it was written.")
        return
    shown = verified.findings[:_SHOWN]
    table("Not as it was written", ["chain", "entry", "answer", "what"], [_row(each) for each in shown])
    if len(verified.findings) > _SHOWN:
        complain(f"… and {len(verified.findings) - _SHOWN} more.")


def _row(finding: Finding) -> list[str]:
    number = "" if finding.sequence is None else str(finding.sequence)
    return [finding.chain or "all", number, finding.assessment_id or "", str(finding)]


def _facts(verified: Verified) -> dict[str, Any]:
    return {
        "chains": verified.chains,
        "entries": verified.entries,
        "erased": verified.erased,
        "torn_bytes": verified.torn,
        "findings": [
            {
                "what": each.what,
                "chain": each.chain,
                "sequence": each.sequence,
                "assessment_id": each.assessment_id,
                "because": str(each),
            }
            for each in verified.findings
        ],
    }


def _some(ids: Sequence[str]) -> str:
    more = len(ids) - _SHOWN
    return ", ".join(ids[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
