"""What is done about messages that were refused, lost or given up."""

from __future__ import annotations

import struct

import pytest
from mtproto_model import (
    ACK,
    BAD_SALT,
    DESTROY,
    DROP,
    GET_SALTS,
    PING_DELAY,
    STATE_REQ,
    Link,
    i64,
    longs,
    opened,
    read_longs,
    request,
    result_of,
    u32,
)

from telethon.mtproto.events import (
    Acked,
    BadMessage,
    Closed,
    ErrorReceived,
    Event,
    PongReceived,
    Requeued,
    ResultReceived,
    SaltChanged,
    SessionRenewed,
    TimeCorrected,
)
from telethon.mtproto.inflight import Stage
from telethon.mtproto.limits import Limits

UPDATE = struct.pack("<Ii", 0x55555555, 7)


def held(link: Link, *numbers: int) -> None:
    """Send requests that the server does not answer by itself."""
    link.server.hold.update(numbers)
    for number in numbers:
        link.engine.submit(request(number), token=number)
    link.settle()


def kinds(found: list[Event]) -> list[type[Event]]:
    return [type(event) for event in found]


# -- what the engine asks for --------------------------------------------------------------------------------------


def test_what_is_asked_for() -> None:
    link = opened()
    engine = link.engine
    engine._ping(link.now.mono)
    engine._ask_salts()
    engine._drop_answer(44)
    ping, salts, drop = engine._outbox
    assert ping.body == struct.pack("<Iqi", PING_DELAY, ping.ids[0], 75)
    assert salts.body == struct.pack("<Ii", GET_SALTS, 64)
    assert drop.body == struct.pack("<Iq", DROP, 44)
    # Functions are content-related.
    assert [one.content_related for one in (ping, salts, drop)] == [True] * 3


def test_M11_S8_states_are_asked_for_in_lists_that_fit_a_message() -> None:
    link = opened(Limits(ids_per_message=2))
    held(link, 1, 2, 3)
    requests = list(link.engine._inflight.sent.values())
    link.engine._ask_state(requests, 5000.0)
    assert [read_longs(one.body) for one in link.engine._outbox] == [
        [requests[0].msg_id, requests[1].msg_id],
        [requests[2].msg_id],
    ]
    assert {one.asked_at for one in requests} == {5000.0}
    assert {u32(one.body) for one in link.engine._outbox} == {STATE_REQ}
    assert not any(one.content_related for one in link.engine._outbox)


# -- the fate of requests ------------------------------------------------------------------------------------------


def test_acceptance_is_told_once() -> None:
    link = opened()
    held(link, 1)
    (waiting,) = link.engine._inflight.sent.values()
    found: list[Event] = []
    link.engine._accept(waiting, found)
    link.engine._accept(waiting, found)
    assert found == [Acked(1)]


def test_a_failure_takes_along_what_had_to_wait_and_was_not_sent() -> None:
    link = opened()
    held(link, 1)
    link.engine.submit(request(2), token=2, after=1)
    link.engine.submit(request(3), token=3, after=2)
    link.engine.submit(request(4), token=4)
    (waiting,) = link.engine._inflight.sent.values()
    found: list[Event] = []
    link.engine._fail(waiting, BadMessage(1, 64), found)
    assert found == [
        BadMessage(1, 64),
        ErrorReceived(2, 400, "MSG_WAIT_FAILED"),
        ErrorReceived(3, 400, "MSG_WAIT_FAILED"),
    ]
    assert link.engine.pending() == [4]


def test_what_has_to_be_sent_again_after_its_predecessor_failed_fails() -> None:
    link = opened()
    held(link, 1)
    link.server.hold.add(2)
    link.engine.submit(request(2), token=2, after=1)
    link.settle()
    first, second = link.engine._inflight.sent.values()
    found: list[Event] = []
    link.engine._fail(first, BadMessage(1, 64), found)
    assert second.stage is Stage.SENT
    link.engine._requeue(second, "because", found)
    assert found == [BadMessage(1, 64), ErrorReceived(2, 400, "MSG_WAIT_FAILED")]


