"""Finding trainees, looking at one, and the export of a list. Source: pack 9.1."""

from __future__ import annotations

from urllib.parse import urlencode

from desktop.collections.trainees.cycles import cycle_label
from desktop.practice.pages import markup
from desktop.practice.pages.forms import Form
from desktop.practice.pages.markup import Answer, Html, Question, html
from desktop.practice.record import Degree, Record
from desktop.practice.web import answering, sheets, words
from desktop.practice.web.export import exported
from desktop.practice.web.reports import stamp
from desktop.practice.web.sections import DEGREES, PLACEMENTS, Section, sections_of
from desktop.practice.web.visit import Routes, Visit, csv_reply
from desktop.practice.wire import Reply

STATES = (
    ("submitted_for_trn", "Pending TRN"),
    ("trn_received", "TRN received"),
    ("deferred", "Deferred"),
    ("withdrawn", "Withdrawn"),
    ("recommended_for_award", "QTS or EYTS recommended"),
    ("awarded", "QTS or EYTS held"),
)
_COLOURS = {"withdrawn": "red", "deferred": "grey", "awarded": "green", "draft": "grey"}
_PER_PAGE = 25
_AT = "/trainees"


def state_tag(record: Record) -> Html:
    """The state in words."""
    words_ = dict(STATES).get(record.state, "Draft")
    return markup.tag(words_, _COLOURS.get(record.state, ""))


def _sought(visit: Visit) -> list[Record]:
    """The trainees that the filters leave, newest change first."""
    query = visit.query
    wanted = query.one("text_search").casefold().split()
    cycle, state = query.one("start_year"), query.one("state")
    found = [
        record
        for record in visit.records()
        if record.state != "draft"
        and (not state or record.state == state)
        and (not cycle or str(visit.state.cycle_of(record)) == cycle)
        and _mentions(record, wanted)
    ]
    return sorted(found, key=lambda record: (record.updated_us, record.seq), reverse=True)


def _mentions(record: Record, wanted: list[str]) -> bool:
    keys = ("first_names", "middle_names", "last_name", "provider_trainee_id", "trn", "hesa_id")
    held = " ".join(str(record.get(key) or "") for key in keys).casefold()
    return all(word in held for word in wanted)


def _filters(query: Form) -> str:
    return urlencode(
        {name: value for name in ("text_search", "state", "start_year") if (value := query.one(name))}
    )


