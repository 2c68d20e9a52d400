"""Exports that a mapping which ships with the product already reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatch

from readiness import shipped
from readiness.crm.mapping.document import File, Mapping
from readiness.crm.mapping.reading import load
from readiness.crm.mapping.suggesting.profiles import Sheet
from readiness.crm.sources import find_column


def shipped_for(sheets: Sequence[Sheet]) -> list[str]:
    """Return the names of the shipped mappings that fit these files.

    One fits if every file that it needs is there by its name, and the leads' file has all columns
    that it reads.
    """
    return [
        path.stem for path in sorted(shipped.mapping("x").parent.glob("*.yaml")) if _fits(load(path), sheets)
    ]


def _fits(mapping: Mapping, sheets: Sequence[Sheet]) -> bool:
    there = {name: list(_matching(file, sheets)) for name, file in mapping.files.items()}
    if any(not there[name] for name, file in mapping.files.items() if not file.optional):
        return False
    for feed in mapping.leads:
        joined = {
            join.prefix + name for join in feed.join for sheet in there[join.file] for name in sheet.profiles
        }
        optional = mapping.files[feed.file].optional_columns
        specs = [*feed.columns.values(), *feed.attributes.values()]
        specs += [spec for end in mapping.outcomes if end.file == feed.file for spec in end.columns.values()]
        needed = {spec.column for spec in specs if spec.column and spec.column not in optional}
        for sheet in there[feed.file]:
            names = [*sheet.profiles, *joined]
            if needed and all(find_column(name, names) is not None for name in needed):
                return True
    return False


def _matching(file: File, sheets: Sequence[Sheet]) -> Iterator[Sheet]:
    # A pattern with a folder in it speaks of files that lie elsewhere than those given.
    patterns = [pattern.strip() for pattern in file.path.split("|") if "/" not in pattern]
    return (sheet for sheet in sheets if any(fnmatch(sheet.path, pattern) for pattern in patterns))
