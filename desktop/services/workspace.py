"""A workspace: one folder, one organisation, one encrypted store, and all use cases over it.

Reads may come from any thread. Writes take turns. `Workspace.open` and `create` are the only ways in.
"""

from __future__ import annotations

import getpass
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from desktop.collections import all_collections, names, usual
from desktop.model.collection import Collection
from desktop.model.document import Document
from desktop.model.errors import StoreExists, UsageError, WrongPassphrase
from desktop.model.ids import new_id
from desktop.model.verdict import Probe
from desktop.services import tokens
from desktop.services.conflicts import Conflicts
from desktop.services.core import Core
from desktop.services.home import Home
from desktop.services.looked_after import collections_of, organisation_of
from desktop.services.on_first_use import OnFirstUse
from desktop.services.people import who_sat_here
from desktop.services.portals import Portals, check_address, is_this_computer
from desktop.services.queue import Queue
from desktop.services.records import Records
from desktop.services.scheduling import Scheduling
from desktop.services.search import Search
from desktop.services.syncing import PortalMaker, Syncing
from desktop.services.unlocking import Passphrase, SheetDraft, Unlocking, with_draft
from desktop.services.views import Changed, HomeView, Organisation
from desktop.store import vault
from desktop.store.files import FolderLock, as_known
from desktop.store.ground import insist_on
from desktop.store.store import DB_FILE, Clock, Store, Touched, indexed_facets, utc_now
from desktop.sync.engine import recover
from desktop.sync.portal import Portal

KINDS = ("hei", "scitt", "school", "training-provider")


def register_adapter(collection: Collection, url: str, token: str, organisation: str) -> Portal:
    """The adapter of Register trainee teachers; imported only when it is needed (start-up time)."""
    from desktop.sync.portals.register import RegisterPortal

    return RegisterPortal(collection, url, token, ukprn=organisation)


