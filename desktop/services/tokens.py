"""Access tokens: in the computer's credential store, in an environment variable, or (asked for) in a file.

The window keeps them in the encrypted workspace where there is no credential store (`Portals.connect`).

The workspace only remembers where the token is. A token is never journaled, logged or shown.
"""

from __future__ import annotations

import os
from pathlib import Path

from desktop.model.errors import UsageError
from desktop.store.files import write_whole

_SERVICE = "Holdfast token"
_FOLDER = "tokens"


def clean(token: str) -> str:
    """A token without the blanks that copying brings along. Raises UsageError for what cannot be a token."""
    token = token.strip()
    if not token:
        raise UsageError("The access token is empty. Copy it again from the portal's settings page.")
    if not token.isascii() or any(ch.isspace() or not ch.isprintable() for ch in token):
        raise UsageError(
            "The access token has spaces or other characters that a token cannot have. Copy it again, in one piece."
        )
    return token


def keep(workspace: str, folder: Path, collection: str, token: str, *, in_file: bool) -> str:
    """Store a token; returns where it is ("keyring" or "file"). Raises UsageError when there is no place for it."""
    token = clean(token)
    if in_file:
        place = folder / _FOLDER
        place.mkdir(mode=0o700, exist_ok=True)
        write_whole(place / collection, token.encode())
        (place / collection).chmod(0o600)
        return "file"
    if _to_keyring(f"{workspace}:{collection}", token):
        return "keyring"
    raise UsageError(
        "This computer has no credential store to keep the token in. Use --token-env VAR, "
        "or --insecure-token-file to keep it in a file that only you can read."
    )


def credential_store() -> bool:
    """Whether this computer has a credential store that programs can use."""
    try:
        import keyring

        return float(keyring.get_keyring().priority) > 0
    except Exception:  # noqa: BLE001 - back ends raise whatever they like; no store is a normal case
        return False


def drop_file(folder: Path, collection: str) -> None:
    """Remove the file of a token that is kept in a better place now."""
    (folder / _FOLDER / collection).unlink(missing_ok=True)


def forget(workspace: str, collection: str) -> None:
    """Take a token out of the credential store. Harmless when there is none."""
    try:
        import keyring

        keyring.delete_password(_SERVICE, f"{workspace}:{collection}")
    except Exception:  # noqa: BLE001 - no store, or nothing in it: both are what was asked for
        return


def _to_keyring(name: str, token: str) -> bool:
    try:
        import keyring

        keyring.set_password(_SERVICE, name, token)
        return keyring.get_password(_SERVICE, name) == token
    except Exception:  # noqa: BLE001 - back ends raise whatever they like; no store is a normal case
        return False


def find(workspace: str, folder: Path, collection: str, source: str) -> str:
    """The token that was kept at `source`. Raises UsageError when it is not there any more."""
    if source.startswith("env:"):
        name = source[4:]
        value = os.environ.get(name, "")
        if not value.strip():
            raise UsageError(
                f"The environment variable {name} holds no access token. Set it, or connect again."
            )
        return clean(value)
    if source == "file":
        try:
            return clean((folder / _FOLDER / collection).read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                "The file with the access token cannot be read. Connect again with the token."
            ) from error
    if source == "keyring":
        try:
            import keyring

            value = keyring.get_password(_SERVICE, f"{workspace}:{collection}") or ""
        except Exception:  # noqa: BLE001 - as above
            value = ""
        if value:
            return clean(value)
    raise UsageError("The access token is not on this computer any more. Connect again with the token.")
