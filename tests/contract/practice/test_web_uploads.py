"""The three uploads of the web pages: what is refused whole, what row by row, and what is then stored. Pack section 4."""

import csv
import io
import socket

import httpx
import pytest

from tests.contract.practice.browsing import Visitor, file_of, rows_of
from tests.contract.practice.conftest import KNOWN_SCHOOL, client_of, person

ADD, RECOMMEND, PLACEMENTS = "add-trainees", "recommend", "placements"
DATE = "Date QTS or EYTS requirements met"
TEMPLATE = "/bulk-update/add-trainees/v2026_1_bulk_create_trainee.csv"
FILES = {
    ADD: TEMPLATE,
    RECOMMEND: "/bulk-update/recommend/bulk-recommend-export.csv",
    PLACEMENTS: "/bulk-update/placements/bulk-placements-export.csv",
}
SECOND_SCHOOL = "555001"


@pytest.fixture
def visitor(site):
    with client_of(site.portal.register_url, timeout=10) as http:
        yield Visitor(http).sign_in()


@pytest.fixture
def columns(visitor):
    return visitor.get(TEMPLATE).reply.text.strip().split(",")


def row(columns, **other):
    """A trainee as a row of the template."""
    fields = person(**other)
    degree = (fields.pop("degrees_attributes") or [{}])[0]
    names = {
        "subject": "degree_subject",
        "grade": "degree_grade",
        "graduation_year": "degree_graduation_year",
    }
    names |= {"institution": "awarding_institution", "country": "degree_country"}
    flat = fields | {names.get(key, key): value for key, value in degree.items()}
    return {column: str(flat.get(column) or "") for column in columns}


def ready(site, **other):
    """A trainee who can be recommended."""
    placements = [{"urn": KNOWN_SCHOOL}, {"urn": SECOND_SCHOOL}]
    fields = person(placements_attributes=None, **other)
    fields["degrees"] = fields.pop("degrees_attributes")
    return site.control.add(
        **fields, placements=placements, state="trn_received", course_education_phase="secondary"
    )


def listed(visitor, kind):
    return rows_of(visitor.get(FILES[kind]).reply.content)


# --- bulk add


def test_the_template_has_the_51_columns_in_their_order(columns):
    assert len(columns) == 51
    assert (columns[0], columns[40], columns[-1]) == (
        "provider_trainee_id",
        "placement_1_urn",
        "iqts_country",
    )


def test_good_rows_are_looked_at_first_and_added_when_they_are_submitted(site, visitor, columns):
    rows = [row(columns), row(columns, placement_1_urn=KNOWN_SCHOOL)]
    rows[1]["hesa_id"] = "'" + rows[1]["hesa_id"]
    visitor.upload(ADD, file_of(rows))
    assert "Ready to submit" in visitor.page.words
    assert site.control.requests() == []
    assert site.control.trainees() == []
    visitor.send()
    assert "Your file was submitted" in visitor.page.headings
    shown = {t["provider_trainee_id"]: t for t in map(site.seen, site.ids())}
    assert set(shown) == {r["provider_trainee_id"] for r in rows}
    second = shown[rows[1]["provider_trainee_id"]]
    assert (second["state"], second["record_source"]) == ("submitted_for_trn", "csv")
    assert second["hesa_id"] == rows[1]["hesa_id"].removeprefix("'")
    assert [p["urn"] for p in second["placements"]] == [KNOWN_SCHOOL]
    assert second["degrees"][0]["uk_degree"] == "083"
    entry = next(e for e in site.control.requests() if e["method"] == "POST")
    assert entry["effect"] is True
    assert entry["path"].endswith("/submit")


def test_one_bad_row_fails_the_file_and_every_row_comes_back_with_its_verdict(site, visitor, columns):
    rows = [row(columns), row(columns, first_names=None, sex="77"), row(columns)]
    rows[1]["degree_grade"] = ""
    rows[2]["placement_1_urn"] = "999999"
    visitor.upload(ADD, file_of(rows), "my trainees.csv")
    assert "No trainee was added" in visitor.page.words
    assert [form.action for form in visitor.page.forms] == ["/sign-out"], "nothing can be submitted"
    told = visitor.errors()
    assert [r["Validation results"] for r in told] == ["Validation passed", "3 errors found", "1 error found"]
    errors = told[1]["Errors"].split(";\n")
    assert "first_names can't be blank" in errors
    assert any(error.startswith("sex has invalid reference data value of '77'") for error in errors)
    assert any(error.startswith("degree_grade ") for error in errors)
    assert told[2]["Errors"].startswith("placement_1_urn ")
    assert site.ids() == []
    assert list(told[0]) == [*columns, "Validation results", "Errors"]


