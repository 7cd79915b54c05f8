"""A browser without a window or script: keeps its cookie, follows redirects, fills in the forms that a page has."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

VOID = frozenset({"meta", "link", "input", "br"})


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """What a page holds, and whether it is sound: every tag closed, every field with a label, no id twice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.ids: list[str] = []
        self.fields: list[str] = []
        self.labels: set[str] = set()
        self.headings: list[str] = []
        self.title = ""
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], self._open
        assert len(self.ids) == len(set(self.ids)), self.ids
        assert [f for f in self.fields if f not in self.labels] == []
        assert len(self.headings) == 1, self.headings

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag not in VOID:
            self._open.append(tag)
        if "id" in known:
            self.ids.append(known["id"])
        if tag == "a":
            self.links.append(known["href"])
        elif tag == "label":
            self.labels.add(known["for"])
        elif tag == "form":
            self.forms.append(Form(known["action"], known.get("method", "get")))
        elif tag in ("input", "textarea", "select") and known.get("type") != "hidden":
            self.fields.append(known["id"])
        if tag in ("input", "textarea", "select") and self.forms:
            self._keep(known)
        assert tag != "script"
        assert not any(name.startswith("on") or name == "style" for name in known)

    def _keep(self, known):
        if known.get("type") in ("radio", "checkbox") and "checked" not in known:
            return
        self.forms[-1].fields.setdefault(known["name"], []).append(known.get("value") or "")

    def handle_endtag(self, tag):
        assert self._open, tag
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open[-1:] == ["h1"]:
            self.headings.append(data)
        elif self._open[-1:] == ["title"]:
            self.title = data
        self.words += data + " "


@dataclass
class Visitor:
    """One person with a browser."""

    http: httpx.Client
    reply: httpx.Response = field(init=False)

    def sign_in(self, who: str = "university") -> Visitor:
        self.http.post("/sign-in", data={"as": who})
        return self.get("/")

    def get(self, path: str) -> Visitor:
        self.reply = self.http.get(path, follow_redirects=True)
        return self

    @property
    def page(self) -> Page:
        return Page(self.reply.text)

    def send(self, action: Any = "", *, status: Any = 200, files: Any = None, **answers: Any) -> Visitor:
        """Fill in the form of this page that goes to `action` (or the one that is not for signing out), and send it."""
        form = next(f for f in self.page.forms if (f.action == action if action else f.action != "/sign-out"))
        data = {name: value for name, value in form.fields.items() if name not in (files or {})}
        for name, value in answers.items():
            if name.endswith("_day"):
                year, month, day = str(value).split("-") if value else ("", "", "")
                stem = name.removesuffix("_day")
                data |= {f"{stem}-day": [day], f"{stem}-month": [month], f"{stem}-year": [year]}
            else:
                data[name] = value if isinstance(value, list) else [str(value)]
        self.reply = self.http.post(form.action, data=data, files=files, follow_redirects=True)
        assert self.reply.status_code == status, self.reply.text
        return self

    def upload(self, kind: str, content: bytes, name: str = "file.csv", *, status: int = 200) -> Visitor:
        return self.get(f"/bulk-update/{kind}").send(
            files={"file": (name, content, "text/csv")}, status=status
        )

    def errors(self) -> list[dict[str, str]]:
        """The rows of the file with errors that the page offers."""
        link = next(link for link in self.page.links if link.endswith("-with-errors.csv"))
        return rows_of(self.http.get(link).content)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def file_of(rows: list[dict[str, str]], heads: list[str] | None = None) -> bytes:
    """Rows as somebody's spreadsheet would save them."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, heads or list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
