"""Days in the life of an office, each told once from beginning to end through the window, a real store and a real portal."""

from __future__ import annotations

from typing import Any

from pypdf import PdfReader
from PySide6.QtCore import Qt

from desktop.ui.operations import Operations
from tests.e2e.conftest import ACTOR, PASSPHRASE, Office, name_of
from tests.e2e.pages.lock import Door
from tests.e2e.pages.other_process import somebody_types
from tests.e2e.pages.set_up import SetUp


def test_outage_day(office: Office, tmp_path):
    """The portal is down all day: work goes on, and in the end there is proof."""
    app = office.sit_down()
    (trainee,) = office.in_training(1)
    office.clock.forward(minutes=8)
    office.portal.control.fault("maintenance")
    app.ask_portal()
    assert "Register trainee teachers is down" in app.strip
    assert app.strip_has("conflict")
    record = app.records().open(name_of(trainee))
    record.answer("email", "not an address")
    assert record.has_error("email")
    record.put_next_right("leonie@example.org")
    assert not record.has_error("email")
    app.new_trainee().enter_somebody()
    waiting = app.waiting()
    assert waiting.title == "2 changes wait for Register"
    assert waiting.names == {name_of(trainee), "Ellwood, Zoraida"}
    app.look("1-down")
    lock = app.lock()
    office.clock.forward(hours=3)
    lock.try_with(PASSPHRASE)
    office.portal.control.fault("up")
    app.ask_portal()
    assert "Register trainee teachers is up" in app.strip
    assert waiting.title == "Nothing is waiting"
    assert office.at_portal(email="leonie@example.org")
    assert office.at_portal(last_name="Ellwood")
    app.look("2-back")
    app.home()
    app.save_evidence(tmp_path / "proof.pdf")
    said = "".join(page.extract_text() for page in PdfReader(tmp_path / "proof.pdf").pages)
    assert "Between 2:10pm and 5:10pm on 13 October 2026 Register could not be used" in said
    assert "2 changes to 2 trainees were saved here and waited" in said
    assert "Ellwood" not in said, "no names in what goes to others"
    app.look("3-proof")


def test_deadline_eve(office: Office):
    """Drafts on the eve of the census: each is put right, many at once, and green is only what the portal has confirmed."""
    people = [name_of(trainee) for trainee in office.in_training(4)]
    app = office.sit_down()
    records = app.records()
    total = records.count
    records.select(people)
    records.change_selected("email", "not an address")
    home = app.home()
    assert "4 drafts have something to put right" in home.title
    assert home.bar_says == {"confirmed": total - 4, "drafts": 4}
    app.look("1-drafts")
    for left in (4, 3):
        checks = app.checks()
        assert checks.title.startswith(f"{left} trainees have something to put right")
        record = checks.open_first()
        assert record.field == "email"
        record.answer("email", f"right{left}@example.org")
    records = app.records()
    app.click("Clear selection")
    records.filter("Sync state", "Draft with errors")
    assert records.count == 2
    records.select_all()
    records.change_selected("email", "office@example.org")
    assert app.checks().title == "Nothing has to be put right"
    assert "tomorrow and 4 records are not confirmed" in app.deadlines().title
    assert app.home().bar_says == {"confirmed": total - 4, "waiting": 4}
    app.look("2-waiting")
    app.ask_portal()
    home = app.home()
    assert home.bar_says == {"confirmed": total}
    assert home.title == "The census is tomorrow and everything is at the portal"
    assert app.deadlines().title.endswith("and everything is confirmed")
    assert len(office.at_portal(email="office@example.org")) == 2
    app.look("3-green")


