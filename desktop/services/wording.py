"""Plain sentences about fields, values and journal rows; shared by window, command line and reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desktop.collections.reading import long_day
from desktop.model.change import Change, ChangeKind, ChangeState
from desktop.model.collection import Collection
from desktop.model.document import Document, Patch, Value
from desktop.store.records import StoredRecord
from desktop.validation.entry import show_value


def label_of(collection: Collection, path: str) -> str:
    """A field's label: "Email", or "Degree: Grade" for a child's."""
    field = collection.field(path)
    parts = path.split(".")
    kind = collection.child_kind(parts[0]) if len(parts) > 1 else None
    if kind is not None:
        return (
            f"{kind.singular.capitalize()}: {field.label}"
            if field and len(parts) == 3
            else kind.singular.capitalize()
        )
    return field.label if field else path


def value_of(collection: Collection, path: str, value: Value) -> str:
    """A value in words: the label of a code, a date in full, "Not answered" for nothing."""
    field = collection.field(path)
    if value in (None, ""):
        return "Not answered"
    return show_value(field, value, collection.code_lists) if field else str(value)


def money(pounds: int) -> str:
    """£29,000."""
    return f"£{pounds:,}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 degree, 2 degrees."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def what_will_be_sent(collection: Collection, change: Change, record: StoredRecord) -> str:
    """A change in a line: "Funding method: Postgraduate bursary", "New trainee, with 1 degree"."""
    if change.kind is ChangeKind.CREATE:
        return _new_record(collection, record.document)
    if change.kind is ChangeKind.ACTION:
        return _action(collection, change)
    if change.kind is ChangeKind.NESTED:
        return _child(collection, change, record)
    fields: Mapping[str, Value] = record.pending.fields or change.payload.get("fields", {})
    return _fields(collection, fields)


def kind_of(collection: Collection, document: Document) -> str:
    """What a record is: "trainee"; in a list of several kinds which of them, "mentor"."""
    kind = collection.facets(document).get("kind")
    facet = next((one for one in collection.listed if one.key == "kind"), None)
    if facet is None or not isinstance(kind, str):
        return collection.singular
    said = value_of(collection, facet.field, kind)
    return said if said.isupper() else said.lower()


def _new_record(collection: Collection, document: Document) -> str:
    parts = [
        count(len(group), kind.singular.lower())
        for kind in collection.children
        if (group := document.children.get(kind.key))
    ]
    return f"New {kind_of(collection, document)}" + (f", with {' and '.join(parts)}" if parts else "")


def _action(collection: Collection, change: Change) -> str:
    action = collection.action(change.target)
    if action is None:
        return change.target
    fields = change.payload.get("fields", {})
    dated = next((f for f in action.fields if f.kind == "date" and fields.get(f.name)), None)
    when = f" on {show_value(dated, fields[dated.name], collection.code_lists)}" if dated else ""
    return f"{action.label}{when}"


def _child(collection: Collection, change: Change, record: StoredRecord) -> str:
    kind_key, child_id = change.target.split(".", 1)
    kind = collection.child_kind(kind_key)
    patch = record.pending.children.get(kind_key, {}).get(child_id)
    child = record.document.child(kind_key, child_id)
    old = record.base.document.child(kind_key, child_id) if record.base else None
    if kind is None:
        return change.target
    shown = child or old
    name = kind.label(shown.fields, collection.code_lists) if shown else ""
    verb = (
        "changed" if patch is None else "added" if patch.added else "removed" if patch.removed else "changed"
    )
    return f"{kind.singular.capitalize()} {verb}: {name}" if name else f"{kind.singular.capitalize()} {verb}"


def _fields(collection: Collection, fields: Mapping[str, Value]) -> str:
    money_first = sorted(fields, key=lambda n: not ((f := collection.field(n)) and f.money))
    if not money_first:
        return "Changes"
    first = money_first[0]
    told = f"{label_of(collection, first)}: {value_of(collection, first, fields[first])}"
    more = len(money_first) - 1
    return told if not more else f"{told}, and {count(more, 'more field')}"


def touched(collection: Collection, patch: Patch) -> str:
    """The labels of what a patch touches, at most four by name."""
    labels = list(dict.fromkeys(label_of(collection, p) for p in patch.touched()))
    shown, rest = labels[:4], len(labels) - 4
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


CHANGE = {
    ChangeState.HELD: "Draft",
    ChangeState.QUEUED: "Waiting",
    ChangeState.SENDING: "Sending",
    ChangeState.UNKNOWN: "Unknown",
    ChangeState.REJECTED: "Refused",
    ChangeState.CONFLICT: "Conflict",
    ChangeState.CONFIRMED: "Confirmed",
    ChangeState.DISCARDED: "Taken back",
}
"""How a change stands, in a word."""


def due_by(what: str) -> bool:
    """Whether something must be at the portal by a day of the calendar; days on which a window opens, and notes, are none."""
    name = what.partition(":")[0]
    return not what.endswith("opens") and not name.endswith(_TO_KNOW) and "may show" not in what


_TO_KNOW = (" begins", " is open again")
"""Ends of what is only to be known."""


_EVENTS = {
    "added": "Added here",
    "discarded": "Draft deleted here",
    "arrived": "First read from {portal}",
    "sending": "Sending to {portal}",
    "confirmed": "{portal} confirmed it",
    "action_done": "{portal} did it",
    "action_queued": "Confirmed for sending",
    "held": "A draft: not sent until it is put right",
    "ready": "Nothing to put right any more: it waits to be sent",
    "taken_back": "Taken back before it was sent",
    "unknown": "Sent, no answer came: not known whether it arrived",
    "not_sent": "Could not be sent, kept",
    "looked": "Looked for it at {portal}: not there so far",
    "not_landed": "Had not arrived at {portal}, sent again",
    "missing": "Not in {portal}’s list any more",
    "own_key": "Got a trainee ID of its own, to be known again at {portal}",
    "conflict_over": "The two sides agree again",
    "not_needed": "Nothing left to send for it",
    "not_stored": "{portal} answered but kept its own value",
    "portal_form": "{portal} keeps it in its own form",
    "lost_by_portal": "{portal} lost answers when it refused; they are kept here and sent again",
    "linked": "Linked to the record at {portal}",
    "kept_as_draft": "Kept as a draft of its own",
    "decision_undone": "Decision undone: the question is open again",
    "try_failed": "A try did not get through",
    "looked_after": "The records that are looked after here were chosen anew",
    "connected": "Portal address set",
    "portal_restored": "{portal} was put back to an older copy: nothing is sent until you have looked at it",
    "restore_over": "Sending goes on after {portal} was put back",
    "sent_anew": "{portal} does not have it any more: it goes again as a new record",
    "paused": "Sending was paused",
    "resumed": "Sending goes on",
    "timetable": "The timetable of sending was changed",
    "self_check": "Holdfast found something out of step in its own records; run: holdfast doctor",
    "synced": "Everything read and sent",
    "looked_up": "Looked up in the Teaching Record System",
    "lookup_on": "Teacher lookup switched on",
    "lookup_off": "Teacher lookup switched off: key and answers erased",
    "queue_saved": "What waits was saved as a file",
    "file_made": "File made for {portal}",
    "in_file": "Put into a file for {portal}",
    "file_uploaded": "File uploaded to {portal} by hand",
    "web_export_loaded": "Export of {portal}’s website loaded",
    "file_dropped": "File for {portal} not uploaded after all",
    "file_answered": "Answer of {portal} to a file loaded",
    "keying_begun": "{what}: somebody began to type it on {portal}’s website",
    "keying_taken_over": "{what}: typing it on {portal}’s website was taken over",
    "keying_new_answers": "{what}: the changed answers were typed, too",
    "keyed_page": "{what}: a page of {portal}’s website typed",
    "keyed": "{what}: typed on {portal}’s website to the end",
    "keyed refused": "{what}: stopped by {portal}’s website",
    "keyed unsure": "{what}: typed, and nobody saw whether {portal} took it",
    "keyed there": "{what}: somebody looked, and {portal} has it",
    "keyed instead": "{what}: {portal} had it already, so another way was taken",
    "keyed again": "{what}: what stopped it is put right; to be typed anew",
    "learned": "{portal} has more of it now: another record’s sheet was typed",
    "keying_given_up": "{what}: typing it on {portal}’s website was given up",
    "keyed_not_there": "{what}: typed, but not at {portal}. It waits again",
    "deleted_there": "Deleted at {portal}, as asked",
    "payments_loaded": "Payment file loaded to check what was paid",
    "sign_off_loaded": "{what}: file of the website loaded",
    "sign_off_removed": "{what}: file taken off again",
    "sign_off_signed": "{what}: marked as signed on the website",
    "sign_off_taken_back": "{what}: not marked as signed any more",
    "taken_in": "Taken in from {from}",
    "action_replaced": "A colleague recorded the same with another answer",
    "exchange_made": "Change file made for colleagues",
    "exchange_taken": "Change file of {from} taken in",
    "exchange_key": "The passphrase of change files was chosen",
    "purged": "Records past their time were removed for good",
    "retention_changed": "How long records are kept was changed",
    "mended": "What was out of step was made anew from the records",
    "subject_access": "Everything held about this person was saved as a file",
    "person_added": "Added to the people here: {what}",
    "person_changed": "{what}",
    "person_left": "{what} does not work here any more",
    "person_back": "{what} works here again",
    "person_here": "{what} took over at this computer",
}


_ACTS = {"act": "Done in one go", "act_undone": "Undone", "act_redone": "Done again"}


def sentence(collection: Collection | None, event: str, detail: Mapping[str, Any]) -> str:
    """One journal row in plain English."""
    portal = collection.portal_short if collection else "The portal"
    if detail.get("blanked") is True:
        return "Removed for good with the record that it was about"
    if event in ("edited", "reverted") and collection:
        paths = list(detail.get("fields", {}))
        labels = list(dict.fromkeys(label_of(collection, p) for p in paths))
        verb = "Changed" if event == "edited" else "Taken back"
        return f"{verb}: {', '.join(labels[:4])}" + (
            f" and {len(labels) - 4} more" if len(labels) > 4 else ""
        )
    if event == "merged" and collection:
        labels = list(dict.fromkeys(label_of(collection, p) for p in detail.get("theirs", {})))
        if not labels:
            return f"You and {portal} had made the same change"
        return f"{portal} had changed {', '.join(labels[:4])}; put together with yours"
    if event == "portal_changed" and collection:
        return _portal_changed(collection, detail)
    if event == "conflict":
        return (
            f"You and {detail.get('with') or portal} changed the same thing"
            if detail.get("fields")
            else str(detail.get("reason", ""))
        )
    if event == "resolved":
        return _decided(collection, portal, detail.get("choices", {}))
    return _plainly(portal, event, detail)


def _plainly(portal: str, event: str, detail: Mapping[str, Any]) -> str:
    """A row whose sentence needs nothing of the collection but the portal's name."""
    if event == "imported":
        kept = "is kept encrypted" if "sealed" in detail else "is not kept"
        return f"File read into Holdfast; the file itself {kept}"
    if event in ("explained", "explanation_ended"):
        return _explained(event, detail)
    if event == "refused":
        return f"{portal} refused it: {detail.get('why', '')}"
    if event in _ACTS:
        return f"{_ACTS[event]}: {detail.get('words', '')}"
    if event == "portal_state":
        return f"{portal}: {detail.get('detail') or detail.get('state')}"
    if event == "workspace":
        return _of_workspace(detail)
    usual = _EVENTS.get(event, event.replace("_", " ").capitalize())
    words = _EVENTS.get(f"{event} {detail.get('said', '')}", usual)
    told = {"portal": portal, "what": detail.get("what", ""), "from": detail.get("from") or "a colleague"}
    return words.format_map(told)


