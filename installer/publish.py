"""What those who publish Holdfast do with their key: make one, sign a data pack, sign the announcement of a release.

    python installer/publish.py key NAME PRIVATE.pem          a new key; says the line for resources/packs/keys.json
    python installer/publish.py pack EDITION PRIVATE.pem OUT  a pack file out of a folder such as resources/packs/ects/2026
    python installer/publish.py release PRIVATE.pem FILES... --notes TEXT  releases.json beside the first file, and SHA256SUMS

The private key never belongs into this repository, nor onto a computer that builds for everybody. Run it with the project's
own Python (.venv/bin/python), from the project's root.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from desktop import __version__
from desktop.collections.editions import FORMAT, MANIFEST, SIGNATURE
from desktop.services.updates import PATH

_ONE_DAY = (1980, 1, 1, 0, 0, 0)
"""Of every file in a pack: the same edition gives the same pack, byte for byte."""


def public_of(key: Ed25519PrivateKey) -> str:
    """As it stands in keys.json."""
    return b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def write_pack(edition: Path, key: Ed25519PrivateKey, target: Path, needs: str = __version__) -> Path:
    """A pack file out of an edition's folder, for programs of version `needs` and newer."""
    about = json.loads((edition / "about.json").read_text(encoding="utf-8"))
    content = {p.relative_to(edition).as_posix(): p.read_bytes() for p in sorted(edition.rglob("*.json"))}
    told = {name: about[name] for name in ("collection", "year", "facts_of")}
    files = {name: hashlib.sha256(raw).hexdigest() for name, raw in content.items()}
    manifest = json.dumps({"format": FORMAT, **told, "needs": needs, "files": files}, indent=1).encode()
    content |= {MANIFEST: manifest, SIGNATURE: key.sign(manifest)}
    with zipfile.ZipFile(target, "w") as archive:
        for name, raw in content.items():
            archive.writestr(zipfile.ZipInfo(name, _ONE_DAY), raw, zipfile.ZIP_DEFLATED)
    return target


def announcement(
    key: Ed25519PrivateKey, version: str, published: str, notes: Sequence[str], files: dict[str, str]
) -> bytes:
    """`releases.json`, signed. `files`: name -> SHA-256."""
    told = {
        "product": "holdfast",
        "version": version,
        "published": published,
        "notes": list(notes),
        "files": files,
    }
    raw = json.dumps({"format": 1, **told}, indent=1).encode()
    outer = {"release": b64encode(raw).decode(), "signature": b64encode(key.sign(raw)).decode()}
    return json.dumps(outer, indent=1).encode()


def main(argv: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Sign what is published")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("key", help="a new key")
    one.add_argument("name")
    one.add_argument("private", type=Path)
    one = verbs.add_parser("pack", help="sign an edition of a data pack")
    one.add_argument("edition", type=Path)
    one.add_argument("private", type=Path)
    one.add_argument("out", type=Path)
    one = verbs.add_parser("release", help="sign the announcement of a release")
    one.add_argument("private", type=Path)
    one.add_argument("files", type=Path, nargs="+")
    one.add_argument("--notes", action="append", default=[])
    args = parser.parse_args(argv)
    if args.verb == "key":
        print(_new_key(args.name, args.private))
        return 0
    key = load_pem_private_key(args.private.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        sys.stderr.write("That is no Ed25519 key.\n")
        return 2
    if args.verb == "pack":
        print(write_pack(args.edition, key, args.out))
        return 0
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in args.files}
    home = args.files[0].parent
    today = datetime.now(UTC).date().isoformat()
    (home / PATH.lstrip("/")).write_bytes(announcement(key, __version__, today, args.notes, sums))
    (home / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()))
    print(home / PATH.lstrip("/"))
    return 0


def _new_key(name: str, private: Path) -> str:
    """Writes the private key (readable by its owner only, never over another) and gives the line for keys.json."""
    key = Ed25519PrivateKey.generate()
    private.touch(0o600, exist_ok=False)
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return json.dumps({name: public_of(key)})


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
