"""Keeping and deleting: who is due, what stops a purge, and that a purge leaves nothing of the person behind."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from desktop.model.document import Document
from desktop.model.errors import StoreError, UnknownRef, UsageError
from desktop.services.restoring import restore
from desktop.services.retention import Due, Wishes
from desktop.services.workspace import Workspace
from tests.fault.conftest import PASSPHRASE, Desk

OUTCOME = "trainees.outcome"


@pytest.fixture
def gone(desk: Desk) -> tuple[Desk, Due]:
    """A trainee who withdrew, and whose time is over: nine years later, everything read again meanwhile."""
    trainee = desk.in_training()
    record = desk.at(trainee)
    desk.edit(record, email="quillfeather@example.org", middle_names="Quillfeather")
    desk.sync()
    desk.workspace.records.act(
        record.id,
        "withdraw",
        {
            "withdrawal_date": "2026-10-01",
            "reasons": "did_not_make_progress",
            "trigger": "provider",
            "future_interest": "no",
        },
    )
    desk.sync()
    assert desk.view(record).state == "withdrawn"
    desk.clock.forward(days=366 * 7)
    (due,) = [one for one in desk.workspace.retention.due() if one.record_id == record.id]
    return desk, due


def _everywhere(desk: Desk, *words: str) -> list[str]:
    """Where one of these words can be read with the key: a page, a kept file."""
    store = desk.workspace._store
    return [word for page in store.pages() for word in words if word.encode() in page]


def test_who_is_due_and_since_when(gone: tuple[Desk, Due]) -> None:
    _, due = gone
    assert (due.rule, due.ended, due.due, due.why_not) == (OUTCOME, date(2026, 10, 1), date(2032, 10, 1), "")


def test_nobody_is_due_before_the_time_is_over(desk: Desk) -> None:
    assert desk.workspace.retention.due() == []


def test_a_purge_leaves_nothing_of_the_person(gone: tuple[Desk, Due]) -> None:
    """Not in a page of the file, of its log, in the index, in the history, in kept files; and the doctor is content."""
    desk, due = gone
    view = desk.view(due.record_id)
    words = ("quillfeather@example.org", "Quillfeather", str(view.portal_id), view.label)
    assert len(set(_everywhere(desk, *words))) == len(words)
    entries = len(desk.history(due.record_id))
    done = desk.workspace.retention.purge([due.record_id])
    assert _everywhere(desk, *words) == []
    assert done.proof.clean
    assert done.proof.looked_for > 10
    assert (done.taken.records, done.taken.history >= entries) == (1, True)
    with pytest.raises(UnknownRef):
        desk.view(due.record_id)
    assert desk.workspace.care.doctor() == []
    desk.reopen()
    assert desk.workspace.care.doctor() == []
    assert {e.text for e in desk.history(due.record_id)} == {
        "Removed for good with the record that it was about"
    }


def test_a_trace_that_is_left_is_found_by_the_proof(
    gone: tuple[Desk, Due], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof is no matter of form: what is not overwritten is found."""
    desk, due = gone
    monkeypatch.setattr(type(desk.workspace._store), "wipe", lambda self: None)
    assert not desk.workspace.retention.purge([due.record_id]).proof.clean


def test_the_portal_does_not_bring_the_person_back(gone: tuple[Desk, Due]) -> None:
    desk, due = gone
    portal_id = desk.view(due.record_id).portal_id
    desk.workspace.retention.purge([due.record_id])
    desk.sync(full=True)
    assert portal_id not in {view.portal_id for view in desk.all()}
    assert desk.workspace.care.doctor() == []


def test_work_that_was_not_sent_is_never_removed(gone: tuple[Desk, Due]) -> None:
    desk, due = gone
    with desk.write() as unit:
        unit.kept.put(
            "typing", due.record_id, {"record": due.record_id, "collection": "trainees", "values": {}}
        )
    (stuck,) = [one for one in desk.workspace.retention.due() if one.record_id == due.record_id]
    assert "half typed" in stuck.why_not
    with pytest.raises(UsageError, match="Nothing was removed"):
        desk.workspace.retention.purge([due.record_id])
    assert desk.view(due.record_id).label == due.label


def test_somebody_whose_time_is_not_over_is_refused(gone: tuple[Desk, Due]) -> None:
    desk, due = gone
    other = desk.at(desk.in_training(1))
    with pytest.raises(UsageError, match="not past its time"):
        desk.workspace.retention.purge([due.record_id, other.id])
    assert desk.view(due.record_id).label == due.label


def test_no_backup_no_purge(gone: tuple[Desk, Due]) -> None:
    desk, due = gone
    (desk.folder / "backups").write_bytes(b"a file where the folder should be")
    with pytest.raises(StoreError):
        desk.workspace.retention.purge([due.record_id])
    assert desk.view(due.record_id).label == due.label


def test_backups_hold_the_person_until_they_rotate_out(gone: tuple[Desk, Due], tmp_path: Path) -> None:
    """And what is said of them is true: the one made before has the record, the day is named."""
    desk, due = gone
    done = desk.workspace.retention.purge([due.record_id])
    assert done.last_copy is not None
    assert done.last_copy > desk.workspace.today()
    restore(desk.folder / "backups" / done.backup, tmp_path / "again", PASSPHRASE)
    again = Workspace.open(tmp_path / "again", PASSPHRASE, clock=desk.clock)
    assert again.records.view(due.record_id).label == due.label
    again.close()


