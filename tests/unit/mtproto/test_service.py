"""What each message of the server means, in the order of the official pages."""

from __future__ import annotations

import struct

import pytest
from mtproto_model import (
    ALL_INFO,
    BAD_MSG,
    BAD_SALT,
    DESTROY,
    DESTROY_KEY,
    DESTROY_KEY_FAIL,
    DESTROY_KEY_NONE,
    DESTROY_KEY_OK,
    DESTROYED,
    DETAILED,
    FRACTION,
    GET_SALTS,
    NEW_DETAILED,
    NEW_SESSION,
    NOT_DESTROYED,
    PING,
    PING_DELAY,
    PONG,
    RESEND,
    RESEND_ANSWERS,
    RPC_ERROR,
    RPC_RESULT,
    SALTS,
    STATE_INFO,
    STATE_REQ,
    Link,
    Session,
    gzipped,
    i64,
    longs,
    opened,
    read_longs,
    read_tl_bytes,
    request,
    result_of,
    tl_bytes,
    u32,
)

from telethon.errors import RemoteProtocolError
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
    SessionCreated,
    SessionRenewed,
    TimeCorrected,
    Uncertain,
    Unreadable,
    UpdatesReceived,
)
from telethon.mtproto.limits import Limits

UPDATE = struct.pack("<Ii", 0x55555555, 7)


def sent(link: Link, number: int = 1, body: bytes | None = None, token: object = None, after: object = None) -> int:
    """Send a request that the server does not answer by itself; gives its msg_id."""
    token = number if token is None else token
    link.server.hold.add(number)
    link.engine.submit(request(number) if body is None else body, token=token, after=after)
    if body is None:
        link.settle()
    else:
        link.engine.packets_to_send(link.now)
    pending = link.engine._inflight.get(token)
    assert pending is not None
    return pending.msg_id


def asked(link: Link, constructor: int) -> dict[int, bytes]:
    """What the engine asked for on its own account and was not answered, by msg_id."""
    services = link.engine._inflight._services.items()
    return {msg_id: one.body for msg_id, one in services if u32(one.body) == constructor}


def tell(link: Link, body: bytes, *, content: bool = False) -> list[Event]:
    return link.deliver([link.server.push(link.session, body, link.now.mono, content=content)])


def answer(msg_id: int, body: bytes) -> bytes:
    return struct.pack("<Iq", RPC_RESULT, msg_id) + body


def bad_msg(msg_id: int, code: int) -> bytes:
    return struct.pack("<IqIi", BAD_MSG, msg_id, 1, code)


def rpc_error(code: int, message: str) -> bytes:
    return struct.pack("<Ii", RPC_ERROR, code) + tl_bytes(message.encode())


# -- anything ------------------------------------------------------------------------------------------------------


def test_what_is_no_service_message_is_an_update() -> None:
    assert tell(opened(), UPDATE) == [UpdatesReceived(UPDATE)]


def test_gzip_around_an_update_and_around_a_service_message() -> None:
    link = opened()
    assert tell(link, gzipped(UPDATE * 100)) == [UpdatesReceived(UPDATE * 100)]
    msg_id = sent(link)
    assert tell(link, gzipped(answer(msg_id, result_of(1)))) == [ResultReceived(1, result_of(1))]


@pytest.mark.parametrize(
    ("inside", "match"),
    [
        (gzipped(gzipped(UPDATE)), "holds another one"),
        (gzipped(struct.pack("<Ii", 0x73F1F8DC, 0)), "or a container"),
        (gzipped(b""), "is empty"),
        (gzipped(b"abc"), "is empty"),
        (struct.pack("<I", 0x3072CFA1) + tl_bytes(b"not gzip"), "damaged"),
    ],
)
def test_M13_what_must_not_be_compressed(inside: bytes, match: str) -> None:
    with pytest.raises(RemoteProtocolError, match=match):
        tell(opened(), inside)


def test_M13_R10_all_that_is_compressed_in_a_packet_has_one_limit() -> None:
    link = opened(Limits(gzip_max_bytes=1000))
    base = (int(link.server.time(link.now.mono) * FRACTION) & -4) - 4000
    link.session.sent.update(base + 1 + 4 * place for place in range(4))

    def container(*bodies: bytes) -> bytes:
        head = struct.pack("<Ii", 0x73F1F8DC, len(bodies))
        return head + b"".join(
            struct.pack("<qii", base + 1 + 4 * place, 1, len(body)) + body for place, body in enumerate(bodies)
        )

    large, small = gzipped(UPDATE * 75), gzipped(UPDATE * 50)
    found = tell(link, container(large, small, small, gzipped(UPDATE)))
    assert found[:2] == [UpdatesReceived(UPDATE * 75), UpdatesReceived(UPDATE * 50)]
    assert isinstance(found[2], Closed)
    assert "more than may be unpacked" in found[2].reason
    # Another packet has its own.
    assert tell(link, large) == [UpdatesReceived(UPDATE * 75)]


def test_M13_I7_a_small_one_that_is_damaged_leaves_room_for_its_neighbours() -> None:
    link = opened()
    base = (int(link.server.time(link.now.mono) * FRACTION) & -4) - 4000
    link.session.sent.update((base + 1, base + 5))
    damaged = struct.pack("<I", 0x3072CFA1) + tl_bytes(b"not gzip")
    good = gzipped(UPDATE * 1000)
    body = struct.pack("<Iiqii", 0x73F1F8DC, 2, base + 1, 1, len(damaged)) + damaged
    body += struct.pack("<qii", base + 5, 3, len(good)) + good
    assert tell(link, body)[0] == UpdatesReceived(UPDATE * 1000)


