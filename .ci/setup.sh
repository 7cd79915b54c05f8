#!/bin/sh
# Makes .venv from the lock, and sees to the system libraries that Qt needs.
#
# Needs git, make and Python 3.11 to 3.13, nothing else. A second run finds its stamp and does nothing.
# What must be installed on the system is installed if we are root on a machine with apt; otherwise the one
# command is printed. Choose another interpreter with PYTHON=...
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "holdfast setup: $*" >&2; }

usable() { # is $1 a Python that the locked wheels exist for?
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if usable "$candidate"; then
            # Not the python of a .venv that happens to be active: it may be the one to be replaced.
            "$candidate" -c 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)'
            return
        fi
    done
    say "Python 3.11, 3.12 or 3.13 is needed, and none was found. Install one, or name it: PYTHON=/path make ..."
    exit 1
}

# Debian and Ubuntu ship python3 without ensurepip.
need_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    say "this Python has no venv module (Debian package $package)"
    if [ "$(id -u)" -ne 0 ]; then
        # One command for all that this machine may lack: what Qt needs is only known exactly once .venv is there.
        package="$package libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon-x11-0 libx11-xcb1"
        package="$package libwayland-cursor0 libwayland-egl1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4"
        package="$package libxcb-keysyms1 libxcb-randr0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1"
    fi
    # Word splitting is meant.
    # shellcheck disable=SC2086
    if ! sh .ci/apt.sh $package || ! "$1" -c 'import ensurepip, venv' 2>/dev/null; then
        say "cannot go on without it."
        exit 1
    fi
}

# What .venv was made from: the lock, the interpreter, and where the checkout stands.
wanted() {
    cksum <requirements-dev.txt
    "$1" -c 'import sys; print(sys.version)'
    pwd
}

# What the installed program was made from: its name, version and commands. The code itself is used in place.
wanted_program() {
    cat pyproject.toml requirements.in desktop/__init__.py | cksum
}

pip() { .venv/bin/python -m pip "$@" --quiet --disable-pip-version-check --no-input; }

mkdir -p build
# Two makes at once must not build the same .venv twice.
if command -v flock >/dev/null 2>&1; then
    exec 9>build/setup.lock
    flock 9
fi

python=$(find_python)
stamp=.venv/holdfast-stamp
stamp_program=.venv/holdfast-stamp-program

if [ ! -x .venv/bin/python ] || [ "$(cat $stamp 2>/dev/null)" != "$(wanted "$python")" ]; then
    need_venv_module "$python"
    say "making .venv with $("$python" --version) (about a minute, the first time only)"
    "$python" -m venv --clear .venv
    # Everything is pinned and hashed, so nothing needs resolving, and nothing unlisted can come in.
    pip install --require-hashes --no-deps --only-binary :all: -r requirements-dev.txt
    wanted "$python" >$stamp
fi

if [ ! -x .venv/bin/holdfast ] || [ "$(cat $stamp_program 2>/dev/null)" != "$(wanted_program)" ]; then
    pip install --no-deps --no-build-isolation --no-index -e .
    wanted_program >$stamp_program
fi

# Where Python is told not to write bytecode, every command would compile the program anew.
.venv/bin/python -m compileall -q desktop

if [ "$(uname -s)" = Linux ] && [ ! -e .venv/holdfast-qt-libs ]; then
    sh .ci/qt-libs.sh && : >.venv/holdfast-qt-libs
fi
exit 0
