"""Who works here: names, roles, who sits here, and the doors that ask for a role."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.model.document import Document, Patch
from desktop.model.errors import UnknownName, UsageError
from desktop.model.person import ALL_ROLES, LONGEST_NAME, Person, Role, Sitting, roles_from
from desktop.model.timetable import Timetable
from desktop.services.people import NotAllowed
from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.unit.collections.ects.sample import ECT
from tests.unit.services.test_school_workspace import CHEAP, SECRET, added, make

ENTER, SEND, ADMINISTER = Role.ENTER, Role.SEND, Role.ADMINISTER


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace where nobody was named; the computer says that Jo is signed in."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    made = make(tmp_path / "w", chosen=("ects", "trainees"))
    yield made
    made.close()


@pytest.fixture
def sam(school: Workspace) -> Person:
    return school.people.add("Sam Ode", {ENTER})


def told(workspace: Workspace) -> list[tuple[str, str]]:
    """(who, what) of the journal's rows about people, oldest first."""
    entries = reversed(workspace.activity.entries())
    return [(e.actor, e.text) for e in entries if e.event.startswith("person_")]


def reopened(workspace: Workspace, actor: str = "jo.on.another.pc") -> Workspace:
    workspace.close()
    return Workspace.open(workspace.folder, SECRET, actor=actor)


# --- one person -----------------------------------------------------------------------------------------------------


def test_a_workspace_that_named_nobody_has_one_person_who_may_everything(school: Workspace) -> None:
    (only,) = school.people.all()
    assert (only.id, only.name, only.roles) == ("", "Jo", ALL_ROLES)
    assert not school.people.sitting().several
    assert all(school.people.may(role) for role in Role)
    added(school, ECT)
    assert {e.actor for e in school.activity.entries()} == {"Jo"}
    again = reopened(school, "Kim")
    assert again.actor == "Kim", "as before: whoever the computer says"
    again.close()


def test_whoever_sat_here_unnamed_becomes_the_first_of_the_list(school: Workspace, sam: Person) -> None:
    assert [(one.name, one.roles) for one in school.people.all()] == [("Jo", ALL_ROLES), ("Sam Ode", {ENTER})]
    assert school.people.current.name == "Jo"
    named = school.people.change(school.people.current.id, name="Jo Marsh")
    assert school.actor == "Jo Marsh"
    assert named.names == ("Jo Marsh", "Jo")
    assert told(school) == [
        ("Jo", "Added to the people here: Sam Ode (enter)"),
        ("Jo", "Jo is called Jo Marsh now"),
    ]
    again = reopened(school)
    assert again.actor == "Jo Marsh", "not who the computer says, once somebody was named"
    again.close()


def test_the_only_person_may_be_named_without_anybody_else(school: Workspace) -> None:
    school.people.change("", name="Jo Marsh")
    assert [one.name for one in school.people.all()] == ["Jo Marsh"]
    assert not school.people.sitting().several


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Sam Ode",
        "SAM ODE",
        "  sam   ode ",
        "Ｓａｍ Ode",
        "Sa\u200cm Ode",
        "jo",
        unicodedata.normalize("NFD", "Zoë"),
    ],
)
def test_a_name_stands_for_one_person(school: Workspace, sam: Person, name: str) -> None:
    school.people.add("Zoë", {ENTER})
    with pytest.raises(UsageError, match="here already"):
        school.people.add(name, {ENTER})
    assert len(school.people.all()) == 3


