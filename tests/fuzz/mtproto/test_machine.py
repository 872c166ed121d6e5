"""The engine against a strict model of a server, while the wire cuts, repeats and reorders, and clocks jump.

Every request is resolved once; it is executed once as long as the server remembers the session; and the server never
sees a frame that the protocol forbids (the model asserts that by itself).
"""

from __future__ import annotations

import struct
from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from mtproto_model import (
    DETAILED,
    FRACTION,
    NEW_DETAILED,
    RESEND,
    STATE_REQ,
    Link,
    ModelServer,
    Session,
    gzipped,
    longs,
    request,
)
from slow import SLOW

from telethon.mtproto.events import (
    BadMessage,
    Closed,
    ErrorReceived,
    Event,
    ResultReceived,
    SessionRenewed,
    Unreadable,
    UpdatesReceived,
)

RESOLVED = (ResultReceived, ErrorReceived, BadMessage, Unreadable)
ERROR = 1000
"""Requests from this number on fail."""


class Engine(RuleBasedStateMachine):
    """See the head of this module."""

    def __init__(self) -> None:
        super().__init__()
        self.server = ModelServer()
        self.server.fail = {number: (400, "NO") for number in range(ERROR, ERROR + 1000)}
        self.link = Link(self.server)
        self.engine = self.link.engine
        self.up: list[bytes] = []
        self.down: list[bytes] = []
        self.number = 0
        self.submitted: set[int] = set()
        self.cancelled: set[int] = set()
        self.resolved: Counter[int] = Counter()
        self.may_repeat: Counter[int] = Counter()
        self.pushed = 0
        self.updates: Counter[bytes] = Counter()

    # -- the owner ---------------------------------------------------------------------------------------------------

    @rule(
        count=st.integers(1, 5), fails=st.booleans(), ordered=st.booleans(), size=st.sampled_from([0, 0, 600, 40_000])
    )
    def submit(self, count: int, fails: bool, ordered: bool, size: int) -> None:
        before = None
        for _ in range(count):
            self.number += 1
            number = self.number + ERROR * fails
            self.engine.submit(request(number, size), token=number, after=before)
            self.submitted.add(number)
            before = number if ordered else None

    @precondition(lambda self: self.engine.pending())
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.engine.pending()))
        assert isinstance(number, int)
        assert self.engine.cancel(number)
        self.cancelled.add(number)

    @rule()
    def flush(self) -> None:
        self.up += self.engine.packets_to_send(self.link.now)

    @rule()
    def timeout(self) -> None:
        self.take(self.engine.on_timeout(self.link.now))

    def take(self, found: list[Event]) -> None:
        for event in found:
            if isinstance(event, RESOLVED):
                assert isinstance(event.token, int)
                self.resolved[event.token] += 1
            elif isinstance(event, UpdatesReceived):
                self.updates[event.body] += 1
            elif isinstance(event, SessionRenewed):
                self.pending_may_repeat()
            elif isinstance(event, Closed):
                assert event is found[-1]
                self.cut()

    def pending_may_repeat(self) -> None:
        self.may_repeat.update(token for token in self.engine.pending() if isinstance(token, int))

    # -- the wire ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.up)
    @rule(count=st.integers(1, 5))
    def arrive(self, count: int) -> None:
        """What we sent arrives, in order."""
        for packet in self.up[:count]:
            self.down += self.server.receive(packet, self.link.now.mono)
        del self.up[:count]

    @precondition(lambda self: self.down)
    @rule(place=st.integers(0, 3), keep=st.booleans())
    def receive(self, place: int, keep: bool) -> None:
        """Something of the server arrives, perhaps before what was sent earlier, perhaps again later."""
        place = min(place, len(self.down) - 1)
        packet = self.down[place] if keep else self.down.pop(place)
        self.take(self.engine.receive_packet(packet, self.link.now))

    @rule()
    def cut(self) -> None:
        self.up.clear()
        self.down.clear()
        self.engine.on_disconnected(self.link.now)
        self.engine.on_connected(self.link.now)

    # -- the server --------------------------------------------------------------------------------------------------

    @property
    def session(self) -> Session | None:
        return self.server.sessions.get(self.link.state.session_id)

    @rule()
    def forget(self) -> None:
        self.server.sessions.clear()
        self.server.held.clear()
        self.pending_may_repeat()

    @rule(salt=st.integers(1, 1000))
    def change_salt(self, salt: int) -> None:
        self.server.salt = salt

    @rule(code=st.sampled_from([16, 20, 48]))
    def refuse(self, code: int) -> None:
        self.server.refuse = [code]

    @rule(hold=st.booleans())
    def hold(self, hold: bool) -> None:
        self.server.hold = set(range(ERROR)) if hold else set()

    @rule()
    def release(self) -> None:
        self.down += self.server.release(self.link.now.mono)

    @precondition(lambda self: self.session)
    @rule(packed=st.booleans(), kept_back=st.booleans())
    def update(self, packed: bool, kept_back: bool) -> None:
        session = self.session
        assert session is not None
        self.pushed += 1
        body = struct.pack("<Ii", 0x55555555, self.pushed)
        message = self.server.message(session, gzipped(body) if packed else body, self.link.now.mono, content=True)
        if kept_back:
            notice = struct.pack("<Iqii", NEW_DETAILED, message[0], 100, 0)
            self.down.append(self.server.push(session, notice, self.link.now.mono, content=False))
        else:
            self.down.append(self.server.seal(session, *message))

    @precondition(lambda self: self.session and self.session.unacked)
    @rule()
    def send_again(self) -> None:
        session = self.session
        assert session is not None
        messages = [(msg_id, 1, body) for msg_id, body in list(session.unacked.items())[:200]]
        self.down += self.server.pack(session, messages, self.link.now.mono)

    @precondition(lambda self: self.session and self.session.answers)
    @rule()
    def announce(self) -> None:
        """Answers are announced instead of sent."""
        session = self.session
        assert session is not None
        for msg_id, (answer_id, _) in session.answers.items():
            if answer_id in session.unacked:
                notice = struct.pack("<Iqqii", DETAILED, msg_id, answer_id, 100, 0)
                self.down.append(self.server.push(session, notice, self.link.now.mono, content=False))

    @precondition(lambda self: self.session)
    @rule(constructor=st.sampled_from([STATE_REQ, RESEND]), ids=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=4))
    def ask(self, constructor: int, ids: list[int]) -> None:
        session = self.session
        assert session is not None
        known = [*ids, *list(session.sent)[-3:]]
        self.down.append(self.server.push(session, longs(constructor, known), self.link.now.mono, content=False))

    # -- clocks ------------------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.01, 0.5, 5.0, 20.0, 70.0, 400.0]))
    def advance(self, seconds: float) -> None:
        self.link.clock.advance(seconds)

    @rule(seconds=st.sampled_from([-86400.0, -3600.0, -100.0, 100.0, 3600.0]))
    def jump(self, seconds: float) -> None:
        self.link.clock.jump(seconds)

    @rule(seconds=st.sampled_from([20.0, 100.0, 400.0]))
    def set_clock_of_server(self, seconds: float) -> None:
        self.server.offset += seconds

    # -- the end -----------------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        self.server.refuse.clear()
        self.server.hold.clear()
        for _ in range(400):
            self.timeout()
            self.flush()
            if self.up:
                self.arrive(len(self.up))
            self.release()
            while self.down:
                self.receive(0, False)
            self.link.clock.advance(0.5)
        assert self.engine.pending() == []
        expected = self.submitted - self.cancelled
        assert {number: self.resolved[number] for number in expected} == dict.fromkeys(expected, 1)
        assert all(self.resolved[number] == 0 for number in self.cancelled)
        for number, count in self.server.executed.items():
            assert count <= 1 + self.may_repeat[number], f"request {number} was executed {count} times"
        assert set(self.updates.values()) <= {1}
        inflight = self.engine._inflight
        assert inflight.sent == {}
        assert not inflight.has_queued()
        assert self.link.state.new_msg_id(self.link.now) % 4 == 0
        assert abs(self.link.state.server_time(self.link.now) - self.server.time(self.link.now.mono)) < 30.0
        assert self.server.msg_id(self.link.now.mono, 3) > 1 * FRACTION


Engine.TestCase.settings = settings(
    max_examples=3000 if SLOW else 60, stateful_step_count=60, deadline=None, print_blob=True
)
TestEngine = Engine.TestCase
