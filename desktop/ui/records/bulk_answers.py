"""The answers of a bulk edit: what is ticked, what the records hold of it, what was entered. Plain data, no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.model.collection import Collection, Field
from desktop.model.document import Value
from desktop.services.acts import VARIES, Varies
from desktop.ui.fields.making import grouped, stem_label


@dataclass(frozen=True)
class Asked:
    """One question: a field, or several that are answers to one question. `key` is the name of the first."""

    key: str
    label: str
    section: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> list[str]:
        return [field.name for field in self.fields]


def questions_of(collection: Collection, *, many: bool) -> list[Asked]:
    """The questions about a record itself, in the order of the form; of many records not those that name one."""
    titles = {section.key: section.title for section in collection.sections}
    fields = [f for f in collection.fields if not (many and f.name in collection.keys)]
    return [
        Asked(
            group[0].name,
            stem_label(group[0].label) if len(group) > 1 else group[0].label,
            titles.get(group[0].section, ""),
            tuple(group),
        )
        for group in grouped(fields)
    ]


class BulkAnswers:
    """Only ticked questions count. One that the records answer differently has no answer until one is entered."""

    def __init__(self, questions: Sequence[Asked]) -> None:
        self.questions = {asked.key: asked for asked in questions}
        self.held: dict[str, Value | Varies] = {}
        self.typed: dict[str, Value] = {}
        self._ticked: dict[str, None] = {}

    @property
    def ticked(self) -> list[Asked]:
        """In the order in which they were ticked."""
        return [self.questions[key] for key in self._ticked]

    def tick(self, key: str, *, on: bool) -> None:
        if on:
            self._ticked[key] = None
        else:
            self._ticked.pop(key, None)

    def hold(self, values: Mapping[str, Value | Varies]) -> None:
        """What the records hold, by field."""
        self.held.update(values)

    def type(self, name: str, value: Value) -> None:
        self.typed[name] = value

    def empty(self, key: str) -> None:
        """Take the answer away in all records."""
        for name in self.questions[key].names:
            self.typed[name] = None

    def varies(self, key: str) -> bool:
        """Whether the records differ, and nothing was entered instead."""
        names = self.questions[key].names
        return not self.is_typed(key) and any(self.held.get(name) is VARIES for name in names)

    def is_typed(self, key: str) -> bool:
        return any(name in self.typed for name in self.questions[key].names)

    def shown(self, key: str) -> dict[str, Value]:
        """What the controls of a question show, by field."""
        return {name: self._answer(name) for name in self.questions[key].names}

    def missing(self) -> list[str]:
        """Labels of ticked questions that have no answer yet."""
        return [asked.label for asked in self.ticked if self.varies(asked.key) or not self._known(asked)]

    def fields(self) -> dict[str, Value]:
        """Field -> answer of all that is ticked, for the services."""
        return {name: self._answer(name) for asked in self.ticked for name in asked.names}

    def _known(self, asked: Asked) -> bool:
        return self.is_typed(asked.key) or all(name in self.held for name in asked.names)

    def _answer(self, name: str) -> Value:
        if name in self.typed:
            return self.typed[name]
        held = self.held.get(name)
        return None if isinstance(held, Varies) else held
