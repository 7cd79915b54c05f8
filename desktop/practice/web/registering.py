"""Registering a trainee by hand: the route, then the pages in order, then check and submit."""

from __future__ import annotations

from desktop.practice import placing
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Button, Html, html
from desktop.practice.record import Record
from desktop.practice.trainees import duplicates, enrol
from desktop.practice.web import answering, words
from desktop.practice.web.answering import Typed
from desktop.practice.web.records import summary
from desktop.practice.web.sections import DEGREES, PLACEMENTS, ROUTE, Section, sections_of
from desktop.practice.web.visit import NotFound, Routes, Visit
from desktop.practice.wire import Reply

_AT = "/drafts"


def _blank(visit: Visit) -> Record:
    now = visit.state.clock.now_us()
    return Record(0, "", "", "draft", {}, now, now, "manual")


def _new(visit: Visit, typed: Typed | None = None) -> Reply:
    typed = typed or Typed()
    asked = answering.questions(ROUTE.asks, typed.shown, typed.errors, _blank(visit), visit.state)
    form = visit.post("/trainees/new", [markup.question(one) for one in asked], Button("Continue"))
    return visit.show("Register a trainee", form, at=_AT, back="/trainees", asked=asked)


def _begin(visit: Visit) -> Reply:
    typed = answering.read(ROUTE.asks, visit.form, _blank(visit), visit.state)
    if typed.errors:
        return _new(visit, typed)
    raw = {"state": "draft", "record_source": "manual", **typed.values}
    made = placing.place(raw, visit.state)
    return visit.go(f"/trainees/{made.slug}/review-draft", effect=True)


def _drafts(visit: Visit) -> Reply:
    rows = [
        (
            markup.link(f"/trainees/{record.slug}/review-draft", words.full_name(record)),
            words.of_field(record, "training_route"),
            record.get("provider_trainee_id") or "",
            words.moment(record.updated_us),
        )
        for record in reversed(visit.records())
        if record.state == "draft"
    ]
    heads = ["Name", "Route", "Provider trainee ID", "Last updated"]
    body = [
        html('<p><a class="button" href="/trainees/new">Register a trainee</a></p>'),
        markup.table("Draft records", heads, rows) if rows else markup.paragraph("There are no drafts."),
    ]
    return visit.show("Draft trainees", body, at=_AT)


def _draft(visit: Visit) -> Record:
    record = visit.record()
    if record.state != "draft":
        raise NotFound
    return record


def complete(section: Section, record: Record, visit: Visit) -> bool:
    """Whether nothing is missing or wrong in a page. Placements may come later."""
    if section.slug == DEGREES:
        return bool(record.degrees)
    return section.slug == PLACEMENTS or not answering.wrong_with(section, record, visit.state)


def _review(visit: Visit) -> Reply:
    """The list of pages, with the next one to fill in."""
    record = _draft(visit)
    pages = sections_of(record)
    done = {section.slug: complete(section, record, visit) for section in pages}
    rows = [
        (
            markup.link(f"/trainees/{record.slug}/{_page_of(section)}", section.title),
            markup.tag("Completed", "green") if done[section.slug] else markup.tag("Not complete", "grey"),
        )
        for section in pages
    ]
    following = next((section for section in pages if not done[section.slug]), None)
    path = f"/trainees/{record.slug}/{_page_of(following) if following else 'check-details'}"
    told = f"Continue with {following.title.lower()}" if following else "Check this record"
    body = [
        markup.table("Pages of this record", ["Page", "State"], rows),
        html('<p><a class="button" href="{path}">{told}</a></p>', path=path, told=told),
        markup.paragraph(markup.link(f"/trainees/{record.slug}/delete", "Delete this draft")),
    ]
    return visit.show(words.full_name(record), body, caption="Draft record", at=_AT, back=_AT)


def _page_of(section: Section) -> str:
    return f"{section.slug}/new" if section.slug == DEGREES else section.slug


def _check(visit: Visit, wrong: tuple[str, ...] = ()) -> Reply:
    record = _draft(visit)
    pages = sections_of(record)
    body: list[Html] = [summary(visit, record, section) for section in pages]
    body.append(visit.post(f"/trainees/{record.slug}/check-details", "", Button("Submit record")))
    return visit.show(
        "Check trainee record",
        body,
        caption=words.full_name(record),
        at=_AT,
        back=f"/trainees/{record.slug}/review-draft",
        wrong=wrong,
    )


def _submit(visit: Visit) -> Reply:
    record = _draft(visit)
    open_pages = [s.title for s in sections_of(record) if not complete(s, record, visit)]
    if open_pages:
        return _check(visit, tuple(f"{title} is not complete" for title in open_pages))
    if duplicates(record, visit.state):
        return _check(visit, ("This trainee is already in Register",))
    changed = record.clone()
    enrol(changed, visit.state)
    return visit.go(
        f"/trainees/{record.slug}",
        "The record was submitted for a TRN. The trainee ID at Register is " + record.slug,
        effect=True,
    )


_SLUG = "([A-Za-z0-9_-]{1,64})"
ROUTES: Routes = (
    ("GET", "/trainees/new", _new),
    ("POST", "/trainees/new", _begin),
    ("GET", _AT, _drafts),
    ("GET", f"/trainees/{_SLUG}/review-draft", _review),
    ("GET", f"/trainees/{_SLUG}/check-details", _check),
    ("POST", f"/trainees/{_SLUG}/check-details", _submit),
)
