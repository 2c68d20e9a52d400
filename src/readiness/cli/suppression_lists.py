"""Which list of who must not be called a command reads: a file's, a database's, or, if said by name, none."""

from __future__ import annotations

import os
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from pydantic import ValidationError

from readiness.cli.suppression_files import keys_in
from readiness.crm.identities import phone_region
from readiness.crm.tables import Tables
from readiness.errors import StoreError
from readiness.scoring import Hashing, Suppressions, lead_keys, looked_up, not_looked_up

if TYPE_CHECKING:
    from serve.database import SuppressionStore

OWN: Final = "service.sqlite"
"""The service's own database, under models/, unless READINESS_DATABASE_URL names another."""

NO_LIST: Final = "No list of who must not be called was given."
_NAME_ONE: Final = (
    f"{NO_LIST} So nobody is handed over: name one with --suppressions FILE or --store URL, or say "
    "--no-suppressions; `readiness suppress add --email ann@example.com --source phone` begins one."
)
_AS_YOU_SAID: Final = "No list of who must not be called was looked at, as you said."

ListFile = Annotated[
    Path | None,
    typer.Option(
        "--suppressions",
        metavar="FILE",
        dir_okay=False,
        help="Who must not be called: a CSV with the columns kind and value, or any of lead_id, email, phone "
        "and company_domain.",
    ),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="The service's database, which knows who must not be called; default: READINESS_DATABASE_URL, "
        "or models/service.sqlite if it is there.",
    ),
]
NoList = Annotated[
    bool, typer.Option("--no-suppressions", help="Advise hand-overs although no such list is looked at.")
]


@dataclass(frozen=True, slots=True)
class Choice:
    """The list that a command was told to read, if any."""

    hashing: Hashing | None = None
    keys: AbstractSet[bytes] = frozenset()
    remark: str | None = None
    """What the reader of the answers should know, in a sentence."""
    none: bool = False
    """Whether it was said by name that no list is read."""

    def look_up(self, tables: Tables) -> Suppressions | None:
        """Say who of the leads is on the list; None if no list is read, as was said by name."""
        if self.none:
            return None
        if self.hashing is None:
            return not_looked_up(tables, NO_LIST)
        return looked_up(lead_keys(tables, self.hashing), self.keys)


def choose(*, file: Path | None, store: str | None, none: bool, models: Path) -> Choice:
    """Read the list that was asked for; without any, the service's own if there is one.

    Raises
    ------
    typer.BadParameter
        If more than one is asked for, or a setting is wrong.
    DataError
        If a line of the file names nobody.
    StoreError
        If the file or the database cannot be read.
    """
    if sum((file is not None, store is not None, none)) > 1:
        raise typer.BadParameter(
            "these exclude each other", param_hint="--suppressions, --store, --no-suppressions"
        )
    if none:
        return Choice(none=True, remark=_AS_YOU_SAID)
    if file is not None:
        # Nothing of it is kept: the secret only has to be the same for the file and the leads.
        hashing = Hashing(b"a file, read once", _region())
        return Choice(hashing, keys_in(file, hashing).keys())
    place = store or os.environ.get("READINESS_DATABASE_URL") or own(models)
    if place is None:
        return Choice(remark=_NAME_ONE)
    opened = open_store(place, make=False)
    return Choice(opened.hashing, opened.every_key())


def listed(models: Path) -> bool:
    """Say whether there is a database that may know who must not be called."""
    return bool(os.environ.get("READINESS_DATABASE_URL")) or own(models) is not None


def own(models: Path) -> str | None:
    """Return the address of the service's own database, if it is there."""
    file = models / OWN
    return f"sqlite:///{file}" if file.exists() else None


def _region() -> str | None:
    try:
        return phone_region(os.environ.get("READINESS_PHONE_REGION"))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="READINESS_PHONE_REGION") from None


def open_store(place: str, *, make: bool) -> SuppressionStore:
    """Open the list in a database; its libraries are loaded only now, and only where a database is used.

    Raises
    ------
    typer.BadParameter
        If a setting of the database is wrong.
    StoreError
        If it cannot be used, or its libraries are not installed.
    """
    try:
        database, settings = import_module("serve.database"), import_module("serve.database.settings")
    except ModuleNotFoundError as error:
        raise StoreError(
            f"The library {error.name} is missing, and without it the database cannot be read. "
            "Install readiness[serve], or give the list as a file with --suppressions."
        ) from error
    try:
        chosen = settings.DatabaseSettings(database_url=place)
    except ValidationError as error:
        said = "; ".join(one["msg"].removeprefix("Value error, ") for one in error.errors())
        raise typer.BadParameter(said, param_hint="--store") from None
    store: SuppressionStore = database.SuppressionStore(
        database.Database(chosen, make=make), region=chosen.phone_region
    )
    return store
