"""Commands about who must not be called: put somebody on the list, read it, take somebody off."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from readiness.agreement.wording import date
from readiness.cli.models import MODELS, Models
from readiness.cli.options import AsJson
from readiness.cli.screen import for_programs, say, table
from readiness.cli.suppression_files import keys_in
from readiness.cli.suppression_lists import OWN, Store, open_store, own
from readiness.clock import now
from readiness.counting import counted
from readiness.crm.records import iso
from readiness.errors import StoreError
from readiness.scoring import Kind, suppression_keys
from serve.database import Entry, Given, Removal, SuppressionStore

_ABREAST = 1_000


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(rich_markup_mode=None, no_args_is_help=True, callback=suppress_commands)
    group.command("add")(add_command)
    group.command("list")(list_command)
    group.command("remove")(remove_command)
    app.add_typer(group, name="suppress")


def _within(letters: int) -> Callable[[str], str]:
    """Refuse what has more letters than the list keeps; not every database would."""

    def check(written: str) -> str:
        if len(written) > letters:
            raise typer.BadParameter(f"write at most {letters:,} letters")
        return written

    return check


def suppress_commands() -> None:
    """Say who must never be called, read that list, or take somebody off it.

    The list is the service's own. It keeps keys, not addresses. Example: readiness suppress add FILE
    """


def add_command(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A CSV with columns as in `score --suppressions`.", metavar="FILE", dir_okay=False
        ),
    ] = None,
    lead_id: Annotated[str | None, typer.Option(help="A lead's id.")] = None,
    email: Annotated[str | None, typer.Option(help="An e-mail address.")] = None,
    phone: Annotated[str | None, typer.Option(help="A phone number.")] = None,
    company_domain: Annotated[str | None, typer.Option(help="A company's domain.")] = None,
    source: Annotated[
        str, typer.Option(help="Where it comes from; name nobody in it.", callback=_within(200))
    ] = "typed by hand",
    store: Store = None,
    models: Models = MODELS,
    as_json: AsJson = False,
) -> None:
    """Put somebody, or everybody in a file, on the list of who must not be called.

    Sending the same again changes nothing. Example: readiness suppress add --email ann@acme.example
    """
    typed: dict[Kind, str | None] = {
        "lead_id": lead_id,
        "email": email,
        "phone": phone,
        "company_domain": company_domain,
    }
    if file is None and not any(typed.values()):
        raise typer.BadParameter("say who: a FILE, --lead-id, --email, --phone or --company-domain")
    opened = open_store(_place(store, models), make=True)
    keys = dict(keys_in(file, opened.hashing)) if file else {}
    for kind, value in typed.items():
        if value is not None:
            keys[_key(kind, value, opened)] = kind
    added = opened.add([Given(kind, key, source) for key, kind in keys.items()], at=now())
    new = sum(each.new for each in added)
    if as_json:
        for_programs({"added": new, "known": len(added) - new, "ids": [each.entry.id for each in added]})
        return
    known = f"; {counted(len(added) - new, 'more')} had been on it before" if len(added) > new else ""
    say(f"{counted(new, 'entry', 'entries')} put on the list{known}.", "green")


def list_command(
    removed: Annotated[
        bool, typer.Option("--removed", help="What was taken off it, by whom and why.")
    ] = False,
    store: Store = None,
    models: Models = MODELS,
    as_json: AsJson = False,
) -> None:
    """Show the list: number, kind, source and dates. Whose they are is kept nowhere.

    Example: readiness suppress list
    """
    opened = open_store(_there(store, models), make=False)
    if removed:
        _show_removals(opened, as_json=as_json)
        return
    entries: list[Entry] = []
    while part := opened.page(after=entries[-1].id if entries else 0, limit=_ABREAST):
        entries += part
    if as_json:
        for_programs({"suppressions": [_told(each) for each in entries]})
    elif entries:
        rows = [(str(each.id), each.kind, each.source, date(each.added_at)) for each in entries]
        table("Must not be called", ("number", "by", "source", "added"), rows)
    else:
        say("The list is empty.")


def remove_command(
    number: Annotated[int, typer.Argument(help="Its number on the list.", min=1, max=2**53)],
    by: Annotated[str, typer.Option(help="Who takes it off.", callback=_within(200))],
    reason: Annotated[str, typer.Option(help="Why; it is kept.", callback=_within(2_000))],
    store: Store = None,
    models: Models = MODELS,
) -> None:
    """Take an entry off the list; who did it, when and why is kept.

    Example: readiness suppress remove 17 --by "Ann, marketing operations" --reason "mistyped"
    """
    if not (by.strip() and reason.strip()):
        raise typer.BadParameter("say who takes it off and why", param_hint="--by, --reason")
    opened = open_store(_there(store, models), make=False)
    if opened.remove(number, by=by.strip(), reason=reason.strip(), at=now()) is None:
        raise typer.BadParameter(f"there is no number {number} on the list", param_hint="NUMBER")
    say(f"Number {number} is off the list.", "green")


def _key(kind: Kind, value: str, opened: SuppressionStore) -> bytes:
    (made,) = suppression_keys(kind, [value], opened.hashing)
    if made.key is None:
        raise typer.BadParameter(made.refused or "", param_hint=f"--{kind.replace('_', '-')}")
    return made.key


def _place(store: str | None, models: Path) -> str:
    return store or os.environ.get("READINESS_DATABASE_URL") or f"sqlite:///{models / OWN}"


def _there(store: str | None, models: Path) -> str:
    place = store or os.environ.get("READINESS_DATABASE_URL") or own(models)
    if place is None:
        raise StoreError(f"There is no list under {models}/ yet. Next: readiness suppress add")
    return place


def _show_removals(opened: SuppressionStore, *, as_json: bool) -> None:
    removals: list[Removal] = []
    while part := opened.removals(after=removals[-1].entry.id if removals else 0, limit=_ABREAST):
        removals += part
    if as_json:
        for_programs(
            {
                "removals": [
                    _told(each.entry)
                    | {
                        "removed_at": iso(each.removed_at),
                        "removed_by": each.removed_by,
                        "reason": each.reason,
                    }
                    for each in removals
                ]
            }
        )
    elif removals:
        rows = [
            (str(each.entry.id), each.entry.kind, date(each.removed_at), each.removed_by, each.reason)
            for each in removals
        ]
        table("Taken off the list", ("number", "by", "removed", "who", "why"), rows)
    else:
        say("Nothing was ever taken off the list.")


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "source": entry.source,
        "since": None if entry.since is None else iso(entry.since),
        "added_at": iso(entry.added_at),
    }
