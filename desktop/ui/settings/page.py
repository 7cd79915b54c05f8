"""Settings as a page: shows what counts now, and carries out what is chosen. One column, 640 px."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.model.errors import WrongPassphrase
from desktop.model.key_store import KeyStore
from desktop.model.person import Role
from desktop.model.timetable import Timetable
from desktop.model.verdict import Probe
from desktop.services import tokens
from desktop.services.views import Changed, PortalView
from desktop.ui.operations import Lane
from desktop.ui.page import Context, Page
from desktop.ui.parts.page_head import PageHead
from desktop.ui.parts.scroll_page import ScrollPage
from desktop.ui.settings.about import AboutHere
from desktop.ui.settings.backups import BackupsHere
from desktop.ui.settings.contents import WIDTH, Contents
from desktop.ui.settings.files import PlacesSection, SendingSection
from desktop.ui.settings.keeping import KeepingHere
from desktop.ui.settings.look import KeysSection, LockSection, LookSection
from desktop.ui.settings.lookup import LookupHere
from desktop.ui.settings.passphrase import PassphraseSection
from desktop.ui.settings.people import PeopleHere
from desktop.ui.settings.portal import PortalSection
from desktop.ui.settings.records import RecordsHere
from desktop.ui.settings.recovery import RecoveryHere
from desktop.ui.settings.saving import BackupHere
from desktop.ui.settings.section import Section
from desktop.ui.settings.support import SupportHere
from desktop.ui.shell.keys import first_focusable
from desktop.ui.shell.rights import needs
from desktop.ui.theme import scaled, theme
from desktop.ui.tokens import PAGE_MARGIN
from desktop.ui.trouble import Trouble
from desktop.ui.waiting.timetable_dialog import TimetableDialog

WIDE = 640


class SettingsPage(Page):
    """Each section says what was asked; the services do it."""

    name = "settings"
    title = "Settings"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.portals = {
            name: PortalSection(known.portal_short)
            for name, known in self.workspace.collections.items()
            if known.sends
        }
        self.look, self.keys_section, self.lock = LookSection(), KeysSection(), LockSection()
        self.sending, self.passphrase = SendingSection(), PassphraseSection()
        self.saving = BackupHere(context, self)
        self.backup = self.saving.section
        self.records, self.recovery = RecordsHere(context, self), RecoveryHere(context, self)
        self.support = SupportHere(context, self)
        self.people = PeopleHere(context, self)
        self.backups, self.keeping = BackupsHere(context, self), KeepingHere(context, self)
        self.lookup = LookupHere(context, self) if LookupHere.wanted(context) else None
        self.places = PlacesSection(
            self.workspace.organisation, self.workspace.actor, self.workspace.folder.absolute()
        )
        self.about = AboutHere(context, self)
        self._arrange()
        self._connect()
        theme().changed.connect(self._fit)

    def _arrange(self) -> None:
        self._ground = ScrollPage()
        self._box = QWidget()
        box = QVBoxLayout(self._box)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        told = "Changes count at once, for this workspace on this computer."
        box.addWidget(PageHead("How this office is set up", told))
        box.addWidget(self.people.note)
        for section in (
            needs(self.records.section, Role.ADMINISTER),
            *(needs(section, Role.ADMINISTER) for section in self.portals.values()),
            *((needs(self.lookup.section, Role.ADMINISTER),) if self.lookup else ()),
            needs(self.sending, Role.ADMINISTER),
            self.people.section,
            self.look,
            self.keys_section,
            self.lock,
            needs(self.passphrase, Role.ADMINISTER),
            needs(self.recovery.section, Role.ADMINISTER),
            needs(self.backups.section, Role.ADMINISTER),
            needs(self.backup, Role.ADMINISTER),
            needs(self.keeping.section, Role.ADMINISTER),
            self.places,
            self.about.section,
            self.support.section,
        ):
            box.addWidget(section)
        self._ground.add_limited(self._box)
        self._ground.column.addStretch(1)
        self.contents = Contents(self._box.findChildren(Section))
        self.contents.chosen.connect(self._on_section_chosen)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._ground, 1)
        across.addWidget(self.contents)
        self._fit()

    def _connect(self) -> None:
        for name, section in self.portals.items():
            section.test_asked.connect(partial(self._on_test_asked, name))
            section.kept.connect(partial(self._on_portal_kept, name))
            section.steps_asked.connect(partial(self.shell.dialogs.open_connection, name))
        for part in (self.look, self.keys_section, self.lock):
            part.picked.connect(self.shell.preferences.put)
        self.lock.lock_asked.connect(self.shell.lock_window)
        self.sending.timetable_asked.connect(self._on_timetable_asked)
        self.passphrase.change_asked.connect(self._on_change_asked)
        self.passphrase.remember_asked.connect(self._on_remember_asked)
        self.passphrase.forget_asked.connect(self._on_forget_asked)
        self.backup.restore_asked.connect(self.shell.switcher.ask_for_backup)

    # --- what the shell asks

    def refresh(self, changed: Changed | None) -> None:
        for part in (self.look, self.keys_section, self.lock):
            part.show_memory(self.shell.preferences.memory)
        if changed is None or changed.portals:
            self.operations.run(self._read, self._on_read, key="settings")
            if self.lookup is not None:
                self.lookup.look()
            self.people.look()
            self.places.show_actor(self.workspace.actor)
        if changed is None:
            self._look_for_store()
            self.records.look()
            self.recovery.look()
            self.backups.look()
            self.keeping.look()
            self.about.look()

    def focus_first(self) -> None:
        first = first_focusable(self)
        if first is not None:
            first.setFocus()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Tab", "Next setting"), ("Left, Right", "Another choice"), ("Space", "Choose it"))

    # --- reading

    def _read(self) -> tuple[list[PortalView], Timetable]:
        """Worker thread."""
        return self.workspace.portals.all(), self.workspace.schedule.timetable()

    def _on_read(self, found: tuple[list[PortalView], Timetable]) -> None:
        views, timetable = found
        for view in views:
            self.portals[view.collection].show_portal(view)
        self.sending.setVisible(bool(views))
        self.contents.links[self.sending.accessibleName()].setVisible(bool(views))
        if views:
            self.sending.show_timetable(timetable, views[0].portal_short)

    def _look_for_store(self) -> None:
        def read() -> tuple[KeyStore, bool]:
            return self.workspace.passphrase.key_store(), self.workspace.passphrase.wanted()

        self.operations.run(read, self._on_store_read, lane=Lane.NETWORK, key="settings-store")

    def _on_store_read(self, found: tuple[KeyStore, bool]) -> None:
        self.passphrase.show_remembered(*found)

    # --- portal

    def _on_test_asked(self, name: str, url: str, token: str) -> None:
        self.operations.run(
            lambda: (name, self.workspace.try_connection(name, url, token)),
            self._on_tested,
            lane=Lane.NETWORK,
            on_failure=self.portals[name].complain_of,
        )

    def _on_tested(self, found: tuple[str, Probe]) -> None:
        name, probe = found
        self.portals[name].show_probe(probe)

    def _on_portal_kept(self, name: str, url: str, token: str) -> None:
        def work() -> str:
            known = token or self.workspace.portals.in_use(name)[1]
            here = not tokens.credential_store()
            self.workspace.portals.connect(name, url, token=known, in_workspace=here)
            return name

        self.operations.run(work, self._on_connected, on_failure=self.portals[name].complain_of)

    def _on_connected(self, name: str) -> None:
        self.portals[name].show_kept()
        self.shell.say("Kept. Holdfast asks the portal now.")
        self.shell.sync_now()

    # --- sending

    def _on_timetable_asked(self) -> None:
        self.operations.run(self.workspace.schedule.timetable, self._open_timetable)

    def _open_timetable(self, timetable: Timetable) -> None:
        portal = next(one.portal_short for one in self.workspace.collections.values() if one.sends)
        dialog = TimetableDialog(timetable, portal, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._on_timetable_chosen)
        dialog.open()

    def _on_timetable_chosen(self, timetable: Timetable) -> None:
        self.operations.run(lambda: self.workspace.schedule.change(timetable))

    # --- passphrase

    def _on_change_asked(self, current: str, new: str) -> None:
        self.operations.run(
            lambda: self.workspace.passphrase.change(current, new),
            self._on_passphrase_changed,
            on_failure=self._on_passphrase_wrong,
        )

    def _on_passphrase_changed(self, _nothing: Any) -> None:
        self.passphrase.show_changed()
        self.shell.say("The passphrase is changed. Backups made before still open with the old one.")

    def _on_passphrase_wrong(self, trouble: Trouble) -> None:
        wrong = "That is not the passphrase you have. Nothing was changed. Check capitals and spaces."
        told = f"{trouble.title}. {trouble.text}"
        self.passphrase.show_wrong(wrong if isinstance(trouble.error, WrongPassphrase) else told)

    def _on_remember_asked(self, typed: str) -> None:
        self.operations.run(
            lambda: self.workspace.passphrase.remember(typed),
            self._on_store_changed,
            on_failure=self._on_passphrase_wrong,
        )

    def _on_forget_asked(self) -> None:
        self.operations.run(self.workspace.passphrase.forget, self._on_store_changed)

    def _on_store_changed(self, _nothing: Any) -> None:
        self.passphrase.current.clear()
        self._look_for_store()

    # --- room

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        self._box.setMaximumWidth(scaled(WIDE))
        self.contents.fit()
        self.contents.setVisible(self.width() >= scaled(WIDE + WIDTH) + 2 * PAGE_MARGIN)

    def _on_section_chosen(self, section: Section) -> None:
        """Its head at the top, the keyboard in it."""
        self._ground.verticalScrollBar().setValue(section.mapTo(self._ground.widget(), QPoint(0, -12)).y())
        first = first_focusable(section)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