def test_S3_a_request_that_is_refused_for_ever_is_given_up() -> None:
    link = opened(Limits(max_resends=3))
    link.server.refuse = [20] * 4
    link.engine.submit(request(1), token=1)
    assert kinds(link.settle()) == [Requeued] * 3 + [BadMessage]
    assert link.engine.pending() == []


def test_S2_so_is_one_whose_clock_is_refused_for_ever() -> None:
    link = opened(Limits(max_resends=3))
    link.server.refuse = [17] * 4
    link.engine.submit(request(1), token=1)
    found = link.settle()
    assert [event for event in found if isinstance(event, BadMessage)] == [BadMessage(1, 17)]
    assert link.server.executed[1] == 0


def test_M16_acknowledgements_that_were_refused_are_made_again() -> None:
    link = opened(Limits(ack_delay=5.0))
    link.deliver([link.server.push(link.session, UPDATE, link.now.mono)])
    link.server.salt = 4242
    assert SaltChanged(4242) in link.wait(6.0)
    assert link.session.unacked != {}
    link.wait(6.0)
    assert link.session.unacked == {}


def test_a_service_message_that_is_refused_for_ever_is_dropped() -> None:
    link = opened(Limits(max_resends=3))
    link.server.refuse = [20] * 10
    link.engine._ask_salts()
    link.settle()
    assert len(link.server.refuse) == 6
    assert GET_SALTS not in link.server.log


def test_S5_service_messages_of_a_refused_container_are_sent_again_too() -> None:
    link = opened()
    link.server.container_limit = 2
    link.engine._ask_salts()
    link.engine.submit(request(1), token=1)
    link.engine.submit(request(2), token=2)
    found = link.settle()
    assert sorted(event.token for event in found if isinstance(event, ResultReceived)) == [1, 2]  # type: ignore[type-var]
    assert GET_SALTS in link.server.log
    assert SessionRenewed not in kinds(found)


# -- salt, clock and session ---------------------------------------------------------------------------------------


def test_S1_the_same_salt_is_no_news() -> None:
    link = opened()
    found: list[Event] = []
    link.engine._use_salt(link.state.salt, found)
    link.engine._use_salt(5, found)
    assert found == [SaltChanged(5)]


def test_M9_a_doubt_about_the_clock_is_settled_either_way() -> None:
    for shift in (0.0, 100.0):
        link = opened()
        msg_id = link.server.msg_id(link.now.mono, 3) + (200 << 32)
        link.deliver([link.server.seal(link.session, msg_id, 4, UPDATE)])
        link.server.offset += shift
        found = link.wait(1.0)
        assert kinds(found) == ([TimeCorrected, PongReceived, Closed] if shift else [PongReceived])


def test_S12_every_abandoned_session_is_destroyed() -> None:
    """Also when the next one is abandoned before the server heard of the first."""
    link = opened(Limits(fault_memory=0.0))
    first = link.state.session_id
    link.server.refuse = [32, 33]
    link.engine.submit(request(1), token=1)
    (packet,) = link.engine.packets_to_send(link.now)
    link.deliver(link.server.receive(packet, link.now.mono))
    second = link.state.session_id
    (packet,) = link.engine.packets_to_send(link.now)
    link.deliver(link.server.receive(packet, link.now.mono))
    link.settle()
    destroyed = [i64(body, 4) for body in link.server.bodies if u32(body) == DESTROY]
    assert destroyed == [first, second]
    assert link.server.sessions.keys() == {link.state.session_id}
    assert link.server.executed[1] == 1


def test_S2_a_new_session_begins_with_nothing_of_the_old() -> None:
    link = opened(Limits(ack_delay=1e6))
    link.deliver([link.server.push(link.session, UPDATE, link.now.mono)])
    link.engine._drop_answer(4)
    found: list[Event] = []
    link.engine._renew_session("because", link.now, found)
    assert found == [SessionRenewed("because")]
    assert [u32(one.body) for one in link.engine._outbox] == [DESTROY]
    assert len(link.engine._acks) == 0
    assert len(link.engine._window) == 0
    link.settle()
    assert ACK not in link.server.log


