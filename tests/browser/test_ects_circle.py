"""A school's journeys in a real browser, driven from the sheet: each answer is typed where the page asks by that label.

What the browser does next is read from the sheet, and which outcome is chosen from what the page shows. At the end the
practice website of Register ECTs holds what the record says. All other journeys are typed the same way without a window:
`tests/contract/practice/test_ects_sheets.py`. Source: domain pack register-ects 1.1 to 1.9 and 9.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from desktop.model.document import ChildPatch, Fields, Patch
from desktop.model.ids import new_id
from desktop.model.standing import Sync
from desktop.practice.ects.furnish import ACADEMY
from desktop.practice.server import PracticePortal
from desktop.services.views import Organisation
from desktop.services.workspace import Workspace
from desktop.store import vault
from tests.browser.conftest import Web
from tests.contract.practice.keyed import NOW, Office
from tests.fault.conftest import CHEAP


@pytest.fixture(scope="module")
def school_portal() -> Iterator[PracticePortal]:
    with PracticePortal() as made:
        made.control.clock(NOW)
        yield made


@pytest.fixture
def office(
    driver: tuple[webdriver.Chrome, Path],
    school_portal: PracticePortal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Office]:
    """A workspace of Northmoor Academy, and a browser that is signed in there, on 20 September 2026."""
    monkeypatch.setattr(vault, "_KDF", CHEAP)
    school_portal.control.ects.clear()
    school_portal.control.ects.fault("up")
    organisation = Organisation("Northmoor Academy", "school", "", ACADEMY, ("ects",))
    workspace = Workspace.create(
        tmp_path / "w", organisation, "made up", clock=lambda: NOW, actor="Jo", remember=False
    )
    browser, downloads = driver
    browser.delete_all_cookies()
    web = Web(browser, school_portal.ects_url.rstrip("/"), downloads)
    web.open()
    web.choose(f"Northmoor Academy (URN {ACADEMY})")
    web.press("Sign in")
    yield Office(workspace, web, school_portal)
    workspace.close()


def test_an_ect_and_a_mentor_are_registered_linked_and_one_leaves(office: Office) -> None:
    """1.1, 1.2, 1.3 and 1.8, as a school's September goes: the sheets, the browser, and what is held afterwards."""
    amina = office.add("found")
    office.to_register()
    assert office.key(amina, "register_ect").page == ""
    assert office.web.heading == "You have saved Amina Okafor’s details"
    assert office.workspace.keying.finish(f"{amina}:register_ect", "accepted") is None
    assert office.agrees(amina, "found")
    assert (office.view(amina).sync, office.view(amina).state) == (Sync.CLEAN, "registered")
    office.web.follow("Back to your ECTs")
    assert "A mentor needs to be assigned to Amina Okafor." in office.web.words

    helena = office.mentor("passed", "found")
    office.key(helena, "register_mentor")
    assert office.web.heading == "You’ve assigned Helena Thackeray as a mentor"
    office.workspace.keying.finish(f"{helena}:register_mentor", "accepted")
    mentor = office.period("passed", "mentor")
    assert mentor["email"] == office.view(helena).document.get("email")
    (link,) = office.held("mentorships")
    assert (link["ect"], link["mentor"]) == (office.period("found")["id"], mentor["id"])

    tariq = office.add("in_progress", training_programme="school_led", lead_provider=None)
    office.to_register()
    office.key(tariq, "register_ect")
    office.workspace.keying.finish(f"{tariq}:register_ect", "accepted")
    assert office.agrees(tariq, "in_progress")
    child = ChildPatch(
        {"mentor_trn": mentor["trn"], "mentor_name": "Helena Thackeray", "started_on": "2026-09-20"},
        added=True,
    )
    office.workspace.records.edit(tariq, Patch({}, {"mentorships": {new_id(): child}}))
    office.to_ect(office.period("in_progress")["trn"])
    office.web.follow("Assign a mentor")
    office.key(tariq, "mentor")
    assert office.web.heading == "You’ve assigned Helena Thackeray as a mentor"
    office.workspace.keying.finish(f"{tariq}:mentor", "accepted")
    assert [m["mentor"] for m in office.held("mentorships")] == [mentor["id"], mentor["id"]]

    office.workspace.records.act(tariq, "leave", {"leaving_on": "2026-12-18"})
    office.to_ect(office.period("in_progress")["trn"])
    office.web.follow("Tell us if Tariq Malhotra is leaving permanently")
    office.key(tariq, "leave")
    assert office.web.heading.endswith("after 18 December 2026")
    office.workspace.keying.finish(f"{tariq}:leave", "accepted")
    assert (
        office.period("in_progress")["until"]
        == office.view(tariq).document.get("finished_on")
        == "2026-12-18"
    )


def test_a_block_ends_the_sheet_and_stands_in_the_record(office: Office) -> None:
    """1.1, outcomes of step 1: why and what next; the website holds nobody."""
    record = office.add("passed")
    office.to_register()
    assert office.key(record, "register_ect").stopped
    assert office.view(record).document.get("portal_answer") == "completed"
    assert office.held("periods") == []


def test_found_by_the_national_insurance_number_and_changed_afterwards(office: Office) -> None:
    """1.1 step 1a, and what found the teacher is gone then; 1.4 to 1.6, with the question for the same person."""
    rhys = office.add("born_differs", ni_number="KL294817B")
    office.to_register()
    office.key(rhys, "register_ect")
    assert office.web.heading == "You have saved Rhys Penhaligon’s details"
    office.workspace.keying.finish(f"{rhys}:register_ect", "accepted")
    assert office.agrees(rhys, "born_differs")
    left = office.view(rhys).document
    assert (left.get("date_of_birth"), left.get("ni_number")) == (None, None)

    changed: Fields = {
        "name_is_right": "no",
        "corrected_name": "Grace Hill",
        "name_change_reason": "legal_change",
        "same_person": "yes",
        "email": "grace@example.org",
        "working_pattern": "part_time",
    }
    office.workspace.records.edit(rhys, Patch(changed))
    at = f"/ects/{office.period('born_differs')['id']}"
    pages = {"name": "change-name", "email": "change-email-address", "pattern": "change-working-pattern"}
    office.key(rhys, "change", {key: f"{at}/{slug}" for key, slug in pages.items()})
    assert office.web.heading == "You’ve changed Grace Hill’s working pattern to part time"
    office.workspace.keying.finish(f"{rhys}:change", "accepted")
    assert office.agrees(rhys, "born_differs")
    assert office.name(office.period("born_differs")["trn"]) == "Grace Hill"
