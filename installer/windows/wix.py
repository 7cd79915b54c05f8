"""The MSI: a source for wixl out of a folder, and what wixl cannot say. Per machine, silent, one upgrade code for ever.

Public properties: INSTALLDIR, AUTOUPDATE=0 (writes the managed setting UpdateCheck=off, kept over upgrades), SHORTCUT=0.
A newer Holdfast is never replaced by an older one: that ends with exit code 1603 and a sentence in the log. What people keep lies
in their profiles, which no line of this touches.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from os.path import relpath
from pathlib import Path, PurePosixPath
from typing import Final
from xml.sax.saxutils import quoteattr

from installer import facts

_NAMES: Final = uuid.UUID(facts.UPGRADE_CODE.strip("{}"))
POLICY: Final = r"Software\Policies\Holdfast"
GIVEN: Final = ("AUTOUPDATE", "INSTALLDIR", "SHORTCUT")
CONDITIONS: Final = {
    "UpdateCheck": 'AUTOUPDATE="0" OR (KEPTUPDATECHECK="off" AND NOT AUTOUPDATE)',
    "Menu": 'SHORTCUT="1"',
}
NEWER: Final = "A newer version of Holdfast is installed on this computer. It was left as it is."


def product_code(version: str) -> str:
    """Of one version: the same in every build of it, so that a management tool can look for it."""
    return _braced(f"product {version}")


def _braced(name: str) -> str:
    return "{" + str(uuid.uuid5(_NAMES, name)).upper() + "}"


def _key(place: PurePosixPath, kind: str) -> str:
    """An id of the MSI's tables for a file or folder: letters and digits, the same in every build."""
    return f"{kind}{uuid.uuid5(_NAMES, str(place)).hex}"


def source(folder: Path, icon: Path, version: str) -> str:
    """The whole source; paths in it are relative to the checkout, where wixl must run. Raises ValueError for a version that Windows Installer cannot compare."""
    facts.version_numbers(version)
    return "\n".join(_lines(folder, icon, version)) + "\n"


def _lines(folder: Path, icon: Path, version: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">'
    yield (
        f'<Product Id="{product_code(version)}" Name="{facts.NAME}" Language="2057" Codepage="1252" Version="{version}" '
        f'Manufacturer="{facts.PUBLISHER}" UpgradeCode="{facts.UPGRADE_CODE}">'
    )
    yield (
        f'<Package Description={quoteattr(facts.SUMMARY)} Manufacturer="{facts.PUBLISHER}" InstallerVersion="405" '
        'Languages="2057" SummaryCodepage="1252" Compressed="yes" InstallScope="perMachine"/>'
    )
    yield f'<MajorUpgrade DowngradeErrorMessage="{NEWER}"/>'
    yield '<Media Id="1" Cabinet="holdfast.cab" EmbedCab="yes"/>'
    yield f'<Icon Id="holdfast.ico" SourceFile={quoteattr(relpath(icon, facts.ROOT))}/>'
    yield '<Property Id="ARPPRODUCTICON" Value="holdfast.ico"/>'
    yield '<Property Id="ARPNOMODIFY" Value="1"/>'
    yield '<Property Id="SHORTCUT" Value="1"/>'
    yield '<Property Id="KEPTUPDATECHECK">'
    yield f'<RegistrySearch Id="KeptUpdateCheck" Root="HKLM" Key="{POLICY}" Name="UpdateCheck" Type="raw" Win64="yes"/>'
    yield "</Property>"
    yield '<Directory Id="TARGETDIR" Name="SourceDir">'
    yield f'<Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLDIR" Name="{facts.NAME}">'
    components: list[str] = []
    yield from _folder(folder, PurePosixPath(), components)
    yield from _settings(components)
    yield "</Directory></Directory>"
    yield '<Directory Id="ProgramMenuFolder">'
    yield from _shortcut(components)
    yield "</Directory></Directory>"
    yield f'<Feature Id="Program" Title="{facts.NAME}" Level="1">'
    yield from (f'<ComponentRef Id="{one}"/>' for one in components)
    yield "</Feature></Product></Wix>"


def queries() -> Iterator[str]:
    """What wixl has no words for, as SQL for msibuild: conditions, and properties that a silent install may be given."""
    for component, condition in CONDITIONS.items():
        yield f"UPDATE `Component` SET `Condition` = '{condition}' WHERE `Component` = '{component}'"  # noqa: S608 - all of it ours
    secure = ";".join((*GIVEN, "KEPTUPDATECHECK", "WIX_DOWNGRADE_DETECTED", "WIX_UPGRADE_DETECTED"))
    yield f"UPDATE `Property` SET `Value` = '{secure}' WHERE `Property` = 'SecureCustomProperties'"  # noqa: S608 - all of it ours


def _folder(folder: Path, place: PurePosixPath, components: list[str]) -> Iterator[str]:
    """The files of a folder, each a component of its own, then its folders."""
    for path in sorted(folder.iterdir()):
        inside = place / path.name
        if path.is_dir():
            yield f'<Directory Id="{_key(inside, "d")}" Name={quoteattr(path.name)}>'
            yield from _folder(path, inside, components)
            yield "</Directory>"
            continue
        component = _key(inside, "c")
        components.append(component)
        file = "Program" if str(inside) == f"{facts.NAME}.exe" else _key(inside, "f")
        yield f'<Component Id="{component}" Guid="{_braced(str(inside))}" Win64="yes">'
        yield f'<File Id="{file}" Name={quoteattr(path.name)} Source={quoteattr(relpath(path, facts.ROOT))} KeyPath="yes"/>'
        yield "</Component>"


def _settings(components: list[str]) -> Iterator[str]:
    """Where it was installed, for scripts; and the managed setting that AUTOUPDATE=0 asks for."""
    components += ["Place", "UpdateCheck"]
    yield f'<Component Id="Place" Guid="{_braced("registry place")}" Win64="yes">'
    yield r'<RegistryValue Root="HKLM" Key="Software\Holdfast" Name="InstallDir" Type="string" Value="[INSTALLDIR]" KeyPath="yes"/>'
    yield "</Component>"
    yield f'<Component Id="UpdateCheck" Guid="{_braced("registry update check")}" Win64="yes">'
    yield f'<RegistryValue Root="HKLM" Key="{POLICY}" Name="UpdateCheck" Type="string" Value="off" KeyPath="yes"/>'
    yield "</Component>"


def _shortcut(components: list[str]) -> Iterator[str]:
    components.append("Menu")
    yield f'<Component Id="Menu" Guid="{_braced("menu")}" Win64="yes">'
    yield (
        f'<Shortcut Id="Shortcut" Name="{facts.NAME}" Description={quoteattr(facts.SUMMARY)} Target="[INSTALLDIR]{facts.NAME}.exe" '
        'WorkingDirectory="INSTALLDIR" Icon="holdfast.ico"/>'
    )
    yield r'<RegistryValue Root="HKLM" Key="Software\Holdfast" Name="Shortcut" Type="integer" Value="1" KeyPath="yes"/>'
    yield "</Component>"
