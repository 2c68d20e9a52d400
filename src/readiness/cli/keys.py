"""Make, list and revoke the keys with which programs ask the service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer

from readiness.cli.options import AsJson
from readiness.cli.screen import complain, for_programs, say, table, verbatim
from readiness.clock import now
from readiness.crm.records import MICROSECONDS_PER_DAY, Instant, iso
from readiness.errors import StoreError
from serve.database import Database, KeyStore
from serve.database.settings import DatabaseSettings
from serve.security.keys import Key, make
from serve.security.rights import EVERYTHING, Right

FIRST_KEY: Final = (
    "This is the first key. From now on every program needs one, on this machine too, and the page at / is "
    "closed, also after a revoke: start the service with READINESS_OPEN_ACCESS=true to open it again."
)
"""What nobody expects who only wanted to let one program in."""

_commands = typer.Typer(
    help="Make, list and revoke the keys with which programs ask the service.\n\n"
    'Example: readiness keys create "CRM sync" --may score --days 365',
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(_commands, name="keys")


@_commands.command()
def create(
    name: Annotated[str, typer.Argument(help="Which program it is for, such as its name; never a person's.")],
    may: Annotated[
        list[str], typer.Option(help="What it may do: score, read or admin. May be given more than once.")
    ],
    days: Annotated[
        int | None, typer.Option(min=1, max=3_650, help="After how many days it expires. Default: never.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key. It is shown once: only its digest is kept.

    Example: readiness keys create "Salesforce sync" --may score --may read --days 365
    """
    at = now()
    expires = None if days is None else at + days * MICROSECONDS_PER_DAY
    written, key = make(_named(name), _rights(may), at=at, expires_at=expires)
    kept = _kept()
    closes = None if kept.all() else FIRST_KEY
    kept.add(key)
    if as_json:
        for_programs({"key": written, **_facts(key, at), "closes": closes})
        return
    verbatim(written)
    complain("It is not shown again. Send it as the header  Authorization: Bearer KEY")
    if closes:
        complain(closes)


@_commands.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List all keys: what each may do, and whether it opens the door now.

    Example: readiness keys list
    """
    at = now()
    found = [_facts(key, at) for key in _kept().all()]
    if as_json:
        for_programs(found)
    elif not found:
        say("There are no keys yet: make one with `readiness keys create`.")
    else:
        table("Keys", ["id", "name", "may", "state", "made", "expires", "last used"], _rows(found))


@_commands.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="Its id, as `readiness keys list` shows it.")],
) -> None:
    """Revoke a key. Running services stop letting it in within seconds.

    Example: readiness keys revoke 4f1c09a2b7de
    """
    if not _kept().revoke(key_id, now()):
        raise typer.BadParameter("no key with this id is in force; `readiness keys list` shows all.")
    say(f"Key {key_id} opens nothing any more.")


def _named(name: str) -> str:
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise typer.BadParameter("the name must be 1 to 100 letters that can be printed.")
    return name


def _rights(may: Sequence[str]) -> list[Right]:
    known = [right for right in EVERYTHING if right in may]
    if not may or len(known) != len(set(may)):
        raise typer.BadParameter("--may takes score, read or admin.")
    return known


def _kept() -> KeyStore:
    try:
        return KeyStore(Database(DatabaseSettings(), with_secret=False))
    except ValueError as error:
        raise StoreError(f"The settings of the database are wrong: {error}") from error


def _facts(key: Key, at: Instant) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "may": sorted(key.rights),
        "state": key.refused(at) or "opens",
        "created_at": iso(key.created_at),
        "expires_at": None if key.expires_at is None else iso(key.expires_at),
        "revoked_at": None if key.revoked_at is None else iso(key.revoked_at),
        "last_used_at": None if key.last_used_at is None else iso(key.last_used_at),
    }


def _rows(found: Sequence[dict[str, Any]]) -> list[list[str]]:
    return [
        [
            one["id"],
            one["name"],
            ", ".join(one["may"]),
            one["state"],
            one["created_at"][:10],
            (one["expires_at"] or "never")[:10],
            (one["last_used_at"] or "never")[:10],
        ]
        for one in found
    ]
