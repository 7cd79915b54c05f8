"""The adapter of the Teaching Record System: one teacher by TRN, for organisations that hold a key of DfE's.

It asks as the portal itself does, so that it comes to the same answer: first by TRN alone, and the date of birth is compared
here; only when that is another one, a second time with the National Insurance number. The two are never sent together,
and the date of birth is never sent at all. Nothing is raised for what the system or a network does.
Source: domain pack register-ects, section 4, data/trs_get_person_contract.json and data/trs_api_versions_and_errors.json.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from desktop.model.errors import UsageError
from desktop.model.teacher import Question, Said, TeacherAnswer
from desktop.model.verdict import PortalState, Probe, Unavailable
from desktop.sync.portals.http import HttpClient, OverHttp, Reply, Timeouts, clean_token
from desktop.sync.portals.jsontext import NotJson, read_json
from desktop.sync.portals.outcome import Judge, Verdict

SYSTEM = "the Teaching Record System"
VERSION = "20260120"
"""The version that the portal itself uses; 308 and 410 exist from here on."""

INCLUDE = "Alerts,Induction,MandatoryQualifications,RoutesToProfessionalStatuses"
PROHIBITION_CATEGORY = "b2b19019-b165-47a3-8745-3297ff152581"
NOT_FOUND, DEACTIVATED = 10001, 10058
NOBODY = "0000000"
"""A TRN that nobody has, to try a key without asking about a person."""

_SAID_BY: dict[tuple[int, object], Said] = {
    (404, NOT_FOUND): Said.NOT_FOUND,
    (410, DEACTIVATED): Said.DEACTIVATED,
}
"""Status and code together; one without the other says nothing about a person."""

MAX_REPLY_BYTES = 1024 * 1024
_TIMEOUTS = Timeouts(connect_s=5.0, read_s=15.0, write_s=15.0, total_s=30.0)
_TRN = re.compile(r"[0-9]{7}\Z")
_LONGEST = 100

_KEY_REFUSED = "The Teaching Record System does not take this key. Ask the person who got it from DfE whether it still counts."
_OTHER_PERSON = "The Teaching Record System answered about another TRN. Nothing of that was kept."


class Unreadable(ValueError):
    """The body is JSON, but not what the contract says."""


class TrsPortal(OverHttp):
    """Lookups with one key; one thread at a time. The keyword arguments are for tests, see `HttpClient`.

    Raises UsageError for an address or a key that cannot work.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        timeouts: Timeouts | None = None,
        proxy: str | None = "",
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not clean_token(key):
            raise UsageError(
                "There is no key for the Teaching Record System. Enter the one that DfE gave you."
            )
        self._http = HttpClient(
            base_url,
            key,
            timeouts=timeouts or _TIMEOUTS,
            max_reply_bytes=MAX_REPLY_BYTES,
            proxy=proxy,
            transport=transport,
        )
        self._judge = Judge(SYSTEM, clock)

    def __repr__(self) -> str:
        return f"TrsPortal({self._http!r})"

    def probe(self) -> Probe:
        """Whether address and key work, without asking about anybody."""
        found = self._ask(NOBODY, {})
        if isinstance(found, Unavailable):
            return Probe(found.state, found.detail, found.retry_after_s)
        return Probe(PortalState.UP, "The Teaching Record System takes this key.", took_s=self._http.took_s)

    def look(self, question: Question, today: date) -> TeacherAnswer | Unavailable:
        """Who this is there, as of `today` (London). Raises UsageError for a TRN that is not 7 digits."""
        if not _TRN.match(question.trn):
            raise UsageError("A TRN has 7 digits.")
        found = self._ask(question.trn, {})
        if isinstance(found, Unavailable | TeacherAnswer):
            return found
        try:
            if _day(found, "dateOfBirth") == question.born:
                return _answer(found, today)
        except Unreadable:
            return self._unreadable()
        if not question.ni_number:
            return TeacherAnswer(Said.BORN_DIFFERS, question.trn)
        return self._look_again(question, today)

    def _look_again(self, question: Question, today: date) -> TeacherAnswer | Unavailable:
        """The second step: a National Insurance number that does not fit is answered as nobody at all."""
        found = self._ask(question.trn, {"nationalInsuranceNumber": question.ni_number})
        if isinstance(found, TeacherAnswer):
            return replace(found, said=Said.NI_DIFFERS) if found.said is Said.NOT_FOUND else found
        if isinstance(found, Unavailable):
            return found
        try:
            return replace(_answer(found, today), by_ni_number=True)
        except Unreadable:
            return self._unreadable()

    def _ask(self, trn: str, more: Mapping[str, str]) -> Mapping[str, Any] | TeacherAnswer | Unavailable:
        """One request: the body about this TRN, an answer without a body, or trouble."""
        reply = self._http.send(
            "GET",
            f"/v3/persons/{trn}",
            query={"include": INCLUDE, **more},
            headers={"X-Api-Version": VERSION},
        )
        if isinstance(reply, Reply):
            if merged_to := _merged_to(reply, trn):
                return TeacherAnswer(Said.MERGED, trn, merged_to=merged_to)
            said = _SAID_BY.get((reply.status, _error_code(reply)))
            if said is not None:
                return TeacherAnswer(said, trn)
        return self._judged(self._judge(reply, write=False), trn)

    def _judged(self, found: Verdict | Unavailable, trn: str) -> Mapping[str, Any] | Unavailable:
        if isinstance(found, Unavailable):
            words = _KEY_REFUSED if found.state is PortalState.SIGN_IN else found.detail
            return replace(found, detail=words[:1].upper() + words[1:])
        if (
            found.status == 404
        ):  # without the code of "no such person": another address, or an unknown version
            return self._judged(self._judge.no_api(), trn)
        if found.status != 200 or not isinstance(found.body, dict):
            return self._unreadable()
        if found.body.get("trn") != trn:
            return self._judge.unavailable(PortalState.UNKNOWN, _OTHER_PERSON)
        return found.body

    def _unreadable(self) -> Unavailable:
        words = "The Teaching Record System’s reply is not what we asked for. Nothing of it was kept."
        return self._judge.unavailable(PortalState.UNKNOWN, words)


