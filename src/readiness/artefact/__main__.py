"""The child process of ``try_in_child``: opens one bundle and says how it went by its exit code."""

import sys

from readiness.artefact.child import answer

if __name__ == "__main__":
    sys.exit(answer(sys.argv[1:]))
