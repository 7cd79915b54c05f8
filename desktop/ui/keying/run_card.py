"""Where a run of many sheets is: how many are typed, what stopped, what is next. Plain data in; what people ask for out."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal

from desktop.services.keying_run import Run
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.text import Text
from desktop.ui.words import count

_SHOWN = 6
"""So many names stand on the card; the summary has all."""


class RunCard(Card):
    """`show_run` shows one. The summary can be saved at any time."""

    go_on_asked = Signal()
    save_asked = Signal()
    end_asked = Signal()

    def __init__(self) -> None:
        super().__init__("note")
        self.head = self.add_head("")
        self._story = Text(tone="ink2", wrap=True)
        self.go_on = Button("Go on with the next", "primary", "pencil-line")
        self.save = Button("Save the summary", icon="download")
        self.end = Button("End it", icon="check")
        buttons = FlowLayout()
        for button in (self.go_on, self.save, self.end):
            buttons.addWidget(button)
        self.body.addWidget(self._story)
        self.body.addSpacing(4)
        self.body.addLayout(buttons)
        self.go_on.clicked.connect(self.go_on_asked)
        self.save.clicked.connect(self.save_asked)
        self.end.clicked.connect(self.end_asked)

    def show_run(self, run: Run) -> None:
        """Show where it is."""
        self.head.setText(title_of(run))
        self._story.setText("\n".join(story_of(run)))
        self.go_on.setVisible(run.next is not None or run.set_aside > 0)
        self.go_on.set_words("Go on with the next" if run.next is not None else "Go on with those set aside")
        self.end.set_words("End it" if run.next is not None or run.blocked else "Done")

    @property
    def story(self) -> str:
        return self._story.text()


def title_of(run: Run) -> str:
    """`One after another: 6 of 20 gone through`."""
    return f"One after another: {len(run.ended)} of {run.total} gone through"


def place_of(run: Run) -> str:
    """`7 of 20`, for the sheet in hand."""
    return f"{run.place} of {run.total}"


def story_of(run: Run) -> Iterator[str]:
    """What is next, what was stopped and why, what cannot be typed yet and why."""
    if run.next is not None:
        yield f"Next: {run.next.record_label}, {run.next.title[:1].lower()}{run.next.title[1:]}."
    if run.done:
        yield f"{count(run.done, 'sheet')} done."
    for one in run.stopped[:_SHOWN]:
        why = f": {one.why}" if one.why else "."
        yield f"{one.label}: {one.words[:1].lower()}{one.words[1:]}{why}"
    for item in run.blocked[:_SHOWN]:
        asked = f"Not answered: {', '.join(item.missing)}." if item.missing else ""
        why = item.why_not or " ".join(part for part in (asked, *item.wrong) if part)
        yield f"{item.record_label}: {why or 'put it right in the record first.'}"
    more = max(0, len(run.stopped) - _SHOWN) + max(0, len(run.blocked) - _SHOWN)
    if more:
        yield f"{count(more, 'more stands', 'more stand')} in the summary."
