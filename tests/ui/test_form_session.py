"""What an open form holds beside the store: nothing typed is lost, nothing is reloaded under the person (I2)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.collections.trainees import COLLECTION
from desktop.model.document import Child, Document, Patch, apply, diff, patch_of, value_at
from desktop.model.ids import RecordId
from desktop.model.standing import Sync
from desktop.services.views import Edited, RecordView
from desktop.ui.record.session import FormSession, PortalNote
from tests.ui.conftest import EVE_OF_CENSUS as NOW


def view_of(document, base=None, version=1, **more):
    base = document if base is None else base
    facts = {
        "id": RecordId("r1"),
        "key": 1,
        "collection": "trainees",
        "label": "Farrukh, Zain",
        "portal_id": "p1",
        "sync": Sync.CLEAN,
        "caption": "",
        "state": "trn_received",
        "state_label": "TRN received",
        "editable": True,
        "why_not_editable": "",
        "document": document,
        "base": base,
        "pending": diff(base, document),
        "extras": {},
        "findings": (),
        "money": None,
        "money_at_portal": None,
        "version": version,
        "saved_at": NOW,
        "conflict": None,
        "changes": (),
        "actions": (),
        "missing": False,
    }
    return RecordView(**(facts | more))


BASE = Document(
    {"first_names": "Zain", "email": "z@example.org", "itt_end_date": "2027-07-02"},
    {"degrees": [Child("d1", {"subject": "100403", "grade": "02"}, "d1")]},
)


@pytest.fixture
def session():
    return FormSession(COLLECTION, view_of(BASE.copy()))


def save(session, paths=None):
    """A write that lands: what the store would answer."""
    patch = session.take(paths)
    before = session.view.document
    after = apply(before, patch)
    view = view_of(after, session.view.base, session.view.version + 1)
    return session.saved(Edited(view, diff(after, before)), NOW)


def test_typing_back_to_the_saved_answer_is_no_change(session):
    session.type("email", "other@example.org")
    assert session.dirty
    session.type("email", " z@example.org ")
    assert not session.dirty


def test_only_the_row_that_was_left_is_saved(session):
    session.type("email", "new@example.org")
    session.type("first_names", "Za")
    assert session.take(["email"]).fields == {"email": "new@example.org"}
    assert session.typed == {"first_names": "Za"}


def test_one_write_at_a_time(session):
    session.type("email", "new@example.org")
    assert session.take() is not None
    session.type("first_names", "Zane")
    assert session.take() is None
    assert session.value("email") == "new@example.org"


def test_a_write_that_failed_is_typed_text_again_unless_typed_over(session):
    session.type("email", "one@example.org")
    session.type("first_names", "Zane")
    session.take()
    session.type("email", "two@example.org")
    session.failed()
    assert session.typed == {"email": "two@example.org", "first_names": "Zane"}


def test_a_refresh_replaces_nothing_under_the_person_and_says_what_moved(session):
    session.type("email", "mine@example.org")
    theirs = apply(BASE, Patch({"email": "theirs@example.org", "first_names": "Zayn"}))
    moved = session.refreshed(view_of(theirs, theirs, 2))
    assert moved == set()
    assert session.value("email") == "mine@example.org"
    assert session.value("first_names") == session.document().get("first_names") == "Zain"
    assert not session.changed_here("first_names")
    assert session.notes["email"].kept
    assert session.notes["email"].now == "theirs@example.org"
    assert not session.notes["first_names"].kept
    assert session.notes["first_names"] == PortalNote("Zain", "Zayn", kept=False)


def test_taking_the_portals_shows_it_and_writes_nothing(session):
    theirs = apply(BASE, Patch({"first_names": "Zayn"}))
    session.refreshed(view_of(theirs, theirs, 2))
    assert session.forget_typed(["first_names"]) == {"first_names"}
    assert session.value("first_names") == "Zayn"
    assert session.take() is None


def test_answering_anew_what_the_portal_moved_is_a_change_of_our_own(session):
    theirs = apply(BASE, Patch({"first_names": "Zayn"}))
    session.refreshed(view_of(theirs, theirs, 2))
    session.type("first_names", "Zain")
    assert session.take().fields == {"first_names": "Zain"}


def test_saving_one_answer_takes_none_along_that_was_held_back(session):
    theirs = apply(BASE, Patch({"first_names": "Zayn"}))
    session.refreshed(view_of(theirs, theirs, 2))
    session.type("email", "mine@example.org")
    assert session.take().fields == {"email": "mine@example.org"}


def test_a_degree_that_came_or_went_at_the_portal_is_said(session):
    remote = BASE.copy()
    remote.children["degrees"] = [Child("d2", {"subject": "100425"}, "d2")]
    assert session.refreshed(view_of(remote.copy(), remote, 2)) >= {"degrees."}
    assert session.came == {"degrees.d2"}
    assert session.went == {"degrees"}
    assert [c.fields for c in session.document().children["degrees"]] == [{"subject": "100425"}]


def test_an_answer_of_a_degree_is_held_back_too_and_goes_with_it(session):
    remote = BASE.copy()
    remote.children["degrees"][0].fields["grade"] = "01"
    session.refreshed(view_of(remote.copy(), remote, 2))
    assert session.value("degrees.d1.grade") == "02"
    remote.children["degrees"].clear()
    session.refreshed(view_of(remote.copy(), remote, 3))
    assert session.document().children.get("degrees", []) == []


def test_our_own_change_coming_back_confirmed_is_no_news(session):
    session.type("email", "new@example.org")
    save(session)
    assert session.changed_here("email")
    confirmed = apply(BASE, Patch({"email": "new@example.org"}))
    assert session.refreshed(view_of(confirmed, confirmed, 3)) == set()
    assert session.notes == {}
    assert not session.changed_here("email")


def test_a_child_is_added_with_its_first_answer(session):
    child = session.open_child("degrees")
    assert [c.id for c in session.document().children["degrees"]] == ["d1", child]
    session.type(f"degrees.{child}.subject", "100425")
    patch = session.take()
    assert patch.children["degrees"][child].added
    assert patch.children["degrees"][child].fields == {"subject": "100425"}


def test_a_child_that_was_only_begun_is_forgotten_without_a_write(session):
    child = session.open_child("degrees")
    assert session.drop_child("degrees", child) is None
    assert [c.id for c in session.document().children["degrees"]] == ["d1"]
    assert session.drop_child("degrees", "d1").children["degrees"]["d1"].removed


def test_typing_follows_a_child_to_the_id_that_the_portal_gives_it(session):
    local = apply(BASE, Patch({}, patch_of(BASE, {"degrees.new.subject": "100425"}).children))
    session.refreshed(view_of(local, BASE, 2))
    session.type("degrees.new.grade", "01")
    remote = BASE.copy()
    remote.children["degrees"].append(Child("P9", {"subject": "100425"}, "P9"))
    session.refreshed(view_of(remote.copy(), remote, 3))
    assert session.take_renames() == [("degrees", "new", "P9")]
    assert session.typed == {"degrees.P9.grade": "01"}
    patch = session.take()
    assert not patch.children["degrees"]["P9"].added


def test_a_child_that_the_portal_removed_while_it_is_typed_in_stays_in_the_form(session):
    session.type("degrees.d1.grade", "01")
    gone = BASE.copy()
    gone.children["degrees"].clear()
    session.refreshed(view_of(gone.copy(), gone, 2))
    patch = session.take()
    assert patch.children["degrees"]["d1"].added
    assert patch.children["degrees"]["d1"].fields == {"subject": "100403", "grade": "01"}


def test_a_flush_takes_what_is_in_flight_along(session):
    session.type("email", "one@example.org")
    session.take()
    session.type("first_names", "Zane")
    assert session.unsaved() == {"email": "one@example.org", "first_names": "Zane"}


VALUES = st.one_of(st.none(), st.text("abc ", max_size=4), st.integers(0, 9))
PATHS = st.sampled_from(["email", "first_names", "itt_end_date", "degrees.d1.grade", "degrees.d1.subject"])


@given(st.lists(st.tuples(PATHS, VALUES), max_size=12), st.data())
def test_what_is_shown_is_always_stored_then_in_flight_then_typed(steps, data):
    session = FormSession(COLLECTION, view_of(BASE.copy()))
    expected = {}
    for path, value in steps:
        session.type(path, value)
        expected[path] = value
        if data.draw(st.booleans()) and session.typed and not session.busy:
            save(session)
    document = session.document()
    for path, value in expected.items():
        held = value_at(document, path)
        assert session.value(path) == held
        assert diff(Document({"x": held}), Document({"x": value})).fields == {}


@given(st.lists(st.tuples(PATHS, VALUES), max_size=6), st.dictionaries(PATHS, VALUES, max_size=4))
def test_no_refresh_ever_takes_typed_text_away(steps, theirs):
    session = FormSession(COLLECTION, view_of(BASE.copy()))
    for path, value in steps:
        session.type(path, value)
    typed, shown = dict(session.typed), session.document()
    remote = apply(BASE, patch_of(BASE, theirs))
    moved = session.refreshed(view_of(remote.copy(), remote, 2))
    assert session.typed == typed
    assert not moved & typed.keys()
    assert diff(shown, session.document()).fields == {}


def test_a_new_record_has_no_changes_to_compare():
    session = FormSession(COLLECTION)
    session.type("first_names", "Ada")
    assert not session.changed_here("first_names")
    patch = session.take()
    assert patch is not None
    assert patch.fields == {"first_names": "Ada"}
    created = replace(view_of(Document({"first_names": "Ada"})), base=None, portal_id=None)
    session.created(created, NOW)
    assert not session.dirty
    assert session.saved_times == {"first_names": NOW}
