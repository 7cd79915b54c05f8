"""Unwrapping a workspace's key on a thread of its own.

It costs about 0.3 s on purpose (Argon2), without Python's lock. The command line begins it before it imports the
rest of the program, so that both happen at once. Therefore nothing here imports the database.
"""

from __future__ import annotations

import platform
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.model.errors import StoreDamaged, StoreError, WrongPassphrase
from desktop.model.key_store import KeyStore
from desktop.model.recovery_code import new_code
from desktop.policy import policy
from desktop.store import vault

if TYPE_CHECKING:
    from desktop.store.store import Store

_PURPOSE = b"holdfast passphrase check 1"
_WANTED = "key on computer"
LOST = {
    KeyStore.NONE: "This computer was to remember the key of your records, and has no credential store any more.",
    KeyStore.EMPTY: "This computer was to remember the key of your records, and its credential store does not have it.",
    KeyStore.OTHER: "This computer was to remember the key of your records, and its credential store holds another one.",
    KeyStore.FAILS: "This computer was to remember the key of your records, and its credential store does not answer.",
}
_AGAIN = (
    "Until it does, Holdfast asks for the passphrase. In Settings, Passphrase, you can give it the key again."
)
NO_SHEET = (
    "There is no recovery sheet. If the passphrase is forgotten, nothing else opens the records on another computer. "
    "Make one in Settings, Recovery sheet."
)
_FREE, _FIRST_S, _LONGEST_S = 2, 2.0, 60.0


class Unlocking:
    """The data key of a workspace folder, on its way. Begun when made; `key` waits for it.

    `passphrase` may be the code of the recovery sheet as well.
    """

    def __init__(self, folder: Path, passphrase: str) -> None:
        self._folder = folder
        self._passphrase = passphrase
        self._found: tuple[vault.KeySlot, bytes] | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._unwrap, name="unlocking", daemon=True)
        self._thread.start()

    def key(self) -> tuple[vault.KeySlot, bytes]:
        """(slot, data key). Raises StoreMissing, StoreDamaged, WrongPassphrase."""
        self.wait()
        if self._found is None:
            assert self._error is not None
            raise self._error
        return self._found

    def wait(self) -> None:
        """Until it is over, whatever came of it."""
        self._thread.join()

    def _unwrap(self) -> None:
        try:
            slot = vault.read_slot(self._folder)
            self._found = slot, vault.unwrap(slot, self._passphrase)
        except BaseException as error:  # noqa: BLE001 - raised again where the key is asked for
            self._error = error


@dataclass(frozen=True)
class SheetView:
    """The recovery sheet that counts, as it says of itself."""

    number: str
    made: date


@dataclass(frozen=True)
class SheetDraft:
    """A recovery sheet that is shown and printed, and opens nothing until it is put in force: nobody must lose the old one
    for a new one that never reached the paper.
    """

    number: str
    made: date
    code: str = field(repr=False)


def draft_sheet(made: date) -> SheetDraft:
    """A new one, with a code that nobody has seen."""
    return SheetDraft(vault.new_sheet_number(), made, new_code())


def with_draft(slot: vault.KeySlot, data_key: bytes, draft: SheetDraft) -> vault.KeySlot:
    """The slot that this sheet opens as well."""
    return vault.with_sheet(slot, data_key, draft.code, draft.number, draft.made)