def test_a_file_that_came_back_is_mended_and_sent_again_as_it_is(site, visitor, columns):
    visitor.upload(ADD, file_of([row(columns), row(columns, sex="77")]))
    told = visitor.errors()
    told[1]["sex"] = "10"
    visitor.upload(ADD, file_of(told)).send()
    assert len(site.ids()) == 2


def test_duplicates_are_told_in_the_portal_and_within_the_file(site, visitor, columns):
    known = row(columns)
    visitor.upload(ADD, file_of([known])).send()
    again, twin = row(columns), None
    twin = dict(again, email="other@example.com", hesa_id="2610994179999")
    visitor.upload(ADD, file_of([known, again, twin]))
    assert [r["Errors"] for r in visitor.errors()] == [
        "This trainee is already in Register",
        "",
        "This trainee is already in Register",
    ]


def test_what_changed_since_the_upload_is_looked_at_again(site, visitor, columns):
    made = row(columns)
    visitor.upload(ADD, file_of([made]))
    waiting = str(visitor.reply.url)
    visitor.upload(ADD, file_of([made])).send()
    visitor.get(waiting).send()
    assert "Errors found" in visitor.page.words
    assert len(site.ids()) == 1


def test_an_upload_can_be_cancelled(site, visitor, columns):
    visitor.upload(ADD, file_of([row(columns)]))
    path = str(visitor.reply.url.path)
    visitor.send(f"{path}/cancel")
    assert "Upload cancelled" in visitor.page.headings
    assert "Cancelled" in visitor.get("/bulk-update").page.words
    assert site.ids() == []


def test_heads_in_any_case_and_order_blank_rows_and_old_encodings_do(site, visitor, columns):
    made = row(columns, last_name="Bärgström")
    blank = dict.fromkeys(columns, "")
    shuffled = [*reversed(columns)]
    text = file_of([blank, made, blank], shuffled).decode().replace("first_names", "First_Names", 1)
    visitor.upload(ADD, text.replace("\r\n", "\r").encode("cp1252")).send()
    assert [site.seen(i)["last_name"] for i in site.ids()] == ["Bärgström"]


def test_a_school_centred_provider_may_not_bulk_add(site):
    with client_of(site.portal.register_url) as http:
        scitt = Visitor(http).sign_in("scitt")
        assert "/bulk-update/add-trainees" not in scitt.get("/bulk-update").page.links
        for path in ("/bulk-update/add-trainees", TEMPLATE):
            assert scitt.get(path).reply.status_code == 403
        token = scitt.page.forms[0].fields["csrf"][0]
        reply = http.post("/bulk-update/add-trainees", data={"csrf": token}, files={"file": ("a.csv", b"a")})
        assert reply.status_code == 403
        assert scitt.get(f"/bulk-update/{RECOMMEND}").reply.status_code == 200


# --- refused whole

HEADS = b"TRN,Date QTS or EYTS requirements met\n"
REFUSED = [
    (b"", "a.csv", "The selected file is empty"),
    (b" \r\n ", "a.csv", "The selected file is empty"),
    (b",,,\n1,2,3,4\n", "a.csv", "The selected file is empty"),
    (b"a,b\n1,2\n", "trainees.xls", "The selected file must be a CSV"),
    (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "trainees.csv", "The selected file must be a CSV"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "trainees.csv", "The selected file must be a CSV"),
    ("TRN,Date\n1,2\n".encode("utf-16"), "trainees.csv", "The selected file must be a CSV"),
    (HEADS + b'1,"2\n' * 3, "a.csv", "could not be read near line 2"),
    (HEADS + b"x" * 1_048_576, "a.csv", "must be smaller than 1MB"),
    (b'"' + b"x" * 900_000 + b'"\n', "a.csv", "could not be read near line 1"),
]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(("content", "name", "words"), REFUSED)
def test_what_is_no_csv_file_is_refused_whole(site, visitor, kind, content, name, words):
    before = visitor.get("/bulk-update").page.links
    visitor.upload(kind, content, name, status=422)
    assert words in visitor.page.words
    assert "There is a problem" in visitor.page.words
    assert visitor.get("/bulk-update").page.links == before
    assert site.control.requests() == []