def _list(visit: Visit) -> Reply:
    found = _sought(visit)
    number = query_number(visit.query)
    pages = max(1, -(-len(found) // _PER_PAGE))
    number = min(number, pages)
    shown = found[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    rows = [
        (
            markup.link(f"{_AT}/{record.slug}", words.full_name(record)),
            record.get("trn") or "",
            record.get("provider_trainee_id") or "",
            words.of_field(record, "training_route"),
            cycle_label(visit.state.cycle_of(record)),
            state_tag(record),
        )
        for record in shown
    ]
    filters = _filters(visit.query)
    heads = ["Name", "TRN", "Provider trainee ID", "Route", "Started", "State"]
    many = f"{len(found):,} record{'' if len(found) == 1 else 's'}"
    body = [
        html('<p><a class="button" href="/trainees/new">Register a trainee</a></p>'),
        _filter_form(visit),
        markup.paragraph(
            markup.link(f"{_AT}.csv{'?' + filters if filters else ''}", f"Export these records ({many})")
        ),
        markup.table(many, heads, rows) if rows else markup.paragraph("No records found. Try other words."),
        _pages(filters, number, pages),
    ]
    return visit.show("Registered trainees", body, at=_AT)


def query_number(query: Form) -> int:
    """The number of the page that is asked for."""
    typed = query.one("page")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def _filter_form(visit: Visit) -> Html:
    cycles = sorted({visit.state.cycle_of(record) for record in visit.records()}, reverse=True)
    search = Question("text_search", "Name, TRN or provider trainee ID", value=visit.query.one("text_search"))
    return html(
        '<form method="get" action="{at}" role="search"><div class="row">{search}{state}{year}'
        '<div class="question"><button class="second">Search</button></div></div></form>',
        at=_AT,
        search=markup.question(search),
        state=_select("state", "State", [("", "All"), *STATES], visit.query.one("state")),
        year=_select(
            "start_year",
            "Start year",
            [("", "All"), *((str(cycle), cycle_label(cycle)) for cycle in cycles)],
            visit.query.one("start_year"),
        ),
    )


def _select(name: str, label: str, options: list[tuple[str, str]], held: str) -> Html:
    offered = [
        html(
            '<option value="{value}"{on}>{words}</option>',
            value=value,
            words=shown,
            on=Html(" selected") if value == held else markup.NOTHING,
        )
        for value, shown in options
    ]
    return html(
        '<div class="question"><label for="{name}">{label}</label><select id="{name}" name="{name}">{offered}</select></div>',
        name=name,
        label=label,
        offered=offered,
    )


def _pages(filters: str, number: int, pages: int) -> Html:
    if pages == 1:
        return markup.NOTHING
    begin = f"{_AT}?{filters + '&' if filters else ''}page="
    links = [("Previous page", number - 1)] if number > 1 else []
    links += [("Next page", number + 1)] if number < pages else []
    items = [html("<li>{link}</li>", link=markup.link(f"{begin}{n}", words_)) for words_, n in links]
    return html(
        '<nav aria-label="Pages"><p>Page {number} of {pages}</p><ul class="pages">{items}</ul></nav>',
        number=number,
        pages=pages,
        items=items,
    )


def _export(visit: Visit) -> Reply:
    rows = exported(_exported_records(visit), visit.state, visit.root, visit.who.organisation)
    name = f"{stamp(visit.state.clock.now_us())}_Register-trainee-teachers_exported_records.csv"
    return csv_reply(name, sheets.write(rows))


def _exported_records(visit: Visit) -> list[Record]:
    """What the filters leave; without filters drafts as well, as in the real service."""
    drafts = [] if _filters(visit.query) else [r for r in visit.records() if r.state == "draft"]
    return [*_sought(visit), *drafts]


# --- one trainee


def _record(visit: Visit) -> Reply:
    record = visit.record()
    if record.state == "draft":
        return visit.go(f"{_AT}/{record.slug}/review-draft")
    facts = [
        Answer("State", state_tag(record)),
        Answer("TRN", record.get("trn") or "Not received yet"),
        Answer("Start year", cycle_label(visit.state.cycle_of(record))),
        Answer("Last updated", words.moment(record.updated_us)),
    ]
    body = [markup.answers([*facts, *_outcome(record)]), _steps(record)]
    body += [summary(visit, record, section) for section in sections_of(record)]
    return visit.show(words.full_name(record), body, caption="Trainee record", at=_AT, back=_AT)


_OUTCOME = (
    ("defer_date", "Deferral date"),
    ("defer_reason", "Reason for deferral"),
    ("reinstate_date", "Date of return"),
    ("withdrawal_date", "Withdrawal date"),
    ("outcome_date", "Date QTS or EYTS requirements met"),
)


def _outcome(record: Record) -> list[Answer]:
    return [Answer(label, words.of_field(record, name)) for name, label in _OUTCOME if record.get(name)]


_STEPS = {
    "submitted_for_trn": ("defer", "withdraw", "delete"),
    "trn_received": ("recommend", "defer", "withdraw", "delete"),
    "deferred": ("reinstate", "withdraw", "delete"),
    "withdrawn": ("undo-withdrawal",),
}
STEP_WORDS = {
    "recommend": "Recommend for QTS or EYTS",
    "defer": "Defer this trainee",
    "withdraw": "Withdraw this trainee",
    "reinstate": "Reinstate this trainee",
    "undo-withdrawal": "Undo the withdrawal",
    "delete": "Delete this trainee",
}


def steps_of(record: Record) -> tuple[str, ...]:
    """What can be done with a trainee in its state, beside changing answers."""
    return _STEPS.get(record.state, ())


def _steps(record: Record) -> Html:
    found = steps_of(record)
    if not found:
        return markup.NOTHING
    links = [markup.link(f"{_AT}/{record.slug}/{step}", STEP_WORDS[step]) for step in found]
    return html("<h2>What you can do</h2>{links}", links=markup.bullets(links))


def summary(visit: Visit, record: Record, section: Section) -> Html:
    """The answers of one page of a trainee, with links to change them while that is possible."""
    change = "" if record.closed else f"{_AT}/{record.slug}/{section.slug}"
    if section.slug == DEGREES:
        lines = [
            Answer(
                answering.of_degree(d, "subject") or "Degree",
                _degree_words(d),
                f"{change}/{d.slug}" if change else "",
            )
            for d in record.degrees
        ]
    elif section.slug == PLACEMENTS:
        lines = [
            Answer(
                f"Placement {n}",
                answering.of_placement(p, visit.state),
                f"{change}/{p.slug}" if change else "",
            )
            for n, p in enumerate(record.placements, 1)
        ]
    else:
        lines = [Answer(a.label, answering.in_words(a, record, visit.state), change) for a in section.asks]
        return html("<h2>{title}</h2>{lines}", title=section.title, lines=markup.answers(lines))
    inner = markup.answers(lines) if lines else markup.paragraph("None yet.")
    words_ = f"Add a {section.slug.removesuffix('s')}"
    add = markup.paragraph(markup.link(f"{change}/new", words_)) if change else markup.NOTHING
    return html("<h2>{title}</h2>{inner}{add}", title=section.title, inner=inner, add=add)


def _degree_words(degree: Degree) -> str:
    names = ("uk_degree", "non_uk_degree", "institution", "country", "grade", "graduation_year")
    return ", ".join(text for name in names if (text := answering.of_degree(degree, name)))


_SLUG = "([A-Za-z0-9_-]{1,64})"
ROUTES: Routes = (
    ("GET", _AT, _list),
    ("GET", rf"{_AT}\.csv", _export),
    ("GET", f"{_AT}/(?!new$){_SLUG}", _record),
)
