"""The code of a recovery sheet, as a person reads it off paper and types it.

140 random bits as seven groups of five: `7KQ2M-...`. Letters and digits are those of Crockford's base 32 (no I, L, O or U;
what looks like one of them is taken for it). The last sign of each group checks its group, so a slip of the finger is named
by its place before anything is tried.
"""

from __future__ import annotations

import secrets

GROUPS, GROUP = 7, 5
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TAKEN_FOR = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = str.maketrans("", "", " -–—_.\t\r\n\u00a0")
_POLYNOMIAL, _FIELD = 0b100101, 32


class NotACode(ValueError):
    """The text is no recovery code; the message says which group to look at."""


def new_code() -> str:
    """A random one, as it is printed."""
    groups = []
    for number in range(GROUPS):
        body = [secrets.randbelow(_FIELD) for _ in range(GROUP - 1)]
        groups.append("".join(_SIGNS[sign] for sign in (*body, _check(number, body))))
    return "-".join(groups)


def read_code(typed: str) -> str:
    """The code as it is printed, whatever blanks, dashes and small letters were typed. Raises NotACode."""
    signs = _signs(typed)
    if strange := [sign for sign in signs if sign not in _SIGNS]:
        raise NotACode(f"A recovery code has no “{strange[0][:1]}”. Check what stands on the sheet.")
    if len(signs) != GROUPS * GROUP:
        raise NotACode(
            f"A recovery code has {GROUPS} groups of {GROUP}, which is {GROUPS * GROUP} letters and digits. "
            f"This has {len(signs)}."
        )
    groups = [signs[at : at + GROUP] for at in range(0, len(signs), GROUP)]
    for number, group in enumerate(groups):
        values = [_SIGNS.index(sign) for sign in group]
        if _check(number, values[:-1]) != values[-1]:
            raise NotACode(
                f"Group {number + 1}, {group}, is not as it is printed. Check it against the sheet."
            )
    return "-".join(groups)


def looks_like_code(typed: str) -> bool:
    """Whether somebody means a code: right in its length and its signs, if not in each of them."""
    signs = _signs(typed)
    return len(signs) == GROUPS * GROUP and all(sign in _SIGNS for sign in signs)


def is_code(typed: str) -> bool:
    """Whether a text is a whole code; a passphrase that happens to look like one is next to impossible."""
    try:
        read_code(typed)
    except NotACode:
        return False
    return True


def _signs(typed: str) -> str:
    return typed.translate(_BETWEEN).upper().translate(_TAKEN_FOR)


def _check(number: int, body: list[int]) -> int:
    """Another sign for every single slip, for two neighbours exchanged, and for a group in another's place.

    A weighted sum over the field of 32 elements; the weights are powers of its generator, the constant is the place.
    """
    total, weight = number + 1, 1
    for sign in body:
        weight = _times(weight, 2)
        total ^= _times(weight, sign)
    return total


def _times(one: int, other: int) -> int:
    """Product in GF(32)."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        other >>= 1
        one <<= 1
        if one & _FIELD:
            one ^= _POLYNOMIAL
    return product
