"""The engine: requests in, packets out; packets in, events out."""

from __future__ import annotations

import struct

import pytest
from mtproto_model import (
    ACK,
    BAD_MSG,
    EPOCH,
    FRACTION,
    KEY,
    NEW_SESSION,
    PING_DELAY,
    RESEND,
    STATE_REQ,
    Link,
    ModelServer,
    Session,
    gzipped,
    longs,
    request,
    result_of,
    seeded_random,
    u32,
)

from telethon.errors import LocalProtocolError, RemoteProtocolError
from telethon.mtproto import cipher
from telethon.mtproto.events import (
    Closed,
    ErrorReceived,
    KeyUnknown,
    PongReceived,
    ResultReceived,
    SaltChanged,
    SessionCreated,
    SessionRenewed,
    TimeCorrected,
    TransportError,
    UpdatesReceived,
)
from telethon.mtproto.limits import Limits
from telethon.mtproto.salts import FutureSalt
from telethon.mtproto.side import Side

UPDATE = struct.pack("<Ii", 0x55555555, 7)


def results(found: list[object]) -> list[object]:
    return [event.token for event in found if isinstance(event, ResultReceived)]


def opened(link: Link, number: int = 0) -> Link:
    """A link whose session the server knows."""
    link.engine.submit(request(900 + number), token=f"opening {number}")
    link.settle()
    return link


def push(link: Link, body: bytes, *, seconds: float = 0.0, content: bool = True, msg_id: int = 0) -> list[object]:
    """Something of the server with a msg_id that lies some seconds off."""
    server, session = link.server, link.session
    if not msg_id and not seconds:
        msg_id = server.msg_id(link.now.mono, 3)
    elif not msg_id:
        msg_id = int((server.time(link.now.mono) + seconds) * FRACTION) & -4 | 3
    packet = server.seal(session, msg_id, session.sent_content * 2 + content, body)
    session.sent_content += content
    session.sent.add(msg_id)
    return link.deliver([packet])


def container(*messages: tuple[int, int, bytes]) -> bytes:
    data = struct.pack("<Ii", 0x73F1F8DC, len(messages))
    return data + b"".join(struct.pack("<qii", one, seq, len(body)) + body for one, seq, body in messages)


# -- requests ------------------------------------------------------------------------------------------------------


def test_a_request_is_answered() -> None:
    link = Link()
    link.engine.submit(request(5), token="five")
    assert link.engine.pending() == ["five"]
    found = link.settle()
    assert ResultReceived("five", result_of(5)) in found
    assert SessionCreated(link.session.first_msg_id, link.session.unique_id) in found
    assert link.engine.pending() == []
    assert link.server.executed == {5: 1}
    assert link.server.packets == 1


@pytest.mark.parametrize("size", [0, 3, 5, 1044452])
def test_what_is_no_request_is_refused(size: int) -> None:
    with pytest.raises(LocalProtocolError, match=f"this one has {size}"):
        Link().engine.submit(bytes(size), token=1)


def test_H17_a_request_may_be_made_for_the_msg_id_it_is_sent_under() -> None:
    link = opened(Link())
    made: list[int] = []

    def make(msg_id: int) -> bytes:
        made.append(msg_id)
        return request(msg_id >> 34)

    link.engine.submit(make, token="made")
    link.engine.submit(request(2), token=2, after="made")
    link.server.refuse = [20]
    assert sorted(map(str, results(link.settle()))) == ["2", "made"]
    assert len(set(made)) == 2
    assert link.server.executed[made[1] >> 34] == 1
    assert made == sorted(made)


def test_two_requests_never_share_a_token() -> None:
    link = Link()
    link.engine.submit(request(1), token="one")
    with pytest.raises(LocalProtocolError, match="'one' is pending already"):
        link.engine.submit(request(2), token="one")
    link.settle()
    link.engine.submit(request(2), token="one")
    assert results(link.settle()) == ["one"]


def test_many_requests_share_packets() -> None:
    link = Link()
    for number in range(100):
        link.engine.submit(request(number), token=number)
    assert results(link.settle()) == list(range(100))
    assert link.server.packets <= 3


def test_M11_containers_hold_no_more_than_1020_messages_and_32768_bytes_and_one_message() -> None:
    link = Link()
    for number in range(3000):
        link.engine.submit(request(number), token=number)
    for number in range(3000, 3100):
        link.engine.submit(request(number, 400), token=number)
    link.settle()
    assert link.engine.pending() == []
    assert link.server.executed == dict.fromkeys(range(3100), 1)


def test_M11_large_requests_do_not_make_a_container_too_large() -> None:
    link = Link()
    large = seeded_random(4)(1044448 - 8)
    link.engine.submit(request(1), token=1)
    link.engine.submit(request(2) + large, token=2)
    link.engine.submit(request(3), token=3, after=2)
    packets = link.engine.packets_to_send(link.now)
    assert [len(packet) > 1 << 20 for packet in packets] == [False, False, False]
    assert len(packets) == 3
    answers = [answer for packet in packets for answer in link.server.receive(packet, link.now.mono)]
    assert results(link.deliver(answers)) == [1, 2, 3]


