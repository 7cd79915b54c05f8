"""The words of the command line: every verb with its arguments (contract.md section 2), and nothing else.

Standard library only, and no other room: `--help` and a typing mistake are answered at once.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from desktop import __version__

LARGEST = (1 << 63) - 1
"""The largest number that the store can count with; more is taken as this."""

_WHOLE = re.compile(r"[0-9]+\Z")

_ABOUT = """Keep, check and send the records that a central portal collects, also while it is down."""

_AFTER = """\
exit codes: 0 done - 1 done, but something needs a person - 2 usage - 3 portal unavailable, work kept -
            4 store problem - 5 sign-in needed
passphrase: HOLDFAST_PASSPHRASE, else HOLDFAST_RECOVERY (the code of the recovery sheet), else this computer's credential
            store, else a prompt
person:     --person, else HOLDFAST_PERSON, else who sat at the window last; where nobody was named, who is signed in
REF:        local id, portal id, or a number of the record that is its own (trainee ID, TRN, HESA ID)
help:       holdfast VERB --help
"""

_F_V = """\
F=V         one field and its value: V as JSON if it is JSON, else text as you would type it; F= clears the field.
            Codes are text: fund_code=7. Dates as you write them: itt_start_date="1 sep 2026".
children:   degrees.ID.grade=01     changes one answer of a child (its ID: holdfast show)
            degrees+='{"subject": "100403", "graduation_year": 2024}'   adds a child
            placements-=ID          removes one
"""


_IMPORT = """\
--map FILE  one JSON object, heading of a column -> field: {"Surname": "last_name", "Tutor": ""}. "" leaves a column out.
            Columns that it does not name are known by their headings; the mapping is remembered for these headings.
A cell gives its field a new value, an empty one leaves it as it is, "(empty)" clears it. What an import saved is undone
whole: in the window, Records, Imports.
"""

_SIGN_OFF = """\
lists: missing, not-here, not-expected, differs, mend, unsent, look, changed, remarks
Signing itself is done by a person on the website. It counts here while the file and the records stay as they are.
"""

_KEY = """\
list         everything that is to be typed, or was typed and is not read back yet
show ID      the sheet: the website's pages in their order, with the answer to each question
begin ID     you type it now: nothing of this record is sent meanwhile, and others see who is at it
done ID      typed to the end, and the website showed its last page. It counts as confirmed only when it was read back
give-up ID   not typed after all, or not there after all: it waits as before
again ID     what stopped it is put right: the portal's answer is forgotten, and it is typed anew
instead ID   the portal has it already: go the other way that "show" names, such as linking a mentor
is-there ID  somebody has looked, and the portal has it (only where nothing can be read back)
run          many in a row: --all begins with everything, then it shows what is next and what came of the others
What only the website can do is asked for like any action: holdfast act trainees REF reinstate return_date=... ; also delete
and undo-withdrawal.
"""

_LOOKUP = """\
without options   how it stands
REF ...           these early career teachers and mentors;  --all: everybody for whom the portal has not answered yet
What it tells is advice: the portal decides when you register. A date of birth is compared here and never sent.
exit codes: 1 something speaks against registering - 3 no answer - 5 the key is refused
"""

_RETENTION = """\
Without --purge nothing is removed. A record with work that was not sent never goes. Before anything is removed there is a
backup; it holds the removed records until it rotates out, and the answer says when that is.
"""

_WAY_OUT = """\
--out NAME.holdfast-queue   one encrypted file that opens on any computer with the workspace's passphrase
--out NAME.csv              a spreadsheet to type from on the portal's pages; anybody can read it
--from NAME.holdfast-queue --out NAME.csv   makes the spreadsheet of a saved queue, also on another computer
"""


_PEOPLE = """\
ROLES       a list such as enter,send: enter = enter and change records; send = send them, make files, say that something was
            typed to the end; administer = settings, people, connecting, backups. "" = only look
