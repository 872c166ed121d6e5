"""Devices that use a test server's world without any bytes, and keep what they were told as a careful client would."""

from __future__ import annotations

import inspect
from typing import Any

from telethon.testing._call import Call
from telethon.testing._rpc import AuthKeyRecord, RpcContext, RpcFault
from telethon.testing.clock import ManualClock
from telethon.testing.telegramserver import TelegramTestServer
from telethon.tl import functions, types
from telethon.tl.alltlobjects import LAYER


def make_server(**kwargs: Any) -> TelegramTestServer:
    """A server that was not started: its world and its services, with a clock that stands still."""
    return TelegramTestServer(clock=ManualClock(), **kwargs)


class Device:
    """A device of an account, or of nobody yet. It can make requests and is pushed updates.

    Attributes:
        pushed: the updates it was pushed, as they would be after the wire.
    """

    receives_updates = True
    is_connected = True

    def __init__(self, server: TelegramTestServer, user: Any = None, dc_id: int = 2) -> None:
        self.server = server
        self.dc_id = user.account.dc_id if user is not None else dc_id
        self.auth = AuthKeyRecord(id(self), self.dc_id, b"", layer=LAYER, api_id=server.api_id)
        self.session_id = id(self)
        self.pushed: list[Any] = []
        self.closed = False
        self.user = user
        known = server.world.sessions_of
        server.world.sessions_of = lambda user_id: [
            *known(user_id),
            *([self] if self.auth.user_id == user_id else []),
        ]
        if user is not None:
            server.world.logins.enter(self.auth, user.account)

    def push(self, updates: Any) -> None:
        self.pushed.append(over_the_wire(updates))

    def close(self) -> None:
        self.closed = True

    def __call__(self, request: Any, **context: Any) -> Any:
        """The answer to a request, as it would be after the wire."""
        answer = self.server.dispatcher(over_the_wire(request), RpcContext(self, self.server, 0, **context))
        assert not inspect.isawaitable(answer)
        return over_the_wire(answer)

    async def ask(self, request: Any) -> Any:
        """The same for what has to be awaited."""
        answer = self.server.dispatcher(over_the_wire(request), RpcContext(self, self.server, 0))
        return over_the_wire(await answer if inspect.isawaitable(answer) else answer)

    def peer(self, other: Any) -> Any:
        """The input peer by which this account names another one."""
        return self.user.input_peer(other if isinstance(other, int) else getattr(other, "peer", None) or other.id)

    def updates(self) -> list[Any]:
        """All updates it was pushed, unpacked; they are forgotten."""
        found: list[Any] = []
        for container in self.pushed:
            found.extend(getattr(container, "updates", None) or [getattr(container, "update", container)])
        self.pushed.clear()
        return found


def over_the_wire(value: Any) -> Any:
    """What a client gets: serialised and read again, which also proves that it can be serialised."""
    from telethon.tl import _registry

    if isinstance(value, list):
        return [over_the_wire(one) for one in value]
    if isinstance(value, (bool, int)):
        return value
    return _registry.read(bytes(value))[0]


def fault(device: Device, request: Any) -> str:
    """What the server says to a request that it must refuse."""
    try:
        device(request)
    except RpcFault as refused:
        return refused.message
    raise AssertionError(f"{type(request).__name__} was not refused")


def told(device: Device, kind: Any) -> list[Any]:
    """The updates of a kind that a device was pushed; all of them are forgotten."""
    return [one for one in device.updates() if isinstance(one, kind)]


def place(device: Device, channel: Any) -> types.InputChannel:
    """The input channel by which the account of a device names a channel."""
    peer = device.peer(channel)
    return types.InputChannel(peer.channel_id, peer.access_hash)


def call_of(device: Device) -> Call:
    """A `Call` of a device, for functions that take one."""
    return Call(device.server.world, RpcContext(device, device.server, 0))