SHORTEST = {
    0x3072CFA1: 8,
    SALTS: 20,
    PONG: 20,
    DESTROYED: 12,
    NOT_DESTROYED: 12,
    NEW_SESSION: 28,
    0x62D6B459: 12,
    BAD_MSG: 20,
    BAD_SALT: 28,
    STATE_REQ: 12,
    STATE_INFO: 16,
    ALL_INFO: 16,
    DETAILED: 28,
    NEW_DETAILED: 20,
    RESEND: 12,
    RESEND_ANSWERS: 12,
    RPC_RESULT: 16,
}


@pytest.mark.parametrize("constructor", SHORTEST)
def test_M4_M14_nothing_is_read_behind_the_end_of_a_message(constructor: int) -> None:
    for size in range(4, SHORTEST[constructor], 4):
        # Behind the message comes random padding, which must not be taken for fields.
        with pytest.raises(RemoteProtocolError, match="ends too early"):
            tell(opened(), struct.pack("<I", constructor) + bytes(size - 4))


# -- rpc_result, rpc_error, rpc_drop_answer ------------------------------------------------------------------------


def test_an_answer_may_be_compressed() -> None:
    link = opened()
    assert tell(link, answer(sent(link), gzipped(result_of(1) * 50))) == [ResultReceived(1, result_of(1) * 50)]
    assert tell(link, answer(sent(link, 2), gzipped(rpc_error(400, "NO")))) == [ErrorReceived(2, 400, "NO")]


@pytest.mark.parametrize(
    ("body", "match"),
    [
        (gzipped(bytes(40 << 20)), "larger than"),
        (gzipped(gzipped(UPDATE)), "holds another one"),
        (gzipped(b"ab"), "is empty"),
        (struct.pack("<I", 0x3072CFA1) + b"\xff\0\0\0", "byte string"),
        (struct.pack("<I", RPC_ERROR), "rpc_error ends too early"),
        (struct.pack("<Ii", RPC_ERROR, 400) + b"\x20abc", "byte string"),
    ],
)
def test_M13_I7_an_answer_that_cannot_be_opened_fails_only_its_request(body: bytes, match: str) -> None:
    link = opened()
    first, second = sent(link), sent(link, 2)
    (event,) = tell(link, answer(first, body))
    assert isinstance(event, Unreadable)
    assert event.token == 1
    assert match in str(event.error)
    assert tell(link, answer(second, result_of(2))) == [ResultReceived(2, result_of(2))]


def test_an_error_text_that_is_no_utf8() -> None:
    link = opened()
    body = struct.pack("<Ii", RPC_ERROR, 400) + tl_bytes(b"BAD\xff")
    assert tell(link, answer(sent(link), body)) == [ErrorReceived(1, 400, "BAD\ufffd")]


def test_an_answer_nobody_waits_for_is_ignored() -> None:
    link = opened()
    msg_id = sent(link)
    assert tell(link, answer(msg_id, result_of(1))) == [ResultReceived(1, result_of(1))]
    assert tell(link, answer(msg_id, result_of(1))) == []
    assert tell(link, answer(12345, result_of(1))) == []


def test_S11_the_answer_about_a_dropped_answer_is_for_nobody_but_shows_life() -> None:
    link = opened()
    sent(link)
    link.engine.cancel(1)
    assert link.settle() == []
    assert link.engine._inflight._services.keys() <= set()


@pytest.mark.parametrize("message", ["MSG_WAIT_FAILED", "MSG_WAIT_TIMEOUT"])
def test_E6_a_wait_for_a_message_that_was_sent_again_is_repeated(message: str) -> None:
    link = opened()
    first = sent(link)
    second = sent(link, 2, after=1)
    link.engine._inflight.requeue(link.engine._inflight.sent[first])
    link.settle()
    assert [
        event.token for event in tell(link, answer(second, rpc_error(400, message))) if isinstance(event, Requeued)
    ] == [2]
    link.settle()
    found = link.deliver(link.server.release(link.now.mono))
    assert sorted(event.token for event in found if isinstance(event, ResultReceived)) == [1, 2]  # type: ignore[type-var]


def test_E6_a_wait_for_a_message_that_is_about_to_be_sent_again_is_repeated() -> None:
    link = opened()
    first = sent(link)
    second = sent(link, 2, after=1)
    link.engine._inflight.requeue(link.engine._inflight.sent[first])
    # Both are known before anything is sent again.
    (event,) = tell(link, answer(second, rpc_error(400, "MSG_WAIT_FAILED")))
    assert isinstance(event, Requeued)
    link.settle()
    found = link.deliver(link.server.release(link.now.mono))
    assert sorted(event.token for event in found if isinstance(event, ResultReceived)) == [1, 2]  # type: ignore[type-var]


