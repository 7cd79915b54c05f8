"""The whole circle of the files, in a real browser: made here, uploaded there, given back, loaded, mended, sent again."""

import csv
import io

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from desktop.model.change import ChangeState
from tests.fault.conftest import a_new_school
from tests.fault.test_exports import awaiting, placed_trainee, recommend

ERRORS = "Download your CSV file with errors"


def test_new_trainees_go_round(desk, web, tmp_path):
    files = desk.workspace.exports
    good = desk.add(provider_trainee_id="N-1", training_partner_ukprn=None)
    bad = desk.add(provider_trainee_id="N-2", training_partner_ukprn=None, training_partner_urn="555999")
    made = files.make("bulk-add", tmp_path).export
    web.upload("add-trainees", tmp_path / "trainees-1.csv")
    assert web.heading == "Your file has errors"
    assert "No trainee was added" in web.words

    answered = files.load_answer(web.download(ERRORS))
    assert answered.id == made.id
    assert [(v.record_id, v.field) for v in answered.verdicts] == [(bad.id, "training_partner_urn")]
    assert desk.states(good) == [ChangeState.QUEUED]
    assert desk.states(bad) == [ChangeState.REJECTED]

    desk.edit(bad, training_partner_urn=None)
    again = files.make("bulk-add", tmp_path).export
    web.upload("add-trainees", tmp_path / again.files[0].name)
    web.press("Add 2 trainees")
    assert web.heading == "Your file was submitted"
    files.uploaded(again.id, "By the browser")
    desk.clock.forward(minutes=2)
    desk.sync()
    assert all(desk.view(record).portal_id for record in (good, bad))
    assert files.get(again.id).waiting == 0
    desk.assert_settled()


def test_recommendations_go_round(desk, web, tmp_path):
    files = desk.workspace.exports
    one, two = awaiting(desk), awaiting(desk, 1)
    for trainee in (one, two):
        recommend(desk, trainee)
    web.open("/bulk-update/recommend")
    listed = web.download("Download the trainees you can recommend")
    made = files.make("recommend", tmp_path, listed)
    assert made.plan.left_out == ()
    desk.control.edit(two, last_name="Changed-Meanwhile")
    web.upload("recommend", tmp_path / made.export.files[0].name)
    refused = web.download(ERRORS)
    web.press("Recommend 1 trainee")
    assert desk.control.trainee(one)["state"] == "recommended_for_award"
    answered = files.load_answer(refused)
    assert [v.message for v in answered.verdicts] == ["Last names do not match the trainee’s record"]
    assert desk.states(desk.at(two)) == [ChangeState.REJECTED]

    desk.clock.forward(minutes=2)
    desk.sync()
    (change,) = desk.changes(desk.at(two))
    desk.workspace.queue.take_back(change.id)
    recommend(desk, two)
    web.open("/bulk-update/recommend")
    again = files.make("recommend", tmp_path, web.download("Download the trainees you can recommend"))
    assert again.plan.left_out == ()
    web.upload("recommend", tmp_path / again.export.files[0].name)
    web.press("Recommend 1 trainee")
    assert web.heading == "Your file was submitted"
    files.uploaded(again.export.id)
    desk.clock.forward(minutes=2)
    desk.sync()
    assert desk.control.trainee(two)["outcome_date"] == "2026-10-02"
    desk.assert_settled()


def test_placements_go_round(desk, web, tmp_path):
    files = desk.workspace.exports
    trainee = placed_trainee(desk)
    view = desk.at(trainee)
    old = view.document.children["placements"][0]
    wrong = desk.add_child(view, "placements", urn="999123", name="")
    desk.remove_child(view, "placements", old.id)
    web.open("/bulk-update/placements")
    listed = web.download("Download your trainees’ placements")
    made = files.make("placements", tmp_path, listed)
    assert [d.urn for d in made.plan.deletions] == [old.fields["urn"]]
    web.upload("placements", tmp_path / made.export.files[0].name)
    assert web.heading == "Your file has errors"
    answered = files.load_answer(web.download(ERRORS))
    assert [(v.record_id, v.field) for v in answered.verdicts] == [(view.id, "placements")]

    # Register says nothing of changed placements (it leaves updated_at alone), so all is read anew.
    desk.clock.forward(minutes=2)
    desk.sync(full=True)
    desk.edit_child(view, "placements", wrong, urn=a_new_school(desk))
    web.open("/bulk-update/placements")
    again = files.make("placements", tmp_path, web.download("Download your trainees’ placements"))
    assert again.plan.left_out == ()
    web.upload("placements", tmp_path / again.export.files[0].name)
    assert web.heading == "Your file was submitted"
    files.uploaded(again.export.id)
    desk.clock.forward(minutes=2)
    desk.sync(full=True)
    assert old.fields["urn"] not in [p["urn"] for p in desk.control.trainee(trainee)["placements"]]
    desk.assert_settled()


