"""Memory that was used and is free again, given back to the machine before more is asked for."""

from __future__ import annotations

import pyarrow as pa


def give_back() -> None:
    """Give back what Arrow keeps for later use: for a big export a gigabyte or two, right before a peak."""
    pa.default_memory_pool().release_unused()
