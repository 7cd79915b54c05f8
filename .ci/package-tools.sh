#!/bin/sh
# Sees to the tools of `make package` (Debian and Ubuntu): asks apt only for what is missing.
set -u
cd "$(dirname "$0")/.." || exit 1

missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need gcc "gcc libc6-dev"
need strip binutils
need xz xz-utils
need wixl wixl
need msiinfo msitools
need makensis nsis
need openssl openssl
need osslsigncode osslsigncode
need xvfb-run "xvfb xauth"
need xdotool xdotool

# Word splitting is meant.
# shellcheck disable=SC2086
[ -z "$missing" ] || sh .ci/apt.sh $missing
