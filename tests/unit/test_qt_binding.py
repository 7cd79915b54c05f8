"""The pinned PySide6 keeps the reference count of None.

6.12.0 on Python 3.11 loses one with each call that returns nothing, and the program dies while it paints. On
Python 3.12 None is immortal, so there this passes with any version.
"""

import sys

from PySide6.QtGui import QColor, QImage, QPainter


def test_painting_keeps_references_to_none():
    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    pen = QColor(13, 88, 104)
    painter.setPen(pen)
    before = sys.getrefcount(None)
    for _ in range(1_000):
        painter.setPen(pen)
    lost = before - sys.getrefcount(None)
    painter.end()
    assert abs(lost) < 50
