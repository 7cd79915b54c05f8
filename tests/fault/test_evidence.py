"""The portal watch: what state it was in, since when, with what waiting; and the file that proves it (D16, D24, I18)."""

from __future__ import annotations

import csv
from datetime import timedelta

from desktop.model.verdict import PortalState
from tests.fault.conftest import Desk


def _outages(desk: Desk) -> list[tuple[str, bool]]:
    return [(o.state, o.end is not None) for o in desk.workspace.activity.outages()]


def test_an_outage_has_a_beginning_and_an_end(desk: Desk) -> None:
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("maintenance")
    begin = desk.clock.now
    for _ in range(3):
        desk.sync()
        desk.clock.forward(minutes=11)
    assert _outages(desk) == [("maintenance", False)]
    desk.control.fault("up")
    end = desk.clock.now
    desk.sync()
    (outage,) = desk.workspace.activity.outages()
    assert outage.state == "maintenance"
    assert outage.end is not None
    assert abs(outage.begin - begin) < timedelta(seconds=5)
    assert abs(outage.end - end) < timedelta(seconds=5)
    assert outage.tries == 3


def test_a_change_of_kind_starts_a_new_one(desk: Desk) -> None:
    for fault in ("maintenance", "refuse", "unauthorised"):
        desk.control.fault(fault)
        desk.sync()
        desk.clock.forward(minutes=11)
    desk.control.fault("up")
    desk.sync()
    assert _outages(desk) == [("maintenance", True), ("down", True), ("sign-in", True)]


def test_every_try_tells_what_waited(desk: Desk) -> None:
    for number in range(3):
        desk.edit(desk.at(desk.in_training(number)), email=f"{number}@example.com")
    desk.control.fault("refuse")
    desk.sync()
    with desk.read() as unit:
        (newest, *_) = unit.portals.tries("trainees")
    assert (newest.waiting, newest.state) == (3, PortalState.DOWN)


def test_the_file_is_whole_and_holds_nobody(desk: Desk, tmp_path_factory) -> None:
    record = desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("captive")
    desk.sync()
    path = tmp_path_factory.mktemp("evidence") / "outages.csv"
    told = desk.workspace.activity.evidence.save(path).report.outages
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert len(rows) == len(told) == 1
    assert (rows[0]["collection"], rows[0]["state"], rows[0]["end"]) == ("trainees", "captive", "")
    assert rows[0]["begin"].endswith("+01:00")
    text = path.read_text("utf-8")
    assert str(record.document.get("last_name")) not in text
    assert desk.portal.token not in text


def test_the_state_of_the_portal_is_told_once_for_each_change(desk: Desk) -> None:
    desk.control.fault("maintenance")
    for _ in range(3):
        desk.sync()
        desk.clock.forward(minutes=11)
    desk.control.fault("up")
    desk.sync()
    said = [e.detail["state"] for e in desk.history() if e.event == "portal_state"]
    assert said == ["up", "maintenance", "up"]


def test_a_lost_reply_while_the_portal_is_up_is_no_long_outage(desk: Desk) -> None:
    """One lost reply, and the portal answers the next request: the outage ends there."""
    desk.edit(desk.at(desk.in_training()), email="a@example.com")
    desk.control.fault("lost_reply", match="PUT", count=1)
    desk.sync()
    for outage in desk.workspace.activity.outages():
        assert outage.end is not None
        assert outage.end - outage.begin < timedelta(seconds=5)
    assert desk.workspace.portals.view("trainees").state is PortalState.UP


def test_nothing_says_all_is_well_while_something_is_open(desk: Desk) -> None:
    """I18: counts follow from the rows: queued, unknown, refused, in conflict."""
    ids = [desk.in_training(n) for n in range(4)]
    desk.edit(desk.at(ids[0]), employing_school_urn="999123")
    desk.edit(desk.at(ids[1]), email="mine@example.com")
    desk.control.edit(ids[1], email="theirs@example.com")
    desk.sync()
    desk.edit(desk.at(ids[2]), email="b@example.com")
    desk.control.fault("lost_reply", match="PUT", count=1)
    desk.taps.after("update", lambda *_: desk.control.fault("unavailable"))
    report = desk.sync()
    desk.edit(desk.at(ids[3]), email="c@example.com")
    assert (report.rejected, report.conflicts, report.unknown) == (1, 1, 1)
    home = desk.workspace.home()
    counts = home.counts["trainees"]
    assert (counts.needs_you, counts.unknown, counts.waiting) == (2, 1, 1)
    assert (
        counts.total == counts.confirmed + counts.needs_you + counts.unknown + counts.waiting + counts.drafts
    )
    assert home.waiting == 2
    assert sorted(n.kind for n in home.needs) == ["conflict", "refused", "unknown"]


def test_last_success_is_a_whole_pass(desk: Desk) -> None:
    before = desk.workspace.portals.view("trainees").last_success
    assert before is not None
    desk.control.fault("unavailable", match="GET /trainees?academic_cycle=2024")
    desk.sync()
    assert desk.workspace.portals.view("trainees").last_success == before


def _text(path) -> str:
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def _an_outage_on_the_day_of_the_census(desk: Desk) -> list[str]:
    """Three saved before the deadline, tried each ten minutes, confirmed the next morning. Ids of their records."""
    desk.clock.forward(days=9, hours=6)  # 14 October 2026, 4:10pm in London
    first, second = (desk.at(desk.in_training(n)) for n in range(2))
    desk.edit(first, email="a@example.com")
    desk.control.fault("maintenance")
    desk.sync()
    desk.clock.forward(minutes=10)
    desk.edit(second, email="b@example.com")
    desk.sync()
    desk.clock.forward(minutes=10)
    new = desk.add(last_name="Quillfeather")
    desk.sync()
    desk.clock.forward(hours=12)
    desk.sync()
    desk.control.fault("up")
    desk.clock.forward(minutes=30)
    desk.sync()
    return [first.id, second.id, new.id]


