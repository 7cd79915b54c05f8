#!/bin/sh
# Installs the named Debian packages if we may; otherwise prints the one command that does, and fails.
set -u

say() { printf '%s\n' "holdfast setup: $*" >&2; }

if ! command -v apt-get >/dev/null 2>&1; then
    say "install the equivalent of these Debian packages: $*"
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    say "run this once, then try again:  sudo apt-get install -y --no-install-recommends $*"
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
say "installing $*"
get() { apt-get install -y -qq --no-install-recommends "$@" >/dev/null </dev/null; }
# The package lists of a new machine are empty or old: refresh them only when the first try fails.
get "$@" 2>/dev/null || { apt-get update -qq >/dev/null </dev/null && get "$@"; } || {
    say "that did not work. By hand:  apt-get update && apt-get install -y --no-install-recommends $*"
    exit 1
}
