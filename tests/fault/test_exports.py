"""Files for Register: made whole or not at all, never counted as sent, and followed until they are read back."""

import csv
import hashlib
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.model.change import ChangeState
from desktop.model.errors import DiskFull, StoreDamaged, UsageError
from desktop.practice.web import bulk_recommend
from desktop.services import exports as exports_module
from desktop.store import sealed
from tests.fault.conftest import a_new_school, a_school


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def answer_to(path: Path, errors: dict[int, str], out: Path) -> Path:
    """The file as Register gives it back: with its two columns, errors by row from 0."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    told = [[*rows[0], "Validation results", "Errors"]]
    for number, row in enumerate(rows[1:]):
        found = errors.get(number, "")
        many = f"{found.count(';') + 1} errors found" if found else "Validation passed"
        told.append([*row, many, found])
    with out.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(told)
    return out


def upload_by_hand(desk, row, **other):
    """What Register makes of a row: the trainee, as somebody put it there."""
    meant = {name: value.removeprefix("'") for name, value in row.items() if value}
    body = {
        k: v
        for k, v in meant.items()
        if not k.startswith(("placement_", "degree_", "uk_", "non_uk", "award"))
    }
    degree = {
        "uk_degree": meant.get("uk_degree"),
        "subject": meant.get("degree_subject"),
        "grade": meant.get("degree_grade"),
        "institution": meant.get("awarding_institution"),
        "graduation_year": int(meant["degree_graduation_year"]),
    }
    made = desk.control.add(**body, state="submitted_for_trn", degrees=[degree], **other)
    return made["trainee_id"]


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def files(desk):
    return desk.workspace.exports


def test_a_file_is_no_sending_and_says_so_on_every_change(desk, files, out):
    first, second = (
        desk.add(training_partner_ukprn=None, provider_trainee_id="N-1"),
        desk.add(training_partner_ukprn=None, provider_trainee_id="N-2"),
    )
    made = files.make("bulk-add", out)
    assert made.export is not None
    assert [f.name for f in made.export.files] == ["trainees-1.csv"]
    assert (made.export.records, made.export.waiting, made.export.state) == (2, 2, "made")
    content = (out / "trainees-1.csv").read_bytes()
    assert made.export.files[0].sha256 == hashlib.sha256(content).hexdigest()
    for view in (first, second):
        (change,) = desk.changes(view)
        assert change.state is ChangeState.QUEUED
        assert change.reason == "In trainees-1.csv, not uploaded yet."
        assert "in_file" in desk.events(view)
    assert desk.writes() == []
    desk.assert_healthy()


def test_an_upload_waits_to_be_read_back_and_the_pull_confirms_it(desk, files, out):
    new = desk.add(training_partner_ukprn=None, provider_trainee_id="N-1", middle_names="Maud")
    made = files.make("bulk-add", out)
    assert [(left.field, left.record_id) for left in made.plan.left_out] == [("middle_names", new.id)]
    told = files.uploaded(made.export.id, "Upload 4711")
    assert (told.export.state, told.export.receipt, told.edited) == ("uploaded", "Upload 4711", 0)
    (change,) = desk.changes(new)
    assert (change.state, change.reason) == (
        ChangeState.UNKNOWN,
        "Uploaded in trainees-1.csv. It waits to be read back.",
    )
    desk.sync()
    assert desk.writes() == [], "what went by a file is never sent a second way"
    assert desk.states(new) == [ChangeState.UNKNOWN]

    portal_id = upload_by_hand(desk, rows_of(out / "trainees-1.csv")[0])
    desk.clock.forward(minutes=2)
    desk.sync()
    assert desk.view(new).portal_id == portal_id
    assert files.get(made.export.id).waiting == 0
    desk.sync()
    assert desk.trainee(new)["middle_names"] == "Maud", "what the file could not say is sent once it is known"
    desk.assert_settled()


def test_what_was_edited_after_the_file_was_made_stays_to_be_sent(desk, files, out):
    new = desk.add(training_partner_ukprn=None, provider_trainee_id="N-1")
    made = files.make("bulk-add", out)
    desk.edit(new, email="later@mail.example")
    assert files.uploaded(made.export.id).edited == 1
    upload_by_hand(desk, rows_of(out / "trainees-1.csv")[0])
    desk.clock.forward(minutes=2)
    desk.sync()
    desk.sync()
    assert desk.trainee(new)["email"] == "later@mail.example"
    desk.assert_settled()


def test_one_bad_row_brings_all_rows_of_its_file_back_and_names_the_field(desk, files, out, tmp_path):
    good, bad = (
        desk.add(training_partner_ukprn=None, provider_trainee_id="N-1"),
        desk.add(training_partner_ukprn=None, provider_trainee_id="N-2"),
    )
    made = files.make("bulk-add", out)
    files.uploaded(made.export.id)
    told = "first_names can't be blank;\ndegree_grade must be entered if specifying a previous UK degree"
    answered = files.load_answer(answer_to(out / "trainees-1.csv", {1: told}, tmp_path / "answer.csv"))
    degree = bad.document.children["degrees"][0].id
    assert [(v.record_id, v.field) for v in answered.verdicts] == [
        (bad.id, "first_names"),
        (bad.id, f"degrees.{degree}.grade"),
    ]
    assert (answered.state, answered.passed) == ("answered", 1)
    (change,) = desk.changes(bad)
    assert change.state is ChangeState.REJECTED
    assert change.refusals[0] == ("first_names", "first_names can't be blank")
    (waits,) = desk.changes(good)
    assert waits.state is ChangeState.QUEUED
    assert waits.reason.startswith("Not created: Register refused trainees-1.csv")
    desk.edit(bad, first_names="Adalind")
    again = files.make("bulk-add", out)
    assert [f.name for f in again.export.files] == ["trainees-2.csv"]
    assert (again.export.records, again.plan.with_errors) == (2, 0)
    desk.assert_healthy()


def test_a_file_that_was_not_uploaded_is_forgotten_and_what_it_held_waits_as_before(desk, files, out):
    new = desk.add(training_partner_ukprn=None, provider_trainee_id="N-1")
    made = files.make("bulk-add", out)
    files.uploaded(made.export.id)
    files.take_back(made.export.id)
    assert files.all() == []
    assert desk.states(new) == [ChangeState.QUEUED]
    assert list((desk.folder / "files").iterdir()) == []
    desk.sync()
    assert desk.view(new).portal_id is not None
    desk.assert_settled()


def test_drafts_with_errors_stand_in_a_file_of_their_own(desk, files, out):
    desk.add(training_partner_ukprn=None, provider_trainee_id="N-1")
    draft = desk.add(training_partner_ukprn=None, provider_trainee_id="N-2", email=None)
    made = files.make("bulk-add", out)
    assert {f.name: f.records for f in made.export.files} == {
        "trainees-1.csv": 1,
        "trainees-with-errors-1.csv": 1,
    }
    assert made.plan.with_errors == 1
    (change,) = desk.view(draft).changes
    assert (change.state, change.reason) == (
        ChangeState.HELD,
        "In trainees-with-errors-1.csv, not uploaded yet.",
    )


def test_the_same_rows_twice_warn_and_get_a_file_of_their_own(desk, files, out):
    desk.add(training_partner_ukprn=None, provider_trainee_id="N-1")
    files.make("bulk-add", out)
    plan = files.plan("bulk-add")
    assert any("trainees-1.csv holds the same row" in warning for warning in plan.warnings)
    assert [f.name for f in files.make("bulk-add", out).export.files] == ["trainees-2.csv"]


def test_old_data_warns_and_fresh_data_does_not(desk, files):
    desk.add(training_partner_ukprn=None, provider_trainee_id="N-1")
    assert files.plan("bulk-add").warnings == ()
    desk.clock.forward(days=3)
    assert any("last whole reading" in warning for warning in files.plan("bulk-add").warnings)


def test_what_may_be_there_already_is_left_out(desk, files, out):
    new = desk.add(training_partner_ukprn=None, provider_trainee_id="N-1")
    made = files.make("bulk-add", out)
    files.uploaded(made.export.id)
    again = files.make("bulk-add", out)
    assert again.export is None
    assert [(left.record_id, left.field) for left in again.plan.left_out] == [(new.id, "")]


def test_a_full_disk_leaves_no_file_and_no_export(desk, files, out, monkeypatch):
    new = desk.add(training_partner_ukprn=None, provider_trainee_id="N-1")

    def full(path, content):
        raise DiskFull("The disk is full.")

    monkeypatch.setattr(exports_module, "write_whole", full)
    with pytest.raises(DiskFull):
        files.make("bulk-add", out)
    assert files.all() == []
    assert list(out.iterdir()) == []
    assert list((desk.folder / "files").iterdir()) == []
    assert desk.view(new).changes[0].reason == ""


def test_the_copy_that_is_kept_is_sealed_and_can_be_saved_again(desk, files, out, tmp_path):
    desk.add(training_partner_ukprn=None, provider_trainee_id="N-1", last_name="Quarrington")
    made = files.make("bulk-add", out)
    (kept,) = (desk.folder / "files").iterdir()
    assert b"Quarrington" not in kept.read_bytes()
    (again,) = files.save_again(made.export.id, out.parent)
    assert again.read_bytes() == (out / "trainees-1.csv").read_bytes()
    with pytest.raises(UsageError, match="is there already"):
        files.save_again(made.export.id, out)
    kept.write_bytes(kept.read_bytes()[:-1] + b"\0")
    with pytest.raises(StoreDamaged):
        files.save_again(made.export.id, tmp_path)
    kept.unlink()
    with pytest.raises(UsageError, match="not in the workspace any more"):
        files.save_again(made.export.id, tmp_path)


def test_a_kept_file_does_not_open_under_another_name(desk, files):
    desk.workspace  # noqa: B018 - opens it
    store = desk.workspace._store
    sealed.keep(store, "one", b"content")
    assert sealed.read(store, "one") == b"content"
    (desk.folder / "files" / "one.sealed").rename(desk.folder / "files" / "two.sealed")
    with pytest.raises(StoreDamaged):
        sealed.read(store, "two")


def test_an_answer_of_somebody_else_changes_nothing(desk, files, out, tmp_path):
    new = desk.add(training_partner_ukprn=None, provider_trainee_id="N-1")
    made = files.make("bulk-add", out)
    text = (out / "trainees-1.csv").read_text("utf-8")
    strange = tmp_path / "strange.csv"
    strange.write_text(
        text.replace("N-1", "X-9").replace(str(new.document.get("hesa_id")), "9999999999999"), "utf-8"
    )
    with pytest.raises(UsageError, match="Nobody in this file"):
        files.load_answer(answer_to(strange, {0: "sex is wrong"}, tmp_path / "answer.csv"))
    with pytest.raises(UsageError, match="no Errors column"):
        files.load_answer(out / "trainees-1.csv")
    assert files.get(made.export.id).state == "made"


# --- recommending


def list_of(desk, trainees: list[str], path: Path, **other: str) -> Path:
    """Register's own list for recommending, as somebody downloads it."""
    heads = [
        "TRN",
        "Provider trainee ID",
        "HESA ID",
        "First names",
        "Last names",
        "Date QTS or EYTS requirements met",
    ]
    advice = ["Do not edit"] * 5 + [
        "For example, 20/7/2022\n\nDelete row if the trainee's status is not changing"
    ]
    rows = [heads, advice]
    for trainee_id in trainees:
        t = desk.control.trainee(trainee_id)
        row = {
            "TRN": t["trn"],
            "Provider trainee ID": t["provider_trainee_id"] or "",
            "HESA ID": f"'{t['hesa_id']}",
        }
        row |= {"First names": t["first_names"], "Last names": t["last_name"]} | other
        rows.append([*(row[h] for h in heads[:-1]), ""])
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return path


