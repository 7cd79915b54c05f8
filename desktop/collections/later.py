"""Declarations that are read when somebody first looks: what only a window or one verb needs must not slow every start."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from desktop.model.journey import Journey


class JourneysOf(Sequence["Journey"]):
    """The `JOURNEYS` of a module, imported on first use."""

    def __init__(self, module: str) -> None:
        self._module = module

    @cached_property
    def _found(self) -> tuple[Journey, ...]:
        found: tuple[Journey, ...] = import_module(self._module).JOURNEYS
        return found

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> Journey: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Journey]: ...
    def __getitem__(self, place: int | slice) -> Any:
        return self._found[place]