def _of_workspace(detail: Mapping[str, Any]) -> str:
    """Something about the workspace as a whole: its beginning, keys and backups."""
    if "passphrase" in detail:
        return "The passphrase was changed"
    if "recovery sheet" in detail:
        return f"Recovery sheet {detail['recovery sheet']} counts from now on"
    if "backup" in detail:
        return f"Backup saved as {detail['backup']}"
    if "backups" in detail:
        daily = detail["backups"] == "automatic"
        return f"Backups are made {'each day' if daily else 'only when somebody asks'} from now on"
    return "This workspace was set up"


def _decided(collection: Collection | None, portal: str, choices: Mapping[str, str]) -> str:
    """What was chosen for each answer that was in question."""
    sides = {"mine": "yours kept", "theirs": f"{portal}’s taken", "value": "another typed"}
    told = [
        f"{label_of(collection, path) if collection else path}, {sides.get(side, side)}"
        for path, side in choices.items()
    ]
    return "Decided: " + "; ".join(dict.fromkeys(told))


def _explained(event: str, detail: Mapping[str, Any]) -> str:
    """A finding was explained, or is a thing to do again."""
    if event == "explanation_ended":
        return f"Explanation ended, {detail.get('rule')}: {detail.get('reason', '')}"
    expected = f", expected in {count(detail['count'], 'record')}" if detail.get("count") else ""
    until = f", until {long_day(date.fromisoformat(detail['until']))}" if detail.get("until") else ""
    return f"Explained{expected}{until}, {detail.get('rule')}: {detail.get('reason', '')}"


def _portal_changed(collection: Collection, detail: Mapping[str, Any]) -> str:
    state = collection.state(str(detail.get("state", "")))
    if state is not None:
        return f"{collection.portal_short}: now {state.label.lower()}"
    labels = list(dict.fromkeys(label_of(collection, p) for p in detail.get("fields", ())))
    return f"Changed at {collection.portal_short}" + (f": {', '.join(labels[:4])}" if labels else "")
