"""Connections that break all the time, before, during and after the work of the server."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from mtproto_model import Link, request
from slow import SLOW

from telethon.mtproto.events import ResultReceived, SessionCreated, SessionRenewed

CONNECTIONS = 10_000 if SLOW else 500


@pytest.mark.parametrize("seed", range(2))
def test_R2_S8_I3_nothing_is_lost_and_nothing_is_done_twice(seed: int) -> None:
    rand = random.Random(seed)
    link = Link()
    engine, server = link.engine, link.server
    answered: Counter[object] = Counter()
    number = 0
    found = 0
    while link.connections < CONNECTIONS:
        for _ in range(rand.randint(0, 8)):
            number += 1
            engine.submit(request(number, rand.choice([0, 0, 0, 2000])), token=number)
        up = engine.packets_to_send(link.now)
        link.clock.advance(rand.random())
        arrived = up[: rand.randint(0, len(up))] if rand.random() < 0.5 else up
        down = [answer for packet in arrived for answer in server.receive(packet, link.now.mono)]
        link.clock.advance(rand.random())
        for event in link.deliver(down[: rand.randint(0, len(down))] if rand.random() < 0.5 else down):
            answered[event.token if isinstance(event, ResultReceived) else type(event)] += 1
        found += len(down)
        if rand.random() < 0.7 or arrived is not up:
            link.reconnect()
        if rand.random() < 0.01:
            server.salt = rand.randint(1, 1000)
    for event in link.wait(200.0):
        answered[event.token if isinstance(event, ResultReceived) else type(event)] += 1
    assert engine.pending() == []
    assert number > CONNECTIONS
    assert {token: count for token, count in answered.items() if isinstance(token, int)} == dict.fromkeys(
        range(1, number + 1), 1
    )
    assert server.executed == dict.fromkeys(range(1, number + 1), 1)
    assert answered[SessionCreated] <= 1
    assert answered[SessionRenewed] == 0
    assert len(server.sessions) == 1
    inflight = engine._inflight
    assert inflight.sent == {}
    assert len(inflight._services) <= 1024
    assert len(inflight._containers) <= 1024
