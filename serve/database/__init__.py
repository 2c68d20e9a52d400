"""The service's database: who must not be called, and later what else must outlast the process."""

from serve.database.opened import Database, Place, place_of
from serve.database.suppressions import Added, Entry, Given, Removal, SuppressionStore

__all__ = ["Added", "Database", "Entry", "Given", "Place", "Removal", "SuppressionStore", "place_of"]