def test_older_backups_can_be_dropped_at_once(gone: tuple[Desk, Due], tmp_path: Path) -> None:
    desk, due = gone
    desk.workspace.backups.make()
    desk.clock.forward(minutes=1)
    done = desk.workspace.retention.purge([due.record_id], Wishes(drop_backups=True))
    assert (done.backup, done.last_copy) == ("", None)
    (left,) = desk.workspace.backups.all()
    assert left.why == "after-purge"
    restore(left.path, tmp_path / "again", PASSPHRASE)
    again = Workspace.open(tmp_path / "again", PASSPHRASE, clock=desk.clock)
    with pytest.raises(UnknownRef):
        again.records.view(due.record_id)
    assert again.care.doctor() == []
    again.close()


@pytest.mark.parametrize("ending", ["csv", "pdf"])
def test_the_certificate_names_nobody(gone: tuple[Desk, Due], tmp_path: Path, ending: str) -> None:
    desk, due = gone
    done = desk.workspace.retention.purge([due.record_id])
    assert [one.id for one in desk.workspace.retention.purges()] == [done.id]
    path = desk.workspace.retention.certificate(done.id, tmp_path / f"certificate.{ending}")
    content = path.read_bytes()
    assert due.label.split(",")[0].encode() not in content
    if ending == "csv":
        rows = dict(csv.reader(content.decode("utf-8-sig").splitlines()))
        assert rows["By"] == "Sam"
        assert rows["Found, and held by nobody who is still here"] == "0"


def test_a_kept_file_that_names_the_person(gone: tuple[Desk, Due], tmp_path: Path) -> None:
    """One that names only them goes; one that names others, too, goes or stays as the administrator wants."""
    desk, due = gone
    trn = str(desk.view(due.record_id).extras["trn"])
    alone, shared = tmp_path / "alone.csv", tmp_path / "shared.csv"
    head = "First names,Last name,HESA ID,Remark\n"
    alone.write_text(f"{head}Wren,Ashdown,1111111111111,was {trn}\n", encoding="utf-8")
    shared.write_text(f"{head}Tom,Birch,2222222222222,was {trn}\nAnn,Cole,3333333333333,\n", encoding="utf-8")
    for path in (alone, shared):
        desk.workspace.importing.save(desk.workspace.importing.read(path, "trainees"))
    assert [one.alone for one in desk.workspace.retention.files_of([due.record_id])] in (
        [True, False],
        [False, True],
    )
    done = desk.workspace.retention.purge([due.record_id], Wishes(shared_files=False))
    assert (done.taken.files, done.taken.shared_left) == (1, 1)
    assert not done.proof.clean, "the file that stays still names them, and the proof says so"
    assert desk.workspace.care.doctor() == []
    assert sorted(one.is_kept for one in desk.workspace.importing.all()) == [False, True]


def test_months_are_changed_within_bounds_only(desk: Desk) -> None:
    keeping = desk.workspace.retention
    keeping.change(OUTCOME, 12)
    assert [one.months for one in keeping.rules() if one.key == OUTCOME] == [12]
    for months in (0, 11, 1000):
        with pytest.raises(UsageError, match="between 12 and 180"):
            keeping.change(OUTCOME, months)
    keeping.change(OUTCOME, 12, on=False)
    desk.clock.forward(days=3660)
    assert keeping.due() == []


def test_a_longest_time_of_the_organisation_counts_before_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.policy import Policy as Managed
    from desktop.services import retention as module

    keeping = desk.workspace.retention
    keeping.change(OUTCOME, 72, on=False)
    monkeypatch.setattr(module, "managed", lambda: Managed({"RetentionMonths": 6}, "here"))
    (rule,) = [one for one in keeping.rules() if one.key == OUTCOME]
    assert (rule.months, rule.on, rule.least, rule.most) == (6, True, 6, 6)
    for months, on in ((72, True), (6, False)):
        with pytest.raises(UsageError):
            keeping.change(OUTCOME, months, on=on)


def test_a_mentor_who_left_goes_before_an_ect_who_left(desk: Desk) -> None:
    """Section 1.8: the last day at the school is what counts; never somebody whose change was not typed yet."""
    for role in ("ect", "mentor"):
        desk.workspace.records.add(
            "ects",
            Document(
                {"role": role, "first_names": "Wren", "last_name": "Ashdown", "finished_on": "2023-08-31"}
            ),
        )
    desk.reopen()
    (due,) = desk.workspace.retention.due()
    assert due.rule == "ects.mentor-left"
    assert "not sent" in due.why_not


# -- the history ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE journal SET at = '2020-01-01T00:00:00.000000+00:00' WHERE seq = {row}",
            "was changed afterwards",
        ),
        ("UPDATE journal SET actor = 'somebody' WHERE seq = {row}", "was changed afterwards"),
        (
            "UPDATE journal SET detail = '{{\"blanked\":true}}' WHERE seq = 1",
            "no removal of a record says so",
        ),
        ("DELETE FROM journal WHERE seq = {row}", "missing"),
    ],
)
def test_blanked_rows_are_still_held_by_the_chain(gone: tuple[Desk, Due], statement: str, said: str) -> None:
    """A blank is no way round the chain: it is covered by the row that says what was removed."""
    desk, due = gone
    desk.workspace.retention.purge([due.record_id])
    row = desk.history(due.record_id)[0].seq
    with desk.write() as unit:
        for trigger in ("journal_fixed", "journal_kept"):
            unit.connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        unit.connection.exec_driver_sql(statement.format(row=row))
    assert any(said in problem for problem in desk.workspace.care.doctor())