HEADS_WRONG = [
    (ADD, b"first_names\nAda\n", "missing the following columns: ‘provider_trainee_id’"),
    (RECOMMEND, b"TRN,Last names\n1234567,Ashcombe\n", "must have a column ‘Date QTS"),
    (
        RECOMMEND,
        b"Last names,Date QTS or EYTS requirements met\nA,1/9/2026\n",
        "must have a column TRN, HESA ID",
    ),
    (RECOMMEND, b"TRN,Date QTS or EYTS requirements met\n1234567,\n", "at least one date"),
    (PLACEMENTS, b"TRN,Placement 1 URN\n1,2\n", "Trainee ITT start date, Placement 2 URN"),
    (
        PLACEMENTS,
        b"TRN,Trainee ITT start date,Placement 1 URN,Placement 2 URN,Placement 6 URN\n1,2,3,4,5\n",
        "columns that do not belong there: Placement 6 URN",
    ),
    (
        PLACEMENTS,
        b"TRN,Trainee ITT start date,Placement 1 URN,Placement 2 URN\n",
        "does not have any trainees",
    ),
]


@pytest.mark.parametrize(("kind", "content", "words"), HEADS_WRONG)
def test_wrong_columns_are_named(visitor, kind, content, words):
    assert words in visitor.upload(kind, content, status=422).page.words


def test_columns_too_many_twice_or_without_a_name_are_named(visitor, columns):
    made = row(columns)
    for extra, words in (
        ("Lead Partner URN", "‘lead partner urn’"),
        ("", "without a name"),
        ("sex", "‘sex’"),
    ):
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([[*columns, extra], [*made.values(), ""]])
        assert words in visitor.upload(ADD, stream.getvalue().encode(), status=422).page.words
    visitor.upload(ADD, (",".join(columns) + "\n").encode(), status=422)
    assert "does not have any trainees" in visitor.page.words


# --- bulk recommend


def test_the_list_is_of_those_who_may_be_recommended_with_its_row_of_advice(site, visitor):
    one = ready(site, training_partner_ukprn="10990002")
    site.control.add(last_name="Waiting", state="submitted_for_trn")
    advice, shown = listed(visitor, RECOMMEND)
    assert set(advice.values()) - {advice[DATE]} == {"Do not edit"}
    assert advice[DATE].startswith("For example, 20/7/2022\n\nDelete row")
    assert shown == {
        "TRN": one["trn"],
        "Provider trainee ID": one["provider_trainee_id"],
        "HESA ID": f"'{one['hesa_id']}'",
        "Last names": "Ashcombe",
        "First names": one["first_names"],
        "Training partner": "Dale Trust",
        "QTS or EYTS": "QTS",
        "Route": "Primary and Secondary Postgraduate Fee Funded",
        "Phase": "Secondary",
        "Age range": "11 to 16",
        "Subject": "Mathematics",
        DATE: "",
    }


def test_the_column_of_hesa_ids_is_left_out_when_nobody_has_one(site, visitor):
    ready(site, hesa_id=None)
    assert "HESA ID" not in listed(visitor, RECOMMEND)[0]


def test_good_rows_go_ahead_and_only_bad_ones_come_back(site, visitor):
    good, late, blank = ready(site), ready(site), ready(site)
    rows = listed(visitor, RECOMMEND)
    rows[1][DATE], rows[2][DATE] = "2/10/2026", "2-10-2027"
    visitor.upload(RECOMMEND, file_of(rows))
    assert "Trainees who will be recommended 1" in " ".join(visitor.page.words.split())
    told = visitor.errors()
    assert [(r["TRN"], r["Errors"]) for r in told[1:]] == [
        (late["trn"], "Date QTS or EYTS requirements met must not be in the future")
    ]
    assert told[0]["TRN"] == "Do not edit"
    assert site.seen(good)["state"] == "trn_received"
    visitor.send()
    shown = site.seen(good)
    assert (shown["state"], shown["outcome_date"]) == ("recommended_for_award", "2026-10-02")
    assert {site.seen(t)["state"] for t in (late, blank)} == {"trn_received"}
    told[1][DATE] = "01/10/2026"
    visitor.upload(RECOMMEND, file_of(told)).send()
    assert site.seen(late)["outcome_date"] == "2026-10-01"
    assert site.seen(blank)["state"] == "trn_received"