Roles keep colleagues who share the passphrase from doing another's work by mistake; they do not stop somebody who means harm.
"""


_EXCHANGE = """\
without a deed        how it stands; with --folder DIR: share this folder from now on
make [FILE.hfx]       write all that is known here, encrypted; with a folder: under a name of its own in it
take [FILE.hfx]       take in a colleague's file, or all of those in the folder; --dry-run stores nothing
Colleagues agree once on a passphrase for change files (HOLDFAST_EXCHANGE_PASSPHRASE, or it is asked for); each workspace keeps it.
exit codes: 1 something needs a person
"""


class WrongUse(Exception):
    """The command line was not understood; the message says why."""


class Told(Exception):
    """Help or version was asked for; `args` are the key and the text."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(key, text)
        self.key = key
        self.text = text


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of printing and leaving."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("allow_abbrev", False)
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, **options)

    def error(self, message: str) -> NoReturn:
        raise WrongUse(f"{message[:1].upper()}{message[1:500]}. See: {self.prog} --help")

    def print_help(self, file: Any = None) -> None:  # noqa: ARG002 - the argument is argparse's
        raise Told("help", self.format_help().rstrip())


class _Version(argparse.Action):
    def __call__(self, *_: object) -> None:
        raise Told("version", f"holdfast {__version__}")


def whole_number(text: str) -> int:
    """A whole number from 0 up; as large as wanted, counted no further than the store can."""
    if not _WHOLE.match(text):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number")
    return LARGEST if len(text.lstrip("0")) > 18 else int(text)


def port_number(text: str) -> int:
    """A port of this computer; 0 = a free one."""
    number = whole_number(text)
    if number > 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return number


def take_globals(argv: Sequence[str]) -> tuple[list[str], bool, str | None]:
    """(the rest, --json given, --data-dir): the two options may stand anywhere before `--`.

    They are taken out by hand, because argparse stops looking for optional words once an option came between.
    Raises WrongUse.
    """
    rest: list[str] = []
    as_json, folder = False, None
    words = iter(argv)
    for word in words:
        if word == "--":
            rest += ["--", *words]
        elif word == "--json":
            as_json = True
        elif word == "--data-dir":
            folder = next(words, "")
        elif word.startswith("--data-dir="):
            folder = word.partition("=")[2]
        else:
            rest.append(word)
    if folder == "":
        raise WrongUse("--data-dir needs a folder. See: holdfast --help")
    return rest, as_json, folder


def take_person(argv: Sequence[str]) -> tuple[list[str], str | None]:
    """(the rest, --person given), as `take_globals`. Raises WrongUse."""
    rest: list[str] = []
    name: str | None = None
    words = iter(argv)
    for word in words:
        if word == "--":
            rest += ["--", *words]
        elif word == "--person":
            name = next(words, "")
        elif word.startswith("--person="):
            name = word.partition("=")[2]
        else:
            rest.append(word)
    if name == "":
        raise WrongUse("--person needs a name. See: holdfast --help")
    return rest, name


def build() -> Parser:
    """The whole command line."""
    parser = Parser(prog="holdfast", description=_ABOUT, epilog=_AFTER)
    parser.add_argument("--version", nargs=0, action=_Version, help="the version of this program")
    # Read by `take_globals` and `take_person`; here for --help only.
    parser.add_argument(
        "--data-dir", metavar="DIR", help="workspace folder (else the usual place of this computer)"
    )
    parser.add_argument("--json", action="store_true", help="stdout is exactly one JSON object")
    parser.add_argument("--person", metavar="NAME", help="who does this, where several people work")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs", parser_class=Parser)

    def verb(name: str, told: str, *, after: str = "") -> Parser:
        return verbs.add_parser(name, help=told, description=told[:1].upper() + told[1:] + ".", epilog=after)

    _workspace(verb)
    _installed(verb)
    _keeping(verb)
    _records(verb)
    _files(verb)
    _typing(verb)
    _lookup(verb)
    _exchange(verb)
    _syncing(verb)
    _deciding(verb)
    _history(verb)
    _people(verb)
    _practice(verb)
    return parser


_Verb = Callable[..., Parser]


