"""Simulated people and bots: they use the server without a client, so that a program can be tested from both sides.

    user = server.create_user("Ann")
    chat = user.chat(bot)
    await chat.send("/start")
    reply = await chat.expect_reply()
    answer = await chat.press("Yes")

What they do goes through the same functions that answer requests of real clients, so the same rules hold and the same
updates are sent.
"""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from telethon.testing._call import Call
from telethon.testing._chatdeeds import ChatDeeds
from telethon.testing._rpc import AuthKeyRecord, RpcContext
from telethon.testing._userdeeds import UserDeeds
from telethon.testing.seen import InlineResults, SeenMessage
from telethon.testing.world import post
from telethon.testing.world.boxes import Arrival, Edit, Event
from telethon.testing.world.peerids import bare_id, is_channel
from telethon.testing.world.pictures import measure
from telethon.testing.world.records import Account, Channel, Group
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing.telegramserver import TelegramTestServer
    from telethon.testing.world.letters import Letter
    from telethon.tl.tlobject import TLObject, TLRequest

__all__ = ["SimulatedBot", "SimulatedChat", "SimulatedUser"]

_R = TypeVar("_R")

TIMEOUT = 5.0
"""Seconds that `expect_reply` and its like wait when nothing else is said."""


class _Presence:
    """The session of an actor: logged in, never connected."""

    def __init__(self, account: Account) -> None:
        self.auth = AuthKeyRecord(0, account.dc_id, b"", user_id=account.id)
        self.session_id = 0
        self.dc_id = account.dc_id
        self.receives_updates = False
        self.is_connected = False

    def push(self, updates: TLObject) -> None:
        """Actors look at the world itself."""

    def close(self) -> None:
        """There is nothing to close."""


class SimulatedUser(UserDeeds):
    """A person that acts without a client.

    Args:
        server: the server it is on.
        account: its account.

    Attributes:
        account: the record behind it.
        id: its id.
        phone: its phone number.
        username: its username.
    """

    def __init__(self, server: TelegramTestServer, account: Account) -> None:
        self._server = server
        self.account = account
        self._presence = _Presence(account)
        self._chats: dict[int, SimulatedChat] = {}
        server.world.watchers.setdefault(account.id, []).append(self._on_events)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id}, {self.account.name!r})"

    @property
    def server(self) -> TelegramTestServer:
        """The server it is on."""
        return self._server

    @property
    def id(self) -> int:
        """The id of the account."""
        return self.account.id

    @property
    def phone(self) -> str:
        """The phone number with its plus sign; empty for bots."""
        return f"+{self.account.phone}" if self.account.phone is not None else ""

    @property
    def username(self) -> str | None:
        """The username, without @."""
        return self.account.username

    @property
    def first_name(self) -> str:
        """The first name."""
        return self.account.first_name

    def login_code(self) -> str:
        """The code that was last sent to the phone number.

        Raises:
            LookupError: none was sent.
        """
        return self._server.login_code(self.phone)

    async def call(self, request: TLRequest[_R]) -> _R:
        """Make any request as this account.

        Args:
            request: the request; peers are given in their input form, see `input_peer`.

        Returns:
            What the server answers.

        Raises:
            RpcFault: the server refuses.

        Example:
            ```python
            await user.call(functions.account.UpdateStatusRequest(offline=False))
            ```
        """
        context = RpcContext(self._presence, self._server, 0)
        call = Call(self._server.world, context)
        answer: Any = self._server.dispatcher.answer(request, call)
        if inspect.isawaitable(answer):
            answer = await answer
        call.delivery.flush()
        # Everything else the account's own clients must hear of, as if another device had done it.
        return answer  # type: ignore[no-any-return]

    def chat(self, other: SimulatedUser | Group | Channel | int) -> SimulatedChat:
        """The chat with somebody, or a group or channel.

        Args:
            other: a person, a bot, a group, a channel, or a peer id.

        Raises:
            TypeError: it is something else, such as a username or a client.
        """
        if isinstance(other, (Group, Channel)):
            peer = other.peer
        elif isinstance(other, (int, SimulatedUser)):
            peer = other if isinstance(other, int) else other.id
        else:
            kind = type(other).__name__
            raise TypeError(f"a chat is with a person, bot, group or channel of the server, or a peer id, not {kind}")
        found = self._chats.get(peer)
        if found is None:
            found = self._chats[peer] = SimulatedChat(self, self._server, peer)
        return found

    def input_peer(self, peer: int) -> types.TypeInputPeer:
        """The input peer by which this account names a peer id.

        Args:
            peer: the marked ID.
        """
        world = self._server.world
        if peer == self.id:
            return types.InputPeerSelf()
        if peer > 0:
            return types.InputPeerUser(peer, world.access_hash(self.id, peer))
        if is_channel(peer):
            return types.InputPeerChannel(bare_id(peer), world.access_hash(self.id, peer))
        return types.InputPeerChat(bare_id(peer))

    def input_user(self, user: SimulatedUser) -> types.InputUser:
        """The input user by which this account names another one.

        Args:
            user: the other one.
        """
        return types.InputUser(user.id, self._server.world.access_hash(self.id, user.id))

    def input_channel(self, channel: Channel) -> types.InputChannel:
        """The input channel by which this account names a channel.

        Args:
            channel: what `create_channel` gave.
        """
        return types.InputChannel(channel.id, self._server.world.access_hash(self.id, channel.peer))

    async def join(self, channel: Channel) -> SimulatedChat:
        """Go into a public channel.

        Args:
            channel: what `create_channel` gave, with a username.

        Returns:
            The chat, as `chat` gives it.

        Raises:
            RpcFault: it is not public.
        """
        await self.call(functions.channels.JoinChannelRequest(self.input_channel(channel)))
        return self.chat(channel)

    def _on_events(self, events: list[Event]) -> None:
        for event in events:
            if not isinstance(event, (Arrival, Edit)):
                continue
            # What comes before anybody looks at the chat counts as well; that somebody came or went does not.
            if event.letter.sender != self.id and event.letter.action is None:
                self.chat(event.letter.peer_for(event.owner)).notice(event)


