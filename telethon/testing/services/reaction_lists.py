"""messages: which reactions there are, which ones the account likes, tags of saved messages, and paid reactions.

Source: https://core.telegram.org/api/reactions
"""

from __future__ import annotations

import zlib
from collections import Counter
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import list_hash
from telethon.testing.services.reactions import EMOJI, tell_reactions
from telethon.testing.world.letters import PaidVote
from telethon.testing.world.peerids import bare_id, is_channel
from telethon.testing.world.pictures import tiny_png
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter

_MAX_PAID = 2500


def _hash(reactions: list[types.TypeReaction]) -> int:
    return list_hash(zlib.crc32(bytes(one)) for one in reactions)


def _list(known: int, limit: int, found: list[types.TypeReaction]) -> types.messages._TypeReactions:
    page = found[: limit or 100]
    value = _hash(page)
    if known and known == value:
        return types.messages.ReactionsNotModified()
    return types.messages.Reactions(value, page)


# -- what there is ---------------------------------------------------------------------------------------------------


@serves(functions.messages.GetAvailableReactionsRequest)
def get_available_reactions(
    request: functions.messages.GetAvailableReactionsRequest, call: Call
) -> types.messages._TypeAvailableReactions:
    """All emojis that messages can be reacted to with; their pictures are one small picture each."""
    value = zlib.crc32("".join(EMOJI).encode()) >> 1
    if request.hash and request.hash == value:
        return types.messages.AvailableReactionsNotModified()
    icons = call.world.things.reaction_icons
    if not icons:
        for place, emoji in enumerate(EMOJI):
            picture = tiny_png(4, 4, (place * 7 % 256, 120, 200 - place))
            icons[emoji] = call.world.files.add_document(picture, call.dc_id, "image/png", [], None)
    shown: list[types.TypeAvailableReaction] = []
    for emoji in EMOJI:
        icon = icons[emoji].tl()
        shown.append(types.AvailableReaction(emoji, emoji, icon, icon, icon, icon, icon))
    return types.messages.AvailableReactions(value, shown)


@serves(functions.messages.GetTopReactionsRequest)
def get_top_reactions(request: functions.messages.GetTopReactionsRequest, call: Call) -> types.messages._TypeReactions:
    """The reactions to offer first: those that were used most, then the others."""
    used: Counter[str] = Counter(one.emoticon for one in _recent(call) if isinstance(one, types.ReactionEmoji))
    ordered = sorted(EMOJI, key=lambda emoji: -used[emoji])
    return _list(request.hash, request.limit, [types.ReactionEmoji(emoji) for emoji in ordered])


def _recent(call: Call) -> list[types.TypeReaction]:
    recent: list[types.TypeReaction] = call.me.settings.setdefault("recent reactions", [])
    return recent


@serves(functions.messages.GetRecentReactionsRequest)
def get_recent_reactions(
    request: functions.messages.GetRecentReactionsRequest, call: Call
) -> types.messages._TypeReactions:
    """The reactions that the account used lately."""
    return _list(request.hash, request.limit, list(_recent(call)))


@serves(functions.messages.ClearRecentReactionsRequest)
def clear_recent_reactions(request: functions.messages.ClearRecentReactionsRequest, call: Call) -> bool:
    """Forget them."""
    _recent(call).clear()
    call.delivery.note(call.my_id, types.UpdateRecentReactions())
    return True


@serves(functions.messages.SetDefaultReactionRequest)
def set_default_reaction(request: functions.messages.SetDefaultReactionRequest, call: Call) -> bool:
    """Which reaction a double click means."""
    chosen = request.reaction
    known = isinstance(chosen, types.ReactionEmoji) and chosen.emoticon.rstrip("\ufe0f") in EMOJI
    if not known and not (isinstance(chosen, types.ReactionCustomEmoji) and call.me.premium):
        raise RpcFault(400, "REACTION_INVALID")
    call.me.settings["default reaction"] = chosen
    return True


@serves(functions.messages.ReportReactionRequest)
def report_reaction(request: functions.messages.ReportReactionRequest, call: Call) -> bool:
    """Complain of a reaction."""
    letter = call.letter(call.peer(request.peer), request.id)
    if call.peer(request.reaction_peer) not in letter.votes:
        raise RpcFault(400, "USER_ID_INVALID")
    return True


# -- taking away -----------------------------------------------------------------------------------------------------


def _take_away(call: Call, letter: Letter, user_id: int) -> None:
    del letter.votes[user_id]
    letter.vote_dates.pop(user_id, None)
    tell_reactions(call, letter)


@serves(functions.messages.DeleteParticipantReactionRequest, who="both")
def delete_participant_reaction(
    request: functions.messages.DeleteParticipantReactionRequest, call: Call
) -> types.TypeUpdates:
    """Take somebody's reaction to a message of a chat away."""
    peer = call.peer(request.peer)
    check_admin(call.room(peer), call.my_id, "delete_messages")
    letter = call.letter(peer, request.msg_id)
    writer = call.peer(request.participant)
    if writer not in letter.votes:
        raise RpcFault(400, "PARTICIPANT_ID_INVALID")
    _take_away(call, letter, writer)
    return call.updates()


@serves(functions.messages.DeleteParticipantReactionsRequest, who="both")
def delete_participant_reactions(request: functions.messages.DeleteParticipantReactionsRequest, call: Call) -> bool:
    """Take all reactions of somebody in a chat away."""
    peer = call.peer(request.peer)
    check_admin(call.room(peer), call.my_id, "delete_messages")
    writer = call.peer(request.participant)
    box = call.world.channels[bare_id(peer)].box if is_channel(peer) else call.me.mailbox
    for letter in list(box.letters.values()):
        if writer in letter.votes and letter.peer_for(call.owner(peer)) == peer:
            _take_away(call, letter, writer)
    return True


