"""Which proxy a request to a portal goes through: what IT manages, else what this computer says.

The window adds what only the platform can tell, such as a proxy that a script (PAC) chooses for each host (`find_with`). A proxy
that asks for a name and a password gets those that a person typed, from the computer's credential store. Any thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit, urlunsplit

from desktop.policy import policy

_SERVICE = "Holdfast proxy"
Find = Callable[[str], str]


class Source(StrEnum):
    """Who says which proxy."""

    MANAGED = "managed"
    COMPUTER = "computer"
    NONE = "none"


@dataclass(frozen=True, repr=False)
class Proxy:
    """The proxy for a host. `address` "" = none; it may hold a name and a password, so its repr does not show it."""

    address: str
    source: Source

    @property
    def shown(self) -> str:
        """Host and port, to be said."""
        parts = urlsplit(self.address)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname or "")


_finders: list[Find] = []
_signed_in: dict[str, str] = {}


def find_with(find: Find | None) -> None:
    """Ask the platform as well: `find(host)` gives the address of a proxy for https, "" for none. None = no more."""
    _finders[:] = [find] if find else []


def proxy_for(host: str) -> Proxy:
    """The proxy for https to a host."""
    managed = policy().text("Proxy", "system").strip()
    if managed.casefold() == "none":
        return Proxy("", Source.NONE)
    if managed.casefold() != "system":
        return Proxy(with_sign_in(_whole(managed)), Source.MANAGED)
    address = _whole(_of_environment(host) or next((found for find in _finders if (found := find(host))), ""))
    return Proxy(with_sign_in(address), Source.COMPUTER) if address else Proxy("", Source.NONE)


def _of_environment(host: str) -> str:
    from urllib.request import getproxies, proxy_bypass

    found = getproxies().get("https", "").strip()
    return "" if not found or proxy_bypass(host) else found


def _whole(address: str) -> str:
    """With its scheme; "" for one that we cannot use."""
    if not address:
        return ""
    whole = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(whole)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return ""
    return whole if usable else ""


# --- a name and a password for the proxy -------------------------------------------------------------------------------


def with_sign_in(address: str) -> str:
    """The address with the name and the password that were kept for it, if it has none of its own."""
    parts = urlsplit(address)
    if not address or parts.username is not None:
        return address
    kept = _kept(parts.netloc)
    return urlunsplit(parts._replace(netloc=f"{kept}@{parts.netloc}")) if kept else address


def keep_sign_in(shown: str, name: str, password: str) -> bool:
    """Keep a name and a password for the proxy `shown` (host:port); False when this computer has no place for them."""
    try:
        import keyring

        keyring.set_password(_SERVICE, shown, json.dumps([name, password]))
        kept = keyring.get_password(_SERVICE, shown)
    except Exception:  # noqa: BLE001 - back ends raise whatever they like; no store is a normal case
        kept = None
    _signed_in.pop(shown, None)
    if kept is None:
        return False
    return bool(_kept(shown))


def forget_sign_in(shown: str) -> None:
    """Take them off this computer. Harmless when there are none."""
    _signed_in.pop(shown, None)
    try:
        import keyring

        keyring.delete_password(_SERVICE, shown)
    except Exception:  # noqa: BLE001 - no store, or nothing in it: both are what was asked for
        return


def _kept(shown: str) -> str:
    """`name:password`, quoted for an address; "" = none. Asked of the credential store once in a run."""
    if shown not in _signed_in:
        try:
            import keyring

            name, password = json.loads(keyring.get_password(_SERVICE, shown) or '["", ""]')
        except Exception:  # noqa: BLE001 - as above, or something strange is kept there
            name = password = ""
        _signed_in[shown] = f"{quote(name, safe='')}:{quote(password, safe='')}" if name else ""
    return _signed_in[shown]
