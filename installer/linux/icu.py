"""ICU's data without the world's other languages: 32 MB of tables become about 2 MB.

Qt for Linux is linked to ICU and asks it for three things: how text is sorted, how letters become capitals, and time zones.
Holdfast speaks English, so only the root and English tables stay; a computer in another language gets the root's. The format
is that of ICU's common data (source/common/ucmndata.h): a header, then a table of names and places, then the items.
"""

from __future__ import annotations

import re
import struct
import subprocess
from pathlib import Path

_TABLES = (
    "currencyNumericCodes dayPeriods genderList grammaticalFeatures icustd icuver keyTypeData langInfo likelySubtags metaZones"
    " numberingSystems pluralRanges plurals supplementalData timezoneTypes windowsZones zoneinfo64"
)
_KEPT = re.compile(
    r"(?:(?:coll|curr|lang|region|unit|zone)/)?(?:root|en|en_001|en_GB|pool|res_index)\.res"
    rf"|(?:{_TABLES.replace(' ', '|')})\.res|(?:coll/)?(?!unames)\w+\.(?:icu|nrm)|ibm-5348_P100-1997\.cnv"
)
_SYMBOL = re.compile(
    r"\s(?P<place>[0-9a-f]{8,16})\s+(?P<size>0x[0-9a-f]+|\d+)\s+OBJECT\s+GLOBAL.*\s(?P<name>icudt\d+_dat)\s*$",
    re.MULTILINE,
)


def shrink(library: Path) -> None:
    """Put a library with the kept items in the place of libicudata. Needs readelf and gcc; x86-64 and arm64."""
    told = subprocess.run(["readelf", "-sW", library], check=True, capture_output=True, text=True).stdout
    symbol = _SYMBOL.search(told)
    if symbol is None:
        raise ValueError(f"{library.name} holds no data of ICU")
    whole = library.read_bytes()
    start = int(
        symbol["place"], 16
    )  # the data lies in the first segment, where place in file and in memory are one
    data = filtered(whole[start : start + int(symbol["size"], 0)])
    _link(library, symbol["name"], data)


def filtered(data: bytes) -> bytes:
    """The same package with only the items that are kept, in the same order."""
    (head_size,) = struct.unpack_from("<H", data)
    (count,) = struct.unpack_from("<I", data, head_size)
    table = [struct.unpack_from("<II", data, head_size + 4 + 8 * n) for n in range(count)]
    ends = [place for _, place in table[1:]] + [len(data) - head_size]
    items = []
    for (name_at, place), end in zip(table, ends, strict=True):
        name_from = head_size + name_at
        name = data[name_from : data.index(b"\0", name_from)]
        if _KEPT.fullmatch(name.decode("ascii").partition("/")[2]):
            items.append((name, data[head_size + place : head_size + end]))
    names = b"".join(name + b"\0" for name, _ in items)
    body, entries = b"", b""
    name_at = 4 + 8 * len(items)
    first = (name_at + len(names) + 15) // 16 * 16
    for name, item in items:
        entries += struct.pack("<II", name_at, first + len(body))
        name_at += len(name) + 1
        body += item + b"\0" * (-len(item) % 16)
    return data[:head_size] + (struct.pack("<I", len(items)) + entries + names).ljust(first, b"\0") + body


def _link(library: Path, symbol: str, data: bytes) -> None:
    source, blob = library.with_suffix(".s"), library.with_suffix(".dat")
    blob.write_bytes(data)
    source.write_text(
        f'.section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol}, %object\n{symbol}:\n.incbin "{blob.name}"\n'
        f'.size {symbol}, .-{symbol}\n.section .note.GNU-stack,"",%progbits\n',
        encoding="ascii",
    )
    command = [
        "gcc",
        "-shared",
        "-nostdlib",
        "-Wl,--build-id=none",
        f"-Wl,-soname,{library.name}",
        "-o",
        library.name,
    ]
    subprocess.run([*command, source.name], cwd=library.parent, check=True)
    source.unlink()
    blob.unlink()
