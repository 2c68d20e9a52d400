#!/usr/bin/env bash
# Makes .venv hold exactly what requirements.lock names, and readiness itself, editable.
# Needs Python 3.11 or newer; brings LightGBM's one system library where the machine lacks it.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3.11}
command -v "$python" >/dev/null 2>&1 || python=python3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "readiness needs Python 3.11 or newer; '$python' is older. Set PYTHON=/path/to/python3.11." >&2
  exit 1
}

# The stamp names what was installed, so that a second call costs nothing.
wanted=$(cat requirements.lock pyproject.toml scripts/setup.sh | sha256sum | cut -d' ' -f1)
if [ -f .venv/installed ] && [ "$(cat .venv/installed)" = "$wanted" ]; then exit 0; fi

if ! ldconfig -p 2>/dev/null | grep -q 'libgomp\.so\.1' && command -v apt-get >/dev/null 2>&1; then
  echo "Installing libgomp1, the OpenMP runtime that LightGBM needs."
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -qq && $as_root apt-get install -y -qq libgomp1 >/dev/null
fi

echo "Installing the locked libraries into .venv (once; about a minute)."
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.7'
.venv/bin/uv pip sync --quiet --require-hashes requirements.lock
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
echo "$wanted" > .venv/installed