def test_M10_ten_thousand_messages_keep_the_rules() -> None:
    """The model server derives msg_id order, parity and seq_no of each message by itself."""
    link = Link(limits=Limits(ack_delay=2.0))
    number = 0
    for step in range(520):
        for _ in range(step % 40):
            number += 1
            link.engine.submit(request(number), token=number)
        link.wait(step % 5)
    assert link.server.executed == dict.fromkeys(range(1, number + 1), 1)
    assert len(link.server.log) > 10_000
    assert link.connections == 1
    assert BAD_MSG not in link.server.log


def test_large_requests_are_compressed() -> None:
    link = Link()
    link.engine.submit(request(1, 4000), token=1)
    (packet,) = link.engine.packets_to_send(link.now)
    assert len(packet) < 400
    assert results(link.deliver(link.server.receive(packet, link.now.mono))) == [1]


def test_ordered_requests_name_their_predecessor() -> None:
    link = Link()
    for number in range(1, 4):
        link.engine.submit(request(number), token=number, after=number - 1 if number > 1 else None)
    assert results(link.settle()) == [1, 2, 3]
    assert [u32(body) for body in link.server.bodies] == [0x12345678, 0xCB9F372D, 0xCB9F372D]


def test_a_predecessor_that_was_answered_or_cancelled_has_no_effect() -> None:
    link = Link()
    link.engine.submit(request(1), token=1)
    link.settle()
    link.engine.submit(request(2), token=2, after=1)
    link.settle()
    link.engine.submit(request(3), token=3)
    link.engine.submit(request(4), token=4, after=3)
    link.engine.cancel(3)
    link.settle()
    assert [u32(body) for body in link.server.bodies] == [0x12345678] * 3
    assert link.server.executed == {1: 1, 2: 1, 4: 1}


# -- cancelling and closing ----------------------------------------------------------------------------------------


def test_S11_a_queued_request_is_forgotten() -> None:
    link = Link()
    link.engine.submit(request(1), token=1)
    assert link.engine.cancel(1)
    assert not link.engine.cancel(1)
    assert link.settle() == []
    assert link.server.packets == 0


def test_S11_the_server_is_told_to_drop_the_answer_to_a_sent_one() -> None:
    link = opened(Link())
    link.server.hold = {1}
    link.engine.submit(request(1), token=1)
    link.settle()
    assert link.engine.cancel(1)
    assert link.settle() == []
    assert link.session.answers.keys() == {link.session.first_msg_id}, "the answer was dropped"
    assert link.deliver(link.server.release(link.now.mono)) == []


def test_S11_a_late_answer_is_ignored_but_acknowledged() -> None:
    link = opened(Link(limits=Limits(ack_delay=5.0)))
    link.server.hold = {1}
    link.engine.submit(request(1), token=1)
    link.settle()
    late = link.server.release(link.now.mono)
    link.engine.cancel(1)
    link.settle()
    assert link.deliver(late) == []
    link.wait(6.0)
    assert link.session.unacked == {}


def test_S11_ten_thousand_cancelled_calls_leave_nothing() -> None:
    link = opened(Link())
    link.server.hold = set(range(10_000))
    for number in range(10_000):
        link.engine.submit(request(number), token=number)
        if number % 2:
            link.engine.packets_to_send(link.now)
        link.engine.cancel(number)
    link.engine.packets_to_send(link.now)
    inflight = link.engine._inflight
    assert link.engine.pending() == []
    assert inflight.sent == {}
    assert not inflight.has_queued()
    assert len(inflight._services) <= 1024
    assert len(inflight._containers) <= 1024


def test_S15_close_gives_every_pending_token() -> None:
    link = opened(Link())
    link.server.hold = {1}
    link.engine.submit(request(1), token=1)
    link.settle()
    link.engine.submit(request(2), token=2)
    link.engine.cancel(2)
    link.engine.submit(request(3), token=3)
    assert link.engine.close() == [1, 3]
    assert link.engine.close() == []
    assert link.engine.pending() == []
    assert link.engine.packets_to_send(link.now) == []
    assert link.engine.next_deadline() is None
    assert link.engine.on_timeout(link.now) == []


# -- connections ---------------------------------------------------------------------------------------------------


def test_nothing_is_sent_without_a_connection() -> None:
    link = opened(Link())
    link.engine.on_disconnected(link.now)
    link.engine.submit(request(1), token=1)
    assert link.engine.packets_to_send(link.now) == []
    assert link.engine.next_deadline() is None
    assert link.engine.on_timeout(link.now) == []
    link.engine.on_connected(link.now)
    assert results(link.settle()) == [1]


@pytest.mark.parametrize("cut", ["before the server has it", "after it was executed"])
def test_S8_I3_a_cut_loses_nothing_and_repeats_nothing(cut: str) -> None:
    link = opened(Link())
    session_id = link.state.session_id
    for number in range(50):
        link.engine.submit(request(number), token=number)
    packets = link.engine.packets_to_send(link.now)
    if cut == "after it was executed":
        for packet in packets:
            link.server.receive(packet, link.now.mono)
    link.reconnect()
    assert results(link.settle()) == list(range(50))
    assert link.server.executed == {**dict.fromkeys(range(50), 1), 900: 1}
    assert STATE_REQ in link.server.log
    assert link.state.session_id == session_id
    assert link.engine.ignored == 0


