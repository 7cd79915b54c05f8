"""Who is signed in: a cookie each, with the token that their forms carry; over after two hours in which nothing came."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass

from desktop.practice.clock import SECOND_US, Clock
from desktop.practice.wire import Request

COOKIE = "holdfast_practice"
IDLE_US = 2 * 3600 * SECOND_US
_MOST = 200
_IN_COOKIE = re.compile(rf"(?:^|;\s*){COOKIE}=([A-Za-z0-9_-]{{10,100}})")


@dataclass
class Session:
    """One browser that is signed in. `bulk_add` = as a university, which may upload new trainees; `told` = said once."""

    key: str
    csrf: str
    bulk_add: bool
    last_us: int
    told: str = ""

    def knows(self, token: str) -> bool:
        """Whether a form carries this session's token."""
        return hmac.compare_digest(self.csrf.encode(), token.encode())


class Sessions:
    """Everybody who is signed in; the oldest goes when there are too many."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Session] = {}

    def begin(self, *, bulk_add: bool) -> Session:
        while len(self._open) >= _MOST:
            del self._open[next(iter(self._open))]
        made = Session(secrets.token_urlsafe(24), secrets.token_urlsafe(24), bulk_add, self._clock.now_us())
        self._open[made.key] = made
        return made

    def of(self, request: Request) -> tuple[Session | None, bool]:
        """The session of a request, and whether there was one that has run out. Each request keeps it alive."""
        found = _IN_COOKIE.search(request.headers.get("cookie", ""))
        session = self._open.get(found[1]) if found else None
        if session is None:
            return None, found is not None
        now = self._clock.now_us()
        if abs(now - session.last_us) > IDLE_US:
            self.end(session)
            return None, True
        session.last_us = now
        return session, False

    def end(self, session: Session) -> None:
        self._open.pop(session.key, None)


def cookie_of(session: Session | None) -> str:
    """The header that gives the browser its cookie, or takes it away."""
    if session is None:
        return f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
    return f"{COOKIE}={session.key}; Path=/; HttpOnly; SameSite=Strict"
