"""Broken files at every door: a sentence with the row and what to do, and nothing of it stored (issue 5, "Bad input").

The kinds of damage are those of the domain pack's own files: headings that somebody changed, encodings mixed, formulas put in,
blank rows, too many placements, files that are none. All people in them are invented.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop.collections.trainees.tables import PACK
from desktop.handover import register_csv
from desktop.model.errors import UsageError
from desktop.services.export_plans import Plan
from desktop.store.sealed import FOLDER
from tests.fault.conftest import TRAINEES, Desk, Shared, _surroundings, a_new_school
from tests.fault.test_exports import awaiting, recommend

TEMPLATE = register_csv.columns_of(PACK.table("register_csv"))
DATE = "Date QTS or EYTS requirements met"
LISTED = ("TRN", "Provider trainee ID", "HESA ID", "Last names", "First names", "Subject", DATE)
PLACES = ("TRN", "Trainee ITT start date", *(f"Placement {n} URN" for n in range(1, 6)))
HINT = "For example, 20/7/2022\n\nDelete row if the trainee's QTS or EYTS status is not changing"
NO_EDIT, NO_CHANGE = ("Do not edit",) * 6, ("Do not change this column",) * 2
AS_IT_CAME = "Download it again, and choose it as it came: do not open and save it in a spreadsheet first."
SHORT = "Save the sheet as an Excel workbook (.xlsx) or as CSV, and open that."
FORMULA = "=WEBSERVICE('http://example.com/?x=1')"
COMPUTES_NONE = "It is a formula, and Holdfast does not compute any. Type what the cell should say."
NOT_HERE = "No trainee on this computer has this TRN. Read from Register first, or leave that cell empty to add a new one."

Rows = Sequence[Sequence[str]]


def sheet(*rows: Sequence[str], end: str = "\n", encoding: str = "utf-8") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=end).writerows(rows)
    return stream.getvalue().encode(encoding)


def new_trainees(*people: dict[str, str], heads: Sequence[str] = TEMPLATE) -> bytes:
    """A file as Register's template has it."""
    return sheet(heads, *([one.get(head, "") for head in heads] for one in people))


def person(number: int, **other: str) -> dict[str, str]:
    names = {"first_names": f"Orla{'abcdefgh'[number]}", "last_name": "Quill", "date_of_birth": "'1999-04-03"}
    return {"provider_trainee_id": f"26/27-{number}", "training_route": "'11", "sex": "'11"} | names | other


@dataclass
class Room:
    """A workspace with files under way, what may change in it, and the doors by which a file comes in."""

    desk: Desk
    folder: Path
    names: dict[str, str] = field(default_factory=dict)
    trn: str = ""
    placed: str = ""
    start: str = ""
    urns: tuple[str, ...] = ()

    def state(self) -> dict[str, object]:
        """All that a file could have changed: records, what waits, the journal, what is kept, sealed files."""
        with self.desk.read() as unit:
            kept = [
                (k.name, k.body)
                for kind in ("export", "payment file", "mapping")
                for k in unit.kept.all(kind)
            ]
        files = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted((self.desk.folder / FOLDER).iterdir())
        }
        records = [(view.id, view.version, view.pending.to_json(), view.sync) for view in self.desk.all()]
        return {
            "records": records,
            "queue": self.desk.changes(),
            "journal": self.desk.events(),
            "kept": kept,
            "files": files,
        }

    def door(self, name: str, path: Path) -> list[str]:
        """Everything that is said of a file at one door."""
        try:
            return list(getattr(self, f"_{name}")(path))
        except UsageError as error:
            return [str(error)]

    def _import(self, path: Path) -> Iterator[str]:
        plan = self.desk.workspace.importing.read(path, TRAINEES)
        for row in plan.rows:
            if row.why:
                yield f"Row {row.number}: {row.why}"
            else:
                yield from (f"Row {row.number}, {cell.label}: {cell.why}" for cell in row.unread)
        yield from plan.notes

    def _recommend(self, path: Path) -> Iterator[str]:
        yield from _said(self.desk.workspace.exports.plan("recommend", path))

    def _placements(self, path: Path) -> Iterator[str]:
        os.utime(path, (self.desk.clock.now.timestamp(),) * 2)
        yield from _said(self.desk.workspace.exports.plan("placements", path))

    def _answer(self, path: Path) -> Iterator[str]:
        self.desk.workspace.exports.load_answer(path)
        yield "taken"

    def _payments(self, path: Path) -> Iterator[str]:
        self.desk.workspace.reconciling.load(path)
        yield "taken"

    def _web(self, path: Path) -> Iterator[str]:
        self.desk.workspace.web_reading.read(path)
        yield "taken"


