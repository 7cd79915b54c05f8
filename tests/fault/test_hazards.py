"""What Register does to data when it is not asked (domain pack 1.6, 1.7): resets, traps, and forms of its own."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.model.change import ChangeState
from desktop.model.document import Child
from tests.fault.conftest import UK_DEGREE, Desk, a_new_school

KEPT = (
    "training_route",
    "course_age_range",
    "course_education_phase",
    "training_initiative",
    "ethnicity",
    "diversity_disclosure",
    "disability_disclosure",
    "disability1",
    "disability2",
    "nationality",
    "training_partner_urn",
    "training_partner_ukprn",
    "funding_method",
    "fund_code",
)


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body.get(name) for name in KEPT}


def _placed(desk: Desk, **other: Any) -> str:
    """A trainee at the portal with everything that a careless PUT would reset; her id."""
    fields = {k: v for k, v in desk.person().fields.items() if v is not None}
    more = {
        "course_age_range": "13914",
        "course_subject_1": "100511",
        "fund_code": "2",
        "funding_method": "6",
        "ethnicity": "103",
        "disability1": "51",
        "disability2": "55",
        "disability_disclosure": "disabled",
        "diversity_disclosure": "diversity_disclosed",
        "course_education_phase": "primary",
        "nationality": "IE",
        "state": "trn_received",
        "record_source": "api",
    }
    made = desk.control.add(**(fields | more | other), degrees=[UK_DEGREE])
    desk.sync()
    desk.control.clear_requests()
    return str(made["trainee_id"])


class TestResets:
    def test_an_unrelated_edit_resets_nothing(self, desk: Desk) -> None:
        """The always-sent set: initiative, phase, disclosure survive an edit of the e-mail."""
        trainee_id = _placed(desk, training_initiative="026")
        before = _kept(desk.control.trainee(trainee_id))
        record = desk.edit(desk.at(trainee_id), email="a@example.com")
        desk.sync()
        assert _kept(desk.trainee(record)) == before
        assert desk.trainee(record)["email"] == "a@example.com"
        desk.assert_settled()

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("ethnicity", "120"),
            ("disability2", "57"),
            ("nationality", "FR"),
            ("middle_names", "Bea"),
            ("itt_end_date", "2027-07-09"),
        ],
    )
    def test_only_what_was_edited_changes(self, desk: Desk, name: str, value: str) -> None:
        trainee_id = _placed(desk, training_initiative="026")
        before = _kept(desk.control.trainee(trainee_id))
        record = desk.edit(desk.at(trainee_id), **{name: value})
        desk.sync()
        after = desk.trainee(record)
        assert after[name] == value
        unlike = {n for n in KEPT if after.get(n) != before[n]}
        assert unlike <= {name}
        desk.assert_settled()

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("middle_names", ""),
            ("course_subject_2", None),
            ("employing_school_urn", None),
            ("previous_last_name", ""),
        ],
    )
    def test_an_answer_can_be_taken_away(self, desk: Desk, name: str, kept: object) -> None:
        """null means "not sent" for most keys; clearing takes each field's own way."""
        value = {"course_subject_2": "100403", "employing_school_urn": a_new_school(desk)}.get(name, "Old")
        trainee_id = _placed(desk, **{name: value})
        record = desk.edit(desk.at(trainee_id), **{name: None})
        desk.sync()
        assert desk.trainee(record)[name] in (kept, None)
        assert desk.changes() == []
        desk.assert_settled()

    def test_an_answer_that_cannot_be_taken_away_is_refused_and_not_sent_for_ever(self, desk: Desk) -> None:
        """null is dropped for a nationality: the portal says yes and keeps it."""
        trainee_id = _placed(desk)
        record = desk.edit(desk.at(trainee_id), nationality=None)
        for _ in range(3):
            desk.sync()
        (change,) = desk.changes(record)
        assert change.state is ChangeState.REJECTED
        assert "Nationality" in change.reason
        assert len(desk.writes()) == 1
        assert "confirmed" in desk.events(record)


