"""Make a file: which of Register's routes, its own list where it gives one, and what would be in the file. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QRadioButton, QVBoxLayout, QWidget

from desktop.model.person import Role
from desktop.services.export_plans import Plan
from desktop.ui.handover.statement import LEFT_COLUMNS, plan_groups, plan_words
from desktop.ui.parts.buttons import Button
from desktop.ui.parts.card import row
from desktop.ui.parts.grouped_table import GroupedTable
from desktop.ui.parts.rows_area import RowsArea
from desktop.ui.parts.text import ElidedLabel, Text
from desktop.ui.shell.rights import needs
from desktop.ui.theme import scaled

LEAST_TABLE = 120


@dataclass(frozen=True)
class Route:
    """One choice. `list_words` = what its list of the portal is called, "" when it needs none."""

    key: str
    words: str
    told: str
    list_words: str = ""


ROUTES = (
    Route(
        "bulk-add", "&New trainees", "Everybody who is not at Register yet. For higher-education providers."
    ),
    Route(
        "recommend",
        "&Recommend for QTS or EYTS",
        "Trainees with a recommendation that waits. Choose the list that Register lets you download; without it a short "
        "file is made.",
        "Register’s list for recommending",
    ),
    Route(
        "placements",
        "&Placements",
        "Trainees whose placements changed here. Register deletes all their schools and adds those of the file, so it "
        "needs Register’s list of today, or a reading of the last hour.",
        "Register’s list of placements",
    ),
)


class MakeDialog(QDialog):
    """`plan_wanted` asks for what a route would give; `make_asked` says where to. Esc makes nothing."""

    plan_wanted = Signal(str, object)
    """Route, and the Path of Register's own list or None."""
    make_asked = Signal(str, object, Path)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._source: Path | None = None
        self._plan: Plan | None = None
        self.routes = {route.key: QRadioButton(route.words) for route in ROUTES}
        self.told = Text(tone="ink2", wrap=True)
        self.choose_list = Button("Choose the list", icon="save")
        self.no_list = Button("Without the list", "quiet")
        self.list_name = ElidedLabel(tone="ink2")
        self.summary = Text(role="section", wrap=True)
        self.warnings = Text(wrap=True)
        self.table = GroupedTable(LEFT_COLUMNS, "Not in the file, or to be deleted")
        self.problem = Text(role="table", tone="refused", weight=500, wrap=True)
        self.main_button, self.not_now = (
            needs(Button("Choose a folder and make it", "primary"), Role.SEND),
            Button("Not now", "quiet"),
        )
        self._arrange(parent)
        for key, choice in self.routes.items():
            choice.setProperty("route", key)
            choice.toggled.connect(self._on_route_toggled)
        self.choose_list.clicked.connect(self._on_list_asked)
        self.no_list.clicked.connect(self._on_no_list)
        self.main_button.clicked.connect(self._on_make_clicked)
        self.not_now.clicked.connect(self.reject)

    def _arrange(self, parent: QWidget) -> None:
        self.setWindowTitle("Make a file for Register")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(Text("Make a file for Register", "title"))
        middle = RowsArea()
        for choice in self.routes.values():
            middle.add(choice)
        middle.add(self.told)
        self._list_row = QWidget()
        self._list_row.setLayout(row(self.choose_list, self.no_list, self.list_name, None))
        for part in (self._list_row, self.summary, self.warnings, self.problem):
            middle.add(part)
        middle.add(self.table, grows=True)
        middle.set_spacing(8)
        self.table.setMinimumHeight(scaled(LEAST_TABLE))
        column.addWidget(middle, 1)
        column.addWidget(
            Text("Anybody can read the file. Delete it when Register has taken it.", "caption", wrap=True)
        )
        column.addLayout(row(None, self.not_now, self.main_button))
        room = parent.window().size()
        self.resize(min(760, room.width() - 32), min(640, room.height() - 32))

    # --- showing

    def begin(self, route: str = "bulk-add") -> None:
        """Choose a route and ask for what it would give."""
        self.routes[route].setChecked(True)
        self.routes[route].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def route(self) -> Route:
        return next((r for r in ROUTES if self.routes[r.key].isChecked()), ROUTES[0])

    def show_plan(self, plan: Plan) -> None:
        """What would be in the file."""
        if plan.route != self.route.key:
            return
        self._plan = plan
        self._show("", plan_words(plan), "\n".join(plan.warnings))
        groups = plan_groups(plan)
        self.table.show_groups(groups)
        self.table.setVisible(bool(groups))
        self.main_button.allow(plan.records > 0, "There is nothing to put into it.")

    def show_problem(self, words: str) -> None:
        """Why no file can be made; the dialog stays."""
        self._plan = None
        self._show(words, "", "")
        self.table.hide()
        self.main_button.allow(False, "See what stands in the way.")

    def show_busy(self) -> None:
        """While it is written."""
        self.main_button.allow(False, "It is being written.")

    def _show(self, problem: str, summary: str, warnings: str) -> None:
        for part, words in ((self.problem, problem), (self.summary, summary), (self.warnings, warnings)):
            part.setText(words)
            part.setVisible(bool(words))

    def use_list(self, path: Path | None) -> None:
        """Take this as Register's own list; None = none."""
        self._source = path
        self.list_name.setText(path.name if path else "")
        self.no_list.setVisible(path is not None)
        self._ask()

    # --- slots

    def _on_route_toggled(self, on: bool) -> None:
        if not on:
            return
        route = self.route
        self.told.setText(route.told)
        self._list_row.setVisible(bool(route.list_words))
        self.choose_list.set_words(f"Choose {route.list_words}" if route.list_words else "Choose the list")
        self.use_list(None)

    def _ask(self) -> None:
        self._show("", "Looking at what waits", "")
        self.table.hide()
        self.main_button.allow(False, "Holdfast is looking at what waits.")
        self.plan_wanted.emit(self.route.key, self._source)

    def _on_list_asked(self) -> None:
        typed, _ = QFileDialog.getOpenFileName(self, self.choose_list.words, "", "CSV (*.csv);;All files (*)")
        if typed:
            self.use_list(Path(typed))

    def _on_no_list(self) -> None:
        self.use_list(None)
        self.choose_list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_make_clicked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose the folder for the file")
        if folder:
            self.make_in(Path(folder))

    def make_in(self, folder: Path) -> None:
        """Make the file there."""
        if self._plan is not None and self._plan.records:
            self.make_asked.emit(self.route.key, self._source, folder)
