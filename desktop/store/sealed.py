"""Files that a workspace keeps beside its database, each sealed under the data key: what was handed over, what was read in.

They lie in `files/` and are written whole or not at all. The database says what each of them is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from desktop.model.errors import StoreDamaged
from desktop.store.backup import FILES
from desktop.store.files import as_known, write_whole
from desktop.store.store import Store

FOLDER = FILES
_ENDING = ".sealed"


def keep(store: Store, name: str, content: bytes) -> None:
    """Seal `content` as the file `name`, in place of one of that name. Raises StoreError and its kinds."""
    folder = store.folder / FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise as_known(error, "the folder of kept files") from error
    write_whole(folder / f"{name}{_ENDING}", store.seal(content, _purpose(name)))


def read(store: Store, name: str) -> bytes | None:
    """What was kept under a name; None when it is not there any more. Raises StoreDamaged when it was changed."""
    try:
        sealed = (store.folder / FOLDER / f"{name}{_ENDING}").read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreDamaged(f"A kept file cannot be read ({error.strerror}).") from error
    return store.unseal(sealed, _purpose(name))


def remove(store: Store, name: str) -> None:
    """Harmless when it is not there."""
    (store.folder / FOLDER / f"{name}{_ENDING}").unlink(missing_ok=True)


def all_of(store: Store) -> list[Path]:
    """Every kept file, by name."""
    return _all_in(store.folder)


def _all_in(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob(f"*{_ENDING}"))


def name_of(path: Path) -> str:
    """Under which name a file of `all_of` was kept."""
    return path.name.removesuffix(_ENDING)


def problems(store: Store, folder: Path) -> Iterator[str]:
    """What is wrong with the kept files in the folder of a workspace: each is opened with the key of its store.

    `folder` is another than the store's own where the doctor looks at a copy of the database.
    """
    for path in _all_in(folder):
        try:
            store.unseal(path.read_bytes(), _purpose(name_of(path)))
        except (OSError, StoreDamaged):
            yield f"The kept file {path.name} cannot be opened: it was changed, or is another workspace's."


def is_there(folder: Path, name: str) -> bool:
    """Whether the folder of a workspace has the file that was kept under a name."""
    return (folder / FOLDER / f"{name}{_ENDING}").is_file()


def _purpose(name: str) -> bytes:
    """A file that was put in another's place does not open."""
    return f"HOLDFAST-FILE {name}".encode()
