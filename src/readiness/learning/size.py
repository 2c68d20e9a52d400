"""How much work a score is: counted, not timed, so that the answer is the same wherever it is asked."""

from __future__ import annotations

import re
from typing import Final

from readiness.learning.incidence import IncidenceModel

_LEAVES: Final = re.compile(r"^num_leaves=(\d+)$", re.MULTILINE)


def leaves_of(model: IncidenceModel) -> int:
    """Return how many leaves all trees of a fitted model have together; 0 where it has no trees."""
    return sum(int(leaves) for tree in model.ensemble_.trees for leaves in _LEAVES.findall(tree.text))