def test_S8_a_cut_in_the_middle_of_the_answers() -> None:
    link = opened(Link())
    for number in range(300):
        link.engine.submit(request(number), token=number)
    packets = link.engine.packets_to_send(link.now)
    answers = [answer for packet in packets for answer in link.server.receive(packet, link.now.mono)]
    found = link.deliver(answers[1:2])
    assert 0 < len(results(found)) < 300
    link.reconnect()
    assert sorted(results(link.settle()) + results(found)) == list(range(300))
    assert link.server.executed == {**dict.fromkeys(range(300), 1), 900: 1}


def test_S8_I22_a_lost_answer_about_states_is_asked_for_again() -> None:
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    for packet in link.engine.packets_to_send(link.now):
        link.server.receive(packet, link.now.mono)
    link.reconnect()
    lost = link.engine.packets_to_send(link.now)
    assert len(lost) == 1
    assert results(link.wait(5.0)) == []
    link.reconnect()
    assert results(link.settle()) == [1]
    assert link.server.executed[1] == 1


def test_S14_I22_a_request_that_waits_is_asked_about() -> None:
    """The answer got lost while the connection lives."""
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    for packet in link.engine.packets_to_send(link.now):
        link.server.receive(packet, link.now.mono)
    assert results(link.wait(80.0)) == [1]
    assert link.connections == 1
    assert link.server.executed[1] == 1


def test_S14_a_request_that_got_lost_is_sent_again() -> None:
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    assert len(link.engine.packets_to_send(link.now)) == 1
    assert results(link.wait(80.0)) == [1]


def test_S14_watching_many_requests_asks_about_them_together() -> None:
    link = opened(Link())
    link.server.hold = set(range(100))
    for number in range(100):
        link.engine.submit(request(number), token=number)
        link.wait(0.5)
    link.wait(120.0)
    assert len([kind for kind in link.server.log if kind == STATE_REQ]) <= 14
    link.deliver(link.server.release(link.now.mono))
    assert link.engine.pending() == []
    link.wait(120.0)
    assert link.engine._watchdog_at is None


def test_S11_S12_what_must_not_be_forgotten_survives_a_cut() -> None:
    link = opened(Link())
    link.server.hold = {1}
    link.engine.submit(request(1), token=1)
    link.settle()
    link.engine.cancel(1)
    assert len(link.engine.packets_to_send(link.now)) == 1
    link.reconnect()
    link.settle()
    assert 0x58E4A740 in link.server.log


def test_S8_ids_in_one_message_are_limited() -> None:
    link = opened(Link(limits=Limits(ids_per_message=10)))
    for number in range(25):
        link.engine.submit(request(number), token=number)
    link.engine.packets_to_send(link.now)
    link.reconnect()
    link.settle()
    assert link.server.log.count(STATE_REQ) == 3
    assert link.engine.pending() == []


# -- life and death ------------------------------------------------------------------------------------------------


def test_S13_an_idle_connection_is_pinged() -> None:
    link = opened(Link())
    found = link.wait(200.0)
    pongs = [event for event in found if isinstance(event, PongReceived)]
    assert len(pongs) == 3
    assert all(abs(pong.round_trip - 0.1) < 1e-9 for pong in pongs)
    assert link.server.log.count(PING_DELAY) == 3
    assert [body[12:] for body in link.server.bodies if u32(body) == PING_DELAY] == [struct.pack("<i", 75)] * 3


def silence(link: Link, seconds: float, *, talk: bool = False) -> float | None:
    """Nothing we send arrives; gives when the connection is given up."""
    start = link.now.mono
    while link.now.mono - start < seconds:
        link.engine.packets_to_send(link.now)
        link.clock.advance(0.5)
        if talk:
            packet = link.server.push(link.session, UPDATE, link.now.mono)
            assert link.engine.receive_packet(packet, link.now) == [UpdatesReceived(UPDATE)]
        for event in link.engine.on_timeout(link.now):
            assert event == Closed("the server does not answer")
            return link.now.mono - start
    return None


@pytest.mark.parametrize("talk", [False, True])
def test_S13_I16_a_black_hole_is_noticed(talk: bool) -> None:
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    when = silence(link, 200.0, talk=talk)
    assert when is not None
    assert when <= 30.0
    assert link.engine.on_timeout(link.now) == [], "it is said once"

    link.reconnect()
    link.settle()
    when = silence(link, 200.0, talk=talk)
    assert when is not None
    assert when <= 90.0


def test_a_slow_large_answer_is_not_taken_for_silence() -> None:
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    for _ in range(100):
        link.engine.packets_to_send(link.now)
        link.clock.advance(1.0)
        link.engine.note_progress(link.now)
        assert link.engine.on_timeout(link.now) == []


def test_I36_an_engine_without_a_connection_does_nothing_for_an_hour() -> None:
    link = opened(Link())
    link.engine.on_disconnected(link.now)
    assert link.wait(3600.0) == []


# -- acknowledgements ----------------------------------------------------------------------------------------------


def test_M16_an_idle_client_acknowledges_in_time() -> None:
    link = opened(Link())
    assert len(link.session.unacked) == 2
    link.wait(21.0)
    assert link.session.unacked == {}


def test_M16_many_are_acknowledged_at_once() -> None:
    link = opened(Link())
    for _ in range(20):
        push(link, UPDATE)
    assert len(link.session.acked) == 0
    link.settle()
    assert len(link.session.acked) == 22


def test_M16_a_large_answer_is_acknowledged_by_the_next_packet() -> None:
    link = opened(Link())
    push(link, struct.pack("<I", 0x55555555) + bytes(1 << 14))
    assert link.engine.packets_to_send(link.now) == []
    link.engine.submit(request(1), token=1)
    link.settle()
    assert link.session.unacked.keys() == {link.server._last_msg_id | 1}


