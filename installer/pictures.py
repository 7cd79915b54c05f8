"""The program's icon in the sizes and formats of the three systems, drawn from resources/icons/holdfast.svg."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from installer import facts

SIZES: Final = (16, 24, 32, 48, 64, 128, 256, 512)
_ICO: Final = (16, 24, 32, 48, 64, 128, 256)
_ICNS: Final = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}

_DRAW: Final = """
import sys
from pathlib import Path
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
app = QGuiApplication([])
drawing = QSvgRenderer(sys.argv[1])
for size in map(int, sys.argv[3:]):
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.render(painter, QRectF(0, 0, size, size))
    painter.end()
    image.save(str(Path(sys.argv[2]) / f"holdfast-{size}.png"))
"""


def make(interpreter: Path, folder: Path) -> None:
    """Write holdfast-SIZE.png, holdfast.ico and holdfast.icns into `folder`. `interpreter` has PySide6."""
    drawing = facts.ROOT / "resources" / "icons" / "holdfast.svg"
    command = [interpreter, "-c", _DRAW, drawing, folder, *map(str, SIZES)]
    subprocess.run(command, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    drawn = {size: (folder / f"holdfast-{size}.png").read_bytes() for size in SIZES}
    (folder / "holdfast.ico").write_bytes(ico(drawn))
    (folder / "holdfast.icns").write_bytes(icns(drawn))


def ico(drawn: Mapping[int, bytes]) -> bytes:
    """An icon file of Windows around PNG pictures by their side in pixels."""
    head = struct.pack("<HHH", 0, 1, len(_ICO))
    place = len(head) + 16 * len(_ICO)
    entries = b""
    for size in _ICO:
        side = size % 256  # 0 means 256
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(drawn[size]), place)
        place += len(drawn[size])
    return head + entries + b"".join(drawn[size] for size in _ICO)


def icns(drawn: Mapping[int, bytes]) -> bytes:
    """An icon file of macOS around PNG pictures by their side in pixels."""
    parts = b"".join(
        kind + struct.pack(">I", len(drawn[size]) + 8) + drawn[size] for kind, size in _ICNS.items()
    )
    return b"icns" + struct.pack(">I", len(parts) + 8) + parts
