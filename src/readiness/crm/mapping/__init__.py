"""A mapping: how one CRM's export becomes our tables, written down instead of programmed."""

from readiness.crm.mapping.appending import append
from readiness.crm.mapping.document import Mapping
from readiness.crm.mapping.importing import apply
from readiness.crm.mapping.reading import load, parse, schema

__all__ = ["Mapping", "append", "apply", "load", "parse", "schema"]
