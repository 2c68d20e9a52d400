"""YAML to a checked document: every fault at once, each with its line and column.

For documents that people write by hand. Only true and false are booleans, because NO is Norway and
yes is what the CRM says; a key that stands twice is a fault, because YAML would let the last one win
in silence.
"""

from readiness.yaml_document.misreads import Contradiction, Misread
from readiness.yaml_document.parts import part, replaced
from readiness.yaml_document.places import Loc, Places
from readiness.yaml_document.reading import Read, read

__all__ = ["Contradiction", "Loc", "Misread", "Places", "Read", "part", "read", "replaced"]
