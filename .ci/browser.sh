#!/bin/sh
# Sees to what the tests of the practice portal's web pages need: a browser without a window, and its driver.
# Installs it where we may without asking (root on a machine with apt); elsewhere those tests are skipped and say so.
set -u
cd "$(dirname "$0")/.." || exit 1

lacking() {
    command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || echo chromium
    command -v chromedriver >/dev/null 2>&1 || echo chromium-driver
}

packages=$(lacking | tr '\n' ' ')
[ -z "$packages" ] && exit 0
[ "$(uname -s)" = Linux ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
# Word splitting is meant: one package each.
# shellcheck disable=SC2086
sh .ci/apt.sh $packages || true
