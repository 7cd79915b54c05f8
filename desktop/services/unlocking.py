"""Unwrapping a workspace's key on a thread of its own.

It costs about 0.15 s on purpose (Argon2), without Python's lock. The command line begins it before it imports the
rest of the program, so that both happen at once. Therefore nothing here imports the database.
"""

from __future__ import annotations

import threading
from pathlib import Path

from desktop.store import vault


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
