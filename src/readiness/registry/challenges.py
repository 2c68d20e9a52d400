"""What a version's challenge came to, as its run and the version keep it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from readiness.crm.records import Instant, iso
from readiness.errors import StoreError
from readiness.registry import flavour
from readiness.registry.kept import MODEL, Version
from readiness.registry.promotions import ChallengeSummary
from readiness.registry.store import Store, boundary

CHALLENGE_PATH: Final = "challenge"
_TAG: Final = "readiness.challenge"
_VERDICT: Final = "readiness.verdict"


def keep_challenge(store: Store, version: Version, challenge: Mapping[str, Any], at: Instant) -> None:
    """Keep all gates with the run, their figures as its metrics, and the verdict beside the version.

    The verdict comes last: a kill before leaves the version as if it had not been challenged.

    Raises
    ------
    StoreError
        If the store cannot be written.
    """
    when = iso(at) or ""
    summary = ChallengeSummary.of(challenge, when)
    name = f"{when.replace(':', '').replace('-', '')}.json"
    with boundary("written", store.shown), tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / name
        path.write_text(json.dumps(challenge, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        client = store.client
        client.log_artifact(version.run_id, str(path), CHALLENGE_PATH)
        metrics = {f"gate/{code}": measured for code, measured in summary.figures.items()}
        flavour.log_metrics(client, version.run_id, metrics, at)
        client.set_tag(version.run_id, _VERDICT, summary.verdict)
        client.set_model_version_tag(MODEL, version.version, _TAG, summary.model_dump_json())


def summary_in(tags: Mapping[str, str]) -> ChallengeSummary | None:
    """Return what the tags of a version say of its challenge; None where they say nothing.

    Raises
    ------
    StoreError
        If somebody wrote something else there.
    """
    if _TAG not in tags:
        return None
    try:
        return ChallengeSummary.model_validate_json(tags[_TAG])
    except ValueError as error:
        raise StoreError(
            f"What the store keeps of a challenge ({_TAG}) was not written by readiness. Challenge that "
            "version again: readiness retrain --challenger VERSION --data DIR"
        ) from error
