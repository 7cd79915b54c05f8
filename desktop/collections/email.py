"""What the central systems take as an email address: the rules of GOV.UK Notify, which all of them use."""

from __future__ import annotations

import re

_LOCAL = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+\Z")
_PART = re.compile(r"[a-z0-9]+(-?-[a-z0-9]+)*\Z", re.IGNORECASE | re.ASCII)
_LAST_PART = re.compile(r"([a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+)\Z", re.IGNORECASE | re.ASCII)
_COMMON = re.compile(
    r"[a-z0-9_\-]+(\.[a-z0-9_\-]+)*@([a-z0-9]+(-[a-z0-9]+)*\.){1,3}[a-z]{2,63}\Z", re.IGNORECASE | re.ASCII
)
_LONGEST = 320
_LONGEST_HOST = 253
_LONGEST_PART = 63


def is_email(address: str, also: str = "") -> bool:
    """Whether this is an email address; `also` = characters that one portal takes before the @ beside the usual ones."""
    if len(address) <= 64 and _COMMON.match(address):
        return True
    if len(address) > _LONGEST or ".." in address:
        return False
    local, at, host = address.partition("@")
    for more in also:
        local = local.replace(more, "-")
    if not at or not _LOCAL.match(local) or "@" in host or len(host) > _LONGEST_HOST:
        return False
    parts = host.split(".")
    whole = len(parts) >= 2 and all(len(part) <= _LONGEST_PART and _PART.match(part) for part in parts)
    return whole and _LAST_PART.match(parts[-1]) is not None