def test_M16_a_large_answer_is_acknowledged_by_a_ping_too() -> None:
    link = opened(Link(limits=Limits(ack_delay=1e9, salts_wanted=0)))
    push(link, struct.pack("<I", 0x55555555) + bytes(1 << 14))
    link.wait(61.0)
    assert link.server.log[-2:] == [PING_DELAY, ACK]


def test_M16_repetitions_are_acknowledged_again_but_not_used() -> None:
    link = opened(Link(limits=Limits(ack_delay=5.0)))
    packet = link.server.push(link.session, UPDATE, link.now.mono)
    assert link.deliver([packet]) == [UpdatesReceived(UPDATE)]
    link.wait(6.0)
    link.session.acked.clear()
    assert link.deliver([packet]) == []
    assert link.engine.ignored == 1
    link.wait(6.0)
    assert len(link.session.acked) == 1


def test_M11_twenty_thousand_acknowledgements() -> None:
    link = opened(Link())
    session = link.session
    base = int(link.server.time(link.now.mono) * FRACTION) & -4
    for start in range(0, 20_000, 500):
        ids = [base + 4 * index + 1 for index in range(start, start + 500)]
        session.sent.update(ids)
        messages = [(msg_id, 1, UPDATE) for msg_id in ids]
        push(link, container(*messages), content=False, msg_id=base + 4 * (start + 500) + 3)
    link.settle()
    assert link.server.log.count(ACK) == 3
    assert len(session.acked) == 20_002


# -- what comes in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "event"), [(-429, TransportError(429)), (-444, TransportError(444))])
def test_T8_transport_errors(code: int, event: TransportError) -> None:
    assert Link().engine.receive_packet(struct.pack("<i", code), Link().now) == [event]


def test_T7_an_unknown_key_is_told_and_changes_nothing() -> None:
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    assert link.engine.receive_packet(struct.pack("<i", -404), link.now) == [KeyUnknown(404)]
    assert results(link.settle()) == [1]


def test_M1_I1_packets_of_any_length_are_refused_and_the_session_goes_on() -> None:
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    packets = link.engine.packets_to_send(link.now)
    for size in range(200):
        junk = (link.state.auth_key_id + seeded_random(size)(200))[:size]
        if size == 4:
            continue
        with pytest.raises(RemoteProtocolError):
            link.engine.receive_packet(junk, link.now)
    assert results(link.deliver(link.server.receive(packets[0], link.now.mono))) == [1]


def test_M5_messages_of_another_session_are_ignored() -> None:
    link = opened(Link())
    other = Session(12345, 0, 0)
    assert link.deliver([link.server.push(other, UPDATE, link.now.mono)]) == []
    assert link.engine.ignored == 1
    assert link.wait(30.0) == []
    assert other.unacked


@pytest.mark.parametrize("low", [0, 2])
def test_M6_ids_that_the_server_cannot_have(low: int) -> None:
    link = opened(Link())
    msg_id = int(link.server.time(link.now.mono) * FRACTION) & -4 | low
    with pytest.raises(RemoteProtocolError, match="msg_id or a size"):
        push(link, UPDATE, msg_id=msg_id)
    with pytest.raises(RemoteProtocolError, match="msg_id or a size"):
        push(link, UPDATE, msg_id=-5)
    with pytest.raises(RemoteProtocolError, match="msg_id or a size"):
        push(link, b"", msg_id=msg_id | 1)


def test_M8_a_message_in_three_containers_is_used_once() -> None:
    link = opened(Link())
    base = int(link.server.time(link.now.mono) * FRACTION) & -4
    link.session.sent.add(base + 1)
    found: list[object] = []
    for index in range(3):
        found += push(link, container((base + 1, 5, UPDATE)), content=False, msg_id=base + 7 + 4 * index)
    assert found == [UpdatesReceived(UPDATE)]
    assert link.engine.ignored == 2


def test_M16_a_repeated_container_is_acknowledged_again() -> None:
    link = opened(Link(limits=Limits(ack_delay=5.0)))
    base = int(link.server.time(link.now.mono) * FRACTION) & -4
    link.session.sent.add(base + 1)
    packet = link.server.seal(link.session, base + 7, 6, container((base + 1, 5, UPDATE)))
    assert link.deliver([packet]) == [UpdatesReceived(UPDATE)]
    link.wait(6.0)
    link.session.acked.clear()
    assert link.deliver([packet]) == []
    link.wait(6.0)
    assert link.session.acked == {base + 1}


def test_M7_I20_a_recorded_session_cannot_be_replayed() -> None:
    link = opened(Link())
    recorded = [link.server.push(link.session, UPDATE, link.now.mono) for _ in range(1500)]
    assert len(link.deliver(recorded)) == 1500
    assert link.deliver(recorded[::-1] + recorded) == []
    assert link.engine.ignored == 3000


def test_M12_a_broken_container_is_refused_as_a_whole() -> None:
    link = opened(Link())
    base = int(link.server.time(link.now.mono) * FRACTION) & -4
    inner = container((base + 1, 1, UPDATE))
    with pytest.raises(RemoteProtocolError, match="another container"):
        push(link, container((base + 1, 1, UPDATE), (base + 5, 1, inner)), content=False, msg_id=base + 11)
    # Nothing of it was used, so it is new when it comes in order.
    assert push(link, container((base + 1, 1, UPDATE)), content=False, msg_id=base + 11) == [UpdatesReceived(UPDATE)]


