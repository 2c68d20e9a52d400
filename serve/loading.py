"""What a process that answers does without, though others would load it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

UNUSED: Final = ("sklearn", "pandas", "matplotlib", "dask")
"""LightGBM loads these wherever they are installed, for wrappers that nobody here uses."""


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let libraries seem not to be installed, to whoever is loaded meanwhile, so that a start is short.

    Those that were loaded before stay as they are. Only for the first moments of a process, before it has
    threads: another thread would miss the libraries too.
    """
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        # Python's own sign for a module that cannot be imported.
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules.get(name) is None:
                sys.modules.pop(name, None)
