"""Who may be called, and two workers over one database that say so."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from serve.app import create_app
from serve.database import Database
from serve.database.settings import DatabaseSettings
from serve.examples import SCORE_REQUESTS
from serve.settings import Settings
from tests.serve.conftest import NOW, Client, bundle_named
from tests.serve.suppression_places import File, Place

_DEMO: Final[dict[str, Any]] = SCORE_REQUESTS["a lead that asked for a demo"]["value"]  # type: ignore[typeddict-item]
_MEMORY: Final = Path("/dev/shm")  # noqa: S108


@dataclass(frozen=True)
class Person:
    """Who a lead is, each value in the one spelling that is compared."""

    lead_id: str
    email: str
    phone: str
    company_domain: str


PEOPLE: Final = (
    Person("L-1", "ann@acme.example", "+442079460018", "acme.example"),
    Person("L-2", "bo@shop.acme.example", "+442079460018 ext 5", "shop.acme.example"),
    Person("L-3", "ann@other.co.uk", "+442079460019", "other.co.uk"),
    Person("L-1#2", "ann+x@acme.example", "+442079460020", "acme2.example"),
    Person("L-5", "cy@gmail.com", "+442079460021", "third.co.uk"),
)


def bars(kind: str, value: str, person: Person) -> bool:
    """Say, with nothing but texts, whether an entry bars a person."""
    if kind == "lead_id":
        return value.partition("#")[0] == person.lead_id.partition("#")[0]
    if kind == "email":
        return value == person.email
    if kind == "phone":
        return value in (person.phone, person.phone.partition(" ")[0])
    domains = (person.company_domain, person.email.partition("@")[2])
    return any(domain == value or domain.endswith(f".{value}") for domain in domains)


def request_of(person: Person) -> dict[str, Any]:
    """Return a request for this person that is handed over unless it must not be called."""
    request = copy.deepcopy(_DEMO)
    request["lead"] |= {name: getattr(person, name) for name in Person.__dataclass_fields__}
    return request


class World:
    """One database and two workers that outlive a run: a run begins with an empty list.

    Parameters
    ----------
    place : Place, optional
        Where the database lies; by default in a file of its own.
    """

    def __init__(self, place: Place | None = None) -> None:
        # In memory where that can be: what a disk does when it is asked to write is tried elsewhere.
        self.folder = TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)
        here = Path(self.folder.name)
        self.place = place or File(here)
        self.published = here / "published"
        self.published.mkdir()
        self.rest: dict[str, Any] = {
            **self.place.settings,
            "published": self.published,
            "jobs_folder": here / "jobs",
            "jobs_at_once": 0,
            "audit_folder": here / "audit",
        }
        self.workers = [self.started(), self.started()]
        # Started while the database was away: whether there are keys is not known, so nobody is let in.
        self.shut: set[int] = set()

    def started(self) -> Client:
        app = create_app(
            Settings(**self.rest), clock=lambda: NOW, open_bundle=lambda _, name: bundle_named(name)
        )
        return Client(app).__enter__()

    def opened(self) -> Database:
        """Open the database as a command does."""
        return Database(DatabaseSettings(**self.place.settings), make=False)

    def close(self) -> None:
        for worker in self.workers:
            worker.__exit__()
        self.folder.cleanup()
