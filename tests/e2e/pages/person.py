"""A person in front of Holdfast: eyes that read what stands on the screen, a keyboard, a mouse.

Pages are made of this. Nothing here calls a service, and nothing sleeps: `wait` ends when no work is under way. With
HOLDFAST_SHOTS naming a folder, `look` leaves pictures of the moment there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer, QModelIndex, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTableView,
    QWidget,
)

from desktop.ui.run import settle
from desktop.ui.theme import colour, theme
from tests.ui.pressing import press as press_keys

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier
LONGEST_MS = 20_000
TURN_MS = 10
LOOKS = (
    ("100-light", 1.0, "light"),
    ("100-dark", 1.0, "dark"),
    ("150-light", 1.5, "light"),
    ("150-dark", 1.5, "dark"),
)
"""Name, device pixels a logical pixel, colours."""


class Person:
    """Sits at a window (a `MainWindow`, the set-up, or the dialog that asks for the passphrase)."""

    def __init__(self, window: Any, story: str = "") -> None:
        self.window = window
        self.story = story

    # --- keyboard

    def press(self, *keys: str | Qt.Key, held: Qt.KeyboardModifier = PLAIN) -> None:
        """Press keys one after the other, and wait until what they began is over."""
        self._take_the_keyboard()
        press_keys(*keys, held=held)
        QTest.qWait(0)
        if getattr(self.window, "operations", None) is not None and self.window.operations.busy:
            self.wait()

    def strike(self, *keys: str | Qt.Key, held: Qt.KeyboardModifier = PLAIN) -> None:
        """The same without waiting for what it begins, as a quick typist does."""
        self._take_the_keyboard()
        press_keys(*keys, held=held)
        QTest.qWait(0)

    def replace(self, text: str) -> None:
        """Type over all that stands in the field with the keyboard."""
        press_keys(Qt.Key.Key_A, held=CTRL)
        press_keys(text)

    def come_back(self) -> None:
        """To this window, from a list that has closed or from somebody else's window."""
        self.window.activateWindow()
        self.wait_until(self.window.isActiveWindow)
        self.wait()

    def _take_the_keyboard(self) -> None:
        """The offscreen platform gives a window its activation back only when asked."""
        if not any(
            (QApplication.activePopupWidget(), QApplication.activeModalWidget(), QApplication.focusWidget())
        ):
            self.window.activateWindow()
            self.wait_until(self.window.isActiveWindow)

    # --- mouse

    def click(self, words: str, within: QWidget | None = None) -> None:
        """Click the button that says this, wherever it stands."""
        self.point(self.button(words, within))
        self.wait()

    def answering(self, answer: str, deed: Callable[[], None]) -> str:
        """Do something that asks back, and answer with the button that says this; what was asked."""
        asked: list[str] = []

        def look() -> None:
            question = QApplication.activeModalWidget()
            if question is not None and not asked:
                asked.append(self.reads(question))
                self.point(self.button(answer, question))

        timer = QTimer(interval=TURN_MS)
        timer.timeout.connect(look)
        timer.start()
        deed()
        timer.stop()
        assert asked, "nothing was asked back"
        return asked[0]

    def point(self, widget: QWidget) -> None:
        """Click the middle of something; what it stands in is scrolled to it."""
        above = widget.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(widget)
            above = above.parentWidget()
        assert widget.isEnabled(), f"{widget.accessibleName()!r} is off: {widget.toolTip()}"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())

    def click_line(self, table: QAbstractItemView, index: QModelIndex) -> None:
        """Click a line of a list or table, which is scrolled to it."""
        table.scrollTo(index)
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
        self.wait()

    def button(self, words: str, within: QWidget | None = None) -> QAbstractButton:
        """The button on the screen that says this, or begins so."""
        found = [b for b in self._of(QAbstractButton, within) if _said(b) == words]
        found = found or [b for b in self._of(QAbstractButton, within) if _said(b).startswith(words)]
        assert found, (
            f"no button says {words!r}; there are {[_said(b) for b in self._of(QAbstractButton, within)]}"
        )
        button: QAbstractButton = found[-1]
        return button

    # --- eyes

    def reads(self, within: QWidget | None = None) -> str:
        """All words on the screen, one part after the other."""
        return "\n".join(text for text in self._texts(within) if text)

    def sees(self, *words: str, within: QWidget | None = None) -> bool:
        """Whether all of these stand on the screen now."""
        read = self.reads(within)
        return all(each in read for each in words)

    def sees_ink(self, widget: QWidget, key: str) -> bool:
        """Whether a colour of the theme is to be seen in a part of the screen."""
        picture, wanted = widget.grab().toImage(), colour(key).rgb()
        return any(
            picture.pixel(x, y) == wanted for x in range(picture.width()) for y in range(picture.height())
        )

    def wait(self) -> None:
        """Until nothing is under way."""
        QTest.qWait(0)
        if hasattr(self.window, "operations"):
            settle(self.window)

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Until something is so; the window lives meanwhile."""
        clock = QElapsedTimer()
        clock.start()
        while not happened():
            assert clock.elapsed() < LONGEST_MS, f"it did not come to that; the screen says:\n{self.reads()}"
            QTest.qWait(TURN_MS)

    def wait_to_see(self, *words: str) -> None:
        """Until these words stand on the screen."""
        self.wait_until(lambda: self.sees(*words))

    def _texts(self, within: QWidget | None) -> Iterator[str]:
        for part in self._of(QWidget, within):
            if isinstance(part, QLabel):
                yield re.sub("<[^>]+>", "", part.text()).replace("&amp;", "&")
            elif isinstance(part, QAbstractButton):
                yield _said(part)
            elif isinstance(part, QLineEdit):
                yield part.text() if part.echoMode() is QLineEdit.EchoMode.Normal else ""
            elif isinstance(part, QPlainTextEdit):
                yield part.toPlainText()
            elif isinstance(part, QAbstractItemView):
                yield from _lines_in_sight(part)

    def _of(self, kind: type[Any], within: QWidget | None) -> list[Any]:
        """Parts of a kind that are on the screen: in an open dialog, else in the window."""
        roots = [within] if within is not None else _front(self.window)
        found = [[root, *root.findChildren(QWidget)] for root in roots]
        return [w for parts in found for w in parts if isinstance(w, kind) and w.isVisible()]

    # --- pictures

    def look(self, moment: str) -> None:
        """Leave pictures of this moment: 100 % and 150 %, light and dark."""
        folder = os.environ.get("HOLDFAST_SHOTS")
        if not folder:
            return
        size, mode = self.window.size(), theme().mode
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, ratio, colours in LOOKS:
            theme().set(mode=colours)  # type: ignore[arg-type]
            self.window.resize(size / ratio)
            self.wait()
            _picture(self.window, ratio).save(str(Path(folder) / f"{self.story}-{moment}-{name}.png"))
        theme().set(mode=mode)
        self.window.resize(size)
        self.wait()


def _said(button: QAbstractButton) -> str:
    return button.accessibleName() or button.text().strip().replace("&", "")


def _front(window: QWidget) -> list[QWidget]:
    """The dialog or popup that is open, else the window."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return [popup]
    dialogs = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isModal() and w is not window]
    return dialogs[-1:] or [window]