class TestPartner:
    """The partner trap: training_partner_urn wins by being there, even when it is null."""

    @pytest.fixture
    def partners(self, desk: Desk) -> None:
        desk.control.add_partner(ukprn="10990002", name="Dale Trust")
        desk.control.add_partner(urn="555002", ukprn="10990001", name="Hill Alliance")

    def test_a_partner_without_a_urn_survives_another_edit(self, desk: Desk, partners: None) -> None:
        trainee_id = _placed(desk, training_partner_ukprn="10990002")
        record = desk.edit(desk.at(trainee_id), email="a@example.com")
        desk.sync()
        assert desk.trainee(record)["training_partner_ukprn"] == "10990002"
        desk.assert_settled()

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"training_partner_ukprn": "10990002", "training_partner_urn": None}, (None, "10990002")),
            ({"training_partner_urn": None, "training_partner_ukprn": None}, (None, None)),
        ],
    )
    def test_from_a_partner_with_a_urn(
        self, desk: Desk, partners: None, fields: dict[str, Any], expected: tuple[str | None, str | None]
    ) -> None:
        trainee_id = _placed(desk, training_partner_urn="555002", training_partner_ukprn="10990001")
        record = desk.edit(desk.at(trainee_id), **fields)
        desk.sync()
        held = desk.trainee(record)
        assert (held["training_partner_urn"], held["training_partner_ukprn"]) == expected
        desk.assert_settled()

    def test_to_a_partner_with_a_urn(self, desk: Desk, partners: None) -> None:
        trainee_id = _placed(desk, training_partner_ukprn="10990002")
        record = desk.edit(desk.at(trainee_id), training_partner_urn="555002")
        desk.sync()
        held = desk.trainee(record)
        assert (held["training_partner_urn"], held["training_partner_ukprn"]) == ("555002", "10990001")
        desk.assert_settled()


class TestDiversity:
    def test_two_nationalities_survive_other_edits(self, desk: Desk) -> None:
        """Sending nationality on a record with two loses the second: so it is left out unless it was edited."""
        trainee_id = _placed(desk)
        desk.control.edit(trainee_id, nationalities=["IE", "FR"])
        desk.sync()
        record = desk.edit(desk.at(trainee_id), email="a@example.com")
        desk.sync()
        assert desk.portal.state.records[trainee_id].nationalities == ("IE", "FR")
        desk.edit(record, nationality="ES")
        desk.sync()
        assert desk.portal.state.records[trainee_id].nationalities == ("ES",)

    def test_a_refusal_that_wiped_answers_loses_none(self, desk: Desk) -> None:
        """A 422 that changed data all the same: nationality and disabilities are kept here and sent again."""
        trainee_id = _placed(desk)
        record = desk.edit(desk.at(trainee_id), nationality="FR", employing_school_urn="999123")
        desk.sync()
        assert desk.control.trainee(trainee_id)["nationality"] is None
        now = desk.view(record)
        assert now.sync == "rejected"
        assert [now.document.get(n) for n in ("nationality", "disability1", "disability2")] == [
            "FR",
            "51",
            "55",
        ]
        desk.sync(full=True)
        now = desk.view(record)
        assert [now.document.get(n) for n in ("nationality", "disability1", "disability2")] == [
            "FR",
            "51",
            "55",
        ]
        desk.edit(record, employing_school_urn=None)
        desk.sync()
        held = desk.trainee(record)
        assert [held[n] for n in ("nationality", "disability1", "disability2")] == ["FR", "51", "55"]
        desk.assert_settled()

    @pytest.mark.parametrize("how", ["revert", "take_back"])
    def test_taking_the_refused_edit_back_leaves_the_repair(self, desk: Desk, how: str) -> None:
        """What the portal lost over it goes back there, as it was before."""
        trainee_id = _placed(desk)
        record = desk.edit(desk.at(trainee_id), nationality="FR", employing_school_urn="999123")
        desk.sync()
        if how == "revert":
            desk.workspace.records.revert(record.id)
        else:
            desk.workspace.queue.take_back(desk.changes(record)[0].id)
        desk.sync()
        held = desk.trainee(record)
        assert [held[n] for n in ("nationality", "disability1", "disability2")] == ["IE", "51", "55"]
        desk.workspace.records.revert(record.id)
        desk.assert_settled()

    def test_an_edit_given_up_after_such_a_refusal_still_repairs(self, desk: Desk) -> None:
        """The person takes the refused answer back; what the portal lost goes back to it."""
        trainee_id = _placed(desk)
        record = desk.edit(desk.at(trainee_id), employing_school_urn="999123")
        desk.sync()
        desk.edit(record, employing_school_urn=None)
        desk.sync()
        held = desk.trainee(record)
        assert (held["disability1"], held["disability2"]) == ("51", "55")
        desk.assert_settled()


