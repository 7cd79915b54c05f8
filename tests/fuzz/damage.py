"""What happens to a file on its way: bytes lost and doubled, cells moved, other encodings, hostile text, broken archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from random import Random

TOKENS: Sequence[bytes] = (
    b'"', b'""', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"=", b"=1+1", b'=HYPERLINK("x")', b"@", b"-", b"+",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\xd8", b"\xa3", b"\xc2\xa3", b"\xc3\x28", b"\xf0\x9f\x98\x80",
    b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\x1a", b"\x1b[31m", b"%s%n", b"<", b"&", b"]]>", b"<!DOCTYPE x>", b"&x;",
    b"1/13/2026", b"31/02/2026", b"46000", b"1e309", b"-0", b"NaN", "١٢".encode(), b"9" * 400, b"x" * 40_000,
    b"2026-10-13", b"#REF!", b"#NAME?", b"TRUE", b"0123456", b"7 digits",
)  # fmt: skip

Damage = Callable[[Random, bytes], bytes]


def _cut(random: Random, content: bytes) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _lose(random: Random, content: bytes) -> bytes:
    at = random.randrange(len(content) + 1)
    return content[:at] + content[at + random.randint(1, 40) :]


def _double(random: Random, content: bytes) -> bytes:
    at, size = random.randrange(len(content) + 1), random.randint(1, 200)
    return content[:at] + content[at : at + size] * random.choice((2, 3, 50)) + content[at + size :]


def _flip(random: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(random.choice((1, 2, 8, 40)) if changed else 0):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _token(random: Random, content: bytes) -> bytes:
    at = random.randrange(len(content) + 1)
    return content[:at] + random.choice(TOKENS) + content[at + random.choice((0, 0, 1, 6)) :]


def _lines(random: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    act = random.randrange(4)
    at, other = random.randrange(len(lines)), random.randrange(len(lines))
    if act == 0:
        del lines[at]
    elif act == 1:
        lines.insert(other, lines[at])
    elif act == 2:
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines.insert(at, random.choice((b"", b",,,,,,", b" ", b"\0")))
    return b"\n".join(lines)


def _cells(random: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = random.randrange(len(lines))
    cells = lines[at].split(b",")
    place = random.randrange(len(cells))
    act = random.randrange(3)
    if act == 0:
        cells[place] = random.choice(TOKENS)
    elif act == 1:
        del cells[place]
    else:
        random.shuffle(cells)
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


def _encode(random: Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(
        random.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig", "latin-1")), "replace"
    )


def _delimit(random: Random, content: bytes) -> bytes:
    return content.replace(b",", random.choice((b";", b"\t", b"|", b", ", b"")))


DAMAGES: Sequence[Damage] = (
    _cut,
    _lose,
    _double,
    _flip,
    _token,
    _token,
    _lines,
    _cells,
    _cells,
    _encode,
    _delimit,
)


def damaged(random: Random, content: bytes) -> bytes:
    """The file after one to four mishaps."""
    for _ in range(random.randint(1, 4)):
        content = random.choice(DAMAGES)(random, content)
    return content


def damaged_archive(random: Random, content: bytes) -> bytes:
    """A workbook of which one part was damaged, or the archive itself."""
    if random.random() < 0.3:
        return damaged(random, content)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = random.choice(list(parts))
    act = random.randrange(6)
    if act == 0:
        del parts[name]
    elif act == 1:
        parts[name] = parts[random.choice(list(parts))]
    else:
        parts[name] = damaged(random, parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for part, inside in parts.items():
            packed.writestr(part, inside)
    return out.getvalue()
