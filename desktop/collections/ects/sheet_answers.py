"""What is typed into the portal's pages: answers of a record in the website's own words, and tests of what it is asked."""

from __future__ import annotations

from collections.abc import Callable

from desktop.collections.ects import formats, tables, who
from desktop.collections.ects.names import both_words_changed
from desktop.collections.reading import day, is_blank, text, whole
from desktop.model.document import Child, Document, Fields, Value
from desktop.model.journey import Answer, Matter, Other, Test

HUB_ANSWER = "A different appropriate body (teaching school hub)"
ISTIP_ANSWER = "Independent Schools Teacher Induction Panel (ISTIP)"
_WRONG_NAME = "No, they changed their name or it’s spelt wrong"
_ONLY_HERE = {
    "yes": "Yes, they will be mentoring at our school only",
    "no": "No, they will also be mentoring at another school",
}
_YES_NO = {"yes": "Yes", "no": "No"}
_CHOICES = ("appropriate_body", "training_programme", "lead_provider")


# --- answers --------------------------------------------------------------------------------------------------------


def said(name: str) -> Callable[[Matter], Answer]:
    """What was typed, as it stands."""
    return lambda matter: text(matter.get(name)).strip()


def trn(name: str) -> Callable[[Matter], Answer]:
    """Seven digits, which every page takes."""
    return lambda matter: formats.trn(matter.get(name))


def _label(matter: Matter, codes: str, value: object) -> str:
    """The label of a code; a name that is not on our list as it was typed."""
    typed = text(value).strip()
    found = matter.codes.codes(codes).get(typed)
    return found.label if found is not None else typed


def yes_or_no(name: str) -> Callable[[Matter], Answer]:
    """Yes, No, or nothing."""
    return lambda matter: _YES_NO.get(text(matter.get(name)), "")


def working_pattern(matter: Matter) -> str:
    """Full time, Part time: the website writes no hyphen."""
    return _label(matter, "working_pattern", matter.get("working_pattern")).replace("-", " ")


def training_programme(matter: Matter) -> str:
    """Provider-led, School-led; of the school's last choice where that is used again."""
    return _named(matter, "training_programme")


def appropriate_body(matter: Matter) -> str:
    """Its name."""
    return _named(matter, "appropriate_body")


def lead_provider(matter: Matter) -> str:
    """Its name."""
    return _named(matter, "lead_provider")


def _named(matter: Matter, name: str) -> str:
    return _label(matter, name, _choice(matter, name))


def kind_of_body(matter: Matter) -> str:
    """What an independent school chooses first (1.1.1)."""
    body = text(_choice(matter, "appropriate_body")).strip()
    if not body:
        return ""
    return ISTIP_ANSWER if body == tables.OFFERED_NATIONAL else HUB_ANSWER


def name_is_right(matter: Matter) -> str:
    """Before the portal has shown the name, only a person can compare it."""
    told = {"yes": "Yes", "no": _WRONG_NAME}.get(text(matter.get("name_is_right")), "")
    return told or f"Yes, if it says {who.full_name(matter.document)}"


def only_here(matter: Matter) -> str:
    """Whether a mentor mentors at this school only, in the words of the page (1.2 step 6)."""
    return _ONLY_HERE.get(text(matter.get("only_here")), "")


def mentor_provider(matter: Matter) -> str:
    """Who trains a mentor: the provider of the mentor's own record, else the ECT's."""
    mentor = other(matter, who.MENTOR, _mentor_trn(matter))
    code = mentor.document.get("lead_provider") if mentor is not None else None
    return _label(matter, "lead_provider", code or matter.document.get("lead_provider"))


def tutor_is_right(matter: Matter) -> str:
    """Whether the details that the portal shows of the induction tutor stay."""
    return "No" if tutor_moved(matter) else "Yes"


# --- names in headings ----------------------------------------------------------------------------------------------


def called(words: str) -> Callable[[Matter], str]:
    """A heading with the teacher's name where `{}` stands."""
    return lambda matter: words.format(shown_name(matter) or "the teacher")


def called_so_far(words: str) -> Callable[[Matter], str]:
    """The same with the name that the portal has before it is changed."""
    return lambda matter: words.format(who.full_name(matter.base or matter.document) or "the teacher")


def shown_name(matter: Matter) -> str:
    """As the portal shows it: a new name counts from the page on which it is typed."""
    typed = matter.base is None or matter.touches("corrected_name")
    return who.full_name(matter.document if typed else matter.base or matter.document)


def for_ect(words: str) -> Callable[[Matter], str]:
    """A heading with the name of the ECT whom a mentor is registered for."""

    def heading(matter: Matter) -> str:
        mine = ect_of(matter)
        return words.format(who.full_name(mine.document) if mine else "the ECT")

    return heading


def called_mentor(words: str) -> Callable[[Matter], str]:
    """A heading with the name of the mentor who is linked: as on the mentor's record, else as the link says it."""

    def heading(matter: Matter) -> str:
        new = new_link(matter)
        mentor = other(matter, who.MENTOR, _mentor_trn(matter))
        named = text(new.fields.get("mentor_name")).strip() if new is not None else ""
        return words.format((who.full_name(mentor.document) if mentor is not None else named) or "the mentor")

    return heading


