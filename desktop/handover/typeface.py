"""The program's own letters in a PDF, and text from outside made fit to be drawn with them."""

from __future__ import annotations

import re
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from desktop.paths import resources

PLAIN, MEDIUM, BOLD = "Plex", "Plex-Medium", "Plex-SemiBold"
_FILES = {
    PLAIN: "IBMPlexSans_400Regular.ttf",
    MEDIUM: "IBMPlexSans_500Medium.ttf",
    BOLD: "IBMPlexSans_600SemiBold.ttf",
}
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


@lru_cache(maxsize=1)
def load() -> None:
    """Register the fonts, once."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(resources() / "fonts" / file)))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


def clean(text: str, most: int = 300) -> str:
    """Text without what cannot be seen, in one line, at most so long."""
    shown = " ".join(_UNSEEN.sub(" ", text).split())
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