def _workspace(verb: _Verb) -> None:
    one = verb("init", "make a new workspace")
    one.add_argument("--organisation", required=True, metavar="NAME")
    one.add_argument("--kind", required=True, metavar="KIND", help="hei, scitt, school or training-provider")
    one.add_argument("--ukprn", default="", metavar="N", help="8 digits")
    one.add_argument("--urn", default="", metavar="N", help="6 digits")
    one.add_argument(
        "--collection",
        action="append",
        default=[],
        metavar="NAME",
        help="what it looks after; may be repeated (default: the usual ones of this kind)",
    )
    one = verb("connect", "set a portal's address and where its access token is")
    one.add_argument("collection", metavar="COLLECTION")
    one.add_argument("--portal", required=True, metavar="URL")
    source = one.add_mutually_exclusive_group(required=True)
    source.add_argument("--token-env", metavar="VAR", help="read the token from this variable at each run")
    source.add_argument(
        "--token-stdin", action="store_true", help="read it now, keep it in the credential store"
    )
    one.add_argument(
        "--insecure-token-file",
        action="store_true",
        help="with --token-stdin: keep it in a file of the workspace",
    )
    one = verb("connection", "check each step of the way to a portal: proxy, name, line, certificate, answer")
    one.add_argument("collection", nargs="?", default="trainees", metavar="COLLECTION")
    verb("status", "portals, deadlines, what waits and what needs you")
    one = verb("backup", "write one encrypted file with everything")
    one.add_argument("file", metavar="FILE")
    one = verb("restore", "put a backup into an empty folder (--data-dir)")
    one.add_argument("file", metavar="FILE")
    one = verb("recovery-sheet", "a page of paper that opens the records when the passphrase is forgotten")
    one.add_argument(
        "--out", required=True, metavar="FILE.pdf", help="the older sheets open nothing from then on"
    )
    verb(
        "recover", "choose a new passphrase with the code of the recovery sheet (HOLDFAST_RECOVERY, or typed)"
    )
    one = verb(
        "support", "a report for whoever helps with Holdfast: versions, states and numbers, and no person"
    )
    one.add_argument("--out", metavar="FILE.zip", help="write it; without this it is shown")
    one = verb("backups", "backups that Holdfast makes by itself, and how it stands with them")
    one.add_argument("--make", action="store_true", help="make one now")
    one.add_argument("--automatic", choices=("on", "off"), help="whether one is made each day by itself")
    one.add_argument(
        "--second", metavar="DIR", help="a second folder for each backup; none = only the workspace"
    )
    one = verb("doctor", "check the database, the journal and that all agree; changes nothing")
    one.add_argument("--mend", action="store_true", help="mend what is safe to mend, after a backup")
    one = verb("salvage", "write what can be read of a damaged workspace as a backup; changes nothing")
    one.add_argument("--out", required=True, metavar="FILE", help="it is restored like any backup")


def _keeping(verb: _Verb) -> None:
    one = verb("retention", "who is past the time that records are kept", after=_RETENTION)
    one.add_argument(
        "--set", metavar="RULE=MONTHS", help="how long a kind of record is kept; RULE=off: no rule"
    )
    one.add_argument("--purge", action="store_true", help="remove them for good. This is your confirmation")
    one.add_argument("--only", action="append", default=[], metavar="REF", help="with --purge: only this one")
    one.add_argument(
        "--drop-backups", action="store_true", help="with --purge: drop the backups that hold them at once"
    )
    one.add_argument(
        "--keep-shared-files", action="store_true", help="with --purge: keep files that name others, too"
    )
    one.add_argument(
        "--certificate", metavar="FILE", help="with --purge: write what was done as .pdf or .csv"
    )
    one = verb("subject-access", "everything that is held about one person, as a zip to hand over")
    _record(one)
    one.add_argument("--out", required=True, metavar="FILE.zip")
    one.add_argument("--password-env", metavar="VAR", help="lock it with the password in this variable")


def _installed(verb: _Verb) -> None:
    verb("about", "the version, the data that it works with, and what IT manages on this computer")
    one = verb("packs", "data packs: code lists, calendars and amounts that came after the program")
    how = one.add_mutually_exclusive_group()
    how.add_argument("--look", metavar="FILE", help="say what a signed pack would bring, and change nothing")
    how.add_argument("--install", metavar="FILE", help="let a signed pack count")
    how.add_argument("--back", metavar="NAME-YEAR", help="let the data before count again: trainees-2026")
    one = verb("updates", "whether there is a newer Holdfast; nothing is ever installed by itself")
    one.add_argument("--verify", metavar="FILE", help="whether this installer is the one that was published")


