"""Words on screen: labels with a text role and a tone, and one that elides."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.ui.icons import paint_icon
from desktop.ui.theme import repolish


class Text(QLabel):
    """A label with a role of ui.md section 3 (figure, title, section, body, table, caption).

    tone    key of the text colour; "" = the role's own
    weight  400, 500 or 600; 0 = the role's own
    wrap    break lines; the label then takes the width it is given
    """

    def __init__(
        self,
        words: str = "",
        role: str = "body",
        tone: str = "",
        weight: int = 0,
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._icon: tuple[str, str] | None = None
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        if weight:
            self.setProperty("weight", str(weight))
        self.setTextFormat(Qt.TextFormat.AutoText if "<" in words else Qt.TextFormat.PlainText)
        if wrap:
            self.setWordWrap(True)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_icon(self, name: str, key: str, side: int) -> None:
        """Be an icon instead of words, painted at the screen's own ratio. `icons.set_icon` calls this."""
        self._icon = (name, key)
        self.setFixedSize(side, side)
        self.update()

    def set_tone(self, tone: str) -> None:
        """Change the colour of a label that may be shown already."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            repolish(self)

    def set_html(self, html: str) -> None:
        """Rich text. Escape what people typed; write `<span style="font-weight:600">` for bold."""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText(html)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._icon is None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        paint_icon(painter, *self._icon, self.rect())
        painter.end()


class ElidedLabel(Text):
    """One line that ends in "…" when it does not fit; the whole text is then its tooltip and always its name."""

    def __init__(
        self,
        words: str = "",
        role: str = "body",
        tone: str = "",
        weight: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, role, tone, weight, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(24)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        whole = self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()
        self.setToolTip("" if whole else self.text())

    def paintEvent(self, _event: QPaintEvent) -> None:
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            area,
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
        painter.end()


def bold(text: str) -> str:
    """Text as rich text in weight 600, escaped."""
    return f'<span style="font-weight:600">{escape(text)}</span>'


def escape(text: str) -> str:
    """Plain text made safe inside rich text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
