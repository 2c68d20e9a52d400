"""A training run written into the store: parameters, figures, report, and its bundle as the next version."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from readiness.artefact import Bundle
from readiness.registry import flavour
from readiness.registry.card import card_of
from readiness.registry.curves import points_of
from readiness.registry.entry import BUNDLE_TAG, as_table, entry_of, figures_of
from readiness.registry.kept import MODEL, MODEL_PATH, learned_tags
from readiness.registry.kept_reports import TRAINED_TAG, keep_trained
from readiness.registry.store import Store

CARD: Final = "model_card.md"
FIGURES: Final = "figures.csv"
"""Every figure of the judgement; the run's metrics are those by which runs are compared."""
_NOTE: Final = "mlflow.note.content"
_LONGEST_NOTE: Final = 7_900
"""Letters that every store takes; the whole card lies beside the run."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a training run was kept."""

    run_id: str
    version: str


def record(
    store: Store, opened: Bundle, bundle: Path, report: Mapping[str, bytes] | None, *, first: bool
) -> Recorded:
    """Keep an opened bundle, which lies at ``bundle``, as a run and as the next version of the model.

    Parameters
    ----------
    first : bool
        Whether the store has no version of the model yet.

    Raises
    ------
    MlflowException and others of the store
        The run is then marked as failed.
    """
    with _run(store, opened) as run_id:
        flavour.log_data(store.client, run_id, opened.provenance)
        flavour.log_curves(store.client, run_id, points_of(opened.judgement or {}))
        keep_text(store, run_id, FIGURES, as_table(figures_of(opened.judgement or {})))
        keep_card(store, run_id, card_of(opened))
        tags = {BUNDLE_TAG: opened.name, **learned_tags(opened.provenance)}
        if report:
            tags[TRAINED_TAG] = keep_trained(store, run_id, report)
        with tempfile.TemporaryDirectory() as aside:
            flavour.save(opened, bundle, Path(aside) / MODEL_PATH)
            store.client.log_artifacts(run_id, str(Path(aside) / MODEL_PATH), MODEL_PATH)
        return Recorded(run_id, _new_version(store, run_id, tags, first=first))


def keep_card(store: Store, run_id: str, card: str) -> None:
    """Keep a model card with its run, in place of an older one, and show it where the store shows a run."""
    keep_text(store, run_id, CARD, card)
    store.client.set_tag(run_id, _NOTE, card[:_LONGEST_NOTE])


def keep_text(store: Store, run_id: str, name: str, text: str) -> None:
    """Keep a text with a run as a file of this name."""
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / name
        path.write_text(text, encoding="utf-8")
        store.client.log_artifact(run_id, str(path))


def _new_version(store: Store, run_id: str, tags: Mapping[str, str], *, first: bool) -> str:
    client = store.client
    if first:
        client.create_registered_model(MODEL, description="Which leads are worth a call.")
    source = f"runs:/{run_id}/{MODEL_PATH}"
    return str(client.create_model_version(MODEL, source, run_id, tags=dict(tags)).version)


@contextmanager
def _run(store: Store, bundle: Bundle) -> Iterator[str]:
    client, entry = store.client, entry_of(bundle)
    run = client.create_run(store.experiment, tags=dict(entry.tags), run_name=bundle.name[:12])
    run_id = run.info.run_id
    try:
        for name, value in entry.parameters.items():
            client.log_param(run_id, name, value)
        flavour.log_metrics(client, run_id, entry.metrics)
        yield run_id
    except BaseException:
        client.set_terminated(run_id, "FAILED")
        raise
    client.set_terminated(run_id)