def test_M13_M15_a_bomb_does_not_harm_its_neighbours() -> None:
    link = opened(Link())
    base = int(link.server.time(link.now.mono) * FRACTION) & -4
    link.session.sent.update((base + 1, base + 5, base + 9))
    bomb = gzipped(bytes(40 << 20))
    found = push(
        link,
        container((base + 1, 1, UPDATE), (base + 5, 3, bomb), (base + 9, 5, UPDATE)),
        content=False,
        msg_id=base + 15,
    )
    assert found[:2] == [UpdatesReceived(UPDATE)] * 2
    assert isinstance(found[2], Closed)
    assert "larger than" in found[2].reason
    with pytest.raises(RemoteProtocolError, match="larger than"):
        push(link, bomb)


def test_M15_I7_what_is_unknown_does_not_harm_its_neighbours() -> None:
    link = opened(Link())
    link.server.hold = {1}
    link.engine.submit(request(1), token=1)
    link.settle()
    unknown = struct.pack("<I", 0x99999999) + bytes(40)
    ((_, msg_id),) = link.server.held
    answer = struct.pack("<Iq", 0xF35C6D01, msg_id) + result_of(1)
    base = int(link.server.time(link.now.mono) * FRACTION) & -4
    body = container((base + 1, 1, unknown), (base + 5, 3, answer), (base + 9, 5, UPDATE))
    assert push(link, body, content=False, msg_id=base + 15) == [
        UpdatesReceived(unknown),
        ResultReceived(1, result_of(1)),
        UpdatesReceived(UPDATE),
    ]


# -- clocks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [0.0, 3600.0, -3600.0, 86400.0])
@pytest.mark.parametrize(
    "error", [0.0, 20.0, -20.0, 31.0, -31.0, 60.0, -60.0, 290.0, -290.0, 400.0, -400.0, 86400.0, -86400.0]
)
def test_M9_I2_I21_clock_grid(error: float, jump: float) -> None:
    link = Link(wall_error=error)
    for number in range(12):
        link.engine.submit(request(number), token=number)
        link.settle()
        if number == 6:
            link.clock.jump(jump)
        link.clock.advance(3.0)
    link.wait(100.0)
    assert results(link.events) == list(range(12))
    assert link.server.executed == dict.fromkeys(range(12), 1)
    assert link.connections == 1
    corrections = [event for event in link.events if isinstance(event, TimeCorrected)]
    assert len(corrections) == (error != 0.0)
    renewals = [event for event in link.events if isinstance(event, SessionRenewed)]
    assert len(renewals) == (error > 30.0)
    # At most one refusal, for which one packet more is sent.
    assert link.server.packets <= 13 + len(link.server.log) - 12


def test_M9_the_clock_of_an_earlier_session_saves_the_refusal() -> None:
    link = Link(wall_error=4000.0)
    link.engine.state = type(link.state)(KEY, rand=seeded_random(), salt=77, time_offset=-4000.0)
    link.state = link.engine.state
    link.engine.submit(request(1), token=1)
    assert results(link.settle()) == [1]
    assert link.server.packets == 1


@pytest.mark.parametrize("wall_jump", [0.0, -3600.0])
def test_M9_I2_after_the_machine_slept(wall_jump: float) -> None:
    """The monotonic clock stood still for an hour; the wall clock went on, or is wrong as well."""
    link = opened(Link())
    link.server.offset += 3600.0
    link.clock.jump(3600.0 + wall_jump)
    link.engine.submit(request(1), token=1)
    link.wait(100.0)
    assert results(link.events) == ["opening 0", 1]
    assert link.server.executed[1] == 1
    assert link.connections == (1 if wall_jump == 0 else 2)


@pytest.mark.parametrize("seconds", [-301.0, 31.0])
def test_M9_untimely_messages_are_ignored_while_the_clock_is_right(seconds: float) -> None:
    link = opened(Link(limits=Limits(ack_delay=5.0)))
    assert push(link, UPDATE, seconds=seconds) == []
    assert push(link, UPDATE, seconds=seconds + seconds) == []
    assert link.engine.ignored == 2
    found = link.wait(10.0)
    assert [type(event) for event in found] == [PongReceived], "one ping settled that the clock is right"
    assert link.connections == 1
    assert link.session.unacked == {}
    assert push(link, UPDATE, seconds=seconds) == []
    assert [type(event) for event in link.wait(10.0)] == [PongReceived]


@pytest.mark.parametrize("shift", [-500.0, 100.0])
def test_M9_I37_when_the_clock_of_the_server_is_set(shift: float) -> None:
    link = opened(Link())
    link.wait(30.0)
    link.server.offset += shift
    if shift < 0:
        link.server._last_msg_id = 0
    assert push(link, UPDATE) == []
    found = link.wait(5.0)
    settled = [TimeCorrected, SessionRenewed, Closed] if shift < 0 else [TimeCorrected, PongReceived, Closed]
    assert [type(event) for event in found][:3] == settled
    assert link.connections == 2
    assert push(link, UPDATE) == [UpdatesReceived(UPDATE)]
    link.engine.submit(request(1), token=1)
    assert results(link.wait(20.0)) == [1]


