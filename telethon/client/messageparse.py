"""Formatting messages before they are sent, and finding them in the answer afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from telethon import utils
from telethon._core.oldnames import old_names
from telethon.client import _responses
from telethon.client.users import UserMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from telethon import hints
    from telethon.tl.patched import Message
    from telethon.utils.text import ParseMode

    ParseModeLike: TypeAlias = "str | ParseMode | Callable[[str], tuple[str, list[types.TypeMessageEntity]]] | None"
else:
    __getattr__ = old_names(__name__)

_USER_LINK = re.compile(r"^(?:@|\+|tg://user\?id=(\d+))")


class MessageParseMethods(UserMethods):
    """The parse mode, and the messages in answers."""

    @property
    def parse_mode(self) -> ParseMode | None:
        """How text is formatted when a method is not told otherwise; Markdown at first.

        Assign ``"md"`` or ``"markdown"``, ``"html"`` or ``"htm"``, ``"md2"`` or ``"html2"`` (which know every kind of
        entity, see :doc:`/concepts/formatting`), `None` for no formatting, a function that takes the text and gives the
        plain text and the list of its entities, or an object with ``parse(text)`` and ``unparse(text, entities)``.
        Reading gives that object, or `None`.

        Raises:
            ValueError: when the name is not known.
            TypeError: when it is of another kind.

        Example:
            >>> client.parse_mode = "html"
            >>> await client.send_message("me", "<b>bold</b>")
        """
        return self._parse_mode

    @parse_mode.setter
    def parse_mode(self, mode: ParseModeLike) -> None:
        self._parse_mode: ParseMode | None = utils.sanitize_parse_mode(mode)

    async def _replace_with_mention(
        self, entities: list[types.TypeMessageEntity], i: int, user: hints.EntityLike
    ) -> bool:
        """Turn the link at *i* into a mention of *user*; whether that user is known."""
        try:
            input_user = utils.get_input_user(await self.get_input_entity(user))
        except (ValueError, TypeError):
            return False
        entities[i] = types.InputMessageEntityMentionName(entities[i].offset, entities[i].length, input_user)
        return True

    async def _parse_message_text(
        self, message: str | None, parse_mode: object
    ) -> tuple[str, list[types.TypeMessageEntity]]:
        """The plain text and the entities of *message*; ``()`` as *parse_mode* stands for that of the client."""
        parser = self._parse_mode if parse_mode == () else utils.sanitize_parse_mode(parse_mode)
        if message is not None and not isinstance(message, str):
            raise TypeError(f"the text of a message must be str, not {type(message).__name__}")
        text = message or ""
        if not parser:
            return text, []
        original = text
        text, entities = parser.parse(text)
        if original and not text and not entities:
            raise ValueError(
                "Failed to parse message: nothing is left of it but formatting and blanks, and Telegram takes no "
                "empty messages"
            )
        for i in reversed(range(len(entities))):
            entity = entities[i]
            if not entity.length:
                # Servers refuse the whole message because of an empty entity.
                del entities[i]
            elif isinstance(entity, types.MessageEntityTextUrl):
                await self._mention_of_link(entities, i, entity.url)
            elif isinstance(entity, (types.MessageEntityMentionName, types.InputMessageEntityMentionName)):
                user = cast("hints.EntityLike", entity.user_id)
                if not await self._replace_with_mention(entities, i, user):
                    del entities[i]
        return text, entities

    async def _mention_of_link(self, entities: list[types.TypeMessageEntity], i: int, url: str) -> None:
        match = _USER_LINK.match(url)
        if not match:
            return
        user = int(match.group(1)) if match.group(1) else url
        if not await self._replace_with_mention(entities, i, user):
            del entities[i]

    def _get_response_message(self, request: Any, result: Any, input_chat: Any) -> Any:
        """The message or messages that *request* made, found in its *result*.

        Args:
            request: the request, one ``random_id``, a list of them, or `None` for the first message there is.
            result: what servers answered.
            input_chat: the chat of the messages, when known.

        Returns:
            a message (or `None` when the answer has none), or a list with `None` for the messages that are missing.
        """
        found = _responses.updates_of(result)
        if found is None:
            return None
        updates, entities = found

        def bind(message: Message) -> None:
            message._finish_init(self, entities, input_chat)

        sent = _responses.SentMessages(bind, request)
        for update in updates:
            sent.feed(update)
        if sent.direct is not None:
            return sent.direct
        if request is None:
            return sent.by_id
        random_id = cast(
            "int | list[int] | None",
            request if isinstance(request, (int, list)) else getattr(request, "random_id", None),
        )
        if random_id is None:
            return None
        log = self._log[__name__]
        kind = type(cast("object", request)).__name__
        if isinstance(random_id, int):
            message = sent.of(random_id)
            if message is None:
                log.warning("The answer to %s does not hold the message it sent", kind)
            return message
        messages = sent.of_all(random_id)
        if None in messages:
            log.warning("The answer to %s does not hold all the messages it sent", kind)
        return messages

    async def _get_comment_data(
        self, entity: hints.EntityLike, comment_to: int | types.Message
    ) -> tuple[types.TypeInputPeer, int]:
        """The group where a post of a channel is discussed, and the message there that stands for the post."""
        discussion = await self(
            functions.messages.GetDiscussionMessageRequest(
                peer=entity, msg_id=cast("int", utils.get_message_id(comment_to))
            )
        )
        message = min(discussion.messages, key=_message_id)
        peer_id = utils.get_peer_id(message.peer_id)
        chat = next((chat for chat in discussion.chats if utils.get_peer_id(chat) == peer_id), None)
        if chat is None:
            raise ValueError("the answer does not hold the group where the post is discussed")
        return utils.get_input_peer(chat), message.id

    async def _send_as(self, send_as: hints.EntityLike | None) -> types.TypeInputPeer | None:
        """The input peer to send as, or `None` for the own account."""
        return await self.get_input_entity(send_as) if send_as else None


def _message_id(message: types.TypeMessage) -> int:
    return message.id


def input_reply(reply_to: int | None) -> types.InputReplyToMessage | None:
    """What a request names the message it replies to with."""
    return None if reply_to is None else types.InputReplyToMessage(reply_to)


def as_sequence(value: Any) -> Sequence[Any]:
    """*value* when it is list-like, or the only item of a tuple."""
    return cast("Sequence[Any]", value) if utils.is_list_like(value) else (value,)
