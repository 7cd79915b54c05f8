"""What the hand-over page says. Pure functions of the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desktop.services.export_plans import LeftOut, Plan
from desktop.services.export_shelf import Export, Verdict
from desktop.ui.parts.grouped_model import Cell, Column, Group, Line
from desktop.ui.words import CONFIRMED, REFUSED, UNKNOWN, WAITING, Look, count, number, when

COLUMNS = (
    Column("File", 250, "strong", stretch=True),
    Column("What for", 150, "plain", least=720),
    Column("Made", 170, "quiet", least=560),
    Column("Records", 90, right=True, least=430),
    Column("State", 230, "state"),
)
VERDICT_COLUMNS = (
    Column("Trainee", 190, "strong"),
    Column("Answer", 170, "plain", least=560),
    Column("What Register said", 320, "plain", stretch=True),
)
LEFT_COLUMNS = (
    Column("Trainee", 190, "strong"),
    Column("Why", 360, "plain", stretch=True),
)

NOT_UPLOADED = Look("Not uploaded yet", WAITING.icon, WAITING.ink)
WAITS = Look("Uploaded", UNKNOWN.icon, UNKNOWN.ink)
ENDED = Look("Answered", "circle-check", "check", quiet=True)


def look_of(export: Export) -> tuple[Look, str]:
    """How a file stands, and a few words beside it."""
    if export.state == "made":
        return NOT_UPLOADED, ""
    if export.to_put_right:
        return REFUSED, f"{number(export.to_put_right)} of {number(export.records)}"
    if export.waiting:
        return WAITS, f"{number(export.waiting)} to be read back"
    return (ENDED, "put right since") if export.verdicts else (CONFIRMED, "all read back")


def names_of(export: Export) -> str:
    """`trainees-1.csv`, `trainees-1.csv to trainees-3.csv`."""
    names = [file.name for file in export.files]
    return names[0] if len(names) == 1 else f"{names[0]} and {count(len(names) - 1, 'more file')}"


def title(exports: Sequence[Export]) -> str:
    """The statement at the top of the page."""
    made = sum(export.state == "made" for export in exports)
    refused = sum(export.to_put_right > 0 for export in exports)
    waiting = sum(export.state != "made" and export.waiting > 0 for export in exports)
    if made:
        return f"{count(made, 'file waits', 'files wait')} to be uploaded"
    if refused:
        return f"Register refused rows of {count(refused, 'file')}"
    if waiting:
        return f"{count(waiting, 'file waits', 'files wait')} to be read back"
    return "Nothing is under way by file"


SENTENCE = (
    "A file counts as sent only when its records are read back from Register. Upload it there, say so here, and load the "
    "answer if Register gives one."
)


def groups_of(exports: Sequence[Export], now: datetime) -> list[Group]:
    """Files that are under way, then those with nothing left to do."""
    done = [e for e in exports if e.state != "made" and not e.waiting and not e.to_put_right]
    open_ = [e for e in exports if e not in done]
    groups = [
        Group("open", "Under way", count(len(open_), "file"), [_line(e, now) for e in open_]),
        Group("done", "Done", count(len(done), "file"), [_line(e, now) for e in done], 5),
    ]
    return [group for group in groups if group.lines]


def _line(export: Export, now: datetime) -> Line:
    look, note = look_of(export)
    cells = (
        Cell(names_of(export)),
        Cell(export.title),
        Cell(when(export.made_at, now)),
        Cell(number(export.records)),
        Cell(look.word, note, look),
    )
    return Line(export.id, cells, export)


def story_of(export: Export, now: datetime) -> list[str]:
    """What happened with a file, a sentence each, oldest first."""
    by = f" by {export.made_by}" if export.made_by else ""
    told = [f"{export.title}: {count(export.records, 'record')}. Made {when(export.made_at, now)}{by}."]
    if export.uploaded_at:
        receipt = f" Receipt: {export.receipt}." if export.receipt else ""
        by = f" by {export.uploaded_by}" if export.uploaded_by else ""
        told.append(f"Uploaded {when(export.uploaded_at, now)}{by}.{receipt}")
    if export.answered_at:
        refused = len({verdict.record_id for verdict in export.verdicts})
        said = f"{count(refused, 'row')} refused" if refused else "nothing refused"
        told.append(f"Answer loaded {when(export.answered_at, now)}: {said}.")
    if export.state == "made":
        told.append("Next: upload it on Register’s website, then press I uploaded it.")
    elif export.waiting:
        told.append(f"{count(export.waiting, 'record')} not read back from Register yet.")
    elif not export.verdicts:
        told.append("Every record of it was read back.")
    elif export.route == "bulk-add":
        told.append(
            "Register creates nobody from a file with a refused row. Put it right, then make a new file."
        )
    elif export.to_put_right:
        told.append("The other rows went through. Put right what was refused, then make a new file.")
    return told


def verdict_groups(verdicts: Sequence[Verdict]) -> list[Group]:
    """What Register refused; each line leads to the answer that it is about."""
    lines = [
        Line(n, (Cell(v.label), Cell(v.field_label), Cell(v.message, tip=v.message)), v)
        for n, v in enumerate(verdicts)
    ]
    records = len({v.record_id for v in verdicts})
    return [Group("refused", "To put right", count(records, "record"), lines)] if lines else []


# --- before a file is made


def plan_words(plan: Plan) -> str:
    """What the file would hold, in a sentence."""
    if not plan.records:
        return "Nothing waits that could go into this file."
    files = f" in {count(len(plan.files), 'file')}" if len(plan.files) > 1 else ""
    faulty = (
        f", {count(plan.with_errors, 'draft')} with something to put right among them"
        if plan.with_errors
        else ""
    )
    return f"{count(plan.records, 'record')}{files}{faulty}."


def plan_groups(plan: Plan) -> list[Group]:
    """What Register will delete, who is left out, and what of whom the file cannot say."""
    gone = [
        Line(f"d{n}", (Cell(d.label), Cell(f"School {d.urn}")), d.record_id)
        for n, d in enumerate(plan.deletions)
    ]
    whole = [left for left in plan.left_out if not left.field]
    parts = [left for left in plan.left_out if left.field]
    groups = [
        Group("gone", "Register will delete these placements", count(len(gone), "placement"), gone, 50),
        Group("whole", "Not in the file", count(len(whole), "trainee"), _left(whole, "w"), 50),
        Group("parts", "The file cannot say this", count(len(parts), "answer"), _left(parts, "p"), 50),
    ]
    return [group for group in groups if group.lines]


def _left(found: Sequence[LeftOut], key: str) -> list[Line]:
    return [
        Line(f"{key}{n}", (Cell(left.label), Cell(left.reason, tip=left.reason)), left.record_id)
        for n, left in enumerate(found)
    ]
