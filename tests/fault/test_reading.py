"""Reading the portal: whole pages or nothing of them, watermarks at the end only, absence is no proof (I8-I11, D1-D6)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.model.conflict import ConflictKind
from desktop.model.verdict import PortalState
from desktop.sync.portals.register import RegisterPortal
from tests.fault.conftest import UK_DEGREE, Desk, a_new_school


def _small_pages(desk: Desk, rows: int = 4) -> None:
    """Make the adapter ask for pages of a few rows."""
    desk.make = lambda collection, url, token, ukprn: RegisterPortal(
        collection, url, token, ukprn=ukprn, per_page=rows
    )


def _forget(desk: Desk) -> None:
    with desk.write() as unit:
        unit.portals.forget_watermarks("trainees")


def _mark(desk: Desk, scope: str = "2026") -> Any:
    with desk.read() as unit:
        return unit.portals.watermark("trainees", scope)


class TestWatermark:
    """I8, D2."""

    @pytest.mark.parametrize("page", [1, 2, 3])
    def test_it_moves_only_after_the_last_page(self, desk: Desk, page: int) -> None:
        _small_pages(desk)
        before = _mark(desk)
        for number in range(12):
            desk.control.edit(desk.in_training(number), middle_names=f"Bea{'abcdefghijkl'[number]}")
        desk.control.fault(
            "cut_body",
            match=f"GET /trainees?academic_cycle=2026&per_page=4&sort_order=desc&since={_since(desk)}&page={page}",
        )
        report = desk.sync()
        assert report.state is not PortalState.UP
        assert _mark(desk) == before
        desk.control.fault("up")
        desk.sync()
        assert _mark(desk).since > before.since
        desk.assert_settled()

    def test_it_is_the_portals_time_and_not_ours(self, desk: Desk) -> None:
        """T1: our clock is two hours fast."""
        desk.control.clock("2026-10-05T09:20:00Z")
        desk.clock.forward(hours=2)
        trainee_id = desk.in_training()
        desk.control.edit(trainee_id, email="a@example.com")
        desk.sync()
        assert _mark(desk).since.startswith("2026-10-05T09:20:00")
        desk.control.clock("2026-10-05T09:21:00Z")
        desk.control.edit(trainee_id, email="b@example.com")
        desk.sync()
        assert desk.at(trainee_id).document.get("email") == "b@example.com"

    def test_an_edit_with_the_same_time_as_the_watermark_is_seen(self, desk: Desk) -> None:
        """T1: equal updated times."""
        desk.control.clock("2026-10-05T09:20:00Z")
        one, two = desk.in_training(0), desk.in_training(1)
        desk.control.edit(one, email="a@example.com")
        desk.sync()
        desk.control.edit(two, email="b@example.com")
        desk.sync()
        assert desk.at(two).document.get("email") == "b@example.com"

    def test_reading_again_is_harmless(self, desk: Desk) -> None:
        before = [(v.id, v.version) for v in desk.all()]
        events = desk.events()
        for _ in range(2):
            _forget(desk)
            assert desk.sync().pulled == 0
        assert [(v.id, v.version) for v in desk.all()] == before
        assert [e for e in desk.events()[len(events) :] if e != "portal_state"] == []

    def test_a_record_that_moves_to_the_front_in_mid_pass_is_not_lost(self, desk: Desk) -> None:
        """T2, D1: seen twice is fine, skipped is not; nor is any of its neighbours."""
        last = desk.in_training(14)
        desk.between_pages(lambda: desk.control.edit(last, middle_names="Moved"))
        _forget(desk)
        desk.sync()
        desk.sync()
        assert desk.at(last).document.get("middle_names") == "Moved"
        desk.assert_settled()


def _since(desk: Desk) -> str:
    from urllib.parse import quote

    from desktop.sync.pull import _earlier

    return quote(_earlier(_mark(desk).since), safe="")


class TestShrinking:
    def test_a_listing_that_shrinks_while_it_is_read_is_read_again(self, desk: Desk) -> None:
        """D1: a record that leaves the list shifts another over the page's edge."""
        leaves = desk.in_training(0)
        desk.between_pages(lambda: desk.control.discard(leaves))
        _forget(desk)
        desk.sync(full=True)
        assert desk.at(leaves).missing
        assert sum(v.missing for v in desk.all()) == 1


