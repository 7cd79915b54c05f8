"""Changing answers of a trainee, one page at a time; degrees and placements one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.practice import nested, placing
from desktop.practice.pages import markup
from desktop.practice.pages.markup import Button, Html, Question
from desktop.practice.record import Degree, Placement, Record
from desktop.practice.trainees import save
from desktop.practice.validation import degree_findings, placement_findings
from desktop.practice.web import answering, words
from desktop.practice.web.answering import Typed
from desktop.practice.web.sections import (
    DEGREE_ASKS,
    DEGREES,
    PLACEMENT_ASKS,
    PLACEMENTS,
    SECTIONS,
    Ask,
    Section,
    sections_of,
)
from desktop.practice.web.visit import NotFound, Routes, Visit
from desktop.practice.wire import Reply


def _open(visit: Visit) -> Record:
    """The trainee, while its answers can be changed. Raises NotFound."""
    record = visit.record()
    if record.closed:
        raise NotFound
    return record


def _home(record: Record) -> str:
    return f"/trainees/{record.slug}" + ("/review-draft" if record.state == "draft" else "")


def _section(visit: Visit, record: Record) -> Section:
    found = next((s for s in sections_of(record) if s.slug == visit.args[1]), None)
    if found is None:
        raise NotFound
    return found


def _shown(visit: Visit, title: str, asked: list[Question], path: str, *more: Html) -> Reply:
    record = visit.record()
    body = [visit.post(path, [markup.question(one) for one in asked], Button("Continue")), *more]
    area = "/drafts" if record.state == "draft" else "/trainees"
    return visit.show(title, body, caption=words.full_name(record), at=area, back=_home(record), asked=asked)


def _page(visit: Visit, typed: Typed | None = None) -> Reply:
    record = _open(visit)
    section = _section(visit, record)
    shown: Mapping[str, Any] = (
        typed.shown if typed else {ask.name: answering.held(ask, record) for ask in section.asks}
    )
    errors = typed.errors if typed else {}
    asked = answering.questions(section.asks, shown, errors, record, visit.state)
    return _shown(visit, section.title, asked, f"/trainees/{record.slug}/{section.slug}")


def _save(visit: Visit) -> Reply:
    record = _open(visit)
    section = _section(visit, record)
    typed = answering.read(section.asks, visit.form, record, visit.state)
    if not typed.errors:
        raw = answering.stored(typed, record, visit.state)
        changed = placing.edited(record, raw, visit.state)
        typed.errors = answering.rule_errors(section.asks, changed, visit.state)
        if not typed.errors:
            visit.state.commit(changed)
            return visit.go(_home(record), f"{section.title} updated", effect=True)
    return _page(visit, typed)


# --- degrees


def _degree_locale(visit: Visit, error: str = "") -> Reply:
    record = _open(visit)
    options = [("uk", "UK degree"), ("non-uk", "Non-UK degree")]
    ask = Question("locale", "Is this a UK degree?", "one", options=options, error=error)
    return _shown(visit, "Add a degree", [ask], f"/trainees/{record.slug}/{DEGREES}/new")


def _choose_locale(visit: Visit) -> Reply:
    record = _open(visit)
    locale = visit.form.one("locale")
    if locale not in DEGREE_ASKS:
        return _degree_locale(visit, "Choose whether this is a UK degree")
    return visit.go(f"/trainees/{record.slug}/{DEGREES}/new/{locale}")


def _new_degree(visit: Visit, typed: Typed | None = None) -> Reply:
    record = _open(visit)
    locale = visit.args[1]
    typed = typed or Typed()
    asked = answering.questions(DEGREE_ASKS[locale], typed.shown, typed.errors, record, visit.state)
    return _shown(visit, "Degree details", asked, f"/trainees/{record.slug}/{DEGREES}/new/{locale}")


def _add_degree(visit: Visit) -> Reply:
    record = _open(visit)
    typed = answering.read(DEGREE_ASKS[visit.args[1]], visit.form, record, visit.state)
    made = None if typed.errors else _kept_degree(visit, record, None, typed)
    return made or _new_degree(visit, typed)


def _kept_degree(visit: Visit, record: Record, old: Degree | None, typed: Typed) -> Reply | None:
    """Store a degree and go back to the record; None, with errors in `typed`, when it is not right."""
    made = nested.new_degree(typed.values, visit.state)
    if old is not None:
        made.slug, made.created_us = old.slug, old.created_us
    if nested.twins(made, record.degrees):
        typed.errors["subject"] = "This is a duplicate degree"
    for finding in degree_findings(made, record, visit.state):
        typed.errors.setdefault(finding.field.rpartition(".")[2], finding.message)
    if typed.errors:
        return None
    changed = record.clone()
    changed.degrees = nested.in_order([d for d in record.degrees if d.slug != made.slug] + [made])
    save(changed, record, visit.state)
    return visit.go(_home(record), "Degrees updated", effect=True)


def _held_degree(visit: Visit, record: Record) -> tuple[Degree, tuple[Ask, ...]]:
    found = record.degree(visit.args[1])
    if found is None:
        raise NotFound
    return found, DEGREE_ASKS["uk" if found.uk else "non-uk"]


def _degree(visit: Visit, typed: Typed | None = None) -> Reply:
    record = _open(visit)
    degree, asks = _held_degree(visit, record)
    shown = typed.shown if typed else {ask.name: answering.of_degree(degree, ask.name) for ask in asks}
    asked = answering.questions(asks, shown, typed.errors if typed else {}, record, visit.state)
    path = f"/trainees/{record.slug}/{DEGREES}/{degree.slug}"
    return _shown(visit, "Degree details", asked, path, _remove(visit, path, "Delete degree"))


def _save_degree(visit: Visit) -> Reply:
    record = _open(visit)
    degree, asks = _held_degree(visit, record)
    typed = answering.read(asks, visit.form, record, visit.state)
    done = None if typed.errors else _kept_degree(visit, record, degree, typed)
    return done or _degree(visit, typed)


def _drop_degree(visit: Visit) -> Reply:
    record = _open(visit)
    degree, _ = _held_degree(visit, record)
    changed = record.clone()
    changed.degrees = [d for d in record.degrees if d.slug != degree.slug]
    save(changed, record, visit.state)
    return visit.go(_home(record), "Degree deleted", effect=True)


def _remove(visit: Visit, path: str, told: str) -> Html:
    return visit.post(f"{path}/delete", "", Button(told, "grave"))


# --- placements


def _placements(visit: Visit) -> Reply:
    """The list of placements of a draft: there is always room for one more."""
    record = _open(visit)
    path = f"/trainees/{record.slug}/{PLACEMENTS}"
    listed = [
        markup.link(f"{path}/{p.slug}", answering.of_placement(p, visit.state)) for p in record.placements
    ]
    body = [
        markup.bullets(listed) if listed else markup.paragraph("None yet. You can add placements later."),
        markup.paragraph(markup.link(f"{path}/new", "Add a placement")),
        markup.paragraph(markup.link(_home(record), "Continue")),
    ]
    area = "/drafts" if record.state == "draft" else "/trainees"
    return visit.show("Placements", body, caption=words.full_name(record), at=area, back=_home(record))


def _new_placement(visit: Visit, typed: Typed | None = None) -> Reply:
    record = _open(visit)
    typed = typed or Typed()
    asked = answering.questions(PLACEMENT_ASKS, typed.shown, typed.errors, record, visit.state)
    return _shown(visit, "Placement details", asked, f"/trainees/{record.slug}/{PLACEMENTS}/new")


def _add_placement(visit: Visit) -> Reply:
    record = _open(visit)
    typed = answering.read(PLACEMENT_ASKS, visit.form, record, visit.state)
    done = None if typed.errors else _kept_placement(visit, record, None, typed)
    return done or _new_placement(visit, typed)


def _kept_placement(visit: Visit, record: Record, old: Placement | None, typed: Typed) -> Reply | None:
    values = typed.values
    sent = {"urn": values["school"], "name": values["name"], "postcode": values["postcode"]}
    made = nested.new_placement(sent, visit.state, with_trainee=False)
    if old is not None:
        made.slug, made.created_us = old.slug, old.created_us
    if not values["school"] and not values["name"]:
        typed.errors["school"] = "Choose a school, or enter the name of a school or setting"
    for finding in placement_findings(made, record, visit.state):
        name = finding.field.rpartition(".")[2]
        typed.errors.setdefault("school" if name == "urn" else name, finding.message)
    if typed.errors:
        return None
    changed = record.clone()
    known = [made if p is old else p for p in record.placements]
    changed.placements = known if old is not None else [*known, made]
    changed.placement_flag = True
    save(changed, record, visit.state, rewritten=not record.placement_flag)
    return visit.go(_home(record), "Placements updated", effect=True)


def _held_placement(visit: Visit, record: Record) -> Placement:
    found = record.placement(visit.args[1])
    if found is None:
        raise NotFound
    return found


def _placement(visit: Visit, typed: Typed | None = None) -> Reply:
    record = _open(visit)
    held = _held_placement(visit, record)
    shown = typed.shown if typed else {"school": held.school, "name": held.name, "postcode": held.postcode}
    asked = answering.questions(PLACEMENT_ASKS, shown, typed.errors if typed else {}, record, visit.state)
    path = f"/trainees/{record.slug}/{PLACEMENTS}/{held.slug}"
    return _shown(visit, "Placement details", asked, path, _remove(visit, path, "Remove placement"))


def _save_placement(visit: Visit) -> Reply:
    record = _open(visit)
    held = _held_placement(visit, record)
    typed = answering.read(PLACEMENT_ASKS, visit.form, record, visit.state)
    done = None if typed.errors else _kept_placement(visit, record, held, typed)
    return done or _placement(visit, typed)


def _drop_placement(visit: Visit) -> Reply:
    record = _open(visit)
    held = _held_placement(visit, record)
    changed = record.clone()
    changed.placements = [p for p in record.placements if p.slug != held.slug]
    save(changed, record, visit.state)
    return visit.go(_home(record), "Placement deleted", effect=True)


_SLUG = "([A-Za-z0-9_-]{1,64})"
_ONE = f"/trainees/{_SLUG}"
_PAGES = "|".join(section.slug for section in SECTIONS if section.asks)
_LOCALES = "|".join(DEGREE_ASKS)
ROUTES: Routes = (
    ("GET", f"{_ONE}/({_PAGES})", _page),
    ("POST", f"{_ONE}/({_PAGES})", _save),
    ("GET", f"{_ONE}/{DEGREES}/new", _degree_locale),
    ("POST", f"{_ONE}/{DEGREES}/new", _choose_locale),
    ("GET", f"{_ONE}/{DEGREES}/new/({_LOCALES})", _new_degree),
    ("POST", f"{_ONE}/{DEGREES}/new/({_LOCALES})", _add_degree),
    ("GET", f"{_ONE}/{DEGREES}/{_SLUG}", _degree),
    ("POST", f"{_ONE}/{DEGREES}/{_SLUG}", _save_degree),
    ("POST", f"{_ONE}/{DEGREES}/{_SLUG}/delete", _drop_degree),
    ("GET", f"{_ONE}/{PLACEMENTS}", _placements),
    ("GET", f"{_ONE}/{PLACEMENTS}/new", _new_placement),
    ("POST", f"{_ONE}/{PLACEMENTS}/new", _add_placement),
    ("GET", f"{_ONE}/{PLACEMENTS}/{_SLUG}", _placement),
    ("POST", f"{_ONE}/{PLACEMENTS}/{_SLUG}", _save_placement),
    ("POST", f"{_ONE}/{PLACEMENTS}/{_SLUG}/delete", _drop_placement),
)
