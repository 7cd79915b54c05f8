"""Rules about the person: TRN, NI number, age, name and email address. Source: domain pack 1.1, 1.4, 1.5, 3.1 to 3.4."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.collections.declare import ERROR, NOTHING, WARNING, Say, rule
from desktop.collections.ects import formats, names, who, windows
from desktop.collections.ects.spans import span
from desktop.collections.reading import alike, day, is_blank, long_day, text
from desktop.model.collection import Context
from desktop.model.document import Document
from desktop.model.finding import Finding


@rule("E-TRN-FORMAT", ERROR, "A TRN has 5 to 7 digits once everything else is taken away.", "3.1")
def _trn_format(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    places = [("trn", document.fields.get("trn")), ("ect_trn", document.fields.get("ect_trn"))]
    places += [
        (f"mentorships.{child.id}.mentor_trn", child.fields.get("mentor_trn"))
        for child in document.children.get("mentorships", ())
    ]
    return [
        say(path, _wrong_trn(len(formats.digits(value))))
        for path, value in places
        if not is_blank(value) and not formats.trn(value)
    ]


def _wrong_trn(many: int) -> str:
    if not many:
        return (
            "A TRN has 7 digits, and there are none here. Check it against the teacher's letter or payslip."
        )
    if many < 5:
        return f"The TRN has too few digits: {many}. It has 7; with fewer than 5 the portal does not take it."
    return (
        f"The TRN has too many digits: {many:,}. It has 7. Check it against the teacher's letter or payslip."
    )


@rule("E-NI-FORMAT", ERROR, "A National Insurance number has the form that the portal takes.", "3.2")
def _ni_format(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    value = document.fields.get("ni_number")
    if is_blank(value) or formats.ni_number(value):
        return NOTHING
    said = (
        "The portal takes 2 letters, 6 digits, then A, B, C or D, and not every pair of letters. Check it. "
        "A temporary number does not work there: ask DfE support."
    )
    return (say("ni_number", said),)


@rule("E-BIRTH-YOUNG", ERROR, "A teacher is at least 18 years old today.", "3.4, date of birth")
def _born_late(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    born = day(document.fields.get("date_of_birth"))
    latest = windows.birth(context.today)[1]
    if born is None or born <= latest:
        return NOTHING
    return (say("date_of_birth", f"The teacher would be under 18. Enter a date up to {long_day(latest)}."),)


@rule("E-BIRTH-OLD", ERROR, "A teacher is at most 100 years old today.", "3.4, date of birth")
def _born_early(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    born = day(document.fields.get("date_of_birth"))
    earliest = windows.birth(context.today)[0]
    if born is None or born >= earliest:
        return NOTHING
    said = f"The teacher would be over 100. Enter {long_day(earliest)} or a later date."
    return (say("date_of_birth", said),)


@rule("E-NAME-SAME", ERROR, "A corrected name differs from the one shown, not only in its capitals.", "1.4")
def _name_same(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if _only_capitals("corrected_name", document, context):
        said = "Only capitals differ from the name at the portal, and it does not take that. Correct it, or put it back."
        return (say("corrected_name", said),)
    if not who.is_no(document, "name_is_right") or not names.is_unchanged(document):
        return NOTHING
    said = "This is the name that the portal shows. Correct it, or answer that the name is right."
    return (say("corrected_name", said),)


@rule("E-NAME-KEPT", WARNING, "A corrected name stands only where the name shown is wrong.", "1.1 step 2a")
def _name_kept(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if is_blank(document.fields.get("corrected_name")) or not who.is_yes(document, "name_is_right"):
        return NOTHING
    said = "You answered that the name is right, so this is not entered. Clear it, or change that answer."
    return (say("corrected_name", said),)


@rule(
    "E-NAME-PERSON",
    WARNING,
    "A name of which first and last word both change may be another person's.",
    "1.4",
)
def _name_person(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if not names.both_words_changed(document) or who.is_no(document, "same_person"):
        return NOTHING
    said = "First and last name both change. Only correct the spelling or enter a legal change: DfE looks at these."
    return (say("corrected_name", said),)


@rule("E-NAME-OTHER", ERROR, "A record is never given to another person by a change of name.", "1.1, 1.4")
def _name_other(say: Say, document: Document, _context: Context) -> Iterable[Finding]:
    if is_blank(document.fields.get("corrected_name")) or not who.is_no(document, "same_person"):
        return NOTHING
    said = "This is another person. Clear the corrected name, and check the TRN: add the other person as a new record."
    return (say("same_person", said),)


@rule("E-EMAIL-FORMAT", ERROR, "An email address is one that GOV.UK Notify can write to.", "3.3")
def _email_format(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    longest = formats.LONGEST_EMAIL if who.is_new(context) else formats.LONGEST_EMAIL_LATER
    checked = (("email", longest), ("induction_tutor_email", formats.LONGEST_EMAIL_LATER))
    found = []
    for name, most in checked:
        value = document.fields.get(name)
        if is_blank(value):
            continue
        address = text(value).strip()[: formats.LONGEST_EMAIL + 80]
        if most < len(address) and formats.is_notify_email(address):
            found.append(
                say(name, f"The address has {len(address)} characters. The portal takes {most} here.")
            )
        elif not formats.is_notify_email(address, most):
            found.append(say(name, "This is not an email address. Enter one like name@example.com."))
    return found


@rule("E-EMAIL-SAME", ERROR, "A changed email address differs in more than its capitals.", "1.5")
def _email_same(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if not _only_capitals("email", document, context):
        return NOTHING
    said = "Only capitals differ from the address at the portal, and it does not take that. Put it back."
    return (say("email", said),)


def _only_capitals(name: str, document: Document, context: Context) -> bool:
    """Whether an answer was changed from the portal's in its capitals and blanks alone."""
    held = text(context.base.fields.get(name)).strip() if context.base is not None else ""
    now = text(document.fields.get(name)).strip()
    return bool(held) and held != now and held.casefold().split() == now.casefold().split()


