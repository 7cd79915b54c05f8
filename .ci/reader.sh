#!/bin/sh
# Sees to what the tests of the screen reader need: a display that nobody sees, a session bus, the accessibility bus.
# Installs it where we may without asking (root on a machine with apt); elsewhere those tests are skipped and say so.
set -u
cd "$(dirname "$0")/.." || exit 1

lacking() {
    command -v Xvfb >/dev/null 2>&1 || echo xvfb
    command -v dbus-daemon >/dev/null 2>&1 || echo dbus-daemon
    [ -e /usr/libexec/at-spi-bus-launcher ] || [ -e /usr/lib/at-spi2-core/at-spi-bus-launcher ] || echo at-spi2-core
}

packages=$(lacking | tr '\n' ' ')
[ -z "$packages" ] && exit 0
[ "$(uname -s)" = Linux ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
# Word splitting is meant: one package each.
# shellcheck disable=SC2086
sh .ci/apt.sh $packages || true
