"""Pieces of web pages, escaped in one place: plain text becomes text, only what is `Html` stands as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def html(template: str, /, **parts: object) -> Html:
    """`template` with each `{name}` filled in: text escaped, `Html` as it is, a list piece by piece."""
    return Html(template.format_map({name: _piece(part) for name, part in parts.items()}))


def _piece(part: object) -> str:
    if isinstance(part, Html):
        return part
    if isinstance(part, (list, tuple)):
        return "".join(_piece(one) for one in part)
    return "" if part is None else escape(str(part), quote=True)


NOTHING = Html("")


def link(href: str, words: str) -> Html:
    """A link of this site."""
    return html('<a href="{href}">{words}</a>', href=href, words=words)


def bullets(items: Iterable[object]) -> Html:
    """A list with bullets."""
    return html("<ul>{items}</ul>", items=[html("<li>{item}</li>", item=item) for item in items])


def paragraph(words: object) -> Html:
    """A paragraph."""
    return html("<p>{words}</p>", words=words)


def heading(title: str, caption: str = "") -> Html:
    """The one first heading of a page."""
    over = html('<span class="caption">{caption}</span>', caption=caption) if caption else NOTHING
    return html("<h1>{over}{title}</h1>", over=over, title=title)


def tag(words: str, colour: str = "") -> Html:
    """A short state in a box; the words say it, the colour only helps."""
    return html('<strong class="tag {colour}">{words}</strong>', words=words, colour=colour)


def box(title: str, *parts: object, colour: str = "") -> Html:
    """A framed notice."""
    return html(
        '<div class="box {colour}" role="status"><h2>{title}</h2>{parts}</div>',
        title=title,
        parts=parts,
        colour=colour,
    )


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]], numbers: int = 0) -> Html:
    """A table whose first cell names its row; the last `numbers` columns are numbers."""
    first = len(heads) - numbers
    kinds = ["n" if place >= first else "" for place in range(len(heads))]
    head = [
        html('<th scope="col" class="{kind}">{words}</th>', words=words, kind=kind)
        for words, kind in zip(heads, kinds, strict=True)
    ]
    body = [html("<tr>{cells}</tr>", cells=_cells(row, kinds)) for row in rows]
    return html(
        '<div class="scroll"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        "<tbody>{body}</tbody></table></div>",
        caption=caption,
        head=head,
        body=body,
    )


def _cells(row: Sequence[object], kinds: Sequence[str]) -> list[Html]:
    first = html('<th scope="row" class="{kind}">{cell}</th>', cell=row[0], kind=kinds[0])
    rest = (
        html('<td class="{kind}">{cell}</td>', cell=cell, kind=kind)
        for cell, kind in zip(row[1:], kinds[1:], strict=True)
    )
    return [first, *rest]


@dataclass(frozen=True)
class Answer:
    """One line of a list of answers. `change` = where it is changed, "" = nowhere."""

    label: str
    value: object
    change: str = ""


def answers(lines: Iterable[Answer]) -> Html:
    """What was answered, with a link to change each."""
    return html('<dl class="answers">{lines}</dl>', lines=[_answer(line) for line in lines])


def _answer(line: Answer) -> Html:
    value = line.value if line.value not in (None, "", ()) else "Not provided"
    change = NOTHING
    if line.change:
        what = html('<span class="unseen"> {label}</span>', label=line.label.lower())
        change = html('<dd><a href="{href}">Change{what}</a></dd>', href=line.change, what=what)
    return html(
        "<div><dt>{label}</dt><dd>{value}</dd>{change}</div>", label=line.label, value=value, change=change
    )


# --- questions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One thing that a form asks.

    kind     text, long, day, one (radio buttons), any (tick boxes), pick (text with suggestions), file
    value    what stands in it: text, for `any` a list, for `day` (day, month, year)
    options  (value, words) of one, any and pick
    """

    name: str
    label: str
    kind: str = "text"
    value: object = ""
    options: Sequence[tuple[str, str]] = field(default=(), repr=False)
    hint: str = ""
    error: str = ""


def question(asked: Question) -> Html:
    """A question with its label, hint and error, all tied to what is typed."""
    told = _told(asked)
    if asked.kind in ("one", "any", "day"):
        return html(
            '<fieldset class="question {wrong}" id="{name}"{by}><legend>{label}</legend>{told}{inner}</fieldset>',
            wrong="wrong" if asked.error else "",
            name=asked.name,
            by=_by(asked),
            label=asked.label,
            told=told,
            inner=_day(asked) if asked.kind == "day" else _choices(asked),
        )
    return html(
        '<div class="question {wrong}"><label for="{name}">{label}</label>{told}{inner}</div>',
        wrong="wrong" if asked.error else "",
        name=asked.name,
        label=asked.label,
        told=told,
        inner=_typed(asked),
    )


def _told(asked: Question) -> Html:
    hint = html('<span class="hint" id="{n}-hint">{words}</span>', n=asked.name, words=asked.hint)
    error = html('<span class="error" id="{n}-error">Error: {words}</span>', n=asked.name, words=asked.error)
    return Html((hint if asked.hint else "") + (error if asked.error else ""))


def _by(asked: Question) -> Html:
    ids = [f"{asked.name}-{what}" for what in ("hint", "error") if getattr(asked, what)]
    return html(' aria-describedby="{ids}"', ids=" ".join(ids)) if ids else NOTHING


