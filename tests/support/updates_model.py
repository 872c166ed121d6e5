"""A server's boxes of events, a channel that loses and shuffles, and a driver for the message box. All in virtual time.

The truth is the list of events of each box. Whatever the channel does to what is pushed, in the end the driver must
have got the truth, in order, each event once.
"""

from __future__ import annotations

import datetime
import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telethon._updates import MessageBox, Wanted
from telethon.tl import types

DATE = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
ACCOUNT, SECRET = "account", "secret"
CHANNELS = (101, 102, 103, 104, 105)
BOXES = (ACCOUNT, SECRET, *CHANNELS)


def message(msg_id: int, channel_id: int | None = None) -> types.Message:
    peer = types.PeerUser(50) if channel_id is None else types.PeerChannel(channel_id)
    return types.Message(id=msg_id, peer_id=peer, date=DATE, message=str(msg_id))


@dataclass
class Event:
    """One event of a box: the count after it, by how much it raised it, and what it is called."""

    box: Any
    end: int
    count: int
    name: int

    def as_update(self) -> Any:
        if self.box == SECRET:
            return types.UpdateNewEncryptedMessage(
                types.EncryptedMessageService(chat_id=1, date=DATE, bytes=b"", random_id=self.name), self.end
            )
        if self.box == ACCOUNT:
            if self.count == 1:
                return types.UpdateNewMessage(message(self.name), self.end, 1)
            return types.UpdateDeleteMessages([self.name] * self.count, self.end, self.count)
        if self.count == 1:
            return types.UpdateNewChannelMessage(message(self.name, self.box), self.end, 1)
        return types.UpdateDeleteChannelMessages(self.box, [self.name] * self.count, self.end, self.count)


def name_of(update: Any) -> tuple[Any, int] | None:
    """The box and the name of an event in an update."""
    if isinstance(update, types.UpdateNewEncryptedMessage):
        return SECRET, update.message.random_id
    if isinstance(update, types.UpdateNewMessage):
        return ACCOUNT, update.message.id
    if isinstance(update, types.UpdateDeleteMessages):
        return ACCOUNT, update.messages[0]
    if isinstance(update, types.UpdateNewChannelMessage):
        return update.message.peer_id.channel_id, update.message.id
    if isinstance(update, types.UpdateDeleteChannelMessages):
        return update.channel_id, update.messages[0]
    return None


@dataclass
class Server:
    """The boxes, and answers to questions about them."""

    start: int = 10
    slice_size: int = 1000
    #: Whether the answer about the account tells which channels have more to tell.
    hints: bool = True
    events: dict[Any, list[Event]] = field(default_factory=dict)
    names: Any = field(default_factory=lambda: itertools.count(1))

    def add(self, box: Any, count: int = 1) -> Event:
        """Something happens."""
        event = Event(box, self.pts(box) + count, count, next(self.names))
        self.events.setdefault(box, []).append(event)
        return event

    def pts(self, box: Any) -> int:
        found = self.events.get(box)
        return found[-1].end if found else self.start

    def state(self, pts: int | None = None, qts: int | None = None) -> types.updates.State:
        return types.updates.State(
            self.pts(ACCOUNT) if pts is None else pts, self.pts(SECRET) if qts is None else qts, DATE, 0, 0
        )

    def after(self, box: Any, pts: int) -> list[Event]:
        return [event for event in self.events.get(box, []) if event.end > pts]

    def answer(self, wanted: Wanted) -> Any:
        """What the server knows now."""
        if wanted.state_only:
            return self.state()
        if wanted.channel_id is None:
            return self._difference(wanted)
        return self._channel_difference(wanted)

    def _difference(self, wanted: Wanted) -> Any:
        account, secret = self.after(ACCOUNT, wanted.pts), self.after(SECRET, wanted.qts)
        boxes = [box for box in self.events if isinstance(box, int)] if self.hints else []
        hints = [types.UpdateChannelTooLong(box, self.pts(box)) for box in boxes]
        if not account and not secret and not hints:
            return types.updates.DifferenceEmpty(DATE, 0)
        is_slice = len(account) + len(secret) > self.slice_size
        account = account[: self.slice_size]
        secret = secret[: self.slice_size - len(account)]
        state = self.state(account[-1].end if account else wanted.pts, secret[-1].end if secret else wanted.qts)
        news = [event.as_update() for event in account]
        fields = (
            [one.message for one in news if isinstance(one, types.UpdateNewMessage)],
            [event.as_update().message for event in secret],
            [one for one in news if not isinstance(one, types.UpdateNewMessage)] + hints,
            [],
            [],
        )
        if is_slice:
            return types.updates.DifferenceSlice(*fields, intermediate_state=state)
        return types.updates.Difference(*fields, state=state)

    def _channel_difference(self, wanted: Wanted) -> Any:
        events = self.after(wanted.channel_id, wanted.pts)
        if not events:
            return types.updates.ChannelDifferenceEmpty(max(wanted.pts, self.start), final=True)
        part = events[: self.slice_size]
        news = [event.as_update() for event in part]
        return types.updates.ChannelDifference(
            pts=part[-1].end,
            new_messages=[one.message for one in news if isinstance(one, types.UpdateNewChannelMessage)],
            other_updates=[one for one in news if not isinstance(one, types.UpdateNewChannelMessage)],
            chats=[],
            users=[],
            final=len(part) == len(events),
        )


