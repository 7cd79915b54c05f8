"""The screen of sharing: the folder, single files, the passphrase, and who is typing elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.services.exchange import Shared
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import Card
from desktop.ui.parts.flow_layout import FlowLayout
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.progress import ProgressBox
from desktop.ui.parts.scroll_page import NARROW, ScrollPage
from desktop.ui.parts.text import Text
from desktop.ui.share.share_words import SENTENCE, folder_words, last_words, secret_words, title
from desktop.ui.theme import scaled


class ShareScreen(QWidget):
    """Plain data in; what people ask for out."""

    exchange_asked = Signal()
    make_asked = Signal()
    take_asked = Signal()
    folder_asked = Signal()
    no_folder_asked = Signal()
    secret_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.head = PageHead("Share with colleagues", SENTENCE)
        self.take = Button("Take in a change file", icon="download")
        self.make = Button("Make a change file", icon="upload")
        self.head.add_action(self.take)
        self.head.add_action(self.make)
        self.typing = Card("note")
        self.typing.add_head("Typed elsewhere just now")
        self._typing_words = Text(wrap=True)
        self.typing.body.addWidget(self._typing_words)
        self.progress = ProgressBox("Making the change file", stop="Stop")
        page = ScrollPage()
        for part in (
            self.head,
            self.progress,
            self.typing,
            self._make_folder_card(),
            self._make_secret_card(),
        ):
            page.column.addWidget(part)
        page.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        self.typing.hide()
        self.progress.hide()
        self.take.clicked.connect(self.take_asked)
        self.make.clicked.connect(self.make_asked)

    def _make_folder_card(self) -> Card:
        card = Card()
        card.add_head("Shared folder")
        self.folder = Text(wrap=True)
        self.last = Text(role="caption", wrap=True)
        self.exchange = Button("Exchange now", "primary", "refresh-cw")
        self.choose = Button("Choose a folder")
        self.no_folder = Button("Stop using it", "quiet")
        buttons = FlowLayout()
        for button in (self.exchange, self.choose, self.no_folder):
            buttons.addWidget(button)
        card.body.addWidget(self.folder)
        card.body.addWidget(self.last)
        card.body.addSpacing(4)
        card.body.addLayout(buttons)
        self.exchange.clicked.connect(self.exchange_asked)
        self.choose.clicked.connect(self.folder_asked)
        self.no_folder.clicked.connect(self.no_folder_asked)
        return card

    def _make_secret_card(self) -> Card:
        card = Card()
        card.add_head("Passphrase of change files")
        self.secret_words = Text(tone="ink2", wrap=True)
        self.secret = Button("Choose a passphrase", icon="key-round")
        buttons = FlowLayout()
        buttons.addWidget(self.secret)
        card.body.addWidget(self.secret_words)
        card.body.addSpacing(4)
        card.body.addLayout(buttons)
        self.secret.clicked.connect(self.secret_asked)
        return card

    @property
    def statement(self) -> str:
        return self.head.title.text()

    def show_shared(self, shared: Shared, typing: Sequence[str], now: datetime) -> None:
        """How things stand; `typing` = who types what elsewhere, in sentences."""
        self.head.set_words(title(shared), SENTENCE)
        self.folder.setText(folder_words(shared))
        self.folder.set_tone("" if shared.folder else "ink2")
        self.last.setText(last_words(shared, now))
        self.exchange.setVisible(shared.folder is not None)
        self.no_folder.setVisible(shared.folder is not None)
        self.choose.set_words("Choose another folder" if shared.folder else "Choose a folder")
        self.secret_words.setText(secret_words(shared))
        self.secret.set_words("Choose another passphrase" if shared.agreed else "Choose a passphrase")
        self._typing_words.setText("\n".join(typing))
        self.typing.setVisible(bool(typing))

    def show_busy(self, busy: bool) -> None:
        """A file is being made."""
        self.progress.setVisible(busy)
        for button in (self.make, self.take, self.exchange):
            button.setEnabled(not busy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.head.set_narrow(self.width() < scaled(NARROW))
