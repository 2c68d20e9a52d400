"""Where a database is; its password is never shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_ADDRESS: Final = re.compile(r"^[A-Za-z][A-Za-z0-9_+]*://")


@dataclass(frozen=True, slots=True)
class Database:
    """A database, by its SQLAlchemy URL such as ``sqlite:///crm.db`` or ``postgresql+psycopg://…``."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        """Return the address without what follows its kind: ``postgresql://…``."""
        return f"{self.url.partition('://')[0]}://…"

    @property
    def name(self) -> str:
        """What messages call it: nothing of the address but its kind.

        >>> Database("postgresql+psycopg://me:secret@host/crm").name
        'the postgresql database'
        """
        return f"the {self.url.partition(':')[0].partition('+')[0]} database"


def source_of(said: str) -> Path | Database:
    """Return the file, folder or database that somebody named.

    >>> source_of("exports/leads.csv").name, source_of("sqlite:///crm.db").name
    ('leads.csv', 'the sqlite database')
    """
    return Database(said) if _ADDRESS.match(said) else Path(said)