def test_M9_an_old_answer_to_a_request_that_waits_is_used() -> None:
    link = opened(Link())
    link.server.hold = {1}
    link.engine.submit(request(1), token=1)
    link.settle()
    ((_, msg_id),) = link.server.held
    answer = struct.pack("<Iq", 0xF35C6D01, msg_id) + result_of(1)
    assert push(link, answer, seconds=-400.0) == [ResultReceived(1, result_of(1))]
    assert push(link, answer, seconds=-400.0) == [], "but not twice"


def test_M9_a_damaged_old_answer_is_a_fault() -> None:
    link = opened(Link())
    with pytest.raises(RemoteProtocolError, match="ends too early"):
        push(link, struct.pack("<Iq", 0xF35C6D01, 5), seconds=-400.0)


# -- salts ---------------------------------------------------------------------------------------------------------


def test_S6_I18_a_day_with_salts_of_half_an_hour() -> None:
    link = Link()
    link.server.rotates = True
    changes = 0
    for half_minute in range(24 * 120):
        if half_minute % 10 == 0:
            link.engine.submit(request(half_minute), token=half_minute)
        found = link.wait(30.0)
        if half_minute > 120:
            changes += sum(isinstance(event, SaltChanged) for event in found)
    assert changes == 0
    assert link.connections == 1
    assert link.engine.pending() == []
    assert link.engine.salts.known()


def test_S6_salts_survive_a_restart() -> None:
    first = Link()
    first.server.rotates = True
    first.wait(120.0)
    second = Link(first.server, salt=0, seed=2)
    second.clock = first.clock
    second.engine.salts.learn(first.engine.salts.known())
    second.engine.on_connected(second.now)
    first.clock.advance(3600.0)
    second.engine.submit(request(1), token=1)
    found = second.settle()
    assert results(found) == [1]
    assert not any(isinstance(event, SaltChanged) for event in found)


def test_S6_no_salts_are_asked_for_when_none_are_wanted() -> None:
    link = opened(Link(limits=Limits(salts_wanted=0)))
    link.wait(7200.0)
    assert 0xB921BD04 not in link.server.log


def test_S6_an_answer_about_salts_that_never_comes_is_asked_for_again() -> None:
    link = opened(Link(limits=Limits(ping_period=1e6)))
    link.clock.advance(61.0)
    assert len(link.engine.packets_to_send(link.now)) == 1
    link.wait(601.0)
    assert link.server.log.count(0xB921BD04) == 1
    assert len(link.engine.salts) > 60


def test_S6_known_salts_are_renewed_before_they_end() -> None:
    link = Link()
    link.server.rotates = True
    now = int(link.server.time(link.now.mono)) // 1800 * 1800
    known = [FutureSalt(since, since + 3600, link.server.salt_at(since)) for since in range(now, now + 9000, 1800)]
    link.engine.salts.learn(known)
    link.reconnect()
    end = known[-1].valid_until
    assert end == now + 10_800
    link.wait(end - 1900 - link.server.time(link.now.mono))
    assert 0xB921BD04 not in link.server.log
    link.wait(150.0)
    assert link.server.log.count(0xB921BD04) == 1
    assert not any(isinstance(event, SaltChanged) for event in link.events[2:])


# -- the packet itself ---------------------------------------------------------------------------------------------


def test_4A_no_msg_id_is_used_for_two_packets() -> None:
    """A resend has a new msg_id and a new seq_no."""
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    seen: set[int] = set()
    for _ in range(5):
        for packet in link.engine.packets_to_send(link.now):
            seen_now = cipher.decrypt(KEY, packet, Side.CLIENT)
            assert seen_now.msg_id not in seen
            seen.add(seen_now.msg_id)
            assert seen_now.session_id == link.state.session_id
        link.reconnect()
        link.clock.advance(1.0)
    assert len(seen) == 5


def test_packets_are_bound_to_the_salt_of_the_moment() -> None:
    link = Link(salt=123)
    link.engine.submit(request(1), token=1)
    (packet,) = link.engine.packets_to_send(link.now)
    first = cipher.decrypt(KEY, packet, Side.CLIENT)
    assert first.salt == 123
    assert first.seq_no == 1
    assert abs(first.msg_id / FRACTION - (EPOCH + 1000.0)) < 1.0
    assert first.body == request(1)


def test_S9_a_kept_back_answer_is_asked_for_and_acknowledged_after_it_came() -> None:
    link = opened(Link(limits=Limits(ack_delay=5.0)))
    link.server.hold = {1}
    link.engine.submit(request(1), token=1)
    link.settle()
    ((_, msg_id),) = link.server.held
    session = link.session
    answer = link.server.message(session, session.answers[msg_id][1], link.now.mono, content=True, low=1)
    notice = struct.pack("<Iqqii", 0x276D3EC6, msg_id, answer[0], 100, 0)
    assert link.deliver([link.server.push(session, notice, link.now.mono, content=False)]) == []
    assert answer[0] not in session.acked
    assert results(link.settle()) == [1]
    assert RESEND in link.server.log
    link.wait(6.0)
    assert answer[0] in session.acked


