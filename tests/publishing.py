"""Scripts of `installer/` as modules: a folder of scripts is no package."""

import importlib.util
from pathlib import Path
from types import ModuleType

INSTALLER = Path(__file__).parent.parent / "installer"


def script(name: str) -> ModuleType:
    """`publish.py`, `policy/templates.py`."""
    spec = importlib.util.spec_from_file_location(Path(name).stem, INSTALLER / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


publish = script("publish.py")