def test_export_and_payment_files_are_loaded_as_they_come(desk, web):
    trainee = desk.in_training()
    desk.control.edit(trainee, last_name="Of-A-Colleague")
    web.open("/trainees")
    path = web.download(link_with(web, "Export these records"))
    plan = desk.workspace.web_reading.read(path)
    assert (plan.refused, plan.unread) == ((), ())
    desk.workspace.web_reading.load(plan, complete=True, all_the_same=True)
    assert desk.at(trainee).document.get("last_name") == "Of-A-Colleague"
    for page, words in (("trainee-summary", "trainee summary"), ("payment-schedule", "payment schedule")):
        web.open(f"/funding/{page}")
        loaded = desk.workspace.reconciling.load(web.download(f"Download the {words} (CSV)"))
        assert loaded.year == 2026
    found = desk.workspace.reconciling.view()
    assert found.not_as_expected == 0
    assert found.paid_p == found.schedule_p


def link_with(web, words):
    return web.driver.find_element(By.PARTIAL_LINK_TEXT, words).text


def test_a_trainee_is_registered_by_hand_and_found_in_the_export(desk, web):
    web.follow("Register a trainee")
    web.choose("Primary and Secondary Undergraduate Fee Funded")
    web.press("Continue")
    web.follow("Continue with personal details")
    web.press("Continue")
    assert web.driver.title.startswith("Error: Personal details")
    web.jump("First names cannot be left blank").send_keys("Ottoline", Keys.TAB, Keys.TAB, "Quarrington")
    web.type_day("Date of birth", "1999-04-12")
    web.choose("Female")
    web.type("Nationality", "British")
    web.press("Continue")
    web.follow("Continue with contact details")
    web.type("Email address", "ottoline@example.com")
    web.press("Continue")
    web.follow("Continue with diversity information")
    web.choose("Not provided")
    web.choose("No known disability")
    web.press("Continue")
    web.follow("Continue with course details")
    web.type("First subject", "Mathematics")
    web.choose("11 to 16")
    web.choose("Full time")
    web.type_day("ITT start date", "2026-09-07")
    web.type_day("Expected end date", "2029-07-02")
    web.press("Continue")
    web.follow("Continue with trainee start date and id")
    web.type_day("Trainee start date", "2026-09-07")
    web.press("Continue")
    if "Continue with training partner" in web.words:
        web.follow("Continue with training partner")
        web.type("Training partner", "Not applicable")
        web.press("Continue")
    web.follow("Continue with funding")
    web.choose("Not on a training initiative")
    web.choose("Not funded")
    web.press("Continue")
    web.follow("Check this record")
    web.press("Submit record")
    assert "The record was submitted for a TRN" in web.words
    web.open("/trainees?text_search=Ottoline")
    (row,) = csv.DictReader(
        io.StringIO(web.download(link_with(web, "Export these records")).read_text("utf-8"))
    )
    assert (row["last_names"], row["trainee_status"]) == ("Quarrington", "submitted_for_trn")
    (held,) = desk.named(last_name="Quarrington")
    assert row["register_id"] == held["trainee_id"]


def test_a_file_that_is_far_too_large_gets_a_clear_page(desk, web, tmp_path):
    large = tmp_path / "large.csv"
    large.write_bytes(b"TRN\n" + b"1234567\n" * 4_000_000)
    web.upload("recommend", large)
    assert web.heading == "The selected file must be smaller than 1MB"
    assert "Nothing was stored" in web.words


def test_maintenance_shows_its_page_and_the_sign_in_outlives_it(desk, web):
    desk.control.fault("maintenance")
    web.open("/trainees")
    assert "currently unavailable" in web.words
    desk.control.fault("up")
    web.open("/trainees")
    assert web.heading == "Registered trainees"
    desk.clock.forward(hours=3)
    web.open("/trainees")
    assert "You have been signed out" in web.words


def test_the_first_stop_of_the_keyboard_skips_to_the_content(web):
    web.open("/trainees")
    web.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert web.driver.switch_to.active_element.text == "Skip to main content"