def awaiting(desk, number=0):
    """A trainee who may be recommended: long enough in training, with a degree and placements."""
    return [
        t["trainee_id"]
        for t in desk.control.trainees()
        if t["state"] == "trn_received" and not t["deleted"] and len(t["placements"]) > 1 and t["degrees"]
        and t["itt_start_date"] < "2026-10-01"
    ][number]  # fmt: skip


def recommend(desk, trainee_id: str, when: str = "2026-10-02") -> None:
    desk.workspace.records.act(desk.at(trainee_id).id, "recommend", {"qts_standards_met_date": when})


def test_only_the_date_of_the_chosen_is_filled_in(desk, files, out, tmp_path):
    one, two = awaiting(desk), awaiting(desk, 1)
    recommend(desk, one)
    source = list_of(desk, [two, one], tmp_path / "list.csv")
    made = files.make("recommend", out, source)
    before, after = source.read_bytes(), (out / "recommend-1.csv").read_bytes()
    assert made.plan.left_out == ()
    assert after == before[:-1] + b"2/10/2026\n"
    files.uploaded(made.export.id)
    desk.sync()
    assert desk.writes() == []
    desk.control.edit(one, state="recommended_for_award", outcome_date="2026-10-02")
    desk.clock.forward(minutes=2)
    desk.sync()
    assert desk.changes() == []
    assert files.get(made.export.id).waiting == 0