class Driver:
    """Drives a message box against a server: pushes arrive and questions are answered at moments that are drawn.

    Args:
        server: the server.
        latency: gives the seconds that a question takes to the server, and its answer back.
        fails: says of each question whether it fails.
    """

    def __init__(
        self,
        server: Server,
        latency: Callable[[], float] = lambda: 0.05,
        fails: Callable[[Wanted], bool] = lambda wanted: False,
    ) -> None:
        self.server = server
        self.latency = latency
        self.fails = fails
        self.now = 100.0
        self.box = MessageBox(self.now)
        self.got: list[tuple[Any, int]] = []
        self.asked: list[tuple[float, Wanted]] = []
        self.on_way: dict[Any, int] = {}
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        #: The connection; what is on its way over an earlier one never arrives.
        self._link = 0
        self._open: list[Wanted] = []
        self.restarts = 0
        self.reconnects = 0

    def at(self, when: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (when, next(self._numbers), what))

    def push(self, when: float, *events: Event) -> None:
        """Let a container with these events arrive."""
        updates = [event.as_update() for event in events]
        link = self._link

        def arrive() -> None:
            if link == self._link:
                self.take(self.box.process(types.Updates(updates, [], [], DATE, 0), self.now))

        self.at(when, arrive)

    def take(self, ready: list[Any]) -> None:
        self.got.extend(name for update in ready if (name := name_of(update)) is not None)

    def run(self, until: float) -> None:
        """Let time pass."""
        while True:
            self._ask()
            deadline = self.box.next_deadline
            due = [self._agenda[0][0]] if self._agenda else []
            if deadline is not None:
                due.append(deadline)
            when = min(due, default=until)
            if when > until:
                break
            self.now = max(self.now, when)
            if self._agenda and self._agenda[0][0] <= self.now:
                heapq.heappop(self._agenda)[2]()
            self.box.check_deadlines(self.now)
            if not due:
                break
        self.now = until

    def settle(self) -> None:
        """Let time pass until nothing is asked any more: answers of one event each take their time."""
        self.run(self.now + 120)
        while self._open:
            self.run(self.now + 120)

    def _ask(self) -> None:
        for wanted in self.box.next_requests(self.now):
            self.asked.append((self.now, wanted))
            self.on_way[wanted.channel_id] = self.on_way.get(wanted.channel_id, 0) + 1
            assert self.on_way[wanted.channel_id] == 1, "two questions at once about one box"
            self._open.append(wanted)
            self.at(self.now + self.latency(), lambda wanted=wanted, link=self._link: self._reach(wanted, link))

    def _reach(self, wanted: Wanted, link: int) -> None:
        if link == self._link:
            answer = None if self.fails(wanted) else self.server.answer(wanted)
            self.at(self.now + self.latency(), lambda: self._back(wanted, answer) if link == self._link else None)

    def reconnect(self) -> None:
        """The connection breaks and is made again: what was on its way is lost."""
        self.reconnects += 1
        self._link += 1
        lost, self._open = self._open, []
        for wanted in lost:
            self.on_way[wanted.channel_id] -= 1
            self.box.failed(wanted, self.now)
        self.box.retry_now()
        self.box.trigger("connected again", self.now)

    def restart(self) -> None:
        """The program ends and begins again, from what was written with the updates that were handed out."""
        from telethon._updates import ChannelState

        self.restarts += 1
        self._link += 1
        self._open.clear()
        self.on_way.clear()
        known = {one: pts for one in CHANNELS if (pts := self.box.channel_pts(one)) is not None}
        old, self.box = self.box, MessageBox(self.now)
        self.box.load(
            self.server.state(old.pts, old.qts), [ChannelState(one, pts) for one, pts in known.items()], self.now
        )
        self.box.trigger("begin", self.now)
        self.box.trigger_all_channels("begin", self.now)

    def _back(self, wanted: Wanted, answer: Any) -> None:
        if wanted in self._open:
            self._open.remove(wanted)
        self.on_way[wanted.channel_id] -= 1
        box = self.box
        if answer is None:
            box.failed(wanted, self.now)
        elif wanted.state_only:
            self.take(box.set_state(answer, self.now))
        elif wanted.channel_id is None:
            self.take(box.apply_difference(wanted, answer, {}, self.now))
        else:
            self.take(box.apply_channel_difference(wanted, answer, {}, self.now))

    def got_of(self, box: Any) -> list[int]:
        """The names of the events of one box, as they were handed out."""
        return [name for one, name in self.got if one == box]

    def load(self, channels: tuple[int, ...] = ()) -> None:
        """Begin where the server stands."""
        from telethon._updates import ChannelState

        self.box.load(self.server.state(), [ChannelState(one, self.server.pts(one)) for one in channels], self.now)