def test_E6_a_wait_that_took_too_long_is_repeated_but_not_for_ever() -> None:
    link = opened(Limits(max_resends=3))
    sent(link)
    msg_id = sent(link, 2, after=1)
    for _ in range(3):
        assert isinstance(tell(link, answer(msg_id, rpc_error(400, "MSG_WAIT_TIMEOUT")))[0], Requeued)
        link.settle()
        pending = link.engine._inflight.get(2)
        assert pending is not None
        msg_id = pending.msg_id
    assert tell(link, answer(msg_id, rpc_error(400, "MSG_WAIT_TIMEOUT"))) == [ErrorReceived(2, 400, "MSG_WAIT_TIMEOUT")]


def test_E6_a_wait_for_a_message_that_is_done_is_repeated_without_it() -> None:
    link = opened()
    first = sent(link)
    second = sent(link, 2, after=1)
    assert tell(link, answer(first, result_of(1))) == [ResultReceived(1, result_of(1))]
    assert isinstance(tell(link, answer(second, rpc_error(400, "MSG_WAIT_FAILED")))[0], Requeued)
    link.settle()
    assert link.server.bodies[-1] == request(2)


def test_E6_a_wait_for_a_message_that_failed_fails() -> None:
    link = opened()
    first = sent(link)
    second = sent(link, 2, after=1)
    assert tell(link, answer(first, rpc_error(400, "NO"))) == [ErrorReceived(1, 400, "NO")]
    failure = rpc_error(400, "MSG_WAIT_FAILED")
    assert tell(link, answer(second, failure)) == [ErrorReceived(2, 400, "MSG_WAIT_FAILED")]


def test_E6_other_errors_of_a_request_that_waited_are_its_own() -> None:
    link = opened()
    sent(link)
    assert tell(link, answer(sent(link, 2, after=1), rpc_error(400, "NO"))) == [ErrorReceived(2, 400, "NO")]
    assert tell(link, answer(sent(link, 3), rpc_error(400, "MSG_WAIT_FAILED"))) == [
        ErrorReceived(3, 400, "MSG_WAIT_FAILED")
    ]


def test_E6_a_chain_stops_at_its_first_failure() -> None:
    """Ten requests in order, the third one fails: three to ten fail, whether they were sent or not."""
    link = opened(Limits(container_messages=4))
    link.server.fail = {3: (400, "NO")}
    for number in range(1, 11):
        link.engine.submit(request(number), token=number, after=number - 1 if number > 1 else None)
    packets = link.engine.packets_to_send(link.now)
    answers = [one for packet in packets[:1] for one in link.server.receive(packet, link.now.mono)]
    link.reconnect()
    found = link.deliver(answers) + link.settle()
    assert {event.token for event in found if isinstance(event, ResultReceived)} == {1, 2}
    failed = {event.token: event.message for event in found if isinstance(event, ErrorReceived)}
    assert failed == {3: "NO", **dict.fromkeys(range(4, 11), "MSG_WAIT_FAILED")}
    assert link.server.executed.keys() == {900, 1, 2}


# -- get_future_salts, future_salts --------------------------------------------------------------------------------


def test_S6_salts_are_learnt_from_the_answer_to_our_request_only() -> None:
    link = opened()
    body = struct.pack("<Iqiiiiq", SALTS, 5, 0, 1, 10, 2_000_000_000, 123)
    assert tell(link, body) == []
    assert len(link.engine.salts) == 0
    link.wait(70.0)
    assert GET_SALTS in link.server.log
    assert len(link.engine.salts) >= 63


def test_S6_an_empty_answer_is_no_harm() -> None:
    link = opened()
    link.clock.advance(61.0)
    link.engine.packets_to_send(link.now)
    (msg_id,) = asked(link, GET_SALTS)
    assert tell(link, struct.pack("<Iqii", SALTS, msg_id, 0, 0)) == []
    assert len(link.engine.salts) == 0


@pytest.mark.parametrize("count", [-1, 2, 2**31 - 1])
def test_M14_a_list_of_salts_that_does_not_fit(count: int) -> None:
    body = struct.pack("<Iqiiiiq", SALTS, 5, 0, count, 10, 20, 123)
    with pytest.raises(RemoteProtocolError, match="future salts does not fit"):
        tell(opened(), body)


def test_salts_that_the_owner_asked_for_are_his_answer() -> None:
    link = opened()
    msg_id = sent(link, body=struct.pack("<Ii", GET_SALTS, 1))
    body = struct.pack("<Iqiiiiq", SALTS, msg_id, 0, 1, 10, 20, 123)
    assert tell(link, body) == [ResultReceived(1, body)]


# -- ping, pong ----------------------------------------------------------------------------------------------------


def test_a_ping_of_the_owner_is_answered_by_its_pong() -> None:
    link = opened()
    link.engine.submit(struct.pack("<Iq", PING, 77), token="ping")
    (event,) = link.settle()
    assert isinstance(event, ResultReceived)
    assert u32(event.body) == PONG
    assert i64(event.body, 12) == 77


def test_S13_a_pong_must_belong_to_a_ping() -> None:
    link = opened(Limits(salts_wanted=0))
    link.clock.advance(60.0)
    link.engine.on_timeout(link.now)
    assert len(link.engine.packets_to_send(link.now)) == 1
    ((msg_id, ping),) = asked(link, PING_DELAY).items()
    ping_id = i64(ping, 4)
    assert tell(link, struct.pack("<Iqq", PONG, 5, ping_id)) == []
    assert tell(link, struct.pack("<Iqq", PONG, msg_id, ping_id ^ 1)) == []
    assert tell(link, struct.pack("<Iqq", PONG, msg_id, ping_id)) == [], "that one is used up"


