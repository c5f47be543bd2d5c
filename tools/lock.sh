#!/bin/sh
# Writes the three pinned lists of Python packages; run it after changing pyproject.toml. Needs uv.
set -eu
cd "$(dirname "$0")/.."
compile() { uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command tools/lock.sh --python-version 3.11 "$@"; }
compile pyproject.toml -o requirements.lock
compile --group build -c requirements.lock -o requirements-build.lock
compile pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
