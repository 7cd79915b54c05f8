"""The way to a portal, step by step, so that a person can be told which step fails: proxy, name, line, tunnel, certificate.

Nothing is sent to the portal here but the greeting of TLS, and no token anywhere. What answers after the certificate is the
adapter's to say (`Portal.probe`). Each step takes `WAIT_S` at most. Blocks: call it from a worker.
"""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from desktop.model.hop import Hop, Passed, Step
from desktop.sync.portals import http
from desktop.sync.portals.proxies import Proxy, Source, proxy_for

WAIT_S = 5.0
_MOST_HEAD = 65_536
_WHO = {
    Source.MANAGED: "that your organisation manages",
    Source.COMPUTER: "that this computer is set to use",
}


def way_to(url: str) -> Iterator[Hop]:
    """Each step as it is done; ends with the first that fails. Raises UsageError for an address that cannot be one."""
    base = http.clean_address(url)
    secure, host, port = (
        base.scheme == "https",
        base.host,
        base.port or (443 if base.scheme == "https" else 80),
    )
    proxy = proxy_for(host) if secure else Proxy("", Source.NONE)
    yield _proxy_told(proxy)
    line: socket.socket | None = None
    try:
        next_host, next_port = _beside(proxy) or (host, port)
        names = _named(next_host, proxy)
        yield names
        if names.passed is Passed.NO:
            return
        line = _reached(next_host, next_port)
        yield _reach_told(line, next_host, next_port, proxy)
        if line is None:
            return
        if proxy.address:
            tunnel = _tunnelled(line, host, port, proxy)
            yield tunnel
            if tunnel.passed is Passed.NO:
                return
        if secure:
            yield _certified(line, host, port, proxy)
    finally:
        if line is not None:
            line.close()


def _proxy_told(proxy: Proxy) -> Hop:
    if not proxy.address:
        return Hop(Step.PROXY, Passed.LEFT_OUT, "No proxy is in use: the way to the portal is direct.")
    return Hop(Step.PROXY, Passed.YES, f"The way goes through the proxy {proxy.shown}, {_WHO[proxy.source]}.")


def _beside(proxy: Proxy) -> tuple[str, int] | None:
    if not proxy.address:
        return None
    parts = urlsplit(proxy.address)
    return str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)


def _named(host: str, proxy: Proxy) -> Hop:
    what = f"the proxy {host}" if proxy.address else host
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        advice = (
            "Ask your IT support whether the name of the proxy is right."
            if proxy.address
            else "Look whether this computer is on the internet: open any website. If it is, check the address letter by letter."
        )
        return Hop(Step.NAME, Passed.NO, f"The network does not know {what}.", advice)
    address = min(str(one[4][0]) for one in found)
    if address == host:
        return Hop(Step.NAME, Passed.LEFT_OUT, f"The address {host} is a number, so no name has to be known.")
    return Hop(Step.NAME, Passed.YES, f"The network knows {what} ({address}).")


def _reached(host: str, port: int) -> socket.socket | None:
    with suppress(OSError):
        return socket.create_connection((host, port), timeout=WAIT_S)
    return None


def _reach_told(line: socket.socket | None, host: str, port: int, proxy: Proxy) -> Hop:
    if line is not None:
        return Hop(Step.REACH, Passed.YES, f"{host} takes connections on port {port}.")
    advice = (
        "Ask your IT support: this computer cannot reach the proxy."
        if proxy.address
        else "The portal is down, or your network does not let this computer out. Open the portal in a browser: if that works, "
        f"ask your IT support to allow {host}, port {port}."
    )
    return Hop(Step.REACH, Passed.NO, f"{host} does not take connections on port {port}.", advice)


def _tunnelled(line: socket.socket, host: str, port: int, proxy: Proxy) -> Hop:
    """Ask the proxy for a tunnel, as every request does."""
    parts = urlsplit(proxy.address)
    signed = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        signed = f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}\r\n"
    asked = f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{signed}\r\n"
    try:
        line.sendall(asked.encode("ascii"))
        status = _status(line)
    except (OSError, ValueError, UnicodeError):
        status = 0
    if status == 200:
        return Hop(Step.TUNNEL, Passed.YES, f"The proxy {proxy.shown} lets us through to {host}.")
    if status == 407:
        known = "It does not take the name and the password that are kept here. " if signed else ""
        return Hop(
            Step.TUNNEL,
            Passed.NO,
            f"The proxy {proxy.shown} asks for a name and a password.",
            f"{known}Type them below. If it wants a sign-in by Windows (NTLM, Kerberos), ask your IT support to let "
            f"{host} through without one.",
            wants_sign_in=True,
        )
    told = (
        f"refuses to let us through to {host} (it says {status})"
        if status
        else "gives no answer that makes sense"
    )
    return Hop(
        Step.TUNNEL,
        Passed.NO,
        f"The proxy {proxy.shown} {told}.",
        f"Ask your IT support to allow {host}, port {port}.",
    )


