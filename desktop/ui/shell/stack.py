"""The pages: made when first shown, one visible at a time, with the way back remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.services.views import Changed
from desktop.ui.page import Context, Page, PageSpec

DEEPEST = 50


class PageStack(QStackedWidget):
    """Shows pages by name. A page that may not be left stays."""

    page_shown = Signal(str)
    page_made = Signal(QWidget)
    """A page came into being; it is not shown yet."""

    def __init__(self, specs: Sequence[PageSpec]) -> None:
        super().__init__()
        self._specs = {spec.name: spec for spec in specs}
        self._pages: dict[str, Page] = {}
        self._history: list[tuple[str, dict[str, Any]]] = []
        self._here: tuple[str, dict[str, Any]] | None = None
        self._context: Context | None = None

    def set_context(self, context: Context) -> None:
        """What pages are made from; before the first `go`."""
        self._context = context

    @property
    def name(self) -> str:
        """Name of the page that is shown; "" before the first."""
        return self._here[0] if self._here else ""

    @property
    def here(self) -> tuple[str, dict[str, Any]]:
        """The page that is shown, by its name, and what it was asked to show."""
        return self._here or ("", {})

    @property
    def page(self) -> Page | None:
        return self._pages.get(self.name)

    @property
    def spec(self) -> PageSpec | None:
        return self._specs.get(self.name)

    @property
    def pages(self) -> Sequence[Page]:
        """Those made so far."""
        return tuple(self._pages.values())

    def go(self, name: str, where: dict[str, Any], *, remember: bool = True) -> bool:
        """Show a page; False when the present one wants to keep the person. Raises KeyError for an unknown name."""
        spec = self._specs[name]
        current = self.page
        if current is not None and self.name != name and not current.may_leave():
            return False
        if remember and self._here is not None and self._here != (name, where):
            self._history = [*self._history[-DEEPEST:], self._here]
        self._here = (name, where)
        page = self._page(spec)
        if where:
            page.open(**where)
        self.setCurrentWidget(page)
        page.refresh(None)
        self.page_shown.emit(name)
        return True

    def go_back(self) -> bool:
        """Return along the way; False at its beginning."""
        if not self._history:
            return False
        name, where = self._history[-1]
        if not self.go(name, where, remember=False):
            return False
        self._history.pop()
        return True

    def refresh(self, changed: Changed) -> None:
        """Tell the visible page that something was written. The others read when they are entered."""
        if self.page is not None:
            self.page.refresh(changed)

    def every(self) -> Iterator[tuple[PageSpec, Page]]:
        """Every page in its order; one that was not shown yet is made when the iteration comes to it."""
        for spec in self._specs.values():
            yield spec, self._page(spec)

    def _page(self, spec: PageSpec) -> Page:
        if spec.name not in self._pages:
            assert self._context is not None, "set_context comes first"
            page = spec.make(self._context)
            self._pages[spec.name] = page
            page.title_changed.connect(page.setAccessibleName)
            page.setAccessibleName(spec.title)
            self.addWidget(page)
            self.page_made.emit(page)
        return self._pages[spec.name]
