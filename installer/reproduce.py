"""Freezes twice and holds both against each other: `python -m installer.reproduce`. Exit code 1 when a file differs."""

from __future__ import annotations

import sys

from installer import freeze, sums


def main() -> int:
    """Print what differs, or how many files are the same."""
    first = sums.listing(freeze.freeze())
    second = sums.listing(freeze.freeze())
    differing = sorted(set(first) ^ set(second), key=lambda line: line[75:])
    for line in differing:
        print(line)
    print(f"{len(first)} files, {len(differing)} lines differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
