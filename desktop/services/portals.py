"""Portals as people see them: connecting, state, history. Outages are `desktop.services.evidence`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from desktop.model.errors import UsageError
from desktop.model.person import Role
from desktop.model.verdict import PortalState
from desktop.policy import policy
from desktop.services import tokens
from desktop.services.core import Core
from desktop.services.looked_after import organisation_of
from desktop.services.people import demand
from desktop.services.views import PortalView
from desktop.store.portals import PortalRow, Try
from desktop.store.store import Unit

_MARK = timedelta(minutes=20)
_MARKS = 72
_IN_WORKSPACE, _KIND = "workspace", "token"
FILE_READ = "web_export"
"""Kind under which a file of the portal that was loaded is kept."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Portals:
    """One row per collection that travels by a portal."""

    def __init__(self, core: Core, workspace_id: str) -> None:
        self._core = core
        self._workspace_id = workspace_id

    def connect(
        self,
        collection: str,
        url: str,
        *,
        token: str = "",
        token_env: str = "",
        in_file: bool = False,
        in_workspace: bool = False,
    ) -> PortalView:
        """Set a portal's address and where its token is. Raises UsageError for an address that cannot be one.

        `in_workspace` = keep the token with the records, encrypted as they are: for computers without a credential store.
        """
        known = self._core.collection(collection)
        if not known.sends:
            raise UsageError(
                f"{known.portal} takes nothing from a program: its changes are typed into its website."
            )
        url = check_address(url)
        with self._core.store.read() as unit:
            demand(unit, Role.ADMINISTER)
        if token_env:
            source = f"env:{token_env}"
        elif in_workspace:
            source, token = _IN_WORKSPACE, tokens.clean(token)
        else:
            source = tokens.keep(
                self._workspace_id, self._core.store.folder, known.name, token, in_file=in_file
            )
        with self._core.store.write() as unit:
            old = unit.portals.get(known.name)
            moved = old.url not in ("", url)
            unit.portals.put(
                PortalRow(known.name, url, source) if moved or not old.url else old,
                url=url,
                token_source=source,
                not_before=None,
                asked_to_wait=False,
                failures=0,
            )
            if moved:
                unit.portals.forget_watermarks(known.name)
            if source == _IN_WORKSPACE:
                unit.kept.put(_KIND, known.name, {"token": token})
            else:
                unit.kept.remove(_KIND, known.name)
            unit.journal.write("connected", None, {"collection": known.name, "url": url})
            unit.touched.portals = True
        if source != "file":
            tokens.drop_file(self._core.store.folder, known.name)
        return self.view(known.name)

    def token(self, portal: PortalRow) -> str:
        """The token itself, for the adapter only. Raises UsageError."""
        if portal.token_source == _IN_WORKSPACE:
            with self._core.store.read() as unit:
                kept = unit.kept.get(_KIND, portal.collection)
            return tokens.clean(str(kept.body["token"]) if kept else "")
        return tokens.find(
            self._workspace_id, self._core.store.folder, portal.collection, portal.token_source
        )

    def in_use(self, collection: str) -> tuple[str, str]:
        """(address, token) of a portal that is connected, to test them. Raises UsageError."""
        with self._core.store.read() as unit:
            row = unit.portals.get(self._core.collection(collection).name)
        if not row.url:
            raise UsageError("No portal is connected yet. Enter its address and an access token first.")
        return row.url, self.token(row)

    def view(self, collection: str) -> PortalView:
        known = self._core.collection(collection)
        with self._core.store.read() as unit:
            return self._view(unit, unit.portals.get(known.name))

    def all(self) -> list[PortalView]:
        """The portal of every collection that sends, also those that are not connected."""
        sending = [name for name, known in self._core.collections.items() if known.sends]
        with self._core.store.read() as unit:
            return [self._view(unit, unit.portals.get(name)) for name in sending]

    def _view(self, unit: Unit, portal: PortalRow) -> PortalView:
        known = self._core.collection(portal.collection)
        now = self._core.now()
        tries = unit.portals.tries(portal.collection, now - _MARK * _MARKS)
        before = unit.portals.tries(portal.collection, limit=1) if not tries else []
        by_file = not portal.url and not organisation_of(unit).has_api
        return PortalView(
            collection=known.name,
            portal=known.portal,
            portal_short=known.portal_short,
            connected=bool(portal.url),
            url=portal.url,
            state=portal.state,
            since=portal.since,
            detail=portal.detail,
            next_check=portal.not_before,
            last_success=portal.last_success,
            tries=tuple((t.at, t.state, t.detail) for t in (tries or before)[:50]),
            strip=_strip(tries[::-1], before[0].state if before else None, now),
            restored_at=portal.restored_at,
            by_file=by_file,
            file_read=max((kept.at for kept in unit.kept.all(FILE_READ)), default=None) if by_file else None,
        )


def is_this_computer(url: str) -> bool:
    """Whether an address is a practice portal's: on loopback, with no office round it."""
    return urlsplit(url).hostname in _LOOPBACK


_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?!.*xn--)(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\Z|[0-9a-f.]*:[0-9a-f:.]*\Z")
"""A host's name in plain letters (RFC 1123) or its address, as `urlsplit` gives it: in small letters."""


def check_address(url: str) -> str:
    """The root of a portal. Raises UsageError with what to do; plain http only to this computer."""
    url = url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    more = parts.path or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in ("http", "https") or not _HOST.match(host) or more or not url.isprintable():
        raise UsageError(
            "The portal's address must look like https://www.example.org, without anything behind it."
        )
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise UsageError(
            "The portal's address must begin with https://, so that the token and the records are encrypted."
        )
    _check_allowed(url, host)
    return url


def _check_allowed(url: str, host: str) -> None:
    """Raises UsageError where the organisation names the portals that may be connected, and this is none of them."""
    allowed = {address.strip().rstrip("/").casefold() for address in policy().listed("AllowedPortals")}
    if allowed and host not in _LOOPBACK and url.casefold() not in allowed:
        raise UsageError(
            f"Your organisation allows these portals only: {', '.join(sorted(allowed))}. Ask your IT support if "
            "this address should be one of them."
        )


def _strip(tries: Sequence[Try], before: PortalState | None, now: datetime) -> tuple[str, ...]:
    """72 marks: what the tries in each 20 minutes said; where nobody asked, the last known state goes on."""
    start = now - _MARK * _MARKS
    marks: list[str] = []
    last = "" if before is None else "up" if before is PortalState.UP else "down"
    for n in range(_MARKS):
        begin = start + _MARK * n
        states = {t.state is PortalState.UP for t in tries if begin <= t.at < begin + _MARK}
        if states:
            mark = "half" if len(states) == 2 else "up" if True in states else "down"
            newest = [t for t in tries if begin <= t.at < begin + _MARK][-1]
            last = "up" if newest.state is PortalState.UP else "down"
        else:
            mark = last
        marks.append(mark)
    return tuple(marks)