BAD_ROWS = [
    ({DATE: "soon"}, "must be a real date"),
    ({DATE: "31/9/2026"}, "must be a real date"),
    ({DATE: "4/10/2025"}, "must be within the last 12 months"),
    ({DATE: "6/9/2026"}, "must not be before the ITT start date"),
    ({"TRN": "12a4567"}, "TRN must be 7 digits"),
    ({"TRN": "9999999"}, "No trainee was found with this TRN"),
    ({"TRN": "", "HESA ID": "12"}, "HESA ID must be 13 or 17 digits"),
    ({"TRN": "", "HESA ID": "", "Provider trainee ID": ""}, "must be entered"),
    ({"Provider trainee ID": "other"}, "Provider trainee ID does not match"),
    ({"Last names": "Other"}, "Last names do not match"),
    ({"Subject": "Biology"}, "Subject does not match"),
    ({"Route": "=WEBSERVICE('http://example.com')"}, "Route does not match"),
]


@pytest.mark.parametrize(("change", "words"), BAD_ROWS)
def test_a_row_that_is_wrong_says_why_and_recommends_nobody(site, visitor, change, words):
    one = ready(site)
    rows = listed(visitor, RECOMMEND)
    rows[1] |= {DATE: "2/10/2026"} | change
    visitor.upload(RECOMMEND, file_of(rows))
    told = visitor.errors()[1]
    assert words in told["Errors"]
    assert not any(value.startswith("=") for value in told.values())
    assert site.seen(one)["state"] == "trn_received"


def test_names_match_without_accents_case_or_blanks_and_by_any_identifier(site, visitor):
    one = ready(site, last_name="Bärgström")
    heads = "hesa id,last names,DATE QTS OR EYTS REQUIREMENTS MET\n"
    content = f"{heads}'{one['hesa_id']},bargstrom,2/10/2026\n".encode("iso-8859-1")
    visitor.upload(RECOMMEND, content).send()
    assert site.seen(one)["state"] == "recommended_for_award"


def test_what_a_recommendation_needs_is_told(site, visitor):
    one = ready(site, degrees_attributes=[])
    site.control.edit(one["trainee_id"], placements=[])
    visitor.upload(RECOMMEND, f"TRN,{DATE}\n{one['trn']},2/10/2026\n".encode())
    errors = visitor.errors()[0]["Errors"]
    assert "degree_id must be completed before" in errors
    assert "placements must be at least 2" in errors


# --- bulk placements


def urns(site, trainee):
    return [p["urn"] for p in site.seen(trainee)["placements"]]


def test_the_list_of_placements_marks_those_without_a_school(site, visitor):
    one = ready(site)
    site.control.edit(one["trainee_id"], placements=[{"urn": KNOWN_SCHOOL}, {"name": "Hill Hospital School"}])
    advice, shown = listed(visitor, PLACEMENTS)
    assert advice["TRN"] == "Do not change this column"
    assert advice["Placement 2 URN"].startswith("The URN of the trainee's second placement school.")
    assert shown == {
        "TRN": one["trn"],
        "Trainee ITT start date": "07/09/2026",
        "Placement 1 URN": KNOWN_SCHOOL,
        "Placement 2 URN": "ADDED MANUALLY",
        "Placement 3 URN": "",
        "Placement 4 URN": "",
        "Placement 5 URN": "",
    }


def test_placements_at_schools_are_replaced_and_the_others_stay(site, visitor):
    one = ready(site)
    site.control.edit(one["trainee_id"], placements=[{"urn": KNOWN_SCHOOL}, {"name": "Hill Hospital School"}])
    stamp = site.seen(one)["updated_at"]
    site.control.clock("2026-10-05T10:00:00Z")
    rows = listed(visitor, PLACEMENTS)
    rows[1] = rows[1] | {"Placement 1 URN": SECOND_SCHOOL}
    visitor.upload(PLACEMENTS, file_of(rows))
    assert "Your file was submitted" in visitor.page.headings
    assert urns(site, one) == [None, SECOND_SCHOOL]
    assert site.seen(one)["updated_at"] == stamp, "such an edit is silent, as in the real service"
    assert [e["effect"] for e in site.control.requests() if e["method"] == "POST"] == [True]


