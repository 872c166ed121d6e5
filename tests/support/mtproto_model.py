"""A strict server for one key, written from the description of the protocol and not from the engine.

It shares only the envelope (`cipher`) with the code under test. Whatever a client must not do is an `AssertionError`.
"""

from __future__ import annotations

import gzip
import struct
from collections import Counter
from collections.abc import Callable
from random import Random

from telethon._core.clock import Instant, ManualClock
from telethon.mtproto import cipher
from telethon.mtproto.engine import MTProtoEngine
from telethon.mtproto.events import Closed, Event
from telethon.mtproto.limits import Limits
from telethon.mtproto.side import Side
from telethon.mtproto.state import MTProtoState

KEY = bytes((index * 7 + 3) & 255 for index in range(256))
EPOCH = 1_700_000_000.0
"""Time of the server when the monotonic clock shows 0."""

FRACTION = 1 << 32

RPC_RESULT = 0xF35C6D01
RPC_ERROR = 0x2144CA19
DROP = 0x58E4A740
DROPPED = 0xA43AD8B7
DROP_UNKNOWN = 0x5E2AD36E
GET_SALTS = 0xB921BD04
SALTS = 0xAE500895
PING = 0x7ABE77EC
PING_DELAY = 0xF3427B8C
PONG = 0x347773C5
DESTROY = 0xE7512126
DESTROYED = 0xE22045FC
NOT_DESTROYED = 0x62D350C9
NEW_SESSION = 0x9EC20908
CONTAINER = 0x73F1F8DC
GZIP = 0x3072CFA1
ACK = 0x62D6B459
BAD_MSG = 0xA7EFF811
BAD_SALT = 0xEDAB447B
STATE_REQ = 0xDA69FB52
STATE_INFO = 0x04DEB57D
ALL_INFO = 0x8CC0D131
DETAILED = 0x276D3EC6
NEW_DETAILED = 0x809DB6DF
RESEND = 0x7D861A08
RESEND_ANSWERS = 0x8610BAEB
DESTROY_KEY = 0xD1435160
DESTROY_KEY_OK = 0xF660E1D4
DESTROY_KEY_NONE = 0x0A9F2259
DESTROY_KEY_FAIL = 0xEA109B13
AFTER = 0xCB9F372D
VECTOR = 0x1CB5C415

NOT_CONTENT = {ACK, CONTAINER, STATE_REQ, STATE_INFO, ALL_INFO, RESEND, RESEND_ANSWERS}


def seeded_random(seed: int = 1) -> Callable[[int], bytes]:
    """Random bytes that are the same each time."""
    numbers = Random(seed)
    return lambda count: numbers.randbytes(count)


def u32(data: bytes, offset: int = 0) -> int:
    return int.from_bytes(data[offset : offset + 4], "little")


def i64(data: bytes, offset: int = 0) -> int:
    return int.from_bytes(data[offset : offset + 8], "little", signed=True)


def longs(constructor: int, ids: list[int]) -> bytes:
    return struct.pack("<IIi", constructor, VECTOR, len(ids)) + b"".join(struct.pack("<q", one) for one in ids)


def read_longs(body: bytes, offset: int = 4) -> list[int]:
    assert u32(body, offset) == VECTOR
    return [i64(body, offset + 8 + 8 * index) for index in range(u32(body, offset + 4))]


def tl_bytes(value: bytes) -> bytes:
    head = bytes([len(value)]) if len(value) < 254 else b"\xfe" + len(value).to_bytes(3, "little")
    raw = head + value
    return raw + bytes(-len(raw) % 4)


def read_tl_bytes(data: bytes, offset: int) -> bytes:
    if data[offset] == 254:
        size = int.from_bytes(data[offset + 1 : offset + 4], "little")
        return data[offset + 4 : offset + 4 + size]
    return data[offset + 1 : offset + 1 + data[offset]]


def gzipped(body: bytes) -> bytes:
    return struct.pack("<I", GZIP) + tl_bytes(gzip.compress(body))


def request(number: int, size: int = 0) -> bytes:
    """A request that the model server executes."""
    return struct.pack("<Ii", 0x12345678, number) + bytes(size)


def result_of(number: int) -> bytes:
    return struct.pack("<Ii", 0x87654321, number)


class Session:
    """What the server remembers of one session."""

    def __init__(self, session_id: int, first_msg_id: int, unique_id: int) -> None:
        self.session_id = session_id
        self.first_msg_id = first_msg_id
        self.unique_id = unique_id
        self.received: dict[int, bool] = {}
        self.content: list[tuple[int, int]] = []
        self.greatest = 0
        self.sent_content = 0
        self.answers: dict[int, tuple[int, bytes]] = {}
        self.unacked: dict[int, bytes] = {}
        self.acked: set[int] = set()
        self.sent: set[int] = set()


