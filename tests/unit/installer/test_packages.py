"""The sources of the packages: version and names in them, the order of what is written. The packages themselves: `make package`."""

from __future__ import annotations

import re
import struct
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from desktop import policy
from installer import facts, pictures, sums, version_resource
from installer.linux import icu
from installer.linux import packages as linux
from installer.windows import packages as windows
from installer.windows import signing, wix

ROOT = Path(__file__).parents[3]
NSIS = (ROOT / "installer" / "windows" / "holdfast.nsi").read_text(encoding="utf-8")
WIX = "{http://schemas.microsoft.com/wix/2006/wi}"


@pytest.fixture(autouse=True)
def _one_time(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795374513")


@pytest.fixture
def folder(tmp_path):
    """A folder as it is frozen for Windows, in small."""
    made = tmp_path / "Holdfast"
    (made / "_internal" / "PySide6").mkdir(parents=True)
    for name in ("Holdfast.exe", "holdfast.com", "_internal/PySide6/Qt6Core.dll", "_internal/a & b.txt"):
        (made / name).write_bytes(b"MZ")
    return made


@pytest.mark.parametrize("name", ["control", "holdfast.1", "holdfast.desktop", "metainfo.xml", "mime.xml"])
def test_a_template_of_linux_is_filled(name):
    more = {"ARCHITECTURE": "amd64", "KIB": "120000"} if name == "control" else {}
    text = linux.filled(name, **more)
    assert "@" not in text.replace("holdfast@localhost", "")
    if name in {"control", "holdfast.1", "metainfo.xml"}:
        assert facts.VERSION in text
    if name.endswith(".xml"):
        ET.fromstring(text)


def test_a_mark_that_nobody_fills_is_refused():
    with pytest.raises(ValueError, match="control holds a mark"):
        linux.filled("control")


def test_the_menu_names_the_window_as_the_window_names_itself():
    """Else the desktop shows a second, nameless icon (Wayland: application id; X11: class)."""
    run = (ROOT / "desktop" / "ui" / "run.py").read_text(encoding="utf-8")
    assert 'setDesktopFileName("holdfast")' in run
    assert "StartupWMClass=holdfast" in linux.filled("holdfast.desktop")


def test_kinds_of_files_are_those_that_the_program_writes():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "desktop").rglob("*.py"))
    for ending in re.findall(r'pattern="\*(\.[\w-]+)"', linux.filled("mime.xml")):
        assert f'"{ending}"' in source


def test_the_msi_holds_every_file_and_upgrades_by_one_code(folder):
    product = ET.fromstring(wix.source(folder, folder / "Holdfast.exe", facts.VERSION)).find(f"{WIX}Product")
    assert product is not None
    assert product.get("Version") == facts.VERSION
    assert product.get("UpgradeCode") == facts.UPGRADE_CODE == "{78235D26-BB63-4F80-B77C-96197C9D47B0}"
    package, upgrade = product.find(f"{WIX}Package"), product.find(f"{WIX}MajorUpgrade")
    assert package is not None
    assert upgrade is not None
    assert package.get("InstallScope") == "perMachine"
    assert "newer version" in str(upgrade.get("DowngradeErrorMessage"))
    files = {file.get("Name") for file in product.iter(f"{WIX}File")}
    assert files == {"Holdfast.exe", "holdfast.com", "Qt6Core.dll", "a & b.txt"}
    components = [one.get("Id") for one in product.iter(f"{WIX}Component")]
    assert components == [one.get("Id") for one in product.iter(f"{WIX}ComponentRef")]
    assert len(components) == len(set(components)) == len(files) + 3
    assert len({one.get("Guid") for one in product.iter(f"{WIX}Component")}) == len(components)


def test_the_same_folder_gives_the_same_msi_source_and_another_version_another_product(folder):
    icon = folder / "Holdfast.exe"
    assert wix.source(folder, icon, "1.2.3") == wix.source(folder, icon, "1.2.3")
    assert wix.product_code("1.2.3") != wix.product_code("1.2.4")


def test_autoupdate_writes_the_managed_setting_that_the_program_reads(folder):
    assert wix.POLICY == policy.REGISTRY_KEY
    key = next(key for key in policy.KEYS if key.name == "UpdateCheck")
    assert "off" in key.choices
    text = wix.source(folder, folder / "Holdfast.exe", facts.VERSION)
    assert 'Name="UpdateCheck" Type="string" Value="off"' in text
    assert any("AUTOUPDATE" in query and "SecureCustomProperties" in query for query in wix.queries())


@pytest.mark.parametrize("version", ["1.2", "256.0.0", "1.0.70000", "1.0.0rc1"])
def test_a_version_that_windows_cannot_compare_is_refused(folder, version):
    with pytest.raises(ValueError, match=r"cannot compare|invalid literal|not enough values"):
        wix.source(folder, folder / "Holdfast.exe", version)