class TestNotData:
    """I10, N8-N11: what does not check out as data changes nothing here."""

    @pytest.mark.parametrize(
        "fault", ["captive", "nonsense", "maintenance", "redirect", "cut_body", "api_off"]
    )
    def test_a_page_instead_of_data_changes_nothing(self, desk: Desk, fault: str) -> None:
        before = [(v.id, v.version, v.missing) for v in desk.all()]
        mark = _mark(desk)
        desk.control.fault(fault)
        desk.sync(full=True)
        assert [(v.id, v.version, v.missing) for v in desk.all()] == before
        assert _mark(desk) == mark
        assert desk.conflicts() == []

    def test_an_api_that_is_off_is_no_deletion(self, desk: Desk) -> None:
        """N7, D4: 404 on every path; nothing is missing because of it."""
        record = desk.edit(desk.at(desk.in_training()), email="kept@example.com")
        desk.control.fault("api_off")
        report = desk.sync(full=True)
        assert report.state is PortalState.API_OFF
        assert not desk.view(record).missing
        assert desk.conflicts() == []

    def test_an_empty_listing_is_no_trouble(self, desk: Desk) -> None:
        """N7: 404 "No trainees found" is an empty list."""
        report = desk.sync(full=True)
        assert report.state is PortalState.UP
        with desk.read() as unit:
            assert unit.portals.watermark("trainees", "2027") is not None

    def test_another_providers_data_is_refused(self, desk: Desk) -> None:
        """N11: a valid 200 with somebody else's records."""
        desk.control.add(
            ukprn="10000001", first_names="Stranger", last_name="Else", itt_start_date="2026-09-07"
        )
        token = desk.control.add_token(ukprn="10000001")
        count = len(desk.all())
        desk.workspace.portals.connect("trainees", desk.portal.register_url, token=token, in_file=True)
        report = desk.sync(full=True)
        assert report.state is PortalState.UNKNOWN
        assert "organisation" in report.detail
        assert len(desk.all()) == count
        assert not any(v.missing for v in desk.all())

    def test_another_provider_is_noticed_without_a_ukprn_of_our_own(self, desk: Desk) -> None:
        """N11: the organisation was learnt from the first replies and is remembered over restarts."""
        with desk.read() as unit:
            assert unit.portals.get("trainees").organisation
        desk.reopen()
        token = desk.control.add_token(ukprn="10000001")
        desk.control.add(
            ukprn="10000001", first_names="Stranger", last_name="Else", itt_start_date="2026-09-07"
        )
        desk.workspace.portals.connect("trainees", desk.portal.register_url, token=token, in_file=True)
        with desk.write() as unit:
            unit.set_meta("organisation", '{"name": "N", "kind": "hei", "ukprn": ""}')
        desk.reopen()
        assert desk.sync(full=True).state is PortalState.UNKNOWN

    def test_an_unknown_key_and_an_unknown_code_are_kept(self, desk: Desk) -> None:
        """T5: a newer portal. What it returns is no error of ours and keeps no other edit from being queued."""
        trainee_id = desk.in_training()

        def newer(answer: Any, *_: Any) -> Any:
            document = answer.document.copy()
            document.fields["ethnicity"] = "555"
            return replace(answer, document=document, extras={**answer.extras, "brand_new": {"a": [1]}})

        record = desk.edit(desk.at(trainee_id), email="a@example.com")
        desk.taps.instead("fetch", newer)
        desk.taps.before("update", lambda *_: desk.control.fault("unavailable"))
        desk.sync()
        now = desk.view(record)
        assert now.document.get("ethnicity") == "555"
        assert now.extras["brand_new"] == {"a": [1]}
        assert now.sync != "draft", now.findings


