"""Reactions to messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon import utils
from telethon.events._user import ActorEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import types

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    Change: TypeAlias = (
        "types.UpdateBotMessageReaction | types.UpdateBotMessageReactions | types.UpdateMessageReactions"
    )

__all__ = ["MessageReaction", "MessageReactionEvent"]


class MessageReactionEvent(ActorEvent):
    """The reactions to a message have changed.

    Telegram tells it in three ways, and each holds other things: bots hear of each user by itself (`sender`, `added`,
    `removed`), or of how often there is each reaction where nobody is named (`counts`); users hear of the counts, and
    of the latest of those who reacted (`recent`).

    Args:
        update: the update.
    """

    def __init__(self, update: Change) -> None:
        actor = update.actor if isinstance(update, types.UpdateBotMessageReaction) else None
        super().__init__(utils.get_peer_id(actor) if actor is not None else None, update.peer, update.msg_id)
        self._update = update
        self._message: types.Message | None = None

    @property
    def message_id(self) -> int:
        """The id of the message."""
        return self._update.msg_id

    @property
    def topic_id(self) -> int | None:
        """The first message of the topic in which the message is, for users in forums."""
        return getattr(self._update, "top_msg_id", None)

    @property
    def date(self) -> datetime.datetime | None:
        """When it happened; only bots are told."""
        return getattr(self._update, "date", None)

    # -- who did what --------------------------------------------------------------------------------------------

    @property
    def is_anonymous(self) -> bool:
        """Whether it is not told who did it."""
        return self.sender_id is None

    @property
    def old_reactions(self) -> list[types.TypeReaction] | None:
        """What the sender had before; None when it is not told who did it."""
        return getattr(self._update, "old_reactions", None)

    @property
    def new_reactions(self) -> list[types.TypeReaction] | None:
        """What the sender has now; None when it is not told who did it."""
        return getattr(self._update, "new_reactions", None)

    @property
    def added(self) -> list[str | int]:
        """What the sender has added: emoji as text, the document ids of custom emoji, ``"paid"`` for stars."""
        return _difference(self.new_reactions, self.old_reactions)

    @property
    def removed(self) -> list[str | int]:
        """What the sender has taken back, in the form of `added`."""
        return _difference(self.old_reactions, self.new_reactions)

    # -- how many ------------------------------------------------------------------------------------------------

    @property
    def counts(self) -> dict[str | int, int] | None:
        """How often there is each reaction, named as in `added`; None when only the change of one user is told."""
        update = self._update
        if isinstance(update, types.UpdateBotMessageReaction):
            return None
        several = update.reactions if isinstance(update.reactions, list) else update.reactions.results
        return {_plain(one.reaction): one.count for one in several}

    @property
    def recent(self) -> list[types.MessagePeerReaction]:
        """The latest of those who reacted, as far as they are told, which is to users and in small chats only."""
        update = self._update
        found = update.reactions.recent_reactions if isinstance(update, types.UpdateMessageReactions) else None
        return list(found or ())

    # -- the message ---------------------------------------------------------------------------------------------

    async def get_message(self) -> types.Message | None:
        """The message; None when it cannot be read.

        Network: one request the first time.
        """
        if self._message is None:
            # Messages of private chats and small groups have numbers of their own for each account.
            chat = await self.get_input_chat() if self.is_channel else None
            self._message = await self.client.get_messages(cast("Any", chat), ids=self.message_id)
        return self._message

    async def reply(self, *args: Any, **kwargs: Any) -> types.Message:
        """Reply to the message; takes the arguments of `client.send_message` after the chat.

        Network: that of `client.send_message`.
        """
        kwargs["reply_to"] = self.message_id
        return await self.respond(*args, **kwargs)


@name_inner_event
class MessageReaction(EventBuilder[MessageReactionEvent]):
    """Happens when the reactions to a message change.

    Bots get it in chats where they are administrators, and have to wait some minutes for it in those where nobody is
    named. Users get it for their own messages and for those that they look at.

    Args:
        chats: the chats whose events are wanted; None for all.
        blacklist_chats: whether it is these chats whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.MessageReaction)
        ... async def handler(event):
        ...     if "👎" in event.added:
        ...         await event.reply("What is wrong?")

    Source: https://core.telegram.org/api/reactions
    """

    Event: TypeAlias = MessageReactionEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> MessageReactionEvent | None:
        """The event of reactions that changed; None for other updates."""
        kinds = (types.UpdateBotMessageReaction, types.UpdateBotMessageReactions, types.UpdateMessageReactions)
        return cls.Event(update) if isinstance(update, kinds) else None


def _plain(reaction: types.TypeReaction) -> str | int:
    if isinstance(reaction, types.ReactionEmoji):
        return reaction.emoticon
    if isinstance(reaction, types.ReactionCustomEmoji):
        return reaction.document_id
    return "paid" if isinstance(reaction, types.ReactionPaid) else ""


def _difference(
    these: Iterable[types.TypeReaction] | None, without: Iterable[types.TypeReaction] | None
) -> list[str | int]:
    others = {_plain(one) for one in without or ()}
    return [plain for plain in map(_plain, these or ()) if plain not in others]