def test_the_version_resource_has_the_version():
    text = version_resource.text()
    assert f'StringStruct("FileVersion", "{facts.VERSION}")' in text
    assert f"filevers={(*facts.version_numbers(), 0)}" in text
    compile(text, "version.txt", "eval")


def test_removing_the_program_names_what_it_installed_and_never_the_whole_folder():
    """Somebody may have chosen a folder with other things in it."""
    assert 'RMDir /r "$INSTDIR"' not in NSIS
    removed = set(re.findall(r'(?:Delete|RMDir /r) "\$INSTDIR\\([\w.]+)"', NSIS))
    assert removed == {
        "Holdfast.exe",
        "Holdfast.pkg",
        "holdfast.com",
        "sbom.cdx.json",
        "_internal",
        "licences",
        "policy",
        "uninstall.exe",
    }
    assert "AppData" not in NSIS


def test_exit_codes_of_the_exe_stand_in_its_head_and_in_the_page():
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    for code in re.findall(r"SetErrorLevel (\d+)", NSIS):
        assert re.search(rf"; Exit codes:.*\b{code}\b", NSIS)
        assert f"| {code} |" in page
    assert facts.UPGRADE_CODE in page


def test_the_zip_is_the_same_each_time(folder, tmp_path):
    first = sums.of_file(windows.portable(folder, "1.2.3", tmp_path))
    for path in folder.rglob("*.exe"):
        path.touch()
    assert sums.of_file(windows.portable(folder, "1.2.3", tmp_path)) == first


def test_without_a_key_it_is_said_loudly_and_nothing_is_touched(monkeypatch, capsys, folder):
    monkeypatch.delenv("HOLDFAST_SIGN_PFX", raising=False)
    assert signing.key(trial=False) is None
    assert "NOT SIGNED" in capsys.readouterr().err
    before = sums.listing(folder)
    signing.sign(folder / "Holdfast.exe", None)
    assert sums.listing(folder) == before


def test_checksums_are_as_sha256sum_reads_them(tmp_path):
    (tmp_path / "one.deb").write_bytes(b"one")
    sums.write(tmp_path)
    sums.write(tmp_path)
    told = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told.stdout == "one.deb: OK\n"


def test_icons_hold_the_drawings_in_the_formats_of_windows_and_macos():
    drawn = {size: b"\x89PNG" + bytes([size % 251]) * size for size in pictures.SIZES}
    ico = pictures.ico(drawn)
    reserved, kind, count = struct.unpack_from("<HHH", ico)
    assert (reserved, kind, count) == (0, 1, 7)
    for number in range(count):
        side, length, place = struct.unpack_from("<B7xII", ico, 6 + 16 * number)
        assert ico[place : place + length] == drawn[side or 256]
    icns = pictures.icns(drawn)
    assert icns[:4] == b"icns"
    assert struct.unpack_from(">I", icns, 4) == (len(icns),)


def _icu(items: dict[str, bytes]) -> bytes:
    """A package of ICU's data with the given items, as ICU lays it out."""
    head = struct.pack("<HBB", 32, 0xDA, 0x27).ljust(32, b"\0")
    names = b"".join(f"icudt73l/{name}\0".encode() for name in items)
    table, body = b"", b""
    name_at, first = 4 + 8 * len(items), 4 + 8 * len(items) + len(names)
    for name, data in items.items():
        table += struct.pack("<II", name_at, first + len(body))
        name_at += len(f"icudt73l/{name}") + 1
        body += data
    return head + struct.pack("<I", len(items)) + table + names + body


def test_of_the_languages_of_icu_english_and_the_root_stay():
    items = {
        "coll/root.res": b"sorted as usual " * 4,
        "coll/sv.res": b"sorted in Swedish",
        "de.res": b"Deutsch",
        "en_GB.res": b"English",
        "ibm-943_P15A-2003.cnv": b"Shift-JIS",
        "nfkc.nrm": b"normal forms",
        "translit/root.res": b"letters",
        "unames.icu": b"names of letters",
        "zoneinfo64.res": b"time zones",
    }
    data = icu.filtered(_icu(items))
    (count,) = struct.unpack_from("<I", data, 32)
    found = {}
    for number in range(count):
        name_at, place = struct.unpack_from("<II", data, 36 + 8 * number)
        name = data[32 + name_at : data.index(b"\0", 32 + name_at)].decode().partition("/")[2]
        found[name] = data[32 + place : 32 + place + len(items[name])]
        assert place % 16 == 0
    assert found == {
        name: items[name] for name in ("coll/root.res", "en_GB.res", "nfkc.nrm", "zoneinfo64.res")
    }


def test_the_workflow_pins_its_actions_and_needs_no_secret():
    text = (ROOT / ".github" / "workflows" / "installers.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", one) for one in used)
    secrets = set(re.findall(r"secrets\.(\w+)", text))
    assert secrets == {"HOLDFAST_SIGN_PFX_BASE64", "HOLDFAST_SIGN_PASSWORD"}
    assert "NOT SIGNED" in text
