"""The data key of a workspace, and who may have it.

SQLCipher gets a random 256-bit key as raw bytes, so opening costs no key derivation. That key is kept up to three times:
in `holdfast.key` beside the database, wrapped by the passphrase (Argon2id, then AES-256-GCM) and by the code of the recovery
sheet (140 random bits: HKDF is enough), and, where the computer has a credential store, there as well, so that daily
opening takes no passphrase. Any one of the three opens the workspace. The key never touches the disk in clear.

The key file is of format 1 without a recovery sheet and of format 2 with one. A program that knows format 1 alone refuses the
second: changing the passphrase it would lose the sheet without a word.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from desktop.model.errors import StoreDamaged, StoreMissing, StoreNewer, WrongPassphrase
from desktop.model.key_store import KeyStore
from desktop.model.recovery_code import NotACode, is_code, looks_like_code, read_code
from desktop.policy import policy
from desktop.store.files import write_whole

KEY_FILE = "holdfast.key"
_PLAIN, _WITH_SHEET = 1, 2
_SERVICE = "Holdfast"
_KDF = {"name": "argon2id", "memory_kib": 64 * 1024, "passes": 14, "lanes": 2}
"""At least 64 MiB, and 0.3 s of an office computer (make bench says what it is here)."""
_NONCE_BYTES = 12
_SHEET_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Sheet:
    """The data key wrapped by the code of the recovery sheet. `number` and `made` stand on the sheet, to tell it from others."""

    number: str
    made: date
    salt: bytes
    nonce: bytes
    wrapped: bytes

    def to_json(self) -> dict[str, str]:
        return {
            "number": self.number,
            "made": self.made.isoformat(),
            "salt": b64encode(self.salt).decode(),
            "nonce": b64encode(self.nonce).decode(),
            "wrapped": b64encode(self.wrapped).decode(),
        }

    @classmethod
    def from_json(cls, data: dict[str, str]) -> Sheet:
        """Raises ValueError, KeyError, TypeError."""
        return cls(
            str(data["number"])[:16],
            date.fromisoformat(data["made"]),
            *(_bytes(data, name) for name in _WRAPPED),
        )


@dataclass(frozen=True)
class KeySlot:
    """The data key wrapped by a passphrase, with all that is needed to unwrap it again. Safe to store and to copy.

    sheet  the same key wrapped by the recovery sheet that counts; None = there is none
    """

    workspace: str
    salt: bytes
    nonce: bytes
    wrapped: bytes
    kdf: dict[str, Any]
    sheet: Sheet | None = None

    def to_bytes(self) -> bytes:
        data = {
            "format": _WITH_SHEET if self.sheet else _PLAIN,
            "workspace": self.workspace,
            "kdf": self.kdf,
            "salt": b64encode(self.salt).decode(),
            "nonce": b64encode(self.nonce).decode(),
            "wrapped": b64encode(self.wrapped).decode(),
            **({"sheet": self.sheet.to_json()} if self.sheet else {}),
        }
        return json.dumps(data, indent=1).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> KeySlot:
        """Raises StoreNewer for one of a later program, StoreDamaged for anything else that is not a key slot."""
        try:
            data = json.loads(raw)
            number = data["format"]
            if type(number) is int and number > _WITH_SHEET:
                raise StoreNewer(
                    f"The key file ({KEY_FILE}) was written by a newer version of Holdfast. Install that version or a "
                    "later one. Nothing was changed."
                )
            kdf = data["kdf"]
            sound = number in (_PLAIN, _WITH_SHEET) and kdf["name"] == "argon2id"
            passes, memory_kib, lanes = kdf["passes"], kdf["memory_kib"], kdf["lanes"]
            bounded = 1 <= passes <= 100 and 1 <= lanes <= 64 and 8 * lanes <= memory_kib <= 4 << 20
            _insist(sound and bounded and all(type(n) is int for n in (passes, memory_kib, lanes)))
            salt, nonce, wrapped = (_bytes(data, name) for name in _WRAPPED)
            sheet = Sheet.from_json(data["sheet"]) if number == _WITH_SHEET else None
            return cls(str(data["workspace"]), salt, nonce, wrapped, dict(kdf), sheet)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise StoreDamaged(
                f"The key file ({KEY_FILE}) is damaged, so the workspace cannot be opened with a passphrase. "
                "Put back the key file from a backup of this folder."
            ) from error


_WRAPPED = ("salt", "nonce", "wrapped")


def _bytes(data: dict[str, Any], name: str) -> bytes:
    return b64decode(data[name], validate=True)


def _insist(condition: bool) -> None:
    if not condition:
        raise ValueError


def _key_from(passphrase: str, salt: bytes, kdf: dict[str, Any]) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        passphrase.encode("utf-8", "surrogatepass"),
        salt,
        time_cost=kdf["passes"],
        memory_cost=kdf["memory_kib"],
        parallelism=kdf["lanes"],
        hash_len=32,
        type=Type.ID,
    )


def new_data_key() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(32)


def wrap(data_key: bytes, passphrase: str, workspace: str, sheet: Sheet | None = None) -> KeySlot:
    """The key wrapped by a passphrase; costs about 0.3 s and 64 MiB on purpose. `sheet` goes on counting."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key_from(passphrase, salt, _KDF)).encrypt(nonce, data_key, workspace.encode())
    return KeySlot(workspace, salt, nonce, sealed, dict(_KDF), sheet)


def new_sheet_number() -> str:
    """Four letters and digits that tell one sheet from another; no secret."""
    return "".join(secrets.choice(_SHEET_SIGNS) for _ in range(4))