def _records(verb: _Verb) -> None:
    one = verb("list", "records of a collection")
    one.add_argument("collection", metavar="COLLECTION")
    one.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="F=V",
        help="repeatable; the same F again means one of",
    )
    one.add_argument("--search", default="", metavar="T", help="beginnings of words in names and numbers")
    one.add_argument("--limit", type=whole_number, metavar="N")
    one.add_argument("--offset", type=whole_number, default=0, metavar="N")
    one.add_argument("--fields", action="store_true", help="with --json: the fields of each record, too")
    one = verb("show", "one record: what is here, at the portal, and what differs")
    _record(one)
    one = verb("add", "make a record from a JSON object; children stand in lists under their own keys")
    one.add_argument("collection", metavar="COLLECTION")
    one.add_argument("--from", dest="source", required=True, metavar="FILE|-")
    one = verb("set", "change fields of a record", after=_F_V)
    _record(one)
    one.add_argument("changes", nargs="+", metavar="F=V")
    one = verb(
        "act",
        "queue an action: withdraw, defer, recommend. This is your confirmation",
        after=_F_V[: _F_V.index("children")],
    )
    _record(one)
    one.add_argument("action", metavar="ACTION")
    one.add_argument("changes", nargs="*", metavar="F=V")
    one = verb("revert", "take changes of a record back to what the portal holds")
    _record(one)
    one.add_argument("paths", nargs="*", metavar="F", help="only these fields or children (degrees.ID)")
    one = verb("discard", "delete a draft that never reached the portal")
    _record(one)
    one = verb("check", "run the rules over records here, or over a file without storing it")
    one.add_argument("collection", nargs="?", metavar="COLLECTION")
    one.add_argument("ref", nargs="?", metavar="REF")
    one.add_argument("--from", dest="source", metavar="FILE|-", help="one JSON object or a list of them")
    one.add_argument("--today", metavar="DATE", help="the day that counts, else today in London")


def _files(verb: _Verb) -> None:
    one = verb("import", "read records from a CSV file or a workbook (XLSX, ODS)", after=_IMPORT)
    one.add_argument("collection", metavar="COLLECTION")
    one.add_argument("file", metavar="FILE")
    one.add_argument("--dry-run", action="store_true", help="say what would happen; store nothing")
    one.add_argument("--map", metavar="FILE", help="which column is which field; see below")
    one.add_argument(
        "--from-portal",
        action="store_true",
        help="the file is the portal's own export, as downloaded: read the portal by it, as pull does",
    )
    one.add_argument(
        "--whole",
        action="store_true",
        help="with --from-portal: it holds everybody; who is not in it is in question",
    )
    one.add_argument(
        "--all-the-same",
        action="store_true",
        help="with --from-portal: load it although it is older, or of another name",
    )
    one = verb("export", "write the portal's own file formats, for a person to upload")
    one.add_argument("collection", metavar="COLLECTION")
    one.add_argument(
        "format",
        metavar="FORMAT",
        help="trainees: bulk-add, recommend or placements; ects: appropriate-body or lead-provider",
    )
    one.add_argument("--out", required=True, metavar="DIR", help="no file that is there is written over")
    one.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        help="the portal's own list, as downloaded (recommend, placements)",
    )

    one = verb(
        "sign-off",
        "the census and the performance profile as a checklist, up to the signature",
        after=_SIGN_OFF,
    )
    one.add_argument("kind", nargs="?", metavar="KIND", help="census or performance-profile; without it: all")
    one.add_argument(
        "--year", type=whole_number, metavar="N", help="the year of its August, else the current one"
    )
    deed = one.add_mutually_exclusive_group()
    deed.add_argument("--load", metavar="FILE", help="the file of that page of the website, as downloaded")
    deed.add_argument("--unload", action="store_true", help="take the loaded file off again")
    deed.add_argument("--signed-by", metavar="NAME", help="note that this person signed on the website")
    deed.add_argument("--take-back", action="store_true", help="undo the last --signed-by")
    one.add_argument("--on", metavar="DATE", help="with --signed-by: the day, else today")
    one.add_argument(
        "--reference", default="", metavar="TEXT", help="with --signed-by: what the website showed"
    )
    one.add_argument("--list", metavar="LIST", help="show one list only; with --out: save that one")
    one.add_argument(
        "--out", metavar="FILE", help="save a list (.csv, .xlsx, .pdf), or all of them (.xlsx, .pdf)"
    )