def test_two_colleagues(office: Office):
    """Somebody changes the same trainee at the portal: nothing moves under the hand, a person decides, nothing is lost."""
    first, *others = office.in_training(4)
    app = office.sit_down()
    record = app.records().open(name_of(first))
    record.answer("email", "ours@example.org")
    record.begin("middle_names", "Wre")
    office.somebody_edits(first, email="theirs@example.org", last_name="Newname")
    app.press(Qt.Key.Key_F5)
    assert (record.field, record.shown("middle_names")) == ("middle_names", "Wre")
    assert (record.shown("email"), record.shown("last_name")) == ("ours@example.org", first["last_name"])
    assert record.moved_at_the_portal("last_name")
    assert "The portal changed this to Newname. Take it" in record.said_of("last_name")
    assert "The portal changed this to theirs@example.org." in record.said_of("email")
    app.look("1-moved")
    app.strike("n")
    record.leave()
    needs = app.needs_you()
    assert needs.count == 1
    assert all(side in needs.says for side in ("ours@example.org", "theirs@example.org"))
    app.look("2-decide")
    needs.take_theirs()
    record = app.records().open(f"Newname, {first['first_names']}")
    assert (record.shown("email"), record.shown("middle_names")) == ("theirs@example.org", "Wren")
    assert "Not chosen: ours@example.org" in record.history
    records = app.records()
    records.select([name_of(trainee) for trainee in others])
    records.change_selected("end date", "2/7/2027")
    for trainee in others:
        office.somebody_edits(trainee, itt_end_date="2027-07-16")
    app.ask_portal()
    needs = app.needs_you()
    assert needs.count == 3
    assert "3 records will be decided" in needs.decide_alike()
    assert app.sees("Nothing needs you")
    app.look("3-decided")
    office.clock.forward(minutes=5)
    app.ask_portal()
    ends = {office.portal.control.trainee(t["trainee_id"])["itt_end_date"] for t in others}
    assert ends == {"2027-07-02"}


def test_first_run(office: Office, operations: Operations):
    """From an empty folder: a wrong token is told, practice begins, the first reading is cut short and later finished."""
    set_up = SetUp(office.folder, operations, office.story)
    set_up.introduce_the_office("University of Northmoor", "10007140")
    set_up.connect(office.portal.register_url, "not-the-token")
    assert set_up.test_connection().startswith("Register does not take the access token.")
    set_up.look("1-token")
    set_up.practise()
    set_up.begin_reading()
    set_up.look("2-reading")
    set_up.stop_reading()
    assert not office.folder.exists(), "practice leaves nothing where the real records will be"
    app = office.sit_down(set_up.workspace)
    assert 0 < app.total < set_up.listed_at_portal
    set_up.portal_is_quick_again()
    app.ask_portal()
    assert app.total == set_up.listed_at_portal
    assert app.home().bar_says == {"confirmed": set_up.listed_at_portal}
    app.look("3-full")
    office.close()
    set_up.made.end()


def test_power_cut_while_typing(office: Office):
    """The program is killed in the middle of a word: what was saved is there, and what was half typed is offered."""
    (trainee,) = office.in_training(1)
    office.read_everything()
    office.close()
    typing = ("middle_names", "Wren"), ("email", "leonie.half@typ")
    office.clock.forward(minutes=4)
    desk = str(office.folder), PASSPHRASE, ACTOR, office.clock.now.isoformat()
    with somebody_types(desk, name_of(trainee), *typing) as killed:
        killed.kill()
        killed.wait()
    app = office.sit_down(office.open_with(PASSPHRASE))
    record = app.record()
    assert "You were typing here when Holdfast ended" in record.says
    assert "leonie.half@typ" in record.says
    assert (record.shown("middle_names"), record.shown("email")) == ("Wren", trainee["email"])
    app.look("1-offered")
    record.put_back()
    assert record.shown("email") == "leonie.half@typ"
    record.answer("email", "leonie.whole@example.org")
    app.look("2-whole")
    assert app.waiting().title.startswith("1 change waits")
    app.ask_portal()
    held = office.portal.control.trainee(trainee["trainee_id"])
    assert (held["middle_names"], held["email"]) == ("Wren", "leonie.whole@example.org")
    app.look("3-sent")


