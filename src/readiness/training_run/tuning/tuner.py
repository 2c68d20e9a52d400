"""How a training run has other settings tried, whoever proposes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Protocol

import readiness
from readiness.agreement.document import Agreement
from readiness.artefact.provenance import installed_libraries
from readiness.crm.fingerprint import fingerprint
from readiness.crm.tables import Flags, Tables
from readiness.progress import Progress
from readiness.training_run.forecasts import unfitted
from readiness.training_run.settings import TrainingSettings
from readiness.training_run.tuning.found import Found
from readiness.training_run.tuning.knobs import Knob, knobs_of
from readiness.training_run.tuning.losses import Losses
from readiness.training_run.tuning.rehearsals import rehearsals, rehearse

_OF_JUDGING: Final = frozenset({"replicates", "importance", "thorough"})
"""Settings that no loss of a rehearsal depends on."""
_LEARNING: Final = ("crm", "history", "agreement", "learning", "training_run")


class Tuner(Protocol):
    """Proposes settings, has them tried, and says which to take."""

    def __call__(
        self,
        lose: Callable[[Mapping[str, Any]], Losses],
        knobs: Sequence[Knob],
        *,
        key: str,
        seed: int,
        progress: Progress,
    ) -> Found:
        """Try settings by ``lose``, which says what given ones lose, lead by lead.

        ``key`` names what is being tried on what: under it, what was tried before may be taken up.
        """


def tune(
    tuner: Tuner,
    tables: Tables,
    agreement: Agreement,
    settings: TrainingSettings,
    progress: Progress,
    rows: Flags | None = None,
) -> Found:
    """Have other settings than the defaults tried on rehearsals within these tables.

    Parameters
    ----------
    tables : Tables
        As known where the run stands.
    rows : Flags, leads, optional
        In undated tables: the leads that may be looked at.
    """
    progress("preparing to try settings", 0.0)
    made = rehearsals(tables, agreement, settings, rows)
    if not made:
        return Found()
    horizon = agreement.horizon_days if tables.dated else None
    knobs = knobs_of(unfitted(horizon, settings), dated=tables.dated)

    def lose(estimator: Mapping[str, Any]) -> Losses:
        return rehearse(made, estimator, horizon, settings)

    key = _key(tables, agreement, settings, knobs)
    return tuner(lose, knobs, key=key, seed=settings.seed, progress=progress)


def _key(tables: Tables, agreement: Agreement, settings: TrainingSettings, knobs: tuple[Knob, ...]) -> str:
    """Name all that a loss depends on: what was tried before counts only where all of it is the same."""
    content = {
        "data": fingerprint(tables),
        "agreement": agreement.fingerprint,
        "settings": {name: value for name, value in settings.to_dict().items() if name not in _OF_JUDGING},
        "knobs": [asdict(knob) for knob in knobs],
        "libraries": {**installed_libraries(), "optuna": version("optuna")},
        "code": _code(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _code() -> str:
    """Return what identifies the code that learns: a version may stand for several in development."""
    package = Path(readiness.__file__).parent
    digest = hashlib.sha256(readiness.__version__.encode())
    for part in _LEARNING:
        for source in sorted((package / part).rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()
