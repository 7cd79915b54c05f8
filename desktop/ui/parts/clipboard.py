"""Copying personal data: kept out of clipboard history as far as the system listens, and gone after a minute.

Windows and KDE have marks for it, which their own history and the usual managers obey. macOS has one that Qt cannot set. On any
system the minute holds: what is on the clipboard then is taken off again, but only if it is still ours.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from desktop.model.ids import new_id
from desktop.policy import policy

CLEAR_MS = 60_000

_OURS = "application/x-holdfast-private"
_WINDOWS = 'application/x-qt-windows-mime;value="{}"'
_NO = (0).to_bytes(4, "little")
MARKS: dict[str, bytes] = {
    _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): _NO,
    _WINDOWS.format("CanIncludeInClipboardHistory"): _NO,
    _WINDOWS.format("CanUploadToCloudClipboard"): _NO,
    "x-kde-passwordManagerHint": b"secret",
}
"""Format -> what it holds: not into the history, not into the cloud."""


class PrivateClipboard(QObject):
    """`copy` puts a text there, `clear` takes it off again. GUI thread only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mark = b""
        longest = policy().whole("ClipboardSeconds", CLEAR_MS // 1000) * 1000
        self._timer = QTimer(self, singleShot=True, interval=min(CLEAR_MS, longest))
        self._timer.timeout.connect(self.clear)

    @property
    def holds(self) -> bool:
        """Whether what we copied last is still on the clipboard."""
        data: QMimeData | None = (
            QGuiApplication.clipboard().mimeData()
        )  # None where it is empty on some systems
        return bool(self._mark) and data is not None and bytes(data.data(_OURS).data()) == self._mark

    def copy(self, text: str, html: str = "") -> None:
        """Put it on the clipboard for a minute; `html` = the same as a table, for what can take one."""
        self._mark = new_id().encode()
        data = QMimeData()
        data.setText(text)
        if html:
            data.setHtml(html)
        data.setData(_OURS, self._mark)
        for name, value in MARKS.items():
            data.setData(name, value)
        QGuiApplication.clipboard().setMimeData(data)
        self._timer.start()

    def clear(self) -> None:
        """Take it off, if it is still ours; what somebody copied since stays."""
        self._timer.stop()
        if self.holds:
            QGuiApplication.clipboard().clear()
        self._mark = b""


def take_off() -> None:
    """Take off the clipboard what any window of ours put there; what somebody copied since stays."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if data is not None and data.hasFormat(_OURS):
        QGuiApplication.clipboard().clear()