def _lines_in_sight(view: QAbstractItemView) -> Iterator[str]:
    """The lines of a list or table that are not scrolled away, each as a reader says it or as its cells."""
    model: Any = view.model()
    area = view.viewport().rect()
    table = view if isinstance(view, QTableView) else None
    columns = range(model.columnCount(QModelIndex())) if table else range(1)
    shown = [c for c in columns if table is None or not table.isColumnHidden(c)]
    for row in range(model.rowCount(QModelIndex()) if model is not None else 0):
        rects = [view.visualRect(model.index(row, c)) for c in shown]
        if rects and rects[0].top() > area.bottom():
            return
        if any(area.intersects(rect) for rect in rects):
            yield " | ".join(str(model.index(row, c).data() or "") for c in shown)


def _picture(window: QWidget, ratio: float) -> QImage:
    """The window with the dialogs and popups over it, `ratio` device pixels a logical pixel."""
    image = QImage(window.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    window.render(image, QPoint())
    over = [
        w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window and _belongs(w, window)
    ]
    for widget in over:
        layer = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
        layer.setDevicePixelRatio(ratio)
        widget.render(layer, QPoint())
        painter = QPainter(image)
        popup = widget.windowType() == Qt.WindowType.Popup
        middle = QPoint((window.width() - widget.width()) // 2, (window.height() - widget.height()) // 2)
        at = widget.pos() - window.pos() if popup else middle
        painter.drawImage(at, layer)
        painter.setPen(colour("line2"))  # the system draws a frame here
        painter.drawRect(QRect(at, widget.size()))
        painter.end()
    return image


def _belongs(widget: QWidget, window: QWidget) -> bool:
    above: QWidget | None = widget
    while above is not None:
        if above is window:
            return True
        above = above.parentWidget()
    return False
