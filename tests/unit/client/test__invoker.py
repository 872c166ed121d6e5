"""One request and several, on their way through the invoker."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from telethon import errors
from telethon._core.clock import ManualClock
from telethon.client._invoker import RequestInvoker
from telethon.client._policies import FloodWaitPolicy, MigratePolicy, ServerErrorPolicy
from telethon.tl import functions, types
from telethon.tl.tlobject import TLRequest

LOG = logging.getLogger("test")
CONFIG = functions.help.GetConfigRequest


class Sender:
    """Answers requests from a list; the last answer is given for ever."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[Any] = []
        self.ordered: list[bool] = []

    def send(self, request: Any, ordered: bool = False) -> Any:
        if isinstance(request, list):
            return [self.send(one, ordered) for one in request]
        self.sent.append(request)
        self.ordered.append(ordered)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        future = asyncio.get_running_loop().create_future()
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        elif answer is not ...:
            future.set_result(answer)
        return future


class Names:
    """Resolves every name to user 7."""

    async def get_input_entity(self, peer: Any) -> Any:
        return types.InputPeerUser(7, 70) if isinstance(peer, str) else peer

    async def _get_input_dialog(self, dialog: Any) -> Any:
        return types.InputDialogPeer(await self.get_input_entity(dialog))

    async def _get_input_notify(self, notify: Any) -> Any:
        return types.InputNotifyPeer(await self.get_input_entity(notify))


class World:
    def __init__(self, **options: Any) -> None:
        self.pauses: list[float] = []
        self.moves: list[int] = []
        self.learnt: list[object] = []
        self.clock = ManualClock()
        self.invoker = RequestInvoker(
            flood=FloodWaitPolicy(self.clock, self.pause, LOG),
            server_errors=ServerErrorPolicy(self.pause, LOG),
            migrate=MigratePolicy(self.move, self.nobody, LOG),
            learn=self.learn,
            init_connection=lambda request: functions.InvokeWithLayerRequest(1, request),
            retries=options.pop("retries", 5),
            raise_last_error=options.pop("raise_last_error", False),
            receive_updates=options.pop("receive_updates", True),
            log=LOG,
        )

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.advance(seconds)

    async def move(self, dc: int) -> None:
        self.moves.append(dc)

    async def nobody(self) -> bool:
        return False

    async def learn(self, answer: object) -> None:
        self.learnt.append(answer)

    async def __call__(self, sender: Sender, request: Any, **options: Any) -> Any:
        return await self.invoker.invoke(sender, request, resolver=Names(), **options)


async def test_answer_is_returned_and_learnt_from():
    world = World()
    assert await world(Sender(1), CONFIG()) == 1
    assert world.learnt == [1]


async def test_names_are_resolved_in_place():
    sender = Sender(True)
    request = functions.messages.SetTypingRequest("somebody", types.SendMessageTypingAction())
    await World()(sender, request)
    assert sender.sent == [request]
    assert request.peer == types.InputPeerUser(7, 70)


@pytest.mark.parametrize("value", [CONFIG, "x", b"x", types.PeerUser(1), None, 5, [CONFIG], [5]])
async def test_only_requests_can_be_invoked(value):
    sender = Sender(1)
    with pytest.raises(TypeError, match="You can only invoke requests, not types!"):
        await World()(sender, value)
    assert sender.sent == []


@pytest.mark.parametrize(("retries", "tries"), [(0, 1), (1, 2), (5, 6)])
async def test_E3_server_errors_are_tried_again_so_often(retries, tries):
    world, sender = World(retries=retries), Sender(errors.ServerError(None, "X"))
    with pytest.raises(ValueError, match=rf"Request was unsuccessful {tries} time\(s\)") as caught:
        await world(sender, CONFIG())
    assert isinstance(caught.value.__cause__, errors.ServerError)
    assert len(sender.sent) == tries
    assert world.pauses == [2] * (tries - 1), "after the last try nothing is waited for"


