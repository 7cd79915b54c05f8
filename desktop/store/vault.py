"""The data key of a workspace, and who may have it.

SQLCipher gets a random 256-bit key as raw bytes, so opening costs no key derivation. That key is kept twice:
wrapped by the passphrase (Argon2id, then AES-256-GCM) in `holdfast.key` beside the database, and, where the
computer has a credential store, there as well, so that daily opening takes no passphrase.
The key never touches the disk in clear.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.model.errors import StoreDamaged, StoreMissing, WrongPassphrase
from desktop.store.files import write_whole

KEY_FILE = "holdfast.key"
_FORMAT = 1
_SERVICE = "Holdfast"
_KDF = {"name": "argon2id", "memory_kib": 64 * 1024, "passes": 3, "lanes": 4}
_NONCE_BYTES = 12


@dataclass(frozen=True)
class KeySlot:
    """The data key wrapped by a passphrase, with all that is needed to unwrap it again. Safe to store and to copy."""

    workspace: str
    salt: bytes
    nonce: bytes
    wrapped: bytes
    kdf: dict[str, Any]

    def to_bytes(self) -> bytes:
        data = {
            "format": _FORMAT,
            "workspace": self.workspace,
            "kdf": self.kdf,
            "salt": b64encode(self.salt).decode(),
            "nonce": b64encode(self.nonce).decode(),
            "wrapped": b64encode(self.wrapped).decode(),
        }
        return json.dumps(data, indent=1).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> KeySlot:
        """Raises StoreDamaged for anything that is not a key slot of a format we know."""
        try:
            data = json.loads(raw)
            kdf = data["kdf"]
            sound = data["format"] == _FORMAT and kdf["name"] == "argon2id"
            passes, memory_kib, lanes = kdf["passes"], kdf["memory_kib"], kdf["lanes"]
            bounded = 1 <= passes <= 100 and 1 <= lanes <= 64 and 8 * lanes <= memory_kib <= 4 << 20
            _insist(sound and bounded and all(type(n) is int for n in (passes, memory_kib, lanes)))
            return cls(
                str(data["workspace"]),
                b64decode(data["salt"], validate=True),
                b64decode(data["nonce"], validate=True),
                b64decode(data["wrapped"], validate=True),
                dict(kdf),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise StoreDamaged(
                f"The key file ({KEY_FILE}) is damaged, so the workspace cannot be opened with a passphrase. "
                "Put back the key file from a backup of this folder."
            ) from error


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


def wrap(data_key: bytes, passphrase: str, workspace: str) -> KeySlot:
    """The key wrapped by a passphrase; costs about 0.1 s and 64 MiB on purpose."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_key_from(passphrase, salt, _KDF)).encrypt(nonce, data_key, workspace.encode())
    return KeySlot(workspace, salt, nonce, sealed, dict(_KDF))


def unwrap(slot: KeySlot, passphrase: str) -> bytes:
    """The data key. Raises WrongPassphrase."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        key = _key_from(passphrase, slot.salt, slot.kdf)
        return AESGCM(key).decrypt(slot.nonce, slot.wrapped, slot.workspace.encode())
    except (InvalidTag, ValueError) as error:
        raise WrongPassphrase(
            "That passphrase does not open this workspace. Nothing was changed. Check capitals and spaces and try again."
        ) from error


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
    """Give the key to the computer's own credential store. False when there is none or it refuses."""
    try:
        import keyring

        keyring.set_password(_SERVICE, workspace, data_key.hex())
        return keyring.get_password(_SERVICE, workspace) == data_key.hex()
    except Exception:  # noqa: BLE001 - back ends raise whatever they like; a missing store is a normal case
        return False


def recall(workspace: str) -> bytes | None:
    """The key from the computer's credential store; None when it is not there."""
    try:
        import keyring

        found = keyring.get_password(_SERVICE, workspace)
        return bytes.fromhex(found) if found and len(found) == 64 else None
    except Exception:  # noqa: BLE001 - as above
        return None


def forget(workspace: str) -> None:
    """Take the key out of the computer's credential store; harmless when it is not there."""
    with suppress(Exception):  # back ends raise whatever they like when there is nothing to delete
        import keyring

        keyring.delete_password(_SERVICE, workspace)