def leaving(matter: Matter) -> str:
    """The last question before someone leaves."""
    when = day(matter.get("leaving_on"))
    past = when is not None and when < matter.today
    name = shown_name(matter)
    return f"Confirm that {name} {'has left' if past else 'is leaving'} your school permanently"


def tutor_heading(matter: Matter) -> str:
    """The portal asks for a tutor, for its confirmation once a year, or takes a change at any time (1.9)."""
    if matter.base is None:
        return "Tell us your induction tutor"
    return "Confirm induction tutor details" if tutor_is_due(matter) else "Change induction tutor"


def new_programme(matter: Matter) -> str:
    """The page offers only the other programme, so its heading says it (1.7)."""
    return f"Change {shown_name(matter)}’s training programme to {training_programme(matter).lower()}"


def new_pattern(matter: Matter) -> str:
    """The page offers only the other working pattern (1.6)."""
    return f"Change {shown_name(matter)}’s working pattern to {working_pattern(matter).lower()}"


# --- links and other records --------------------------------------------------------------------------------------------------


def new_link(matter: Matter) -> Child | None:
    """The link that is typed: the newest that the portal does not have."""
    links = matter.document.children.get("mentorships", ())
    new = [link for link in links if f"mentorships.{link.id}" in matter.changed]
    return new[-1] if new else None


def _mentor_trn(matter: Matter) -> str:
    new = new_link(matter)
    return formats.trn(new.fields.get("mentor_trn")) if new is not None else ""


def other(matter: Matter, role: str, number: str) -> Other | None:
    """The record here of this person in this role; one that the portal has before one that it has not."""
    found = [
        o for o in matter.others if number and who.role(o.document) == role and who.trn(o.document) == number
    ]
    return max(found, key=lambda one: one.there, default=None)


def ect_of(matter: Matter) -> Other | None:
    """The ECT for whom a mentor is registered."""
    return other(matter, who.ECT, formats.trn(matter.document.get("ect_trn")))


def school_of(matter: Matter) -> Other | None:
    """The school's own record."""
    mine = who.school_among(matter.document, [o.document for o in matter.others])
    return next((o for o in matter.others if o.document is mine), None)


def last_choices(matter: Matter) -> Fields:
    """What the school chose last, under the names of an ECT's answers; {} when nothing is known."""
    school = school_of(matter)
    if school is None or is_blank(school.document.get("last_training_programme")):
        return {}
    return {name: school.document.get(f"last_{name}") for name in _CHOICES}


def choices(matter: Matter) -> Fields:
    """Body, programme and provider with which an ECT is registered."""
    return {name: _choice(matter, name) for name in _CHOICES}


def _choice(matter: Matter, name: str) -> Value:
    own = matter.get(name)
    return last_choices(matter).get(name) if is_blank(own) and reuses(matter) else own


# --- tests ----------------------------------------------------------------------------------------------------------


def answered(name: str, code: str) -> Test:
    """Whether it is answered so."""
    return lambda matter: matter.get(name) == code


def moved(*names: str) -> Test:
    """Whether one of these is another than at the portal."""
    return lambda matter: matter.touches(*names)


def reuses(matter: Matter) -> bool:
    """Whether the school's previous choices are the ones to take: said so, or the same without a word (1.1.2)."""
    typed = matter.document.get("use_previous_choices")
    if not is_blank(typed):
        return typed == "yes"
    last = last_choices(matter)
    return bool(last) and all(
        text(matter.document.get(n)).strip() == text(last.get(n)).strip() for n in _CHOICES
    )


def chooses(matter: Matter) -> bool:
    """Whether body, programme and provider are chosen anew."""
    return not reuses(matter)


def previous(matter: Matter) -> str:
    """The answer to whether the school's previous choices are used again."""
    return "Yes" if reuses(matter) else "No"


def is_led(matter: Matter) -> bool:
    """Whether the programme is provider-led."""
    return _choice(matter, "training_programme") == "provider_led"


def is_independent(matter: Matter) -> bool:
    """Whether the school is, as far as its record here tells (3.5)."""
    school = school_of(matter)
    return school is not None and tables.is_independent(
        matter.codes, text(school.document.get("school_type")).strip()
    )


def names_hub(matter: Matter) -> bool:
    """Whether the body's name is asked for: not where an independent school takes ISTIP."""
    return not (is_independent(matter) and kind_of_body(matter) == ISTIP_ANSWER)


def two_names(matter: Matter) -> bool:
    """Whether the website asks if it is the same person (1.4)."""
    return matter.touches("corrected_name") and both_words_changed(matter.document)


def tutor_moved(matter: Matter) -> bool:
    """Whether name or address of the induction tutor is another than the portal's."""
    return matter.touches("induction_tutor_name", "induction_tutor_email")


def tutor_is_typed(matter: Matter) -> bool:
    """Whether name and address are asked for."""
    return matter.base is None or tutor_moved(matter)


def tutor_is_due(matter: Matter) -> bool:
    """Whether the portal asks for a confirmation this contract year."""
    base = matter.base or Document()
    return whole(base.get("induction_tutor_confirmed")) != tables.contract_year(matter.today)


def links(matter: Matter) -> bool:
    """Whether the page's mentorship is a new one."""
    return matter.fate == "added"