class TestSilent:
    """Pack 1.3 (4): changes that leave updated_at alone are found by reading before writing, and by the full sweep."""

    def test_a_silent_placement_is_found_before_we_write(self, desk: Desk) -> None:
        trainee_id = next(
            t["trainee_id"]
            for t in desk.control.trainees()
            if t["state"] == "trn_received" and t["placements"]
        )
        record = desk.at(trainee_id)
        held = desk.trainee(record)
        desk.control.edit(trainee_id, placements=[*held["placements"], {"name": "Hill Nursery"}])
        assert desk.trainee(record)["updated_at"] == held["updated_at"]
        desk.sync()
        assert "Hill Nursery" not in str(desk.view(record).document.children["placements"])
        desk.edit(record, email="a@example.com")
        desk.sync()
        assert "Hill Nursery" in str(desk.view(record).document.children["placements"])
        desk.assert_settled()

    def test_a_silent_change_of_the_same_field_is_a_question(self, desk: Desk) -> None:
        trainee_id = desk.in_training(record_source="api")
        record = desk.edit(desk.at(trainee_id), ni_number="QQ123456A")
        before = desk.trainee(record)["updated_at"]
        desk.control.edit(trainee_id, ni_number="QQ123456B")
        assert desk.trainee(record)["updated_at"] == before
        desk.sync()
        assert desk.conflict().kind is ConflictKind.FIELDS
        assert desk.writes() == []

    def test_the_full_sweep_finds_the_rest(self, desk: Desk) -> None:
        """D5: on request, and by itself once a week."""
        trainee_id = desk.in_training(record_source="api")
        desk.control.edit(trainee_id, course_year=3)
        desk.sync()
        assert desk.at(trainee_id).document.get("course_year") != 3
        desk.clock.forward(days=8)
        desk.sync()
        assert desk.at(trainee_id).document.get("course_year") == 3
        desk.assert_settled()

    def test_a_silent_placement_does_not_meet_its_twin(self, desk: Desk) -> None:
        """Pack 3.3: added on the web and here, with no trace in updated_at."""
        urn = a_new_school(desk)
        trainee_id = next(
            t["trainee_id"]
            for t in desk.control.trainees()
            if t["state"] == "trn_received" and t["placements"]
        )
        record = desk.at(trainee_id)
        desk.add_child(record, "placements", urn=urn)
        desk.control.edit(trainee_id, placements=[*desk.trainee(record)["placements"], {"urn": urn}])
        desk.sync()
        assert desk.writes() == []
        desk.assert_settled()


class TestComingAndGoing:
    def test_a_trn_that_comes_later_arrives(self, desk: Desk) -> None:
        """Pack 1.5: state and TRN change at the portal by themselves, a minute after the create."""
        new = desk.add()
        desk.sync()
        assert desk.view(new).state == "submitted_for_trn"
        desk.edit(new, middle_names="Bea")
        desk.clock.forward(minutes=2)
        desk.sync()
        desk.sync()
        now = desk.view(new)
        assert now.state == "trn_received"
        assert now.extras["trn"]
        assert desk.trainee(new)["middle_names"] == "Bea"
        desk.assert_settled()

    def test_a_trainee_that_somebody_added_comes_here(self, desk: Desk) -> None:
        body = {k: v for k, v in desk.person().fields.items() if v is not None}
        made = desk.control.add(**body, degrees=[UK_DEGREE])
        assert desk.sync().pulled == 1
        assert desk.at(made["trainee_id"]).sync == "clean"
        desk.assert_settled()

    def test_a_trainee_that_moves_to_another_year_is_followed(self, desk: Desk) -> None:
        trainee_id = desk.in_training()
        record = desk.edit(desk.at(trainee_id), email="a@example.com")
        desk.control.edit(
            trainee_id,
            itt_start_date="2025-09-08",
            trainee_start_date="2025-09-08",
            itt_end_date="2026-11-30",
        )
        desk.sync(full=True)
        assert not desk.view(record).missing
        assert desk.conflicts() == []
        desk.assert_settled()

    def test_many_that_vanish_are_all_noticed_in_the_end(self, desk: Desk) -> None:
        """I9: more than are asked about at once."""
        person = {k: v for k, v in desk.person().fields.items() if v is not None}
        ids = [
            desk.control.add(**(person | {"first_names": f"Ada{chr(97 + n)}", "email": f"{n}@example.com"}))[
                "trainee_id"
            ]
            for n in range(26)
        ]
        desk.sync()
        for trainee_id in ids:
            desk.control.discard(trainee_id)
        desk.sync(full=True)
        desk.sync()
        desk.sync()
        assert all(desk.at(i).missing for i in ids)


