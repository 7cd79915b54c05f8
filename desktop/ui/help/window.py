"""The window of help: a field to search, the list of pages, and the page. Not modal: it may stay beside the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.help import library
from desktop.ui.help.keys import ScreenKeys, keys_here, keys_page
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.text import Text
from desktop.ui.shell.keys import bind
from desktop.ui.theme import colour, scaled, theme

SIZE = (860, 640)
LIST_WIDTH = 250
_ROLES = {1: "title", 2: "section", 3: "body"}


class PageView(QTextBrowser):
    """Shows Markdown. It opens nothing by itself and fetches nothing, from no disk and no network."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setAccessibleName("Help page")
        self.document().setDocumentMargin(16)
        self.document().setIndentWidth(22)

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        return None

    def show_text(self, markdown: str) -> None:
        """Show a page from its beginning."""
        self.setMarkdown(markdown)
        self._dress()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _dress(self) -> None:
        """Give headings, lines and links the sizes and colours of the program."""
        block = self.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            level = block.blockFormat().headingLevel()
            shape = QTextBlockFormat()
            shape.setLineHeight(128, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            shape.setTopMargin(14 if level > 1 else 0)
            shape.setBottomMargin(8)
            cursor.mergeBlockFormat(shape)
            look = QTextCharFormat()
            look.setFontPointSize(theme().points(_ROLES.get(level, "body")))
            if level:
                look.setFontWeight(QFont.Weight.DemiBold)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(look)
            block = block.next()
        self._dress_words()
        self._dress_tables()

    def _dress_words(self) -> None:
        """Links in their colour; what is bold in the weight that the program has."""
        block = self.document().begin()
        while block.isValid():
            part = block.begin()
            while not part.atEnd():
                piece = part.fragment()
                look = QTextCharFormat()
                if piece.charFormat().isAnchor():
                    look.setForeground(colour("link"))
                if piece.charFormat().fontWeight() > QFont.Weight.DemiBold:
                    look.setFontWeight(QFont.Weight.DemiBold)
                cursor = QTextCursor(self.document())
                cursor.setPosition(piece.position())
                cursor.setPosition(piece.position() + piece.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(look)
                part += 1
            block = block.next()

    def _dress_tables(self) -> None:
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format()
                shape.setBorder(0)
                shape.setCellPadding(2)
                shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                shape.setColumnWidthConstraints(
                    [QTextLength(QTextLength.Type.PercentageLength, share) for share in (36, 64)]
                )
                frame.setFormat(shape)


class HelpWindow(QDialog):
    """`show_screen` for F1, `show_keys` for Ctrl+/. Links lead from page to page, and Back returns."""

    def __init__(self, every: Callable[[], Iterator[ScreenKeys]], parent: QWidget) -> None:
        super().__init__(parent)
        self._every = every
        self._coming: Iterator[ScreenKeys] | None = None
        self._screens: list[ScreenKeys] = []
        self._way: list[str] = []
        self._here = ""
        self._screen = ScreenKeys("", "", ())
        self.setWindowTitle("Help")
        self.field = QLineEdit(placeholderText="Search in help")
        self.field.setAccessibleName("Search in help")
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Help pages")
        self.list.setProperty("ring", True)
        self.list.setProperty("framed", True)
        self.list.setProperty("part", "menu")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.none = Text("No page has all these words.", tone="ink2", wrap=True)
        self.view = PageView()
        self.back, self.close_button = Button("Back", "quiet", "arrow-left"), Button("Close")
        self._timer = QTimer(self, interval=0)
        self._arrange()
        self._connect()
        self._fill("")

    def _arrange(self) -> None:
        side = QWidget()
        side.setFixedWidth(scaled(LIST_WIDTH))
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(8)
        for part in (self.field, self.none):
            left.addWidget(part)
        left.addWidget(self.list, 1)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(side)
        both.addWidget(self.view, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(both, 1)
        column.addLayout(row(self.back, None, self.close_button))

    def _connect(self) -> None:
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._on_return)
        self.list.currentItemChanged.connect(self._on_item_changed)
        self.list.itemActivated.connect(self._on_item_activated)
        self.view.anchorClicked.connect(self._on_link)
        self.back.clicked.connect(self.go_back)
        self.close_button.clicked.connect(self.close)
        self._timer.timeout.connect(self._on_turn)
        theme().changed.connect(self._on_theme_changed)
        bind(self, "Alt+Left", self.go_back)

    # --- what is shown

    @property
    def here(self) -> str:
        """Name of the page that is shown."""
        return self._here

    def show_screen(self, screen: ScreenKeys) -> None:
        """Help on a screen, with the keys of that screen at its end."""
        self._screen = screen
        self.field.clear()
        self._open(library.SCREENS.get(screen.name, library.ORDER[0]))
        self._come_up()

    def show_keys(self, screen: ScreenKeys) -> None:
        """All keys."""
        self._screen = screen
        self.field.clear()
        self._open(library.KEYS)
        self._come_up()

    def go_back(self) -> None:
        """To the page before."""
        if self._way:
            self._show(self._way.pop())

    def _come_up(self) -> None:
        self.show()
        self.activateWindow()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, name: str) -> None:
        """Show a page and remember the way back."""
        if self._here and self._here != name:
            self._way.append(self._here)
        self._show(name)

    def _show(self, name: str) -> None:
        self._here = name
        self.view.show_text(self._text(name))
        self.view.setAccessibleName(self._title(name))
        self.setWindowTitle(f"Help: {self._title(name)}")
        self.back.allow(bool(self._way), "There is no page before this one")
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == name:
                self.list.blockSignals(True)
                self.list.setCurrentRow(place)
                self.list.blockSignals(False)

    def _text(self, name: str) -> str:
        if name == library.KEYS:
            self._gather()
            return keys_page(self._screens)
        found = library.page(name)
        text = found.text if found is not None else ""
        return text + keys_here(self._screen) if library.SCREENS.get(self._screen.name) == name else text

    @staticmethod
    def _title(name: str) -> str:
        found = library.page(name)
        return found.title if found is not None else "All keys"

    def _gather(self) -> None:
        """Ask the screens for their keys, one at a time: some must be made first, which takes a moment."""
        if self._coming is None and not self._screens:
            self._screens = [self._screen]
            self._coming = self._every()
            self._timer.start()

    def _on_turn(self) -> None:
        found = next(self._coming, None) if self._coming is not None else None
        if found is None:
            self._timer.stop()
            self._coming = None
            if self._here == library.KEYS:
                self.view.show_text(keys_page(self._screens))
        elif found.name != self._screen.name:
            self._screens.append(found)

    # --- the list

    def _fill(self, words: str) -> None:
        wanted = words.strip()
        names = [one.name for one in (library.matching(wanted) if wanted else library.pages())]
        if not wanted or wanted.casefold() in "all keys shortcuts":
            names.append(library.KEYS)
        self.list.blockSignals(True)
        self.list.clear()
        for name in names:
            item = QListWidgetItem(self._title(name))
            item.setToolTip(self._title(name))
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.none.setVisible(not names)
        if wanted and names:
            self.list.setCurrentRow(0)

    def _on_item_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._open(str(item.data(Qt.ItemDataRole.UserRole)))

    def _on_item_activated(self, _item: QListWidgetItem) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_return(self) -> None:
        if self.list.count():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_link(self, link: QUrl) -> None:
        name = link.path().removesuffix(".md")
        if name == library.KEYS or library.page(name) is not None:
            self._open(name)

    def _on_theme_changed(self) -> None:
        if self._here:
            self._show(self._here)

    # --- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down in the field goes on to the list; Enter there is not for a button."""
        if self.field.hasFocus() and event.key() == Qt.Key.Key_Down and self.list.count():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None and not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self.resize(min(SIZE[0], parent.width() - 32), min(SIZE[1], parent.height() - 32))
