"""Unwrapping a workspace's key on a thread of its own.

It costs about 0.15 s on purpose (Argon2), without Python's lock. The command line begins it before it imports the
rest of the program, so that both happen at once. Therefore nothing here imports the database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from desktop.model.errors import StoreDamaged, StoreError, WrongPassphrase
from desktop.store import vault

_PURPOSE = b"holdfast passphrase check 1"
_FREE, _FIRST_S, _LONGEST_S = 2, 2.0, 60.0


class Unlocking:
    """The data key of a workspace folder, on its way. Begun when made; `key` waits for it."""

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


class Passphrase:
    """The passphrase of a workspace that is open: checked before its records are shown again, and changed.

    seal  encrypts under the key of the open store, as `Store.seal`
    note  writes a line of the history, as {"passphrase": "changed"}

    Each check costs about 0.15 s on purpose. Any thread.
    """

    def __init__(
        self,
        folder: Path,
        workspace: str,
        seal: Callable[[bytes, bytes], bytes],
        note: Callable[[dict[str, str]], None],
    ) -> None:
        self._folder, self._workspace = folder, workspace
        self._seal, self._note = seal, note

    def check(self, typed: str) -> None:
        """Raises WrongPassphrase, or StoreMissing and StoreDamaged for the key file."""
        self._key(typed)

    def change(self, current: str, new: str) -> None:
        """From now on `new` opens the workspace; backups made before still open with the old one. Raises as `check`."""
        slot = vault.wrap(self._key(current), new, self._workspace)
        vault.write_slot(self._folder, slot)
        with suppress(StoreError):  # it is changed; a line in the history is not worth saying otherwise
            self._note({"passphrase": "changed"})

    def remembered(self) -> bool:
        """Whether the computer's credential store opens this workspace without the passphrase."""
        return vault.recall(self._workspace) is not None

    def remember(self, typed: str) -> bool:
        """Give the key to the computer's credential store; False when it does not take it. Raises as `check`."""
        return vault.remember(self._workspace, self._key(typed))

    def forget(self) -> None:
        """From now on the passphrase is asked for each time the workspace is opened."""
        vault.forget(self._workspace)

    def _key(self, typed: str) -> bytes:
        """The data key, proven to be that of the open store: the key file could have been exchanged meanwhile."""
        key = vault.unwrap(vault.read_slot(self._folder), typed)
        try:
            vault.unseal(key, self._seal(b"", _PURPOSE), _PURPOSE)
        except StoreDamaged as error:
            raise WrongPassphrase(
                "The key file in this folder belongs to another workspace. Put it back from a backup."
            ) from error
        return key


def pause_s(wrong: int) -> float:
    """How long to wait after so many wrong passphrases in a row: none after two, then 2 s doubling to a minute."""
    return 0.0 if wrong <= _FREE else min(_LONGEST_S, _FIRST_S * 2.0 ** (wrong - _FREE - 1))