def _typing(verb: _Verb) -> None:
    one = verb("key", "what a person types on the portal's website, as sheets to type from", after=_KEY)
    deeds = ("list", "show", "begin", "done", "give-up", "again", "instead", "is-there", "run")
    one.add_argument("deed", choices=deeds, metavar="DEED")
    one.add_argument("id", nargs="?", metavar="ID", help="as key list names it")
    one.add_argument(
        "--out", metavar="FILE", help="show: write the sheet as a PDF; run: the summary as a table"
    )
    one.add_argument("--all", action="store_true", help="run: begin one with all that is to be typed")
    one.add_argument("--end", action="store_true", help="run: end it; what is left stays to be typed")
    one.add_argument("--anyway", action="store_true", help="begin, done: although answers are missing")
    one.add_argument("--take-over", action="store_true", help="begin, done: although somebody else is at it")
    one.add_argument("--reference", default="", metavar="TEXT", help="done: what the website showed as proof")
    one.add_argument("--on", metavar="DATE", help="done: the day on which it was typed, else today in London")
    said = one.add_mutually_exclusive_group()
    said.add_argument("--refused", metavar="WHY", help="done: the website did not take it, and why")
    said.add_argument(
        "--stopped", metavar="CODE", help="done: the page that stopped it, as outcomes in show --json name it"
    )
    said.add_argument("--not-sure", action="store_true", help="done: nobody saw whether it was taken")
    one.add_argument("--why", default="", metavar="TEXT", help="give-up: why")


def _exchange(verb: _Verb) -> None:
    one = verb("exchange", "share changes with colleagues by encrypted change files", after=_EXCHANGE)
    one.add_argument("deed", nargs="?", choices=("make", "take"), metavar="DEED", help="make or take")
    one.add_argument("file", nargs="?", metavar="FILE")
    one.add_argument("--folder", metavar="DIR", help="a shared folder, in place of FILE")
    one.add_argument("--dry-run", action="store_true", help="take: only say what it would do")


def _lookup(verb: _Verb) -> None:
    one = verb("lookup", "teachers in the Teaching Record System, if you hold a key of DfE's", after=_LOOKUP)
    one.add_argument("refs", nargs="*", metavar="REF")
    one.add_argument("--all", action="store_true", help="everybody who can be looked up")
    one.add_argument(
        "--ni-number-stdin",
        action="store_true",
        help="with one REF: read a National Insurance number, for this lookup only",
    )
    deed = one.add_mutually_exclusive_group()
    deed.add_argument("--set-up", metavar="URL", help="switch it on, with one of the next two")
    deed.add_argument("--off", action="store_true", help="switch it off; key and answers are erased")
    source = one.add_mutually_exclusive_group()
    source.add_argument("--key-env", metavar="VAR", help="read the key from this variable at each run")
    source.add_argument(
        "--key-stdin",
        action="store_true",
        help="read it now; kept in the credential store, else encrypted with the records",
    )


def _record(parser: Parser) -> None:
    parser.add_argument("collection", metavar="COLLECTION")
    parser.add_argument("ref", metavar="REF")


