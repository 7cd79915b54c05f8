"""Packs: code lists and tables of one collection and year, as data files that can be replaced without a new program.

A pack is a folder `resources/packs/<collection>/<year>`. `codes/<list>.json` holds `{code: label}` or
`{code: [label, stored name, canonical code, retired since]}` with empty ends left out; every other file is a table.
Nothing is read before it is asked for: the command line must answer at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop.model.collection import Code


class Pack:
    """One collection's data of one year; implements `CodeLists`. Files are read once, on first use."""

    def __init__(self, collection: str, year: int, root: Path | None = None) -> None:
        self.collection = collection
        self.year = year
        self._folder = None if root is None else root / collection / str(year)
        self._tables: dict[str, Any] = {}
        self._lists: dict[str, dict[str, Code]] = {}
        self._words: dict[str, dict[str, str]] = {}

    @property
    def folder(self) -> Path:
        """Where the pack lies: a newer edition that was installed, else the shipped one; or under the root that was given."""
        if self._folder is None:
            from desktop.collections.editions import in_force

            self._folder = in_force(self.collection, self.year)
        return self._folder

    def table(self, name: str) -> Any:
        """The parsed JSON of `<name>.json`. Callers do not change it. Raises KeyError when there is none."""
        if name not in self._tables:
            try:
                content = (self.folder / f"{name}.json").read_text(encoding="utf-8")
            except FileNotFoundError:
                raise KeyError(name) from None
            self._tables[name] = json.loads(content)
        return self._tables[name]

    def codes(self, list_name: str) -> Mapping[str, Code]:
        """Code -> entry, in display order. Raises KeyError for an unknown list."""
        found = self._lists.get(list_name)
        if found is None:
            raw: dict[str, str | list[str]] = self.table(f"codes/{list_name}")
            found = {c: Code(c, e) if isinstance(e, str) else Code(c, *e) for c, e in raw.items()}
            self._lists[list_name] = found
        return found

    def canonical(self, list_name: str, code: str) -> str:
        """The code that the portal would give back for `code`; `code` itself when it is alone or unknown."""
        entry = self.codes(list_name).get(code)
        return (entry.canonical if entry else "") or code

    def find(self, list_name: str, words: str) -> str | None:
        """The code whose label, stored name or other known name is `words`; case and blanks do not count."""
        known = self._words.get(list_name)
        if known is None:
            known = self._words[list_name] = self._known_words(list_name)
        return known.get(" ".join(words.split()).casefold())

    def _known_words(self, list_name: str) -> dict[str, str]:
        entries = self.codes(list_name).values()
        known = dict(self.table("other_names").get(list_name, {}))
        known |= {e.name.casefold(): e.code for e in entries if e.name and not e.canonical}
        known |= {e.label.casefold(): e.code for e in entries}
        return known

    def uncoded(self, list_name: str) -> Mapping[str, str]:
        """Stored name -> label of what the portal may hold but gives no code for (its replies carry null then)."""
        found: dict[str, str] = self.table("uncoded").get(list_name, {})
        return found

    def uuid(self, list_name: str, code: str) -> str:
        """The portal's own uuid of a code of the degree lists; "" when it has none."""
        found: dict[str, dict[str, str]] = self.table("uuids")
        return found.get(list_name, {}).get(code, "")