def test_a_pong_tells_the_round_trip() -> None:
    link = opened(Limits(salts_wanted=0))
    assert [event.round_trip for event in link.wait(61.0) if isinstance(event, PongReceived)] == [pytest.approx(0.1)]


# -- destroy_session, destroy_auth_key -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [DESTROYED, NOT_DESTROYED])
def test_S12_the_end_of_an_abandoned_session_is_for_nobody(kind: int) -> None:
    link = opened()
    old = link.state.session_id
    link.server.refuse = [32]
    link.engine.submit(request(1), token=1)
    link.settle()
    assert link.state.session_id != old
    assert old not in link.server.sessions, "the server was told to forget it"
    assert DESTROY in link.server.log
    assert tell(link, struct.pack("<Iq", kind, old)) == []


@pytest.mark.parametrize("kind", [DESTROYED, NOT_DESTROYED])
def test_the_owner_may_destroy_sessions_too(kind: int) -> None:
    link = opened()
    link.server.refuse = [32]
    link.engine.submit(request(1), token=1)
    link.deliver(
        [one for packet in link.engine.packets_to_send(link.now) for one in link.server.receive(packet, 1000.2)]
    )
    # Ours is on its way as well, for another session.
    link.engine.packets_to_send(link.now)
    assert len(asked(link, DESTROY)) == 1
    sent(link, body=struct.pack("<Iq", DESTROY, 5), token="five")
    sent(link, body=struct.pack("<Iq", DESTROY, 6), token="six")
    body = struct.pack("<Iq", kind, 6)
    link.server.sessions[link.state.session_id] = Session(link.state.session_id, 0, 0)
    assert tell(link, body) == [ResultReceived("six", body)]
    assert tell(link, body) == []


@pytest.mark.parametrize("kind", [DESTROY_KEY_OK, DESTROY_KEY_NONE, DESTROY_KEY_FAIL])
def test_X9_the_owner_may_destroy_the_key(kind: int) -> None:
    link = opened()
    sent(link, body=struct.pack("<I", DESTROY_KEY), token="key")
    body = struct.pack("<I", kind)
    assert tell(link, body) == [ResultReceived("key", body)]
    assert tell(link, body) == []


# -- new_session_created -------------------------------------------------------------------------------------------


def test_S7_what_is_older_than_a_new_session_is_sent_again() -> None:
    link = opened()
    first, second = sent(link), sent(link, 2)
    found = tell(link, struct.pack("<Iqqq", NEW_SESSION, second, 555, 88), content=True)
    assert found == [
        SaltChanged(88),
        SessionCreated(second, 555),
        Requeued(1, "the server began a new session"),
    ]
    assert link.engine._inflight.sent.keys() == {second}
    assert first not in link.engine._inflight.sent
    assert link.state.salt == 88


def test_S8_what_must_not_be_done_twice_fails_when_the_server_forgets_its_session() -> None:
    link = opened()
    first, second = sent(link), sent(link, 2)
    third = sent(link, 3)
    link.engine.submit(request(4), token=4, after=2)
    link.engine.may_repeat = lambda token: token not in (2, 3)
    found = tell(link, struct.pack("<Iqqq", NEW_SESSION, third, 555, link.state.salt), content=True)
    assert found == [
        SessionCreated(third, 555),
        Requeued(1, "the server began a new session"),
        Uncertain(2, "the server began a new session"),
        ErrorReceived(4, 400, "MSG_WAIT_FAILED"),
    ]
    assert link.engine.pending() == [1, 3]
    assert {first, second}.isdisjoint(link.engine._inflight.sent)


def test_S7_the_first_message_may_be_a_container() -> None:
    link = opened()
    link.server.hold = {1, 2}
    link.engine.submit(request(1), token=1)
    link.engine.submit(request(2), token=2)
    link.settle()
    (container_id,) = {one.container_id for one in link.engine._inflight.sent.values()}
    assert container_id > max(link.engine._inflight.sent)
    body = struct.pack("<Iqqq", NEW_SESSION, container_id, 555, link.state.salt)
    assert tell(link, body) == [SessionCreated(container_id, 555)]


def test_S7_a_repeated_notice_means_nothing() -> None:
    link = opened()
    msg_id = sent(link)
    body = struct.pack("<Iqqq", NEW_SESSION, msg_id + 4, 555, 88)
    assert len(tell(link, body)) == 3
    link.settle()
    assert tell(link, body) == []
    assert len(link.engine._inflight.sent) == 1


# -- msgs_ack ------------------------------------------------------------------------------------------------------


def test_an_acknowledged_request_stays_pending() -> None:
    link = opened()
    first, second = sent(link), sent(link, 2)
    assert tell(link, longs(0x62D6B459, [first, 5, second, first])) == [Acked(1), Acked(2)]
    assert tell(link, longs(0x62D6B459, [first])) == []
    assert tell(link, longs(0x62D6B459, [5])) == []
    assert link.engine.pending() == [1, 2]


def test_S13_an_acknowledgement_shows_life() -> None:
    link = opened()
    msg_id = sent(link)
    link.clock.advance(5.0)
    before = link.engine.next_deadline()
    tell(link, longs(0x62D6B459, [msg_id]))
    after = link.engine.next_deadline()
    assert before is not None
    assert after is not None
    assert after > before


