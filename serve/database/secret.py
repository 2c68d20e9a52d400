"""The secret that turns addresses into keys: outside the database, and told from a wrong one."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from readiness.errors import StoreSecretError
from readiness.whole_files import sync_folder

CHECK: Final = "suppression_secret_check"
"""Under which name the database keeps what tells a wrong secret; it tells nothing about the right one."""

_LONG_ENOUGH: Final = 32
_MISSING: Final = (
    "The secret of this database is missing: the file that holds it is not there, and READINESS_SUPPRESSION_"
    "SECRET is not set. Put it back; without it nobody on the list is recognised."
)


def check_value(secret: bytes) -> bytes:
    """Return what is kept in the database to tell a wrong secret."""
    return hmac.digest(secret, b"readiness: is this the right secret?", "sha256")


def verify(kept: bytes | None, secret: bytes) -> None:
    """Refuse a secret with which the keys of this database were not made.

    Raises
    ------
    StoreSecretError
        If it is another one, or the database does not say.
    """
    if kept is None or not hmac.compare_digest(kept, check_value(secret)):
        raise StoreSecretError(
            "The secret is not the one with which this database was begun, so nobody on the list would be "
            "recognised. Put the right one into READINESS_SUPPRESSION_SECRET or its file."
        )


def read(file: Path) -> bytes:
    """Read the secret from its file.

    Raises
    ------
    StoreSecretError
        If there is none, or it is too short to be one.
    """
    try:
        found = file.read_bytes().strip()
    except OSError:
        raise StoreSecretError(_MISSING) from None
    if len(found) < _LONG_ENOUGH:
        raise StoreSecretError(
            "The file of the secret holds fewer than 32 characters. Put the right one back."
        )
    return found


def read_or_make(file: Path) -> bytes:
    """Read the secret, or make one that only its owner may read; several processes get the same.

    Raises
    ------
    StoreSecretError
        If the file cannot be written, or holds no secret.
    """
    aside = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as made:
                made.write(secrets.token_hex(32).encode() + b"\n")
                made.flush()
                os.fsync(made.fileno())
            try:
                # Whoever comes first gives the file its name; the others find it there, and whole.
                os.link(aside, file)
            except FileExistsError:
                pass
            finally:
                aside.unlink()
            # The database is begun after this; after a power cut it must not be there without its secret.
            sync_folder(file.parent)
    except OSError as error:
        raise StoreSecretError(
            f"The file of the secret cannot be written: {error.strerror}. Name another one with "
            "READINESS_SUPPRESSION_SECRET_FILE."
        ) from error
    return read(file)
