"""How the command line says states and times (ui.md section 9), and times for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from desktop.collections.reading import long_day
from desktop.model.finding import Severity
from desktop.model.standing import Sync
from desktop.model.verdict import PortalState

if TYPE_CHECKING:
    from desktop.services.views import PortalView

SYNC = {
    Sync.CONFLICT: "Conflict",
    Sync.UNKNOWN: "Unknown",
    Sync.SENDING: "Sending",
    Sync.REJECTED: "Refused",
    Sync.DRAFT: "Draft",
    Sync.QUEUED: "Waiting",
    Sync.CLEAN: "Confirmed",
}

SEVERITY = {
    Severity.ERROR: "To put right",
    Severity.WARNING: "To look at",
    Severity.UNKNOWN: "Will be checked",
}

_PORTAL = {
    PortalState.UP: "{portal} is up",
    PortalState.BUSY: "{portal} asked us to wait",
    PortalState.MAINTENANCE: "{portal} shows a maintenance page instead of answering",
    PortalState.DOWN: "{portal} does not answer",
    PortalState.API_OFF: "{portal} has switched off the way in that Holdfast uses",
    PortalState.SIGN_IN: "{portal} does not take the access token",
    PortalState.CAPTIVE: "A sign-in page of your network is in the way of {portal}",
    PortalState.UNKNOWN: "{portal} has not answered yet",
}


def portal_sentence(view: PortalView) -> str:
    """One sentence on a portal's state, without its full stop."""
    if not view.connected:
        return f"{view.portal} is not connected"
    if view.state is PortalState.UNKNOWN and view.since is not None:
        return f"Whether {view.portal_short} is up is not known"
    return _PORTAL[view.state].format(portal=view.portal_short)


def iso(moment: datetime | None) -> str | None:
    """For programs: ISO 8601 in local time with its offset; None stays None."""
    return moment.astimezone().isoformat(timespec="milliseconds") if moment else None


def clock(moment: datetime) -> str:
    """As "14:09", local time."""
    return f"{moment.astimezone():%H:%M}"


def when(moment: datetime | None, today: date | None = None) -> str:
    """As "7 September 2026, 14:09"; the time alone on `today`; "" for None."""
    if moment is None:
        return ""
    local = moment.astimezone()
    return clock(moment) if local.date() == today else f"{long_day(local.date())}, {clock(moment)}"
