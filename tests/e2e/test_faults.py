"""What goes wrong on the way, and what the program sees of it."""

from __future__ import annotations

import asyncio

import pytest

from telethon import errors, events
from telethon.tl import functions


async def test_E2_short_flood_waits_are_slept_through_long_ones_raised(telegram_server, telegram_client):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    telegram_client._sleep = sleep
    telegram_server.faults.flood_wait("messages.SendMessage", 5)
    await telegram_client.send_message("me", "hi")
    assert sum(slept) == pytest.approx(5, abs=1)
    telegram_server.faults.flood_wait("messages.SendMessage", 500)
    with pytest.raises(errors.FloodWaitError) as raised:
        await telegram_client.send_message("me", "hi")
    assert raised.value.seconds == 500


async def test_E3_errors_inside_telegram_are_tried_again(telegram_server, telegram_client):
    async def sleep(seconds):
        pass

    telegram_client._sleep = sleep
    telegram_server.faults.rpc_error("updates.GetState", 500, "INTERDC_2_CALL_ERROR", times=2)
    assert (await telegram_client(functions.updates.GetStateRequest())).pts > 0


async def test_S1_a_changed_salt_is_taken_up(telegram_server, telegram_client):
    telegram_server.faults.bad_salt()
    assert (await telegram_client(functions.updates.GetStateRequest())).pts > 0


@pytest.mark.parametrize("when", ["received", "executed", "answering", "answered"])
async def test_S8_a_lost_connection_loses_nothing_and_does_nothing_twice(
    telegram_server, telegram_client, telegram_user, when
):
    await telegram_client.get_me()
    telegram_server.faults.disconnect_after(1, when=when, method="messages.SendMessage", times=3)
    for number in range(5):
        await asyncio.wait_for(telegram_client.send_message("me", f"number {number}"), 20)
    texts = [seen.text for seen in telegram_user.chat(telegram_user).messages()]
    assert texts == [f"number {number}" for number in range(5)]


async def test_U5_what_was_said_during_a_disconnection_arrives(
    telegram_server, telegram_client, telegram_user, eventually, settled
):
    other = telegram_server.create_user("Bob", username="bob_1")
    heard = []

    @telegram_client.on(events.NewMessage(incoming=True))
    async def keep(event):
        heard.append(event.raw_text)

    await other.chat(telegram_user).send("before")
    await eventually(lambda: heard == ["before"])
    telegram_server.faults.disconnect()
    await other.chat(telegram_user).send("meanwhile")
    await eventually(lambda: len(heard) >= 2, 10)
    await other.chat(telegram_user).send("after")
    await eventually(lambda: len(heard) >= 3, 10)
    assert heard == ["before", "meanwhile", "after"]


async def test_U1_lost_updates_are_fetched(telegram_server, telegram_client, telegram_user, eventually, monkeypatch):
    other = telegram_server.create_user("Bob", username="bob_1")
    heard = []

    @telegram_client.on(events.NewMessage(incoming=True))
    async def keep(event):
        heard.append(event.raw_text)

    await other.chat(telegram_user).send("one")
    await eventually(lambda: heard == ["one"])
    sessions = telegram_server.world.sessions_of
    # For a while nobody is told anything.
    telegram_server.world.sessions_of = lambda user_id: ()
    await other.chat(telegram_user).send("two")
    await other.chat(telegram_user).send("three")
    telegram_server.world.sessions_of = sessions
    await other.chat(telegram_user).send("four")
    await eventually(lambda: len(heard) >= 4, 10)
    assert heard == ["one", "two", "three", "four"]


async def test_E4_a_device_that_is_logged_out_elsewhere_is_told(telegram_server, telegram_clients, telegram_user):
    client = await telegram_clients(telegram_user)
    await client.get_me()
    for auth in list(telegram_server.world.authorizations_of(telegram_user.id)):
        telegram_server.world.logins.leave(auth)
    with pytest.raises(errors.UnauthorizedError):
        await client(functions.updates.GetStateRequest())


async def test_requests_without_an_answer_end_when_the_client_disconnects(telegram_server, telegram_clients):
    client = await telegram_clients(telegram_server.create_user("Ann"))

    @telegram_server.on(functions.help.GetNearestDcRequest)
    async def never(request, call):
        await asyncio.Event().wait()

    asked = asyncio.ensure_future(client(functions.help.GetNearestDcRequest()))
    await asyncio.sleep(0.05)
    await client.disconnect()
    with pytest.raises((ConnectionError, asyncio.CancelledError)):
        await asyncio.wait_for(asked, 5)


async def test_E7_lists_of_numbers_are_read_whatever_is_around_the_request(telegram_server, telegram_clients):
    client = await telegram_clients(telegram_server.create_user("Ann"), receive_updates=False)

    @telegram_server.on(functions.contacts.GetContactIDsRequest)
    def numbers(request, call):
        return [request.hash, 5]

    for _ in range(2):
        client._sender.needs_introduction = True
        assert await client(functions.contacts.GetContactIDsRequest(38)) == [38, 5]
        assert await client(functions.contacts.GetContactIDsRequest(39)) == [39, 5]
