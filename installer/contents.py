"""What goes into the frozen program and what stays out: the lists that holdfast.spec follows.

Of Qt only what is named here is kept, so that a new version of Qt cannot bring something in by itself. What the program
imports by name (collections, verbs, services on first use) PyInstaller cannot see: it is told all of `desktop`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Final

QT_MODULES: Final = frozenset(
    {"QtCore", "QtDBus", "QtGui", "QtNetwork", "QtPrintSupport", "QtSvg", "QtWidgets"}
)
"""What desktop/ui imports of PySide6; tests/unit/installer holds it against the source."""

QT_LIBRARIES: Final = QT_MODULES | {"QtWaylandClient", "QtXcbQpa"}
"""With what these need underneath. `icu*` comes along where Qt was built with it (Linux)."""

QT_PLUGINS: Final = frozenset(
    {
        "iconengines/qsvgicon",
        "imageformats/qsvg",
        "platforminputcontexts/composeplatforminputcontextplugin",
        "platforminputcontexts/ibusplatforminputcontextplugin",
        "platforms/qcocoa",
        "platforms/qoffscreen",
        "platforms/qwayland-generic",
        "platforms/qwindows",
        "platforms/qxcb",
        "platformthemes/qxdgdesktopportal",
        "printsupport/cupsprintersupport",
        "styles/qmacstyle",
        "styles/qmodernwindowsstyle",
        "wayland-decoration-client/bradient",
        "wayland-shell-integration/xdg-shell",
    }
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


EXCLUDED: Final = (
    # Build tools and what only a developer starts.
    *_words(
        "PyInstaller _distutils_hack distutils doctest ensurepip idlelib lib2to3 pdb pip pkg_resources pydoc"
    ),
    *_words("pydoc_data setuptools test turtledemo unittest venv"),
    # Other people's windows, terminals and databases.
    *_words("_curses _dbm _gdbm _sqlite3 _tkinter curses dbm readline sqlite3 tkinter"),
    *_words("sqlalchemy.dialects.mssql sqlalchemy.dialects.mysql sqlalchemy.dialects.oracle"),
    *_words("sqlalchemy.dialects.postgresql"),
    # Libraries that ours use only if they happen to be there.
    *_words(
        "IPython anyio brotli dotenv greenlet h2 lxml matplotlib numpy pandas pygments pytest rich socksio trio"
    ),
    *_words("zstandard"),
    # Encodings in which no portal and no spreadsheet program of England writes, and guesses at them.
    *_words("_codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _multibytecodec"),
    *_words("charset_normalizer"),
    # Scores of likeness that the search does not ask for, and everything a second time for newer processors.
    *_words("rapidfuzz.distance.metrics_cpp_avx2 rapidfuzz.fuzz_cpp rapidfuzz.fuzz_cpp_avx2"),
    # Pictures and charts, of which no report has any; installer/stand_in stands for Pillow.
    *_words("PIL reportlab.graphics"),
    # What Python does in C where it can.
    *_words("_pydecimal"),
)

SYSTEM_LIBRARIES: Final = re.compile(
    r"lib(?:X11|X11-xcb|Xau|Xdmcp|xcb|EGL|GL|GLX|GLdispatch|OpenGL|drm|gbm|fontconfig|freetype|expat|dbus-1|systemd|cap|gcrypt"
    r"|gpg-error|lz4|glib-2\.0|gthread-2\.0|gio-2\.0|gobject-2\.0|gmodule-2\.0|pcre2-8|mount|blkid|selinux|cups|avahi-.*|gnutls"
    r"|gssapi_krb5|krb5|krb5support|k5crypto|com_err|keyutils|resolv|stdc\+\+|gcc_s|z|md|bsd|png16|brotli.*|wayland-.*"
    r"|tasn1|p11-kit|nettle|hogweed|gmp|idn2|unistring)\.so(?:\..*)?"
)
"""Libraries of a Linux desktop that must be the system's own: they talk to its drivers, services and settings, and the
distribution mends their faults. The .deb depends on them."""

STRIPPED: Final = ("cryptography",)
"""Its library comes with a table of names (3 MB) besides those of a debugger. Nobody else's is touched without need: a library
whose maker moved its parts about does not survive it."""

TIME_ZONES: Final = frozenset({"Europe/London", "UTC"})

_IS_LIBRARY = re.compile(r"lib(?!python)[^/]*\.(?:so(?:\..*)?|dylib)$")
_QT_FILE = re.compile(
    r"(?:lib)?(?P<name>Qt6?[A-Za-z0-9]+?)(?:\.abi3)?(?:\.so|\.pyd|\.dll|\.dylib)?(?:\.[\d.]+)?"
)
_UNWANTED_DATA = re.compile(
    r"PySide6/(?:Qt/)?(?:translations|qml|metatypes|typesystems|support|doc|resources|glue|scripts|libexec)/"
    r"|PySide6/qt\.conf|.*/(?:tests?|docs?|examples)/|.*\.(?:pyi|pxd|h|c|cpp|typed)$"
    r"|[^/]+\.dist-info/(?:INSTALLER|REQUESTED|RECORD|WHEEL|direct_url\.json|top_level\.txt|licenses/.*|LICEN[CS]E.*)"
    r"|setuptools/.*|wheel-.*"
    r"|certifi/cacert\.pem"  # Holdfast trusts what the computer trusts; a list of its own would be a second opinion
)


def own_modules(root: Path) -> list[str]:
    """Every module of `desktop`, by name and in order, without importing any."""
    names = []
    for path in sorted((root / "desktop").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def _posix(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def qt_name(name: str) -> str:
    """A file or framework of Qt by the name of its module: `PySide6/Qt/lib/libQt6Gui.so.6` -> `QtGui`; "" when it is none."""
    found = _QT_FILE.fullmatch(_posix(name).name)
    return found["name"].replace("Qt6", "Qt", 1) if found else ""


def _plugin(name: str) -> str:
    """`PySide6/Qt/plugins/platforms/libqxcb.so` -> `platforms/qxcb`."""
    path = _posix(name)
    return f"{path.parent.name}/{path.name.removeprefix('lib').partition('.')[0]}"


def keeps_binary(name: str) -> bool:
    """Does a library, plugin or extension module go in? `name` is its place in the folder."""
    path = _posix(name)
    text = str(path)
    if "plugins" in path.parts and "PySide6" in path.parts:
        return _plugin(name) in QT_PLUGINS
    if len(path.parts) > 1 and path.parts[0] in EXCLUDED:
        return False
    if path.parts[:1] == ("PySide6",) or qt_name(name):
        return _keeps_of_qt(path)
    return not SYSTEM_LIBRARIES.fullmatch(path.name) and not text.endswith(
        ("opengl32sw.dll", "d3dcompiler_47.dll")
    )


def _keeps_of_qt(path: PurePosixPath) -> bool:
    frameworks = [part.removesuffix(".framework") for part in path.parts if part.endswith(".framework")]
    if frameworks:
        return frameworks[0] in QT_LIBRARIES
    if path.name.startswith(
        ("libpyside6.", "pyside6.", "libicu", "icu", "MSVCP", "VCRUNTIME", "msvcp", "vcruntime")
    ):
        return True
    return qt_name(path.name) in QT_LIBRARIES


def reachable(names: Iterable[str], needs: Callable[[str], Iterable[str]]) -> set[str]:
    """Of the libraries in the folder those that something in it loads; the rest came with what was left out.

    A library in the folder's root is there for others. `needs` gives the file names that one of `names` links to.
    """
    by_file = {_posix(name).name: name for name in names if len(_posix(name).parts) == 1}
    kept = {name for name in names if name not in by_file.values() or not _IS_LIBRARY.match(name)}
    todo = list(kept)
    while todo:
        for file in needs(todo.pop()):
            found = by_file.get(file)
            if found is not None and found not in kept:
                kept.add(found)
                todo.append(found)
    return kept


def keeps_data(name: str) -> bool:
    """Does a data file go in? `name` is its place in the folder."""
    path = _posix(name)
    if path.parts[0] == "tzdata":
        return str(path).partition("zoneinfo/")[2] in TIME_ZONES
    if any(part.endswith(".framework") for part in path.parts):
        return _keeps_of_qt(path)
    return not _UNWANTED_DATA.match(str(path))