def with_sheet(slot: KeySlot, data_key: bytes, code: str, number: str, made: date) -> KeySlot:
    """The slot with a recovery sheet of this code, in place of the one before, which opens nothing from then on."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(_NONCE_BYTES)
    wrapped = AESGCM(_key_from_code(code, salt)).encrypt(nonce, data_key, _bound(slot.workspace, number))
    return replace(slot, sheet=Sheet(number, made, salt, nonce, wrapped))


def unwrap(slot: KeySlot, typed: str) -> bytes:
    """The data key, by the passphrase or by the code of the recovery sheet. Raises WrongPassphrase."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if slot.sheet is not None and is_code(typed):
        with suppress(InvalidTag, ValueError):
            opened = AESGCM(_key_from_code(typed, slot.sheet.salt))
            bound = _bound(slot.workspace, slot.sheet.number)
            return opened.decrypt(slot.sheet.nonce, slot.sheet.wrapped, bound)
    try:
        key = AESGCM(_key_from(typed, slot.salt, slot.kdf))
        return key.decrypt(slot.nonce, slot.wrapped, slot.workspace.encode())
    except (InvalidTag, ValueError) as error:
        if looks_like_code(typed):
            raise WrongPassphrase(_wrong_code(slot, typed)) from error
        raise WrongPassphrase(
            "That passphrase does not open this workspace. Nothing was changed. Check capitals and spaces and try again."
        ) from error


def _wrong_code(slot: KeySlot, typed: str) -> str:
    try:
        read_code(typed)
    except NotACode as slip:
        return str(slip)
    if slot.sheet is None:
        return "There is no recovery sheet of this workspace that counts. Nothing was changed. Use the passphrase."
    return (
        f"That code does not open this workspace. The sheet that counts is number {slot.sheet.number}, made on "
        f"{slot.sheet.made.day} {slot.sheet.made:%B %Y}. A newer sheet makes the older ones useless. Nothing was changed."
    )


def _key_from_code(code: str, salt: bytes) -> bytes:
    """The code is random and long, so it needs no slow function."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, b"holdfast recovery sheet 1").derive(read_code(code).encode())


def _bound(workspace: str, number: str) -> bytes:
    return f"{workspace} {number}".encode()


def seal(data_key: bytes, content: bytes, purpose: bytes) -> bytes:
    """`content` so that only the data key opens it: nonce, then AES-256-GCM under a key of its own for sealed files.

    `purpose` is not hidden but bound to it: what was sealed for one purpose does not open for another.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_sealing_key(data_key)).encrypt(nonce, content, purpose)


def unseal(data_key: bytes, sealed: bytes, purpose: bytes) -> bytes:
    """What `seal` was given. Raises StoreDamaged when one bit of it, or of the purpose, is another."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(_sealing_key(data_key)).decrypt(nonce, rest, purpose)
    except (InvalidTag, ValueError, OverflowError) as error:
        raise StoreDamaged("The sealed content is damaged, or was sealed with another key.") from error


def _sealing_key(data_key: bytes) -> bytes:
    """The data key itself is SQLCipher's alone: one key never serves two ciphers."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, b"holdfast sealed file 1").derive(data_key)


def read_slot(folder: Path) -> KeySlot:
    """The key slot of a workspace folder. Raises StoreMissing or StoreDamaged."""
    try:
        return KeySlot.from_bytes((folder / KEY_FILE).read_bytes())
    except FileNotFoundError as error:
        if (folder / "holdfast.db").exists():
            raise StoreDamaged(
                f"The key file ({KEY_FILE}) is missing beside holdfast.db. Put it back from a backup of this folder."
            ) from error
        raise StoreMissing(
            "There is no Holdfast workspace in this folder. Make one with: holdfast init"
        ) from error
    except OSError as error:
        raise StoreDamaged(f"The key file ({KEY_FILE}) cannot be read: {error.strerror}.") from error


def write_slot(folder: Path, slot: KeySlot) -> None:
    """Put the slot on disk, whole or not at all."""
    write_whole(folder / KEY_FILE, slot.to_bytes())


def remember(workspace: str, data_key: bytes) -> bool:
    """Give the key to the computer's own credential store. False when there is none, it refuses, or IT forbids it.

    64 characters: the Windows store takes about 1,280.
    """
    if policy().forbids("RememberKey"):
        return False
    try:
        import keyring

        keyring.set_password(_SERVICE, workspace, data_key.hex())
        return keyring.get_password(_SERVICE, workspace) == data_key.hex()
    except Exception:  # noqa: BLE001 - back ends raise whatever they like; a missing store is a normal case
        return False


def recall(workspace: str) -> bytes | None:
    """The key from the computer's credential store; None when it is not there, or IT forbids that it is used."""
    if policy().forbids("RememberKey"):
        return None
    try:
        return _stored(workspace)
    except Exception:  # noqa: BLE001 - as above
        return None


def key_store(workspace: str, fits: Callable[[bytes], bool]) -> KeyStore:
    """How the credential store stands to a workspace; `fits` tells whether a key is the right one."""
    try:
        import keyring

        if float(keyring.get_keyring().priority) <= 0:
            return KeyStore.NONE
        found = keyring.get_password(_SERVICE, workspace)
        if not found:
            return KeyStore.EMPTY
        key = _stored(workspace)
        return KeyStore.HOLDS if key is not None and fits(key) else KeyStore.OTHER
    except Exception:  # noqa: BLE001 - as above
        return KeyStore.FAILS


def _stored(workspace: str) -> bytes | None:
    import keyring

    found = keyring.get_password(_SERVICE, workspace)
    return bytes.fromhex(found) if found and len(found) == 64 else None


def forget(workspace: str) -> None:
    """Take the key out of the computer's credential store; harmless when it is not there."""
    with suppress(Exception):  # back ends raise whatever they like when there is nothing to delete
        import keyring

        keyring.delete_password(_SERVICE, workspace)
