"""One job on a portal's website up close, with what can be done with it."""

from __future__ import annotations

from datetime import datetime

from desktop.services.keying_job import KeyItem, Stand
from desktop.ui.keying.statement import is_anothers, story_of
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.text import Text


class ItemCard(Card):
    """One job up close, with what can be done with it."""

    def __init__(self) -> None:
        super().__init__()
        self._head = self.add_head("")
        self._story = Text(tone="ink2", wrap=True)
        self.begin = Button("Begin to type", "primary", "pencil-line")
        self.record = Button("Open the record")
        self.paper = Button("Save as PDF", icon="download")
        self.back = Button("Give it up", icon="undo-2")
        self.instead = Button("", "primary", "chevron-right")
        self.again = Button("Try it again", icon="redo-2", tip="What stopped it is put right")
        self.there = Button("It is there already", icon="circle-check")
        buttons = FlowLayout()
        for button in (self.instead, self.begin, self.again, self.record, self.paper, self.there, self.back):
            buttons.addWidget(button)
        self.body.addWidget(self._story)
        self.body.addSpacing(4)
        self.body.addLayout(buttons)

    def show_item(self, item: KeyItem, now: datetime, actor: str, short: str) -> None:
        """Show this one."""
        self._head.setText(item.record_label)
        self._story.setText("\n".join(story_of(item, now, actor, short)))
        begun = item.stand is Stand.BEGUN
        anothers = is_anothers(item, now, actor)
        self.begin.set_words("Take it over" if anothers else "Go on typing" if begun else "Begin to type")
        self.begin.allow(begun or not item.why_not, item.why_not)
        stopped = bool(item.code) and not begun
        self.begin.setVisible(not stopped)
        self.again.setVisible(stopped)
        self.instead.setVisible(stopped and bool(item.instead))
        self.instead.set_words(item.instead)
        self.there.setVisible(item.settles)
        self.paper.setVisible(item.pages > 0)
        self.back.setVisible(item.stand in (Stand.BEGUN, Stand.TYPED) and not anothers)
        self.back.set_words("Give it up" if begun else f"It is not at {short}")

    @property
    def story(self) -> str:
        return self._story.text()
