"""Models by version, the champion among them, and the way back; the only door to MLflow."""

from readiness.registry.kept import MODEL, Version
from readiness.registry.promotions import CHALLENGER, CHAMPION, Alias, Promotion
from readiness.registry.recording import Recorded
from readiness.registry.registry import REPORTS, Registry

__all__ = [
    "CHALLENGER",
    "CHAMPION",
    "MODEL",
    "REPORTS",
    "Alias",
    "Promotion",
    "Recorded",
    "Registry",
    "Version",
]
