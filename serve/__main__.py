"""``python -m serve``: the service on its port, with as many workers and the limits that the settings say."""

from __future__ import annotations

import os
import sys
import tempfile

import uvicorn

from readiness.clock import now
from readiness.errors import StoreError
from serve import logs
from serve.database import any_opens
from serve.meters import SHARED_FOLDER
from serve.security.starting import refuse_unsafe
from serve.settings import Settings
from serve.wire import BoundedHead


def main() -> int:
    """Serve until told to stop; what is in flight then is finished first.

    Returns
    -------
    int
        0 when it was told to stop, 5 when it would be open to a network without being told so.

    Raises
    ------
    pydantic.ValidationError
        If a setting is wrong.
    """
    settings = Settings()
    logs.to_stderr()
    try:
        refuse_unsafe(settings, lambda: any_opens(settings, now()))
    except StoreError as refused:
        sys.stderr.write(f"{refused}\n")
        return 5
    with tempfile.TemporaryDirectory(prefix="readiness-meters-") as folder:
        if settings.workers > 1:
            # Each worker counts in a file of its own there; it must be known before anything is counted.
            os.environ[SHARED_FOLDER] = folder
        uvicorn.run(
            "serve.app:create_app",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            http=BoundedHead,
            ws="none",
            # It would write addresses and paths, which may say who somebody is.
            access_log=False,
            server_header=False,
            # Who asks is decided by the address that really connected (`serve.security`).
            proxy_headers=False,
            timeout_keep_alive=settings.idle_seconds,
            timeout_graceful_shutdown=settings.stop_seconds,
            backlog=settings.backlog,
            # What it has to say becomes events of ours.
            log_config=None,
            log_level="warning",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
