"""One practice portal for each module; every test begins with its records, clock, limits and faults put back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from desktop.practice.server import PracticePortal
from tests.contract.practice.schools import school, school_http

__all__ = ["school", "school_http"]

API = "/api/v2026.1"
NOW = "2026-10-05T09:00:00Z"
KNOWN_SCHOOL = "740113"
OWN_SCHOOL = {"urn": "555001", "name": "Saltersgate School", "postcode": "BN1 1AA", "address": "1 Hill Road"}
_numbers = itertools.count(1)


def uk_degree(**other: Any) -> dict[str, Any]:
    """A UK degree as the API takes it."""
    return {
        "uk_degree": "083",
        "subject": "100403",
        "institution": "0116",
        "grade": "02",
        "graduation_year": "2020",
    } | other


def person(**other: Any) -> dict[str, Any]:
    """A new trainee that the portal takes, unlike all before; None leaves a key out."""
    n = next(_numbers)
    fields: dict[str, Any] = {
        "first_names": f"Ada{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676 % 26)}",
        "last_name": "Ashcombe",
        "date_of_birth": "1999-04-12",
        "sex": "10",
        "email": f"ada{n}@example.com",
        "nationality": "GB",
        "training_route": "12",
        "itt_start_date": "2026-09-07",
        "itt_end_date": "2027-07-02",
        "course_subject_1": "100403",
        "course_age_range": "13918",
        "study_mode": "01",
        "itt_aim": "202",
        "itt_qualification_aim": "020",
        "course_year": "1",
        "fund_code": "7",
        "funding_method": "D",
        "hesa_id": f"{2610994170000 + n}",
        "provider_trainee_id": f"NM26-T{n:05d}",
        "ethnicity": "160",
        "disability1": "95",
        "degrees_attributes": [uk_degree()],
    }
    return {k: v for k, v in (fields | other).items() if v is not None}


def client_of(url: str, **options: Any) -> httpx.Client:
    """A client of a loopback URL; without certificates it is made in no time."""
    return httpx.Client(base_url=url, trust_env=False, verify=False, **options)


@dataclass
class Site:
    """A portal and a signed-in client of it."""

    portal: PracticePortal
    http: httpx.Client
    control_http: httpx.Client

    @property
    def control(self):
        return self.portal.control

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.http.request(method, API + path, **options)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.call("GET", path, params=params)

    def send(self, method: str, path: str, data: Any, **headers: str) -> httpx.Response:
        return self.call(method, path, json={"data": data}, headers=headers)

    def new(self, **fields: Any) -> dict[str, Any]:
        """A trainee made by POST, as the reply shows it."""
        reply = self.send("POST", "/trainees", person(**fields))
        assert reply.status_code == 201, reply.text
        body: dict[str, Any] = reply.json()["data"]
        return body

    def put(self, trainee: dict[str, Any] | str, **fields: Any) -> httpx.Response:
        slug = trainee if isinstance(trainee, str) else trainee["trainee_id"]
        return self.send("PUT", f"/trainees/{slug}", fields)

    def seen(self, trainee: dict[str, Any] | str) -> dict[str, Any]:
        """The trainee as GET shows it now."""
        slug = trainee if isinstance(trainee, str) else trainee["trainee_id"]
        reply = self.get(f"/trainees/{slug}")
        assert reply.status_code == 200, reply.text
        body: dict[str, Any] = reply.json()
        return body

    def ids(self, **params: Any) -> list[str]:
        """Ids of a list in order; [] for the 404 of an empty one."""
        reply = self.get("/trainees", **params)
        if reply.status_code == 404:
            assert reply.json()["errors"][0]["message"] == "No trainees found"
            return []
        assert reply.status_code == 200, reply.text
        return [t["trainee_id"] for t in reply.json()["data"]]


@pytest.fixture(scope="module")
def module_site() -> Iterator[Site]:
    with PracticePortal() as portal:
        headers = {"Authorization": f"Bearer {portal.token}"}
        with (
            client_of(portal.register_url, headers=headers, timeout=10) as http,
            client_of(portal.control_url) as control_http,
        ):
            portal.control.add_school(**OWN_SCHOOL)
            portal.control.add_partner(urn="555002", ukprn="10990001", name="Hill Alliance")
            portal.control.add_partner(ukprn="10990002", name="Dale Trust")
            yield Site(portal, http, control_http)


@pytest.fixture
def site(module_site: Site) -> Site:
    control = module_site.control
    control.fault("up")
    control.clear()
    control.clock(NOW)
    control.limits(None)
    control.clear_requests()
    return module_site
