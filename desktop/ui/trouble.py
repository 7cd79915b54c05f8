"""Known errors in plain English: what happened, what was kept, what to do next (style.md section 8)."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.model import errors


@dataclass(frozen=True)
class Trouble:
    """What a person is told of a known error. `title` is one bold sentence, `text` the rest."""

    title: str
    text: str
    error: errors.HoldfastError | None = None

    @property
    def unsaved(self) -> bool:
        """Whether a save truly failed: then the strip says so in red."""
        return isinstance(self.error, errors.DiskFull)

    @property
    def grave(self) -> bool:
        """Whether the workspace itself is in trouble: only then it is told in red."""
        return isinstance(self.error, errors.StoreError)


_NEXT: tuple[tuple[type[errors.HoldfastError], str, str], ...] = (
    (
        errors.DiskFull,
        "The disk is full",
        "This change was not saved; everything saved before is kept. Make room on the disk, then save again.",
    ),
    (
        errors.StoreLocked,
        "Another program has this workspace open",
        "Nothing was changed. Close the other Holdfast on this computer, then try again.",
    ),
    (
        errors.StoreDamaged,
        "This workspace cannot be read",
        "Nothing was changed. Put a backup back into an empty folder; the damaged file stays as it is.",
    ),
    (
        errors.StoreNewer,
        "A newer Holdfast wrote this workspace",
        "Nothing was changed. Install the newer version on this computer, then open it again.",
    ),
    (
        errors.WrongPassphrase,
        "The passphrase does not open this workspace",
        "Nothing was changed. Check capital letters and try again.",
    ),
    (
        errors.StaleWrite,
        "This record changed meanwhile",
        "Nothing was written over it. Look at the new content, then make your change again.",
    ),
)


def explain(error: errors.HoldfastError) -> Trouble:
    """A known error for people. Its own message is used where it says more than the kind does."""
    own = str(error).strip()
    for kind, title, text in _NEXT:
        if isinstance(error, kind):
            return Trouble(title, text, error)
    head, _, rest = own.partition(". ")
    return Trouble(head.rstrip(".") or "That could not be done", rest or "Your saved work is kept.", error)
