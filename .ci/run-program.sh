#!/bin/sh
# `make run`: the window if there is a display, else the outage story on the terminal. BIN, OUT, PLAY and DEMO
# come from the Makefile.
set -u

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
    # Word splitting is meant: these are a verb and its options.
    # shellcheck disable=SC2086
    exec "$BIN/holdfast" $PLAY
fi

echo "No display here: playing the outage story without a window."
mkdir -p "$OUT"
# shellcheck disable=SC2086
QT_QPA_PLATFORM=offscreen "$BIN/holdfast" $DEMO
code=$?
echo
echo "Transcript and screenshots are in $OUT:"
ls -1 "$OUT" | sed 's/^/  /'
exit $code
