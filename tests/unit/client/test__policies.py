"""Waits and repetitions around a request, in virtual time."""

from __future__ import annotations

import asyncio
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
        (errors.TwoFaConfirmWaitError(None, capture=10), 10),
        (errors.TakeoutInitDelayError(None, capture=60), 60),
    ],
)
async def test_E2_short_wait_is_slept(flood, pauses, error, seconds):
    assert await flood.handle(error, functions.help.GetConfigRequest(), 60)
    assert pauses == [seconds]
    assert flood.known == {}
    assert await flood.handle(error, functions.help.GetConfigRequest(), 60, is_last=True)
    assert pauses == [seconds], "after the last try nothing is waited for"
    assert not await flood.handle(error, functions.help.GetConfigRequest(), seconds - 1)


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


async def test_E2_nothing_is_sent_within_the_wait(flood, pauses, clock):
    request = functions.help.GetConfigRequest()
    flood.remember(errors.FloodWaitError(request, capture=100), request)
    clock.advance(97.5)
    with pytest.raises(errors.FloodWaitError) as raised:
        await flood.before(request, 0)
    assert raised.value.seconds == 3, "whole seconds, and never too few"
    clock.advance(2)
    await flood.before(request, 0)
    assert pauses == [0.5], "less than a second is waited for in any case"
    assert flood.known == {}
    await flood.before(request, 0)
    assert pauses == [0.5]


async def test_E2_wait_that_grows_meanwhile_is_made_in_full(flood, clock):
    request = functions.help.GetConfigRequest()
    flood.remember(errors.FloodWaitError(request, capture=10), request)
    made = []

    async def sleep(seconds):
        made.append(seconds)
        clock.advance(seconds)
        if len(made) == 1:
            flood.remember(errors.FloodWaitError(request, capture=7), request)

    flood._sleep = sleep
    await flood.before(request, 60)
    assert made == [10, 7]
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


async def test_E2_slow_mode_is_that_of_one_chat(flood):
    flood.remember(errors.SlowModeWaitError(None, capture=100), typing_in(1))
    flood.remember(errors.SlowModeWaitError(None, capture=100), typing_in(2))
    with pytest.raises(errors.SlowModeWaitError) as raised:
        await flood.before(typing_in(1), 0)
    assert raised.value.seconds == 100
    assert isinstance(raised.value.request, functions.messages.SetTypingRequest)
    flood.remember(errors.FloodWaitError(None, capture=50), typing_in(3))
    await flood.before(typing_in(4), 0)


async def test_E2_refused_in_two_chats_at_once_is_a_method_refused(flood, clock):
    flood.remember(errors.FloodWaitError(None, capture=100), typing_in(1))
    flood.remember(errors.FloodWaitError(None, capture=40), typing_in(2))
    with pytest.raises(errors.FloodWaitError) as raised:
        await flood.before(typing_in(3), 0)
    assert raised.value.seconds == 40
    with pytest.raises(errors.FloodWaitError) as raised:
        await flood.before(typing_in(1), 0)
    assert raised.value.seconds == 100, "the longer one counts"
    clock.advance(40)
    await flood.before(typing_in(3), 0)
    clock.advance(60)
    flood.remember(errors.FloodWaitError(None, capture=40), typing_in(5))
    await flood.before(typing_in(6), 0)


async def test_waits_that_can_be_ended_elsewhere_are_not_foreseen(flood):
    request = functions.account.InitTakeoutSessionRequest()
    for error in (errors.TakeoutInitDelayError(None, capture=500), errors.TwoFaConfirmWaitError(None, capture=500)):
        assert not await flood.handle(error, request, 60)
        await flood.before(request, 0)


async def test_other_errors_are_no_waits(flood, pauses):
    request = functions.help.GetConfigRequest()
    for error in (errors.PeerFloodError(None), errors.FloodError(None, "FLOOD_X"), ValueError()):
        assert not await flood.handle(error, request, 60)
    assert pauses == []
    assert flood.known == {}


async def test_waits_that_are_over_are_forgotten(flood, clock):
    for user in range(1000):
        request = typing_in(user)
        flood.remember(errors.SlowModeWaitError(None, capture=10), request)
        clock.advance(1)
    assert len(flood.known) <= 64
    assert flood.known.keys() == flood._classes.keys()


async def test_wait_put_in_by_a_program_is_a_flood_wait(flood, clock):
    flood.known[functions.help.GetConfigRequest.CONSTRUCTOR_ID] = clock.now().mono + 30
    with pytest.raises(errors.FloodWaitError):
        await flood.before(functions.help.GetConfigRequest(), 0)