@pytest.mark.parametrize("failures", range(7))
async def test_E3_attempts_and_delays_are_exact(failures):
    world, sender = World(), Sender(*[errors.ServerError(None, "X")] * failures, 1)
    if failures <= 5:
        assert await world(sender, CONFIG()) == 1
    else:
        with pytest.raises(ValueError, match=r"unsuccessful 6 time\(s\), last because of ServerError"):
            await world(sender, CONFIG())
    assert len(sender.sent) == min(failures, 5) + 1
    assert world.pauses == [2] * min(failures, 5)


async def test_E3_what_would_be_done_twice_is_not_sent_again():
    for error in (errors.ServerError(None, "X"), errors.TimedOutError(None, "Timeout"), errors.RpcCallFailError(None)):
        world, sender = World(), Sender(error, 1)
        with pytest.raises(type(error)):
            await world(sender, functions.messages.CreateChatRequest(["somebody"], "A group"))
        assert len(sender.sent) == 1
        assert world.pauses == []
    world, sender = World(), Sender(errors.ServerError(None, "X"), 1)
    assert await world(sender, functions.messages.SendMessageRequest("somebody", "hi")) == 1, "it has a random_id"
    assert len({request.random_id for request in sender.sent}) == 1


async def test_without_limit_it_goes_on():
    world, sender = World(retries=-1), Sender(*[errors.ServerError(None, "X")] * 20, 1)
    assert await world(sender, CONFIG()) == 1
    assert len(sender.sent) == 21


async def test_last_error_may_be_wanted():
    with pytest.raises(errors.ServerError):
        await World(raise_last_error=True)(Sender(errors.ServerError(None, "X")), CONFIG())


async def test_flood_wait_under_the_threshold_of_the_call():
    world = World()
    sender = Sender(errors.FloodWaitError(None, capture=5), 1)
    assert await world(sender, CONFIG(), threshold=5) == 1
    assert world.pauses == [5]


async def test_flood_wait_over_the_threshold_of_the_call():
    world = World()
    sender = Sender(errors.FloodWaitError(None, capture=5), 1)
    with pytest.raises(errors.FloodWaitError):
        await world(sender, CONFIG(), threshold=4)
    with pytest.raises(errors.FloodWaitError):
        await world(sender, CONFIG(), threshold=4)
    assert len(sender.sent) == 1, "a wait that is known is not tested again"
    assert world.pauses == []


async def test_migration_goes_on_in_the_other_data_centre():
    world = World()
    sender = Sender(errors.PhoneMigrateError(None, capture=4), errors.NetworkMigrateError(None, capture=2), 1)
    assert await world(sender, CONFIG()) == 1
    assert world.moves == [4, 2]


async def test_introduces_itself_again_when_asked():
    sender = Sender(errors.ConnectionNotInitedError(None), 1)
    request = CONFIG()
    assert await World()(sender, request) == 1
    assert sender.sent[1] == functions.InvokeWithLayerRequest(1, request)


@pytest.mark.parametrize("error", [errors.BadRequestError(None, "X"), ConnectionError("gone"), asyncio.TimeoutError()])
async def test_other_errors_come_out(error):
    sender = Sender(error)
    with pytest.raises(type(error)):
        await World()(sender, CONFIG())
    assert len(sender.sent) == 1


async def test_wrapped_when_updates_are_not_wanted():
    sender = Sender(1)
    await World(receive_updates=False)(sender, CONFIG())
    assert sender.sent == [functions.InvokeWithoutUpdatesRequest(CONFIG())]


@pytest.mark.parametrize("make", [list, tuple, iter])
async def test_several_requests_give_several_answers(make):
    world, sender = World(), Sender(1, 2, 3)
    answers = await world(sender, make([CONFIG(), functions.help.GetNearestDcRequest(), CONFIG()]))
    assert answers == [1, 2, 3]
    assert world.learnt == [1, 2, 3]
    assert sender.ordered == [False] * 3


async def test_no_requests_give_no_answers():
    assert await World()(Sender(1), []) == []


@pytest.mark.parametrize("request_", [CONFIG(), [CONFIG(), CONFIG()]])
async def test_order_is_passed_on(request_):
    sender = Sender(1)
    await World()(sender, request_, ordered=True)
    assert all(sender.ordered)