def _merged_to(reply: Reply, trn: str) -> str:
    """The TRN in the Location of a 308; "" when it is none, or this one."""
    if reply.status != 308:
        return ""
    found = re.fullmatch(r"(?:/[^/]+)*/v3/persons/([0-9]{7})", _path(reply.location))
    return found[1] if found and found[1] != trn else ""


def _path(location: str) -> str:
    try:
        return urlsplit(location.strip()[:500]).path.rstrip("/")
    except ValueError:
        return ""


def _error_code(reply: Reply) -> object:
    """`errorCode` of problem details, None when there is none."""
    if reply.status < 400 or "json" not in reply.content_type.lower():
        return None
    try:
        body = read_json(reply.body)
    except NotJson:
        return None
    return body.get("errorCode") if isinstance(body, dict) else None


# --- reading a body -----------------------------------------------------------------------------------------------------


def _answer(body: Mapping[str, Any], today: date) -> TeacherAnswer:
    """Raises Unreadable: what is not there or of another type is never taken for "nothing against this person"."""
    alerts = [_alert(alert) for alert in _list(body, "alerts")]
    stopping = [a for a in alerts if a.category == PROHIBITION_CATEGORY]
    return TeacherAnswer(
        Said.FOUND,
        _text(body, "trn"),
        first_name=_name(body, "firstName"),
        last_name=_name(body, "lastName"),
        induction_status=_status(body),
        prohibited=any(alert.in_force(today) for alert in stopping),
        other_alerts=len(alerts) - len(stopping),
        qts_from=_qts(body),
    )


@dataclass(frozen=True)
class _Alert:
    category: str
    ends: object

    def in_force(self, today: date) -> bool:
        """Without an end, with one after today, or with one that is no date."""
        if self.ends is None:
            return True
        day = _iso_day(self.ends)
        return day is None or day > today


def _alert(raw: object) -> _Alert:
    kind = _object(_object(raw).get("alertType"))
    return _Alert(
        _text(_object(kind.get("alertCategory")), "alertCategoryId").strip().lower(),
        _object(raw).get("endDate"),
    )


def _status(body: Mapping[str, Any]) -> str:
    """The induction status; none at all is an answer too, but only where the part was given."""
    if "induction" not in body:
        raise Unreadable
    part = body["induction"]
    return "" if part is None else _plain(_text(_object(part), "status"))


def _qts(body: Mapping[str, Any]) -> str:
    part = body.get("qts")
    if part is None:
        return ""
    day = _iso_day(_object(part).get("holdsFrom"))
    return day.isoformat() if day else ""


def _name(body: Mapping[str, Any], key: str) -> str:
    return "" if body.get(key) is None else _plain(_text(body, key))


def _plain(text: str) -> str:
    """One line of printable text: what steers a terminal or turns the direction of writing is taken out."""
    printable = "".join(ch if ch.isprintable() else " " for ch in text[: 4 * _LONGEST])
    return " ".join(printable.split())[:_LONGEST]


def _day(body: Mapping[str, Any], key: str) -> date:
    found = _iso_day(body.get(key))
    if found is None:
        raise Unreadable
    return found


def _iso_day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise Unreadable
    return value


def _list(body: Mapping[str, Any], key: str) -> list[Any]:
    value = body.get(key)
    if not isinstance(value, list):
        raise Unreadable
    return value


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable
    return value