class TestGoneBack:
    """I11, T3: a portal that was restored from a backup. What it once confirmed is not taken for granted, and not lost."""

    def test_a_confirmed_edit_that_is_gone_is_a_question(self, desk: Desk) -> None:
        record = desk.edit(desk.at(desk.in_training()), email="confirmed@example.com", middle_names="Bea")
        before = desk.trainee(record)
        desk.sync()
        assert desk.trainee(record)["email"] == "confirmed@example.com"
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        desk.sync()
        conflict = desk.conflict()
        assert conflict.record_id == record.id
        assert conflict.reason
        assert {f.field for f in conflict.fields} == {"email", "middle_names"}
        assert desk.view(record).document.get("email") == "confirmed@example.com"
        desk.reopen()
        desk.sync(full=True)
        assert desk.conflict().id == conflict.id
        assert len(desk.writes()) == 1
        desk.workspace.conflicts.resolve(conflict.id, {"email": "mine", "middle_names": "theirs"})
        desk.sync()
        held = desk.trainee(record)
        assert (held["email"], held["middle_names"]) == ("confirmed@example.com", before["middle_names"])
        desk.sync(full=True)
        desk.assert_settled()

    def test_a_confirmed_new_trainee_that_is_gone_is_a_question(self, desk: Desk) -> None:
        new = desk.add()
        desk.sync()
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        desk.sync()
        assert desk.view(new).missing
        assert desk.conflict().kind is ConflictKind.MISSING
        desk.sync()
        assert len(desk.writes()) == 1

    def test_a_confirmed_child_that_is_gone_is_a_question(self, desk: Desk) -> None:
        record = desk.at(desk.in_training())
        desk.add_child(record, "degrees", **(UK_DEGREE | {"graduation_year": 2007}))
        desk.sync()
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        desk.sync()
        assert desk.conflict().record_id == record.id
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
        desk.sync()
        assert [d["graduation_year"] for d in desk.trainee(record)["degrees"]].count(2007) == 1
        desk.assert_settled()

    def test_what_waits_is_not_sent_over_it_unseen(self, desk: Desk) -> None:
        record = desk.edit(desk.at(desk.in_training()), email="confirmed@example.com")
        desk.sync()
        desk.edit(record, middle_names="Bea")
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        desk.sync()
        assert desk.view(record).document.get("email") == "confirmed@example.com"
        assert [f.field for f in desk.conflict().fields] == ["email"]
        assert len(desk.writes()) == 1

    def test_nothing_is_sent_until_a_person_has_said_what_it_means(self, desk: Desk) -> None:
        """I11: sync pauses and asks; other people's records wait too, for nobody knows yet what the portal lost."""
        lost = desk.edit(desk.at(desk.in_training(0)), email="confirmed@example.com")
        desk.sync()
        other = desk.edit(desk.at(desk.in_training(1)), middle_names="Bea")
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        report = desk.sync()
        assert report.held
        assert desk.workspace.portals.view("trainees").restored_at is not None
        assert desk.workspace.queue.summary().held
        assert desk.states(other) == ["queued"]
        desk.reopen()
        assert desk.sync().held
        assert len(desk.writes()) == 1
        desk.workspace.conflicts.resolve_all(desk.conflict().id, "mine")
        assert not desk.sync().held
        assert "restore_over" in desk.events()
        assert desk.trainee(lost)["email"] == "confirmed@example.com"
        assert desk.trainee(other)["middle_names"] == "Bea"
        desk.assert_settled()

    def test_a_person_may_go_on_before_every_question_is_settled(self, desk: Desk) -> None:
        lost = desk.edit(desk.at(desk.in_training(0)), email="confirmed@example.com")
        desk.sync()
        other = desk.edit(desk.at(desk.in_training(1)), middle_names="Bea")
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        assert desk.sync().held
        desk.workspace.queue.resume()
        assert not desk.sync().held
        assert desk.trainee(other)["middle_names"] == "Bea"
        assert desk.trainee(lost)["email"] != "confirmed@example.com"
        assert desk.conflict().record_id == lost.id, "the question stays"

    def test_a_new_trainee_that_is_gone_holds_up_the_rest(self, desk: Desk) -> None:
        desk.add()
        desk.sync()
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        assert desk.sync().held

    def test_a_child_that_somebody_else_put_back_is_not_made_twice(self, desk: Desk, tmp_path: Path) -> None:
        """I11, T3: it has another id now; asking on, and sending it again, would make it twice."""
        degree = UK_DEGREE | {"graduation_year": 2007}
        record = desk.at(desk.in_training())
        desk.add_child(record, "degrees", **degree)
        desk.sync()
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        assert desk.sync().held
        assert desk.conflict().record_id == record.id
        colleague = Desk(desk.portal, desk.clock, tmp_path / "colleague")
        colleague.sync()
        colleague.add_child(colleague.at(str(record.portal_id)), "degrees", **degree)
        colleague.sync()
        colleague.close()
        desk.sync()
        assert desk.conflicts() == []
        desk.sync(full=True)
        assert [d["graduation_year"] for d in desk.trainee(record)["degrees"]].count(2007) == 1
        desk.assert_settled()

    def test_what_is_gone_can_be_sent_again_as_new(self, desk: Desk) -> None:
        """I11, I2: the portal lost a whole record; everything of it is here, and goes again when a person says so."""
        new = desk.add()
        desk.sync()
        first = desk.view(new).portal_id
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        desk.sync()
        desk.workspace.conflicts.send_anew(desk.conflict().id)
        assert desk.view(new).portal_id is None
        assert not desk.sync().held
        again = desk.view(new).portal_id
        assert again is not None
        assert again != first
        assert desk.control.trainee(again)["last_name"] == new.document.get("last_name")
        assert len(desk.writes()) == 2
        desk.sync(full=True)
        desk.assert_settled()

    def test_what_was_sent_anew_is_known_when_the_old_copy_comes_back(self, desk: Desk) -> None:
        """D12: its key is the same, so it is never there twice."""
        new = desk.add()
        desk.sync()
        held = desk.view(new).portal_id
        state = desk.portal.state
        kept = dict(state.records)
        desk.control.rollback()
        desk.clock.forward(minutes=30)
        desk.sync()
        desk.workspace.conflicts.send_anew(desk.conflict().id)
        state.load(list(kept.values()))
        desk.sync()
        desk.sync()
        assert desk.view(new).portal_id == held
        desk.assert_settled()

    def test_what_only_others_had_changed_goes_back_unasked(self, desk: Desk) -> None:
        trainee_id = desk.in_training()
        before = desk.at(trainee_id).document.get("email")
        desk.control.edit(trainee_id, email="a@example.com")
        desk.sync()
        assert desk.at(trainee_id).document.get("email") == "a@example.com"
        desk.control.rollback()
        desk.sync()
        assert desk.conflicts() == []
        assert desk.at(trainee_id).document.get("email") == before
        desk.assert_settled()

    def test_a_restore_that_lost_nothing_of_ours_asks_nothing(self, desk: Desk) -> None:
        trainee_id = desk.in_training()
        desk.control.edit(trainee_id, email="a@example.com")
        desk.sync()
        desk.control.rollback()
        desk.control.edit(trainee_id, email="a@example.com")
        desk.sync()
        desk.sync(full=True)
        assert desk.conflicts() == []
        desk.assert_settled()

    def test_a_delete_of_the_newest_record_asks_about_that_one_only(self, desk: Desk) -> None:
        trainee_id = desk.in_training()
        desk.control.edit(trainee_id, email="a@example.com")
        desk.sync()
        desk.control.discard(trainee_id)
        desk.sync()
        desk.sync()
        assert [v.missing for v in desk.all()].count(True) == 1
        requests = [desk.sync().requests for _ in range(3)]
        assert max(requests) <= 4, "the whole is read again and again"
