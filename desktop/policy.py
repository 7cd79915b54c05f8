r"""What an organisation's IT decides for every user of a computer: the managed settings, read once in a run.

On Windows they are values under `HKLM\Software\Policies\Holdfast` (Group Policy, Intune; `installer/windows/policy` has the
ADMX), on macOS a profile's preferences, on Linux `/etc/holdfast/policy.toml`. Only an administrator can write there. Every key
stands in `KEYS`, once: the ADMX, docs/policy.md and the words on the screen are made from it.

A value that is not understood counts as not set, and `Policy.wrong` says so: Settings and the doctor show it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

REGISTRY_KEY = r"Software\Policies\Holdfast"
LINUX_FILE = Path("/etc/holdfast/policy.toml")
MACOS_FILE = Path("/Library/Managed Preferences/uk.org.holdfast.Holdfast.plist")

Value = str | int | bool | tuple[str, ...]


class Kind(StrEnum):
    """What a value is: a whole number, one of a few words, yes or no, a text, a folder, a list of texts."""

    WHOLE = "whole"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TEXT = "text"
    FOLDER = "folder"
    LIST = "list"


@dataclass(frozen=True)
class Key:
    """One managed setting. `title` and `help` are what people read; `least`, `most` bound a whole number, both included."""

    name: str
    kind: Kind
    title: str
    help: str
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()


KEYS = (
    Key("AllowedPortals", Kind.LIST, "Portals that may be connected", "Addresses beginning with https. A portal elsewhere cannot be connected. Practice portals on this computer always can."),
    Key("Proxy", Kind.TEXT, "Proxy", "system, none, or the address of a proxy such as http://proxy.school.example:8080."),
    Key("LockMinutes", Kind.WHOLE, "Longest time until the window locks itself, in minutes", "People may choose a shorter time, and not Never.", 1, 480),
    Key("PassphraseLength", Kind.WHOLE, "Fewest characters of a passphrase", "Counts when a passphrase is chosen. It cannot be less than what Holdfast asks for anyway.", 8, 128),
    Key("RememberKey", Kind.YES_NO, "Let this computer remember the key", "No: the passphrase is asked for each time records are opened."),
    Key("WorkspaceRoot", Kind.FOLDER, "Folder for workspaces", "Records may be kept in this folder only. It must be on a disk of the computer itself."),
    Key("ExportFolder", Kind.FOLDER, "Folder where files are saved", "Where the windows for saving a file begin."),
    Key("BackupFolder", Kind.FOLDER, "Second folder for backups", "Automatic backups are put here as well. A shared drive is fine: they are encrypted."),
    Key("ClipboardSeconds", Kind.WHOLE, "Seconds until a copied answer leaves the clipboard", "At most 60.", 5, 60),
    Key("RetentionMonths", Kind.WHOLE, "Longest time to keep a record after its work is over, in months", "A shorter time of a collection counts as it is.", 1, 600),
    Key("UpdateAddress", Kind.TEXT, "Where a newer Holdfast is announced", "An address of your own beginning with https, where releases.json lies. What stands there counts only if Holdfast's makers signed it."),
    Key("UpdateCheck", Kind.CHOICE, "Look for a newer Holdfast", "off: never. notify: say so when there is one. Nothing is ever installed by itself.", choices=("off", "notify")),
    Key("Telemetry", Kind.CHOICE, "Telemetry", "There is none. The key exists so that a baseline can say so.", choices=("none",)),
)  # fmt: skip
"""Every managed setting (features.md G1.2)."""

_BY_NAME = {key.name: key for key in KEYS}


@dataclass(frozen=True)
class Policy:
    """What is set. `source` = where it was read, "" = nowhere; `wrong` = a sentence for each value that was left out."""

    values: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    wrong: tuple[str, ...] = ()

    def sets(self, name: str) -> bool:
        """Whether a setting is managed. Raises KeyError for a name that is no setting."""
        return _BY_NAME[name].name in self.values

    def whole(self, name: str, otherwise: int) -> int:
        """A whole number, `otherwise` where it is not managed."""
        found = self.values.get(_BY_NAME[name].name, otherwise)
        assert isinstance(found, int)
        return found

    def text(self, name: str, otherwise: str = "") -> str:
        """A text or one of the choices."""
        found = self.values.get(_BY_NAME[name].name, otherwise)
        assert isinstance(found, str)
        return found

    def folder(self, name: str) -> Path | None:
        """A folder; None where it is not managed."""
        found = self.text(name)
        return Path(found) if found else None

    def forbids(self, name: str) -> bool:
        """Whether a yes-or-no setting is managed, and says no."""
        return self.values.get(_BY_NAME[name].name) is False

    def listed(self, name: str) -> tuple[str, ...]:
        """A list; () where it is not managed."""
        found = self.values.get(_BY_NAME[name].name, ())
        assert isinstance(found, tuple)
        return found

    def said(self, name: str) -> str:
        """What the screen says of a managed setting; "" where it is not managed."""
        return f"Set by your organisation: {_in_words(self.values[name])}." if self.sets(name) else ""


def _in_words(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def understood(raw: Mapping[str, Any], source: str) -> Policy:
    """A policy out of what a file or the registry holds. Names are compared without regard to case."""
    values: dict[str, Any] = {}
    wrong: list[str] = []
    names = {name.casefold(): name for name in _BY_NAME}
    for given, value in raw.items():
        name = names.get(given.casefold())
        if name is None:
            wrong.append(f'The managed setting "{given[:60]}" is not known to this version.')
            continue
        try:
            values[name] = _READ[_BY_NAME[name].kind](_BY_NAME[name], value)
        except (TypeError, ValueError):
            wrong.append(f'The managed setting "{name}" is not understood, so it does not count.')
    return Policy(values, source, tuple(wrong))


def _whole(key: Key, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    found = int(value)
    if not key.least <= found <= key.most:
        raise ValueError
    return found


def _choice(key: Key, value: Any) -> str:
    found = _text(key, value).casefold()
    if found not in key.choices:
        raise ValueError
    return found


def _yes_no(_key: Key, value: Any) -> bool:
    if isinstance(value, str):
        value = {"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}.get(value.strip().casefold())
    if value not in (0, 1):
        raise ValueError
    return bool(value)


def _text(_key: Key, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError
    return value.strip()


def _folder(key: Key, value: Any) -> str:
    import os

    found = Path(os.path.expandvars(_text(key, value))).expanduser()
    if not found.is_absolute():
        raise ValueError
    return str(found)


def _list(key: Key, value: Any) -> tuple[str, ...]:
    given = value.replace(";", ",").split(",") if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise TypeError
    found = tuple(_text(key, one) for one in given if str(one).strip())
    if not found:
        raise ValueError
    return found


_READ: Mapping[Kind, Callable[[Key, Any], Value]] = {
    Kind.WHOLE: _whole,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.TEXT: _text,
    Kind.FOLDER: _folder,
    Kind.LIST: _list,
}


@cache
def policy() -> Policy:
    """What is managed on this computer, read once in a run."""
    if sys.platform == "win32":
        return _from_registry()
    return from_file(MACOS_FILE if sys.platform == "darwin" else LINUX_FILE)


def from_file(path: Path) -> Policy:
    """A policy in a file (TOML, or a property list on macOS). A file that cannot be read sets nothing, and that is said."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Policy()
    except OSError:
        return Policy(source=str(path), wrong=("The managed settings cannot be read on this computer.",))
    try:
        found = _parsed(raw, plist=path.suffix == ".plist")
    except ValueError:
        return Policy(
            source=str(path), wrong=("The file of managed settings is damaged, so none of it counts.",)
        )
    return understood(found, str(path))


def _parsed(raw: bytes, *, plist: bool) -> dict[str, Any]:
    """Raises ValueError."""
    if plist:
        import plistlib
        from xml.parsers.expat import ExpatError

        try:
            found = plistlib.loads(raw)
        except (plistlib.InvalidFileException, ExpatError) as error:
            raise ValueError from error
    else:
        import tomllib

        found = tomllib.loads(raw.decode("utf-8-sig"))
    if not isinstance(found, dict):
        raise ValueError  # noqa: TRY004 - a list is a damaged file, too
    return found


def _from_registry() -> Policy:
    from importlib import import_module

    winreg: Any = import_module("winreg")  # of Windows alone, so the checker of types here does not know it
    raw: dict[str, Any] = {}
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, REGISTRY_KEY) as opened:
            for number in range(winreg.QueryInfoKey(opened)[1]):
                name, value, _kind = winreg.EnumValue(opened, number)
                raw[name] = value
    except FileNotFoundError:
        return Policy()
    except OSError:
        return Policy(source=REGISTRY_KEY, wrong=("The managed settings cannot be read on this computer.",))
    return understood(raw, f"HKLM\\{REGISTRY_KEY}")
