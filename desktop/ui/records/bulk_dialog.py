"""Change many records at once: tick questions, answer them, see what would happen, do it. Reads and writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.model.collection import Collection, Required
from desktop.model.document import Value
from desktop.services.acts import BulkPreview, Varies
from desktop.services.views import Progress
from desktop.ui.fields.notes import Mark, Note
from desktop.ui.parts.card import row
from desktop.ui.parts.dialog import WorkDialog
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.rows_area import RowsArea
from desktop.ui.parts.text import Text
from desktop.ui.record.outlook import FieldLook
from desktop.ui.record.rows import BoundRow, make_rows
from desktop.ui.records.bulk_answers import BulkAnswers, questions_of
from desktop.ui.records.bulk_preview import PreviewPane, named
from desktop.ui.records.field_list import FieldList

LOOK_MS = 250
_EMPTY = "empty"
_NARROW = 720


class BulkDialog(WorkDialog):
    """`answers` holds what was entered. Ctrl+Enter changes; Esc leaves everything as it was, also while it is under way."""

    held_wanted = Signal(list)
    """Names of fields of which the dialog wants to know what the records hold."""
    preview_wanted = Signal(dict)
    """Field -> answer, once typing rests."""
    change_asked = Signal(dict)

    def __init__(self, collection: Collection, count: int, today: date, parent: QWidget) -> None:
        title = f"Change {named(count, collection)}"
        super().__init__(title, "Change", ProgressBox("Changing", stop="Stop, change nothing"), parent)
        self._collection, self._today = collection, today
        self.answers = BulkAnswers(questions_of(collection, many=count > 1))
        self._rows: dict[str, BoundRow] = {}
        self.fields = FieldList(list(self.answers.questions.values()))
        self.pane = PreviewPane(collection)
        self._area = RowsArea()
        self._late = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._arrange(title)
        self._late.timeout.connect(self._look)
        self.fields.toggled.connect(self._on_toggled)
        self.main_button.clicked.connect(self._on_main_clicked)
        self._fit()

    def _arrange(self, title: str) -> None:
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self._area, 3)
        right.addWidget(self.pane, 2)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addWidget(self.fields)
        middle.addLayout(right, 1)
        self.column.addWidget(Text(title, "title"))
        self.column.addWidget(
            Text("Only what you tick is touched. Everything else stays as it is.", tone="ink2", wrap=True)
        )
        self.column.addLayout(middle, 1)
        self.column.addWidget(self.progress)
        self.column.addLayout(row(None, self.not_now, self.main_button))
        self.progress.hide()
        self.take_room(980, 680)

    # --- showing

    def begin(self, key: str, values: dict[str, Value] | None = None) -> None:
        """Tick a question at once, with these answers in it."""
        for name, value in (values or {}).items():
            self.answers.type(name, value)
        self.fields.tick(key)
        if key in self._rows:
            self._rows[key].control.take_focus()

    def show_held(self, values: Mapping[str, Value | Varies]) -> None:
        """What the records hold of the fields that were asked for."""
        self.answers.hold(values)
        for asked in self.answers.ticked:
            if not self.answers.is_typed(asked.key) and set(asked.names) & values.keys():
                self._rows[asked.key].show_values(self.answers.shown(asked.key))
        self._note_all()
        self._look()

    def show_looking(self, progress: Progress) -> None:
        """The preview takes a while."""
        self.pane.say(progress.words)

    def show_preview(self, preview: BulkPreview) -> None:
        """What would happen, and whether it may."""
        if self.answers.ticked and not self.answers.missing():
            self.pane.show_preview(preview)
            self.main_button.set_words(f"Change {named(preview.to_change, self._collection)}")
            self.main_button.allow(preview.to_change > 0, "No record would change.")

    def show_busy(self, busy: bool) -> None:
        """The change is under way, or over without having been made."""
        super().show_busy(busy)
        for widget in (self.fields, self._area.inner):
            widget.setEnabled(not busy)

    def show_trouble(self, sentence: str) -> None:
        """It could not be done; nothing was changed."""
        self.pane.say(sentence)

    # --- inside

    def _on_toggled(self, key: str, on: bool) -> None:
        self.answers.tick(key, on=on)
        if on and key not in self._rows:
            self._add_row(key)
        self._rows[key].row.setVisible(on)
        missing = [n for n in self.answers.questions[key].names if n not in self.answers.held]
        if on and missing:
            self.held_wanted.emit(missing)
        self._note_all()
        self._late.start()
        self._say_missing()

    def _add_row(self, key: str) -> None:
        asked = self.answers.questions[key]
        made = make_rows(asked.fields, "", self._collection.code_lists, self._today, self)[0]
        made.show_values(self.answers.shown(key))
        made.edited.connect(self._on_edited)
        made.link_followed.connect(self._on_link_followed)
        made.row.set_narrow(self.width() < _NARROW)
        before = next(reversed(self._rows.values())).control.inputs()[-1] if self._rows else self.fields.list
        self._rows[key] = made
        self._area.add(made.row)
        for widget in made.control.inputs():
            QWidget.setTabOrder(before, widget)
            before = widget

    def _note_all(self) -> None:
        """Under each control: that the records differ, that it will be emptied, or the way to empty it."""
        for asked in self.answers.ticked:
            values = self.answers.shown(asked.key)
            emptied = self.answers.is_typed(asked.key) and not any(v is not None for v in values.values())
            can_empty = all(f.required is not Required.ALWAYS for f in asked.fields) and not emptied
            words = ""
            if self.answers.varies(asked.key):
                words = "Varies. What you enter goes to all of them."
            elif emptied:
                words = "Will be empty in all of them."
            note = Note(
                words, link=_EMPTY if can_empty else "", link_words="Empty it in all" if can_empty else ""
            )
            mark = Mark.CHANGED if self.answers.is_typed(asked.key) else Mark.NONE
            self._rows[asked.key].show_look(FieldLook(mark, (note,) if words or can_empty else ()))

    def _say_missing(self) -> bool:
        """Whether something has to be entered first; says what."""
        missing = self.answers.missing()
        self._area.setVisible(bool(self.answers.ticked))
        if not self.answers.ticked:
            self.pane.say("Tick what you want to change.")
        elif missing:
            self.pane.say(f"Enter an answer for {', '.join(missing)}, or untick it.")
        if missing or not self.answers.ticked:
            self.main_button.set_words(f"Change {self._collection.title.lower()}")
            self.main_button.allow(False, self.pane.sentence.text())
            return True
        return False

    def _look(self) -> None:
        if not self._say_missing():
            self._wait()
            self.preview_wanted.emit(self.answers.fields())

    def _wait(self) -> None:
        """What was shown is not true any more."""
        self.pane.sentence.setText("Looking at what would change…")
        self.main_button.allow(False, "Holdfast is looking at what would change.")

    def _on_edited(self, path: str, value: Value) -> None:
        self.answers.type(path, value)
        self._note_all()
        self._wait()
        self._late.start()

    def _on_link_followed(self, path: str, _link: str) -> None:
        self.answers.empty(path)
        self._rows[path].show_values(self.answers.shown(path))
        self._note_all()
        self._wait()
        self._late.start()

    def _on_main_clicked(self) -> None:
        for made in self._rows.values():
            made.control.settle()
        self._late.stop()
        self.change_asked.emit(self.answers.fields())

    def _fit(self) -> None:
        narrow = self.width() < _NARROW
        self.fields.setFixedWidth(190 if narrow else 270)
        for made in self._rows.values():
            made.row.set_narrow(narrow)
        self._say_missing()
