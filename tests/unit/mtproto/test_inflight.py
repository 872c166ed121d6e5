"""The requests that were not answered, and what else was sent."""

from __future__ import annotations

from telethon.mtproto.inflight import InFlight, Request, Service, ServiceKind, Stage

ROOM = 1 << 20


def add(inflight: InFlight, *tokens: str, after: str | None = None) -> list[Request]:
    before = None if after is None else inflight.get(after)
    return [inflight.add(token, token.encode() * 4, before) for token in tokens]


def send(inflight: InFlight, msg_id: int) -> Request:
    request = inflight.take(ROOM)
    assert request is not None
    inflight.mark_sent(request, msg_id, 1.0)
    return request


def drain(inflight: InFlight) -> list[object]:
    found: list[object] = []
    while (request := inflight.take(ROOM)) is not None:
        found.append(request.token)
    return found


def service(kind: ServiceKind = ServiceKind.PING) -> Service:
    return Service(kind, b"ping", True, (1,))


def test_requests_are_taken_in_order() -> None:
    inflight = InFlight(10)
    assert inflight.take(ROOM) is None
    assert not inflight.has_queued()
    add(inflight, "a", "b", "c")
    assert inflight.has_queued()
    assert inflight.tokens() == ["a", "b", "c"]
    assert drain(inflight) == ["a", "b", "c"]
    assert inflight.tokens() == ["a", "b", "c"], "taken is not answered"


def test_M11_a_request_that_does_not_fit_stays() -> None:
    inflight = InFlight(10)
    add(inflight, "long")
    assert inflight.take(15) is None
    assert inflight.has_queued()
    assert inflight.take(16) is not None


def test_small_requests_are_taken_together_up_to_one_that_needs_thought() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b")
    inflight.add("made", b"", None, bytes)
    add(inflight, "c")
    assert [request.token for request in inflight.take_small(9, ROOM, 512)] == ["a", "b"]
    assert inflight.take_small(9, ROOM, 512) == []
    assert drain(inflight) == ["made", "c"]


def test_M11_small_requests_stop_at_the_limits() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b", "c", "long")
    assert len(inflight.take_small(1, ROOM, 8)) == 1
    # A body of four bytes takes twenty: the second may begin within the room, the third may not.
    assert [request.token for request in inflight.take_small(9, 20, 8)] == ["b"]
    assert [request.token for request in inflight.take_small(9, ROOM, 8)] == ["c"], "the last one is not small"
    assert drain(inflight) == ["long"]


def test_small_requests_wait_for_others_and_for_their_turn() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b", "c")
    cancelled = inflight.get("b")
    assert cancelled is not None
    inflight.finish(cancelled, Stage.CANCELLED)
    add(inflight, "d", after="c")
    assert [request.token for request in inflight.take_small(9, ROOM, 512)] == ["a", "c"]
    assert drain(inflight) == ["d"]


def test_life_of_a_request() -> None:
    inflight = InFlight(10)
    (request,) = add(inflight, "a")
    assert request.stage is Stage.QUEUED
    assert request.is_pending
    assert send(inflight, 40) is request
    assert request.stage is Stage.SENT
    assert request.is_pending
    assert (request.msg_id, request.asked_at) == (40, 1.0)
    assert inflight.sent == {40: request}
    inflight.finish(request, Stage.SUCCEEDED)
    assert not request.is_pending
    assert request.body == b""
    assert inflight.get("a") is None
    assert inflight.sent == {}


def test_requeued_requests_come_back_in_their_order() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b", "c", "d")
    sent = [send(inflight, msg_id) for msg_id in (4, 8, 12)]
    sent[1].acked = True
    for request in sent:
        inflight.requeue(request)
    assert not sent[1].acked
    assert drain(inflight) == ["a", "b", "c", "d"]


def test_requeueing_the_first_needs_no_sorting() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b")
    inflight.requeue(send(inflight, 4))
    assert drain(inflight) == ["a", "b"]


def test_S11_cancelled_requests_take_no_room() -> None:
    inflight = InFlight(10)
    for number in range(10_000):
        (request,) = add(inflight, f"{number}")
        inflight.finish(request, Stage.CANCELLED)
    assert inflight.tokens() == []
    assert len(inflight._queue) <= 17


def test_S11_cancelled_requests_are_passed_over() -> None:
    inflight = InFlight(10)
    requests = add(inflight, "a", "b", "c")
    inflight.finish(requests[0], Stage.CANCELLED)
    inflight.finish(requests[2], Stage.CANCELLED)
    assert drain(inflight) == ["b"]
    assert not inflight.has_queued()


def test_followers_are_those_that_wait_directly_or_not() -> None:
    inflight = InFlight(10)
    (first,) = add(inflight, "first")
    add(inflight, "sent", after="first")
    (second,) = add(inflight, "second", after="first")
    add(inflight, "other")
    (third,) = add(inflight, "third", after="second")
    assert inflight.followers(third) == []
    assert [send(inflight, 4).token, send(inflight, 8).token] == ["first", "sent"]
    assert inflight.followers(first) == [second, third]


def test_a_container_is_found_by_its_id_until_the_server_has_it() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b")
    items = [send(inflight, 4), send(inflight, 8)]
    ping = service()
    inflight.remember_service(ping, 12)
    inflight.remember_container(16, [*items, ping])
    assert inflight.find(16) == [*items, ping]
    assert inflight.find(16) == [], "it was refused, and that once"

    inflight.remember_container(16, [*items])
    inflight.accepted(items[1])
    assert items[1].acked
    assert inflight.find(16) == []