def _syncing(verb: _Verb) -> None:
    for name, told in (
        ("pull", "read what is new at the portal"),
        ("push", "send what waits"),
        ("sync", "read what is new, merge it, send what waits"),
    ):
        one = verb(name, told)
        one.add_argument("collection", nargs="?", metavar="COLLECTION")
        one.add_argument(
            "--full", action="store_true", help="read everything again, also what seems unchanged"
        )
    one = verb("queue", "what waits, is being sent, or is not known to have arrived", after=_WAY_OUT)
    one.add_argument("--out", metavar="FILE", help="save it, with drafts and what was refused; see below")
    one.add_argument(
        "--from", dest="source", metavar="FILE", help="show what is in a saved queue; needs no workspace"
    )
    one = verb("take-back", "take a change back before it is sent")
    one.add_argument("id", metavar="ID", help="as queue lists it")
    verb("pause", "the window sends nothing by itself until resume; push and sync still do")
    verb(
        "resume",
        "go on sending: after pause, or when the portal was put back to an older copy and you have looked at it",
    )
    one = verb(
        "timetable", "when and how much this computer talks to portals by itself; shows it without options"
    )
    one.add_argument(
        "--automatic", choices=("on", "off"), help="sync in the background while the window is open"
    )
    one.add_argument("--every", type=whole_number, metavar="MIN", help="minutes between two looks, 1 to 1440")
    one.add_argument(
        "--share",
        type=whole_number,
        metavar="N",
        help="requests a minute of this computer; offices divide 80",
    )
    one.add_argument("--quiet", metavar="HH:MM-HH:MM|off", help="hours in which nothing goes by itself")


def _deciding(verb: _Verb) -> None:
    verb("conflicts", "what only a person can decide")
    one = verb("resolve", "settle a conflict; the value that loses stays readable in the journal")
    one.add_argument("id", metavar="ID", help="as conflicts lists it")
    one.add_argument("choices", nargs="*", metavar="F=mine|theirs|value:V")
    whole = one.add_mutually_exclusive_group()
    whole.add_argument("--all", metavar="mine|theirs", help="the same side for every field")
    whole.add_argument(
        "--link", metavar="PORTAL_ID", help="possible duplicate: it is this record of the portal"
    )
    whole.add_argument(
        "--keep-draft", action="store_true", help="possible duplicate: somebody else, keep as a draft"
    )
    whole.add_argument(
        "--send-again", action="store_true", help="the portal has it no more: send it as a new record"
    )


def _history(verb: _Verb) -> None:
    one = verb("journal", "what happened, newest first")
    one.add_argument("ref", nargs="?", metavar="REF")
    one.add_argument("--limit", type=whole_number, default=1_000, metavar="N")
    one.add_argument("--by", metavar="NAME", help="only what this person did")
    one.add_argument(
        "--row", type=whole_number, metavar="N", help="this row alone, with the fingerprint of its hash"
    )
    one = verb("evidence", "write when a portal could not be used, as CSV or PDF")
    one.add_argument("--out", required=True, metavar="FILE.csv|FILE.pdf")
    one.add_argument("--since", metavar="DATE", help="only outages that lasted on or after this day")
    one.add_argument("--until", metavar="DATE", help="only outages that began on or before this day")


def _people(verb: _Verb) -> None:
    one = verb("people", "who works here and what each may do; without options: the list", after=_PEOPLE)
    deed = one.add_mutually_exclusive_group()
    deed.add_argument("--add", metavar="NAME", help="somebody new (roles: enter,send unless you say)")
    deed.add_argument("--change", metavar="NAME", help="another name or other roles")
    deed.add_argument("--leave", metavar="NAME", help="does not work here any more")
    deed.add_argument("--back", metavar="NAME", help="works here again")
    deed.add_argument("--sits-here", metavar="NAME", help="sits here from now on, also in the window")
    one.add_argument("--name", metavar="NEW", help="with --change: the new name")
    one.add_argument("--roles", metavar="ROLES", help="with --add, --change; see below")


def _practice(verb: _Verb) -> None:
    one = verb("practice", "run a practice portal until stopped; the first line says where it is")
    one.add_argument("--port", type=port_number, default=0, metavar="N", help="0 = a free one")
    one.add_argument("--size", type=whole_number, default=250, metavar="N", help="how many made-up trainees")
    one.add_argument("--seed", type=whole_number, default=1, metavar="N", help="which made-up trainees")
    one = verb("demo", "play the outage story against a practice portal, without a window")
    one.add_argument("--out", metavar="DIR", help="where transcript and pictures go")
    verb("play", "open the window on a practice workspace")