# -- bad_msg_notification, bad_server_salt -------------------------------------------------------------------------


@pytest.mark.parametrize("code", [16, 20, 48])
def test_S2_S3_I33_refusals_that_are_sent_again(code: int) -> None:
    link = opened()
    link.server.refuse = [code]
    link.engine.submit(request(1), token=1)
    assert link.settle() == [
        Requeued(1, f"the server refused it with code {code}"),
        ResultReceived(1, result_of(1)),
    ]


def test_S2_I21_a_clock_that_is_ahead_begins_a_new_session() -> None:
    link = opened()
    old = link.state.session_id
    link.server.refuse = [17]
    link.engine.submit(request(1), token=1)
    found = link.settle()
    assert [type(event) for event in found] == [SessionRenewed, Requeued, SessionCreated, ResultReceived]
    assert link.state.session_id != old
    assert link.server.executed[1] == 1


@pytest.mark.parametrize("code", [18, 19, 32, 33, 34, 35, 64])
def test_S2_S4_S5_refusals_that_begin_a_new_session(code: int) -> None:
    link = opened()
    sent(link)
    link.server.refuse = [code]
    link.engine.submit(request(2), token=2)
    link.server.hold.clear()
    found = link.settle()
    assert sorted(event.token for event in found if isinstance(event, ResultReceived)) == [1, 2]  # type: ignore[type-var]
    assert sum(isinstance(event, SessionRenewed) for event in found) == 1
    assert link.server.executed[2] == 1


@pytest.mark.parametrize("code", [17, 18, 19, 32, 33, 34, 35, 64])
def test_S8_new_session_sends_again_what_was_refused_but_nothing_else_that_must_not_be_done_twice(code: int) -> None:
    link = opened()
    sent(link)
    sent(link, 2)
    refused = sent(link, 3)
    sent(link, 4)
    link.engine.may_repeat = lambda token: token == 2
    found = tell(link, bad_msg(refused, code))
    (reason,) = [event.reason for event in found if isinstance(event, SessionRenewed)]
    # With a clock that is ahead, what left later was refused as well.
    later: list[Event] = [Requeued(4, reason) if code == 17 else Uncertain(4, reason)]
    assert [event for event in found if isinstance(event, (Requeued, Uncertain))] == [
        Uncertain(1, reason),
        Requeued(2, reason),
        Requeued(3, reason),
        *later,
    ]
    link.server.hold.clear()
    link.settle()
    assert link.engine.pending() == []
    assert link.engine._refused == set()


@pytest.mark.parametrize("code", [18, 19, 32, 33, 34, 35, 64])
def test_S2_the_second_such_refusal_within_a_minute_is_told(code: int) -> None:
    link = opened()
    link.server.refuse = [code, code]
    link.engine.submit(request(1), token=1)
    found = link.settle()
    assert [event for event in found if isinstance(event, BadMessage)] == [BadMessage(1, code)]
    assert link.engine.pending() == []
    link.wait(61.0)
    link.server.refuse = [code]
    link.engine.submit(request(2), token=2)
    assert ResultReceived(2, result_of(2)) in link.settle()


@pytest.mark.parametrize("code", [18, 19, 32, 33, 34, 35])
def test_S2_a_refusal_is_not_held_against_other_requests(code: int) -> None:
    link = opened()
    for number in range(4):
        link.server.refuse = [code]
        link.engine.submit(request(number), token=number)
        assert ResultReceived(number, result_of(number)) in link.settle()
        link.wait(1.0)
    assert {number: link.server.executed[number] for number in range(4)} == dict.fromkeys(range(4), 1)


def test_S5_a_container_that_is_too_large_is_cut_in_half() -> None:
    link = opened()
    link.server.container_limit = 100
    for number in range(1000):
        link.engine.submit(request(number), token=number)
    found = link.settle()
    assert [event for event in found if isinstance(event, BadMessage)] == []
    assert link.engine.pending() == []
    assert link.server.executed == {**dict.fromkeys(range(1000), 1), 900: 2}
    assert not any(isinstance(event, SessionRenewed) for event in found)


def test_S5_even_when_the_server_takes_no_containers_at_all() -> None:
    link = opened()
    link.server.container_limit = 1
    for number in range(100):
        link.engine.submit(request(number), token=number)
    link.settle(200)
    assert link.connections == 1
    assert link.engine.pending() == []


def test_S2_a_code_that_nobody_knows_is_told() -> None:
    link = opened()
    link.server.refuse = [99]
    link.engine.submit(request(1), token=1)
    assert link.settle() == [BadMessage(1, 99)]


@pytest.mark.parametrize("code", [16, 17, 20, 32, 64, 99])
def test_S1_refusals_of_what_was_never_sent_are_ignored(code: int) -> None:
    link = opened()
    session_id = link.state.session_id
    sent(link)
    assert tell(link, bad_msg(12345, code)) == []
    assert link.state.session_id == session_id


def test_S2_the_clock_follows_the_server_only_back_and_only_for_code_17() -> None:
    link = opened(Limits(salts_wanted=0))
    first, second = sent(link), sent(link, 2)
    msg_id = int((link.server.time(link.now.mono) - 100.0) * FRACTION) & -4 | 3
    before = link.state.server_time(link.now)
    late = link.server.seal(link.session, msg_id, 4, bad_msg(first, 16))
    assert [type(event) for event in link.deliver([late])] == [Requeued]
    assert link.state.server_time(link.now) == pytest.approx(before, abs=1.0)
    late = link.server.seal(link.session, msg_id + 4, 4, bad_msg(second, 17))
    assert TimeCorrected in [type(event) for event in link.deliver([late])]
    assert link.state.server_time(link.now) == pytest.approx(before - 100.0, abs=1.0)


