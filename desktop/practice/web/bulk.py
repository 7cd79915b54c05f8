"""The pages of the three uploads: choose a file, see what was found, take the errors, go ahead. Source: pack 4."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from desktop.practice.pages import markup
from desktop.practice.pages.markup import Button, Html, Question
from desktop.practice.web import bulk_add, bulk_placements, bulk_recommend, sheets, words
from desktop.practice.web.sheets import Table, Unusable, Verdict, read_table
from desktop.practice.web.visit import NotFound, Routes, Visit, csv_reply
from desktop.practice.wire import Reply

ADD, RECOMMEND, PLACEMENTS = "add-trainees", "recommend", "placements"
_MOST_UPLOADS = 50
_AT = "/bulk-update"


@dataclass(frozen=True)
class Kind:
    """One of the three uploads, in words. `file` = what can be downloaded to fill in, `name` its name."""

    title: str
    lead: str
    file: str
    name: str


KINDS = {
    ADD: Kind(
        "Bulk add new trainees",
        "Upload a CSV file with one row for each new trainee. Either all of them are added, or none.",
        "Download the CSV template",
        "v2026_1_bulk_create_trainee.csv",
    ),
    RECOMMEND: Kind(
        "Recommend trainees for QTS or EYTS",
        "Download the trainees you can recommend, fill in the date in the last column, and upload the file. Rows that are "
        "right go ahead, the others come back to you.",
        "Download the trainees you can recommend",
        "bulk-recommend-export.csv",
    ),
    PLACEMENTS: Kind(
        "Add details of placements",
        "Download your trainees’ placements, change the URNs, and upload the file. For each trainee in the file, all "
        "placements at schools are replaced by those in the row.",
        "Download your trainees’ placements",
        "bulk-placements-export.csv",
    ),
}


@dataclass
class Upload:
    """A file that was uploaded and read. `state` is one of the words in `_STATES`."""

    key: str
    kind: str
    name: str
    at_us: int
    state: str
    table: Table
    told: list[Verdict]
    changed: int = 0

    @property
    def wrong(self) -> int:
        return sum(bool(errors) for errors in self.told)

    @property
    def right(self) -> int:
        """Rows that can go ahead, or went."""
        if self.kind == RECOMMEND and self.state == "validated":
            return self.changed
        return sum(errors == [] for errors in self.told) if self.kind == ADD else self.changed

    def errors(self) -> bytes:
        """The file that names what was wrong."""
        return sheets.with_errors(self.table, self.told, results=self.kind == ADD, all_rows=self.kind == ADD)


_STATES = {
    "validated": ("Ready to submit", ""),
    "succeeded": ("Submitted", "green"),
    "failed": ("Errors found", "red"),
    "cancelled": ("Cancelled", "grey"),
}


def _overview(visit: Visit) -> Reply:
    offered = [markup.link(f"{_AT}/{key}", kind.title) for key, kind in KINDS.items() if _allowed(visit, key)]
    uploads = [
        (
            markup.link(f"{_AT}/uploads/{one.key}", one.name),
            KINDS[one.kind].title,
            words.moment(one.at_us),
            markup.tag(*_STATES[one.state]),
        )
        for one in reversed(visit.books.uploads.values())
    ]
    body: list[Html] = [markup.bullets(offered)]
    if uploads:
        body.append(markup.table("Your uploads", ["File", "What for", "Uploaded", "State"], uploads))
    return visit.show("Bulk updates to records", body, at=_AT)


def _allowed(visit: Visit, kind: str) -> bool:
    return kind != ADD or visit.bulk_add


def _forbidden(visit: Visit) -> Reply:
    words_ = (
        "Only higher education providers can bulk add trainees. Register your trainees one by one instead."
    )
    body = [markup.paragraph(words_), markup.link("/trainees/new", "Register a trainee")]
    return visit.show("You do not have permission to do this", body, at=_AT, status=403)


def _form(visit: Visit, error: str = "") -> Reply:
    kind = KINDS[visit.args[0]]
    if not _allowed(visit, visit.args[0]):
        return _forbidden(visit)
    ask = Question(
        "file", "Upload a CSV file", "file", hint="The file must be smaller than 1MB.", error=error
    )
    path = f"{_AT}/{visit.args[0]}"
    body = [
        markup.paragraph(kind.lead),
        markup.paragraph(markup.link(f"{path}/{kind.name}", kind.file)),
        visit.post(path, markup.question(ask), Button("Upload file"), files=True),
    ]
    return visit.show(kind.title, body, at=_AT, back=_AT, asked=[ask])


def _download(visit: Visit) -> Reply:
    key = visit.args[0]
    if not _allowed(visit, key):
        return _forbidden(visit)
    if visit.args[1] != KINDS[key].name:
        raise NotFound
    if key == ADD:
        rows: list[list[object]] = [[*bulk_add.COLUMNS]]
    elif key == RECOMMEND:
        rows = bulk_recommend.listed(visit.records(), visit.state)
    else:
        rows = bulk_placements.listed(visit.records())
    return csv_reply(KINDS[key].name, sheets.write(rows))


def _upload(visit: Visit) -> Reply:
    key = visit.args[0]
    if not _allowed(visit, key):
        return _forbidden(visit)
    try:
        sent = visit.form.files.get("file")
        table = read_table(sent, detect=key == ADD)
        one = _read(visit, key, sent.name if sent else "", table)
    except Unusable as refusal:
        return _form(visit, str(refusal))
    uploads = visit.books.uploads
    uploads[one.key] = one
    while len(uploads) > _MOST_UPLOADS:
        del uploads[next(iter(uploads))]
    return visit.go(f"{_AT}/uploads/{one.key}", effect=key == PLACEMENTS and one.changed > 0)


def _read(visit: Visit, key: str, name: str, table: Table) -> Upload:
    """The upload with its verdicts; a file of placements is carried out at once, as in the real service."""
    state = visit.state
    made = Upload(secrets.token_hex(8), key, name, state.clock.now_us(), "validated", table, [])
    if key == ADD:
        bulk_add.refuse_heads(table)
        made.told = [*bulk_add.check(table, state)[0]]
        made.state = "failed" if made.wrong else "validated"
    elif key == RECOMMEND:
        bulk_recommend.refuse_heads(table)
        made.told, ready = bulk_recommend.check(table, state)
        made.changed = len(ready)
        made.state = "validated" if ready else "failed"
    else:
        bulk_placements.refuse_heads(table)
        made.told, made.changed = bulk_placements.take(table, state)
        made.state = "failed" if made.wrong else "succeeded"
    return made


def _found(visit: Visit) -> Upload:
    one = visit.books.uploads.get(visit.args[0])
    if not isinstance(one, Upload) or not _allowed(visit, one.kind):
        raise NotFound
    return one


def _shown(visit: Visit) -> Reply:
    one = _found(visit)
    path = f"{_AT}/uploads/{one.key}"
    body: list[Html] = [
        markup.answers(
            [
                markup.Answer("File", one.name),
                markup.Answer("State", markup.tag(*_STATES[one.state])),
                markup.Answer(_right_words(one), one.right),
                markup.Answer("Trainees with errors", one.wrong),
            ]
        )
    ]
    if one.wrong:
        body.append(_what_to_do(one, path))
    if one.state == "validated":
        body += [
            visit.post(f"{path}/submit", "", Button(_go_words(one))),
            visit.post(f"{path}/cancel", "", Button("Cancel upload", "second")),
        ]
    return visit.show(_headline(one), body, caption=KINDS[one.kind].title, at=_AT, back=_AT)


def _right_words(one: Upload) -> str:
    if one.kind == PLACEMENTS:
        return "Trainees changed"
    if one.kind == RECOMMEND:
        return "Trainees recommended" if one.state == "succeeded" else "Trainees who will be recommended"
    return "Trainees added" if one.state == "succeeded" else "Trainees without errors"


def _what_to_do(one: Upload, path: str) -> Html:
    advice = {
        ADD: "No trainee was added. Put the errors right and upload the file again.",
        RECOMMEND: "Rows with errors are left out. Put them right and upload them again.",
        PLACEMENTS: "Check these trainees: their earlier placements at schools were deleted, even where a new one failed.",
    }[one.kind]
    listed = [
        f"Row {row.line}: {error}"
        for row, errors in zip(one.table.rows, one.told, strict=True)
        for error in errors or ()
    ]
    more = [f"and {len(listed) - 20} more in the file"] if len(listed) > 20 else []
    return markup.box(
        "There are errors in your file",
        markup.paragraph(advice),
        markup.paragraph(markup.link(f"{path}/{_errors_name(one)}", "Download your CSV file with errors")),
        markup.bullets([*listed[:20], *more]),
        colour="red",
    )


def _errors_name(one: Upload) -> str:
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", one.name.rpartition(".")[0]).strip("-") or "upload"
    return f"{stem}-with-errors.csv"


def _go_words(one: Upload) -> str:
    many = f"{one.right} trainee{'' if one.right == 1 else 's'}"
    return f"Add {many}" if one.kind == ADD else f"Recommend {many}"


def _headline(one: Upload) -> str:
    if one.state == "validated":
        return "Check and submit your upload"
    if one.state == "cancelled":
        return "Upload cancelled"
    if one.state == "succeeded":
        return "Your file was submitted"
    return "Your file has errors"


def _errors(visit: Visit) -> Reply:
    one = _found(visit)
    if not one.wrong or visit.args[1] != _errors_name(one):
        raise NotFound
    return csv_reply(_errors_name(one), one.errors())


def _submit(visit: Visit) -> Reply:
    """Go ahead, after looking at everything once more: the portal may have changed since the upload."""
    one = _found(visit)
    path = f"{_AT}/uploads/{one.key}"
    if one.state != "validated":
        return visit.go(path)
    state = visit.state
    if one.kind == ADD:
        told, made = bulk_add.check(one.table, state)
        one.told = [*told]
        if not one.wrong:
            bulk_add.store(made, state)
            one.changed = len(made)
    else:
        one.told, ready = bulk_recommend.check(one.table, state)
        one.changed = bulk_recommend.store(ready, state)
    one.state = "succeeded" if one.changed else "failed"
    return visit.go(path, effect=bool(one.changed))


def _cancel(visit: Visit) -> Reply:
    one = _found(visit)
    if one.state == "validated":
        one.state = "cancelled"
    return visit.go(f"{_AT}/uploads/{one.key}")


_KIND = f"({ADD}|{RECOMMEND}|{PLACEMENTS})"
ROUTES: Routes = (
    ("GET", _AT, _overview),
    ("GET", f"{_AT}/{_KIND}", _form),
    ("POST", f"{_AT}/{_KIND}", _upload),
    ("GET", f"{_AT}/{_KIND}/([^/]+)", _download),
    ("GET", f"{_AT}/uploads/([^/]+)", _shown),
    ("GET", f"{_AT}/uploads/([^/]+)/([^/]+)", _errors),
    ("POST", f"{_AT}/uploads/([^/]+)/submit", _submit),
    ("POST", f"{_AT}/uploads/([^/]+)/cancel", _cancel),
)
