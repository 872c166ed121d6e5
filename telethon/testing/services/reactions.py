"""messages: reactions and polls.

Source: https://core.telegram.org/api/reactions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.botnews import admin_bots, tell_bot
from telethon.testing.world.media import PollMedia
from telethon.testing.world.peerids import as_peer, bare_id, is_channel
from telethon.testing.world.records import Channel
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter
    from telethon.testing.world.records import Account

EMOJI: tuple[str, ...] = tuple(
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 💯 🤣 ⚡ 🏆 💔 😐 🍓 🍾 💋 😈 👀 👻".split()  # noqa: SIM905
)


def _owners(call: Call, letter: Letter) -> list[tuple[int, int]]:
    """Who has to hear of a change, and under whom the message is filed for them."""
    if is_channel(letter.room):
        channel = call.world.channels[bare_id(letter.room)]
        return [(user_id, letter.room) for user_id in channel.present()]
    return [(owner, owner) for owner in letter.copies]


def _tell_bot(
    call: Call,
    letter: Letter,
    bot: Account,
    owner: int,
    before: list[types.TypeReaction],
    after: list[types.TypeReaction],
) -> None:
    """Bots hear of reactions in private chats and where they are administrators; of posts, only how many there are."""
    peer, number = letter.peer_for(owner), letter.copies[owner]
    if peer < 0:
        room = call.room(peer)
        if bot not in admin_bots(call.world.accounts, room):
            return
        if isinstance(room, Channel) and room.broadcast:
            counts = list(call.world.views.reactions(letter, bot.id).results)
            tell_bot(
                call.delivery,
                bot,
                lambda qts: types.UpdateBotMessageReactions(as_peer(peer), number, call.now, counts, qts),
                (peer,),
            )
            return
    actor = as_peer(call.my_id)
    tell_bot(
        call.delivery,
        bot,
        lambda qts: types.UpdateBotMessageReaction(as_peer(peer), number, call.now, actor, before, after, qts),
        (peer, call.my_id),
    )


def tell_reactions(call: Call, letter: Letter, before: list[types.TypeReaction] | None = None) -> None:
    """Let everybody who has a message know how it was reacted to.

    Args:
        call: the request.
        letter: the message.
        before: how the account had reacted until now; bots are only told when that has changed.
    """
    for user_id, owner in _owners(call, letter):
        account = call.world.accounts[user_id]
        if account.bot is not None:
            if user_id != call.my_id and before is not None:
                _tell_bot(call, letter, account, owner, before, list(letter.votes.get(call.my_id, ())))
            continue
        update = types.UpdateMessageReactions(
            as_peer(letter.peer_for(owner)),
            letter.copies[owner],
            call.world.views.reactions(letter, user_id),
        )
        call.delivery.note(user_id, update, tuple({letter.peer_for(owner), *letter.votes}))


@serves(functions.messages.SendReactionRequest)
def send_reaction(request: functions.messages.SendReactionRequest, call: Call) -> types.TypeUpdates:
    """React to a message, or take that back."""
    peer = call.peer(request.peer)
    letter = call.letter(peer, request.msg_id)
    chosen = [one for one in request.reaction or () if not isinstance(one, types.ReactionEmpty)]
    for reaction in chosen:
        if isinstance(reaction, types.ReactionEmoji) and reaction.emoticon.rstrip("\ufe0f") not in EMOJI:
            raise RpcFault(400, "REACTION_INVALID")
        if isinstance(reaction, types.ReactionCustomEmoji) and not call.me.premium:
            raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    if len(chosen) > (3 if call.me.premium else 1):
        raise RpcFault(400, "REACTIONS_TOO_MANY")
    if [bytes(one) for one in letter.votes.get(call.my_id, ())] == [bytes(one) for one in chosen]:
        raise RpcFault(400, "MESSAGE_NOT_MODIFIED")
    before = list(letter.votes.get(call.my_id, ()))
    if chosen:
        letter.votes[call.my_id] = list(chosen)
        letter.vote_dates[call.my_id] = call.now
    else:
        letter.votes.pop(call.my_id, None)
        letter.vote_dates.pop(call.my_id, None)
    if chosen and peer != call.my_id:
        recent: list[types.TypeReaction] = call.me.settings.setdefault("recent reactions", [])
        keys = {bytes(one) for one in chosen}
        recent[:] = [*chosen, *(one for one in recent if bytes(one) not in keys)][:50]
    tell_reactions(call, letter, before)
    return call.updates()


@serves(functions.messages.GetMessagesReactionsRequest)
def get_messages_reactions(request: functions.messages.GetMessagesReactionsRequest, call: Call) -> types.TypeUpdates:
    """The reactions to several messages."""
    peer = call.peer(request.peer)
    updates: list[types.TypeUpdate] = []
    peers: set[int] = {peer}
    for number in request.id:
        letter = call.letter(peer, number)
        peers.update(letter.votes)
        updates.append(
            types.UpdateMessageReactions(as_peer(peer), number, call.world.views.reactions(letter, call.my_id))
        )
    return call.updates(updates, peers)


@serves(functions.messages.GetMessageReactionsListRequest)
def get_message_reactions_list(
    request: functions.messages.GetMessageReactionsListRequest, call: Call
) -> types.messages.MessageReactionsList:
    """Who reacted how."""
    letter = call.letter(call.peer(request.peer), request.id)
    wanted = bytes(request.reaction) if request.reaction is not None else None
    found: list[types.TypeMessagePeerReaction] = [
        types.MessagePeerReaction(as_peer(user), letter.vote_dates[user], reaction, my=user == call.my_id)
        for user, chosen in letter.votes.items()
        for reaction in chosen
        if wanted is None or bytes(reaction) == wanted
    ]
    start = int(request.offset or 0)
    page = found[start : start + (request.limit or 50)]
    users, chats = call.split(letter.votes)
    following = str(start + len(page)) if start + len(page) < len(found) else None
    return types.messages.MessageReactionsList(len(found), page, chats, users, following)


@serves(functions.messages.SetChatAvailableReactionsRequest)
def set_chat_available_reactions(
    request: functions.messages.SetChatAvailableReactionsRequest, call: Call
) -> types.TypeUpdates:
    """Which reactions a chat allows."""
    from telethon.testing.world.rights import check_admin

    room = call.room(call.peer(request.peer))
    check_admin(room, call.my_id, "change_info")
    room.reactions = request.available_reactions
    if isinstance(room, Channel) and request.paid_enabled is not None:
        room.traits.paid_reactions = request.paid_enabled
    update = types.UpdateChannel(room.id) if is_channel(room.peer) else types.UpdateChat(room.id)
    for user_id in room.present():
        call.delivery.note(user_id, update, (room.peer,))
    return call.updates()


# -- polls -----------------------------------------------------------------------------------------------------------


def _poll(call: Call, peer: int, number: int) -> tuple[Letter, PollMedia]:
    letter = call.letter(peer, number)
    if not isinstance(letter.media, PollMedia):
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    return letter, letter.media


@serves(functions.messages.SendVoteRequest)
def send_vote(request: functions.messages.SendVoteRequest, call: Call) -> types.TypeUpdates:
    """Vote in a poll, or take the vote back."""
    peer = call.peer(request.peer)
    letter, media = _poll(call, peer, request.msg_id)
    poll = media.poll
    options = {bytes(getattr(answer, "option", b"")) for answer in poll.answers}
    if poll.closed:
        raise RpcFault(400, "MESSAGE_POLL_CLOSED")
    if any(option not in options for option in request.options):
        raise RpcFault(400, "OPTION_INVALID")
    if len(request.options) > 1 and not poll.multiple_choice:
        raise RpcFault(400, "OPTIONS_TOO_MUCH")
    if media.votes.get(call.my_id) is not None and poll.quiz:
        raise RpcFault(400, "REVOTE_NOT_ALLOWED")
    if request.options:
        media.votes[call.my_id] = list(request.options)
    else:
        media.votes.pop(call.my_id, None)
    for user_id, _ in _owners(call, letter):
        call.delivery.note(user_id, types.UpdateMessagePoll(poll.id, media.results(user_id)))
    author = call.world.accounts.get(letter.sender)
    if author is not None and author.bot is not None and poll.public_voters:
        places = [place for place, one in enumerate(poll.answers) if getattr(one, "option", b"") in request.options]
        voter, chosen = as_peer(call.my_id), list(request.options)
        tell_bot(
            call.delivery,
            author,
            lambda qts: types.UpdateMessagePollVote(poll.id, voter, chosen, places, qts),
            (call.my_id,),
        )
    return call.updates()


@serves(functions.messages.GetPollResultsRequest)
def get_poll_results(request: functions.messages.GetPollResultsRequest, call: Call) -> types.TypeUpdates:
    """How a poll stands."""
    _, media = _poll(call, call.peer(request.peer), request.msg_id)
    update = types.UpdateMessagePoll(media.poll.id, media.results(call.my_id), poll=media.poll)
    return call.updates([update])


@serves(functions.messages.GetPollVotesRequest)
def get_poll_votes(request: functions.messages.GetPollVotesRequest, call: Call) -> types.messages.VotesList:
    """Who voted for what, in a public poll."""
    letter, media = _poll(call, call.peer(request.peer), request.id)
    if not media.poll.public_voters:
        raise RpcFault(403, "POLL_VOTE_REQUIRED")
    votes: list[types.TypeMessagePeerVote] = []
    for user, chosen in media.votes.items():
        if request.option is None:
            votes.extend(types.MessagePeerVote(as_peer(user), option, letter.date) for option in chosen)
        elif request.option in chosen:
            votes.append(types.MessagePeerVoteInputOption(as_peer(user), letter.date))
    users, chats = call.split(media.votes)
    return types.messages.VotesList(len(votes), votes[: request.limit or 50], chats, users)