def test_S1_a_new_salt_is_adopted_and_the_request_sent_again() -> None:
    link = opened()
    link.server.salt = 4242
    link.engine.submit(request(1), token=1)
    assert link.settle() == [
        SaltChanged(4242),
        Requeued(1, "the server refused it with code 48"),
        ResultReceived(1, result_of(1)),
    ]
    assert link.state.salt == 4242


def test_S1_sixty_four_requests_in_flight() -> None:
    link = opened()
    link.server.salt = 4242
    packets: list[bytes] = []
    for number in range(64):
        link.engine.submit(request(number), token=number)
        packets += link.engine.packets_to_send(link.now)
    assert len(packets) == 64
    link.deliver([one for packet in packets for one in link.server.receive(packet, link.now.mono)])
    link.settle()
    assert link.engine.pending() == []
    assert {number: link.server.executed[number] for number in range(64)} == dict.fromkeys(range(64), 1)
    assert sum(isinstance(event, SaltChanged) for event in link.events) == 1


def test_S1_a_made_up_msg_id_changes_nothing() -> None:
    link = opened()
    sent(link)
    salt = link.state.salt
    assert tell(link, struct.pack("<IqIiq", BAD_SALT, 12345, 1, 48, 4242)) == []
    assert link.state.salt == salt


def test_S1_the_salt_is_that_of_the_whole_packet() -> None:
    """The notice names one message of a container; all of them were refused."""
    link = opened()
    link.engine.submit(request(1), token=1)
    link.engine.submit(request(2), token=2)
    link.engine.packets_to_send(link.now)
    first = next(iter(link.engine._inflight.sent))
    link.server.salt = 4242
    found = tell(link, struct.pack("<IqIiq", BAD_SALT, first, 1, 48, 4242))
    assert [event.token for event in found if isinstance(event, Requeued)] == [1, 2]
    link.settle()
    assert link.engine.pending() == []


def test_S6_I18_salts_that_turn_out_wrong_are_fetched_anew() -> None:
    link = opened()
    link.wait(70.0)
    assert len(link.engine.salts) > 0
    count = link.server.log.count(GET_SALTS)
    link.server.salt = 4242
    link.engine.submit(request(1), token=1)
    assert ResultReceived(1, result_of(1)) in link.settle()
    link.wait(1.0)
    assert link.server.log.count(GET_SALTS) == count + 1
    assert SaltChanged(4242) in link.events
    assert all(salt.salt == 4242 for salt in link.engine.salts.known())


# -- msgs_state_req, msgs_state_info, msgs_all_info ----------------------------------------------------------------


def test_S10_states_are_told_as_they_are() -> None:
    link = opened(Limits(ack_delay=5.0))
    session = link.session
    update = link.server.message(session, UPDATE, link.now.mono, content=True)
    pong = link.server.message(session, struct.pack("<Iqq", PONG, 1, 1), link.now.mono, content=False)
    link.deliver([link.server.seal(session, *update)])
    link.wait(6.0)
    fresh = link.server.message(session, UPDATE, link.now.mono, content=True)
    link.deliver([link.server.seal(session, *one) for one in (pong, fresh)])
    ids = [update[0], pong[0], fresh[0], fresh[0] - 4, fresh[0] + (1 << 40), 1]
    question = link.server.message(session, longs(STATE_REQ, ids), link.now.mono, content=False)
    link.deliver([link.server.seal(session, *question)])
    link.settle()
    (told,) = (body for body in link.server.bodies if u32(body) == STATE_INFO)
    assert i64(told, 4) == question[0]
    # Acknowledged; needs no acknowledgement; not yet acknowledged; and three that were never received.
    assert read_tl_bytes(told, 12) == bytes([4 | 8, 4 | 16, 4, 2, 3, 2])


def test_S10_forgotten_messages_are_told_to_be() -> None:
    link = opened(Limits(window_size=3))
    for _ in range(5):
        tell(link, UPDATE, content=True)
    tell(link, longs(STATE_REQ, [5]))
    link.settle()
    (told,) = (body for body in link.server.bodies if u32(body) == STATE_INFO)
    assert read_tl_bytes(told, 12) == bytes([1])


def states(link: Link, told: bytes) -> list[Event]:
    """Ask about all that was sent, and answer."""
    ids = list(link.engine._inflight.sent)
    link.engine.on_connected(link.now)
    link.engine.packets_to_send(link.now)
    (msg_id,) = (msg_id for msg_id, one in link.engine._inflight._services.items() if one.ids == tuple(ids))
    return tell(link, struct.pack("<Iq", STATE_INFO, msg_id) + tl_bytes(told))


def test_S8_what_the_server_has_forgotten_is_sent_again_only_if_it_may_be_done_twice() -> None:
    link = opened()
    for number in (1, 2, 3, 4):
        sent(link, number)
    link.engine.may_repeat = lambda token: token == 2
    assert states(link, bytes([1, 1, 2, 3])) == [
        Uncertain(1, "the server does not know any more whether it received it"),
        Requeued(2, "the server did not receive it"),
        # These it would know if it had received them.
        Requeued(3, "the server did not receive it"),
        Requeued(4, "the server did not receive it"),
    ]