def test_S5_a_container_is_found_after_one_of_it_was_cancelled() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b", "c")
    items = [send(inflight, 4), send(inflight, 8), send(inflight, 12)]
    inflight.remember_container(16, [*items])
    inflight.finish(items[0], Stage.CANCELLED)
    inflight.requeue(items[1])
    assert inflight.find(16) == [items[2]]


def test_an_answer_shows_that_the_container_was_received() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b")
    items = [send(inflight, 4), send(inflight, 8)]
    inflight.remember_container(16, [*items])
    inflight.finish(items[0], Stage.SUCCEEDED)
    inflight.finish(items[1], Stage.FAILED)
    assert inflight.find(16) == []


def test_what_was_sent_again_belongs_to_its_new_container() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b")
    items = [send(inflight, 4), send(inflight, 8)]
    inflight.remember_container(12, [*items])
    inflight.requeue(items[0])
    send(inflight, 20)
    inflight.remember_container(24, [items[0]])
    assert inflight.find(12) == [items[1]]


def test_S1_what_was_in_the_packet_of_a_message() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b", "c")
    items = [send(inflight, 4), send(inflight, 8)]
    alone = send(inflight, 20)
    inflight.remember_container(12, [*items])
    assert inflight.find_packet(4) == items
    assert inflight.find_packet(20) == [alone]
    assert inflight.find_packet(28) == []
    assert inflight.find_packet(8) == [items[1]], "the rest is sent again already"


def test_service_messages_are_found_once() -> None:
    inflight = InFlight(10)
    ping, drop = service(), service(ServiceKind.DROP)
    inflight.remember_service(ping, 4)
    inflight.remember_service(drop, 8)
    assert inflight.services(ServiceKind.DROP) == [drop]
    assert inflight.service(4) is ping
    assert inflight.service(4) is None
    assert inflight.find(8) == [drop]
    assert inflight.find(8) == []


def test_a_service_message_that_was_answered_is_not_found_in_its_container() -> None:
    inflight = InFlight(10)
    ping, drop = service(), service(ServiceKind.DROP)
    inflight.remember_service(ping, 4)
    inflight.remember_service(drop, 8)
    inflight.remember_container(12, [ping, drop])
    inflight.service(4)
    assert inflight.find(12) == [drop]


def test_R6_memory_of_what_was_sent_is_bounded() -> None:
    inflight = InFlight(3)
    for msg_id in range(0, 400, 8):
        inflight.remember_service(service(), msg_id)
        inflight.remember_container(msg_id + 4, [])
    assert list(inflight._services) == [376, 384, 392]
    assert list(inflight._containers) == [380, 388, 396]


def test_R6_few_acknowledgements_are_remembered() -> None:
    inflight = InFlight(1000)
    acks = [service(ServiceKind.ACK) for _ in range(100)]
    for number, ack in enumerate(acks):
        inflight.remember_service(ack, 4 * number)
    assert inflight.find(0) == []
    assert inflight.find(4 * 83) == []
    assert [inflight.find(4 * number) for number in range(84, 100)] == [[ack] for ack in acks[84:]]
    assert inflight.find(4 * 99) == []


def test_an_acknowledgement_is_forgotten_with_what_was_sent() -> None:
    inflight = InFlight(3)
    ack = service(ServiceKind.ACK)
    inflight.remember_service(ack, 4)
    inflight.remember_container(8, [ack])
    assert inflight.find_packet(8) == [ack]
    inflight.remember_service(ack, 12)
    assert list(inflight.forget_sent()) == []
    assert inflight.find(12) == []


def test_forget_sent_gives_the_service_messages() -> None:
    inflight = InFlight(3)
    ping = service()
    inflight.remember_service(ping, 4)
    inflight.remember_container(8, [ping])
    assert list(inflight.forget_sent()) == [ping]
    assert inflight.find(8) == inflight.find(4) == []


def test_S15_clear_forgets_everything() -> None:
    inflight = InFlight(3)
    first, second = add(inflight, "a", "b")
    send(inflight, 4)
    inflight.remember_service(service(), 8)
    inflight.clear()
    assert inflight.tokens() == []
    assert inflight.sent == {}
    assert not inflight.has_queued()
    assert inflight.find(8) == []
    assert not first.is_pending
    assert not second.is_pending


def test_H17_what_is_held_is_not_taken() -> None:
    inflight = InFlight(10)
    add(inflight, "a", "b")
    inflight.held = True
    assert not inflight.has_queued()
    assert not inflight.has_several()
    assert inflight.take(ROOM) is None
    add(inflight, "c")
    inflight.held = False
    assert inflight.has_several()
    assert drain(inflight) == ["a", "b", "c"]


def test_H17_requests_are_handed_over_in_their_order() -> None:
    old, new = InFlight(10), InFlight(10)
    add(new, "first")
    add(old, "a", "b", "c", "d")
    sent = send(old, 4)
    send(old, 8)
    gone = old.get("c")
    assert gone is not None
    old.finish(gone, Stage.CANCELLED)
    sent.claims = 3
    sent.acked = True
    old.requeue(sent)
    add(old, "e")
    old.hand_over(new)
    # What was sent stays: whoever wants it sent again says so first.
    assert old.tokens() == ["b"]
    assert not old.has_queued()
    assert new.tokens() == ["first", "a", "d", "e"]
    assert (sent.claims, sent.acked) == (0, False)
    add(new, "f")
    assert drain(new) == ["first", "a", "d", "e", "f"]
