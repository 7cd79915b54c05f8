"""The readers of files, each with a few whole files to be damaged."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl

from desktop.collections import all_collections
from desktop.collections.trainees.tables import PACK
from desktop.handover import register_csv, register_export, register_placements, register_recommend
from desktop.handover.payments import read_payments
from desktop.handover.reading import open_sheet
from tests import website_export

TABLE = PACK.table("register_csv")
TRAINEES = all_collections()["trainees"]
TODAY = date(2026, 10, 13)
CHOSEN = register_recommend.Trainee(
    number=7,
    keys={"TRN": "2413295", "HESA ID": "54382678848074464", "Provider trainee ID": "22/23-1076"},
    names={"First names": "Courtney", "Last names": "Barrows"},
    award="QTS",
    route=frozenset({"school direct (salaried)"}),
    when=date(2026, 7, 20),
    start=date(2025, 9, 1),
)


@dataclass(frozen=True)
class Reader:
    """`read` takes a file to its end or raises UsageError; anything else is a fault. `packed` = the files are archives."""

    samples: Sequence[bytes]
    read: Callable[[Path], object]
    packed: bool = False


def _table(path: Path) -> int:
    with open_sheet(path) as sheet:
        return sum(1 for _ in sheet.rows)


def _payments(path: Path) -> object:
    with open_sheet(path) as sheet:
        return read_payments(sheet.rows, path.name)


def _list() -> bytes:
    return (
        "Provider trainee ID,First names,Last name,Date of birth,Route,Notes\r\n"
        'NM26-1,Zoë,Ashcombe,12/04/1999,Provider-led,"on leave,\r\nback in May"\r\n'
        "NM26-2,Courtney,'0123,1999-04-12,School direct (salaried),=2+3\r\n" * 3
    ).encode()


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Name", "Born", "TRN", "Share"])
    for number in range(4):
        sheet.append([f"Ashcombe {number}", date(1999, 4, 12), 1234567 + number, 0.5])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _open_document() -> bytes:
    named = "urn:oasis:names:tc:opendocument:xmlns"
    rows = "".join(
        f'<t:table-row t:number-rows-repeated="{n}"><t:table-cell><x:p>Ada {n}</x:p></t:table-cell>'
        '<t:table-cell o:value-type="date" o:date-value="1999-04-12"><x:p>12/04/99</x:p></t:table-cell>'
        '<t:table-cell t:number-columns-repeated="3"/></t:table-row>'
        for n in (1, 2, 1)
    )
    content = (
        f'<?xml version="1.0"?><o:document-content xmlns:o="{named}:office:1.0" xmlns:t="{named}:table:1.0" '
        f'xmlns:x="{named}:text:1.0"><o:body><o:spreadsheet><t:table t:name="A">{rows}</t:table></o:spreadsheet></o:body>'
        "</o:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
    return out.getvalue()


def _answer() -> bytes:
    heads = register_csv.columns_of(TABLE)
    cells = [f"value {n}" for n in range(len(heads))]
    rows = [
        [*heads, "Validation results", "Errors"],
        [*cells, "2 errors found", "sex is wrong;\nfirst_names can't be blank"],
        [*cells, "Validation passed", ""],
    ]
    return register_csv.lines(rows)


def _recommend() -> bytes:
    heads = (
        "TRN,Provider trainee ID,HESA ID,Last names,First names,Training partner,QTS or EYTS,Route,"
        "Date QTS or EYTS requirements met"
    )
    return (
        f"{heads}\n{','.join(['Do not edit'] * 8)},Enter the date\n"
        "2413295,22/23-1076,'54382678848074464,Barröws,Courtney,-,QTS,School direct (salaried),\n"
        '4814731,"22/23-1589",\'15124865380965941,Bergstrom,"Cliff",Bluemeadow High,QTS,School direct (salaried),1/7/2026\n'
    ).encode()


def _placements() -> bytes:
    return (
        b"TRN,Trainee ITT start date,Placement 1 URN,Placement 2 URN,Placement 3 URN\n"
        b"Do not change this column,Do not change this column,The URN,The URN,The URN\n"
        b"1234567,29/08/2023,100000,ADDED MANUALLY,\n7654321,1/9/2023,100001,100002,100003\n"
    )


def _summary() -> bytes:
    return (
        "Funding type,Route,Course,Lead school,Tier,Number of trainees,Amount per trainee,Total\n"
        'ITT bursary,Provider-led,Mathematics,,Not applicable,3,"£29,000.00","£87,000.00"\n'
        'EYITT bursary,EYITT Graduate entry,Early Years ITT,,Tier 2,1,"£4,000.00","£4,000.00"\n'
    ).encode()


def _schedule() -> bytes:
    months = [date(2026, m, 1) for m in range(8, 13)] + [date(2027, m, 1) for m in range(1, 8)]
    rows = "".join(f'{m:%B %Y},"£1,000.00",\'-£10.50,"£989.50"\n' for m in months)
    return f"Month,Training bursary trainees,TB 25/26 in-year adjustment,Month total\n{rows}".encode()


def _export() -> bytes:
    shown = {
        "register_id": "FYWnvezJunbR4xcyZnvN7001",
        "register_record_last_changed_at": "2026-10-12 09:14:02 +0100",
        "trainee_status": "In training",
        "provider_trainee_id": "NM26-1",
        "first_names": "Zoë",
        "last_names": "Ashcombe",
        "date_of_birth": "1999-04-12",
        "course_training_route": "Provider-led (postgrad)",
        "disabilities": "Deaf, Blind",
        "degrees": '"""UK"", ""Bachelor of Arts"""',
    }
    return website_export.written(
        [shown, shown | {"register_id": "FYWnvezJunbR4xcyZnvN7002", "trn": "1234567"}]
    )


READERS: dict[str, Reader] = {
    "csv": Reader([_list(), _recommend(), _answer()], _table),
    "xlsx": Reader([_workbook()], _table, packed=True),
    "ods": Reader([_open_document()], _table, packed=True),
    "errors": Reader([_answer()], lambda path: register_csv.read_answer(TABLE, path.read_bytes())),
    "recommend": Reader(
        [_recommend()], lambda path: register_recommend.filled(TABLE, path.read_bytes(), [CHOSEN], TODAY)
    ),
    "placements": Reader(
        [_placements()], lambda path: register_placements.read_list(TABLE, path.read_bytes())
    ),
    "payments": Reader([_summary(), _schedule(), _export()], _payments),
    "export": Reader([_export()], register_export.read_export),
}
