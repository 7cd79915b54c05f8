"""What Windows shows of the programs under Properties, Details: the version resource, as PyInstaller reads it."""

from __future__ import annotations

from installer import facts

_TEXT = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0),
  kids=[
    StringFileInfo([StringTable("080904B0", [
{strings}
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0809, 1200])]),
  ],
)
"""


def text() -> str:
    """The resource, with the version of the program."""
    said = {
        "CompanyName": facts.PUBLISHER,
        "FileDescription": facts.NAME,
        "FileVersion": facts.VERSION,
        "InternalName": facts.NAME,
        "LegalCopyright": facts.COPYRIGHT,
        "ProductName": facts.NAME,
        "ProductVersion": facts.VERSION,
    }
    strings = "\n".join(f'      StringStruct("{name}", "{value}"),' for name, value in said.items())
    return _TEXT.format(numbers=(*facts.version_numbers(), 0), strings=strings)
