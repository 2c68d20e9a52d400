"""Bundles: a trained model as a folder of texts that is checked before anything in it is read."""

from readiness.artefact.bundle import Bundle, open_bundle, write
from readiness.artefact.child import try_in_child
from readiness.artefact.manifest import FORMAT, copy
from readiness.artefact.pointer import POINTER, Pointer, champion, point
from readiness.artefact.provenance import AgreementName, Provenance

__all__ = [
    "FORMAT",
    "POINTER",
    "AgreementName",
    "Bundle",
    "Pointer",
    "Provenance",
    "champion",
    "copy",
    "open_bundle",
    "point",
    "try_in_child",
    "write",
]
