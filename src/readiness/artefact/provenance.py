"""Where a model comes from: its data, code, agreement, settings, libraries and machine."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from readiness import __version__

_LIBRARIES = ("lightgbm", "numpy", "scikit-learn", "scipy", "pandas", "pyarrow", "pydantic")


def installed_libraries() -> dict[str, str]:
    """Return the versions of Python and of the installed libraries that can change a score."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def this_machine() -> str:
    """Return what decides how floats are rounded here: processor family, vector units, C library."""
    extensions = np.show_config(mode="dicts").get("SIMD Extensions", {})
    return " ".join([platform.machine(), *extensions.get("found", []), *platform.libc_ver()]).strip()


class AgreementName(BaseModel):
    """Which agreement a model was trained beside."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    version: str
    sha256: str


class Provenance(BaseModel):
    """Everything needed to say what a model was made of, and to make it again.

    Instants are ISO 8601 in UTC, None in undated data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    data_fingerprint: str
    table_fingerprints: dict[str, str] = Field(default_factory=dict)
    """Of each table apart, as `crm.fingerprint.fingerprints` makes them; empty in older bundles."""
    data_end: str | None
    """The model learned from nothing at or after this instant."""
    judged_at: str | None
    """T, the instant at which the judged model stood; None where no test period was left."""
    agreement: AgreementName
    seed: int
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    code_version: str = __version__
    libraries: dict[str, str] = Field(default_factory=installed_libraries)
    machine: str = Field(default_factory=this_machine)

    def made_here(self) -> bool:
        """Say whether this machine, with these libraries, owes the same bits as the one that trained."""
        return self.libraries == installed_libraries() and self.machine == this_machine()
