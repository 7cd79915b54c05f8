"""From words to an exit code: parse, run the verb, say what came of it. No input ends in a traceback."""

from __future__ import annotations

import traceback
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli import output, parser
from desktop.cli.answer import Answer, Exit, failed
from desktop.cli.session import Session

if TYPE_CHECKING:
    from desktop.cli.story.stage import Draw

_VERBS = {
    "init": "workspace",
    "connect": "workspace",
    "status": "workspace",
    "backup": "care",
    "restore": "care",
    "backups": "care",
    "salvage": "care",
    "doctor": "care",
    "retention": "keeping",
    "subject-access": "keeping",
    "recovery-sheet": "keys",
    "recover": "keys",
    "support": "support",
    "list": "listing",
    "show": "records",
    "add": "records",
    "set": "records",
    "act": "records",
    "revert": "records",
    "discard": "records",
    "check": "checking",
    "pull": "syncing",
    "push": "syncing",
    "sync": "syncing",
    "queue": "waiting",
    "take-back": "waiting",
    "pause": "waiting",
    "resume": "waiting",
    "timetable": "waiting",
    "conflicts": "deciding",
    "resolve": "deciding",
    "journal": "history",
    "evidence": "history",
    "export": "handing_over",
    "key": "keying",
    "lookup": "lookup",
    "sign-off": "signing",
    "import": "importing",
    "connection": "checking_connection",
    "about": "installed",
    "packs": "installed",
    "updates": "installed",
    "people": "people",
    "exchange": "exchanging",
}
"""Verb -> the module here whose function of the same name (- as _, import as import_) runs it; imported only when it is asked for."""


@dataclass(frozen=True)
class Seams:
    """The window's side, which this room may not import; handed in by the composition root.

    window   (workspace folder or None for the usual one) -> the window until it is closed; its exit code
    play     the same on a practice workspace
    drawing  makes what draws the screens for the demo; None where that is not possible
    """

    window: Callable[[Path | None], int]
    play: Callable[[], int]
    drawing: Callable[[], Draw | None]


def run(argv: Sequence[str], seams: Seams) -> int:
    """Run one command line; returns its exit code. Prints, and may read stdin; raises nothing but SystemExit."""
    as_json = "--json" in argv
    try:
        refuse_broken(argv)
        words, person = parser.take_person(argv)
        rest, as_json, folder = parser.take_globals(words)
        args = parser.build().parse_args(rest)
        args.person = person
        if args.verb in (None, "play", "practice"):
            return _hand_over(args, folder, seams, as_json=as_json)
        return output.give(_answer(args, folder, seams, as_json=as_json), as_json=as_json)
    except parser.Told as asked:
        text = asked.text
        answer = Answer({asked.key: text}, lambda: (text,))
    except parser.WrongUse as error:
        answer = failed(str(error), Exit.USAGE)
    except KeyboardInterrupt:
        answer = failed("Stopped. Everything saved so far is kept.", Exit.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last wall: no person and no script shall meet a traceback
        answer = failed(_told(error), _code(error))
    return output.give(answer, as_json=as_json)


def refuse_broken(argv: Sequence[str]) -> None:
    """Words that are not text in this computer's encoding cannot be stored or printed. Raises WrongUse."""
    for word in argv:
        if any(ch == "\0" or "\ud800" <= ch <= "\udfff" for ch in word):
            raise parser.WrongUse("The command holds a broken character. Type it again without it")


def _answer(args: Namespace, folder: str | None, seams: Seams, *, as_json: bool) -> Answer:
    with Session(args, folder, as_json=as_json) as session:
        if args.verb == "demo":
            from desktop.cli.playing import demo

            return demo(session, seams.drawing)
        of_a_file = args.verb in ("check", "queue") and args.source
        if args.verb not in ("init", "restore", "recover", "about", "packs", "updates") and not of_a_file:
            session.unlock()
        module = import_module(f"desktop.cli.{_VERBS[args.verb]}")
        name = args.verb.replace("-", "_")
        verb: Callable[[Session], Answer] = getattr(module, f"{name}_" if iskeyword(name) else name)
        return verb(session)


def _hand_over(args: Namespace, folder: str | None, seams: Seams, *, as_json: bool) -> int:
    """The verbs that run until a person has had enough, and print for themselves."""
    if args.verb == "practice":
        from desktop.cli.playing import practice

        return practice(args.port, args.size, args.seed)
    if as_json or args.person is not None:
        option = "--json" if as_json else "--person"
        raise parser.WrongUse(f"{option} needs a verb that answers. See: holdfast --help")
    return seams.play() if args.verb == "play" else seams.window(Path(folder) if folder else None)


def _code(error: Exception) -> int:
    from desktop.model.errors import UsageError

    return Exit.USAGE if isinstance(error, UsageError) else Exit.STORE


def _told(error: Exception) -> str:
    """A known error says it itself. Of a mistake of ours only kind and place are told: its words may hold personal data."""
    from desktop.model.errors import HoldfastError

    if isinstance(error, HoldfastError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"This computer refused it ({error.strerror}). Check the paths in the command. What was saved is kept."
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "desktop" in Path(f.filename).parts] or frames
    place = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else "an unknown place"
    return (
        f"Holdfast made a mistake of its own ({type(error).__name__} in {place}). Everything saved so far is kept. "
        "Please report these words to the makers of Holdfast."
    )