class Replica:
    """What a client knows of its account and channels, made only from updates.

    It insists on what the documentation promises: each update moves the state by exactly its count.
    """

    def __init__(self, device: Device, pts: int) -> None:
        self.device = device
        self.me = device.user.id
        self.pts = pts
        self.messages: dict[int, str] = {}
        self.channel_pts: dict[int, int] = {}
        self.channel_messages: dict[int, dict[int, str]] = {}
        self.read: dict[Any, int] = {}

    def take(self, answer: Any) -> None:
        """Apply an answer or something pushed."""
        if isinstance(answer, types.UpdateShortSentMessage):
            self._move(answer.pts, answer.pts_count)
            self.messages[answer.id] = "?"
            return
        if isinstance(answer, (types.UpdateShortMessage, types.UpdateShortChatMessage)):
            self._move(answer.pts, answer.pts_count)
            self.messages[answer.id] = answer.message
            return
        if isinstance(answer, (types.messages.AffectedMessages, types.messages.AffectedHistory)):
            return
        for update in getattr(answer, "updates", None) or [answer.update]:
            self.apply(update)

    def _move(self, pts: int, count: int) -> None:
        assert self.pts + count == pts, (self.me, self.pts, count, pts)
        self.pts = pts

    def _move_channel(self, channel_id: int, pts: int, count: int) -> None:
        known = self.channel_pts[channel_id]
        assert known + count == pts, (self.me, channel_id, known, count, pts)
        self.channel_pts[channel_id] = pts

    def apply(self, update: Any) -> None:
        """Apply one update."""
        if isinstance(update, (types.UpdateNewMessage, types.UpdateEditMessage)):
            self._move(update.pts, update.pts_count)
            self.keep(update.message)
        elif isinstance(update, (types.UpdateNewChannelMessage, types.UpdateEditChannelMessage)):
            self._move_channel(update.message.peer_id.channel_id, update.pts, update.pts_count)
            self.keep(update.message)
        elif isinstance(update, types.UpdateDeleteMessages):
            self._move(update.pts, update.pts_count)
            for number in update.messages:
                self.messages.pop(number, None)
        elif isinstance(update, types.UpdateDeleteChannelMessages):
            self._move_channel(update.channel_id, update.pts, update.pts_count)
            for number in update.messages:
                self.channel_messages[update.channel_id].pop(number, None)
        elif isinstance(update, types.UpdatePinnedChannelMessages):
            self._move_channel(update.channel_id, update.pts, update.pts_count)
        elif hasattr(update, "pts_count"):
            self._move(update.pts, update.pts_count)
            if isinstance(update, (types.UpdateReadHistoryInbox, types.UpdateReadHistoryOutbox)):
                self.read[type(update).__name__, bytes(update.peer)] = update.max_id

    def keep(self, message: Any) -> None:
        """Remember what a message says."""
        text = getattr(message, "message", "") or type(message).__name__
        if isinstance(message.peer_id, types.PeerChannel):
            self.channel_messages[message.peer_id.channel_id][message.id] = text
        else:
            self.messages[message.id] = text

    def catch_up(self) -> None:
        """Fetch everything that was missed, as the documentation says, slice by slice."""
        for _ in range(1000):
            request = functions.updates.GetDifferenceRequest(self.pts, 0, 0)
            answer = self.device(request)
            if isinstance(answer, types.updates.DifferenceEmpty):
                return
            for message in answer.new_messages:
                if not isinstance(message.peer_id, types.PeerChannel):
                    self.keep(message)
            for update in answer.other_updates:
                if isinstance(update, types.UpdateDeleteMessages):
                    for number in update.messages:
                        self.messages.pop(number, None)
                elif isinstance(update, types.UpdateEditMessage):
                    self.keep(update.message)
            state = getattr(answer, "state", None) or answer.intermediate_state
            assert state.pts > self.pts or isinstance(answer, types.updates.Difference)
            self.pts = state.pts
            if isinstance(answer, types.updates.Difference):
                return
        raise AssertionError("the difference never ended")

    def catch_up_channel(self, channel: Any, limit: int) -> None:
        """The same for a channel."""
        known = self.channel_messages[channel.id]
        for _ in range(1000):
            request = functions.updates.GetChannelDifferenceRequest(
                self.device.user.input_channel(channel),
                types.ChannelMessagesFilterEmpty(),
                self.channel_pts[channel.id],
                limit,
            )
            answer = self.device(request)
            self.channel_pts[channel.id] = answer.pts
            for message in getattr(answer, "new_messages", ()):
                known[message.id] = getattr(message, "message", "") or type(message).__name__
            for update in getattr(answer, "other_updates", ()):
                if isinstance(update, types.UpdateDeleteChannelMessages):
                    for number in update.messages:
                        known.pop(number, None)
                elif isinstance(update, types.UpdateEditChannelMessage):
                    known[update.message.id] = update.message.message
            if answer.final:
                return
        raise AssertionError("the difference never ended")