def test_a_list_that_was_edited_or_lacks_somebody_is_told(desk, files, tmp_path):
    one, two = awaiting(desk), awaiting(desk, 1)
    recommend(desk, one)
    recommend(desk, two)
    source = list_of(desk, [one], tmp_path / "list.csv", **{"Last names": "Somebody-Else"})
    plan = files.plan("recommend", source)
    reasons = {left.record_id: left.reason for left in plan.left_out}
    assert plan.files == ()
    assert "Last names is not what Register showed" in reasons[desk.at(one).id]
    assert "not in Register's list" in reasons[desk.at(two).id]


def test_a_list_that_tells_another_course_is_made_with_a_warning(desk, files, out, tmp_path):
    """As the portal's website writes it, nothing differs; one cell changed is told, and a person may go on."""
    one = awaiting(desk)
    recommend(desk, one)
    record = next(r for r in desk.portal.state.records.values() if r.slug == one)
    rows = bulk_recommend.listed([record], desk.portal.state)
    source = tmp_path / "list.csv"
    with source.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    assert files.plan("recommend", source).warnings == ()
    changed = source.read_text("utf-8").replace(str(rows[2][rows[0].index("Age range")]), "0 to 5")
    source.write_text(changed, "utf-8", newline="")
    made = files.make("recommend", out, source)
    (warning,) = made.plan.warnings
    assert warning.startswith(f"Row 3, {desk.at(one).label}: Age range is “0 to 5” there and “")
    assert warning.endswith(
        "Register refuses a row that is not as its record is. Read from Register, or download the list again if somebody "
        "edited it."
    )
    assert made.export.records == 1