async def test_some_failures_are_told_together():
    world = World()
    requests: list[TLRequest[Any]] = [CONFIG(), functions.help.GetNearestDcRequest(), CONFIG()]
    wait = errors.FloodWaitError(None, capture=61)
    with pytest.raises(errors.MultiError) as caught:
        await world(Sender(1, wait, 3), requests)
    assert caught.value.exceptions == [None, wait, None]
    assert caught.value.results == [1, None, 3]
    assert caught.value.requests == requests
    assert len(world.invoker.flood.known) == 1


async def test_one_request_in_a_list_fails_like_one_alone():
    sender = Sender(errors.ServerError(None, "X"), 1)
    assert await World()(sender, [CONFIG()]) == [1]
    with pytest.raises(errors.BadRequestError):
        await World()(Sender(errors.BadRequestError(None, "X")), [CONFIG()])


async def test_giving_up_lets_go_of_all_requests():
    futures: list[asyncio.Future[Any]] = []

    class Silent(Sender):
        def send(self, request: Any, ordered: bool = False) -> Any:
            answer = super().send(request, ordered)
            if isinstance(answer, list):
                futures.extend(answer)
            return answer

    task = asyncio.ensure_future(World()(Silent(...), [CONFIG(), CONFIG()]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [future.cancelled() for future in futures] == [True, True]


# -- introducing the client --------------------------------------------------------------------------------------------


async def test_E6_one_of_several_is_sent_again_when_the_server_did_not_know_us():
    world = World()
    sender = Sender(1, errors.ConnectionNotInitedError(None), 3, 2)
    assert await world(sender, [CONFIG(), CONFIG(), CONFIG()]) == [1, 2, 3]
    assert [type(request) for request in sender.sent] == [CONFIG] * 3 + [functions.InvokeWithLayerRequest]
    assert sorted(world.learnt) == [1, 2, 3]


async def test_E6_introduced_once_and_then_the_error_comes_out():
    world = World()
    sender = Sender(errors.ConnectionNotInitedError(None))
    with pytest.raises(errors.ConnectionNotInitedError):
        await world(sender, CONFIG())
    assert len(sender.sent) == 2


@pytest.mark.parametrize("several", [False, True])
async def test_E7_next_request_introduces_us_when_the_sender_says_so(several):
    world = World()
    sender: Any = Sender(5)
    sender.needs_introduction = True
    await world(sender, [CONFIG(), CONFIG()] if several else CONFIG())
    await world(sender, CONFIG())
    assert isinstance(sender.sent[0], functions.InvokeWithLayerRequest)
    assert not any(isinstance(request, functions.InvokeWithLayerRequest) for request in sender.sent[1:])
    assert not sender.needs_introduction


async def test_F4_sender_may_introduce_us_in_its_own_way():
    world = World()
    sender: Any = Sender(errors.ConnectionNotInitedError(None), 5)
    sender.introduce = functions.InvokeWithoutUpdatesRequest
    assert await world(sender, CONFIG()) == 5
    assert isinstance(sender.sent[1], functions.InvokeWithoutUpdatesRequest)


async def test_learning_need_not_be_a_coroutine():
    world = World()
    learnt = []
    world.invoker._learn = learnt.append
    assert await world(Sender(5), CONFIG()) == 5
    assert await world(Sender(5), [CONFIG(), CONFIG()]) == [5, 5]
    assert learnt == [5, 5, 5]


# -- what is refused in a list of requests -----------------------------------------------------------------------------

NEAREST = functions.help.GetNearestDcRequest


def flood(seconds: int) -> errors.RPCError:
    return errors.FloodWaitError(None, capture=seconds)


async def test_E2_only_the_flooded_request_of_several_waits():
    world = World()
    sender = Sender(1, flood(30), 3, 2)
    assert await world(sender, [CONFIG(), NEAREST(), CONFIG()]) == [1, 2, 3]
    assert [type(request) for request in sender.sent] == [CONFIG, NEAREST, CONFIG, NEAREST]
    assert world.pauses == [30]
    assert sorted(world.learnt) == [1, 2, 3]
    assert world.invoker.flood.known == {}


async def test_E2_flooded_requests_of_a_list_wait_at_once_and_not_one_after_the_other():
    world = World()
    sleeping: list[asyncio.Event] = []
    all_sleep = asyncio.Event()

    async def pause(seconds: float) -> None:
        world.pauses.append(seconds)
        sleeping.append(asyncio.Event())
        if len(sleeping) == 3:
            all_sleep.set()
        await sleeping[-1].wait()

    world.invoker.flood._sleep = pause
    sender = Sender(flood(9), flood(9), flood(9), 1, 2, 3)
    answers = asyncio.create_task(world(sender, [CONFIG(), CONFIG(), CONFIG()]))
    await asyncio.wait_for(all_sleep.wait(), 5)
    # They wake one after the other, so that it is known which of them gets which answer.
    for event in sleeping:
        event.set()
    assert await answers == [1, 2, 3]
    assert world.pauses == [9, 9, 9]


async def test_E2_known_wait_of_one_of_several_does_not_hold_the_others_back():
    world = World()
    with pytest.raises(errors.FloodWaitError):
        await world(Sender(flood(20)), NEAREST(), threshold=0)
    sent_at: list[tuple[Any, list[float]]] = []

    class Noting(Sender):
        def send(self, request: Any, ordered: bool = False) -> Any:
            if not isinstance(request, list):
                sent_at.append((type(request), list(world.pauses)))
            return super().send(request, ordered)

    sender = Noting(1, 3, 2)
    assert await world(sender, [CONFIG(), NEAREST(), CONFIG()]) == [1, 2, 3]
    assert sent_at == [(CONFIG, []), (CONFIG, []), (NEAREST, [20])]


async def test_E2_nothing_of_a_list_is_sent_when_one_cannot_be_prepared():
    """Neither at once nor later, by a task that nobody waits for."""
    world = World()
    with pytest.raises(errors.FloodWaitError):
        await world(Sender(flood(20)), NEAREST(), threshold=0)
    sender = Sender(1)

    class Unknown(Names):
        async def get_input_entity(self, peer: Any) -> Any:
            raise ValueError("nobody has this name")

    several = [NEAREST(), functions.messages.SendMessageRequest("nobody", "hi")]
    with pytest.raises(ValueError, match="nobody has"):
        await world.invoker.invoke(sender, several, resolver=Unknown())
    for _ in range(5):
        await asyncio.sleep(0)
    assert sender.sent == []
    assert world.pauses == []


async def test_E2_known_wait_that_is_too_long_fails_its_request_only():
    world = World()
    with pytest.raises(errors.FloodWaitError):
        await world(Sender(flood(100)), NEAREST())
    sender = Sender(1, 3)
    with pytest.raises(errors.MultiError) as raised:
        await world(sender, [CONFIG(), NEAREST(), CONFIG()])
    assert [type(error) for error in raised.value.exceptions] == [type(None), errors.FloodWaitError, type(None)]
    assert raised.value.results == [1, None, 3]
    assert [type(request) for request in sender.sent] == [CONFIG, CONFIG]
    with pytest.raises(errors.MultiError):
        await world(sender, [NEAREST(), NEAREST()])
    assert len(sender.sent) == 2, "nothing at all was sent"


async def test_E3_server_errors_in_a_list_are_tried_again_and_told_as_they_are():
    world, sender = World(retries=2), Sender(1, errors.ServerError(None, "X"), 3, errors.ServerError(None, "Y"), 2)
    assert await world(sender, [CONFIG(), NEAREST(), CONFIG()]) == [1, 2, 3]
    assert world.pauses == [2, 2]
    world, sender = World(retries=1), Sender(1, errors.ServerError(None, "X"))
    with pytest.raises(errors.MultiError) as raised:
        await world(sender, [CONFIG(), NEAREST()])
    assert [type(error) for error in raised.value.exceptions] == [type(None), errors.ServerError]
    assert len(sender.sent) == 3


async def test_E1_requests_of_a_list_move_once_and_only_when_all_are_answered():
    world = World()
    here = [2]
    sender = Sender(*[errors.UserMigrateError(None, capture=5)] * 2, 3, 1, 2)

    async def move(dc: int) -> None:
        assert len(world.learnt) == 1, "the third answer came over the old connection"
        world.moves.append(dc)
        await asyncio.sleep(0)
        here[0] = dc

    world.invoker._migrate._switch = move
    world.invoker._migrate._where = lambda: here[0]
    assert sorted(await world(sender, [CONFIG(), CONFIG(), CONFIG()])) == [1, 2, 3]
    assert world.moves == [5]


@pytest.mark.parametrize("error", [flood(30), errors.ServerError(None, "X")], ids=["flood", "server"])
async def test_E6_ordered_chain_goes_on_behind_the_request_that_was_tried_again(error):
    world = World()
    undone = [errors.MsgWaitFailedError(None) for _ in range(7)]
    sender = Sender(0, 1, error, *undone, 2, 3, 4, 5, 6, 7, 8, 9)
    requests = [NEAREST() if number == 2 else CONFIG() for number in range(10)]
    assert await world(sender, requests, ordered=True) == list(range(10))
    assert sender.sent == requests + requests[2:]
    assert all(sender.ordered)
    assert world.pauses == [30 if isinstance(error, errors.FloodWaitError) else 2]
    assert world.learnt == list(range(10))


async def test_E6_ordered_chain_ends_at_the_request_that_fails():
    world = World()
    undone = [errors.MsgWaitFailedError(None) for _ in range(7)]
    bad = errors.BadRequestError(None, "X")
    sender = Sender(0, 1, bad, *undone)
    with pytest.raises(errors.MultiError) as raised:
        await world(sender, [CONFIG() for _ in range(10)], ordered=True)
    assert raised.value.exceptions == [None, None, bad, *undone]
    assert raised.value.results[:2] == [0, 1]
    assert len(sender.sent) == 10
    assert world.pauses == []


async def test_E6_ordered_chain_is_not_tried_for_ever():
    world, sender = World(retries=2), Sender(1, flood(5))
    with pytest.raises(errors.MultiError) as raised:
        await world(sender, [CONFIG(), CONFIG()], ordered=True)
    assert [type(error) for error in raised.value.exceptions] == [type(None), errors.FloodWaitError]
    assert len(sender.sent) == 4
    assert world.pauses == [5, 5]


async def test_E6_ordered_chain_introduces_itself_once():
    world = World()
    unknown = errors.ConnectionNotInitedError(None)
    sender = Sender(unknown, errors.MsgWaitFailedError(None), 1, 2)
    assert await world(sender, [CONFIG(), CONFIG()], ordered=True) == [1, 2]
    kinds = [type(request) for request in sender.sent]
    assert kinds == [CONFIG, CONFIG, functions.InvokeWithLayerRequest, CONFIG]
    with pytest.raises(errors.MultiError):
        await world(Sender(unknown), [CONFIG(), CONFIG()], ordered=True)


async def test_giving_up_a_list_stops_those_that_wait():
    world = World()
    is_sleeping = asyncio.Event()

    async def pause(seconds: float) -> None:
        is_sleeping.set()
        await asyncio.Event().wait()

    world.invoker.flood._sleep = pause
    before = asyncio.all_tasks()
    task = asyncio.ensure_future(world(Sender(1, flood(30)), [CONFIG(), CONFIG()]))
    await is_sleeping.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == before


async def test_giving_up_before_moving_leaves_nothing_behind():
    world = World()

    class Half(Sender):
        def send(self, request: Any, ordered: bool = False) -> Any:
            moved = asyncio.get_running_loop().create_future()
            moved.set_exception(errors.UserMigrateError(None, capture=4))
            return [moved, asyncio.get_running_loop().create_future()]

    task = asyncio.ensure_future(world(Half(1), [CONFIG(), CONFIG()]))
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert world.moves == []
