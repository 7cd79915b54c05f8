"""Planted personal data never gets through: whatever stands around it, and by whatever way it might reach the report for support."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.model.document import Document
from desktop.model.redaction import redact
from desktop.model.verdict import PortalState
from desktop.services.support import READ_ME
from desktop.services.views import Organisation, RecordQuery
from desktop.services.workspace import Workspace
from desktop.store.portals import Try
from desktop.ui.operations import crash_report

LETTERS = "ABCDEFGHJKLMNPRSTWXYZ"
NAMES = ["Quillfeather", "Ashdown", "Wren", "O’Brien-Marsh", "Zoë", "Sam", "Nguyễn", "Priya"]
DAYS = st.dates(date(1940, 1, 1), date(2015, 12, 31))


@st.composite
def ni_numbers(draw: st.DrawFn) -> str:
    two = draw(st.text(LETTERS, min_size=2, max_size=2))
    digits = f"{draw(st.integers(0, 999_999)):06}"
    parts = (two, digits[:2], digits[2:4], digits[4:], draw(st.sampled_from("ABCD")))
    return draw(st.sampled_from(("", " "))).join(parts)


@st.composite
def postcodes(draw: st.DrawFn) -> str:
    area = draw(st.text(LETTERS, min_size=1, max_size=2)) + str(draw(st.integers(1, 9)))
    area += draw(st.sampled_from(("", "1", "A")))
    return f"{area}{draw(st.sampled_from((' ', '')))}{draw(st.integers(0, 9))}{draw(st.text(LETTERS, min_size=2, max_size=2))}"


@st.composite
def days(draw: st.DrawFn) -> str:
    shape = draw(st.sampled_from(("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%d %B %Y", "%d %b %Y", "%Y%m%d")))
    return draw(DAYS).strftime(shape)


@st.composite
def folders(draw: st.DrawFn) -> tuple[str, str]:
    user = draw(st.text("abcdefghij.", min_size=3, max_size=12)).strip(".") or "ada"
    shape = draw(
        st.sampled_from(
            ("/home/{}/work", "/Users/{}/Documents/a", "C:\\Users\\{}\\AppData", "\\\\server\\{}\\w")
        )
    )
    return shape.format(user), f"{user}"


TRNS = st.integers(1_000_000, 9_999_999).map(str)
TOKENS = st.text("abcdef0123456789", min_size=32, max_size=64).map(lambda t: f"reg1{t}")
EMAILS = st.builds(
    lambda who, where: f"{who}@{where}.example",
    st.text("abcxyz.'-_", min_size=1, max_size=12).map(lambda t: f"q{t.strip(chr(39))}q".replace("'", "")),
    st.text("abcdefg", min_size=2, max_size=8),
)
PLANTED = st.one_of(ni_numbers(), postcodes(), days(), TRNS, TOKENS, EMAILS)
AROUND = st.sampled_from((" ", ": ", ", ", "\n", "(", "' ", '" ', " = ", "|", "\t"))


@given(planted=PLANTED, before=AROUND, after=AROUND)
@settings(max_examples=400)
def test_whatever_has_a_shape_is_taken_out(planted: str, before: str, after: str) -> None:
    told = redact(f"the portal said{before}{planted}{after}and stopped")
    assert planted not in told
    assert told.startswith("the portal")
    assert told.rstrip().endswith("stopped")


@given(folders(), AROUND)
def test_the_name_of_a_user_in_a_path_is_taken_out(folder: tuple[str, str], before: str) -> None:
    path, user = folder
    assert f"{user}" not in redact(f"{before}{path}").replace("[folder]", "")


@given(st.lists(st.sampled_from(NAMES), min_size=1), AROUND)
def test_known_names_are_taken_out_in_any_case(names: list[str], between: str) -> None:
    told = redact(between.join(["x", *(name.upper() for name in names), "y"]), NAMES)
    assert not any(name.upper() in told for name in names)


@pytest.mark.parametrize(
    "text",
    [
        "trainees: 1,234 records",
        "changes queued: 37",
        "SQLite 3.45.1, page size 8192",
        "desktop/ui/record/page.py:123 in _on_saved",
        "desktop.model.errors.StoreDamaged",
        "503 after 12.5 s, 3 tries",
    ],
)
def test_what_helps_stays(text: str) -> None:
    assert redact(text) == text


# -- the report -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("support") / "home" / "ada.quillfeather" / "w"
    made = Workspace.create(
        folder, Organisation("Weybury SCITT", "hei", "10007140"), "pass", actor="Priya Quillfeather"
    )
    made.portals.connect("trainees", "https://register.example", token="reg1" + "0a" * 20, in_workspace=True)
    yield made
    made.close()


@given(
    first=st.text("bdfgklmn", min_size=6, max_size=10).map(lambda t: f"Q{t}"),
    last=st.text("prstvwz", min_size=6, max_size=10).map(lambda t: f"X{t}"),
    born=DAYS,
    trn=TRNS,
    email=EMAILS,
    ni=ni_numbers(),
    postcode=postcodes(),
)  # fmt: skip
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_planted_is_in_the_report(workspace, first, last, born, trn, email, ni, postcode) -> None:
    """In a record, in what a portal said, in an error's message, in the path of a file, in the names of those who work here."""
    fields = {"first_names": first, "last_name": last, "date_of_birth": born.isoformat(), "email": email}
    record_id = workspace.records.add(
        "trainees", Document({**fields, "provider_trainee_id": f"{ni} {postcode} {trn}"})
    ).id
    error = ValueError(f"{first} {last} {trn} {email} {ni} {postcode}")
    workspace.support.note_crash(crash_report(error))
    with workspace._store.write() as unit:
        said = f"{first} {last} {email} {ni} is not known"
        unit.portals.put(unit.portals.get("trainees"), detail=said)
        unit.portals.add_try(
            "trainees", Try(workspace.now(), PortalState.DOWN, f"GET /trainees/{trn}", said, 3)
        )
    whole = "\n".join(part.text for part in workspace.support.report({"colours": "dark"}))
    for planted in (
        first,
        last,
        born.isoformat(),
        trn,
        email,
        ni,
        postcode,
        "Quillfeather",
        "reg10a0a",
        "pass ",
        "10007140",
    ):
        assert planted.casefold() not in whole.replace(READ_ME, "").casefold(), planted
    assert "ValueError" in whole
    assert record_id not in whole


def test_the_report_is_saved_as_it_was_shown(workspace, tmp_path: Path) -> None:
    parts = workspace.support.report({"colours": "dark"})
    workspace.support.save(tmp_path / "r.zip", parts)
    with zipfile.ZipFile(tmp_path / "r.zip") as packed:
        assert {name: packed.read(name).decode() for name in packed.namelist()} == {
            p.name: p.text for p in parts
        }
    told = {part.name: part.text for part in parts}
    assert "all is sound" in told["doctor.txt"]
    assert "register.example, " in told["portals.txt"]
    assert "token in workspace" in told["portals.txt"]
    assert "colours: dark" in told["settings.txt"]
    assert str(len(workspace.records.find(RecordQuery("trainees")))) in told["numbers.txt"]


def test_crash_reports_are_kept_up_to_a_number(workspace) -> None:
    for number in range(25):
        workspace.support.note_crash(f"Holdfast crash report\n  place.py:{number} in here")
    told = next(part.text for part in workspace.support.report() if part.name == "crashes.txt")
    assert "place.py:24 in here" in told
    assert told.count("Holdfast crash report") == 20
