"""The chapters of the outage story, in order. Each acts, and says what must hold."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field

from desktop.cli.story import proof
from desktop.cli.story.stage import PASSPHRASE, Stage, StoryFailed
from desktop.cli.story.typist import typed_name
from desktop.model.document import Child, Document, Patch
from desktop.model.finding import Severity
from desktop.model.ids import RecordId
from desktop.model.standing import Sync
from desktop.model.verdict import PortalState
from desktop.services import wording
from desktop.services.core import LONDON
from desktop.services.views import RecordQuery, RecordView

_NEW_PEOPLE = (
    ("Tamsin", "Ravensworth", "1999-03-14"),
    ("Olu", "Brightwater", "2000-11-02"),
    ("Marisol", "Penhallow-Quist", "1998-07-23"),
)
_EMAILS = (
    "s.new@mail.example",
    "inbox.two@mail.example",
    "moved.house@mail.example",
    "after.work@mail.example",
)
_MARRIED_NAMES = ("Fairweather-Lowe", "Tregarthen")
_COLLEAGUES_SPELLING = "Fairwether"
_EDITS = 12
_BEFORE_THE_CRASH = 6
_SAVED_BY_TYPIST = 8


@dataclass
class Cast:
    """Who plays which part; local record ids."""

    funded: RecordId
    pounds: int
    deferred: RecordId
    withdrawn: RecordId
    edited: list[RecordId]
    added: list[RecordId] = field(default_factory=list)
    contested: list[RecordId] = field(default_factory=list)


def first_pull(stage: Stage) -> Cast:
    """Everything the portal lists is copied here, encrypted."""
    stage.chapter("A working morning: the provider's trainees are copied to this computer")
    report = stage.sync()
    listed = [t for t in stage.control.trainees() if t["state"] != "draft" and not t["deleted"]]
    stage.hold(report.state is PortalState.UP, "Register answers")
    stage.hold(report.pulled == len(listed), f"{report.pulled} trainees read in {report.requests} requests")
    stage.hold(not list(proof.differences(stage)), "what is here equals what Register holds, field by field")
    stage.picture("1-morning")
    return _casting(stage)


def _casting(stage: Stage) -> Cast:
    views = stage.editable()
    funded, pounds = _fundable(stage, views)
    others = [v for v in views if v.id != funded and not v.findings]
    started = [v for v in others if v.state == "trn_received"]
    deferred, withdrawn = started[-1].id, started[-2].id
    plain = [v.id for v in others if v.id not in (deferred, withdrawn)]
    return Cast(funded, pounds, deferred, withdrawn, plain[:_EDITS])


def _fundable(stage: Stage, views: list[RecordView]) -> tuple[RecordId, int]:
    """A trainee for whom a bursary would be right but is not recorded, and the sum."""
    collection = stage.workspace.collections["trainees"]
    for view in views:
        if view.document.get("funding_method") != "6":
            continue
        document = view.document.copy()
        document.fields |= {"fund_code": "7", "funding_method": "D"}
        money = collection.money(document)
        findings = stage.workspace.checks.live("trainees", document, view.id)
        if money and money.at_most >= 20_000 and not any(f.severity is Severity.ERROR for f in findings):
            return view.id, money.at_most
    raise StoryFailed("no trainee in the practice data could have a bursary")


def outage_begins(stage: Stage) -> None:
    """Register is replaced by its maintenance page, on the eve of the census."""
    stage.clock.turn_forward(minutes=71)
    stage.chapter("The eve of the census: Register shows a maintenance page")
    stage.control.fault("maintenance")
    stage.sync()
    stage.clock.turn_forward(minutes=20)
    report = stage.sync()
    stage.clock.turn_forward(minutes=20)
    stage.hold(report.state is PortalState.MAINTENANCE, f'Holdfast says: "{report.detail}"')
    stage.hold(
        stage.workspace.home().portals[0].state is PortalState.MAINTENANCE, "Home says it too; work goes on"
    )


def edits(stage: Stage, cast: Cast) -> None:
    """Half of the edits, here."""
    stage.chapter(f"{_EDITS} trainees are edited while Register is away")
    for number, record_id in enumerate(cast.edited[:_BEFORE_THE_CRASH]):
        patch = Patch({"email": _EMAILS[number % len(_EMAILS)]})
        if number >= len(_EMAILS):
            patch = Patch({"last_name": _MARRIED_NAMES[number - len(_EMAILS)]})
        stage.workspace.records.edit(record_id, patch)
    stage.hold(
        all(stage.view(i).sync is Sync.QUEUED for i in cast.edited[:_BEFORE_THE_CRASH]),
        f"{_BEFORE_THE_CRASH} are saved here and wait",
    )


def killed_in_the_middle(stage: Stage, cast: Cast) -> None:
    """A real second program types on and is killed with SIGKILL between two keystrokes."""
    stage.chapter("The computer dies in the middle of typing (kill -9)")
    rest = cast.edited[_BEFORE_THE_CRASH:]
    stage.leave()
    saved: dict[RecordId, str] = {}
    command = [sys.executable, "-m", "desktop.cli.story.typist", str(stage.folder), *rest]
    environment = {**os.environ, "HOLDFAST_PASSPHRASE": PASSPHRASE}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as typist:
        assert typist.stdout is not None
        for line in typist.stdout:
            number, record_id = line.split()
            saved[RecordId(record_id)] = typed_name(int(number))
            if int(number) + 1 >= _SAVED_BY_TYPIST:
                typist.kill()
                break
        for line in typist.stdout:
            number, record_id = line.split()
            saved[RecordId(record_id)] = typed_name(int(number))
    stage.come_back()
    kept = {i: stage.view(i).document.get("middle_names") for i in rest}
    at_least = all(kept[i] is not None and _round_of(kept[i]) >= _round_of(name) for i, name in saved.items())
    stage.hold(
        at_least, f"after the restart every one of the {len(saved)} answers that were called saved is there"
    )
    stage.hold(all(stage.view(i).sync is Sync.QUEUED for i in rest), "and each waits in the queue")
    stage.hold(not stage.workspace.care.doctor(), "the doctor finds nothing wrong")


def _round_of(name: object) -> int:
    """Which round of typing a name is from; see typed_name."""
    text = str(name)
    return (len(text) - len("Typed") - 1) * 26 + ord(text[-1]) - ord("a")


def additions(stage: Stage, cast: Cast) -> None:
    """Three new trainees; one has errors, which are put right after the message."""
    stage.chapter("Three new trainees are added")
    template = next(v for v in stage.editable() if v.money and not v.findings and v.id not in cast.edited)
    for number, (first, last, born) in enumerate(_NEW_PEOPLE):
        document = _newcomer(template.document, number, first, last, born)
        if number == 2:
            document.fields |= {"email": "marisol at mail", "itt_end_date": "2025-07-31"}
        cast.added.append(stage.workspace.records.add("trainees", document).id)
    draft = stage.view(cast.added[2])
    stage.hold(draft.sync is Sync.DRAFT, f"one is a draft with errors: {draft.caption}")
    for finding in draft.findings:
        if finding.severity is Severity.ERROR:
            stage.say(f"- {finding.message}")
    stage.picture("2-draft")
    right = Patch({"email": "marisol.pq@mail.example", "itt_end_date": template.document.get("itt_end_date")})
    mended = stage.workspace.records.edit(draft.id, right).view
    stage.hold(mended.sync is Sync.QUEUED, "put right, it joins the queue")


def _newcomer(template: Document, number: int, first: str, last: str, born: str) -> Document:
    document = template.copy()
    document.fields |= {
        "first_names": first,
        "middle_names": None,
        "last_name": last,
        "date_of_birth": born,
        "email": f"{first}.{number}@mail.example".lower(),
        "hesa_id": f"26{number:011d}",
        "provider_trainee_id": f"NM26-9000{number}" if number else None,
        "application_id": None,
        "previous_last_name": None,
        "ni_number": None,
    }
    for kind, group in document.children.items():
        document.children[kind] = [Child("", dict(c.fields)) for c in group]
    return document


def actions_and_money(stage: Stage, cast: Cast) -> None:
    """One deferral, one withdrawal, and a bursary that was not recorded."""
    stage.chapter("One trainee is deferred, one withdrawn, and a bursary is put right")
    records = stage.workspace.records
    records.act(cast.deferred, "defer", {"defer_date": "2026-10-12", "defer_reason": "Illness in the family"})
    records.act(
        cast.withdrawn,
        "withdraw",
        {
            "withdrawal_date": "2026-10-09",
            "trigger": "trainee",
            "reasons": "does_not_want_to_become_a_teacher",
            "future_interest": "no",
        },
    )
    records.edit(cast.funded, Patch({"fund_code": "7", "funding_method": "D"}))
    queue = stage.workspace.queue.items()
    first, last = queue[0], queue[-1]
    stage.hold(first.record_id == cast.funded or first.group == "money", f"money goes first: {first.what}")
    stage.hold(last.group == "action", f"what cannot be undone goes last: {last.what}")
    stage.say(f"{len(queue)} changes wait; £{stage.workspace.home().money.total_gbp:,} rests on them")
    stage.picture("3-outage")


def colleagues(stage: Stage, cast: Cast) -> None:
    """Register's own pages work for a colleague elsewhere: five of the same records change there."""
    stage.chapter("Meanwhile a colleague edits five of the same records on Register")
    for record_id in cast.edited[:3]:
        stage.colleague(record_id, itt_end_date="2027-08-20")
    cast.contested = cast.edited[4:6]
    for record_id in cast.contested:
        stage.colleague(record_id, last_name=_COLLEAGUES_SPELLING)
    stage.say("three in other fields than ours, two in the same field")


