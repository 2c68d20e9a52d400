"""Reading any export: files of several formats and databases, as Arrow tables whose rows know their line."""

from readiness.crm.sources.database_url import Database, source_of
from readiness.crm.sources.layout import Layout
from readiness.crm.sources.naming import find_column
from readiness.crm.sources.opening import open_database, open_source, scan_source, sheets_of, tables_of

__all__ = [
    "Database",
    "Layout",
    "find_column",
    "open_database",
    "open_source",
    "scan_source",
    "sheets_of",
    "source_of",
    "tables_of",
]
