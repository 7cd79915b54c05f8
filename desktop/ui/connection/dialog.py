"""Check my connection: each step of the way to a portal as it is done, what failed, and what to do about it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.model.hop import Hop, Passed
from desktop.services import connection
from desktop.services.workspace import Workspace
from desktop.ui.first_run.labelled import Labelled, secret
from desktop.ui.icons import set_icon
from desktop.ui.operations import Lane, Operation, Operations
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import clear, row
from desktop.ui.parts.dialog import Dialog
from desktop.ui.parts.save_as import save_as
from desktop.ui.parts.scroll_page import ScrollPage
from desktop.ui.parts.text import Text
from desktop.ui.trouble import Trouble

_LOOKS = {
    Passed.YES: ("circle-check", "confirmed", "Works"),
    Passed.NO: ("circle-x", "refused", "Fails"),
    Passed.LEFT_OUT: ("circle-dashed", "ink3", "Left out"),
}
_SIZE = (620, 440)


class HopLine(QWidget):
    """One step: a mark, what was found, what to do."""

    def __init__(self, hop: Hop) -> None:
        super().__init__()
        icon, key, spoken = _LOOKS[hop.passed]
        mark = Text()
        set_icon(mark, icon, key)
        mark.setAccessibleName(spoken)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(hop.words, weight=500 if hop.passed is Passed.NO else 0, wrap=True))
        if hop.advice:
            words.addWidget(Text(hop.advice, tone="ink2", wrap=True))
        line = row(spacing=10)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.setContentsMargins(0, 4, 0, 4)
        self.setLayout(line)
        self.setAccessibleName(f"{spoken}: {hop.words} {hop.advice}".strip())


class ProxySignIn(QWidget):
    """A name and a password for a proxy that asks for them; `given` carries both."""

    given = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.name, self.password = QLineEdit(), secret()
        self.name_row = Labelled("Name for the proxy", self.name)
        self.password_row = Labelled("Password for the proxy", self.password)
        self.keep = Button("Keep them and check again")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        for part in (self.name_row, self.password_row):
            column.addWidget(part)
        column.addLayout(row(self.keep, None))
        self.keep.clicked.connect(self._on_keep)
        self.password.returnPressed.connect(self._on_keep)

    def _on_keep(self) -> None:
        name = self.name.text().strip()
        if not self.name_row.complain("" if name else "Enter the name that the proxy knows you by."):
            self.given.emit(name, self.password.text())


class ConnectionDialog(Dialog):
    """Begins at once; can be done again, and saved for an IT support desk."""

    ended = Signal()

    def __init__(self, workspace: Workspace, operations: Operations, collection: str, over: QWidget) -> None:
        super().__init__("Check my connection", over)
        self._workspace, self._operations, self._collection = workspace, operations, collection
        self._proxy = ""
        self.hops: list[Hop] = []
        self.statement = Text(role="section", wrap=True)
        self.lines = QVBoxLayout()
        self.sign_in = ProxySignIn()
        self.again = Button("Check again", "primary")
        self.save, self.close_button = Button("Save this for IT support"), Button("Close", "quiet")
        self._arrange()
        self.again.clicked.connect(self.check)
        self.save.clicked.connect(self._on_save)
        self.close_button.clicked.connect(self.accept)
        self.sign_in.given.connect(self._on_sign_in_given)
        self.check()

    def _arrange(self) -> None:
        ground = ScrollPage()
        box = QWidget()
        inner = QVBoxLayout(box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(self.lines)
        inner.addWidget(self.sign_in)
        inner.addStretch(1)
        ground.add_limited(box)
        self.column.addWidget(self.statement)
        self.column.addWidget(ground, 1)
        self.column.addLayout(row(self.again, self.save, None, self.close_button))
        self.take_room(*_SIZE)

    def check(self) -> None:
        """Walk the way once more."""
        self.hops = []
        clear(self.lines)
        self.sign_in.hide()
        self.statement.setText(f"Looking at the way to {self._short}")
        self.again.allow(False, "The check is under way")
        self._operations.run_job(
            self._walk, self._on_whole, lane=Lane.NETWORK, on_failure=self._on_failure, key="connection-check"
        )

    @property
    def _short(self) -> str:
        return self._workspace.collection(self._collection).portal_short

    def _walk(self, job: Operation) -> tuple[list[Hop], str]:
        found = []
        for hop in connection.walk(self._workspace, self._collection):
            if job.is_cancelled():
                break
            found.append(hop)
        return found, connection.proxy_of(self._workspace, self._collection)

    def _on_whole(self, result: tuple[list[Hop], str]) -> None:
        self.hops, self._proxy = result
        for hop in self.hops:
            self.lines.addWidget(HopLine(hop))
        failed = next((hop for hop in self.hops if hop.passed is Passed.NO), None)
        good = f"Everything works: {self._short} answers"
        self.statement.setText(good if failed is None else f"Something is in the way to {self._short}")
        self.sign_in.setVisible(failed is not None and failed.wants_sign_in)
        self.again.allow(True)
        self.ended.emit()

    def _on_failure(self, trouble: Trouble) -> None:
        self.statement.setText(f"{trouble.title}. {trouble.text}")
        self.again.allow(True)
        self.ended.emit()

    def _on_sign_in_given(self, name: str, password: str) -> None:
        self._operations.run(
            partial(connection.keep_proxy_sign_in, self._proxy, name, password),
            self._on_sign_in_kept,
            lane=Lane.NETWORK,
        )

    def _on_sign_in_kept(self, kept: bool) -> None:
        if kept:
            self.sign_in.password.clear()
            self.check()
        else:
            self.sign_in.name_row.complain(
                "This computer has no place to keep them safe. Ask your IT support to manage the proxy for you."
            )

    def _on_save(self) -> None:
        path = save_as(self, "Save this for IT support", "holdfast-connection.txt", {".txt": "Text (*.txt)"})
        if path is not None:
            text = connection.as_text(self._workspace, self.hops)
            self._operations.run(partial(path.write_text, text, encoding="utf-8"), self._on_saved)

    def _on_saved(self, _size: Any) -> None:
        self.save.set_words("Saved")