def test_S7_a_forgotten_session_in_mid_flight() -> None:
    link = opened(Link())
    link.server.hold = set(range(50))
    for number in range(50):
        link.engine.submit(request(number), token=number)
    link.settle()
    link.server.sessions.clear()
    link.server.held.clear()
    link.server.hold = set()
    link.engine.submit(request(50), token=50)
    found = link.wait(20.0)
    assert sorted(results(found)) == list(range(51))  # type: ignore[type-var]
    assert [event for event in found if isinstance(event, SessionCreated)] == [
        SessionCreated(link.session.first_msg_id, link.session.unique_id)
    ]
    notice = struct.pack("<Iqqq", NEW_SESSION, link.session.first_msg_id, link.session.unique_id, link.server.salt)
    assert push(link, notice) == [], "a repeated notice means nothing"
    assert max(link.server.executed.values()) == 2


def test_errors_of_requests() -> None:
    link = opened(Link())
    link.server.fail = {1: (420, "FLOOD_WAIT_30")}
    link.engine.submit(request(1), token=1)
    assert link.settle() == [ErrorReceived(1, 420, "FLOOD_WAIT_30")]
    assert link.engine.pending() == []


def test_a_new_engine_takes_it_that_there_is_a_connection() -> None:
    server = ModelServer()
    link = Link(server)
    engine = type(link.engine)(link.state, rand=seeded_random(2))
    engine.submit(request(1), token=1)
    (packet,) = engine.packets_to_send(link.now)
    assert engine.next_deadline() == link.now.mono + 10.0
    (answer,) = server.receive(packet, link.now.mono)
    assert results(engine.receive_packet(answer, link.now)) == [1]  # type: ignore[arg-type]


def test_salt_and_updates_of_a_state_request() -> None:
    """Everything a reconnection asks for is refused for its salt, and sent again at once."""
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    link.engine.packets_to_send(link.now)
    link.engine.on_disconnected(link.now)
    link.server.salt = 99
    link.engine.on_connected(link.now)
    link.engine.submit(request(2), token=2)
    found = link.settle()
    assert SaltChanged(99) in found
    assert sorted(results(found)) == [1, 2]  # type: ignore[type-var]
    assert longs(STATE_REQ, [])[:4] in {body[:4] for body in link.server.bodies}


def test_S14_answers_that_are_cut_off_again_and_again_are_not_given_up() -> None:
    link = opened(Link(limits=Limits(max_resends=2)))
    link.engine.submit(request(1), token=1)
    for packet in link.engine.packets_to_send(link.now):
        link.server.receive(packet, link.now.mono)
    for _ in range(20):
        link.reconnect()
        for _ in range(2):
            up = link.engine.packets_to_send(link.now)
            down = [answer for packet in up for answer in link.server.receive(packet, link.now.mono)]
            # What tells the state arrives, the answer itself does not.
            told = [one for one in down if u32(cipher.decrypt(KEY, one, Side.SERVER).body) != 0xF35C6D01]
            link.deliver(told)
        link.clock.advance(1.0)
    link.reconnect()
    assert results(link.settle()) == [1]
    assert link.server.executed[1] == 1


# -- bounds --------------------------------------------------------------------------------------------------------


def test_the_smallest_request_and_the_smallest_message() -> None:
    link = opened(Link())
    link.engine.submit(struct.pack("<I", 0xD1435160), token=1)
    assert len(link.engine.packets_to_send(link.now)) == 1
    assert push(link, UPDATE[:4]) == [UpdatesReceived(UPDATE[:4])]


def test_what_is_due_is_sent_even_if_nobody_says_that_time_is_up() -> None:
    link = opened(Link(limits=Limits(salts_wanted=0)))
    link.clock.advance(60.0)
    link.settle()
    assert PING_DELAY in link.server.log


def test_small_messages_are_not_acknowledged_one_by_one() -> None:
    link = opened(Link())
    push(link, UPDATE)
    for number in range(5):
        link.engine.submit(request(number), token=number)
        link.settle()
    assert ACK not in link.server.log


def test_S14_only_those_that_waited_long_are_asked_about() -> None:
    link = opened(Link(limits=Limits(salts_wanted=0)))
    link.server.hold = {1, 2}
    link.engine.submit(request(1), token=1)
    link.settle()
    first = next(iter(link.engine._inflight.sent))
    link.clock.advance(30.0)
    link.engine.submit(request(2), token=2)
    link.settle()
    link.clock.advance(30.5)
    link.settle()
    asked = [body for body in link.server.bodies if u32(body) == STATE_REQ]
    assert asked == [longs(STATE_REQ, [first])]
    assert link.engine._watchdog_at == pytest.approx(link.now.mono + 30.0, abs=1.0)
    link.reconnect()
    assert link.engine._watchdog_at == link.now.mono + 60.0


def test_M9_a_doubt_does_not_outlive_its_connection() -> None:
    link = opened(Link(limits=Limits(salts_wanted=0)))
    push(link, UPDATE, seconds=-400.0)
    link.reconnect()
    link.settle()
    assert PING_DELAY not in link.server.log
    push(link, UPDATE, seconds=-401.0)
    link.settle()
    assert link.server.log.count(PING_DELAY) == 1


def test_S11_a_lost_connection_repeats_no_service_message() -> None:
    link = opened(Link())
    link.server.hold = {1}
    link.engine.submit(request(1), token=1)
    link.settle()
    link.engine.cancel(1)
    for _ in range(3):
        link.reconnect()
    link.settle()
    assert link.server.log.count(0x58E4A740) == 1


