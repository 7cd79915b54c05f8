"""Register's three CSV routes against the facts of its own templates and files (domain pack 4)."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from desktop.collections import all_collections
from desktop.collections.trainees.tables import PACK
from desktop.handover import register_csv, register_placements, register_recommend
from desktop.handover.csv_sheet import read_sheet
from desktop.handover.recommend_course import Course
from desktop.handover.register_placements import Placed
from desktop.handover.register_recommend import Trainee
from desktop.model.document import Child, Document, Value
from desktop.model.errors import UsageError

TABLE = PACK.table("register_csv")
TRAINEES = all_collections()["trainees"]
SHAPE = register_csv.Template(TABLE, TRAINEES)
TODAY = date(2026, 10, 13)

TEMPLATE = [
    "provider_trainee_id",
    "application_id",
    "hesa_id",
    "first_names",
    "last_name",
    "previous_last_name",
    "date_of_birth",
    "ni_number",
    "sex",
    "email",
    "nationality",
    "ethnicity",
    "disability1",
    "disability2",
    "disability3",
    "disability4",
    "disability5",
    "disability6",
    "disability7",
    "disability8",
    "disability9",
    "itt_aim",
    "training_route",
    "itt_qualification_aim",
    "course_subject_1",
    "course_subject_2",
    "course_subject_3",
    "study_mode",
    "itt_start_date",
    "itt_end_date",
    "course_age_range",
    "course_year",
    "training_partner_urn",
    "employing_school_urn",
    "trainee_start_date",
    "pg_apprenticeship_start_date",
    "fund_code",
    "funding_method",
    "training_initiative",
    "additional_training_initiative",
    "placement_1_urn",
    "placement_2_urn",
    "placement_3_urn",
    "uk_degree",
    "non_uk_degree",
    "degree_subject",
    "degree_grade",
    "degree_graduation_year",
    "awarding_institution",
    "degree_country",
    "iqts_country",
]
DEGREE: dict[str, Value] = {
    "uk_degree": "051",
    "subject": "100048",
    "grade": "01",
    "graduation_year": 2012,
    "institution": "1101",
    "country": None,
}


def person(**fields: Any) -> Document:
    return Document({"first_names": "Jane", "last_name": "Smith", "hesa_id": "0310261553101", **fields})


def with_children(degrees: int = 0, urns: tuple[str | None, ...] = ()) -> Document:
    made = person()
    made.children["degrees"] = [Child(f"d{n}", dict(DEGREE)) for n in range(degrees)]
    made.children["placements"] = [
        Child(f"p{n}", {"urn": urn, "name": "A school"}) for n, urn in enumerate(urns)
    ]
    return made


def row_of(document: Document) -> dict[str, str]:
    return dict(zip(TEMPLATE, SHAPE.cells(document), strict=True))


def left(document: Document) -> list[str]:
    return [one.path for one in SHAPE.left(document)]


# --- new trainees


def test_the_columns_are_those_of_the_template_in_its_order():
    assert len(TEMPLATE) == 51
    assert register_csv.columns_of(TABLE) == TEMPLATE


def test_every_column_stands_for_a_field_that_there_is():
    for _, path in TABLE["bulk_add"]["columns"]:
        kind, _, rest = path.partition(".")
        name = f"{kind}.{rest.partition('.')[2]}" if rest else path
        assert TRAINEES.field(name) is not None, path


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("uk_degree", "051"),
        ("degree_subject", "100048"),
        ("degree_grade", "01"),
        ("degree_graduation_year", "2012"),
        ("awarding_institution", "1101"),
        ("degree_country", ""),
        ("placement_1_urn", "115795"),
        ("placement_3_urn", "115797"),
        ("hesa_id", "0310261553101"),
    ],
)
def test_answers_stand_in_their_columns(column, cell):
    assert row_of(with_children(1, ("115795", "115796", "115797")))[column] == cell


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (person(), []),
        (person(middle_names="Maud"), ["middle_names"]),
        (person(training_partner_ukprn="10000001"), ["training_partner_ukprn"]),
        (with_children(1), []),
        (with_children(2), ["degrees.d1"]),
        (with_children(0, ("1", "2", "3")), []),
        (with_children(0, ("1", "2", "3", "4")), ["placements.p3"]),
        (with_children(0, (None, "2")), ["placements.p0"]),
        (person(last_name="'t Hooft"), ["last_name"]),
    ],
)
def test_what_has_no_column_is_told(document, told):
    assert left(document) == told


def test_another_grade_is_told_with_its_degree():
    document = with_children(1)
    document.children["degrees"][0].fields["other_grade"] = "Distinction"
    assert left(document) == ["degrees.d0.other_grade"]


def test_placements_without_a_urn_leave_no_gap():
    assert row_of(with_children(0, (None, "115796")))["placement_1_urn"] == "115796"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_compute_is_guarded(begin):
    (file,), _ = SHAPE.written([SHAPE.cells(person(last_name=f"{begin}cmd"))])
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8"), newline="")))
    assert rows[0]["last_name"] == f"'{begin}cmd"
    assert rows[0]["hesa_id"] == "0310261553101", "nothing else is guarded, leading zeros neither"


def test_the_rows_are_split_below_a_megabyte_and_none_is_lost():
    rows = [SHAPE.cells(person(last_name="x" * 900, hesa_id=str(n))) for n in range(3_000)]
    files, too_long = SHAPE.written(rows)
    assert too_long == []
    assert len(files) > 2
    assert all(len(file.content) < 1_048_576 for file in files)
    assert [number for file in files for number in file.rows] == list(range(3_000))
    head = ",".join(TEMPLATE).encode()
    assert all(file.content.startswith(head + b"\r\n") for file in files)


def test_a_row_that_no_file_can_hold_is_left_out():
    rows = [SHAPE.cells(person(last_name=name)) for name in ("a", "x" * 1_100_000, "b")]
    (file,), too_long = SHAPE.written(rows)
    assert (file.rows, too_long) == ((0, 2), [1])


def test_what_left_is_known_from_the_cells():
    document = with_children(2, ("115795",))
    document.fields["middle_names"] = "Maud"
    cells = SHAPE.cells(document)
    sent = SHAPE.sent(document, cells)
    assert sent.get("middle_names") is None
    assert [(c.id, c.fields["graduation_year"]) for c in sent.children["degrees"]] == [("d0", 2012)]
    document.fields["last_name"] = "Later"
    assert SHAPE.sent(document, cells).get("last_name") == "Smith"


# --- answers


def answer(errors: str, results: str = "1 error found") -> bytes:
    cells = SHAPE.cells(person(provider_trainee_id="24/25-79"))
    stream = io.StringIO(newline="")
    rows = [[*TEMPLATE, "Validation results", "Errors"], [*cells, results, errors], [""] * 53]
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ("first_names can't be blank", "first_names"),
        ("degree_subject must be entered if specifying a previous UK degree", "degrees.0.subject"),
        (
            "training_route has invalid reference data value of '13'. Example values include '03'...",
            "training_route",
        ),
        ("itt_end_date must be after ITT start date", "itt_end_date"),
        ("Trainee disabilities attributes contain duplicate values", "disability1"),
        (
            "UK degree type or Non-UK degree type must be entered if specifying a postgraduate route",
            "degrees",
        ),
        ("This trainee is already in Register", ""),
    ],
)
def test_a_sentence_of_register_finds_its_field(message, path):
    (row,) = register_csv.read_answer(TABLE, answer(message)).rows
    assert [(c.path, c.message) for c in row.complaints] == [(path, message)]
    assert row.keys == {"hesa_id": "0310261553101", "provider_trainee_id": "24/25-79"}


def test_several_sentences_are_told_apart_and_a_passed_row_has_none():
    (row,) = register_csv.read_answer(TABLE, answer("sex is wrong;\nemail is wrong")).rows
    assert [c.path for c in row.complaints] == ["sex", "email"]
    (row,) = register_csv.read_answer(TABLE, answer("", "Validation passed")).rows
    assert row.complaints == ()


def test_the_apostrophes_of_register_are_taken_away():
    content = answer("sex is wrong").replace(b"0310261553101", b"'0310261553101")
    (row,) = register_csv.read_answer(TABLE, content).rows
    assert row.keys["hesa_id"] == "0310261553101"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"PK\x03\x04\x00\x00", "not a CSV file"),
        (b"\xff\xfe\x00\x01binary", "not a CSV file"),
        (b'a,b\n"never closed,1\n', "not closed"),
        (b"a,b\n1,2\n", "columns are none"),
        (",".join(TEMPLATE).encode() + b"\n", "no Errors column"),
        (",".join([*TEMPLATE, "Errors"]).encode() + b"\n", "no trainee"),
    ],
)
def test_a_file_that_is_no_answer_says_what_to_do(content, words):
    with pytest.raises(UsageError, match=words):
        register_csv.read_answer(TABLE, content)


# --- recommending

HEADS = "TRN,Provider trainee ID,HESA ID,Last names,First names,Lead school,QTS or EYTS,Route,Date QTS or EYTS requirements met"
ADVICE = (
    ",".join(["Do not edit"] * 8) + ',"For example, 20/7/2022\n\nDelete row if the status is not changing"'
)


def trainee(**other: Any) -> Trainee:
    told: dict[str, Any] = {
        "number": 7,
        "keys": {"TRN": "2413295", "HESA ID": "54382678848074464", "Provider trainee ID": "22/23-1076"},
        "names": {"First names": "Courtney", "Last names": "Barrows"},
        "award": "QTS",
        "route": frozenset({"school direct (salaried)"}),
        "when": date(2026, 7, 20),
        "start": date(2025, 9, 1),
    }
    return Trainee(**(told | other))


def sheet(*rows: str, end: str = "\n", encoding: str = "utf-8", mark: bytes = b"") -> bytes:
    return mark + end.join([HEADS, ADVICE, *rows, ""]).encode(encoding)


ROW = "2413295,22/23-1076,'54382678848074464',Barröws,Courtney,-,QTS,School direct (salaried),"
OTHER = (
    '4814731,"22/23-1589",\'15124865380965941,Bergstrom,"Cliff",Bluemeadow High,QTS,School direct (salaried),'
)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_only_the_date_is_filled_in_and_all_else_is_the_same_to_the_byte(end, encoding, mark):
    if mark and encoding != "utf-8":
        encoding = "utf-8"
    content = sheet(OTHER, ROW, end=end, encoding=encoding, mark=mark)
    filled = register_recommend.filled(TABLE, content, [trainee()], TODAY)
    row = ROW.encode(encoding)
    assert filled.content == content.replace(row, row + b"20/7/2026")
    assert (filled.rows, filled.left, filled.warnings) == (((7, 3),), (), ())


def test_nothing_chosen_gives_the_file_back():
    content = sheet(OTHER, ROW)
    assert register_recommend.filled(TABLE, content, [], TODAY).content == content


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"keys": {"TRN": "9999999"}}, "not in Register's list"),
        ({"keys": {"TRN": "2413295", "HESA ID": "1" * 17}}, "HESA ID is not what Register showed"),
        ({"keys": {"TRN": "2413295", "Provider trainee ID": "other"}}, "Provider trainee ID is not"),
        ({"names": {"Last names": "Smith"}}, "Last names is not"),
        ({"award": "EYTS"}, "QTS or EYTS is not"),
        ({"route": frozenset({"assessment only"})}, "Route is not"),
        ({"when": date(2026, 10, 14)}, "in the future"),
        ({"when": date(2025, 10, 12)}, "more than 12 months ago"),
        ({"start": date(2026, 9, 1)}, "before the course start"),
    ],
)
def test_who_cannot_be_recommended_by_the_file_is_left_out(other, why):
    filled = register_recommend.filled(TABLE, sheet(ROW), [trainee(**other)], TODAY)
    assert filled.content == sheet(ROW)
    (told,) = filled.left
    assert told[0] == 7
    assert why in told[1].why


@pytest.mark.parametrize(
    "keys", [{"TRN": "2413295"}, {"HESA ID": "54382678848074464"}, {"Provider trainee ID": "22/23-1076"}]
)
def test_a_trainee_is_found_by_any_identifier(keys):
    assert register_recommend.filled(TABLE, sheet(ROW), [trainee(keys=keys)], TODAY).rows == ((7, 2),)


def test_a_day_of_exactly_twelve_months_ago_is_taken():
    old = trainee(when=date(2025, 10, 13))
    assert register_recommend.filled(TABLE, sheet(ROW), [old], TODAY).left == ()


def test_a_date_that_somebody_else_put_there_is_told():
    (warning,) = register_recommend.filled(TABLE, sheet(OTHER + "1/7/2026", ROW), [trainee()], TODAY).warnings
    assert "(row 3)" in warning, "rows are counted as a spreadsheet does: that of advice takes three lines"


def test_a_doubled_or_shortened_row_is_left_out():
    doubled = register_recommend.filled(TABLE, sheet(ROW, ROW), [trainee()], TODAY)
    assert doubled.left[0][1].why == "Rows 3 and 4 of the list have this TRN. Download the list again."
    short = register_recommend.filled(TABLE, sheet("2413295,22/23-1076"), [trainee()], TODAY)
    assert short.left[0][1].why == "Row 3 of the list is cut short. Download the list again."


COURSE = Course(phase="secondary", ages="13918", subjects=("100346", "100417"), partner="133795")


@pytest.mark.parametrize(
    ("head", "cell", "told"),
    [
        ("Phase", "Primary", "Phase is “Primary” there and “secondary” here"),
        ("Phase", "SECONDARY", ""),
        ("Age range", "5 to 11", "Age range is “5 to 11” there and “11 to 16” here"),
        ("Age range", "11 to 16", ""),
        ("Age range", "of our own", ""),
        ("Subject", "Physics", "Subject is “Physics” there and “Biology with Chemistry” here"),
        ("Subject", "biology", ""),
        ("Subject", "Biology with Chemistry", ""),
        ("Subject", "Biology with something new", ""),
        ("Training partner", "-", "Training partner is “none” there and “133795” here"),
        ("Lead school", "-", "Lead school is “none” there and “133795” here"),
        ("Training partner", "Bluemeadow High", ""),
        ("Subject", "", ""),
    ],
)
def test_another_course_is_told_and_the_row_filled_all_the_same(head, cell, told):
    content = f"TRN,{head},Date QTS or EYTS requirements met\n2413295,{cell},\n".encode()
    filled = register_recommend.filled(TABLE, content, [trainee(course=COURSE, label="Barrows")], TODAY)
    assert filled.rows == ((7, 1),)
    assert [warning.partition(". Register refuses")[0] for warning in filled.warnings] == (
        [f"Row 2, Barrows: {told}"] if told else []
    )


def test_a_partner_that_cannot_be_known_is_not_compared():
    content = b"TRN,Training partner,Date QTS or EYTS requirements met\n2413295,Bluemeadow High,\n"
    for partner, many in ((None, 0), ("", 1)):
        one = trainee(course=Course(partner=partner))
        assert len(register_recommend.filled(TABLE, content, [one], TODAY).warnings) == many


def test_many_rows_that_differ_are_counted():
    rows = "".join(f"24132{n:02},Primary,\n" for n in range(9))
    content = f"TRN,Phase,Date QTS or EYTS requirements met\n{rows}".encode()
    people = [trainee(number=n, keys={"TRN": f"24132{n:02}"}, course=COURSE) for n in range(9)]
    warnings = register_recommend.filled(TABLE, content, people, TODAY).warnings
    assert len(warnings) == 6
    assert warnings[-1] == "4 more rows differ so."


def test_a_list_without_the_date_or_without_identifiers_is_refused():
    with pytest.raises(UsageError, match="not Register's list"):
        register_recommend.filled(TABLE, b"TRN,Name\n1234567,X\n", [], TODAY)
    with pytest.raises(UsageError, match="names nobody"):
        register_recommend.filled(TABLE, b"Route,Date QTS or EYTS requirements met\nx,\n", [], TODAY)


# --- placements


def placed(**other: Any) -> Placed:
    told: dict[str, Any] = {
        "number": 3,
        "trn": "1234567",
        "start": date(2023, 8, 29),
        "there": ("100000", "100001"),
        "wanted": ("100001", "100002"),
    }
    return Placed(**(told | other))


PLACES = "TRN,Trainee ITT start date,Placement 1 URN,Placement 2 URN,Placement 3 URN"
PLACES_ADVICE = "Do not change this column,Do not change this column,The URN,The URN,The URN"


def places(*rows: str) -> bytes:
    return "\n".join([PLACES, PLACES_ADVICE, *rows, ""]).encode()


def test_the_placements_file_has_its_heads_advice_and_only_the_changed():
    listed, _ = register_placements.read_list(
        TABLE, places("1234567,29/08/2023,100000,100001,", "7654321,1/9/2023,1,2,")
    )
    content, kept, left_out = register_placements.made(TABLE, [placed()], listed)
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert rows[0] == ["TRN", "Trainee ITT start date", *(f"Placement {n} URN" for n in range(1, 6))]
    assert rows[1][:2] == ["Do not change this column"] * 2
    assert rows[2:] == [["1234567", "29/08/2023", "100001", "100002", "", "", ""]]
    assert (kept, left_out) == ([3], [])


def test_what_register_deletes_is_every_school_that_is_not_in_the_row():
    assert placed().deleted == ("100000",)
    assert placed(wanted=()).deleted == ("100000", "100001")


def test_placements_without_a_school_are_no_schools_of_the_list():
    listed, _ = register_placements.read_list(
        TABLE, places("1234567,29/08/2023,100000,ADDED MANUALLY,100001")
    )
    assert listed["1234567"].urns == ("100000", "100001")


@pytest.mark.parametrize(
    ("other", "row", "why"),
    [
        ({"trn": ""}, "", "no TRN yet"),
        ({}, "7654321,29/08/2023,1,2,", "not in Register's list"),
        ({}, "1234567,29/08/2023,100000,,", "somebody changed them"),
        ({}, "1234567,29/08/2023,100000,100001,100009", "somebody changed them"),
        ({"wanted": tuple(f"10000{n}" for n in range(6))}, "1234567,29/08/2023,100000,100001,", "room for 5"),
        ({"wanted": ("10001",)}, "1234567,29/08/2023,100000,100001,", "6 digits"),
    ],
)
def test_who_is_not_safe_in_the_file_is_left_out(other, row, why):
    listed, _ = register_placements.read_list(TABLE, places(row))
    _, kept, ((number, told),) = register_placements.made(TABLE, [placed(**other)], listed)
    assert (kept, number) == ([], 3)
    assert why in told.why


def test_a_list_of_another_kind_is_refused():
    with pytest.raises(UsageError, match="not Register's list of placements"):
        register_placements.read_list(TABLE, sheet(ROW))


# --- the sheet itself


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2",
        b"a,b\r\n1,2\r\n",
        b"\xef\xbb\xbfa,b\r1,2\r",
        b'a,"b ""c"" d"\n"x\ny",\n\n,,\n',
        "a,b\nBarröws,2\n".encode("iso-8859-1"),
        b'a,b"c\n1,2\n',
    ],
)
def test_a_file_without_filled_cells_is_the_same_to_the_byte(content):
    assert read_sheet(content).filled({}) == content


def test_a_filled_cell_is_quoted_where_it_must_be():
    assert read_sheet(b"a,b\n1,2\n").filled({(1, 1): 'x, "y"'}) == b'a,b\n1,"x, ""y"""\n'


def test_a_thousand_open_quotation_marks_are_refused_at_once():
    with pytest.raises(UsageError, match="not closed"):
        read_sheet(b'"a' * 500_001)
