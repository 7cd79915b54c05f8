"""Somebody at the portal's website: types what a sheet tells, downloads lists, uploads files. No browser: forms, as it sends them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import httpx

from desktop.practice.server import PracticePortal
from tests.contract.practice.browsing import Visitor

Typed = Mapping[str, Sequence[str]]
"""Question of the sheet -> what was copied of it: once, or day, month and year."""

EXPORT, SUMMARY, SCHEDULE = "/trainees.csv", "/funding/trainee-summary.csv", "/funding/payment-schedule.csv"
LISTS = {
    "recommend": "/bulk-update/recommend/bulk-recommend-export.csv",
    "placements": "/bulk-update/placements/bulk-placements-export.csv",
}
_ROUTES = {
    "Primary and secondary, under Postgraduate (fee funded)": "Primary and Secondary Postgraduate Fee Funded"
}
_FUNDING = {"None": "Not funded"}
_PAGES = (
    (
        "personal-details",
        {
            "First names": "first_names",
            "Last names": "last_name",
            "Date of birth": "date_of_birth",
            "Sex": "sex",
            "Nationality": "nationality",
        },
    ),
    ("contact-details", {"Email address": "email"}),
    ("diversity-information", {"Background": "ethnicity"}),
    (
        "course-details",
        {
            "Subject": "course_subject_1",
            "Age range": "course_age_range",
            "Full time or part time?": "study_mode",
            "ITT start date": "itt_start_date",
            "Expected end date": "itt_end_date",
        },
    ),
    ("trainee-start-date-and-id", {"Trainee ID": "provider_trainee_id"}),
    (
        "funding",
        {
            "Is the trainee on any of these training initiatives?": "training_initiative",
            "Choose funding type": "funding_method",
        },
    ),
)
"""The website's pages: question of the sheet -> field of the form."""

_DEGREE = {
    "Type of degree": "uk_degree",
    "Degree subject": "subject",
    "Awarding institution": "institution",
    "Graduation year": "graduation_year",
    "Degree grade": "grade",
}


class Website:
    """Signs in anew for each errand, as the website forgets people; files arrive with the time of the story."""

    def __init__(self, portal: PracticePortal, clock: object, downloads: Path) -> None:
        self._portal = portal
        self._clock = clock
        self._downloads = downloads
        downloads.mkdir()

    # --- typing

    def register(self, typed: Typed, **slips: str) -> str:
        """A new trainee from a sheet; `slips` = answers that were typed wrong. Gives the portal's id."""
        with self._signed_in() as web:
            web.get("/trainees/new")
            web.send(training_route=_choice(web, "training_route", _ROUTES[typed["Type of training"][0]]))
            slug = str(web.reply.url).split("/")[-2]
            for page, asked in _PAGES:
                mine = {field: words for field, words in slips.items() if field in asked.values()}
                self._fill(web, f"/trainees/{slug}/{page}", asked, typed, mine)
            web.get(f"/trainees/{slug}/training-partner").send(training_partner="Not applicable")
            web.get(f"/trainees/{slug}/degrees/new").send(locale="uk")
            web.send(**{field: typed[label][0] for label, field in _DEGREE.items()})
            path = f"/trainees/{slug}/check-details"
            web.get(path).send(path)
            assert "The record was submitted for a TRN" in web.page.words
            return slug

    def change(self, trainee_id: str, typed: Typed, **other: str) -> None:
        """Change what a sheet tells, or `other` answers by their fields, each on its page."""
        with self._signed_in() as web:
            for page, asked in _PAGES:
                known = {label: field for label, field in asked.items() if label in typed}
                mine = {field: words for field, words in other.items() if field in asked.values()}
                if known or mine:
                    self._fill(web, f"/trainees/{trainee_id}/{page}", known, typed, mine)

    def take_last_placement_off(self, trainee_id: str) -> None:
        """As a colleague who clears up."""
        with self._signed_in() as web:
            pages = web.get(f"/trainees/{trainee_id}").page.links
            path = [page for page in pages if "/placements/" in page and not page.endswith("/new")][-1]
            web.get(path).send(f"{path}/delete")

    def _fill(
        self, web: Visitor, path: str, asked: Mapping[str, str], typed: Typed, slips: Mapping[str, str]
    ) -> None:
        web.get(path)
        answers: dict[str, object] = {}
        for label, field in asked.items():
            texts = typed.get(label, ())
            if len(texts) == 3:
                day, month, year = texts
                answers[f"{field}_day"] = f"{year}-{month}-{day}"
            elif texts:
                answers[field] = _choice(web, field, texts[0])
        if path.endswith("diversity-information"):
            answers["disabilities"] = _choice(web, "disabilities", "No known disability")
        if path.endswith("trainee-start-date-and-id"):
            day, month, year = typed["ITT start date"]
            answers["trainee_start_date_day"] = f"{year}-{month}-{day}"
        answers |= {field: _choice(web, field, words) for field, words in slips.items()}
        web.send(**answers)

    # --- files

    def download(self, path: str) -> Path:
        """A file under the name that the website gives it."""
        with self._signed_in() as web:
            return self._saved(web, path)

    def upload(self, kind: str, file: Path) -> Path | None:
        """Upload a file and go ahead with the rows that are right; the file of the others, None when all were."""
        with self._signed_in() as web:
            web.upload(kind, file.read_bytes(), file.name)
            wrong = next((link for link in web.page.links if link.endswith("-with-errors.csv")), "")
            upload = str(web.reply.url)
            answer = self._saved(web, wrong) if wrong else None
            if any(form.action != "/sign-out" for form in web.get(upload).page.forms):
                web.send()
            return answer

    def _saved(self, web: Visitor, path: str) -> Path:
        reply = web.http.get(path)
        name = re.fullmatch(r'attachment; filename="([^"/\\]+)"', reply.headers["content-disposition"])
        assert name is not None
        saved = self._downloads / name[1]
        saved.write_bytes(reply.content)
        at = self._clock().timestamp()  # type: ignore[operator]
        os.utime(saved, (at, at))
        return saved

    @contextmanager
    def _signed_in(self) -> Iterator[Visitor]:
        with httpx.Client(base_url=self._portal.register_url, timeout=20) as http:
            yield Visitor(http).sign_in("scitt")


def _choice(web: Visitor, field: str, words: str) -> str:
    """The value of the radio button or tick box that says this (or begins so); for a text field the words as they are."""
    found = re.findall(rf'name="{field}" value="([^"]*)"[^>]*><label[^>]*>([^<]*)</label>', web.reply.text)
    if not found:
        return words
    wanted = _FUNDING.get(words, words) if field == "funding_method" else words
    said: dict[str, str] = {unescape(label): value for value, label in found}
    match = next((label for label in said if label == wanted), None)
    match = match or next(label for label in said if label.startswith(wanted))
    return said[match]
