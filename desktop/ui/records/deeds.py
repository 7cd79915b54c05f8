"""What a person does to records from the table: open, copy into a new one, and the menu that lists all deeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from desktop.model.ids import RecordId
from desktop.services.views import RecordView, Row
from desktop.ui.records.bulk import Bulk
from desktop.ui.records.chosen import Chosen
from desktop.ui.records.importing import Importing
from desktop.ui.records.leaving import Leaving
from desktop.ui.records.listing import Listing
from desktop.ui.records.pasting import Pasting


class Deeds(QObject):
    """`do` runs a deed by its name, as the table's keys and the menu call it."""

    def __init__(self, listing: Listing, chosen: Chosen) -> None:
        super().__init__(listing.view)
        self._listing, self._chosen = listing, chosen
        self.leaving = Leaving(listing, chosen)
        self.bulk = Bulk(listing, chosen)
        self.pasting = Pasting(listing)
        self.importing = Importing(listing, self.pasting)
        listing.view.bar.type.setVisible(not listing.collection.sends)
        listing.view.bar.type_asked.connect(self.type_them)
        self._deeds: Mapping[str, Callable[[], object]] = {
            "copy": self.leaving.copy,
            "paste": self.pasting.paste,
            "import": self.pasting.choose_file,
            "imports": self.importing.show_list,
            "twin": self.copy_record,
            "export": self.leaving.export,
            "print": self.leaving.print,
            "change": self.bulk.change,
            "fill": self.bulk.fill_down,
            "type": self.type_them,
        }
        listing.table.opened.connect(self.open)
        listing.table.menu_asked.connect(self.open_menu)
        listing.table.deed_asked.connect(self.do)

    def do(self, name: str) -> None:
        """Carry out a deed."""
        self._deeds[name]()

    def open(self, place: int) -> None:
        """Show the record of a line; it is read first when its page is still on its way."""
        listing = self._listing
        row = listing.model.row_at(place)
        if row is not None:
            self._show((row,))
        elif 0 <= place < len(listing.model.keys):
            key = listing.model.keys[place]
            listing.operations.run(
                lambda: listing.workspace.records.rows([key]), self._show, key="records.open"
            )

    def _show(self, rows: Sequence[Row]) -> None:
        model = self._listing.model
        for row in rows:
            place = model.place_of(row.key)
            self._listing.shell.go("record", record_id=row.id, keys=model.keys, place=place or 0)

    def copy_record(self) -> None:
        """A new draft with the answers of the record on the current line, but for what names one person."""
        row = self._listing.model.row_at(self._listing.table.place())
        if row is not None:
            records, record_id = self._listing.workspace.records, RecordId(row.id)
            self._listing.operations.run(lambda: records.copy(record_id), self._on_copied)

    def _on_copied(self, view: RecordView) -> None:
        self._listing.shell.go("record", record_id=view.id)
        self._listing.shell.say(f"A new draft, copied from {view.label}")

    def type_them(self) -> None:
        """Type the chosen ones on the portal's website, one after another."""
        keys, records = self._chosen.keys(), self._listing.workspace.records
        if keys:
            self._listing.operations.run(lambda: [row.id for row in records.rows(keys)], self._on_to_type)

    def _on_to_type(self, record_ids: Sequence[str]) -> None:
        self._listing.shell.go("keying", records=record_ids)

    # --- menu

    def open_menu(self, place: int, at: QPoint) -> None:
        """The menu of a line: a right click, or Shift+F10."""
        model = self._listing.model
        if not 0 <= place < len(model.keys):
            return
        key, ticked = model.keys[place], model.is_ticked(place)
        menu = QMenu(self._listing.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open\tEnter", lambda: self.open(place))
        menu.addAction(
            "Unselect\tSpace" if ticked else "Select\tSpace", lambda: model.set_ticked([key], not ticked)
        )
        for name, words in self._offers():
            menu.addAction(words, partial(self.do, name))
        if not self._listing.collection.sends:
            menu.addAction("Type on the website", self.type_them)
        menu.addSeparator()
        self._add_sorts(menu.addMenu("Sort by"))
        menu.addAction("Columns", lambda: self._listing.looks.open_columns(self._listing.table))
        menu.popup(at)

    def _offers(self) -> Sequence[tuple[str, str]]:
        number = self._listing.model.tick_count
        return (
            ("change", f"Change {number} selected\tF2" if number > 1 else "Change\tF2"),
            ("fill", "Fill down into the selected\tCtrl+D"),
            ("copy", "Copy as a spreadsheet\tCtrl+C"),
            ("paste", "Paste from a spreadsheet\tCtrl+V"),
            ("twin", f"Copy as a new {self._listing.collection.singular}\tCtrl+Shift+C"),
        )

    def _add_sorts(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for column in self._listing.model.columns:
            if column.sort:
                action = menu.addAction(column.menu_title)
                action.setCheckable(True)
                action.setChecked(column.sort == self._listing.finder.question.sort)
                action.setData(column.sort)
                group.addAction(action)
        group.triggered.connect(self._on_sort_chosen)

    def _on_sort_chosen(self, action: QAction) -> None:
        self._listing.finder.sort_by(str(action.data()))