def test_S8_what_the_server_does_not_have_is_sent_again() -> None:
    link = opened()
    for number in range(1, 9):
        sent(link, number)
    found = states(link, bytes([1, 2, 3, 4, 4 | 8, 4 | 32, 4 | 32 | 64, 3 | 128]))
    assert found == [
        *(Requeued(number, "the server did not receive it") for number in (1, 2, 3)),
        *(Acked(number) for number in (4, 5, 6, 7)),
        Requeued(8, "the server did not receive it"),
    ]
    pending = link.engine._inflight.get(7)
    assert pending is not None
    link.engine.packets_to_send(link.now)
    assert [read_longs(body) for body in asked(link, RESEND_ANSWERS).values()] == [[pending.msg_id]]


def test_S8_states_of_what_was_answered_meanwhile_do_not_matter() -> None:
    link = opened()
    msg_id = sent(link)
    link.engine.on_connected(link.now)
    link.engine.packets_to_send(link.now)
    (question,) = (one for one, service in link.engine._inflight._services.items() if service.ids == (msg_id,))
    tell(link, answer(msg_id, result_of(1)))
    assert tell(link, struct.pack("<Iq", STATE_INFO, question) + tl_bytes(b"\1")) == []


def test_S8_the_wrong_number_of_states_is_a_fault() -> None:
    link = opened()
    sent(link)
    with pytest.raises(RemoteProtocolError, match="2 states were told for 1 messages"):
        states(link, bytes([4, 4]))


def test_S8_states_nobody_asked_for_are_ignored() -> None:
    link = opened()
    sent(link)
    assert tell(link, struct.pack("<Iq", STATE_INFO, 5) + tl_bytes(b"\1")) == []


def test_S8_states_may_come_unasked() -> None:
    link = opened()
    first, second = sent(link), sent(link, 2)
    found = tell(link, longs(ALL_INFO, [first, 5, second]) + tl_bytes(bytes([1, 1, 4])))
    assert found == [Requeued(1, "the server did not receive it"), Acked(2)]


def test_S9_states_in_place_of_an_answer() -> None:
    """The server cannot send an answer again because it does not know the request: it is sent again."""
    link = opened()
    first, second = sent(link), sent(link, 2)
    states(link, bytes([4 | 64, 4 | 64]))
    link.engine.packets_to_send(link.now)
    (question,) = asked(link, RESEND_ANSWERS)
    found = tell(link, struct.pack("<Iq", STATE_INFO, question) + tl_bytes(bytes([1, 4 | 64])))
    assert found == [Requeued(1, "the server did not receive it")]
    assert link.engine._inflight.sent.keys() == {second}
    assert first != second
    assert all(u32(one.body) != RESEND_ANSWERS for one in link.engine._outbox), "no endless circle"


def test_S8_an_answer_that_cannot_be_asked_for_is_made_anew() -> None:
    """Where that does no harm; else nobody knows what became of the request."""
    link = opened()
    link.engine.may_repeat = lambda token: token == 1
    sent(link), sent(link, 2)
    states(link, bytes([4 | 64, 4 | 64]))
    link.engine.packets_to_send(link.now)
    (question,) = asked(link, RESEND_ANSWERS)
    error = struct.pack("<Ii", RPC_ERROR, 400) + tl_bytes(b"INPUT_METHOD_INVALID_2249243371")
    reason = "the server does not send its answer again"
    assert tell(link, struct.pack("<Iq", RPC_RESULT, question) + error) == [Requeued(1, reason), Uncertain(2, reason)]
    link.server.hold.clear()
    link.settle()
    assert link.engine.pending() == []


def test_S9_states_in_place_of_a_message_say_nothing_about_requests() -> None:
    link = opened()
    sent(link)
    tell(link, struct.pack("<Iqii", NEW_DETAILED, link.server.msg_id(link.now.mono, 3), 10, 0))
    link.engine.packets_to_send(link.now)
    (question,) = asked(link, RESEND)
    assert tell(link, struct.pack("<Iq", STATE_INFO, question) + tl_bytes(b"\1")) == []


def test_S14_an_answer_that_is_announced_for_ever_fails_its_request() -> None:
    link = opened(Limits(max_resends=3))
    msg_id = sent(link)
    info = longs(ALL_INFO, [msg_id]) + tl_bytes(bytes([4 | 64]))
    assert tell(link, info) == [Acked(1)]
    assert tell(link, info) == []
    assert tell(link, info) == []
    (event,) = tell(link, info)
    assert isinstance(event, Unreadable)
    assert event.token == 1
    assert "does not send the answer" in str(event.error)
    assert link.engine.pending() == []


# -- msg_detailed_info, msg_new_detailed_info ----------------------------------------------------------------------


@pytest.mark.parametrize("about_request", [True, False])
def test_S9_what_was_received_is_acknowledged_and_not_asked_for(about_request: bool) -> None:
    link = opened(Limits(ack_delay=5.0))
    msg_id = sent(link)
    update = link.server.message(link.session, UPDATE, link.now.mono, content=True)
    link.deliver([link.server.seal(link.session, *update)])
    link.wait(6.0)
    link.session.acked.clear()
    if about_request:
        tell(link, struct.pack("<Iqqii", DETAILED, msg_id, update[0], 10, 0))
    else:
        tell(link, struct.pack("<Iqii", NEW_DETAILED, update[0], 10, 0))
    link.wait(6.0)
    assert RESEND not in link.server.log
    assert link.session.acked == {update[0]}


