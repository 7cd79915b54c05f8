"""The parts of a workspace that `holdfast status` and other short runs never need: each imported when it is first asked for.

That keeps the start of the command line cheap. A new group of use cases belongs here, unless every run needs it or it
listens to the store: who listens must be there before the window does, or a screen asks again before it has heard.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from desktop.services.core import Core
from desktop.services.records import Records
from desktop.services.views import Organisation

if TYPE_CHECKING:
    from desktop.services.activity import Activity
    from desktop.services.acts import Acts
    from desktop.services.backups import Backups
    from desktop.services.care import Care
    from desktop.services.checks import Checks
    from desktop.services.deadlines import Deadlines
    from desktop.services.deciding import Deciding
    from desktop.services.drafts import Drafts
    from desktop.services.exchange import Exchange
    from desktop.services.explained import Explained
    from desktop.services.exports import Exports
    from desktop.services.filters import Filters
    from desktop.services.fixing import Fixing
    from desktop.services.importing import Importing
    from desktop.services.keying import KeyingDesk
    from desktop.services.keying_run import KeyingRuns
    from desktop.services.looked_after import Choosing
    from desktop.services.lookup import Lookup
    from desktop.services.outsiders import Outsiders
    from desktop.services.paste import Paste
    from desktop.services.people import People
    from desktop.services.place import Place
    from desktop.services.reconciling import Reconciling
    from desktop.services.retention import Keeping
    from desktop.services.sign_off import SignOff
    from desktop.services.subject_access import SubjectAccess
    from desktop.services.support import Support
    from desktop.services.unlocking import Passphrase
    from desktop.services.way_out import WayOut
    from desktop.services.web_reading import WebReading


class OnFirstUse:
    """What `Workspace` is besides what it needs at once.

    Each part is made on whichever thread asks first. None keeps anything itself, so two made at once do no harm.
    """

    passphrase: Passphrase

    def __init__(self, core: Core, organisation: Organisation, records: Records) -> None:
        self._core = core
        self.organisation = organisation
        self.records = records

    @cached_property
    def acts(self) -> Acts:
        from desktop.services.acts import Acts

        return Acts(self._core)

    @cached_property
    def activity(self) -> Activity:
        from desktop.services.activity import Activity
        from desktop.services.evidence import EvidenceReports

        return Activity(self._core, EvidenceReports(self._core, self.organisation))

    @cached_property
    def backups(self) -> Backups:
        from desktop.services.backups import Backups

        return Backups(self._core)

    @cached_property
    def care(self) -> Care:
        from desktop.services.care import Care

        return Care(self._core)

    @cached_property
    def checks(self) -> Checks:
        from desktop.services.checks import Checks

        return Checks(self._core, self.records)

    @cached_property
    def choosing(self) -> Choosing:
        from desktop.services.looked_after import Choosing

        return Choosing(self._core)

    @cached_property
    def deadlines(self) -> Deadlines:
        from desktop.services.deadlines import Deadlines

        return Deadlines(self._core, self.activity.evidence)

    @cached_property
    def deciding(self) -> Deciding:
        from desktop.services.deciding import Deciding

        return Deciding(self._core)

    @cached_property
    def drafts(self) -> Drafts:
        from desktop.services.drafts import Drafts

        return Drafts(self._core)

    @cached_property
    def exchange(self) -> Exchange:
        from desktop.services.exchange import Exchange

        return Exchange(self._core, self.organisation)

    @cached_property
    def explained(self) -> Explained:
        from desktop.services.explained import Explained

        return Explained(self._core)

    @cached_property
    def exports(self) -> Exports:
        from desktop.services.exports import Exports

        return Exports(self._core, self.organisation)

    @cached_property
    def filters(self) -> Filters:
        from desktop.services.filters import Filters

        return Filters(self._core, self.records)

    @cached_property
    def fixing(self) -> Fixing:
        from desktop.services.fixing import Fixing

        return Fixing(self._core, self.acts)

    @cached_property
    def importing(self) -> Importing:
        from desktop.services.importing import Importing

        return Importing(self._core, self.acts)

    @cached_property
    def keying(self) -> KeyingDesk:
        from desktop.services.keying import KeyingDesk

        return KeyingDesk(self._core, self.organisation)

    @cached_property
    def keying_runs(self) -> KeyingRuns:
        from desktop.services.keying_run import KeyingRuns

        return KeyingRuns(self._core, self.organisation)

    @cached_property
    def lookup(self) -> Lookup:
        from desktop.services.lookup import Lookup

        return Lookup(self._core)

    @cached_property
    def outsiders(self) -> Outsiders:
        from desktop.services.outsiders import Outsiders

        return Outsiders(self._core)

    @cached_property
    def paste(self) -> Paste:
        from desktop.services.paste import Paste

        return Paste(self._core, self.acts)

    @cached_property
    def people(self) -> People:
        from desktop.services.people import People

        return People(self._core)

    @cached_property
    def place(self) -> Place:
        from desktop.services.place import Place

        return Place(self._core)

    @cached_property
    def reconciling(self) -> Reconciling:
        from desktop.services.reconciling import Reconciling

        return Reconciling(self._core, self.organisation)

    @cached_property
    def retention(self) -> Keeping:
        from desktop.services.retention import Keeping

        return Keeping(self._core, self.backups, self.organisation)

    @cached_property
    def subject_access(self) -> SubjectAccess:
        from desktop.services.subject_access import SubjectAccess

        return SubjectAccess(self._core, self.retention, self.organisation)

    @cached_property
    def sign_off(self) -> SignOff:
        from desktop.services.sign_off import SignOff

        return SignOff(self._core, self.organisation)

    @cached_property
    def support(self) -> Support:
        from desktop.services.support import Support

        return Support(self._core, self.organisation.kind, self.passphrase)

    @cached_property
    def way_out(self) -> WayOut:
        from desktop.services.way_out import WayOut

        return WayOut(self._core, self.organisation)

    @cached_property
    def web_reading(self) -> WebReading:
        from desktop.services.web_reading import WebReading

        return WebReading(self._core, self.organisation)
