"""What is typed while Holdfast is set up, and what may be wrong with it. Pure; kept in memory only, until it is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.policy import policy
from desktop.services.unlocking import SheetDraft
from desktop.services.views import Organisation

KINDS: tuple[tuple[str, str, str], ...] = (
    ("hei", "University or college (HEI)", "An accredited higher education provider"),
    ("scitt", "SCITT", "School-centred initial teacher training"),
    ("school", "School", "A lead or employing school, or an academy trust"),
    ("training-provider", "Training provider", "Any other provider of training"),
)
SHORTEST = 8
GOOD, BETTER = 14, 20


@dataclass
class Answers:
    """All answers of the set-up; going back and forth keeps them."""

    kind: str = "hei"
    name: str = ""
    ukprn: str = ""
    urn: str = ""
    collections: set[str] = field(default_factory=set)
    practice: bool = False
    direct: bool = True
    url: str = ""
    token: str = ""
    passphrase: str = ""
    again: str = ""
    remember: bool = True
    sheet: SheetDraft | None = None

    @property
    def begun(self) -> bool:
        """Whether anything was typed that would be lost."""
        return any((self.name, self.ukprn, self.urn, self.url, self.token, self.passphrase, self.again))

    def organisation(self) -> Organisation:
        """As the workspace will keep it."""
        chosen = tuple(sorted(self.collections))
        return Organisation(self.name.strip(), self.kind, digits(self.ukprn), digits(self.urn), chosen)


def digits(text: str) -> str:
    """A number as it is meant: people type blanks into it."""
    return "".join(text.split())


def wrong_name(text: str) -> str:
    """What is wrong with an organisation's name, in words; "" = nothing. So with all of these."""
    return "" if text.strip() else "Enter the name of your organisation."


def wrong_ukprn(text: str) -> str:
    """8 digits that begin with 1, or nothing."""
    number = digits(text)
    if not number or (_is_number(number, 8) and number.startswith("1")):
        return ""
    if _is_number(number, 8):
        return "A UKPRN begins with 1, such as 10007140. Check it, or leave it empty."
    return f"A UKPRN has 8 digits, and this has {_length(number)}. Check it, or leave it empty."


def wrong_urn(text: str) -> str:
    """6 digits, or nothing."""
    number = digits(text)
    if not number or _is_number(number, 6):
        return ""
    return f"A URN has 6 digits, and this has {_length(number)}. Check it, or leave it empty."


def shortest() -> int:
    """Fewest characters of a passphrase: ours, or more where the organisation asks for more."""
    return max(SHORTEST, policy().whole("PassphraseLength", SHORTEST))


def wrong_passphrase(text: str) -> str:
    """Too short, or not there."""
    if not text:
        return "Enter a passphrase."
    if len(text) < shortest():
        return f"Use at least {shortest()} characters. Four words are easy to keep in mind."
    return ""


def wrong_again(text: str, again: str) -> str:
    """Typed twice, so that a slip of the finger locks nobody out."""
    return "" if text == again else "The two passphrases are not the same. Type the second one again."


def strength(text: str) -> tuple[int, str]:
    """(0 to 3, words) on how hard a passphrase is to guess: length counts most, and repeating does not help."""
    if not text:
        return (
            0,
            "Four words that do not belong together are good, such as the names of four things in a room.",
        )
    useful = len(set(text.casefold())) * 2
    length = min(len(text), useful)
    if len(text) < shortest():
        return 0, f"Too short: {shortest()} characters at least."
    if length < GOOD:
        return 1, "Easy to guess for a machine. Another word makes it much harder."
    if length < BETTER:
        return 2, "Good. One more word would make it very hard to guess."
    return 3, "Very hard to guess."


def _is_number(text: str, length: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) == length


def _length(text: str) -> str:
    if text.isascii() and text.isdigit():
        return str(len(text))
    return "other characters"