class Passphrase:
    """The passphrase of a workspace that is open: checked before its records are shown again, and changed.

    What a person types to prove who they are is the passphrase or the code of the recovery sheet: `typed` in each method.
    Each check of a passphrase costs about 0.3 s on purpose. Any thread.
    """

    def __init__(self, store: Store, workspace: str) -> None:
        self._store, self._workspace = store, workspace

    def check(self, typed: str) -> None:
        """Raises WrongPassphrase, or StoreMissing and StoreDamaged for the key file."""
        self._key(typed)

    def change(self, typed: str, new: str) -> None:
        """From now on `new` opens the workspace; backups made before still open with the old one. Raises as `check`.

        The recovery sheet goes on counting. The key file is exchanged whole: at any moment the old or the new opens.
        """
        key = self._key(typed)
        sheet = vault.read_slot(self._store.folder).sheet
        vault.write_slot(self._store.folder, vault.wrap(key, new, self._workspace, sheet))
        self._note({"passphrase": "changed"})

    # --- recovery sheet

    def sheet(self) -> SheetView | None:
        """The sheet that counts; None when there is none, or the key file cannot be read."""
        with suppress(StoreError):
            sheet = vault.read_slot(self._store.folder).sheet
            return SheetView(sheet.number, sheet.made) if sheet else None
        return None

    def put_in_force(self, typed: str, draft: SheetDraft) -> None:
        """The sheet counts from now on, and the one before it opens nothing any more. Raises as `check`, and NotAllowed."""
        from desktop.model.person import Role
        from desktop.services.people import demand

        with self._store.read() as unit:
            demand(unit, Role.ADMINISTER)
        slot = vault.read_slot(self._store.folder)
        vault.write_slot(self._store.folder, with_draft(slot, self._key(typed), draft))
        self._note({"recovery sheet": draft.number})

    # --- the computer's credential store

    def key_store(self) -> KeyStore:
        """How this computer's credential store stands to the workspace. May wait for a store that asks its owner."""
        return vault.key_store(self._workspace, self._fits)

    def remembered(self) -> bool:
        """Whether the computer's credential store opens this workspace without the passphrase."""
        return self.key_store() is KeyStore.HOLDS

    def wanted(self) -> bool:
        """Whether somebody asked for this computer to remember the key."""
        with self._store.read() as unit:
            return unit.kept.get(_WANTED, platform.node()) is not None

    def remember(self, typed: str) -> bool:
        """Give the key to the computer's credential store; False when it does not take it. Raises as `check`."""
        return self.keep_key(self._key(typed))

    def keep_key(self, data_key: bytes) -> bool:
        """As `remember`, for the workspace's own data key. That it is wanted stays noted, so that a loss is seen."""
        taken = vault.remember(self._workspace, data_key)
        if taken or self.key_store() is not KeyStore.NONE:
            with suppress(StoreError), self._store.write() as unit:
                unit.kept.put(_WANTED, platform.node(), {})
        return taken

    def forget(self) -> None:
        """From now on the passphrase is asked for each time the workspace is opened."""
        vault.forget(self._workspace)
        with self._store.write() as unit:
            unit.kept.remove(_WANTED, platform.node())

    def lost_key(self) -> str:
        """What to say when this computer was to remember the key and does not; "" = all is well."""
        wanted = self.wanted() and not policy().forbids("RememberKey")
        words = LOST.get(self.key_store(), "") if wanted else ""
        return f"{words} {_AGAIN}" if words else ""

    def standing(self) -> tuple[str, ...]:
        """What a person should know of the ways in, in sentences: a key that is gone from this computer, no sheet."""
        return tuple(filter(None, (self.lost_key(), "" if self.sheet() else NO_SHEET)))

    def _key(self, typed: str) -> bytes:
        """The data key, proven to be that of the open store: the key file could have been exchanged meanwhile."""
        key = vault.unwrap(vault.read_slot(self._store.folder), typed)
        if not self._fits(key):
            raise WrongPassphrase(
                "The key file in this folder belongs to another workspace. Put it back from a backup."
            )
        return key

    def _fits(self, key: bytes) -> bool:
        try:
            vault.unseal(key, self._store.seal(b"", _PURPOSE), _PURPOSE)
        except StoreDamaged:
            return False
        return True

    def _note(self, what: dict[str, str]) -> None:
        with (
            suppress(StoreError),
            self._store.write() as unit,
        ):  # it is done; a line in the history may be missing
            unit.journal.write("workspace", None, what)


def pause_s(wrong: int) -> float:
    """How long to wait after so many wrong passphrases in a row: none after two, then 2 s doubling to a minute."""
    return 0.0 if wrong <= _FREE else min(_LONGEST_S, _FIRST_S * 2.0 ** (wrong - _FREE - 1))