@rule(
    "E-EMAIL-SHARED",
    ERROR,
    "Nobody else who is still registered uses the email address.",
    "1.1 step 3a, 1.5",
)
def _email_shared(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    address, mine = who.email_of(document), who.trn(document)
    if not address or not who.is_person(document):
        return NOTHING
    used = any(
        who.is_person(other)
        and who.email_of(other) == address
        and who.trn(other) != mine
        and not _has_left(other, context)
        for other in context.related
    )
    if not used:
        return NOTHING
    said = "Another record here uses this email address. Enter one that only this person uses."
    return (say("email", said, severity=None if who.is_new(context) else WARNING),)


def _has_left(other: Document, context: Context) -> bool:
    period = span(other.fields)
    return period is not None and period.end < context.today


@rule(
    "E-ALREADY-HERE", ERROR, "Nobody is registered twice at one school in one role.", "1.1 step 1, 1.2 step 1"
)
def _already_here(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if not who.is_person(document) or not who.is_new(context):
        return NOTHING
    twins = who.others_of(context, who.role(document), who.trn(document))
    here = [o for o in twins if who.urn(o) == who.urn(document) and not _has_left(o, context)]
    if not here:
        return NOTHING
    said = (
        "Another record here is for this mentor. Keep one, and link it to the ECT."
        if who.is_mentor(document)
        else "Another record here is for this TRN. Keep one of the two."
    )
    return (say("trn", said),)


@rule(
    "E-TRN-FIXED", ERROR, "A TRN is never changed after registration: one starts again.", "1.1, check answers"
)
def _trn_fixed(say: Say, document: Document, context: Context) -> Iterable[Finding]:
    if context.base is None:
        return NOTHING
    held = context.base.fields.get("trn")
    if is_blank(held) or alike(held, document.fields.get("trn")) or formats.trn(held) == who.trn(document):
        return NOTHING
    return (
        say("trn", "The portal cannot change a TRN. Put it back, and add the other teacher as a new record."),
    )


RULES = (
    _trn_format,
    _ni_format,
    _born_late,
    _born_early,
    _name_same,
    _name_kept,
    _name_person,
    _name_other,
    _email_format,
    _email_same,
    _email_shared,
    _already_here,
    _trn_fixed,
)