def _said(plan: Plan) -> Iterator[str]:
    yield from plan.warnings
    yield from (f"{left.label}: {left.reason}" for left in plan.left_out)


@pytest.fixture(scope="module")
def room(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One for all: a broken file changes nothing, and each test looks that it did not."""
    portal, clock, files = shared
    folder = tmp_path_factory.mktemp("broken")
    with pytest.MonkeyPatch.context() as patch:
        _surroundings(patch, portal)
        desk = Desk(portal, clock, folder / "workspace")
        desk.folder.mkdir()
        for name, content in files.items():
            (desk.folder / name).write_bytes(content)
        desk.reopen()
        try:
            yield _furnished(Room(desk, folder))
        finally:
            desk.close()


def _furnished(room: Room) -> Room:
    """Somebody to be recommended, somebody with a new placement, and two new trainees in a file."""
    desk = room.desk
    one = awaiting(desk)
    desk.control.edit(one, trn="0123456")
    other = awaiting(desk, 1)
    desk.clock.forward(minutes=2)
    desk.sync()
    recommend(desk, one)
    desk.add_child(desk.at(other), "placements", urn=a_new_school(desk))
    for number in range(2):
        desk.add(
            training_partner_ukprn=None,
            provider_trainee_id=f"26/27-{number}",
            hesa_id=f"761099417000{number}",
        )
    desk.workspace.exports.make("bulk-add", room.folder / "out")
    trainee = desk.control.trainee(other)
    room.names = {"{one}": desk.at(one).label, "{two}": desk.at(other).label}
    room.trn, room.placed = desk.control.trainee(one)["trn"], trainee["trn"]
    room.start = "{2}/{1}/{0}".format(*trainee["itt_start_date"].split("-"))
    room.urns = tuple(placement["urn"] for placement in trainee["placements"])
    return room


Content = bytes | Callable[[Room], bytes]


def zipped(_: Room) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("trainees.csv", "first_names,last_name\nOrla,Quill\n")
    return stream.getvalue()


OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NOISE = bytes((i * 73 + i * i) % 256 for i in range(1, 200)).replace(b"\0", b"\x01").replace(b"PK", b"QK")


def listed(*rows: Sequence[str], heads: Sequence[str] = LISTED) -> bytes:
    return sheet(heads, (*NO_EDIT, HINT), *rows, end="\r\n")


def places(*rows: Sequence[str], heads: Sequence[str] = PLACES) -> bytes:
    return sheet(
        heads,
        (*NO_CHANGE, *["The URN of a school.\nIf you do not know it, leave the cell empty."] * 5),
        *rows,
    )


def placement_row(room: Room, **other: str) -> tuple[str, ...]:
    """The row of the trainee whose placements change."""
    urns = [*room.urns, *[""] * (5 - len(room.urns))]
    urns[0] = other.get("urn", urns[0])
    return (other.get("trn", room.placed), other.get("start", room.start), *urns)


def answered(*people: dict[str, str], heads: Sequence[str] = TEMPLATE) -> bytes:
    return new_trainees(*people, heads=[*heads, "Validation results", "Errors"])


IMPORTS: list[tuple[str, Content, list[str]]] = [
    (
        "the portal's own apostrophes say nothing, on letters neither",
        new_trainees(person(2, nationality="'GB", hesa_id="'0310261553101'", email="orla@example.com")),
        [],
    ),
    (
        "codes and days that are none",
        new_trainees(person(2, training_route="'13", date_of_birth="31/4/1999")),
        [
            "Row 2, Date of birth: “31/4/1999” is not a date. Write it like 1 September 2026 or 1/9/2026.",
            "Row 2, Training route: “13” is not in the list of Register. Use the words or the code that the field offers.",
        ],
    ),
    (
        "headings in other cases, of former years, and with an accent that slipped in",
        new_trainees(person(2, last_name=""))
        .replace(b"last_name,", b"LAST_NAME,", 1)
        .replace(b"sex", "sÉx".encode("iso-8859-1"))
        .replace(b"training_partner_urn", b"Lead Partner URN"),
        [
            "Row 2: No trainee here fits this row, and a new one needs first names and a last name.",
            "1 line is in an older encoding (Windows-1252). Look at names with accents.",
        ],
    ),
    (
        "two encodings in one file",
        new_trainees(person(2)).replace(b"Quill", "Quíll".encode("iso-8859-1")),
        ["1 line is in an older encoding (Windows-1252). Look at names with accents."],
    ),
    (
        "blank rows keep the numbers of the others",
        sheet(
            ("first_names", "last_name", "date_of_birth"),
            ("", "", ""),
            ("Orla", "Quill", "x"),
            ("", "", ""),
            ("Nye", "Quill", "y"),
        ),
        [
            "Row 3, Date of birth: “x” is not a date. Write it like 1 September 2026 or 1/9/2026.",
            "Row 5, Date of birth: “y” is not a date. Write it like 1 September 2026 or 1/9/2026.",
        ],
    ),
    (
        "headings alone",
        new_trainees(),
        ["There are headings in trainees.csv and no rows below them. Look whether it is the right file."],
    ),
    (
        "headings over blank rows",
        new_trainees({}, {}),
        ["There are headings in trainees.csv and no rows below them. Look whether it is the right file."],
    ),
    (
        "a row that is shifted names nobody",
        new_trainees({"course_subject_1": "'64", "course_subject_2": "'2024-10-01"}),
        [
            "Row 2: It does not say which trainee it is about. Fill in one of Your trainee ID, TRN, HESA ID, or the names."
        ],
    ),
    (
        "formulas",
        sheet(
            ("TRN", "first_names", "last_name"),
            (FORMULA, "Orla", "Quill"),
            ("", FORMULA, "Quill"),
            ("", "'=Orla", "Quill"),
        ),
        [f"Row 2: TRN: {COMPUTES_NONE}", f"Row 3: First names: {COMPUTES_NONE}"],
    ),
    (
        "TRNs",
        sheet(
            ("TRN", "email"),
            ("123456", "a@example.com"),
            ("241a295", "a@example.com"),
            ("24132951", "a@example.com"),
            ("9999999", "a@example.com"),
        ),
        [
            "Row 3: “241a295” is not a TRN: it has 7 digits. Look it up at the portal and type it again.",
            "Row 4: “24132951” is not a TRN: it has 7 digits. Look it up at the portal and type it again.",
            f"Row 5: {NOT_HERE}",
            "1 TRN had lost the zero at the front; Holdfast put it back to find the record.",
        ],
    ),
    (
        "what a spreadsheet makes of days and long numbers",
        sheet(
            ("first_names", "last_name", "date_of_birth", "hesa_id"),
            ("Orla", "Quill", "36526", '="0310261553101"'),
            ("Nye", "Quill", "########", "7.57290E+12"),
            ("Bram", "Quill", "13/25/1999", "'0310261553102"),
            ("Cleo", "Quill", "5-Mar", "0310261553103"),
        ),
        [
            (
                "Row 3: Date of birth: The spreadsheet shows no value here. Put the cell right (a column may be too narrow), then copy "
                "or save it again."
            ),
            "Row 4, Date of birth: “13/25/1999” is not a date. Write it like 1 September 2026 or 1/9/2026.",
            "Row 5, Date of birth: “5-Mar” is not a date. Write it like 1 September 2026 or 1/9/2026.",
        ],
    ),
    (
        "the portal's list of placements",
        places(
            ("9999999", "29/08/2026", "100000", "", "", "", ""), ("", "29/08/2026", "100000", "", "", "", "")
        ),
        [
            f"Row 3: {NOT_HERE}",
            "Row 4: It does not say which trainee it is about. Fill in one of Your trainee ID, TRN, HESA ID, or the names.",
            "1 row of advice (“Do not edit”, “Do not change”) left out.",
            "Left out: Trainee ITT start date. No field of a trainee has that name.",
        ],
    ),
    (
        "a quotation mark that nobody closed",
        sheet(("first_names", "last_name")) + b'Orla,"Quill\nNye,Quill\n',
        [
            (
                "A quotation mark in row 2 is never closed, so nobody can say where the cell ends. Close it or take it away, and open "
                "the file again."
            )
        ],
    ),
    ("an empty file", b"", ["trainees.csv is empty. Choose another file, or save the sheet again."]),
    ("no text", NOISE, [f"trainees.csv is not text: it holds characters that no table has. {SHORT}"]),
    (
        "a zip",
        zipped,
        [
            "This is a zip file, not a table. Unpack or open it, save the sheet as an Excel workbook (.xlsx) or as CSV, and open that."
        ],
    ),
    (
        "an old workbook by another name",
        OLD_EXCEL,
        [f"trainees.csv is of an old Excel kind (.xls) that Holdfast cannot read. {SHORT}"],
    ),
]


@pytest.mark.parametrize(
    ("content", "told"), [case[1:] for case in IMPORTS], ids=[case[0] for case in IMPORTS]
)
def test_import(room: Room, content: Content, told: list[str]) -> None:
    assert_told(room, "import", content, told)


RECOMMENDS: list[tuple[str, Content, list[str]]] = [
    (
        "dates that are none, to come, and long past",
        lambda room: listed(
            (room.trn, "", "", "", "", "", ""),
            ("2413295", "", "", "", "", "", "20/7/7000"),
            ("2413296", "", "", "", "", "", "20/7/2022"),
            ("2413297", "", "", "", "", "", "46266"),
            ("2413298", "", "", "", "", "", "1/10/2026"),
        ),
        [
            (
                "The list carries dates that Holdfast did not put there (row 7). Register would recommend those trainees, too. "
                "Download the list again if that is not meant."
            ),
            "Row 4: “20/7/7000” is in the future. Put it right, or empty the cell.",
            "Row 5: “20/7/2022” is more than 12 months ago, and Register refuses that. Empty the cell, and use the website.",
            "Row 6: “46266” is not a date as Register takes it, such as 20/7/2026. Put it right, or empty the cell.",
        ],
    ),
    (
        "a TRN that lost its zero",
        lambda room: listed((room.trn.lstrip("0"), "", "", "", "", "", "")),
        [
            (
                "{one}: In row 3 of the list a spreadsheet took the zero from the front of the TRN. Download the list again, and choose "
                "it without saving it in a spreadsheet."
            )
        ],
    ),
    (
        "a name that somebody changed",
        lambda room: listed((room.trn, "", "", "Quill", "", "", "")),
        [
            "{one}: In row 3 of the list Last names is not what Register showed. Read from Register, then download the list again."
        ],
    ),
    (
        "one trainee twice",
        lambda room: listed((room.trn, "", "", "", "", "", ""), (), (room.trn, "", "", "", "", "", "")),
        ["{one}: Rows 3 and 5 of the list have this TRN. Download the list again."],
    ),
    (
        "a row that is cut short",
        lambda room: listed((room.trn, "")),
        ["{one}: Row 3 of the list is cut short. Download the list again."],
    ),
    (
        "another TRN, and none",
        listed(("241a295", "", "", "", "", "", ""), (FORMULA, "", "", "", "", "", "")),
        ["{one}: It is not in Register's list. Download the list again; only trainees with a TRN are in it."],
    ),
    (
        "no column of dates",
        listed(heads=LISTED[:-1]),
        [
            f"This is not Register's list for recommending: it has no column {DATE}. Download the list there and choose it again."
        ],
    ),
    (
        "semicolons",
        listed().replace(b",", b";"),
        [f"A spreadsheet saved this file again, without commas between the cells. {AS_IT_CAME}"],
    ),
]


@pytest.mark.parametrize(
    ("content", "told"), [case[1:] for case in RECOMMENDS], ids=[case[0] for case in RECOMMENDS]
)
def test_list_for_recommending(room: Room, content: Content, told: list[str]) -> None:
    assert_told(room, "recommend", content, told)


PLACEMENTS: list[tuple[str, Content, list[str]]] = [
    (
        "rows that name nobody",
        lambda room: places(
            placement_row(room), ("", "29/08/2026", "100000"), (FORMULA, "", ""), (), ("24132951", "", "")
        ),
        [
            "Row 4 of the list has no TRN, so it was not looked at. Download the list again.",
            (
                "Row 5 of the list has “=WEBSERVICE('http://example.co…” for a TRN, which has 7 digits, so it was not looked at. "
                "Download the list again."
            ),
            "Row 7 of the list has “24132951” for a TRN, which has 7 digits, so it was not looked at. Download the list again.",
        ],
    ),
    (
        "a URN that is none",
        lambda room: places(placement_row(room, urn="21323")),
        [
            "{two}: Row 3 of the list has “21323” for a URN, which has 6 digits. Download the list again, and choose it as it came."
        ],
    ),
    (
        "one trainee twice",
        lambda room: places(placement_row(room), placement_row(room, urn="100000")),
        ["{two}: Rows 3 and 4 of the list have the same TRN. Download the list again."],
    ),
    (
        "too many placements",
        lambda room: places(placement_row(room), heads=(*PLACES, "Placement 6 URN")),
        [
            (
                "The list has a column Placement 6 URN, and Register's list has none of that name: its import deletes what a file does "
                "not say, so nothing was made. Download the list again and choose it as it came."
            )
        ],
    ),
    (
        "a column that is gone",
        places(heads=[head for head in PLACES if head != "Placement 2 URN"]),
        [
            (
                "This is not Register's list of placements: it has no column Placement 2 URN. Download the list there and choose it as "
                "it came."
            )
        ],
    ),
    (
        "a file of the other route",
        listed(),
        [
            (
                "This is not Register's list of placements: it has no column Trainee ITT start date, "
                "Placement 1 URN, Placement 2 URN. Download the list there and choose it as it came."
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("content", "told"), [case[1:] for case in PLACEMENTS], ids=[case[0] for case in PLACEMENTS]
)
def test_list_of_placements(room: Room, content: Content, told: list[str]) -> None:
    assert_told(room, "placements", content, told)


ANSWERS: list[tuple[str, Content, list[str]]] = [
    (
        "not checked yet",
        new_trainees(person(0)),
        [
            "This file has no Errors column, so it says nothing yet. Load the file that Register gave back after checking."
        ],
    ),
    (
        "headings that somebody changed",
        answered(person(0)).replace(b"training_partner_urn", b"Lead Partner URN"),
        [
            (
                "Somebody changed the headings of this file: it has no column training_partner_urn and has Lead Partner URN instead. "
                "Choose the file as Register gave it back."
            )
        ],
    ),
    (
        "columns that are gone",
        answered(person(0), heads=[head for head in TEMPLATE if head not in ("hesa_id", "sex")]),
        [
            "Somebody changed the headings of this file: it has no column hesa_id, sex. Choose the file as Register gave it back."
        ],
    ),
    (
        "a refused row that nobody can place",
        answered(
            {"hesa_id": "7610994170000"},
            {"provider_trainee_id": "26/27-0"},
            {"hesa_id": "7.61099E+12", "Errors": "sex can't be blank"},
            {"hesa_id": "7.61099E+12", "Errors": "email can't be blank"},
        ),
        [
            (
                "Row 4 has errors, and nobody in trainees-1.csv fits it (hesa_id “7.61099E+12”). The same goes for 1 more row. Load the "
                "file as Register gave it back, without saving it in a spreadsheet first. Nothing was changed."
            )
        ],
    ),
    (
        "somebody else's",
        answered(person(5, Errors="sex can't be blank")),
        [
            "Nobody in this file is in a file that Holdfast made. Look whether it is the right one; nothing was changed."
        ],
    ),
    (
        "something else",
        sheet(("a", "b"), ("1", "2")),
        [
            (
                "This is not a file of Register: its columns are none of the three that Holdfast knows. Choose the file that Register "
                "gave back after checking."
            )
        ],
    ),
    ("headings alone", answered(), ["There is no trainee in this file. Download it again."]),
]


@pytest.mark.parametrize(
    ("content", "told"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS]
)
def test_answer(room: Room, content: Content, told: list[str]) -> None:
    assert_told(room, "answer", content, told)


ZIP, XLS = "a workbook or a zip file", "a workbook of an old kind (.xls)"
NO_TEXT = f"This is not a CSV file: it holds characters that no text has. {AS_IT_CAME}"


@pytest.mark.parametrize("door", ["recommend", "placements", "answer"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty. Download it again."),
        (b"\xef\xbb\xbf\r\n", "The file is empty. Download it again."),
        (zipped, f"trainees.csv is {ZIP}, not a CSV file of Register. {AS_IT_CAME}"),
        (OLD_EXCEL, f"trainees.csv is {XLS}, not a CSV file of Register. {AS_IT_CAME}"),
        (NOISE, NO_TEXT),
        (sheet(LISTED, encoding="utf-16"), NO_TEXT),
    ],
    ids=["empty", "blank", "zip", "old workbook", "no text", "utf-16"],
)
def test_what_is_no_file_of_the_portal(room: Room, door: str, content: Content, told: str) -> None:
    assert_told(room, door, content, [told])


@pytest.mark.parametrize("door", ["payments", "web"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "trainees.csv is empty"),
        (zipped, "This is a zip file, not a table. Unpack or open it"),
        (OLD_EXCEL, "trainees.csv is of an old Excel kind"),
        (NOISE, "trainees.csv is not text"),
        (new_trainees(person(0)), "(Nothing was loaded|choose Export)"),
        (
            sheet(("Funding type", "Route", "Course", "Tier", "Trainees")),
            "(missing: Number of trainees, Amount|choose Export)",
        ),
    ],
    ids=["empty", "zip", "old workbook", "no text", "another file", "headings changed"],
)
def test_what_is_neither_payments_nor_the_export(room: Room, door: str, content: Content, told: str) -> None:
    (said,) = at_the_door(room, door, content)
    assert re.search(told, said)


@pytest.mark.parametrize(
    ("door", "told"),
    [
        (
            "import",
            "trainees.csv has 2,048 MB. Holdfast reads files up to 64 MB. Delete the sheets and columns",
        ),
        ("web", "trainees.csv has 2,048 MB. Holdfast reads files up to 64 MB."),
        ("payments", "trainees.csv has 2,048 MB. Holdfast reads files up to 64 MB."),
        (
            "recommend",
            "trainees.csv has 2,048 MB. A file of Register has one or two. Choose the one that you downloaded there.",
        ),
        ("placements", "trainees.csv has 2,048 MB. A file of Register has one or two."),
        ("answer", "trainees.csv has 2,048 MB. A file of Register has one or two."),
    ],
)
def test_two_gigabytes_are_refused_unread(room: Room, door: str, told: str) -> None:
    before = room.state()
    path = room.folder / "trainees.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    (said,) = room.door(door, path)
    assert said.startswith(told)
    assert room.state() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
@pytest.mark.parametrize("door", ["import", "payments", "recommend", "placements", "answer", "web"])
def test_a_folder_and_a_pipe_are_no_files(room: Room, door: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path, tmp_path / "pipe.csv"):
        (said,) = room.door(door, path)
        assert said.startswith(f"{path.name} is not a file. Choose")


def test_of_a_file_with_broken_rows_only_the_whole_ones_are_saved(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "trainees.csv"
    rows = (
        ("", FORMULA, "Quill", "1/1/1999"),
        ("", "Orla", "Quill", "1/2/1999"),
        ("241a295", "Nye", "Quill", ""),
    )
    path.write_bytes(sheet(("TRN", "first_names", "last_name", "date_of_birth"), *rows))
    before = len(desk.all())
    importing = desk.workspace.importing
    importing.save(importing.read(path, TRAINEES))
    assert len(desk.all()) == before + 1
    assert [(one.added, one.refused) for one in importing.all()] == [(1, 2)]
    desk.assert_healthy()


def test_an_answer_that_a_spreadsheet_took_the_zeros_from_is_still_understood(
    desk: Desk, tmp_path: Path
) -> None:
    one = awaiting(desk)
    desk.control.edit(one, trn="0123456")
    desk.clock.forward(minutes=2)
    desk.sync()
    recommend(desk, one)
    desk.workspace.exports.make("recommend", tmp_path / "out")
    path = tmp_path / "answer.csv"
    path.write_bytes(sheet(("TRN", DATE, "Errors"), ("123456", "2/10/2026", "Trainee has missing data")))
    (verdict,) = desk.workspace.exports.load_answer(path).verdicts
    assert (verdict.record_id, verdict.message) == (desk.at(one).id, "Trainee has missing data")


def test_a_new_trainee_without_any_id_is_known_by_the_whole_row(desk: Desk, tmp_path: Path) -> None:
    new = desk.add(training_partner_ukprn=None, hesa_id="7610994170009")
    made = desk.workspace.exports.make("bulk-add", tmp_path / "out")
    assert made.export is not None
    (row,) = csv.DictReader(io.StringIO((tmp_path / "out" / "trainees-1.csv").read_text("utf-8"), newline=""))
    assert row["provider_trainee_id"] == ""
    path = tmp_path / "answer.csv"
    path.write_bytes(answered(row | {"Errors": "sex can't be blank"}))
    (verdict,) = desk.workspace.exports.load_answer(path).verdicts
    assert (verdict.record_id, verdict.field) == (new.id, "sex")


def assert_told(room: Room, door: str, content: Content, told: list[str]) -> None:
    """`{one}` and `{two}` in a sentence stand for the names of those whom the room knows."""
    for mark, name in room.names.items():
        told = [line.replace(mark, name) for line in told]
    assert at_the_door(room, door, content) == told


def at_the_door(room: Room, door: str, content: Content) -> list[str]:
    """What is said of the file; nothing may have changed by that."""
    before = room.state()
    path = room.folder / "trainees.csv"
    path.write_bytes(content if isinstance(content, bytes) else content(room))
    found = room.door(door, path)
    assert room.state() == before, "a broken file left something behind"
    return found
