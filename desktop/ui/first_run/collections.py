"""Step 2: which records this workspace looks after. A further collection is one card more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox

from desktop.model.collection import Collection
from desktop.services.workspace import Workspace
from desktop.ui.first_run.answers import Answers
from desktop.ui.first_run.choice_card import ChoiceCard
from desktop.ui.first_run.step import Step
from desktop.ui.parts.text import Text


class CollectionsStep(Step):
    """One card for each collection there is; one of them at least."""

    name = "Your records"

    def __init__(self, collections: Sequence[Collection]) -> None:
        super().__init__("Which records do you look after?", "You can add others later.")
        self._titles = {one.name: one.title for one in collections}
        self.boxes = {one.name: QCheckBox() for one in collections}
        for one in collections:
            self.add(
                ChoiceCard(
                    self.boxes[one.name],
                    one.title,
                    f"Keep them here, check them before the portal does, and {_way(one)} {one.portal}.",
                    f"Portal: {one.portal_short}",
                )
            )
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.problem.hide()
        self.add(self.problem)
        self.column.addStretch(1)

    def show_answers(self, answers: Answers) -> None:
        chosen = answers.collections or set(Workspace.usual(answers.kind))
        for name, box in self.boxes.items():
            box.setChecked(name in chosen)

    def keep(self, answers: Answers) -> None:
        answers.collections = {name for name, box in self.boxes.items() if box.isChecked()}

    def complete(self) -> bool:
        some = any(box.isChecked() for box in self.boxes.values())
        self.problem.setText("" if some else "Choose at least one.")
        self.problem.setVisible(not some)
        if not some:
            next(iter(self.boxes.values())).setFocus()
        return some

    def caption(self, answers: Answers) -> str:
        return ", ".join(self._titles[name] for name in self._titles if name in answers.collections)


def _way(collection: Collection) -> str:
    return "send them to" if collection.sends else "see what to type into the website of"
