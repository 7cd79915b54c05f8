"""The far side of the accessibility bus: what a screen reader sees and hears of a program, over D-Bus.

A screen reader reads objects (name, role, state, children) from the program, and is sent events by it. Both are plain
D-Bus calls here, so that nothing has to be installed but the bus itself. Blocking; one thread.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, Properties, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

ACCESSIBLE = "org.a11y.atspi.Accessible"
ACTION = "org.a11y.atspi.Action"
ROOT = "/org/a11y/atspi/accessible/root"
NULL = "/org/a11y/atspi/null"
REGISTRY = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")
KEYS = DBusAddress(
    "/org/a11y/atspi/registry/deviceeventcontroller",
    "org.a11y.atspi.Registry",
    "org.a11y.atspi.DeviceEventController",
)
REPLY_S = 20.0
HEARD = ("object:", "window:", "focus:")
PRESS, RELEASE, BY_NAME = 0, 1, 3
"""What to do with a key: AtspiKeySynthType."""
CONTROL, SHIFT = 37, 50
"""Codes of the keys that are held."""
RETURN, ESCAPE, TAB, DOWN, RIGHT, F5, F6 = 0xFF0D, 0xFF1B, 0xFF09, 0xFF54, 0xFF53, 0xFFC2, 0xFFC3
"""X names of keys; those of letters are their code points."""
ACTIVE, FOCUSED, FOCUSABLE, SHOWING = 1, 12, 11, 25
"""Bits of the state word: AtspiStateType."""


@dataclass(frozen=True)
class Event:
    """One event as it came over the bus. `at` = monotonic seconds at which it was read."""

    at: float
    kind: str
    detail: str
    one: int
    two: int
    value: Any
    path: str

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.detail}" if self.detail else self.kind


@dataclass(frozen=True)
class Node:
    """One object of the program."""

    bus: Bus
    owner: str
    path: str

    def call(self, member: str, signature: str | None = None, *body: Any, interface: str = ACCESSIBLE) -> Any:
        address = DBusAddress(self.path, self.owner, interface)
        reply = self.bus.ask(new_method_call(address, member, signature, body))
        return reply[0] if len(reply) == 1 else reply

    def get(self, what: str, interface: str = ACCESSIBLE) -> Any:
        address = DBusAddress(self.path, self.owner, interface)
        return self.bus.ask(Properties(address).get(what))[0][1]

    @property
    def name(self) -> str:
        return str(self.get("Name"))

    @property
    def description(self) -> str:
        return str(self.get("Description"))

    @property
    def role(self) -> str:
        return str(self.call("GetRoleName"))

    @property
    def count(self) -> int:
        """How many children it says that it has."""
        return int(self.get("ChildCount"))

    def has(self, state: int) -> bool:
        low, high = self.call("GetState")
        return bool((low | high << 32) >> state & 1)

    def child(self, index: int) -> Node:
        return self._node(self.call("GetChildAtIndex", "i", index))

    def children(self) -> list[Node]:
        return [self._node(found) for found in self.call("GetChildren")]

    def parent(self) -> Node:
        return self._node(self.get("Parent"))

    def interfaces(self) -> list[str]:
        return [str(name).rpartition(".")[2] for name in self.call("GetInterfaces")]

    def act(self, name: str) -> None:
        """Do what this offers under a name: Press, SetFocus ... Raises LookupError when it does not."""
        offered = [
            self.call("GetName", "i", n, interface=ACTION) for n in range(self.get("NActions", ACTION))
        ]
        if name not in offered:
            raise LookupError(f"{self.role} {self.name!r} offers {offered}, not {name}")
        self.call("DoAction", "i", offered.index(name), interface=ACTION)

    def put(self, text: str) -> None:
        self.call("SetTextContents", "s", text, interface="org.a11y.atspi.EditableText")

    def walk(self, most: int = 5_000) -> Iterator[Node]:
        """This and everything in it, level by level. Raises TooMany beyond `most`."""
        waiting, seen = deque([self]), 0
        while waiting:
            node = waiting.popleft()
            seen += 1
            if seen > most:
                raise TooMany(f"more than {most} objects")
            yield node
            if node.count:
                waiting.extend(child for child in node.children() if child.path != NULL)

    def find(self, role: str, name: str) -> Node:
        """The first part of this role whose name begins so. Raises LookupError."""
        for node in self.walk():
            if node.role == role and node.name.startswith(name):
                return node
        raise LookupError(f"no {role} whose name begins with {name!r}")

    def _node(self, pair: Any) -> Node:
        owner, path = pair
        return Node(self.bus, owner, path)


class Gone(Exception):
    """The object is not there any more."""


class TooMany(Exception):
    """The program exposes more objects at a time than was allowed."""


class Bus:
    """One connection to the accessibility bus that hears everything."""

    def __init__(self, session_address: str) -> None:
        with contextlib.closing(open_dbus_connection(session_address)) as session:
            launcher = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            status = Properties(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Status"))
            address = _body(session.send_and_get_reply(new_method_call(launcher, "GetAddress")))[0]
            for what in ("IsEnabled", "ScreenReaderEnabled"):
                _body(session.send_and_get_reply(status.set(what, "b", True)))
        self._connection: DBusConnection = open_dbus_connection(address)
        self.events: list[Event] = []
        self.ask(message_bus.AddMatch("type='signal',interface='org.a11y.atspi.Event.Object'"))
        self.ask(message_bus.AddMatch("type='signal',interface='org.a11y.atspi.Event.Window'"))
        for kind in HEARD:
            self.ask(new_method_call(REGISTRY, "RegisterEvent", "sass", (kind, [], "")))

    def ask(self, message: Message, timeout_s: float = REPLY_S) -> Any:
        """Send a call and wait for its answer; events that come meanwhile are kept."""
        serial = next(self._connection.outgoing_serial)
        self._connection.send(message, serial=serial)
        until = time.monotonic() + timeout_s
        while True:
            got = self._connection.receive(timeout=max(0.001, until - time.monotonic()))
            if got.header.fields.get(HeaderFields.reply_serial) == serial:
                return _body(got)
            self._take(got)

    def listen(self, until: Callable[[], Any], timeout_s: float) -> Any:
        """Read events until `until` gives something true, and return that. Raises TimeoutError."""
        end = time.monotonic() + timeout_s
        while True:
            with contextlib.suppress(Gone):
                found = until()
                if found:
                    return found
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            with contextlib.suppress(TimeoutError):
                self._take(self._connection.receive(timeout=min(left, 0.05)))

    def key(self, name: int, *held: int) -> None:
        """Press a key and let it go while others are held, as a person does at this display."""
        for code in held:
            self._strike(code, PRESS)
        self._strike(name, BY_NAME)
        for code in held:
            self._strike(code, RELEASE)

    def type(self, text: str) -> None:
        for letter in text:
            self.key(ord(letter))

    def click(self, x: int, y: int) -> None:
        self.ask(new_method_call(KEYS, "GenerateMouseEvent", "iis", (x, y, "b1c")))

    def _strike(self, key: int, kind: int) -> None:
        self.ask(new_method_call(KEYS, "GenerateKeyboardEvent", "isu", (key, "", kind)))

    def desktop(self) -> Node:
        return Node(self, "org.a11y.atspi.Registry", ROOT)

    def program(self, pid: int) -> Node | None:
        """The program with this process id, once it has said that it is there."""
        for found in self.desktop().children():
            ask = message_bus.GetConnectionUnixProcessID(found.owner)
            if self.ask(ask)[0] == pid:
                return found
        return None

    def close(self) -> None:
        self._connection.close()

    def _take(self, got: Message) -> None:
        if got.header.message_type is not MessageType.signal:
            return
        fields = got.header.fields
        kind = str(fields[HeaderFields.member])
        body = got.body
        if len(body) >= 4 and isinstance(body[0], str):
            value = body[3][1] if isinstance(body[3], tuple) else body[3]
            path = str(fields[HeaderFields.path])
            self.events.append(Event(time.monotonic(), kind, body[0], body[1], body[2], value, path))


def _body(reply: Message) -> Any:
    try:
        return unwrap_msg(reply)
    except DBusErrorResponse as error:
        if error.name.endswith((".UnknownObject", ".UnknownInterface")):
            raise Gone from error
        raise
