"""A trained model with everything it was made of, as a folder that proves what it is when opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.agreement.older_forms import with_typed_referrals
from readiness.agreement.reading import parse, reopened
from readiness.artefact import documents as docs
from readiness.artefact import golden as gold
from readiness.artefact import manifest
from readiness.artefact.provenance import Provenance
from readiness.crm.tables import Floats
from readiness.errors import AgreementError, ArtefactError
from readiness.learning.model import ReadinessModel

AGREEMENT: Final = "agreement.yaml"
GOLDEN: Final = "golden.json"
JUDGEMENT: Final = "judgement.json"
PROVENANCE: Final = "provenance.json"

Upgrade = Callable[[Mapping[str, bytes]], Mapping[str, bytes]]


def _with_typed_referrals(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    if AGREEMENT not in files:
        return files
    text = files[AGREEMENT].decode(errors="surrogateescape")
    return {**files, AGREEMENT: with_typed_referrals(text).encode(errors="surrogateescape")}


def _without_table_fingerprints(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    # Format 3 also says of each table which data it held; of an older bundle nobody can say it any more.
    return files


UPGRADES: Final[Mapping[int, Upgrade]] = {1: _with_typed_referrals, 2: _without_table_fingerprints}
"""For each older format, what turns its files into the next one's. Formats are never dropped from here."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A checked, opened bundle; ``name`` is the SHA-256 of its manifest."""

    name: str
    model: ReadinessModel
    agreement: Agreement
    agreement_text: str
    provenance: Provenance
    judgement: Mapping[str, Any] | None
    """Every figure about the model as it was judged; None where it was not."""
    golden_rows: Floats
    """Synthetic rows of the feature matrix, fit to show how a request looks."""


def write(
    model: ReadinessModel,
    *,
    agreement_text: str,
    provenance: Provenance,
    folder: Path,
    judgement: Mapping[str, Any] | None = None,
    golden_rows: Floats | None = None,
) -> Path:
    """Write a model as ``folder/<name>/`` and return that path; the same input gives the same bytes.

    Parameters
    ----------
    model : ReadinessModel
    agreement_text : str
        The agreement as its people wrote it, comments included.
    provenance : Provenance
    folder : Path
        Made if it does not exist.
    judgement : mapping, optional
        What was found about the model, ready for JSON.
    golden_rows : Floats, rows × features, optional
        Synthetic rows, never a real lead's; by default made from the plan alone.

    Raises
    ------
    AgreementError
        If the agreement's text cannot be read.
    StoreError
        If the folder cannot be written.
    """
    parse(agreement_text)
    rows = gold.rows(model.plan) if golden_rows is None else golden_rows
    files = {
        **docs.of_model(model),
        AGREEMENT: agreement_text.encode(),
        PROVENANCE: docs.encode(provenance.model_dump(mode="json")),
        GOLDEN: docs.encode(gold.record(rows, _figures(model, rows)).model_dump(mode="json")),
    }
    if judgement is not None:
        files[JUDGEMENT] = docs.encode(judgement)
    return manifest.seal(files, folder)


def open_bundle(path: Path, *, name: str) -> Bundle:
    """Check a bundle, then open it, then prove that it still scores as it did when it was written.

    Nothing is parsed before the whole folder is what its name says. The golden rows must score as
    recorded: bit for bit on the machine and libraries that trained, within 1e-9 elsewhere.

    Parameters
    ----------
    path : Path
        The bundle's folder.
    name : str
        Its name, as the registry or the pointer keeps it.

    Raises
    ------
    ArtefactError
        If anything is damaged, missing, added, linked, of a newer format or scores otherwise; the
        message names the file and says what to do.
    """
    sealed = manifest.read(path, name=name)
    files = upgrade(sealed, UPGRADES)
    missing = sorted({AGREEMENT, GOLDEN, PROVENANCE} - files.keys())
    if missing:
        raise ArtefactError(f"{path} is not a model's bundle: it has no {missing[0]}")
    bundle, golden = _parse(path, name, files)
    exactly = bundle.provenance.made_here()
    try:
        differing = gold.differing(golden, _figures(bundle.model, bundle.golden_rows), exactly=exactly)
    except docs.UNREADABLE as error:
        raise _foreign(path / GOLDEN) from error
    if differing:
        here = "" if exactly else " Its libraries or machine differ from those that trained it: train here."
        raise ArtefactError(
            f"{path} does not score its golden rows as it did when it was written "
            f"({', '.join(differing)} in {GOLDEN}). It was not loaded.{here}"
        )
    return bundle


def upgrade(sealed: manifest.Sealed, steps: Mapping[int, Upgrade]) -> Mapping[str, bytes]:
    """Return the files in the format of this version, carried up one format at a time.

    Raises
    ------
    ArtefactError
        If the format is newer than this version, or too old for it.
    """
    if sealed.format > manifest.FORMAT:
        raise ArtefactError(
            f"The bundle has format {sealed.format}, and this readiness reads up to {manifest.FORMAT}. "
            "Upgrade readiness here, or pull an older model"
        )
    files = sealed.documents
    for number in range(sealed.format, manifest.FORMAT):
        if number not in steps:
            raise ArtefactError(
                f"The bundle has format {sealed.format}, which is too old for this readiness "
                f"(it writes {manifest.FORMAT}). Train again"
            )
        files = steps[number](files)
    return files


def _parse(path: Path, name: str, files: Mapping[str, bytes]) -> tuple[Bundle, gold.Golden]:
    file = AGREEMENT
    try:
        text = files[AGREEMENT].decode()
        agreement = reopened(text)
        file = PROVENANCE
        provenance = Provenance.model_validate_json(files[PROVENANCE])
        file = GOLDEN
        golden = gold.Golden.model_validate_json(files[GOLDEN])
        golden_rows = gold.matrix(golden)
        file = JUDGEMENT
        judgement = docs.decode(files[JUDGEMENT]) if JUDGEMENT in files else None
    except (AgreementError, ValueError) as error:  # pydantic's, JSON's and UTF-8's errors are ValueErrors
        raise _foreign(path / file) from error
    model = docs.to_model(files)
    return Bundle(name, model, agreement, text, provenance, judgement, golden_rows), golden


def _foreign(path: Path) -> ArtefactError:
    return ArtefactError(
        f"{path} is whole, but not what this version writes. Use the version that wrote it, or train again"
    )


def _figures(model: ReadinessModel, rows: Floats) -> dict[str, Floats]:
    """Return everything that the model predicts, by name."""
    prediction = model.predict(rows)
    return {
        "percentile": np.asarray(prediction.percentile, dtype=np.float64),
        "score": prediction.score,
        "stop_risk": prediction.stop_risk,
        "won": prediction.won,
        "stop": prediction.stop,
    }
