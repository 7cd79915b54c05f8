"""Somebody of a school at the website of Register ECTs, with what a sheet put on the clipboard. No browser: forms, as it sends them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape, unescape

from desktop.practice.ects.furnish import PRIMARY
from tests.contract.practice.browsing import Form
from tests.contract.practice.schools import SchoolVisitor

IF_IT_SAYS = "Yes, if it says "
PARTS = ("day", "month", "year")


@dataclass
class SchoolWebsite(SchoolVisitor):
    """Answers stand in the form until a button is pressed."""

    _typed: dict[str, str] = field(default_factory=dict)

    def sign_in(self, school: str = PRIMARY, person: str = "Sam Okafor") -> SchoolWebsite:
        super().sign_in(school, person)
        return self

    # --- ways to a journey

    def to_new_ect(self) -> None:
        self.get("/ects").follow("Register an ECT starting at your school")
        self.press("Continue")

    def to_ect(self, trn: str) -> None:
        """Open somebody from the list."""
        self.get(f"/ects/{self.period(trn)['id']}")

    def to_new_mentor(self, ect_trn: str) -> None:
        self.to_ect(ect_trn)
        self.follow("Assign a mentor")
        if self.heading.startswith("Who will mentor"):
            self.answer("Select the mentor", ["Register a new mentor"])
            self.press("Continue")
        self.press("Continue")

    # --- a page

    def answer(self, question: str, texts: Sequence[str]) -> None:
        """Type or choose what was copied: once, or day, month and year. Nothing copied = it stays as it is."""
        name = self._name_of(question)
        if len(texts) == len(PARTS):
            self._typed |= {f"{name}-{part}": text for part, text in zip(PARTS, texts, strict=True)}
        elif texts:
            self._typed[name] = self._chosen(name, texts[0])

    def press(self, button: str) -> None:
        """The button of the form; what is not typed there is sent as it stood."""
        form = self._form_with(button)
        data = {**form.fields, **self._typed}
        self._typed = {}
        self.reply = self.http.post(form.action, data=data, follow_redirects=True)
        assert "There is a problem" not in self.reply.text, self.page.words

    def _form_with(self, button: str) -> Form:
        assert f">{escape(button)}</button>" in self.reply.text, f"no button {button!r}: {self.page.words}"
        return next(form for form in self.page.forms if form.action != "/sign-out")

    def _name_of(self, question: str) -> str:
        words = re.escape(escape(question))
        found = re.search(rf'<fieldset[^>]* id="([^"]+)"[^>]*><legend>{words}</legend>', self.reply.text)
        found = found or re.search(rf'<label for="([^"]+)">{words}</label>', self.reply.text)
        assert found is not None, f"the page does not ask {question!r}: {self.page.words}"
        return found[1]

    def _chosen(self, name: str, words: str) -> str:
        """The value of the choice with these words; for a text field the words as they are."""
        pairs: list[tuple[str, str]] = re.findall(
            rf'name="{name}" value="([^"]*)"[^>]*><label[^>]*>([^<]*)</label>', self.reply.text
        )
        if not pairs:
            return words
        if words.startswith(IF_IT_SAYS):
            assert words.removeprefix(IF_IT_SAYS) in self.page.words, (
                "compared with the page, as a person does"
            )
            words = "Yes"
        return next(value for value, label in pairs if unescape(label) == words)