def test_without_a_list_the_short_template_is_written(desk, files, out):
    one = awaiting(desk)
    recommend(desk, one)
    made = files.make("recommend", out)
    (row,) = rows_of(out / made.export.files[0].name)
    assert list(row) == ["TRN", "Provider trainee ID", "Date QTS or EYTS requirements met"]
    assert (row["TRN"], row["Date QTS or EYTS requirements met"]) == (
        desk.control.trainee(one)["trn"],
        "2/10/2026",
    )


def test_a_refused_recommendation_comes_back_and_the_others_wait_on(desk, files, out, tmp_path):
    one, two = awaiting(desk), awaiting(desk, 1)
    recommend(desk, one)
    recommend(desk, two)
    made = files.make("recommend", out)
    rows = list(csv.reader(io.StringIO((out / "recommend-1.csv").read_text("utf-8"), newline="")))
    trn = desk.control.trainee(two)["trn"]
    bad = next(row for row in rows if row[0] == trn)
    answer = tmp_path / "answer.csv"
    with answer.open("w", newline="") as stream:
        csv.writer(stream).writerows([[*rows[0], "Errors"], [*bad, "Trainee has missing data: placements"]])
    answered = files.load_answer(answer)
    assert [v.record_id for v in answered.verdicts] == [desk.at(two).id]
    assert desk.states(desk.at(two)) == [ChangeState.REJECTED]
    assert desk.states(desk.at(one)) == [ChangeState.UNKNOWN]
    assert files.get(made.export.id).uploaded_at is not None


