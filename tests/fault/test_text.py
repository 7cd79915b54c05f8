"""Odd text and dates (T6): refused at the door in plain words, or kept, sent and the same on both sides; never half of either."""

from __future__ import annotations

import unicodedata

import pytest

from desktop.model.document import same
from desktop.model.errors import UsageError
from desktop.services.views import RecordView
from tests.fault.conftest import Desk
from tests.fault.line import altered, put_on, take_off

COMPOSED = unicodedata.normalize("NFC", "Zoë Ångström")
APART = unicodedata.normalize("NFD", COMPOSED)

ODD = {
    "controls": "Bea\x01\x07\x1f",
    "delete": "Bea\x7f",
    "line break": "Bea\nAnn",
    "tab": "Bea\tAnn",
    "nul": "Bea\0Ann",
    "blanks around": "  Bea  ",
    "no-break blank": "Bea\u00a0Ann",
    "nothing wide": "Be\u200ba",
    "right to left": "\u202eBea\u202c",
    "apart": APART,
    "composed": COMPOSED,
    "beyond the plane": "Bea 𝒜𝓃𝓃 👩‍🏫",
    "mark": "\ufeffBea",
    "replacement": "Bea\ufffd",
    "quote and tag": "<b>O'Hara\"; DROP TABLE records; --</b>",
    "long": "Ada " * 12 + "end",
}


@pytest.mark.parametrize("text", ODD.values(), ids=list(ODD))
def test_odd_text_is_the_same_on_both_sides_or_refused(desk: Desk, text: str) -> None:
    """T6: through the queue, the request, the portal and back; a second sync finds nothing to do."""
    record = desk.at(desk.in_training())
    before = record.document.get("middle_names")
    if "refused" in _typed(desk, record, text):
        assert desk.view(record).document.get("middle_names") == before
        return
    desk.sync()
    now = desk.view(record)
    if now.sync == "clean":
        assert same(now.document.get("middle_names"), text)
        assert same(desk.trainee(record)["middle_names"], text)
        desk.assert_settled()
    else:  # a rule or the portal says what is wrong with it; the text is kept as it was typed
        assert now.sync in ("draft", "rejected")
        assert same(now.document.get("middle_names"), text)
        assert now.findings or any(c.reason for c in now.changes)
    sent = len(desk.writes())
    desk.sync()
    assert len(desk.writes()) == sent


def _typed(desk: Desk, record: RecordView, text: str) -> str:
    try:
        desk.edit(record, middle_names=text)
    except UsageError as error:
        return f"refused: {error}"
    return "taken"


@pytest.mark.parametrize("half", ["\ud800", "Bea\udfff", "\udc00\ud800"])
def test_half_a_character_is_refused_everywhere(desk: Desk, half: str) -> None:
    """T6: in an edit, a new record, a child and a decision; nothing of it is stored."""
    record = desk.at(desk.in_training())
    count = len(desk.all())
    with pytest.raises(UsageError):
        desk.edit(record, middle_names=half)
    with pytest.raises(UsageError):
        desk.add(middle_names=half)
    with pytest.raises(UsageError):
        desk.add_child(record, "placements", name=half)
    desk.edit(record, email="mine@example.com")
    desk.control.edit(record.portal_id, email="theirs@example.com")
    desk.sync()
    with pytest.raises(UsageError):
        desk.workspace.conflicts.resolve(desk.conflict().id, {"email": ("value", half)})
    assert len(desk.all()) == count
    assert desk.conflict().record_id == record.id


@pytest.mark.parametrize("half", ["\\ud800", "Bea\\udfff"])
def test_half_a_character_from_the_portal_is_mended(desk: Desk, half: str) -> None:
    """T6: another system let it through: it is shown as a replacement sign, and read again and again without a change."""
    trainee_id = desk.in_training()
    desk.control.edit(trainee_id, middle_names="HALF")

    def broken(request, send):
        reply = send(request)
        reply._content = reply.content.replace(b"HALF", half.encode())
        return reply

    put_on(desk, broken)
    desk.sync()
    shown = str(desk.at(trainee_id).document.get("middle_names"))
    assert "\ufffd" in shown
    version = desk.at(trainee_id).version
    assert desk.sync(full=True).pulled == 0
    assert desk.at(trainee_id).version == version
    desk.edit(desk.at(trainee_id), email="a@example.com")
    desk.sync()
    take_off(desk)
    assert desk.trainee(desk.at(trainee_id))["middle_names"] == "HALF", "not sent back broken"


def test_one_name_in_two_forms_is_one_name(desk: Desk) -> None:
    """T6, I14: composed here, apart there; blanks at the end: agreement, no conflict, no request."""
    trainee_id = desk.in_training()
    desk.edit(desk.at(trainee_id), middle_names=COMPOSED)
    desk.control.edit(trainee_id, middle_names=f"{APART} ")
    desk.sync()
    assert desk.conflicts() == []
    assert desk.writes() == []
    desk.assert_healthy()


@pytest.mark.parametrize(
    "value",
    [
        "2000-02-29",
        "1900-02-29",
        "2023-02-30",
        "0001-01-01",
        "9999-12-31",
        "0000-00-00",
        "12/04/1999",
        "1999-4-2",
        "soon",
    ],
)
def test_dates_at_the_edge(desk: Desk, value: str) -> None:
    """T6: one that exists is sent and comes back the same; any other is kept as typed, with a finding, and not sent."""
    record = desk.edit(desk.at(desk.in_training()), date_of_birth=value)
    desk.sync()
    now = desk.view(record)
    if now.sync == "clean":
        assert desk.trainee(record)["date_of_birth"] == now.document.get("date_of_birth")
        desk.assert_settled()
    else:
        assert now.document.get("date_of_birth") == value
        assert now.findings or any(c.reason for c in now.changes)
    sent = len(desk.writes())
    desk.sync()
    assert len(desk.writes()) == sent


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", "not a date", "", None])
def test_odd_dates_from_the_portal(desk: Desk, value: str | None) -> None:
    """T6: whatever it holds is taken in and shown; other edits of the record still go out."""
    trainee_id = desk.in_training()

    def odd(request, send):
        def change(trainee):
            if trainee["trainee_id"] == trainee_id:
                trainee["itt_end_date"] = value

        return altered(send(request), change)

    put_on(desk, odd)
    desk.sync(full=True)
    record = desk.at(trainee_id)
    assert same(record.document.get("itt_end_date"), value)
    desk.edit(record, email="a@example.com")
    desk.sync()
    assert not desk.view(record).missing
    assert desk.conflicts() == []
    assert desk.workspace.care.doctor() == []
