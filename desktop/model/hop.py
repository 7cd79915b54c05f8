"""One step of the way from this computer to a portal, as the connection check tells it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The steps, in their order."""

    PROXY = "proxy"
    NAME = "name"
    REACH = "reach"
    TUNNEL = "tunnel"
    CERTIFICATE = "certificate"
    PORTAL = "portal"


class Passed(StrEnum):
    """How a step ended. LEFT_OUT = not tried, because one before it failed or it does not apply."""

    YES = "yes"
    NO = "no"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Hop:
    """What was found: `words` says it, `advice` what to do where it failed ("" else). No token, no personal data.

    wants_sign_in  a proxy asks for a name and a password
    """

    step: Step
    passed: Passed
    words: str
    advice: str = ""
    wants_sign_in: bool = False
