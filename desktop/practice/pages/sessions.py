"""Who is signed in: a cookie each, with the token that their forms carry; over after two hours in which nothing came."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from desktop.practice.clock import SECOND_US, Clock
from desktop.practice.wire import Request

IDLE_US = 2 * 3600 * SECOND_US
_MOST = 200


@dataclass
class Session:
    """One browser that is signed in.

    role     as whom, in the website's own words;  told: said once on the next page
    answers  of journeys that are not at their end, by the journey: they are lost with the session
    """

    key: str
    csrf: str
    role: str
    last_us: int
    told: str = ""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def knows(self, token: str) -> bool:
        """Whether a form carries this session's token."""
        return hmac.compare_digest(self.csrf.encode(), token.encode())


class Sessions:
    """Everybody who is signed in; the oldest goes when there are too many.

    cookie  its name: browsers do not part the cookies of two ports of one computer
    """

    def __init__(self, clock: Clock, cookie: str) -> None:
        self._clock = clock
        self._cookie = cookie
        self._in_cookie = re.compile(rf"(?:^|;\s*){cookie}=([A-Za-z0-9_-]{{10,100}})")
        self._open: dict[str, Session] = {}

    def begin(self, role: str) -> Session:
        while len(self._open) >= _MOST:
            del self._open[next(iter(self._open))]
        made = Session(secrets.token_urlsafe(24), secrets.token_urlsafe(24), role, self._clock.now_us())
        self._open[made.key] = made
        return made

    def of(self, request: Request) -> tuple[Session | None, bool]:
        """The session of a request, and whether there was one that has run out. Each request keeps it alive."""
        found = self._in_cookie.search(request.headers.get("cookie", ""))
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

    def cookie_of(self, session: Session | None) -> str:
        """The header that gives the browser its cookie, or takes it away."""
        if session is None:
            return f"{self._cookie}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
        return f"{self._cookie}={session.key}; Path=/; HttpOnly; SameSite=Strict"