def test_wrong_passphrase(office: Office, operations: Operations, standing_seconds: None):
    """Wrong passphrases open nothing and wait longer each time; the lock hides everything and gives everything back."""
    (trainee,) = office.in_training(1)
    office.read_everything()
    office.close()
    door = Door(office.open_with, operations, office.story)
    for pause in (0, 0, 2, 4):
        door.try_with("wrong")
        assert door.asked.message.endswith(f"Try again in {pause} seconds." if pause else "Try again.")
        assert door.asked.takes_a_try is not bool(pause)
        if pause:
            door.try_with(PASSPHRASE)
            assert door.window.workspace is None, "also the right one waits"
            door.look(f"1-door-{pause}")
        door.asked.seconds_pass(pause)
    door.try_with(PASSPHRASE)
    app = office.sit_down(door.workspace)
    record = app.records().open(name_of(trainee))
    record.begin("email", "half@typ")
    lock = app.lock()
    assert trainee["last_name"] not in lock.read_aloud()
    assert all(lock.holds(widget) for widget in lock.walk_with_tab())
    for pause in (0, 0, 2, 4):
        lock.try_with("wrong")
        assert lock.asked.message.endswith(f"Try again in {pause} seconds." if pause else "Try again.")
        assert lock.asked.takes_a_try is not bool(pause)
        if pause:
            lock.try_with(PASSPHRASE)
            assert lock.is_up, "also the right one waits"
            app.look(f"2-locked-{pause}")
        lock.asked.seconds_pass(pause)
    lock.try_with(PASSPHRASE)
    assert not lock.is_up
    assert (record.shown("email"), record.field) == ("half@typ", "email")
    assert "Typing, not saved yet" in record.says, (
        "what is half typed is no answer, so it was not sent either"
    )
    app.look("3-back")


def test_twenty_thousand_records(office: Office):
    """A large provider: a slip of the finger is forgiven, and coming back from a record loses neither place nor selection."""
    office.read_many(20_000, last_name="Quillfeather")
    app = office.sit_down()
    search = app.search()
    assert "These are near" in search.find("quilfaether")
    app.look("1-typo")
    record = search.open_first()
    assert record.name.startswith("Quillfeather, ")
    records = app.records()
    assert records.count == 20_000
    records.select_first(3)
    records.filter("Route", "Primary and secondary postgraduate, fee funded")
    filtered = records.count
    assert 0 < filtered < 20_000
    records.go_to_end()
    assert records.place == filtered - 1
    here = records.place, records.top, records.selected
    app.look("2-end")
    last = records.here
    record = records.open()
    assert record.name == last
    record.back()
    assert app.page == "records"
    assert (records.place, records.top, records.selected) == here
    assert records.count == filtered
    app.look("3-back")


def test_paste_day(office: Office):
    """Fifty rows of a spreadsheet: each is told apart before anything is saved, and one undo takes all of it back."""
    known = office.editable()
    assert len(known) >= 16
    rows = [row_of(t, email=f"pasted{n}@example.org") for n, t in enumerate(known[:8])]
    rows += [row_of(t, end="32 July 2027") for t in known[8:10]]
    rows += [row_of(a, hesa=b["hesa_id"]) for a, b in zip(known[10:13], known[13:16], strict=True)]
    rows += [new_row(n) for n in range(50 - len(rows))]
    app = office.sit_down()
    records = app.records()
    before = records.count
    dialog = records.paste_rows(rows)
    assert dialog.kinds == ["All 50", "Will change 8", "New 37", "Whose? 3", "Cannot be used 2"]
    assert "Nothing is saved yet" in dialog.says
    app.look("1-rows")
    dialog.only("Cannot be used 2")
    assert "32 July 2027" in dialog.says
    dialog.save()
    assert records.count == before + 37
    assert app.waiting().title.startswith("8 changes wait")
    records = app.records()
    app.look("2-saved")
    app.undo()
    assert records.count == before
    assert app.waiting().title == "Nothing is waiting"
    records = app.records()
    dialog = records.paste_picture()
    assert "There is a picture on the clipboard, not rows" in dialog.says
    assert not dialog.may_save
    app.look("3-picture")
    dialog.close()
    dialog = records.paste_rows([new_row(n) for n in range(50_001)])
    assert "Paste at most 50,000 at once" in dialog.says
    assert not dialog.may_save
    app.look("4-too-many")
    dialog.close()
    assert records.count == before


def row_of(trainee: dict[str, Any], *, hesa: str = "", email: str = "", end: str = "") -> list[str]:
    """A row about somebody whom the portal has."""
    names = trainee["first_names"], trainee["last_name"]
    return [trainee["provider_trainee_id"], hesa or trainee["hesa_id"], *names, email, end]


def new_row(number: int) -> list[str]:
    """A row about somebody whom nobody has yet."""
    ids = f"NM26-9{number:05}", f"26109941{number:05}"
    return [*ids, "Dee", f"Newby{number}", f"dee{number}@example.org", "31 July 2027"]
