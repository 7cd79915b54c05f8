"""The program: `holdfast`, or `python -m desktop`."""

from __future__ import annotations

import gc
import os
import sys


def spare_the_collector() -> None:
    """Have Python look for garbage in cycles far less often than it does by itself.

    At 700 new objects it would look hundreds of times while it imports. Records are millions of objects and no cycle among
    them; each full look goes over all of them, and the window stands still meanwhile.
    """
    gc.set_threshold(50_000, 20, 50)


def main() -> None:
    """Run one command line, or the window without one, and end with its exit code."""
    spare_the_collector()
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
