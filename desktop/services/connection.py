"""The connection check: every step from this computer to a portal's answer, and which of them fails (features.md G1.4).

It changes nothing and takes no part in sending. Each step blocks for some seconds at most; call it from a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from desktop.model.hop import Hop, Passed, Step
from desktop.model.verdict import PortalState
from desktop.services.core import LONDON

if TYPE_CHECKING:
    from desktop.services.workspace import Workspace

_ADVICE = {
    PortalState.SIGN_IN: "Ask whoever looks after the portal at your organisation for a new access token.",
    PortalState.CAPTIVE: "Something on the way answers in place of the portal. Open a website in a browser: a sign-in page of the "
    "network may show. Else ask your IT support about web filters.",
    PortalState.API_OFF: "The address is not that of the portal, or the portal has switched off its way in for programs.",
}
_WAIT = "Nothing is wrong on this side. Holdfast tries again by itself, and nothing is lost."


def walk(workspace: Workspace, collection: str) -> Iterator[Hop]:
    """Each step as it is done; the last says what the portal answers. Raises UsageError where no portal is connected."""
    from desktop.sync.portals.hops import way_to

    url, token = workspace.portals.in_use(collection)
    short = workspace.collection(collection).portal_short
    whole = True
    for hop in way_to(url):
        whole = whole and hop.passed is not Passed.NO
        yield hop
    if not whole:
        yield Hop(Step.PORTAL, Passed.LEFT_OUT, f"{short} was not asked, because the way to it is not whole.")
        return
    probe = workspace.try_connection(collection, url, token)
    if probe.state is PortalState.UP:
        yield Hop(Step.PORTAL, Passed.YES, f"{short} answers and takes the access token.")
        return
    yield Hop(
        Step.PORTAL, Passed.NO, probe.detail or f"{short} gives no answer.", _ADVICE.get(probe.state, _WAIT)
    )


def as_text(workspace: Workspace, hops: list[Hop]) -> str:
    """What was found, to be sent to an IT support desk. No token, no name of a person."""
    when = workspace.now().astimezone(LONDON)
    lines = [f"Holdfast, connection check of {when:%d %B %Y, %H:%M}"]
    for hop in hops:
        lines.append(f"[{hop.passed}] {hop.step}: {hop.words}")
        if hop.advice:
            lines.append(f"    {hop.advice}")
    return "\n".join(lines) + "\n"


def find_proxies_with(find: Callable[[str], str]) -> None:
    """Let the platform say which proxy leads to a host, too: `find(host)` gives its address, "" for none."""
    from desktop.sync.portals.proxies import find_with

    find_with(find)


def keep_proxy_sign_in(address: str, name: str, password: str) -> bool:
    """Keep a name and a password for a proxy, as `proxy_of` says it; False where this computer has no place for them."""
    from desktop.sync.portals.proxies import keep_sign_in

    return keep_sign_in(address, name, password)


def proxy_of(workspace: Workspace, collection: str) -> str:
    """The proxy on the way to a portal, as host:port; "" = none."""
    from urllib.parse import urlsplit

    from desktop.sync.portals.proxies import proxy_for

    url, _token = workspace.portals.in_use(collection)
    return proxy_for(urlsplit(url).hostname or "").shown if url.startswith("https") else ""