# -- tags of saved messages ------------------------------------------------------------------------------------------


def _titles(call: Call) -> dict[bytes, str]:
    titles: dict[bytes, str] = call.me.settings.setdefault("tag titles", {})
    return titles


@serves(functions.messages.GetSavedReactionTagsRequest, who="both")
def get_saved_reaction_tags(
    request: functions.messages.GetSavedReactionTagsRequest, call: Call
) -> types.messages._TypeSavedReactionTags:
    """The tags of saved messages, and how often each is used: all, or of those that came from one chat."""
    only = call.peer(request.peer) if request.peer is not None else None
    counts: Counter[bytes] = Counter()
    kinds: dict[bytes, types.TypeReaction] = {}
    for number in call.me.mailbox.by_peer.get(call.my_id, ()):
        letter = call.me.mailbox.letters[number]
        if only is not None and letter.saved_peer() != only:
            continue
        for reaction in letter.votes.get(call.my_id, ()):
            counts[bytes(reaction)] += 1
            kinds[bytes(reaction)] = reaction
    titles = _titles(call)
    tags: list[types.TypeSavedReactionTag] = [
        types.SavedReactionTag(kinds[key], count, titles.get(key)) for key, count in counts.most_common()
    ]
    value = list_hash(zlib.crc32(bytes(one)) for one in tags)
    if request.hash and request.hash == value:
        return types.messages.SavedReactionTagsNotModified()
    return types.messages.SavedReactionTags(tags, value)


@serves(functions.messages.UpdateSavedReactionTagRequest, who="both")
def update_saved_reaction_tag(request: functions.messages.UpdateSavedReactionTagRequest, call: Call) -> bool:
    """Give a tag a name, or take it away."""
    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    titles = _titles(call)
    if request.title:
        if len(request.title) > 12:
            raise RpcFault(400, "TITLE_INVALID")
        titles[bytes(request.reaction)] = request.title
    else:
        titles.pop(bytes(request.reaction), None)
    call.delivery.note(call.my_id, types.UpdateSavedReactionTags())
    return True


@serves(functions.messages.GetDefaultTagReactionsRequest, who="both")
def get_default_tag_reactions(
    request: functions.messages.GetDefaultTagReactionsRequest, call: Call
) -> types.messages._TypeReactions:
    """Tags to choose from."""
    return _list(request.hash, 10, [types.ReactionEmoji(emoji) for emoji in EMOJI])


# -- paid ones -------------------------------------------------------------------------------------------------------


@serves(functions.messages.SendPaidReactionRequest, who="both")
def send_paid_reaction(request: functions.messages.SendPaidReactionRequest, call: Call) -> types.TypeUpdates:
    """Give stars to a post."""
    peer = call.peer(request.peer)
    letter = call.letter(peer, request.msg_id)
    if not letter.post or not call.world.channels[bare_id(peer)].traits.paid_reactions:
        raise RpcFault(400, "REACTION_INVALID")
    if not 1 <= request.count <= _MAX_PAID:
        raise RpcFault(400, "REACTIONS_COUNT_INVALID")
    used = call.world.random_ids.setdefault(call.my_id, set())
    if request.random_id in used:
        raise RpcFault(500, "RANDOM_ID_DUPLICATE")
    privacy = request.private if request.private is not None else call.me.settings.get("paid reactions")
    call.world.ledger.move(call.delivery, call.my_id, peer, request.count, reaction=True, msg_id=request.msg_id)
    used.add(request.random_id)
    before = letter.paid.get(call.my_id)
    letter.paid[call.my_id] = PaidVote(
        request.count + (before.stars if before is not None else 0), _hidden(call, privacy), _as(call, privacy)
    )
    tell_reactions(call, letter)
    return call.updates()


def _hidden(call: Call, privacy: types.TypePaidReactionPrivacy | None) -> bool:
    return isinstance(privacy, types.PaidReactionPrivacyAnonymous)


def _as(call: Call, privacy: types.TypePaidReactionPrivacy | None) -> int:
    return call.peer(privacy.peer) if isinstance(privacy, types.PaidReactionPrivacyPeer) else call.my_id


@serves(functions.messages.TogglePaidReactionPrivacyRequest, who="both")
def toggle_paid_reaction_privacy(request: functions.messages.TogglePaidReactionPrivacyRequest, call: Call) -> bool:
    """Under which name the stars that were given to a post are shown."""
    letter = call.letter(call.peer(request.peer), request.msg_id)
    mine = letter.paid.get(call.my_id)
    if mine is None:
        raise RpcFault(400, "REACTION_EMPTY")
    mine.anonymous, mine.peer = _hidden(call, request.private), _as(call, request.private)
    call.me.settings["paid reactions"] = request.private
    call.delivery.note(call.my_id, types.UpdatePaidReactionPrivacy(request.private))
    tell_reactions(call, letter)
    return True


@serves(functions.messages.GetPaidReactionPrivacyRequest, who="both")
def get_paid_reaction_privacy(
    request: functions.messages.GetPaidReactionPrivacyRequest, call: Call
) -> types.TypeUpdates:
    """Under which name they are shown unless the account says otherwise."""
    usual: types.TypePaidReactionPrivacy = call.me.settings.get("paid reactions", types.PaidReactionPrivacyDefault())
    return call.updates([types.UpdatePaidReactionPrivacy(usual)])
