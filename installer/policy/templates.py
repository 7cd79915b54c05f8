"""The templates with which IT manages Holdfast, made from the one table of managed settings (`desktop/policy.py`).

    python installer/policy/templates.py OUT    Holdfast.admx, en-GB/Holdfast.adml, policy.toml (a sample) and policy.md

`docs/policy.md` is that page; a test compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from desktop import __version__
from desktop.policy import KEYS, LINUX_FILE, MACOS_FILE, REGISTRY_KEY, Key, Kind

_NAMESPACE = "Holdfast.Policies"
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_SCHEMA = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
_REVISION = f"{__version__.split('.')[0]}.{__version__.split('.')[1]}"

_SAMPLES = {
    "AllowedPortals": '["https://www.register-trainee-teachers.service.gov.uk"]',
    "Proxy": '"http://proxy.school.example:8080"',
    "LockMinutes": "10",
    "PassphraseLength": "16",
    "RememberKey": "false",
    "WorkspaceRoot": '"/srv/holdfast"',
    "ExportFolder": '"~/Documents/Holdfast"',
    "BackupFolder": '"/mnt/office/holdfast-backups"',
    "ClipboardSeconds": "30",
    "RetentionMonths": "84",
    "UpdateAddress": '"https://software.trust.example/holdfast"',
    "UpdateCheck": '"notify"',
    "Telemetry": '"none"',
}


def admx() -> str:
    """The definitions: one policy a setting, each an element of its kind."""
    policies = "\n".join(_policy(key) for key in KEYS)
    return f"""{_XML}<policyDefinitions xmlns="{_SCHEMA}" revision="{_REVISION}" schemaVersion="1.0">
 <policyNamespaces>
  <target prefix="holdfast" namespace="{_NAMESPACE}"/>
  <using prefix="windows" namespace="Microsoft.Policies.Windows"/>
 </policyNamespaces>
 <resources minRequiredRevision="{_REVISION}"/>
 <categories><category name="Holdfast" displayName="$(string.Holdfast)"/></categories>
 <policies>
{policies}
 </policies>
</policyDefinitions>
"""


def _policy(key: Key) -> str:
    head = (
        f'  <policy name="{key.name}" class="Machine" displayName="$(string.{key.name})" '
        f'explainText="$(string.{key.name}_help)" key="{REGISTRY_KEY}" '
    )
    category = '   <parentCategory ref="Holdfast"/>\n   <supportedOn ref="windows:SUPPORTED_WindowsVista"/>\n'
    if key.kind is Kind.YES_NO:
        values = (
            '   <enabledValue><decimal value="1"/></enabledValue>\n'
            '   <disabledValue><decimal value="0"/></disabledValue>\n'
        )
        return f'{head}valueName="{key.name}">\n{category}{values}  </policy>'
    return (
        f'{head}presentation="$(presentation.{key.name})">\n{category}'
        f"   <elements>\n    {_element(key)}\n   </elements>\n  </policy>"
    )


def _element(key: Key) -> str:
    named = f'id="{key.name}" valueName="{key.name}"'
    if key.kind is Kind.WHOLE:
        return f'<decimal {named} minValue="{key.least}" maxValue="{key.most}"/>'
    if key.kind is Kind.CHOICE:
        items = "".join(
            f'<item displayName="$(string.{key.name}_{one})"><value><string>{escape(one)}</string></value></item>'
            for one in key.choices
        )
        return f'<enum {named} required="true">{items}</enum>'
    return f"<text {named} required={quoteattr('true')}/>"


def adml() -> str:
    """The words, in English."""
    strings = [("Holdfast", "Holdfast")]
    for key in KEYS:
        help_text = f"{key.help} Separate several with semicolons." if key.kind is Kind.LIST else key.help
        strings += [(key.name, key.title), (f"{key.name}_help", help_text)]
        strings += [(f"{key.name}_{one}", one) for one in key.choices]
    lines = "\n".join(f'   <string id="{name}">{escape(words)}</string>' for name, words in strings)
    shown = "\n".join(_presentation(key) for key in KEYS if key.kind is not Kind.YES_NO)
    return f"""{_XML}<policyDefinitionResources xmlns="{_SCHEMA}" revision="{_REVISION}" schemaVersion="1.0">
 <displayName>Holdfast</displayName>
 <description>Settings of Holdfast that an organisation manages</description>
 <resources>
  <stringTable>
{lines}
  </stringTable>
  <presentationTable>
{shown}
  </presentationTable>
 </resources>
</policyDefinitionResources>
"""


def _presentation(key: Key) -> str:
    label = escape(key.title)
    inner = {
        Kind.WHOLE: f'<decimalTextBox refId="{key.name}">{label}</decimalTextBox>',
        Kind.CHOICE: f'<dropdownList refId="{key.name}" noSort="true">{label}</dropdownList>',
    }.get(key.kind, f'<textBox refId="{key.name}"><label>{label}</label></textBox>')
    return f'   <presentation id="{key.name}">{inner}</presentation>'


def sample() -> str:
    """A policy file with every setting, each switched off by a # before it."""
    lines = ["# Managed settings of Holdfast. Take away the # before those that you want."]
    for key in KEYS:
        lines += ["", f"# {key.title}. {key.help}", f"# {key.name} = {_SAMPLES[key.name]}"]
    return "\n".join(lines) + "\n"


def page() -> str:
    """docs/policy.md."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Managed settings"
    yield ""
    yield "What IT can set for every user of a computer. A setting that is managed is locked in Settings, which says so; About"
    yield "Holdfast in Settings lists all that is managed, and so does `holdfast about`. A value that is not understood counts as"
    yield "not set, and both say so. This page is made from the program's own table: `python installer/policy/templates.py OUT`."
    yield ""
    yield "| system | where |"
    yield "|---|---|"
    yield f"| Windows | values under `HKLM\\{REGISTRY_KEY}`; by Group Policy or Intune with `Holdfast.admx` from the package |"
    yield f"| macOS | `{MACOS_FILE}`, written by a configuration profile |"
    yield f"| Linux | `{LINUX_FILE}` |"
    yield ""
    yield "| name | kind | what it sets |"
    yield "|---|---|---|"
    for key in KEYS:
        yield f"| `{key.name}` | {_kind_words(key)} | {key.title}. {key.help} |"
    yield ""
    yield "On Linux, with every setting:"
    yield ""
    yield "```toml"
    yield sample().rstrip("\n")
    yield "```"


def _kind_words(key: Key) -> str:
    match key.kind:
        case Kind.WHOLE:
            return f"whole number, {key.least} to {key.most}"
        case Kind.CHOICE:
            return " or ".join(f"`{one}`" for one in key.choices)
        case Kind.YES_NO:
            return "1 (yes) or 0 (no)"
        case Kind.LIST:
            return "list, with semicolons"
        case Kind.FOLDER:
            return "folder; variables such as `%PROGRAMDATA%` count"
        case Kind.TEXT:
            return "text"


def main(argv: Sequence[str]) -> int:
    """Write all of it into a folder."""
    if len(argv) != 1:
        sys.stderr.write("Say into which folder.\n")
        return 2
    out = Path(argv[0])
    (out / "en-GB").mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("Holdfast.admx", admx()),
        ("en-GB/Holdfast.adml", adml()),
        ("policy.toml", sample()),
        ("policy.md", page()),
    ):
        (out / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
