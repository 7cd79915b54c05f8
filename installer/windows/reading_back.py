"""Reads an MSI back and holds it against what was asked for, with msiinfo of msitools."""

from __future__ import annotations

import subprocess
from pathlib import Path

from installer import facts
from installer.windows import wix


def table(package: Path, name: str) -> list[list[str]]:
    """The rows of a table of an MSI, without its three lines of head."""
    told = subprocess.run(["msiinfo", "export", package, name], check=True, capture_output=True, text=True)
    return [line.split("\t") for line in told.stdout.splitlines()[3:]]


def complaints(package: Path, folder: Path, version: str) -> list[str]:
    """What is not as it should be; none when all is well."""
    properties = dict(row[:2] for row in table(package, "Property"))
    wanted = {
        "ProductName": facts.NAME,
        "ProductVersion": version,
        "ProductCode": wix.product_code(version),
        "UpgradeCode": facts.UPGRADE_CODE,
        "Manufacturer": facts.PUBLISHER,
        "ALLUSERS": "1",
    }
    wrong = [
        f"{name} is {properties.get(name)}, not {value}"
        for name, value in wanted.items()
        if properties.get(name) != value
    ]
    secure = properties.get("SecureCustomProperties", "").split(";")
    wrong += [f"{name} is not secure" for name in wix.GIVEN if name not in secure]
    files = {row[2].rpartition("|")[2] for row in table(package, "File")}
    wrong += [
        f"{path.name} is missing" for path in folder.rglob("*") if path.is_file() and path.name not in files
    ]
    registry = {tuple(row[2:5]) for row in table(package, "Registry")}
    if (wix.POLICY, "UpdateCheck", "off") not in registry:
        wrong.append("AUTOUPDATE writes no setting")
    conditions = {row[0]: row[4] for row in table(package, "Component")}
    wrong += [
        f"{name} has no condition" for name, text in wix.CONDITIONS.items() if conditions.get(name) != text
    ]
    upgrades = table(package, "Upgrade")
    if len(upgrades) != 2 or any(row[0] != facts.UPGRADE_CODE for row in upgrades):
        wrong.append("older and newer versions are not looked for")
    if not table(package, "Shortcut"):
        wrong.append("there is no shortcut")
    return wrong