def test_S4_answers_of_the_old_session_in_the_same_packet_are_used() -> None:
    """A container that refuses one request for good and answers another: the latter is not done twice."""
    link = opened()
    held(link, 1, 2)
    first, second = link.engine._inflight.sent
    session = link.session
    refusal = link.server.message(session, struct.pack("<IqIi", 0xA7EFF811, first, 1, 32), link.now.mono, content=False)
    answer = link.server.message(
        session, struct.pack("<Iq", 0xF35C6D01, second) + result_of(2), link.now.mono, content=True, low=1
    )
    found = link.deliver(link.server.pack(session, [refusal, answer], link.now.mono))
    assert kinds(found) == [ResultReceived, SessionRenewed, Requeued]
    link.server.hold.clear()
    link.settle()
    assert link.server.executed[2] == 1


@pytest.mark.parametrize("code", [17, 35])
def test_a_server_that_refuses_every_session_loses_the_connection(code: int) -> None:
    link = opened()
    link.server.refuse = [code] * 12
    link.engine._ask_salts()
    found = link.settle()
    closed = [event for event in found if isinstance(event, Closed)]
    assert closed
    assert "one session after the other" in closed[0].reason
    assert kinds(found).index(Closed) > 5
    assert link.connections > 1


def test_a_session_fault_far_from_the_last_is_no_reason_to_give_up() -> None:
    link = opened()
    for number in range(12):
        link.server.refuse = [32]
        link.engine.submit(request(number), token=number)
        assert ResultReceived(number, result_of(number)) in link.wait(61.0)
    assert link.connections == 1


def test_S5_a_refused_container_keeps_its_session() -> None:
    link = opened()
    session_id = link.state.session_id
    link.server.refuse = [64]
    for number in range(1000):
        link.engine.submit(request(number), token=number)
    found = link.settle()
    assert sum(isinstance(event, ResultReceived) for event in found) == 1000
    assert link.state.session_id == session_id
    assert link.engine._container_messages == 500
    link.reconnect()
    assert link.engine._container_messages == 1020


def test_spoofed_salts_of_containers_change_nothing() -> None:
    link = opened()
    held(link, 1, 2)
    ids = list(link.engine._inflight.sent)
    link.deliver([link.server.push(link.session, longs(0x62D6B459, ids), link.now.mono, content=False)])
    container_id = max(ids) + 4
    body = struct.pack("<IqIiq", BAD_SALT, container_id, 4, 48, 1)
    assert link.deliver([link.server.push(link.session, body, link.now.mono, content=False)]) == []


@pytest.mark.parametrize("code", [17, 20])
def test_S3_the_last_attempt_counts(code: int) -> None:
    """As many refusals as are allowed, and the next attempt succeeds."""
    link = opened(Limits(max_resends=3))
    link.server.refuse = [code] * 3
    link.engine.submit(request(1), token=1)
    assert ResultReceived(1, result_of(1)) in link.settle()
    assert link.server.executed[1] == 1


def test_S12_the_end_of_a_session_that_is_always_refused_is_dropped() -> None:
    link = opened(Limits(max_resends=2, fault_memory=0.0))
    first = link.state.session_id
    link.server.refuse = [32] * 4
    link.engine.submit(request(1), token=1)
    for _ in range(5):
        packets = link.engine.packets_to_send(link.now)
        link.deliver([one for packet in packets for one in link.server.receive(packet, link.now.mono)])
    link.settle()
    destroyed = [i64(body, 4) for body in link.server.bodies if u32(body) == DESTROY]
    assert first not in destroyed
    assert len(destroyed) == 3


def test_a_new_session_is_pinged_from_its_beginning() -> None:
    link = opened(Limits(salts_wanted=0))
    link.engine._ping(link.now.mono)
    link.clock.advance(10.0)
    link.engine._renew_session("because", link.now, [])
    assert link.engine._liveness.deadline() == link.now.mono + 60.0