def test_what_was_deleted_stays_deleted_when_the_new_urn_fails(site, visitor):
    one = ready(site)
    rows = listed(visitor, PLACEMENTS)
    rows[1] |= {"Placement 1 URN": "12", "Placement 2 URN": "999999"}
    visitor.upload(PLACEMENTS, file_of(rows))
    assert "their earlier placements at schools were deleted" in visitor.page.words
    assert urns(site, one) == []
    errors = visitor.errors()[1]["Errors"]
    assert errors.startswith("Placement 1 URN must be 6 digits;\nPlacement 2 URN was not found")


def test_rows_that_name_nobody_change_nothing(site, visitor):
    one = ready(site)
    heads = "TRN,Trainee ITT start date,Placement 1 URN,Placement 2 URN\n"
    content = f"{heads},07/09/2026,{SECOND_SCHOOL},\n7777777,,,\n=1+1,,,\n"
    visitor.upload(PLACEMENTS, content.encode())
    told = visitor.errors()
    assert [r["Errors"] for r in told] == [
        "TRN must be 7 digits",
        "No trainee was found with this TRN",
        "TRN must be 7 digits",
    ]
    assert told[2]["TRN"] == "'=1+1"
    assert urns(site, one) == [KNOWN_SCHOOL, SECOND_SCHOOL]


# --- hostile bodies

BODIES = [
    ("multipart/form-data", b"anything"),
    ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    ("multipart/form-data; boundary=x", b""),
    ("multipart/form-data; boundary=x", b"--x\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nabc\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\n\r\nno head\r\n--x--\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\n" + b"H" * 4000 + b"\r\n\r\nabc\r\n--x--\r\n"),
    ("multipart/form-data; boundary=x", b"\r\n--x" * 1000 + b"--"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\xff\r\n--x--\r\n',
    ),
    ("application/json", b'{"csrf": "x"}'),
    ("application/x-www-form-urlencoded", b"csrf=%ff%00"),
    ("application/x-www-form-urlencoded", b"a=1&" * 1000),
    ("application/x-www-form-urlencoded", b"csrf=" + b"a" * 100_000),
    ("text/plain; boundary=x", b"csrf=x"),
]


@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_bodies_that_are_no_form_get_a_clear_page_and_store_nothing(site, visitor, kind, body):
    reply = visitor.http.post(f"/bulk-update/{RECOMMEND}", content=body, headers={"content-type": kind})
    assert reply.status_code in (400, 422)
    assert "Nothing was stored" in reply.text
    assert "Traceback" not in reply.text
    assert site.control.requests() == []
    assert visitor.get("/bulk-update").reply.status_code == 200


def test_a_file_of_gigabytes_is_refused_by_its_length_alone(site):
    url = httpx.URL(site.portal.register_url)
    head = "POST /bulk-update/add-trainees HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    with socket.create_connection(("127.0.0.1", url.port), timeout=5) as line:
        line.sendall(f"{head}Content-Length: {2 * 1024**3}\r\n\r\n--x\r\n".encode())
        answer = b""
        while b"</html>" not in answer and (part := line.recv(65536)):
            answer += part
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"must be smaller than 1MB" in answer
    assert site.call("GET", "/info").status_code == 200


def test_names_of_files_are_text_and_lose_their_folders(site, visitor, columns):
    visitor.upload(ADD, file_of([row(columns, sex="77")]), 'C:\\Users\\me\\<img src=x>"; q.csv')
    assert "<img" not in visitor.reply.text
    assert '<img src=x>"; q.csv' in visitor.page.words
    assert "Users" not in visitor.page.words
    link = next(link for link in visitor.page.links if link.endswith("with-errors.csv"))
    assert link.endswith("/img-src-x-q-with-errors.csv")
    assert visitor.http.get(link).headers["content-disposition"] == (
        'attachment; filename="img-src-x-q-with-errors.csv"'
    )


def test_many_rows_are_added_together(site, visitor, columns):
    visitor.upload(ADD, file_of([row(columns) for _ in range(200)])).send()
    assert len(site.control.trainees()) == 200
