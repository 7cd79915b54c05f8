"""After the recovery sheet has opened the records: a new passphrase in place of the forgotten one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from desktop.services.unlocking import Passphrase
from desktop.ui.operations import Lane
from desktop.ui.recovery.dialog import NewPassphraseDialog

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow


class Renewing(QObject):
    """Asks once, over the window; who says "Not now" opens with the sheet again next time."""

    def __init__(self, passphrase: Passphrase, code: str, window: MainWindow) -> None:
        super().__init__(window)
        self._passphrase, self._code, self._window = passphrase, code, window

    def ask(self) -> None:
        """Open the dialog."""
        self._dialog = NewPassphraseDialog(self._window)
        self._dialog.accepted.connect(self._on_chosen)
        self._dialog.open()

    def _on_chosen(self) -> None:
        new = self._dialog.passphrase
        self._window.operations.run(
            lambda: self._passphrase.change(self._code, new), self._on_changed, lane=Lane.NETWORK
        )

    def _on_changed(self, _nothing: Any) -> None:
        self._code = ""
        self._window.say("The new passphrase counts. The recovery sheet goes on counting.")
