"""What an open form holds beside the store: text on its way, changes in flight, what the portal moved meanwhile.

The rule behind it (sync.md I2): an open form is never reloaded under the person. It shows
`stored + held back + in flight + typed`: an answer that the portal moved while the form was open is held back as it
was seen, and said beside it, until the person takes the portal's or answers it anew. The record on disk has it already.
No Qt, no disk: the page asks it what to save and tells it what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desktop.model.collection import Collection
from desktop.model.document import (
    Child,
    ChildPatch,
    Document,
    Patch,
    Value,
    apply,
    diff,
    diff_fields,
    patch_of,
    same,
    value_at,
)
from desktop.model.ids import new_id
from desktop.services.views import Edited, RecordView

_CHILD_FIELD = 3  # "degrees.<id>.grade" has three parts, "degrees.<id>" two


@dataclass(frozen=True)
class PortalNote:
    """The portal moved an answer while the form was open. `kept` = the person's own answer stands, also on disk;

    otherwise the form goes on showing `before`, though the record holds `now`.
    """

    before: Value
    now: Value
    kept: bool


def _in_child(path: str) -> bool:
    return path.count(".") == _CHILD_FIELD - 1


def _has(document: Document, path: str) -> bool:
    """Whether the child that a path leads into is there."""
    kind, child_id, _ = path.split(".")
    return document.child(kind, child_id) is not None


class FormSession:
    """The state of one open form. `view` is None until a new record is saved for the first time."""

    def __init__(self, collection: Collection, view: RecordView | None = None) -> None:
        self.collection = collection
        self.view = view
        self.typed: dict[str, Value] = {}
        self.notes: dict[str, PortalNote] = {}
        self.came: set[str] = set()
        self.went: set[str] = set()
        self.saved_times: dict[str, datetime] = {}
        self.visited: set[str] = set()
        self._flying: dict[str, Value] = {}
        self._opened: dict[str, list[str]] = {}
        self._renames: list[tuple[str, str, str]] = []

    # --- content

    @property
    def stored(self) -> Document:
        return self.view.document if self.view else Document()

    @property
    def busy(self) -> bool:
        """Whether a save is under way; the next one waits for it."""
        return bool(self._flying)

    @property
    def dirty(self) -> bool:
        """Whether anything typed has not reached the disk."""
        return bool(self.typed or self._flying)

    def document(self) -> Document:
        """What the form shows: the stored content with everything typed laid over it."""
        stored = self.stored
        document = apply(stored, patch_of(stored, {**self._held_back(), **self._flying, **self.typed}))
        for kind, ids in self._opened.items():
            held = {c.id for c in document.children.get(kind, ())}
            document.children.setdefault(kind, []).extend(Child(i, {}) for i in ids if i not in held)
        return document

    def value(self, path: str) -> Value:
        """The answer that the form shows."""
        held = self._held_back()
        return held[path] if path in held and path not in self.unsaved() else self._own(path)

    def _own(self, path: str) -> Value:
        """The answer that the record has, or will have once what is typed is saved."""
        for held in (self.typed, self._flying):
            if path in held:
                return held[path]
        return value_at(self.stored, path)

    def _held_back(self) -> dict[str, Value]:
        return {
            path: note.before
            for path, note in self.notes.items()
            if not note.kept and (not _in_child(path) or _has(self.stored, path))
        }

    def base_value(self, path: str) -> Value:
        return value_at(self.view.base, path) if self.view else None

    def changed_here(self, path: str) -> bool:
        """Whether the answer differs from the one that the portal holds; never for a record it does not know."""
        if self.view is None or self.view.base is None:
            return False
        return not same(self._own(path), self.base_value(path))

    # --- typing and saving

    def type(self, path: str, value: Value) -> None:
        """An answer as it is being typed; back at the saved one it is no change at all."""
        self.visited.add(path)
        saved = self._flying[path] if path in self._flying else value_at(self.stored, path)
        if path not in self.typed:
            self.notes.pop(
                path, None
            )  # answered anew, in sight of what the portal has; typing on is no new answer
        if same(value, saved):
            self.typed.pop(path, None)
        else:
            self.typed[path] = value

    def take(self, paths: Iterable[str] | None = None) -> Patch | None:
        """The patch to save now, of all typed answers or of `paths`; None when there is nothing or a save runs."""
        if self._flying:
            return None
        wanted = self.typed.keys() if paths is None else [p for p in paths if p in self.typed]
        self._flying = {path: self.typed[path] for path in list(wanted)}
        for path in self._flying:
            del self.typed[path]
        return patch_of(self.stored, self._flying) if self._flying else None

    def seen(self) -> dict[str, Value]:
        """What the form showed of unsaved answers when the person began, where the portal moved the same ones meanwhile."""
        return {p: self.notes[p].before for p in self.unsaved() if p in self.notes and self.notes[p].kept}

    def saved(self, result: Edited, at: datetime) -> set[str]:
        """A save came back; returns the paths whose shown answer moved by it (not those still being typed)."""
        for path in self._flying:
            self.saved_times[path] = at
        return self._adopt(result.view, landed=True)

    def created(self, view: RecordView, at: datetime) -> set[str]:
        """A new record reached the disk with its first answer."""
        for path in self._flying:
            self.saved_times[path] = at
        return self._adopt(view, landed=True)

    def unsaved(self) -> dict[str, Value]:
        """Everything that is not known to be on disk: typed, and in flight."""
        return {**self._flying, **self.typed}

    def flushed(self) -> None:
        """All of `unsaved` is being written at once; `saved` follows."""
        self._flying, self.typed = self.unsaved(), {}

    def forget_typed(self, paths: Iterable[str] = ()) -> set[str]:
        """Typed text at these paths, or all of it, is given up on the person's word, and what was held back is shown.

        Returns where the form shows something else by it.
        """
        wanted = set(paths) or {*self.typed, *self.notes}
        gone = wanted & {*self.typed, *self._held_back()}
        self.typed = {p: v for p, v in self.typed.items() if p not in wanted}
        self.notes = {p: n for p, n in self.notes.items() if p not in wanted}
        return gone

    def failed(self) -> None:
        """A save did not happen: what was in flight is typed text again, unless typed over meanwhile."""
        self.typed = {**self._flying, **self.typed}
        self._flying = {}

    def refreshed(self, view: RecordView) -> set[str]:
        """The record moved below the form (a sync). Returns the paths to show anew, and notes what the portal moved."""
        return self._adopt(view, landed=False)

    def _adopt(self, view: RecordView, *, landed: bool) -> set[str]:
        """Take a newer view. Returns the paths whose shown answer moved; "degrees." when children came or went."""
        before = self.view
        if before is not None:
            self._follow_ids(before.document, view.document)
            self._rescue(before.document, view.document)
        old = self.document()
        self.view = view
        if landed:
            self._flying = {}
        if before is not None and before.base is not None and view.base is not None:
            self._note(before.base, view.base, old)
        for kind, ids in self._opened.items():
            held = {c.id for c in view.document.children.get(kind, ())}
            self._opened[kind] = [i for i in ids if i not in held]
        patch = diff(old, self.document())
        moved = {path for path in expand(patch) if path not in self.typed}
        for kind, group in patch.children.items():
            if any(child.added or child.removed for child in group.values()):
                moved.add(f"{kind}.")
        return moved

    def take_renames(self) -> list[tuple[str, str, str]]:
        """(kind, old id, new id) of children that the portal gave ids of its own since this was last asked."""
        found, self._renames = self._renames, []
        return found

    def _follow_ids(self, old: Document, new: Document) -> None:
        """A child that was added here comes back from the portal under another id: whatever is typed goes with it."""
        for kind, group in new.children.items():
            held = {child.id for child in old.children.get(kind, ())}
            gone = [c for c in old.children.get(kind, ()) if new.child(kind, c.id) is None]
            for fresh in (c for c in group if c.id not in held and c.portal_id):
                twin = next((c for c in gone if not diff_fields(c.fields, fresh.fields)), None)
                if twin is not None:
                    gone.remove(twin)
                    self._rename(kind, twin.id, fresh.id)

    def _rescue(self, old: Document, new: Document) -> None:
        """A child went away while somebody types in it: it stays in the form as one to be added, whole."""
        for path in list(self.typed):
            parts = path.split(".")
            if len(parts) != _CHILD_FIELD or new.child(parts[0], parts[1]) is not None:
                continue
            child = old.child(parts[0], parts[1])
            if child is not None and child.id not in self._opened.get(parts[0], ()):
                self._opened.setdefault(parts[0], []).append(child.id)
                held = {f"{parts[0]}.{child.id}.{name}": value for name, value in child.fields.items()}
                self.typed = {**held, **self.typed}

    def _rename(self, kind: str, old_id: str, new_id_: str) -> None:
        old, new = f"{kind}.{old_id}.", f"{kind}.{new_id_}."
        self._renames.append((kind, old_id, new_id_))

        def path(text: str) -> str:
            return new + text.removeprefix(old) if text.startswith(old) else text

        self.typed = {path(p): v for p, v in self.typed.items()}
        self._flying = {path(p): v for p, v in self._flying.items()}
        self.saved_times = {path(p): t for p, t in self.saved_times.items()}
        self.notes = {path(p): n for p, n in self.notes.items()}
        self.visited = {path(p) for p in self.visited}

    def _note(self, old_base: Document, new_base: Document, shown: Document) -> None:
        patch = diff(old_base, new_base)
        renamed = {(kind, new) for kind, _, new in self._renames}
        for kind, group in patch.children.items():
            for child_id, child in group.items():
                seen = shown.child(kind, child_id) is not None
                if child.added and not seen and (kind, child_id) not in renamed:
                    self.came.add(f"{kind}.{child_id}")
                if child.removed and seen and self.stored.child(kind, child_id) is None:
                    self.went.add(kind)
        for path in expand(patch):
            if _in_child(path) and not (_has(shown, path) and _has(new_base, path)):
                continue
            now, mine, seen_value = value_at(new_base, path), self._own(path), value_at(shown, path)
            if not same(mine, now):
                self.notes[path] = PortalNote(value_at(old_base, path), now, kept=True)
            elif same(seen_value, now):
                self.notes.pop(path, None)
            else:
                self.notes[path] = PortalNote(seen_value, now, kept=False)

    # --- children

    def open_child(self, kind: str, child_id: str = "") -> str:
        """Begin a new child, or one begun before under this id; it is saved with its first answer. Returns its id."""
        child_id = child_id or new_id()
        self._opened.setdefault(kind, []).append(child_id)
        return child_id

    def drop_child(self, kind: str, child_id: str) -> Patch | None:
        """Forget a child that was only begun, or the patch that removes a saved one."""
        prefix = f"{kind}.{child_id}."
        self.typed = {p: v for p, v in self.typed.items() if not p.startswith(prefix)}
        if child_id in self._opened.get(kind, ()):
            self._opened[kind].remove(child_id)
            return None
        return Patch({}, {kind: {child_id: ChildPatch(removed=True)}})


def expand(patch: Patch) -> set[str]:
    """Every answer that a patch touches, those of added children too."""
    paths = set(patch.fields)
    for kind, group in patch.children.items():
        for child_id, child in group.items():
            paths |= {f"{kind}.{child_id}.{name}" for name in child.fields}
    return paths
