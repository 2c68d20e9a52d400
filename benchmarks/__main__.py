"""`python -m benchmarks bench [NAME…]` measures; `… prove [AREA…]` gathers long evidence."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Sequence
from typing import Final

from benchmarks import evidence

BENCH: Final = (
    "feature_kernel",
    "assessment",
    "agreement",
    "backtest",
    "leads_now",
    "simulate",
    "import_scale",
    "learner",
    "service",
    "report",
)
PROVE: Final = (
    "history",
    "agreement",
    "backtest",
    "sales",
    "artefact",
    "skill",
    "metrics",
    "leakage",
    "calibration",
    "truth",
    "little",
    "levels",
    "bundles",
    "uci",
    "autogluon",
    "faithful",
    "selection",
    "import",
    "import_kills",
    "signifiers",
    "referrals",
    "suggest",
    "challenge",
    "suppression",
    "overload",
    "swap",
    "jobs",
    "replay",
    "fuzz",
    "crash",
    "soak",
    "drift",
)


def main(arguments: Sequence[str]) -> int:
    """Run the areas named, or all of them: print each table and write it down."""
    if not arguments or arguments[0] not in {"bench", "prove"}:
        print("usage: python -m benchmarks bench|prove [NAME …]", file=sys.stderr)
        return 2
    kind, *chosen = arguments
    known = BENCH if kind == "bench" else PROVE
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"no {kind} area named {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in chosen or known:
        module = importlib.import_module(f"benchmarks.{name if kind == 'bench' else f'prove_{name}'}")
        began = time.perf_counter()
        rows, sentence = module.measure()
        section = evidence.record(module.TITLE, f"python -m benchmarks {kind} {name}", rows, sentence)
        print(section)
        print(f"({name}: {time.perf_counter() - began:.0f} s; written to {evidence.EVIDENCE.name})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
