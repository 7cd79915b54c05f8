"""One request of somebody who is signed in, with the portal's records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from desktop.practice.pages.markup import Service, Who
from desktop.practice.pages.visit import GUARD, NotFound, PageVisit, Routes
from desktop.practice.record import Record
from desktop.practice.state import PROVIDER_UKPRN, State
from desktop.practice.wire import Reply

__all__ = ["SCITT", "SERVICE", "UNIVERSITY", "Books", "NotFound", "Routes", "Visit", "csv_reply"]

UNIVERSITY = "University of Northmoor"
SCITT = "Northmoor School-Centred Training"
BULK_ADDER = "university"
"""The role that may upload new trainees."""

SERVICE = Service(
    "Register trainee teachers",
    (
        ("/", "Home"),
        ("/trainees", "Registered trainees"),
        ("/drafts", "Draft trainees"),
        ("/bulk-update", "Bulk updates"),
        ("/reports", "Reports"),
        ("/funding", "Funding"),
    ),
)


@dataclass
class Books:
    """What the pages keep beside the portal's records: uploads by id, and who signed off what."""

    uploads: dict[str, Any] = field(default_factory=dict)
    signed_off: dict[tuple[str, int], int] = field(default_factory=dict)


@dataclass
class Visit(PageVisit):
    """A request with the portal's records."""

    service = SERVICE

    state: State
    books: Books

    @property
    def bulk_add(self) -> bool:
        """Whether new trainees may be uploaded."""
        return self.session.role == BULK_ADDER

    @property
    def who(self) -> Who:
        return Who(organisation_of(self.session.role), self.session.csrf)

    def record(self) -> Record:
        """The trainee that the path names. Raises NotFound, for deleted ones too."""
        found = self.state.find(self.args[0], PROVIDER_UKPRN)
        if found is None or found.deleted:
            raise NotFound
        return found

    def records(self) -> list[Record]:
        """Every trainee of the organisation that was not deleted, drafts too, in order of making."""
        held = (r for r in self.state.records.values() if r.ukprn == PROVIDER_UKPRN and not r.deleted)
        return sorted(held, key=lambda record: record.seq)


def organisation_of(role: str) -> str:
    """Name of the organisation that a role stands for."""
    return UNIVERSITY if role == BULK_ADDER else SCITT


def csv_reply(name: str, content: bytes) -> Reply:
    """A file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **GUARD}
    return Reply(200, content, "text/csv; charset=utf-8", headers)