def back_busy_then_well(stage: Stage, cast: Cast) -> None:
    """The return: first too busy, then well, but one reply is lost on the way."""
    stage.clock.turn_forward(hours=3)
    stage.chapter("Register comes back, too busy at first")
    stage.control.clear_requests()
    stage.control.fault("busy", retry_after=90)
    report = stage.sync()
    stage.hold(report.state is PortalState.BUSY, f'"{report.detail}" Nothing is lost')
    asked = len(stage.control.requests())
    stage.sync()
    stage.hold(len(stage.control.requests()) == asked, "Holdfast leaves it alone for as long as it asked")
    stage.clock.turn_forward(seconds=91)
    stage.chapter("Then it is well, but the reply to one new trainee is lost")
    stage.control.clear_requests()
    stage.control.fault("lost_reply", match="POST /trainees", count=1)
    report = stage.sync()
    stage.control.fault("up")
    stage.say(f"{report.pushed} changes confirmed, {report.merged} merged, {report.requests} requests")
    ledger = proof.writes(stage)
    funded = stage.view(cast.funded).portal_id or ""
    money_first = ledger and (funded in ledger[0]["path"] or ledger[0]["path"].endswith("/trainees"))
    puts = [r["path"].rsplit("/", 1)[-1] for r in ledger if r["method"] == "PUT"]
    stage.hold(
        bool(money_first) and puts[0] == funded, "the money-critical changes were stored before any other"
    )
    creates = [r for r in ledger if r["method"] == "POST" and r["path"].endswith("/trainees")]
    stage.hold(
        len(creates) == len(cast.added), f"{len(creates)} trainees were created, one reply of them lost"
    )
    stage.hold(not proof.doubled(stage), "and each of them is at Register exactly once")
    stage.hold(report.merged == 3, "3 records changed on both sides were put together without a person")
    for record_id in cast.edited[:3]:
        both = stage.view(record_id).document
        stage.hold(
            both.get("itt_end_date") == "2027-08-20" and both.get("email") in _EMAILS,
            f"{stage.view(record_id).label}: our e-mail address and the colleague's end date",
        )
    stage.hold(report.conflicts == 2, "2 conflicts wait for a person")
    stage.picture("4-conflicts")


