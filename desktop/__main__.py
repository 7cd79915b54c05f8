"""The program: `holdfast`, or `python -m desktop`."""

from __future__ import annotations

import gc
import os
import sys

COLLECT_AFTER = 50_000
"""Objects made before Python looks for garbage: at 700 it would look hundreds of times while it imports."""


def main() -> None:
    """Run one command line, or the window without one, and end with its exit code."""
    gc.set_threshold(COLLECT_AFTER)
    from desktop.app import run

    leave(run(sys.argv[1:]))


def leave(code: int) -> None:
    """End the program. A command has closed all it opened, so the interpreter need not take itself apart (0.1 s)."""
    if "PySide6" in sys.modules:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):  # no console, or nobody reads any more
            continue
    os._exit(code)


if __name__ == "__main__":
    main()