def test_M9_a_damaged_old_answer_beside_others_is_a_fault_all_the_same() -> None:
    link = opened(Link())
    old = int((link.server.time(link.now.mono) - 400.0) * FRACTION) & -4
    broken = struct.pack("<Iq", 0xF35C6D01, 5)
    for messages in ([broken, UPDATE], [UPDATE, broken], [broken]):
        parts = [(old + 4 * place + 1, 1, body) for place, body in enumerate(messages)]
        with pytest.raises(RemoteProtocolError, match="ends too early"):
            push(link, container(*parts), content=False, msg_id=old + 43)


def test_M10_of_a_container_the_parity_of_each_message_counts() -> None:
    link = opened(Link(limits=Limits(ack_delay=5.0)))
    link.wait(6.0)
    acked = set(link.session.acked)
    base = int(link.server.time(link.now.mono) * FRACTION) & -4
    link.session.sent.update((base + 1, base + 5))
    push(link, container((base + 1, 5, UPDATE), (base + 5, 6, UPDATE)), content=False, msg_id=base + 11)
    link.wait(6.0)
    assert link.session.acked - acked == {base + 1}
    assert link.engine._window.is_content_related(base + 1)
    assert not link.engine._window.is_content_related(base + 5)
    assert not link.engine._window.is_content_related(base + 11)


def test_ordered_requests_after_one_that_was_sent_again_name_its_new_msg_id() -> None:
    link = opened(Link())
    link.server.hold = {1, 2}
    link.engine.submit(request(1), token=1)
    link.engine.submit(request(2), token=2, after=1)
    link.settle()
    pending = link.engine._inflight.get(2)
    assert pending is not None
    assert pending.after_msg_id == min(link.engine._inflight.sent)
    link.engine.submit(request(3), token=3, after="opening 0")
    link.settle()
    assert link.server.bodies[-1] == request(3)


# -- a change of the key -----------------------------------------------------------------------------------------------


def test_H17_while_requests_are_held_everything_else_goes_on() -> None:
    link = opened(Link())
    link.engine.submit(request(1), token=1)
    on_the_way = link.engine.packets_to_send(link.now)
    assert link.engine.unanswered == 1
    link.engine.hold()
    link.engine.submit(request(2), token=2)
    assert link.engine.packets_to_send(link.now) == []
    answers = [answer for packet in on_the_way for answer in link.server.receive(packet, link.now.mono)]
    assert results(link.deliver(answers)) == [1]
    assert link.engine.unanswered == 0
    # Pings and acknowledgements leave.
    link.clock.advance(70.0)
    link.engine.on_timeout(link.now)
    assert link.engine.packets_to_send(link.now)
    assert link.engine.pending() == [2]
    link.engine.release()
    assert results(link.settle()) == [2]
    assert link.server.executed[2] == 1


def test_H17_another_engine_goes_on_with_each_request_once() -> None:
    old, new = opened(Link()), opened(Link())
    for number in range(64):
        old.engine.submit(request(number), token=number)
    assert old.engine.packets_to_send(old.now)
    for number in range(64, 70):
        old.engine.submit(request(number), token=number)
    assert old.engine.unanswered == 64
    found = new.engine.take_over(old.engine)
    assert [event.token for event in found] == list(range(64))
    assert old.engine.pending() == []
    assert old.engine.packets_to_send(old.now) == []
    assert new.engine.pending() == list(range(70))
    assert sorted(results(new.settle())) == list(range(70))
    assert all(new.server.executed[number] == 1 for number in range(70))


def test_H17_what_has_to_follow_another_request_still_does() -> None:
    old, new = opened(Link()), opened(Link())
    old.engine.submit(request(1), token=1)
    old.engine.submit(request(2), token=2, after=1)
    assert old.engine.packets_to_send(old.now)
    old.engine.hold()
    old.engine.submit(request(3), token=3, after=2)
    new.engine.take_over(old.engine)
    assert results(new.settle()) == [1, 2, 3]


def test_H17_acknowledgements_leave_before_the_key_is_changed() -> None:
    link = opened(Link())
    push(link, UPDATE)
    link.engine.hold()
    assert link.engine.packets_to_send(link.now) == []
    link.engine.acknowledge()
    (packet,) = link.engine.packets_to_send(link.now)
    link.server.receive(packet, link.now.mono)
    assert link.engine.packets_to_send(link.now) == []
    assert link.session.sent <= link.session.acked


def test_a_server_that_only_answers_is_asked_for_what_it_has_to_say() -> None:
    link = opened(Link())
    link.engine.wait_for_messages(25)
    (packet,) = link.engine.packets_to_send(link.now)
    key = link.engine.state.auth_key
    data, end, _, _, _, seq_no = cipher.open_packet(key, packet[:8], packet, Side.CLIENT.x)
    assert data[32:end] == struct.pack("<Iiii", 0x9299359F, 0, 0, 25_000)
    # Nobody acknowledges it, so it does not count.
    assert seq_no % 2 == 0
    assert link.engine.packets_to_send(link.now) == []


def test_S12_a_session_of_an_earlier_connection_can_be_abandoned() -> None:
    server = ModelServer()
    first = opened(Link(server))
    number = first.state.session_id
    second = opened(Link(server, seed=2), 1)
    assert number in server.sessions
    second.engine.abandon(number)
    second.settle()
    assert number not in server.sessions
    assert second.engine.pending() == []