def _typed(asked: Question) -> Html:
    common = {"name": asked.name, "by": _by(asked), "value": asked.value}
    if asked.kind == "long":
        return html('<textarea id="{name}" name="{name}"{by}>{value}</textarea>', **common)
    if asked.kind == "file":
        return html('<input type="file" id="{name}" name="{name}" accept=".csv,text/csv"{by}>', **common)
    if asked.kind != "pick":
        return html('<input type="text" id="{name}" name="{name}" value="{value}"{by}>', **common)
    offered = [html('<option value="{words}"></option>', words=words) for _, words in asked.options]
    return html(
        '<input type="text" id="{name}" name="{name}" value="{value}" list="{name}-list" autocomplete="off"{by}>'
        '<datalist id="{name}-list">{offered}</datalist>',
        offered=offered,
        **common,
    )


def _choices(asked: Question) -> list[Html]:
    held = asked.value if isinstance(asked.value, (list, tuple)) else (asked.value,)
    return [
        html(
            '<div class="choice"><input type="{kind}" id="{name}-{n}" name="{name}" value="{value}"{on}>'
            '<label for="{name}-{n}">{words}</label></div>',
            kind="radio" if asked.kind == "one" else "checkbox",
            name=asked.name,
            n=n,
            value=value,
            words=words,
            on=Html(" checked") if value in held else NOTHING,
        )
        for n, (value, words) in enumerate(asked.options)
    ]


def _day(asked: Question) -> Html:
    held = asked.value if isinstance(asked.value, (list, tuple)) and len(asked.value) == 3 else ("", "", "")
    parts = [
        html(
            '<div><label for="{name}-{part}">{words}</label><input type="text" inputmode="numeric" class="{size}" '
            'id="{name}-{part}" name="{name}-{part}" value="{value}"></div>',
            name=asked.name,
            part=part,
            words=part.capitalize(),
            size="n4" if part == "year" else "n2",
            value=value,
        )
        for part, value in zip(("day", "month", "year"), held, strict=True)
    ]
    return html('<div class="day">{parts}</div>', parts=parts)


@dataclass(frozen=True)
class Button:
    """What sends a form: `look` is "", second, grave or plain."""

    words: str
    look: str = ""


def form(action: str, csrf: str, parts: object, button: Button, *, files: bool = False) -> Html:
    """A form that changes something: with the token that shows it is ours."""
    return html(
        '<form method="post" action="{action}"{kind} novalidate><input type="hidden" name="csrf" value="{csrf}">'
        '{parts}<button class="{look}">{words}</button></form>',
        action=action,
        kind=Html(' enctype="multipart/form-data"') if files else NOTHING,
        csrf=csrf,
        parts=parts,
        look=button.look,
        words=button.words,
    )


def problems(asked: Iterable[Question], more: Iterable[str] = ()) -> Html:
    """The summary of errors that begins a page; each leads to its question. Nothing when there is none."""
    lines = [link(f"#{one.name}{_first_part(one)}", one.error) for one in asked if one.error]
    lines += [html("{words}", words=words) for words in more]
    if not lines:
        return NOTHING
    return html(
        '<div class="box red" role="alert" tabindex="-1"><h2>There is a problem</h2>{lines}</div>',
        lines=bullets(lines),
    )


def _first_part(asked: Question) -> str:
    if asked.kind == "day":
        return "-day"
    return "-0" if asked.kind in ("one", "any") else ""


# --- the page -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Service:
    """Whose pages these are. `areas` = (address, words) of the line under the banner."""

    name: str
    areas: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Who:
    """Who is signed in, for the frame of a page; `csrf` = the token of their forms."""

    organisation: str
    csrf: str


_FRAME = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - {service}</title>
<link rel="stylesheet" href="/assets/pages.css">
</head>
<body>
<a class="skip" href="#content">Skip to main content</a>
<header class="banner"><div class="wide"><strong>{service}</strong>{who}</div></header>
<div class="practice"><div class="wide"><strong>Practice</strong> Everybody here is made up, and nothing leaves this computer.</div></div>
{nav}<main class="wide" id="content">
{back}{body}
</main>
<footer><div class="wide">This is Holdfast’s practice portal. It is not the Department for Education’s service.</div></footer>
</body>
</html>
"""


def page(
    service: Service,
    title: str,
    body: object,
    who: Who | None = None,
    *,
    at: str = "",
    back: str = "",
    wrong: bool = False,
) -> bytes:
    """A whole page. `at` = the area it belongs to, `back` = where its back link leads, `wrong` = it shows errors."""
    signed = nav = NOTHING
    if who is not None:
        signed = html(
            "<span>{organisation}</span>{out}",
            organisation=who.organisation,
            out=form("/sign-out", who.csrf, "", Button("Sign out", "plain")),
        )
        nav = _navigation(service.areas, at)
    return html(
        _FRAME,
        title=f"Error: {title}" if wrong else title,
        service=service.name,
        who=signed,
        nav=nav,
        back=html('<a class="back" href="{href}">Back</a>', href=back) if back else NOTHING,
        body=body,
    ).encode()


def _navigation(areas: Sequence[tuple[str, str]], at: str) -> Html:
    items = [
        html(
            '<li><a href="{href}"{here}>{words}</a></li>',
            href=href,
            words=words,
            here=Html(' aria-current="page"') if href == at else NOTHING,
        )
        for href, words in areas
    ]
    return html(
        '<nav class="main" aria-label="Service"><div class="wide"><ul>{items}</ul></div></nav>\n', items=items
    )