class Workspace(OnFirstUse):
    """An open workspace. Groups of use cases hang on it as attributes."""

    def __init__(self, store: Store, workspace_id: str, make: PortalMaker) -> None:
        with store.read() as unit:
            organisation = organisation_of(unit)
            store.actor = who_sat_here(unit) or store.actor
        core = Core(store, collections_of(store))
        self.queue = Queue(core)
        super().__init__(core, organisation, Records(core, self.queue))
        self.folder = store.folder
        self.collections: Mapping[str, Collection] = core.collections
        self._store = store
        self.search = Search(core, self.records)
        self.conflicts = Conflicts(core, self.records, self.queue)
        self.portals = Portals(core, workspace_id)
        self.schedule = Scheduling(core)
        self.sync = Syncing(core, self.portals, self.organisation, make, self.schedule)
        self.passphrase = Passphrase(store, workspace_id)
        self._make = make
        self._home = Home(core, self.portals, self.conflicts, self.organisation)

    @classmethod
    def create(
        cls,
        folder: Path,
        organisation: Organisation,
        passphrase: str,
        *,
        clock: Clock = utc_now,
        actor: str = "",
        make: PortalMaker | None = None,
        remember: bool = True,
        sheet: SheetDraft | None = None,
    ) -> Workspace:
        """A new workspace in `folder` (made if need be). Raises StoreExists when it has one, UsageError for bad input.

        `remember` = give the key to the computer's credential store, so that daily opening takes no passphrase.
        `sheet` = a recovery sheet that the person has on paper, and that opens it as well.
        """
        from desktop.services.restoring import has_workspace

        check_organisation(organisation)
        if not passphrase:
            raise UsageError("A passphrase is needed: it is what opens the records on any computer.")
        if has_workspace(folder):
            raise StoreExists("There already is a workspace in this folder. Nothing was changed.")
        insist_on(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise as_known(error, str(folder.name)) from error
        workspace_id, data_key = new_id(), vault.new_data_key()
        slot = vault.wrap(data_key, passphrase, workspace_id)
        vault.write_slot(folder, with_draft(slot, data_key, sheet) if sheet else slot)
        store: Store | None = None
        try:
            store = Store.create(folder, data_key, clock, actor or user_name())
            with store.write() as unit:
                unit.set_meta("workspace", workspace_id)
                unit.set_meta("organisation", json.dumps(organisation.__dict__))
                unit.journal.write("workspace", None, {"created": workspace_id})
            _index(store)
        except BaseException:
            if store is not None:
                store.close()
            for name in (vault.KEY_FILE, DB_FILE, f"{DB_FILE}-wal", f"{DB_FILE}-shm"):
                (folder / name).unlink(missing_ok=True)
            raise
        made = cls(store, workspace_id, make or register_adapter)
        if remember:
            made.passphrase.keep_key(data_key)
        return made

    @classmethod
    def open(
        cls,
        folder: Path,
        passphrase: str | Unlocking | None = None,
        *,
        clock: Clock = utc_now,
        actor: str = "",
        make: PortalMaker | None = None,
    ) -> Workspace:
        """Open a workspace by passphrase (also one being unwrapped), or (None) by the computer's credential store.

        What was being sent when the program last ended becomes unknown. Raises StoreError and its kinds.
        """
        slot, data_key = key_of(folder, passphrase)
        store = Store.open(folder, data_key, clock, actor or user_name())
        try:
            _index(store)
            recover(store)
            return cls(store, slot.workspace, make or register_adapter)
        except BaseException:
            store.close()
            raise

    @classmethod
    def examine(cls, folder: Path, passphrase: str | Unlocking | None = None) -> list[str]:
        """What the doctor finds wrong with a workspace, in plain words; as `look_over`, without the rest."""
        return cls.look_over(folder, passphrase)[0]

    @classmethod
    def look_over(cls, folder: Path, passphrase: str | Unlocking | None = None) -> tuple[list[str], str]:
        """(what the doctor finds wrong, what to say of a key that this computer lost or ""). Not one byte changes.

        The doctor looks at a copy: opening a file after a crash writes into it, which may finish off a damaged one.
        Raises StoreError and its kinds.
        """
        from desktop.services.care import Care

        slot, data_key = key_of(folder, passphrase)
        with FolderLock(folder), tempfile.TemporaryDirectory(prefix=".doctor.", dir=folder) as copy:
            try:
                for name in (DB_FILE, f"{DB_FILE}-wal"):
                    if (folder / name).is_file():
                        shutil.copyfile(folder / name, Path(copy) / name)
            except OSError as error:
                raise as_known(error, "The copy that the doctor looks at") from error
            store = Store.open(Path(copy), data_key, spare=True)
            try:
                problems = Care(Core(store, all_collections())).doctor(folder)
                return problems, "" if problems else Passphrase(store, slot.workspace).lost_key()
            finally:
                store.close()

    @staticmethod
    def offered() -> tuple[Collection, ...]:
        """Every collection that a workspace can work with."""
        return tuple(all_collections().values())

    @staticmethod
    def usual(kind: str) -> tuple[str, ...]:
        """The collections of a kind of organisation unless it chooses others, by name."""
        return usual(kind)

    @property
    def was_cut_off(self) -> bool:
        """Whether the program that had this workspace last ended without closing it: `care.doctor` should look (D26)."""
        return self._store.was_cut_off

    @property
    def actor(self) -> str:
        """Name of who sits here, as the journal has it."""
        return self._store.actor

    def collection(self, name: str) -> Collection:
        """Raises UnknownName with the names there are."""
        return self._core.collection(name)

    def now(self) -> datetime:
        return self._core.now()

    def today(self) -> date:
        """Today in London, which decides the academic cycle and every rule of the calendar."""
        return self._core.today()

    def home(self) -> HomeView:
        return self._home.view()

    def try_connection(self, collection: str, url: str = "", token: str = "") -> Probe:
        """One look at a portal; "" = with the address or the token in use. Changes nothing. Raises as `try_portal`."""
        if not (url and token):
            known_url, known_token = self.portals.in_use(collection)
            url, token = url or known_url, token or known_token
        return try_portal(self.collection(collection), url, token, self.organisation, self._make)

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Call `listener` after every commit, on the thread that wrote. Returns the way out."""

        def told(touched: Touched) -> None:
            many = "*" in touched.records
            listener(Changed(None if many else frozenset(touched.records), touched.queue, touched.portals))

        return self._store.listen(told)

    def close(self) -> None:
        """Close the store and let others have the folder."""
        self._store.close()


def try_portal(
    collection: Collection,
    url: str,
    token: str,
    organisation: Organisation,
    make: PortalMaker = register_adapter,
) -> Probe:
    """What a portal says to an address and a token, before anything is kept; blocks for as long as the portal takes.

    Raises UsageError for an address or a token that cannot be one.
    """
    url, token = check_address(url), tokens.clean(token)
    portal = make(collection, url, token, "" if is_this_computer(url) else organisation.ukprn)
    try:
        return portal.probe()
    finally:
        portal.close()


def key_of(folder: Path, passphrase: str | Unlocking | None) -> tuple[vault.KeySlot, bytes]:
    """The key by passphrase, else as this computer's credential store remembers it."""
    if isinstance(passphrase, str):
        passphrase = Unlocking(folder, passphrase)
    if passphrase is not None:
        return passphrase.key()
    slot = vault.read_slot(folder)
    recalled = vault.recall(slot.workspace)
    if recalled is None:
        raise WrongPassphrase(
            "This computer does not remember the key of this workspace. Give the passphrase "
            "(HOLDFAST_PASSPHRASE, or type it when asked)."
        )
    return slot, recalled


def check_organisation(organisation: Organisation) -> None:
    """Raises UsageError for a kind that does not exist or numbers that cannot be."""
    if organisation.kind not in KINDS:
        raise UsageError(
            f'"{organisation.kind}" is not a kind of organisation. There are: {", ".join(KINDS)}.'
        )
    if not organisation.name.strip():
        raise UsageError("The organisation needs a name.")
    if strange := [name for name in organisation.collections if name not in names()]:
        raise UsageError(f'There is no collection "{strange[0][:80]}". There are: {", ".join(names())}.')
    for name, value, digits in (("UKPRN", organisation.ukprn, 8), ("URN", organisation.urn, 6)):
        if value and not (value.isascii() and value.isdigit() and len(value) == digits):
            raise UsageError(f"A {name} has {digits} digits.")


def user_name() -> str:
    """Who is at the keyboard, for the journal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"


def _index(store: Store) -> None:
    names = {n for c in collections_of(store).values() for n in c.facets(Document())}
    with store.read() as unit:
        missing = names - set(indexed_facets(unit))
    if missing:
        store.index_facets(sorted(missing))