class ModelServer:
    """See the head of this module.

    Attributes:
        executed: how often each request was executed, by its number.
        log: constructor ids of all that was received, in order.
    """

    def __init__(self, *, salt: int = 77) -> None:
        self.rand = seeded_random(99)
        self.salt = salt
        self.sessions: dict[int, Session] = {}
        self.executed: Counter[int] = Counter()
        self.log: list[int] = []
        self.bodies: list[bytes] = []
        self.refuse: list[int] = []
        self.hold: set[int] = set()
        self.held: list[tuple[int, int]] = []
        self.fail: dict[int, tuple[int, str]] = {}
        self.offset = 0.0
        self.packets = 0
        self.container_limit = 1020
        self._unique = 1000
        self.rotates = False
        self._last_msg_id = 0
        self._sent: dict[int, set[int]] = {}
        self._names: dict[int, int] = {}

    # -- time --------------------------------------------------------------------------------------------------------

    def time(self, mono: float) -> float:
        return EPOCH + mono + self.offset

    def msg_id(self, mono: float, low: int) -> int:
        msg_id = int(self.time(mono) * FRACTION) & -4
        if msg_id <= self._last_msg_id:
            msg_id = self._last_msg_id + 4
        self._last_msg_id = msg_id
        return msg_id | low

    def salt_at(self, since: int) -> int:
        """The salt that is valid from a moment on."""
        return since * 1_000_003 % (1 << 62) if self.rotates else self.salt

    # -- out ---------------------------------------------------------------------------------------------------------

    def seal(self, session: Session, msg_id: int, seq_no: int, body: bytes) -> bytes:
        inner = struct.pack("<qqqii", self.salt, session.session_id, msg_id, seq_no, len(body)) + body
        return cipher.encrypt(KEY, inner, Side.SERVER, self.rand)

    def message(
        self, session: Session, body: bytes, mono: float, *, content: bool, low: int = 3
    ) -> tuple[int, int, bytes]:
        msg_id = self.msg_id(mono, low)
        seq_no = session.sent_content * 2 + content
        session.sent_content += content
        session.sent.add(msg_id)
        if content:
            session.unacked[msg_id] = body
        return msg_id, seq_no, body

    def push(self, session: Session, body: bytes, mono: float, *, content: bool = True) -> bytes:
        """A packet with something that the client did not ask for."""
        return self.seal(session, *self.message(session, body, mono, content=content))

    def pack(self, session: Session, messages: list[tuple[int, int, bytes]], mono: float) -> list[bytes]:
        packets: list[bytes] = []
        for start in range(0, len(messages), 100):
            some = messages[start : start + 100]
            if len(some) == 1:
                packets.append(self.seal(session, *some[0]))
                continue
            body = struct.pack("<Ii", CONTAINER, len(some))
            for msg_id, seq_no, one in some:
                body += struct.pack("<qii", msg_id, seq_no, len(one)) + one
            packets.append(self.seal(session, self.msg_id(mono, 3), session.sent_content * 2, body))
        return packets

    # -- in ----------------------------------------------------------------------------------------------------------

    def receive(self, packet: bytes, mono: float) -> list[bytes]:
        """Take a packet and give what is sent because of it."""
        self.packets += 1
        opened = cipher.decrypt(KEY, packet, Side.CLIENT)
        assert opened.session_id != 0
        body = opened.body
        inner: list[tuple[int, int, bytes]] = []
        if u32(body) == CONTAINER:
            assert opened.seq_no % 2 == 0
            count, offset = u32(body, 4), 8
            assert 2 <= count <= 1020
            sizes: list[int] = []
            for _ in range(count):
                msg_id, seq_no, size = struct.unpack_from("<qii", body, offset)
                part = body[offset + 16 : offset + 16 + size]
                assert len(part) == size >= 4
                assert size % 4 == 0
                assert u32(part) != CONTAINER
                assert msg_id < opened.msg_id
                inner.append((msg_id, seq_no, part))
                sizes.append(size + 16)
                offset += 16 + size
            assert offset == len(body)
            assert sum(sizes[:-1]) < 1 << 15
            assert len(body) <= 1044456
        else:
            inner.append((opened.msg_id, opened.seq_no, body))
        session = self.sessions.get(opened.session_id) or Session(opened.session_id, inner[0][0], 0)
        session.sent = self._sent.setdefault(opened.session_id, set())
        valid = {self.salt}
        if self.rotates:
            since = int(self.time(mono)) // 1800 * 1800
            self.salt = self.salt_at(since)
            # A salt lives for an hour, and every half an hour another one is born.
            valid = {self.salt, self.salt_at(since - 1800)}
        ids = [msg_id for msg_id, _, _ in inner]
        if u32(body) == CONTAINER:
            ids.append(opened.msg_id)
        for msg_id in ids:
            assert msg_id % 4 == 0
            assert msg_id > session.greatest, "the msg_ids of a session must grow"
            session.greatest = msg_id
        late = [self.time(mono) - msg_id / FRACTION for msg_id in ids]
        code = 0
        if self.refuse:
            code = self.refuse.pop(0)
        elif max(late) > 300:
            code = 16
        elif min(late) < -30:
            code = 17
        elif len(inner) > self.container_limit:
            code = 64
        if code:
            notice = struct.pack("<IqIi", BAD_MSG, opened.msg_id, opened.seq_no, code)
            return [self.push(session, notice, mono, content=False)]
        if opened.salt not in valid:
            notice = struct.pack("<IqIiq", BAD_SALT, opened.msg_id, opened.seq_no, 48, self.salt)
            return [self.push(session, notice, mono, content=False)]
        out: list[tuple[int, int, bytes]] = []
        if opened.session_id not in self.sessions:
            self.sessions[opened.session_id] = session
            self._unique += 1
            session.unique_id = self._unique
            notice = struct.pack("<Iqqq", NEW_SESSION, session.first_msg_id, self._unique, self.salt)
            out.append(self.message(session, notice, mono, content=True))
        # The seq_no of a message follows from all the content before it, refused content included.
        for msg_id, seq_no, part in inner:
            self._check_seq_no(session, msg_id, seq_no, part)
            session.received[msg_id] = False
        for msg_id, _, part in inner:
            self._handle(session, msg_id, part, mono, out)
        return self.pack(session, out, mono)

    def _check_seq_no(self, session: Session, msg_id: int, seq_no: int, body: bytes) -> None:
        content = u32(body) not in NOT_CONTENT
        assert seq_no % 2 == content
        for before, number in session.content[-1:]:
            assert msg_id > before
            assert seq_no > number if content else seq_no >= number
        session.content.append((msg_id, seq_no))

    def _handle(
        self, session: Session, msg_id: int, body: bytes, mono: float, out: list[tuple[int, int, bytes]]
    ) -> None:
        kind = u32(body)
        self.log.append(kind)
        self.bodies.append(body)
        if kind == GZIP:
            body = gzip.decompress(read_tl_bytes(body, 4))
            kind = u32(body)
            assert kind not in (GZIP, CONTAINER)

        def reply(answer: bytes, *, content: bool = False, low: int = 1) -> None:
            out.append(self.message(session, answer, mono, content=content, low=low))

        if kind == ACK:
            for one in read_longs(body):
                assert one in session.sent, "an acknowledgement of something that was never sent"
                session.acked.add(one)
                session.unacked.pop(one, None)
        elif kind in (PING, PING_DELAY):
            reply(struct.pack("<Iqq", PONG, msg_id, i64(body, 4)))
        elif kind == GET_SALTS:
            now = int(self.time(mono))
            count = u32(body, 4)
            assert 1 <= count <= 64
            slices = [(now // 1800 + index) * 1800 for index in range(count)]
            salts = b"".join(struct.pack("<iiq", since, since + 3600, self.salt_at(since)) for since in slices)
            reply(struct.pack("<Iqii", SALTS, msg_id, now, count) + salts)
        elif kind == STATE_REQ:
            info = bytes(self._state(session, one) for one in read_longs(body))
            reply(struct.pack("<Iq", STATE_INFO, msg_id) + tl_bytes(info))
        elif kind == RESEND_ANSWERS:
            for one in read_longs(body):
                if one in session.answers and session.answers[one][0]:
                    answer_id, answer = session.answers[one]
                    out.append((answer_id, 1, answer))
                else:
                    info = bytes(self._state(session, asked) for asked in read_longs(body))
                    reply(struct.pack("<Iq", STATE_INFO, msg_id) + tl_bytes(info))
        elif kind == RESEND:
            for one in read_longs(body):
                if one in session.unacked:
                    out.append((one, 1, session.unacked[one]))
                else:
                    reply(struct.pack("<Iq", STATE_INFO, msg_id) + tl_bytes(b"\1" * len(read_longs(body))))
        elif kind == DROP:
            known = session.answers.pop(i64(body, 4), None)
            answer = struct.pack("<I", DROP_UNKNOWN) if known is None else struct.pack("<Iqii", DROPPED, known[0], 1, 8)
            reply(struct.pack("<Iq", RPC_RESULT, msg_id) + answer, content=True)
        elif kind == DESTROY:
            known_session = self.sessions.pop(i64(body, 4), None)
            assert known_session is not session
            reply(struct.pack("<Iq", DESTROYED if known_session else NOT_DESTROYED, i64(body, 4)))
        elif kind == STATE_INFO:
            pass
        else:
            self._execute(session, msg_id, body, mono, out)

    def _execute(
        self, session: Session, msg_id: int, body: bytes, mono: float, out: list[tuple[int, int, bytes]]
    ) -> None:
        before = 0
        if u32(body) == AFTER:
            before = i64(body, 4)
            body = body[12:]
        assert u32(body) == 0x12345678
        number = u32(body, 4)
        failure = self.fail.get(number)
        if before and self._names.get(before) in self.fail:
            failure = (400, "MSG_WAIT_FAILED")
        self._names[msg_id] = number
        if failure is None:
            self.executed[number] += 1
            answer = result_of(number)
        else:
            answer = struct.pack("<Ii", RPC_ERROR, failure[0]) + tl_bytes(failure[1].encode())
        session.received[msg_id] = True
        answer = struct.pack("<Iq", RPC_RESULT, msg_id) + answer
        if number in self.hold:
            self.held.append((session.session_id, msg_id))
            session.answers[msg_id] = (0, answer)
            return
        message = self.message(session, answer, mono, content=True, low=1)
        session.answers[msg_id] = (message[0], answer)
        out.append(message)

    def release(self, mono: float) -> list[bytes]:
        """Send the answers that were held back."""
        packets: list[bytes] = []
        for session_id, msg_id in self.held:
            session = self.sessions.get(session_id)
            if session is not None and msg_id in session.answers:
                message = self.message(session, session.answers[msg_id][1], mono, content=True, low=1)
                session.answers[msg_id] = (message[0], message[2])
                packets.append(self.seal(session, *message))
        self.held.clear()
        return packets

    def _state(self, session: Session, msg_id: int) -> int:
        if msg_id in session.received:
            executed = session.received[msg_id]
            answer = session.answers.get(msg_id)
            return 4 | (32 if executed else 0) | (64 if answer is not None and answer[0] else 0)
        if msg_id < session.first_msg_id:
            return 1
        return 3 if msg_id > max(session.received, default=0) else 2


class Link:
    """An engine, its clock, the server, and the wire between them.

    Attributes:
        events: all that the engine said, in order.
    """

    def __init__(
        self,
        server: ModelServer | None = None,
        *,
        limits: Limits | None = None,
        wall_error: float = 0.0,
        salt: int = 77,
        seed: int = 1,
    ) -> None:
        self.server = server or ModelServer()
        self.clock = ManualClock(wall=EPOCH + 1000.0 + wall_error, mono=1000.0)
        rand = seeded_random(seed)
        self.state = MTProtoState(KEY, rand=rand, salt=salt)
        self.engine = MTProtoEngine(self.state, rand=rand, limits=limits)
        self.events: list[Event] = []
        self.latency = 0.05
        self.connections = 1
        self.engine.on_connected(self.now)

    @property
    def now(self) -> Instant:
        return self.clock.now()

    @property
    def session(self) -> Session:
        return self.server.sessions[self.state.session_id]

    def reconnect(self) -> None:
        self.connections += 1
        self.engine.on_disconnected(self.now)
        self.engine.on_connected(self.now)

    def deliver(self, packets: list[bytes]) -> list[Event]:
        """Hand packets to the engine."""
        found: list[Event] = []
        for packet in packets:
            events = self.engine.receive_packet(packet, self.now)
            assert not any(isinstance(event, Closed) for event in events[:-1])
            found += events
        self.events += found
        if found and isinstance(found[-1], Closed):
            self.reconnect()
        return found

    def settle(self, most: int = 50) -> list[Event]:
        """Let both sides talk until neither has anything to say."""
        found: list[Event] = []
        for _ in range(most):
            out = self.engine.packets_to_send(self.now)
            if not out:
                return found
            self.clock.advance(self.latency)
            answers = [answer for packet in out for answer in self.server.receive(packet, self.now.mono)]
            self.clock.advance(self.latency)
            found += self.deliver(answers)
        raise AssertionError("the two sides never come to rest")

    def wait(self, seconds: float) -> list[Event]:
        """Let time pass; the engine is called whenever it wants to be."""
        found: list[Event] = []
        end = self.now.mono + seconds
        while True:
            found += self.settle()
            deadline = self.engine.next_deadline()
            if deadline is None or deadline > end:
                break
            self.clock.advance(max(0.0, deadline - self.now.mono))
            events = self.engine.on_timeout(self.now)
            self.events += events
            found += events
            if events and isinstance(events[-1], Closed):
                self.reconnect()
        self.clock.advance(max(0.0, end - self.now.mono))
        return found


def opened(limits: Limits | None = None) -> Link:
    """A link whose session the server knows."""
    link = Link(limits=limits)
    link.engine.submit(request(900), token="opening")
    link.settle()
    link.events.clear()
    return link
