"""``python -m serve``: the service on its port, with as many workers and the limits that the settings say."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Serve until told to stop; what is in flight then is finished first. See `processes.start`."""
    # Whatever is loaded at a start stays: to look through it for garbage again and again takes a sixth of it.
    gc.disable()
    # And what is not used is not loaded: both from the first import on, so these stand behind that.
    from serve.loading import UNUSED, without  # noqa: PLC0415

    with without(*UNUSED):
        from serve.processes import start  # noqa: PLC0415

    return start()


if __name__ == "__main__":
    sys.exit(main())