def _status(line: socket.socket) -> int:
    """The number in the head of a reply, read to its end. Raises ValueError or OSError."""
    head = b""
    while b"\r\n\r\n" not in head:
        part = line.recv(4096)
        if not part or len(head) > _MOST_HEAD:
            break
        head += part
    return int(head.split(b" ", 2)[1])


# --- certificates -------------------------------------------------------------------------------------------------------


def _certified(line: socket.socket, host: str, port: int, proxy: Proxy) -> Hop:
    context = http._trust()  # noqa: SLF001 - judged exactly as the adapters judge it
    try:
        with context.wrap_socket(line, server_hostname=host, do_handshake_on_connect=True) as secure:
            issuer, _ends = _read(secure.getpeercert(binary_form=True))
    except ssl.SSLCertVerificationError as error:
        return _not_trusted(host, port, proxy, error)
    except (OSError, ssl.SSLError):
        return Hop(
            Step.CERTIFICATE,
            Passed.NO,
            f"{host} does not speak the encrypted language that a portal speaks.",
            "Something on the way answers in place of the portal. Ask your IT support about web filters for this computer.",
        )
    return Hop(
        Step.CERTIFICATE,
        Passed.YES,
        f"The certificate of {host} holds. It was issued by {issuer or 'somebody unnamed'}.",
    )


def _not_trusted(host: str, port: int, proxy: Proxy, error: ssl.SSLCertVerificationError) -> Hop:
    """Why, as far as the certificate itself tells. It is looked at once more, and nothing is sent."""
    issuer, ends = _shown_certificate(host, port, proxy)
    now = datetime.now(UTC)
    by = f" It was issued by {issuer}." if issuer else ""
    if ends is not None and ends[1] < now:
        words = f"The certificate of {host} ended on {ends[1]:%d %B %Y}, by this computer's clock."
        advice = f"This computer says it is {now:%d %B %Y}. If that is right, tell the portal's help desk."
    elif ends is not None and ends[0] > now:
        words = f"The certificate of {host} does not hold yet, by this computer's clock."
        advice = f"This computer says it is {now:%d %B %Y}. Put its clock right."
    elif "mismatch" in str(error).casefold() or "doesn't match" in str(error).casefold():
        words = f"The certificate is for another address than {host}.{by}"
        advice = "Something on the way answers in place of the portal. Ask your IT support about web filters."
    else:
        words = f"This computer does not trust the certificate of {host}.{by}"
        advice = (
            "If your network looks into encrypted traffic, its root certificate must be in this computer's own store. Ask your "
            "IT support to put it there, or to leave this address alone. Holdfast sends nothing until then."
        )
    return Hop(Step.CERTIFICATE, Passed.NO, words, advice)


def _shown_certificate(host: str, port: int, proxy: Proxy) -> tuple[str, tuple[datetime, datetime] | None]:
    """Issuer, and from when to when it holds, of whatever is shown there. Nothing is believed and nothing sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    beside = _beside(proxy) or (host, port)
    try:
        with socket.create_connection(beside, timeout=WAIT_S) as line:
            if proxy.address and _tunnelled(line, host, port, proxy).passed is Passed.NO:
                return "", None
            with context.wrap_socket(line, server_hostname=host) as secure:
                return _read(secure.getpeercert(binary_form=True))
    except OSError:
        return "", None


def _read(raw: bytes | None) -> tuple[str, tuple[datetime, datetime] | None]:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    if not raw:
        return "", None
    try:
        found = x509.load_der_x509_certificate(raw)
        for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
            if named := found.issuer.get_attributes_for_oid(kind):
                issuer = "".join(ch for ch in str(named[0].value) if ch.isprintable())[:80]
                return issuer, (found.not_valid_before_utc, found.not_valid_after_utc)
        return "", (found.not_valid_before_utc, found.not_valid_after_utc)
    except ValueError:
        return "", None