async def test_E2_whoever_wants_to_know_is_told_of_each_wait(flood, pauses, caplog):
    told = []

    async def later(wait):
        told.append(wait)

    def fails(wait):
        raise RuntimeError("of no interest to the request")

    flood.listeners += [fails, later]
    wrapped = functions.InvokeWithTakeoutRequest(5, typing_in(1))
    error = errors.FloodWaitError(None, capture=5)
    with caplog.at_level(logging.INFO, "test"):
        assert await flood.handle(error, wrapped, 60)
        assert not await flood.handle(errors.FloodWaitError(None, capture=500), wrapped, 60)
        with pytest.raises(errors.FloodWaitError):
            await flood.before(wrapped, 60)
    assert told[0] == (typing_in(1), 5, True, error, False)
    assert [(wait.seconds, wait.will_sleep, wait.is_known) for wait in told[1:]] == [
        (500, False, False),
        (500, False, True),
    ]
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.INFO]
    assert lines == [
        "Telegram asks to wait 5 s before SetTypingRequest in chat 1 (FloodWaitError); waiting, then it is sent",
        "Telegram asks to wait 500 s before SetTypingRequest in chat 1 (FloodWaitError); "
        "raised, because flood_sleep_threshold is 60 s",
        "Telegram asks to wait 500 s more, as it said earlier, before SetTypingRequest in chat 1 (FloodWaitError); "
        "raised, because flood_sleep_threshold is 60 s",
    ]
    assert sum(record.levelno == logging.ERROR for record in caplog.records) == 3


async def test_log_of_a_wait_after_the_last_try_and_without_a_chat(flood, caplog):
    with caplog.at_level(logging.INFO, "test"):
        await flood.handle(errors.FloodWaitError(None, capture=5), functions.help.GetConfigRequest(), 60, is_last=True)
        request = functions.messages.SetTypingRequest(types.InputPeerSelf(), types.SendMessageTypingAction())
        await flood.handle(errors.FloodWaitError(None, capture=5), request, 60)
    assert caplog.messages == [
        "Telegram asks to wait 5 s before GetConfigRequest (FloodWaitError); raised, because it was tried often enough",
        "Telegram asks to wait 5 s before SetTypingRequest (FloodWaitError); waiting, then it is sent",
    ]


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
async def test_E3_server_errors_pause_two_seconds(pauses, error, again):
    request = functions.help.GetConfigRequest()
    assert await ServerErrorPolicy(pauses, LOG).handle(error, request) is again
    assert pauses == ([2] if again else [])
    assert await ServerErrorPolicy(pauses, LOG).handle(error, request, is_last=True) is again
    assert pauses == ([2] if again else [])


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (errors.ServerError(None, "X"), False),
        (errors.TimedOutError(None, "X"), False),
        (errors.InterdcCallErrorError(None, capture=3), False),
        # This one says itself that nothing was done.
        (errors.AuthRestartError(None), True),
    ],
)
async def test_E3_what_may_have_been_done_is_not_done_again(pauses, caplog, error, again):
    code = functions.auth.SendCodeRequest("+99900", 1, "x", types.CodeSettings())
    policy = ServerErrorPolicy(pauses, LOG)
    assert await policy.handle(error, functions.InvokeWithLayerRequest(1, code)) is again
    assert pauses == ([2] if again else [])
    assert again or "SendCodeRequest, which may have been done all the same" in caplog.text
    assert "99900" not in caplog.text


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
    assert await MigratePolicy(switch, is_authorized, LOG).handle(error, is_last=True) is bool(moves)
    assert made == moves, "after the last try nobody moves"


async def test_E1_requests_that_are_told_at_once_move_once():
    made: list[int] = []
    here = 2
    told = errors.UserMigrateError(None, capture=4)

    async def switch(dc: int) -> None:
        nonlocal here
        made.append(dc)
        if dc == 4:
            # What is asked on the way may have to move as well.
            assert await policy.handle(errors.NetworkMigrateError(None, capture=5))
        await asyncio.sleep(0)
        here = dc

    async def is_authorized() -> bool:
        return False

    policy = MigratePolicy(switch, is_authorized, LOG, where=lambda: here)
    assert await asyncio.gather(*(policy.handle(told) for _ in range(3))) == [True] * 3
    assert made == [4, 5]
    assert here == 4


async def test_E1_failed_move_does_not_block_the_next():
    made: list[int] = []

    async def switch(dc: int) -> None:
        made.append(dc)
        await asyncio.sleep(0)
        if len(made) == 1:
            raise ConnectionError("not there")

    async def is_authorized() -> bool:
        return True

    policy = MigratePolicy(switch, is_authorized, LOG)
    told = errors.UserMigrateError(None, capture=4)
    answers = await asyncio.gather(policy.handle(told), policy.handle(told), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ConnectionError, bool]
    assert made == [4, 4]
