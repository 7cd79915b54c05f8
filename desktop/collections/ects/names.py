"""When a corrected name may be another person's. Source: domain pack 1.4."""

from __future__ import annotations

import re
import unicodedata

from desktop.collections.reading import text
from desktop.model.document import Document

_NOT_LETTER = re.compile(r"[\W\d_]+")


def words(name: str) -> list[str]:
    """The words of a name as they are compared: without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name[:400].casefold())
    kept = "".join(ch for ch in plain if not unicodedata.combining(ch))
    found = (_NOT_LETTER.sub("", word) for word in kept.split())
    return [word for word in found if word]


def both_words_changed(document: Document) -> bool:
    """Whether first and last word of the corrected name are both others than those that the portal shows."""
    fields = document.fields
    shown = words(f"{text(fields.get('first_names'))} {text(fields.get('last_name'))}")
    corrected = words(text(fields.get("corrected_name")))
    return bool(shown and corrected) and shown[0] != corrected[0] and shown[-1] != corrected[-1]


def is_unchanged(document: Document) -> bool:
    """Whether the corrected name is the one that the portal shows, but for case and blanks."""
    fields = document.fields
    shown = f"{text(fields.get('first_names'))} {text(fields.get('last_name'))}"
    corrected = text(fields.get("corrected_name"))
    return bool(corrected.strip()) and shown.casefold().split() == corrected.casefold().split()