def test_a_name_of_the_journal_is_not_given_again(school: Workspace, sam: Person) -> None:
    school.people.change(sam.id, name="Samira Ode")
    with pytest.raises(UsageError, match="There is a Sam Ode here already"):
        school.people.add("sam ode", {ENTER})
    school.people.remove(sam.id)
    with pytest.raises(UsageError, match="worked here before"):
        school.people.add("Samira Ode", {ENTER})
    assert school.people.change(sam.id, name="Sam Ode").names == ("Sam Ode", "Samira Ode"), (
        "their own, they may"
    )


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "Enter a name"),
        (" \t\n ", "Enter a name"),
        ("\u200d\u200c", "Enter a name"),
        ("A" * 300, f"{LONGEST_NAME} characters"),
        ("Sam\x07Ode", "cannot be seen"),
        ("Sam\0Ode", "cannot be seen"),
        ("\u202eedO maS", "cannot be seen"),
        ("Sam\u2066 Ode", "cannot be seen"),
        ("Sam\ud800", "cannot be seen"),
        ("Sam\ue000", "cannot be seen"),
    ],
)
def test_hostile_names_are_refused_and_nothing_is_kept(school: Workspace, name: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        school.people.add(name, {ENTER})
    assert [one.id for one in school.people.all()] == [""]
    assert told(school) == []


@pytest.mark.parametrize(
    "name", ["שרה לוי", "محمد", "Ngũgĩ wa Thiong’o", "می\u200cنا", "李", "O’Brien-Smith, Jr."]
)
def test_names_of_every_script_are_kept_as_they_are_written(school: Workspace, name: str) -> None:
    person = school.people.add(name, {ENTER})
    school.people.take_over(person.id)
    assert school.people.named(name.upper()).name == name
    again = reopened(school)
    assert again.actor == name
    again.close()


# --- roles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "role", "words"),
    [
        ({ENTER}, SEND, "Sam can enter records, not send them. Ask Priya, who can."),
        (
            {ENTER},
            ADMINISTER,
            "Sam can enter records, not look after settings and people. Ask Priya, who can.",
        ),
        ({SEND}, ENTER, "Sam can send records, not enter them. Ask Priya, who can."),
        ({ADMINISTER}, SEND, "Sam can look after settings and people, not send records. Ask Priya, who can."),
        (set(), ENTER, "Sam can look, not enter records. Ask Priya, who can."),
        ({ENTER, SEND}, SEND, ""),
    ],
)
def test_the_reason_says_what_somebody_can_and_whom_to_ask(roles: set[Role], role: Role, words: str) -> None:
    sam, priya = Person("1", "Sam", frozenset(roles)), Person("2", "Priya", ALL_ROLES)
    assert Sitting(sam, (priya, sam)).why_not(role) == words


def test_several_can_be_asked_or_nobody_can() -> None:
    sam, kim, jo = (
        Person(n, n, frozenset(r)) for n, r in (("Sam", {ENTER}), ("Kim", {SEND}), ("Jo", {SEND}))
    )
    assert Sitting(sam, (sam, kim, jo)).why_not(SEND).endswith("Ask Kim or Jo, who can.")
    keeper = Person("4", "Priya", frozenset({ADMINISTER}))
    told = Sitting(sam, (sam, keeper)).why_not(SEND)
    assert told.endswith("Nobody here can yet. Priya can change that in Settings, People.")


@pytest.mark.parametrize(
    ("text", "roles"),
    [("", set()), ("enter", {ENTER}), (" Send, ENTER ,", {ENTER, SEND}), ("administer", {ADMINISTER})],
)
def test_roles_as_they_are_typed(text: str, roles: set[Role]) -> None:
    assert roles_from(text) == roles


def test_an_unknown_role_names_those_there_are() -> None:
    with pytest.raises(UnknownName, match="enter, send, administer"):
        roles_from("enter,boss")


DOORS: dict[str, tuple[Role, Callable[[Workspace, str], object]]] = {
    "add": (ENTER, lambda w, r: w.records.add("ects", Document())),
    "edit": (ENTER, lambda w, r: w.records.edit(r, Patch({"email": "a@example.com"}))),
    "revert": (ENTER, lambda w, r: w.records.revert(r)),
    "discard": (ENTER, lambda w, r: w.records.discard(r)),
    "copy": (ENTER, lambda w, r: w.records.copy(r)),
    "bulk": (ENTER, lambda w, r: w.acts.change([1], {"email": "a@example.com"})),
    "import or paste": (ENTER, lambda w, r: w.acts.apply({}, [Document()], collection="ects", words="x")),
    "action": (SEND, lambda w, r: w.records.act(r, "leave", {})),
    "typed to the end": (SEND, lambda w, r: w.keying.finish(f"{r}:register_ect", "accepted")),
    "file": (SEND, lambda w, r: w.exports.make("bulk-add", w.folder)),
    "uploaded": (SEND, lambda w, r: w.exports.uploaded("x")),
    "pause": (SEND, lambda w, r: w.queue.pause()),
    "resume": (SEND, lambda w, r: w.queue.resume()),
    "connect": (ADMINISTER, lambda w, r: w.portals.connect("trainees", "https://example.org", token_env="X")),
    "timetable": (ADMINISTER, lambda w, r: w.schedule.change(Timetable())),
    "collections": (ADMINISTER, lambda w, r: w.choosing.choose(["ects"])),
    "backup": (ADMINISTER, lambda w, r: w.care.backup(w.folder / "b")),
    "person": (ADMINISTER, lambda w, r: w.people.add("Kim", {ENTER})),
    "roles": (ADMINISTER, lambda w, r: w.people.change(w.people.current.id, roles=ALL_ROLES)),
    "leave": (ADMINISTER, lambda w, r: w.people.remove(w.people.named("Jo").id)),
}


