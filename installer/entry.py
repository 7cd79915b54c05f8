"""Where the frozen programs begin: `holdfast` and, the same without a console, `Holdfast`."""

from __future__ import annotations

import sys


def main() -> None:
    """The program; or one of the two modules that a checkout starts with `python -m`: no other can be started so."""
    module = sys.argv[2] if sys.argv[1:2] == ["-m"] and len(sys.argv) > 2 else ""
    if module == "desktop.cli.story.typist":
        from desktop.cli.story.typist import main as typist

        typist(sys.argv[3], sys.argv[4:])
    elif module == "installer.probe":
        from installer.probe import main as probe

        sys.exit(probe())
    else:
        from desktop.__main__ import main as program

        program()


main()