def check_truth(driver: Driver, server: Server) -> None:
    """Every event was handed out once, in order, and the state is that of the server."""
    for box in BOXES:
        truth = server.events.get(box, [])
        got = driver.got_of(box)
        assert Counter(got) == Counter(event.name for event in truth), box
        # A difference tells messages and other events apart, and not how they were mixed.
        for single in (True, False):
            expected = [event.name for event in truth if (event.count == 1) == single]
            names = set(expected)
            assert [name for name in got if name in names] == expected, box
        if isinstance(box, int):
            assert driver.box.channel_pts(box) == server.pts(box)
    assert (driver.box.pts, driver.box.qts) == (server.pts(ACCOUNT), server.pts(SECRET))


def run_lossy(
    rand: random.Random,
    count: int,
    *,
    drop: float,
    double: float,
    late: float,
    fail: float,
    slice_size: int = 1000,
    breaks: float = 0.0,
    ends: float = 0.0,
    hints: bool = True,
) -> Driver:
    """Let *count* events happen and arrive as badly as told; afterwards the link is good again.

    Args:
        rand: draws everything.
        count: how many events happen.
        drop: which part of the pushes is lost.
        double: which part comes once more.
        late: the most seconds that a push takes.
        fail: which part of the questions fails.
        slice_size: how many events an answer tells.
        breaks: after which part of the events the connection breaks.
        ends: after which part of the events the program ends and begins again.
        hints: whether answers about the account name the channels that have more to tell.
    """
    server = Server(slice_size=slice_size, hints=hints)
    driver = Driver(
        server,
        latency=lambda: rand.choice((0.01, 0.05, 0.4, 1.5)),
        fails=lambda wanted: rand.random() < fail,
    )
    driver.load(CHANNELS)
    now = driver.now
    for _ in range(count):
        now += rand.choice((0.0, 0.0, 0.01, 0.1, 0.7))

        def happen(now: float = now) -> None:
            box = rand.choice(BOXES)
            event = server.add(box, rand.choice((1, 1, 1, 2, 3)) if box != SECRET else 1)
            if rand.random() >= drop:
                driver.push(now + rand.random() * late, event)
            if rand.random() < double:
                driver.push(now + rand.random() * late * 3, event)
            chance = rand.random() if breaks or ends else 1.0
            if chance < breaks:
                driver.reconnect()
            elif chance < breaks + ends:
                driver.restart()

        driver.at(now, happen)
    driver.run(now + 30)
    driver.fails = lambda wanted: False
    driver.settle()
    driver.box.trigger("end of test", driver.now)
    if not hints:
        driver.box.trigger_all_channels("end of test", driver.now)
    driver.settle()
    return driver
