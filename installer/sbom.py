"""The list of what is inside, for machines: CycloneDX 1.5 as JSON, made of what was frozen and not of what was asked for.

Python's packages come from PyInstaller's own list; what is linked into libraries (OpenSSL, SQLCipher, Qt) says its version
itself. The same folder gives the same bytes: the time is SOURCE_DATE_EPOCH's and the number is made from the contents.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from installer import facts, licences, shipped

_ASK: Final = """
import json, platform, ssl, sys
from cryptography.hazmat.backends.openssl.backend import backend
from PySide6.QtCore import qVersion
from sqlcipher3 import dbapi2
c = dbapi2.connect(":memory:")
c.execute("PRAGMA key = 'x'")
print(json.dumps({
    "Python": platform.python_version(),
    "OpenSSL (Python)": ssl.OPENSSL_VERSION.split()[1],
    "OpenSSL (cryptography)": backend.openssl_version_text().split()[1],
    "OpenSSL (SQLCipher)": (c.execute("PRAGMA cipher_provider_version").fetchone() or ["?"])[0],
    "SQLCipher": c.execute("PRAGMA cipher_version").fetchone()[0].split()[0],
    "SQLite": dbapi2.sqlite_version,
    "Qt": qVersion(),
}))
"""
_SPDX: Final = re.compile(r"\(?[A-Za-z0-9.+-]+\)?(?: (?:AND|OR|WITH) \(?[A-Za-z0-9.+-]+\)?)*")
_LICENCES: Final = {
    "Python": "PSF-2.0",
    "Qt": "LGPL-3.0-only",
    "SQLCipher": "BSD-3-Clause",
    "SQLite": "blessing",
    "ICU": "Unicode-3.0",
}


def inside(interpreter: Path) -> dict[str, str]:
    """What is linked in -> its version, as each says itself."""
    told = subprocess.run([interpreter, "-c", _ASK], check=True, capture_output=True, text=True)
    found: dict[str, str] = json.loads(told.stdout)
    return {name: re.sub(r"^OpenSSL ", "", version).split(" ")[0] for name, version in found.items()}


def _component(name: str, version: str, licence: str, purl: str = "") -> dict[str, Any]:
    one: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl or f"{name}@{version}",
        "name": name,
        "version": version,
    }
    one["licenses"] = [
        {"expression": licence} if _SPDX.fullmatch(licence) else {"license": {"name": licence}}
    ]
    return one | ({"purl": purl} if purl else {})


def _libraries(folder: Path) -> list[dict[str, Any]]:
    """Libraries of the system that built it (Linux), with the package that they came from where that is known."""
    found = []
    for path in sorted((folder / "_internal").glob("lib*.so*")):
        if path.is_symlink() or path.name.startswith("libpython"):
            continue
        owner = _owner(path.name)
        found.append(_component(path.name, owner.partition(" ")[2] or "see name", "see its distribution"))
    icu = next(folder.rglob("libicuuc.so.*"), None)
    return found + ([_component("ICU", icu.name.rpartition(".")[2], _LICENCES["ICU"])] if icu else [])


def _owner(library: str) -> str:
    """`package version` of Debian for a library; "" where nobody knows."""
    try:
        told = subprocess.run(
            ["dpkg", "-S", f"*/{library}"], capture_output=True, text=True, check=False
        ).stdout
        package = told.partition(":")[0].strip()
        asked = ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", package]
        return (
            subprocess.run(asked, capture_output=True, text=True, check=False).stdout.partition("\n")[0]
            if package
            else ""
        )
    except FileNotFoundError:
        return ""


def document(interpreter: Path, folder: Path, epoch: int) -> dict[str, Any]:
    """The whole list for a frozen folder."""
    parts = [
        _component(name, version, _LICENCES.get(name, "Apache-2.0"))
        for name, version in inside(interpreter).items()
    ]
    for one in shipped.packages(interpreter):
        name = str(one.metadata["Name"])
        parts.append(
            _component(name, one.version, licences.named(one), f"pkg:pypi/{name.lower()}@{one.version}")
        )
    if sys.platform == "linux":
        parts += _libraries(folder)
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts, sort_keys=True) + facts.VERSION)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": f"holdfast@{facts.VERSION}",
                "name": facts.NAME,
                "version": facts.VERSION,
                "licenses": [{"license": {"id": "MIT"}}],
            },
        },
        "components": parts,
        "dependencies": [
            {"ref": f"holdfast@{facts.VERSION}", "dependsOn": [one["bom-ref"] for one in parts]}
        ],
    }


def write(interpreter: Path, folder: Path, epoch: int) -> Path:
    """sbom.cdx.json in the folder."""
    path = folder / "sbom.cdx.json"
    path.write_text(json.dumps(document(interpreter, folder, epoch), indent=1) + "\n", encoding="utf-8")
    return path
