"""Models by version, the champion among them, and the way back; the only door to MLflow."""

from readiness.registry.kept import MODEL, Version
from readiness.registry.kept_reports import Publication
from readiness.registry.promotions import CHALLENGER, CHAMPION, Alias, Promotion
from readiness.registry.recording import Recorded
from readiness.registry.registry import Registry

__all__ = [
    "CHALLENGER",
    "CHAMPION",
    "MODEL",
    "Alias",
    "Promotion",
    "Publication",
    "Recorded",
    "Registry",
    "Version",
]