def test_every_door_asks_for_its_role_and_leaves_all_as_it_was(school: Workspace, sam: Person) -> None:
    record = added(school, ECT)
    before = school.records.view(record)
    for name, (role, deed) in DOORS.items():
        school.people.take_over(school.people.named("Jo").id)
        school.people.change(sam.id, roles=ALL_ROLES - {role})
        school.people.take_over(sam.id)
        rows = len(school.activity.entries(limit=1_000))
        with pytest.raises(NotAllowed, match=r"Sam Ode can .* not .*Ask Jo, who can"):
            deed(school, record)
        assert len(school.activity.entries(limit=1_000)) == rows, name
    school.people.take_over(school.people.named("Jo").id)
    assert school.records.view(record).version == before.version


def test_a_record_says_that_who_sits_here_cannot_edit_it(school: Workspace) -> None:
    record = added(school, ECT)
    reader = school.people.add("Sam", set())
    school.people.take_over(reader.id)
    view = school.records.view(record)
    assert (view.editable, view.why_not_editable) == (
        False,
        "Sam can look, not enter records. Ask Jo, who can.",
    )
    assert view.why_not_act == "Sam can look, not send records. Ask Jo, who can."


# --- the list -------------------------------------------------------------------------------------------------------


def test_at_least_one_administrator_always_remains(school: Workspace, sam: Person) -> None:
    jo = school.people.current
    with pytest.raises(UsageError, match="Jo is the only one who looks after settings"):
        school.people.change(jo.id, roles={ENTER, SEND})
    kim = school.people.add("Kim", {ADMINISTER})
    school.people.take_over(kim.id)
    school.people.remove(jo.id)
    with pytest.raises(UsageError, match="Kim is the only one"):
        school.people.change(kim.id, roles=set())
    assert school.people.may(ADMINISTER)


def test_who_left_stays_in_the_journal_and_is_not_offered(school: Workspace, sam: Person) -> None:
    school.people.take_over(sam.id)
    added(school, ECT)
    school.people.take_over(school.people.named("Jo").id)
    gone = school.people.remove(sam.id)
    assert gone.left == school.now()
    assert [one.name for one in school.people.sitting().working] == ["Jo"]
    for choose in (lambda: school.people.take_over(sam.id), lambda: school.people.act_as("sam ode")):
        with pytest.raises(UsageError, match="does not work here any more"):
            choose()
    assert "Sam Ode" in {e.actor for e in school.activity.entries()}
    assert school.people.come_back(sam.id).left is None
    assert school.people.take_over(sam.id).roles == {ENTER}


def test_who_sits_here_cannot_leave(school: Workspace, sam: Person) -> None:
    with pytest.raises(UsageError, match="sits here now"):
        school.people.remove(school.people.current.id)


def test_each_hand_over_is_in_the_journal_and_the_last_one_counts_after_a_restart(
    school: Workspace, sam: Person
) -> None:
    school.people.take_over(sam.id)
    school.people.take_over(sam.id)
    record = added(school, ECT)
    school.people.take_over(school.people.named("Jo").id)
    school.people.take_over(sam.id)
    assert [text for _, text in told(school)[1:]] == [
        "Sam Ode took over at this computer",
        "Jo took over at this computer",
        "Sam Ode took over at this computer",
    ]
    assert {e.actor for e in school.activity.entries(record)} == {"Sam Ode"}
    again = reopened(school)
    assert again.actor == "Sam Ode"
    assert again.care.doctor() == []
    again.close()


def test_acting_as_somebody_lasts_for_one_run(school: Workspace, sam: Person) -> None:
    with pytest.raises(UnknownName, match=r'Nobody here is called "Nobody". There are: Jo, Sam Ode.'):
        school.people.named("Nobody")
    school.people.act_as("SAM ODE")
    record = added(school, ECT)
    assert {e.actor for e in school.activity.entries(record)} == {"Sam Ode"}
    again = reopened(school)
    assert again.actor == "Jo"
    again.close()


def test_history_of_one_person_holds_what_they_did_under_every_name(school: Workspace, sam: Person) -> None:
    school.people.take_over(sam.id)
    first = added(school, ECT)
    school.people.take_over(school.people.named("Jo").id)
    now = school.people.change(sam.id, name="Samira Ode")
    school.people.take_over(sam.id)
    school.records.edit(first, Patch({"email": "b@example.com"}))
    entries = school.activity.entries(first, actors=now.names)
    assert {e.actor for e in entries} == {"Sam Ode", "Samira Ode"}
    assert school.activity.entries(first, actors=("Jo",)) == []
