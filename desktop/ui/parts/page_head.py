"""The head of a page: a statement as title, one sentence under or beside it, buttons at the right."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayoutItem, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.text import Text


class _Actions(FlowLayout):
    """Beside the words one line of buttons, the main one last; under them as many lines as needed, the main one first."""

    def __init__(self) -> None:
        super().__init__()
        self._under = False

    def set_under(self, under: bool) -> None:
        """Stand under the words, or beside them."""
        if under is not self._under:
            self._under = under
            self.invalidate()

    def shown_items(self) -> list[QLayoutItem]:
        found = super().shown_items()
        return found[::-1] if self._under else found

    def hasHeightForWidth(self) -> bool:
        return self._under

    def minimumSize(self) -> QSize:
        if self._under:
            return super().minimumSize()
        sizes = [item.sizeHint() for item in self.shown_items()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def setGeometry(self, area: QRect) -> None:
        above = 0 if self._under else (area.height() - self.minimumSize().height()) // 2
        super().setGeometry(area.adjusted(0, above, 0, 0))


class PageHead(QWidget):
    """`beside` puts the sentence next to the title (a table's counts) instead of under it.

    Buttons go through `add_action`, the main one last. Under 800 px they wrap below the words.
    """

    def __init__(self, title: str = "", sentence: str = "", *, beside: bool = False) -> None:
        super().__init__()
        self.title = Text(title, "title", wrap=not beside)
        self.sentence = Text(sentence, "body", "ink2", wrap=not beside)
        words = QHBoxLayout() if beside else QVBoxLayout()
        words.setSpacing(12 if beside else 2)
        words.addWidget(self.title, 0, Qt.AlignmentFlag.AlignBaseline if beside else Qt.AlignmentFlag(0))
        words.addWidget(self.sentence, 0, Qt.AlignmentFlag.AlignBaseline if beside else Qt.AlignmentFlag(0))
        if beside:
            words.addStretch(1)
        self._actions = _Actions()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._row.addLayout(words, 1)
        self._row.addLayout(self._actions)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def add_action(self, widget: QWidget) -> None:
        """A button at the right; the main one last."""
        self._actions.addWidget(widget)

    def add_first(self, widget: QWidget) -> None:
        """A quiet button before the others."""
        self._actions.insertWidget(0, widget)

    def set_words(self, title: str, sentence: str = "") -> None:
        """Change title and sentence."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def set_narrow(self, narrow: bool) -> None:
        """Put the buttons under the words, or back beside them."""
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(direction)
        self._row.setSpacing(8 if narrow else 16)
        self._actions.set_under(narrow)