def test_S9_an_update_that_was_held_back_is_asked_for() -> None:
    link = opened()
    update = link.server.message(link.session, UPDATE, link.now.mono, content=True)
    assert tell(link, struct.pack("<Iqii", NEW_DETAILED, update[0], 10, 0)) == []
    assert link.settle() == [UpdatesReceived(UPDATE)]


def test_S9_the_answer_to_what_was_given_up_is_neither_asked_for_nor_acknowledged() -> None:
    link = opened(Limits(ack_delay=5.0))
    assert tell(link, struct.pack("<Iqqii", DETAILED, 5, 4093, 10, 0)) == []
    link.wait(6.0)
    assert RESEND not in link.server.log
    assert 4093 not in link.session.acked


# -- msg_resend_req, msg_resend_ans_req ----------------------------------------------------------------------------


def test_S10_what_the_server_asks_for_is_sent_again_under_a_new_id() -> None:
    link = opened(Limits(salts_wanted=0))
    msg_id = sent(link)
    link.clock.advance(60.0)
    link.engine.on_timeout(link.now)
    link.engine.packets_to_send(link.now)
    (ping_id,) = asked(link, PING_DELAY)
    assert tell(link, longs(RESEND, [msg_id, ping_id])) == [Requeued(1, "the server asked for it again")]
    link.settle()
    assert msg_id not in link.engine._inflight.sent
    assert all(u32(body) != STATE_INFO for body in link.server.bodies)
    assert link.server.log.count(PING_DELAY) == 1


def test_S10_states_are_told_when_one_of_them_is_unknown() -> None:
    link = opened()
    msg_id = sent(link)
    question = link.server.message(link.session, longs(RESEND, [5, msg_id]), link.now.mono, content=False)
    found = link.deliver([link.server.seal(link.session, *question)])
    assert found == [Requeued(1, "the server asked for it again")]
    link.settle()
    (told,) = (body for body in link.server.bodies if u32(body) == STATE_INFO)
    assert i64(told, 4) == question[0]
    assert len(read_tl_bytes(told, 12)) == 2


def test_S10_we_have_no_answers_to_send_again() -> None:
    link = opened()
    tell(link, longs(RESEND_ANSWERS, [5]))
    link.settle()
    (told,) = (body for body in link.server.bodies if u32(body) == STATE_INFO)
    assert read_tl_bytes(told, 12) == b"\2"


# -- signs of life -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["answer", "state info", "refusal", "salt", "acknowledgement", "dropped answer"])
def test_S13_what_answers_us_shows_life(how: str) -> None:
    link = opened(Limits(salts_wanted=0))
    first, second = sent(link), sent(link, 2)
    if how == "dropped answer":
        link.engine.cancel(1)
        link.engine.packets_to_send(link.now)
        (drop_id,) = asked(link, 0x58E4A740)
        body = answer(drop_id, struct.pack("<I", 0xCD78E586))
    elif how == "state info":
        link.engine._ask_state(link.engine._inflight.sent.values(), link.now.mono)
        link.engine.packets_to_send(link.now)
        (question,) = asked(link, STATE_REQ)
        body = struct.pack("<Iq", STATE_INFO, question) + tl_bytes(bytes([4, 4]))
    else:
        body = {
            "answer": answer(first, result_of(1)),
            "refusal": bad_msg(first, 20),
            "salt": struct.pack("<IqIiq", BAD_SALT, first, 1, 48, 5),
            "acknowledgement": longs(0x62D6B459, [first]),
        }[how]
    link.clock.advance(8.0)
    tell(link, body)
    assert link.engine._liveness.deadline() == pytest.approx(link.now.mono + 10.0)
    assert second in link.engine._inflight.sent


def test_S13_what_comes_unasked_shows_none() -> None:
    link = opened(Limits(salts_wanted=0))
    sent(link)
    before = link.engine._liveness.deadline()
    link.clock.advance(8.0)
    tell(link, UPDATE)
    tell(link, longs(0x62D6B459, [5]))
    assert link.engine._liveness.deadline() == before


def test_S12_a_session_is_destroyed_once() -> None:
    link = opened()
    link.server.refuse = [32]
    link.engine.submit(request(1), token=1)
    link.settle()
    link.reconnect()
    link.wait(30.0)
    assert link.server.log.count(DESTROY) == 1


def test_S2_a_clock_that_is_refused_for_ever_fails_the_request() -> None:
    link = opened(Limits(max_resends=2))
    link.server.refuse = [17] * 3
    link.engine.submit(request(1), token=1)
    assert BadMessage(1, 17) in link.settle()


def test_S6_salts_that_turn_out_wrong_are_not_used_any_more() -> None:
    link = opened()
    link.wait(70.0)
    link.server.salt = 4242
    link.engine.submit(request(1), token=1)
    link.engine.packets_to_send(link.now)
    tell(link, struct.pack("<IqIiq", BAD_SALT, next(iter(link.engine._inflight.sent)), 1, 48, 4242))
    assert len(link.engine.salts) == 0