class SimulatedBot(SimulatedUser):
    """A bot. Its `token` is what a client logs in with; it can also act by itself, as people can."""

    @property
    def token(self) -> str:
        """What BotFather would give its owner."""
        if self.account.bot is None:
            raise TypeError("this account is no bot")
        return self.account.bot.token


class SimulatedChat(ChatDeeds):
    """One chat, as a simulated person sees it.

    Args:
        user: who.
        server: the server.
        peer: peer id of the chat.
    """

    def __init__(self, user: SimulatedUser, server: TelegramTestServer, peer: int) -> None:
        self.user = user
        self.peer = peer
        self._server = server
        self._arrived: deque[Letter] = deque()
        self._edited: deque[Letter] = deque()
        self._waiting: list[tuple[deque[Letter], asyncio.Future[None]]] = []

    # -- writing -----------------------------------------------------------------------------------------------------

    async def send(
        self,
        text: str,
        *,
        reply_to: SeenMessage | int | None = None,
        entities: Iterable[types.TypeMessageEntity] | None = None,
        silent: bool = False,
    ) -> SeenMessage:
        """Write a text.

        Args:
            text: what to write.
            reply_to: the message it answers.
            entities: formatting.
            silent: whether nobody shall be alerted.

        Raises:
            RpcFault: the server refuses.
            TypeError: *text* is no text.
        """
        if not isinstance(text, str):
            raise TypeError(f"what to write must be str, not {type(text).__name__}; files go with send_file")
        request = functions.messages.SendMessageRequest(
            self._input(),
            text,
            random_id=self._server.world.new_id(),
            reply_to=self._reply(reply_to),
            entities=list(entities) if entities is not None else None,
            silent=silent,
        )
        await self.user.call(request)
        return self.last()

    async def send_file(
        self,
        file: bytes | str | Path,
        caption: str = "",
        *,
        name: str | None = None,
        mime_type: str | None = None,
        as_document: bool = False,
        attributes: Iterable[types.TypeDocumentAttribute] = (),
        reply_to: SeenMessage | int | None = None,
    ) -> SeenMessage:
        """Send a file; pictures go as photos unless `as_document` is set.

        Args:
            file: its bytes, or its path.
            caption: the text under it.
            name: its name, by default that of the path.
            mime_type: its MIME type, by default told from the content.
            as_document: whether a picture shall be sent as a file.
            attributes: further attributes of the document.
            reply_to: the message it answers.

        Raises:
            RpcFault: the server refuses.
        """
        data, name = _content(file, name)
        files, dc_id = self._server.world.files, self.user.account.dc_id
        measured = measure(data)
        media: types.TypeInputMedia
        if measured is not None and not as_document:
            photo = files.add_photo(data, dc_id)
            media = types.InputMediaPhoto(types.InputPhoto(photo.id, photo.access_hash, files.reference(photo.id)))
        else:
            known = [types.DocumentAttributeFilename(name), *attributes]
            kind = mime_type or (measured[2] if measured is not None else "application/octet-stream")
            document = files.add_document(data, dc_id, kind, known)
            reference = files.reference(document.id)
            media = types.InputMediaDocument(types.InputDocument(document.id, document.access_hash, reference))
        request = functions.messages.SendMediaRequest(
            self._input(),
            media,
            caption,
            random_id=self._server.world.new_id(),
            reply_to=self._reply(reply_to),
        )
        await self.user.call(request)
        return self.last()

    async def edit(self, message: SeenMessage | int, text: str) -> SeenMessage:
        """Change an own message.

        Args:
            message: which one, or its number.
            text: what it shall say.

        Raises:
            RpcFault: the server refuses.
        """
        await self.user.call(functions.messages.EditMessageRequest(self._input(), _number(message), message=text))
        return self.message(_number(message))

    async def delete(self, *messages: SeenMessage | int) -> None:
        """Delete messages, for everybody.

        Raises:
            RpcFault: the server refuses.
        """
        numbers = [_number(message) for message in messages]
        if is_channel(self.peer):
            channel = self._server.world.channels[bare_id(self.peer)]
            await self.user.call(functions.channels.DeleteMessagesRequest(self.user.input_channel(channel), numbers))
        else:
            await self.user.call(functions.messages.DeleteMessagesRequest(numbers, revoke=True))

    async def read(self) -> None:
        """Mark everything as read."""
        world, user = self._server.world, self.user.account
        delivery = world.delivery()
        post.mark_read(world, delivery, user, self.peer, 0)
        delivery.flush()

    async def typing(self, action: types.TypeSendMessageAction | None = None) -> None:
        """Show that the person is writing.

        Args:
            action: what the person does, if it is something else.
        """
        chosen = action or types.SendMessageTypingAction()
        await self.user.call(functions.messages.SetTypingRequest(self._input(), chosen))

    # -- buttons and inline queries ----------------------------------------------------------------------------------

    async def press(
        self, button: str | bytes, message: SeenMessage | int | None = None
    ) -> types.messages.BotCallbackAnswer | SeenMessage:
        """Press a button.

        Args:
            button: its text, or the data behind it.
            message: the message it is under, by default the last one with such a button.

        Returns:
            What the bot answered; for a button of a reply keyboard the message that was sent.

        Raises:
            LookupError: there is no such button.
            RpcFault: the bot did not answer in time.
        """
        found, kind = self._button(button, message)
        if kind is None:
            return await self.send(button.decode() if isinstance(button, bytes) else button)
        if not isinstance(kind, types.InlineButtonTypeCallback):
            raise LookupError(f"pressing this button does not ask the bot; what it does: {type(kind).__name__}")
        return await self.user.call(
            functions.messages.GetBotCallbackAnswerRequest(self._input(), found.id, data=kind.data)
        )

    def _button(
        self, button: str | bytes, message: SeenMessage | int | None
    ) -> tuple[SeenMessage, types.TypeInlineButtonType | None]:
        candidates = [self.message(_number(message))] if message is not None else self.messages()[::-1]
        for candidate in candidates:
            for row in candidate.buttons:
                for shown in row:
                    if button in (shown.text, shown.data):
                        return candidate, shown.kind
        shown_here = sorted({shown.text for one in candidates for row in one.buttons for shown in row})
        there_are = f"there are {', '.join(map(repr, shown_here))}" if shown_here else "there are no buttons at all"
        raise LookupError(f"no message here has a button {button!r}; {there_are}")

    async def inline(self, query: str = "", *, bot: SimulatedUser | None = None, offset: str = "") -> InlineResults:
        """Ask a bot for inline results, as if they were to be sent in this chat.

        Args:
            query: what is typed after the bot's name.
            bot: which bot; by default the one this chat is with.
            offset: where to go on.

        Raises:
            RpcFault: the bot did not answer in time, or takes no inline queries.
        """
        user = self.user
        asked = bot.id if bot is not None else self.peer
        world = self._server.world
        request = functions.messages.GetInlineBotResultsRequest(
            types.InputUser(asked, world.access_hash(user.id, asked)), self._input(), query, offset
        )
        return InlineResults(self, await user.call(request))

    # -- looking -----------------------------------------------------------------------------------------------------

    def messages(self) -> list[SeenMessage]:
        """Everything that was written, oldest first."""
        world, account = self._server.world, self.user.account
        if is_channel(self.peer):
            box = world.channels[bare_id(self.peer)].box
            return [self._seen(box.letters[number]) for number in box.ids]
        ids = account.mailbox.by_peer.get(self.peer, ())
        return [self._seen(account.mailbox.letters[number]) for number in ids]

    def message(self, number: int) -> SeenMessage:
        """One message.

        Raises:
            LookupError: there is none with that number.
        """
        letter = post.find(self._server.world, self.user.account, self.peer, number)
        if letter is None:
            raise LookupError(f"there is no message {number} in this chat")
        return self._seen(letter)

    def last(self) -> SeenMessage:
        """The newest message.

        Raises:
            LookupError: there is none.
        """
        world, account = self._server.world, self.user.account
        if is_channel(self.peer):
            box = world.channels[bare_id(self.peer)].box
            if box.ids:
                return self._seen(box.letters[box.ids[-1]])
        else:
            ids = account.mailbox.by_peer.get(self.peer)
            if ids:
                return self._seen(account.mailbox.letters[ids[-1]])
        raise LookupError("there is no message in this chat")

    async def expect_reply(self, timeout: float = TIMEOUT) -> SeenMessage:
        """The next message of somebody else that was not looked at before; service messages are left out.

        Args:
            timeout: seconds to wait.

        Raises:
            TimeoutError: none came.
        """
        return self._seen(await self._next(self._arrived, timeout, "reply"))

    async def expect_edit(self, timeout: float = TIMEOUT) -> SeenMessage:
        """The next message of somebody else that was changed, as it is now.

        Args:
            timeout: seconds to wait.

        Raises:
            TimeoutError: none was.
        """
        return self._seen(await self._next(self._edited, timeout, "edit"))

    async def expect_silence(self, seconds: float = 0.1) -> None:
        """Make sure that nothing comes.

        Args:
            seconds: how long nothing may come.

        Raises:
            AssertionError: something did.
        """
        try:
            found = await self._next(self._arrived, seconds, "message")
        except TimeoutError:
            return
        raise AssertionError(f"nothing was expected, but a message came: {self._seen(found)!r}")

    async def _next(self, queue: deque[Letter], timeout: float, what: str) -> Letter:
        if not queue:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            entry = (queue, future)
            self._waiting.append(entry)
            try:
                await asyncio.wait_for(future, timeout)
            except asyncio.TimeoutError:
                raise TimeoutError(f"no {what} came to {self.user!r} within {timeout} s") from None
            finally:
                self._waiting.remove(entry)
        return queue.popleft()

    def notice(self, event: Arrival | Edit) -> None:
        """Something came; the user calls this."""
        queue = self._arrived if isinstance(event, Arrival) else self._edited
        queue.append(event.letter)
        for waited, future in self._waiting:
            if waited is queue and not future.done():
                future.set_result(None)
                break

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _input(self) -> types.TypeInputPeer:
        return self.user.input_peer(self.peer)

    def _seen(self, letter: Letter) -> SeenMessage:
        return SeenMessage(self._server.world, letter, self.user.id, self.peer)

    @staticmethod
    def _reply(message: SeenMessage | int | None) -> types.InputReplyToMessage | None:
        return types.InputReplyToMessage(_number(message)) if message is not None else None


def _number(message: SeenMessage | int) -> int:
    return message if isinstance(message, int) else message.id


def _content(file: bytes | str | Path, name: str | None) -> tuple[bytes, str]:
    if isinstance(file, bytes):
        return file, name or "file"
    path = Path(file)
    return path.read_bytes(), name or path.name