# --- placements


def placements_list(desk, trainee_id: str, path: Path, urns: list[str] | None = None) -> Path:
    t = desk.control.trainee(trainee_id)
    held = [p["urn"] for p in t["placements"] if p["urn"]] if urns is None else urns
    heads = ["TRN", "Trainee ITT start date", "Placement 1 URN", "Placement 2 URN", "Placement 3 URN"]
    advice = ["Do not change this column"] * 2 + ["The URN of a school."] * 3
    row = [t["trn"], "01/09/2026", *([*held, "", "", ""])[:3]]
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([heads, advice, row])
    moment = desk.clock.now.timestamp()
    os.utime(path, (moment, moment))
    return path


def placed_trainee(desk):
    return next(
        t["trainee_id"]
        for t in desk.control.trainees()
        if t["state"] == "trn_received" and not t["deleted"] and 0 < len([p for p in t["placements"] if p["urn"]]) < 3
        and all(p["urn"] for p in t["placements"])
    )  # fmt: skip


def test_the_placements_file_says_what_register_will_delete(desk, files, out, tmp_path):
    trainee = placed_trainee(desk)
    view = desk.at(trainee)
    old = view.document.children["placements"][0]
    desk.add_child(view, "placements", urn=a_new_school(desk))
    desk.remove_child(view, "placements", old.id)
    made = files.make("placements", out, placements_list(desk, trainee, tmp_path / "list.csv"))
    assert [(d.record_id, d.urn) for d in made.plan.deletions] == [(view.id, old.fields["urn"])]
    advice, row = rows_of(out / "placements-1.csv")
    assert advice["TRN"] == "Do not change this column"
    assert row["Trainee ITT start date"] == "01/09/2026"
    wanted = [c.fields["urn"] for c in desk.view(view).document.children["placements"]]
    assert [row[f"Placement {n} URN"] for n in range(1, 6) if row[f"Placement {n} URN"]] == wanted


def test_a_stale_list_of_placements_is_refused(desk, files, out, tmp_path):
    trainee = placed_trainee(desk)
    view = desk.at(trainee)
    desk.add_child(view, "placements", urn=a_new_school(desk))
    changed = placements_list(desk, trainee, tmp_path / "changed.csv", [a_school(desk, 5), a_school(desk, 6)])
    (left,) = files.plan("placements", changed).left_out
    assert "somebody changed them" in left.reason
    old = placements_list(desk, trainee, tmp_path / "old.csv")
    moment = (desk.clock.now - timedelta(days=2)).timestamp()
    os.utime(old, (moment, moment))
    with pytest.raises(UsageError, match="download a new one today"):
        files.make("placements", out, old)
    desk.clock.forward(hours=3)
    with pytest.raises(UsageError, match="Read from Register first"):
        files.make("placements", out)
    assert not out.exists()


def test_uploaded_placements_are_confirmed_by_reading(desk, files, out, tmp_path):
    trainee = placed_trainee(desk)
    view = desk.at(trainee)
    school = a_new_school(desk)
    desk.add_child(view, "placements", urn=school)
    made = files.make("placements", out, placements_list(desk, trainee, tmp_path / "list.csv"))
    files.uploaded(made.export.id)
    held = desk.control.trainee(trainee)["placements"]
    desk.control.edit(trainee, placements=[*held, {"urn": school}])
    desk.clock.forward(minutes=2)
    desk.sync()
    assert desk.writes() == []
    assert desk.changes() == []
    assert len(desk.control.trainee(trainee)["placements"]) == len(held) + 1
