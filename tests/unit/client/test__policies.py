"""Waits and repetitions around a request, in virtual time."""

from __future__ import annotations

import logging

import pytest

from telethon import errors
from telethon._core.clock import ManualClock
from telethon.client._policies import FloodWaitPolicy, MigratePolicy, ServerErrorPolicy
from telethon.tl import functions, types

LOG = logging.getLogger("test")


class Pauses(list[float]):
    """Collects pauses, and lets the clock jump over them."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self.clock = clock

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        self.clock.advance(seconds)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def pauses(clock: ManualClock) -> Pauses:
    return Pauses(clock)


@pytest.fixture
def flood(clock: ManualClock, pauses: Pauses) -> FloodWaitPolicy:
    return FloodWaitPolicy(clock, pauses, LOG)


def typing_in(user_id: int) -> functions.messages.SetTypingRequest:
    return functions.messages.SetTypingRequest(types.InputPeerUser(user_id, 1), types.SendMessageTypingAction())


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (errors.FloodWaitError(None, capture=5), 5),
        (errors.FloodWaitError(None, capture=60), 60),
        (errors.FloodWaitError(None, capture=0), 1),
        (errors.SlowModeWaitError(None, capture=7), 7),
        (errors.FloodTestPhoneWaitError(None, capture=8), 8),
        (errors.FloodPremiumWaitError(None, capture=9), 9),
    ],
)
async def test_short_wait_is_slept(flood, pauses, error, seconds):
    assert await flood.handle(error, functions.help.GetConfigRequest(), 60)
    assert pauses == [seconds]


async def test_long_wait_is_not_slept_but_remembered(flood, pauses, clock):
    request = functions.help.GetConfigRequest()
    assert not await flood.handle(errors.FloodWaitError(request, capture=61), request, 60)
    assert pauses == []
    clock.advance(11)
    with pytest.raises(errors.FloodWaitError) as caught:
        await flood.before(functions.help.GetConfigRequest(), 49)
    assert caught.value.seconds == 50
    await flood.before(functions.help.GetConfigRequest(), 50)
    assert pauses == [50]
    await flood.before(functions.help.GetConfigRequest(), 0)
    assert pauses == [50]


async def test_wait_that_is_nearly_over_is_forgotten(flood, pauses, clock):
    request = functions.help.GetConfigRequest()
    flood.remember(errors.FloodWaitError(request, capture=100), request)
    clock.advance(97)
    await flood.before(request, 0)
    assert pauses == []
    assert flood.known == {}


async def test_waits_are_kept_per_method_and_peer(flood):
    flood.remember(errors.FloodWaitError(None, capture=100), typing_in(1))
    await flood.before(typing_in(2), 0)
    await flood.before(functions.help.GetConfigRequest(), 0)
    with pytest.raises(errors.FloodWaitError):
        await flood.before(typing_in(1), 0)
    wrapped = functions.InvokeWithTakeoutRequest(5, typing_in(1))
    with pytest.raises(errors.FloodWaitError):
        await flood.before(wrapped, 0)


async def test_slow_mode_is_not_predicted(flood):
    flood.remember(errors.SlowModeWaitError(None, capture=100), typing_in(1))
    await flood.before(typing_in(1), 0)


async def test_other_errors_are_no_waits(flood, pauses):
    request = functions.help.GetConfigRequest()
    for error in (
        errors.TwoFaConfirmWaitError(None, capture=5),
        errors.TakeoutInitDelayError(None, capture=5),
        ValueError(),
    ):
        assert not await flood.handle(error, request, 60)
        flood.remember(error, request)
    assert pauses == []
    assert flood.known == {}


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (errors.ServerError(None, "X"), True),
        (errors.RpcCallFailError(None), True),
        (errors.RpcMcgetFailError(None), True),
        (errors.InterdcCallErrorError(None, capture=3), True),
        (errors.InterdcCallRichErrorError(None, capture=3), True),
        (errors.TimedOutError(None, "X"), True),
        (errors.rpc_message_to_error(types.RpcError(-503, "Timeout"), None), True),
        (errors.AuthRestartError(None), True),
        (errors.BadRequestError(None, "X"), False),
        (errors.RPCError(None, "WHAT", 500), False),
        (ConnectionError(), False),
    ],
)
async def test_server_errors_pause_two_seconds(pauses, error, again):
    assert await ServerErrorPolicy(pauses, LOG).handle(error) is again
    assert pauses == ([2] if again else [])


@pytest.mark.parametrize(
    ("error", "authorized", "moves"),
    [
        (errors.PhoneMigrateError(None, capture=4), False, [4]),
        (errors.NetworkMigrateError(None, capture=3), False, [3]),
        (errors.UserMigrateError(None, capture=5), True, [5]),
        (errors.PhoneMigrateError(None, capture=4), True, []),
        (errors.FileMigrateError(None, capture=4), False, []),
        (errors.StatsMigrateError(None, capture=4), False, []),
    ],
)
async def test_only_the_account_moves(error, authorized, moves):
    made: list[int] = []

    async def switch(dc: int) -> None:
        made.append(dc)

    async def is_authorized() -> bool:
        return authorized

    assert await MigratePolicy(switch, is_authorized, LOG).handle(error) is bool(moves)
    assert made == moves
