"""What holds for every test: no display, no user's own files, no key ring, no thread left behind.

The environment is set while this file is imported, because Qt and the key ring read it only once.
"""

import atexit
import itertools
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import settings

from desktop import policy as managed
from desktop.store import vault

SETTLE_S = 2.0  # how long a test's threads may take to end after it

_HOME = Path(tempfile.mkdtemp(prefix="holdfast-tests-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
_counter = itertools.count()


def _isolate_process() -> None:
    """Cut this process, and those that it starts, off from the person's settings and display.

    HOLDFAST_TEST_PLATFORM=xcb takes the display instead: the stories are played under Xvfb that way, too.
    """
    platform = os.environ.get("HOLDFAST_TEST_PLATFORM", "offscreen")
    for name in [*os.environ]:
        ours = name.startswith(("HOLDFAST_", "QT_", "XDG_", "PYTHON_KEYRING_")) and name != "HOLDFAST_SHOTS"
        if ours or name.lower().endswith("_proxy"):
            del os.environ[name]
    runtime = _HOME / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ.update(
        {
            "QT_QPA_PLATFORM": platform,
            "QT_ACCESSIBILITY": "1",
            "HOME": str(_HOME),
            "USERPROFILE": str(_HOME),
            "APPDATA": str(_HOME / "AppData" / "Roaming"),
            "LOCALAPPDATA": str(_HOME / "AppData" / "Local"),
            "XDG_RUNTIME_DIR": str(runtime),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            # A zone with summer time, spelled so that it needs no time zone files: what mixes up local time
            # and UTC is seen.
            "TZ": "GMT0BST,M3.5.0/1,M10.5.0",
        }
    )
    if hasattr(time, "tzset"):
        time.tzset()


_isolate_process()

# What IT manages on the computer that runs the tests is none of their business.
managed.LINUX_FILE = managed.MACOS_FILE = _HOME / "no-policy"

# Half a second of two cores for each workspace that a test makes or opens. `tests/unit/store/test_vault.py` knows the real cost.
vault._KDF = {"name": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1}

# Two busy cores: how long one example takes says nothing about the code.
settings.register_profile("holdfast", deadline=None)
settings.load_profile("holdfast")


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own data, config, cache and state folders; they appear when the program makes them."""
    folder = _HOME / f"test-{next(_counter)}"
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))


@pytest.fixture
def manage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put managed settings in force: `manage(LockMinutes=5)`. Called again it replaces them."""
    path = tmp_path / "policy.toml"
    monkeypatch.setattr(managed, "_from_registry", lambda: managed.from_file(path))
    monkeypatch.setattr(managed, "LINUX_FILE", path)
    monkeypatch.setattr(managed, "MACOS_FILE", path)

    def put(**values: str | int | bool) -> None:
        lines = (f"{name} = {json.dumps(value)}" for name, value in values.items())
        path.write_text("\n".join(lines), encoding="utf-8")
        managed.policy.cache_clear()

    yield put
    managed.policy.cache_clear()


@pytest.fixture(autouse=True)
def _empty_clipboard():
    """Nothing that a test copied is there for the next one, nor when the process ends.

    The clipboard of the offscreen platform outlives Python: what was put there by Python would crash the process then.
    """
    yield
    if (gui := sys.modules.get("PySide6.QtGui")) and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def _no_thread_left():
    """Fail a test that ends while a non-daemon thread which it started still runs."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + SETTLE_S
    started = [t for t in threading.enumerate() if t not in before and not t.daemon]
    for thread in started:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread.name for thread in started if thread.is_alive()]
    if left:
        pytest.fail(f"threads left running: {', '.join(left)}")
