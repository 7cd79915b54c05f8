"""The practice website as a browser meets it: faults in front, then the pages, and the ledger of what was stored."""

from __future__ import annotations

from desktop.practice.ects.site import EctSite
from desktop.practice.ects.visit import SERVICE
from desktop.practice.ects.world import World
from desktop.practice.faults import UP, Fault, Faults
from desktop.practice.front import Ledger, in_front, spoilt, too_many
from desktop.practice.wire import Delivery, Reply, Request

_BUSY_RETRY_AFTER = "20"


class EctPortal:
    """Answers browsers (`wire.Handler`). `faults` are its own; `busy` meets every page, as the real limit does (8)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.ledger = Ledger(world.clock)
        self._site = EctSite(world)

    def admit(self, request: Request) -> Reply | None:
        """Decide which fault this request meets; a refusal needs no body."""
        fault = request.note = self.faults.next_for(request.method, request.target)
        if fault.mode != "refuse":
            return None
        return Reply(0, delivery=Delivery.REFUSE)

    def answer(self, request: Request) -> Reply:
        fault = request.note if isinstance(request.note, Fault) else UP
        reply = spoilt(fault, in_front(fault, request, SERVICE.name) or self._pages(fault, request))
        if reply.effect:
            self.ledger.enter(request, reply)
        return reply

    def _pages(self, fault: Fault, request: Request) -> Reply:
        if fault.mode == "busy":
            return too_many(fault.retry_after or _BUSY_RETRY_AFTER)
        return self._site.handle(request)
