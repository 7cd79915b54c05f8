"""Newer versions of Holdfast: whether there is one, whether now is a good time, and whether a file is the one published.

Nothing is ever fetched, installed or restarted by itself: installing is the work of the installer and of whoever runs it. A
release is announced by `releases.json` at an address: `{"release": base64, "signature": base64}`, signed by a key that packs are
signed with (`collections/editions.py`). Blocks for as long as the address takes; call it from a worker.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from desktop import __version__
from desktop.collections import editions
from desktop.model.errors import UsageError
from desktop.policy import policy
from desktop.services.views import Deadline

ADDRESS = ""
"""Where this build looks unless IT names another address; "" = nowhere."""

PATH = "/releases.json"
QUIET_DAYS = 14
"""So long before a deadline nobody is asked to install anything."""

_STRANGE = "What stands at the address is no announcement of a Holdfast release. Tell your IT support."


class NoAnswer(UsageError):
    """The address could not be asked now; nothing is known about a newer version."""


@dataclass(frozen=True)
class Release:
    """A version that was published. `files`: name -> SHA-256, in hexadecimal."""

    version: str
    published: date
    notes: tuple[str, ...]
    files: Mapping[str, str]

    @property
    def newer(self) -> bool:
        """Whether it is newer than this program."""
        return _number(self.version) > _number(__version__)


def address() -> str:
    """Where to look; "" = nowhere, because no address is known or IT switched it off."""
    managed = policy()
    return "" if managed.text("UpdateCheck") == "off" else managed.text("UpdateAddress", ADDRESS)


def check() -> Release:
    """What is announced now. Raises UsageError for nowhere to look and for what nobody trusted signed, NoAnswer for trouble."""
    from desktop.sync.portals.http import HttpClient, Reply

    where = address()
    if not where:
        raise UsageError("This Holdfast looks nowhere for newer versions. Ask whoever installed it.")
    reply = HttpClient(where, "").send("GET", PATH)
    if not isinstance(reply, Reply) or reply.status != 200:
        raise NoAnswer("The address where newer versions are announced does not answer now. Try again later.")
    return parse(reply.body)


def parse(body: bytes) -> Release:
    """Raises UsageError for anything that is no release signed by somebody trusted."""
    try:
        outer = json.loads(body)
        raw = b64decode(outer["release"], validate=True)
        signature = b64decode(outer["signature"], validate=True)
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(_STRANGE) from error
    editions.signer(raw, signature)
    try:
        data = json.loads(raw)
        if data["product"] != "holdfast" or data["format"] != 1:
            raise UsageError(_STRANGE)
        found = Release(
            str(data["version"]),
            date.fromisoformat(data["published"]),
            tuple(str(line) for line in data["notes"]),
            {str(name): str(digest) for name, digest in data["files"].items()},
        )
        _number(found.version)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(_STRANGE) from error
    return found


def advice(release: Release, deadlines: Iterable[Deadline]) -> str:
    """One sentence: nothing newer, install when it suits, or wait until a deadline is over. Never "now"."""
    if not release.newer:
        return f"Holdfast {__version__} is the newest version."
    told = f"Holdfast {release.version} is there, published on {release.published.day} {release.published:%B %Y}."
    near = _near(deadlines)
    if near:
        last = max(d.day for d in near) + timedelta(days=1)
        return f"{told} A deadline is near, so leave it until {last.day} {last:%B}. Nothing is installed by itself."
    return f"{told} Install it when it suits you, or ask your IT support. Nothing is installed by itself."


def is_near(deadlines: Iterable[Deadline]) -> bool:
    """Whether a deadline is so near that nobody is to be asked to install anything."""
    return bool(_near(deadlines))


def _near(deadlines: Iterable[Deadline]) -> list[Deadline]:
    return [d for d in deadlines if 0 <= d.days_left <= QUIET_DAYS]


def verify(path: Path, release: Release) -> str:
    """What to say of an installer that was downloaded. Raises UsageError when it is not the one that was published."""
    expected = release.files.get(path.name)
    if expected is None:
        raise UsageError(f"{path.name} is no file of Holdfast {release.version}. Do not install it.")
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read.") from error
    if found != expected.lower():
        raise UsageError(
            f"{path.name} is not the file that was published. Do not install it; download it again."
        )
    return f"{path.name} is the file that was published."


def _number(version: str) -> tuple[int, ...]:
    """Raises ValueError for what is no version."""
    return tuple(int(part) for part in version.split("."))