class TestForms:
    """The portal stores its own form of a value: taken for the same, and never sent for ever (D22)."""

    def test_blanks_and_unicode_forms(self, desk: Desk) -> None:
        record = desk.edit(desk.at(desk.in_training()), first_names="  Zoe\u0308   Ann ", last_name="O Hara ")
        for _ in range(3):
            desk.sync()
        assert len(desk.writes()) == 1
        assert desk.trainee(record)["first_names"] == "Zo\u00eb Ann"
        desk.assert_settled()

    def test_a_degree_that_comes_back_in_another_code(self, desk: Desk) -> None:
        """0133 is stored as 0149, grade 09 as 14."""
        record = desk.at(desk.in_training())
        desk.add_child(
            record, "degrees", **(UK_DEGREE | {"institution": "0133", "grade": "09", "graduation_year": 2006})
        )
        for _ in range(3):
            desk.sync()
        assert len(desk.writes()) == 1
        desk.assert_settled()

    def test_a_degree_changed_into_a_code_that_comes_back_as_another(self, desk: Desk) -> None:
        record = desk.at(desk.in_training())
        degree = desk.trainee(record)["degrees"][0]
        desk.edit_child(record, "degrees", degree["degree_id"], institution="0133")
        for _ in range(3):
            desk.sync()
        assert len(desk.writes()) == 1
        assert desk.conflicts() == []
        assert desk.trainee(record)["degrees"][0]["institution"] == "0149"
        desk.assert_settled()

    def test_a_new_trainee_with_all_of_it(self, desk: Desk) -> None:
        person = desk.person(first_names="  Zoe\u0308   Ann ", last_name=" O   Hara")
        person.children["degrees"][0].fields = dict(UK_DEGREE | {"institution": "0133", "grade": "09"})
        person.children["degrees"].append(Child("", dict(UK_DEGREE | {"graduation_year": 2001})))
        new = desk.workspace.records.add("trainees", person)
        for _ in range(3):
            desk.sync()
        assert desk.view(new).portal_id
        assert len(desk.writes()) == 1
        desk.assert_settled()

    def test_a_placement_takes_the_schools_own_name(self, desk: Desk) -> None:
        """The URN brings name, address and postcode of its own; what was typed stays in the journal."""
        urn = a_new_school(desk)
        record = desk.at(desk.in_training())
        desk.add_child(record, "placements", urn=urn, name="As I call it", postcode="BN9 9ZZ")
        for _ in range(3):
            desk.sync()
        assert len(desk.writes()) == 1
        assert "As I call it" in str([e.detail for e in desk.history(record) if e.event == "portal_form"])
        desk.assert_settled()

    def test_a_placement_that_changes_school(self, desk: Desk) -> None:
        """A PUT of the URN alone changes name, address and postcode too: that is no conflict."""
        urn = a_new_school(desk)
        desk.control.add_school("555009", "Dale School", "BN2 2BB", "2 Dale Road")
        record = desk.at(desk.in_training())
        local_id = desk.add_child(record, "placements", urn=urn)
        desk.sync()
        desk.edit_child(record, "placements", local_id, urn="555009")
        for _ in range(3):
            desk.sync()
        assert desk.conflicts() == []
        names = [p["name"] for p in desk.trainee(record)["placements"]]
        assert "Dale School" in names
        assert len(desk.writes()) == 2
        desk.assert_settled()

    def test_what_is_typed_while_a_childs_change_travels_stays(self, desk: Desk) -> None:
        """I2 for the fields of a child."""
        record = desk.at(desk.in_training())
        degree_id = desk.trainee(record)["degrees"][0]["degree_id"]
        desk.edit_child(record, "degrees", degree_id, institution="0133", graduation_year=2012)
        desk.taps.before(
            "update_child",
            lambda *_: desk.edit_child(record, "degrees", degree_id, grade="03", graduation_year=2013),
        )
        desk.sync()
        desk.sync()
        degree = desk.trainee(record)["degrees"][0]
        assert (degree["institution"], degree["grade"], degree["graduation_year"]) == ("0149", "03", 2013)
        desk.assert_settled()

    def test_a_childs_field_that_the_portal_ignores_is_refused(self, desk: Desk) -> None:
        """A name of our own for a school that has one: said yes to, and not stored."""
        urn = a_new_school(desk)
        record = desk.at(desk.in_training())
        local_id = desk.add_child(record, "placements", urn=urn)
        desk.sync()
        desk.control.clear_requests()
        desk.edit_child(record, "placements", local_id, name="As I call it")
        for _ in range(3):
            desk.sync()
        (change,) = desk.changes(record)
        assert change.state is ChangeState.REJECTED
        assert "School or setting" in change.reason
        assert len(desk.writes()) == 1
        desk.workspace.records.revert(record.id)
        desk.assert_settled()

    def test_an_old_record_without_hesa_detail(self, desk: Desk) -> None:
        """Pack 1.6: typed on the web; a PUT gives it the missing part, and that is no conflict."""
        trainee_id = desk.in_training(record_source="manual")
        record = desk.edit(desk.at(trainee_id), email="a@example.com")
        for _ in range(2):
            desk.sync()
        if desk.view(record).sync == "clean":
            desk.assert_settled()
        else:
            assert desk.view(record).sync in ("draft", "rejected")
            desk.assert_healthy()