def test_a_played_outage_can_be_proven(desk: Desk) -> None:
    """What waited, through which outage, over which deadline, and when it went through: all from the journal."""
    ids = _an_outage_on_the_day_of_the_census(desk)
    report = desk.workspace.activity.evidence.report()
    (outage,) = report.outages
    assert (outage.tries, outage.changes, outage.people, outage.at_begin) == (4, 3, 3, 1)
    assert [a.waiting for a in report.attempts] == [1, 2, 3, 3]
    assert [c.record for c in report.changes] == ids
    assert [c.what for c in report.changes] == ["Change", "Change", "New trainee"]
    for change in report.changes:
        assert change.fate == "confirmed"
        assert change.settled is not None
        assert outage.end is not None
        assert change.settled >= outage.end
        assert (change.by, change.portal_id) == ("Sam", desk.view(change.record).portal_id)
    assert outage.done_at == max(c.settled for c in report.changes if c.settled)
    census = next(d for d in report.deadlines if d.what.startswith("ITT census"))
    assert (census.passed, census.unsent, census.people, census.late) == (True, 3, 3, 3)


def test_the_report_counts_what_each_try_counted(desk: Desk) -> None:
    """The story told from the journal agrees with the queue at every single try, whatever happens to a change."""
    ids = [desk.in_training(n) for n in range(6)]
    desk.edit(desk.at(ids[0]), email="not an address")
    desk.edit(desk.at(ids[1]), employing_school_urn="999123")
    desk.edit(desk.at(ids[2]), email="mine@example.com")
    desk.control.edit(ids[2], email="theirs@example.com")
    desk.sync()
    desk.control.fault("lost_reply", match="PUT", count=1)
    desk.edit(desk.at(ids[3]), email="c@example.com")
    desk.taps.after("update", lambda *_: desk.control.fault("unavailable"))
    desk.sync()
    desk.clock.forward(hours=2)
    desk.edit(desk.at(ids[3]), email="d@example.com")
    desk.edit(desk.at(ids[0]), email="right@example.com")
    desk.sync()
    desk.clock.forward(hours=2)
    refused = desk.at(ids[1])
    assert refused.base is not None
    desk.edit(refused, employing_school_urn=refused.base.get("employing_school_urn"))
    desk.edit(desk.at(ids[4]), email="e@example.com")
    back = desk.edit(desk.at(ids[5]), email="f@example.com")
    desk.workspace.conflicts.resolve(desk.conflict().id, {"email": "mine"})
    desk.sync()
    desk.clock.forward(hours=2)
    desk.workspace.queue.take_back(back.changes[0].id)
    desk.add(last_name="Quillfeather", email="wrong")
    desk.sync()
    report = desk.workspace.activity.evidence.report()
    counted = [
        sum(
            1 for c in report.changes if c.ready and c.ready <= a.at and not (c.settled and c.settled <= a.at)
        )
        for a in report.attempts
    ]
    assert [a.waiting for a in report.attempts] == counted
    assert len(set(counted)) > 2
    assert {c.fate for c in report.changes} >= {"waiting", "unknown", "taken back"}


def test_the_documents_of_a_played_outage_name_nobody(desk: Desk, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("evidence")
    ids = _an_outage_on_the_day_of_the_census(desk)
    files = [
        *desk.workspace.activity.save_evidence(folder / "outages.pdf"),
        *desk.workspace.activity.save_evidence(folder / "outages.csv"),
    ]
    assert [f.name for f in files] == [
        "outages.pdf",
        *("outages.csv", "outages-attempts.csv", "outages-changes.csv", "outages-deadlines.csv"),
    ]
    told = [_text(files[0]), *(f.read_text("utf-8") for f in files[1:])]
    assert (
        "Between 4:10pm on 14 October 2026 and 5:00am on 15 October 2026 Register could not be used."
        in told[0]
    )
    assert "3 changes to 3 trainees were saved here and waited; the last was confirmed at 5:00am." in told[0]
    assert "3 changes saved here before it were still unsent. All of them were confirmed later." in told[0]
    assert str(desk.view(ids[0]).portal_id) in told[0]
    everything = " ".join(told)
    for record_id in ids:
        fields = desk.view(record_id).document.fields
        for name in ("first_names", "last_name", "date_of_birth", "email"):
            assert str(fields[name]) not in everything, name
    assert desk.portal.token not in everything


def test_a_broken_chain_is_said_by_doctor_and_by_the_document(desk: Desk, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("evidence") / "outages.pdf"
    desk.control.fault("maintenance")
    desk.sync()
    with desk.write() as unit:
        row = unit.journal.entries(limit=1, events=("try_failed",))[0].seq
        for trigger in ("journal_fixed", "journal_kept"):
            unit.connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        unit.connection.exec_driver_sql(
            "UPDATE journal SET detail = replace(detail, '\"waiting\":0', '\"waiting\":9') WHERE seq = ?",
            (row,),
        )
    broken = f"Journal row {row} was changed after it was written."
    assert desk.workspace.care.doctor() == [broken]
    desk.workspace.activity.save_evidence(path)
    text = _text(path)
    assert "The journal behind this report was changed after it was written" in text
    assert text.count(broken) == 2
    assert "no breaks" not in text