def decisions(stage: Stage, cast: Cast) -> None:
    """A person decides the two conflicts, one each way; the losing value stays readable."""
    stage.chapter("A person decides")
    conflicts = stage.workspace.conflicts
    chosen = {c.record_id: c for c in conflicts.open()}
    stage.hold(
        set(chosen) == set(cast.contested),
        "exactly the two records that both sides changed alike are asked about",
    )
    for record_id, side in zip(cast.contested, ("mine", "theirs"), strict=True):
        row = chosen[record_id].fields[0]
        conflicts.resolve(chosen[record_id].id, {row.field: side})
        stage.say(f"last name: before {row.base}, ours {row.mine}, Register's {row.theirs}. Chosen: {side}")
        history = stage.workspace.activity.entries(record_id)
        loser = row.theirs if side == "mine" else row.mine
        kept = any(e.event == "resolved" and loser in e.detail["lost"].values() for e in history)
        stage.hold(kept, "the value that lost stays in the history")
    report = stage.sync()
    stage.hold(
        (report.conflicts, report.queued, report.unknown, report.rejected) == (0, 0, 0, 0),
        "nothing is open any more",
    )


def the_end(stage: Stage, cast: Cast) -> None:
    """Both sides equal, by Register's own books."""
    stage.chapter("The end, by Register's own books")
    report = stage.workspace.sync.run("trainees", full=True)
    stage.hold(report.pulled == 0, "reading everything again changes nothing")
    found = list(proof.differences(stage))
    for text in found[:10]:
        stage.say(text)
    total = stage.workspace.records.count(RecordQuery("trainees"))
    stage.hold(not found, f"{total} trainees are the same on both sides, field by field")
    stage.hold(not proof.doubled(stage), "nobody is there twice")
    states = [stage.view(i).state for i in (cast.deferred, cast.withdrawn)]
    stage.hold(states == ["deferred", "withdrawn"], "one is deferred, one withdrawn")
    stage.hold(
        stage.view(cast.funded).sync is Sync.CLEAN,
        f"the bursary of £{cast.pounds:,} is at Register, a day before the census",
    )
    stage.hold(not stage.workspace.care.doctor(), "the journal's chain is whole and the doctor finds nothing")
    outages = stage.workspace.activity.outages()
    for outage in outages:
        begin, end = (f"{t.astimezone(LONDON):%H:%M}" if t else "now" for t in (outage.begin, outage.end))
        stage.say(
            f"evidence: {outage.state} from {begin} to {end}, {wording.count(outage.tries, 'try', 'tries')}"
        )
    stage.hold(bool(outages), "the outage can be proven")
    stage.picture("5-end")
