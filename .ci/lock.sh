#!/bin/sh
# Writes requirements.txt, requirements-dev.txt and requirements-package.txt: every version with the hashes of all its
# files, for Linux, Windows and macOS on every Python that we support. Names no package index: whoever installs uses their own.
set -eu
cd "$(dirname "$0")/.."

tools=build/lock-tools
if [ ! -x "$tools/bin/uv" ]; then
    mkdir -p build
    "${PYTHON:-python3}" -m venv "$tools"
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check uv
fi

compile() {
    "$tools/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
}

# UPGRADE=1 make lock takes newer versions; without it only what the .in files changed moves.
[ -n "${UPGRADE:-}" ] && set -- --upgrade
compile "$@" requirements-dev.in -o requirements-dev.txt
# The program runs with the versions that were tested.
compile --constraint requirements-dev.txt --upgrade requirements.in -o requirements.txt
compile --constraint requirements-dev.txt --upgrade requirements-package.in -o requirements-package.txt
