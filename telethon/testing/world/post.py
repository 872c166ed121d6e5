"""Sending, changing, removing and reading messages: what happens to the boxes, and who is told.

Each function does one thing to the world and tells everybody concerned through the delivery it is given. Whether
somebody may do it is asked where a message enters (`send`); the rest is asked by the services.

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.world.boxes import Arrival, Edit, Notice
from telethon.testing.world.discussions import carry_over
from telethon.testing.world.letters import Draft, Letter
from telethon.testing.world.peerids import as_peer, bare_id, is_channel, is_group
from telethon.testing.world.records import Account, Channel
from telethon.testing.world.rights import check_may_post, check_member, has_right, in_channel, needed_right
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing.world.delivery import Delivery
    from telethon.testing.world.world import World

__all__ = [
    "box_number",
    "check_may_send",
    "deposit",
    "edited",
    "erase",
    "erase_in_channel",
    "find",
    "mark_read",
    "pin",
    "send",
    "service",
]


# -- sending ---------------------------------------------------------------------------------------------------------


def send(world: World, delivery: Delivery, sender: Account, room: int, draft: Draft) -> Letter:
    """Write a message.

    Args:
        world: where.
        delivery: who is told.
        sender: who writes.
        room: peer id of the chat, as the sender sees it.
        draft: what is written.

    Returns:
        The letter; its number for the sender is in `copies`.

    Raises:
        RpcFault: the sender may not write there.
    """
    check_may_send(world, sender, room, draft)
    if draft.random_id is not None:
        used = world.random_ids.setdefault(sender.id, set())
        if draft.random_id in used:
            raise RpcFault(500, "RANDOM_ID_DUPLICATE")
        used.add(draft.random_id)
    return deposit(world, delivery, compose(world, sender, room, draft))


def check_may_send(world: World, sender: Account, room: int, draft: Draft) -> None:
    """Raise what the server says to those who may not write there.

    Raises:
        RpcFault: the reason.
    """
    if is_channel(room):
        channel = world.channels[bare_id(room)]
        _check_channel(world, channel, sender, draft)
    elif is_group(room):
        group = world.groups[bare_id(room)]
        check_member(group, sender.id)
        if draft.action is None:
            check_may_post(group, sender.id, _right(draft), world.now())
    else:
        _check_private(world, sender, world.accounts[room])


def _right(draft: Draft) -> str:
    return needed_right(draft.media.kinds if draft.media is not None else frozenset())


def _check_channel(world: World, channel: Channel, sender: Account, draft: Draft) -> None:
    if channel.megagroup and not channel.join_to_send and channel.linked is not None and channel.username:
        pass
    else:
        in_channel(channel, sender.id)
    if draft.action is not None:
        return
    check_may_post(channel, sender.id, _right(draft), world.now())
    if channel.slowmode and not has_right(channel, sender.id, "post_messages") and sender.bot is None:
        last = channel.last_post.get(sender.id)
        if last is not None and world.now() - last < channel.slowmode:
            raise RpcFault(420, f"SLOWMODE_WAIT_{channel.slowmode - (world.now() - last)}")


def _check_private(world: World, sender: Account, receiver: Account) -> None:
    if receiver.deleted:
        raise RpcFault(400, "INPUT_USER_DEACTIVATED")
    if sender.id in receiver.blocked:
        raise RpcFault(403 if sender.bot is not None else 400, "USER_IS_BLOCKED" if sender.bot else "YOU_BLOCKED_USER")
    if receiver.id in sender.blocked and receiver.id != sender.id:
        raise RpcFault(400, "YOU_BLOCKED_USER")
    if sender.bot is None or sender.id == receiver.id:
        return
    if receiver.bot is not None:
        raise RpcFault(400, "USER_IS_BOT")
    # A bot cannot speak first: the person must have written to it.
    if receiver.id not in sender.mailbox.dialogs:
        raise RpcFault(400, "PEER_ID_INVALID")


def compose(world: World, sender: Account, room: int, draft: Draft) -> Letter:
    """Make the letter, which nobody has yet."""
    author = draft.send_as if draft.send_as is not None else sender.id
    post = False
    post_author: str | None = None
    views: int | None = None
    channel: Channel | None = None
    if is_channel(room):
        channel = world.channels[bare_id(room)]
        if channel.broadcast:
            post, author = True, room
            views = 1
            post_author = sender.name if channel.signatures else None
        elif draft.send_as is None and _anonymous(channel, sender.id):
            author = room
            post_author = channel.members[sender.id].rank
    letter = Letter(
        author=author,
        sender=sender.id,
        room=room,
        date=world.now(),
        text=draft.text,
        entities=draft.entities or None,
        media=draft.media,
        markup=draft.markup,
        action=draft.action,
        forward=draft.forward,
        quote=draft.quote,
        via_bot=draft.via_bot,
        grouped_id=draft.grouped_id,
        post=post,
        post_author=post_author,
        silent=draft.silent,
        noforwards=draft.noforwards,
        invert_media=draft.invert_media,
        views=views,
        forwards=0 if views is not None else None,
        effect=draft.effect,
        from_scheduled=draft.from_scheduled,
        inline_id=draft.inline_id,
    )
    if room < 0 and draft.action is None:
        letter.mentions = _mentions(world, letter)
    return letter


def _anonymous(channel: Channel, user_id: int) -> bool:
    member = channel.members.get(user_id)
    return member is not None and member.admin is not None and bool(member.admin.anonymous)


def _mentions(world: World, letter: Letter) -> frozenset[int]:
    """Who is named in the text, or answered."""
    found: set[int] = set()
    if letter.quote is not None and letter.quote.letter.room == letter.room:
        found.add(letter.quote.letter.sender)
    for entity in letter.entities or ():
        if isinstance(entity, types.MessageEntityMentionName):
            found.add(entity.user_id)
        elif isinstance(entity, types.MessageEntityMention):
            units = letter.text.encode("utf-16-le")
            name = units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le", "replace")
            peer = world.usernames.get(name.lstrip("@").lower())
            if peer is not None and peer > 0:
                found.add(peer)
    found.discard(letter.sender)
    return frozenset(found)


def deposit(world: World, delivery: Delivery, letter: Letter) -> Letter:
    """Put the letter into all boxes it belongs to."""
    room = letter.room
    if is_channel(room):
        channel = world.channels[bare_id(room)]
        number = channel.box.add(letter, room)
        channel.last_post[letter.sender] = letter.date
        if letter.quote is not None and letter.quote.letter.room == room:
            (letter.quote.top or letter.quote.letter).replies += 1
        arrival = Arrival(channel.box.step(), 1, letter, room)
        channel.box.record(arrival)
        for user_id in letter.mentions:
            if user_id in channel.members:
                world.accounts[user_id].mailbox.dialog(room).mentions.add(number)
        delivery.tell_members(channel, arrival)
        if letter.post:
            copy = carry_over(world, channel, letter)
            if copy is not None:
                deposit(world, delivery, copy)
        return letter
    if is_group(room):
        owners = world.groups[bare_id(room)].present()
        if letter.sender not in owners:
            owners.append(letter.sender)
    else:
        owners = [letter.sender] if letter.sender == room else [letter.sender, room]
    for owner in owners:
        mailbox = world.accounts[owner].mailbox
        peer = letter.peer_for(owner)
        number = mailbox.add(letter, owner, peer)
        dialog = mailbox.dialog(peer)
        dialog.hidden = False
        if owner != letter.sender:
            dialog.unread += 1
            if owner in letter.mentions:
                dialog.mentions.add(number)
        arrival = Arrival(mailbox.step(), 1, letter, owner)
        mailbox.record(arrival)
        delivery.tell(owner, arrival)
    return letter


def service(world: World, delivery: Delivery, sender: Account, room: int, action: types.TypeMessageAction) -> Letter:
    """Write a service message, without asking whether that is allowed."""
    return deposit(world, delivery, compose(world, sender, room, Draft(action=action)))


# -- finding ---------------------------------------------------------------------------------------------------------


def find(world: World, account: Account, peer: int, number: int) -> Letter | None:
    """The message with that number in a chat, as an account counts them."""
    if is_channel(peer):
        return world.channels[bare_id(peer)].box.letters.get(number)
    letter = account.mailbox.letters.get(number)
    return letter if letter is not None and letter.peer_for(account.id) == peer else None


def box_number(letter: Letter, account_id: int) -> int:
    """The number of a letter for an account; 0 when it has no copy."""
    owner = letter.room if is_channel(letter.room) else account_id
    return letter.copies.get(owner, 0)


# -- changing --------------------------------------------------------------------------------------------------------


def edited(world: World, delivery: Delivery, letter: Letter) -> None:
    """Tell everybody who has the letter that it looks different now."""
    for owner in list(letter.copies):
        if owner < 0:
            channel = world.channels[bare_id(owner)]
            change = Edit(channel.box.step(), 1, letter, owner)
            channel.box.record(change)
            delivery.tell_members(channel, change)
        else:
            mailbox = world.accounts[owner].mailbox
            change = Edit(mailbox.step(), 1, letter, owner)
            mailbox.record(change)
            delivery.tell(owner, change)


def erase(world: World, delivery: Delivery, account: Account, numbers: Iterable[int], revoke: bool) -> tuple[int, int]:
    """Delete messages of an account's private chats and basic groups.

    Args:
        world: where.
        delivery: who is told.
        account: who deletes.
        numbers: the messages.
        revoke: whether the others lose their copies as well.

    Returns:
        `pts` and `pts_count` of the account.
    """
    doomed: dict[int, list[int]] = {}
    for number in numbers:
        letter = account.mailbox.letters.get(number)
        if letter is None:
            continue
        owners = list(letter.copies) if revoke else [account.id]
        for owner in owners:
            copy = letter.copies.get(owner)
            if copy is not None and world.accounts[owner].mailbox.remove(copy, owner) is not None:
                doomed.setdefault(owner, []).append(copy)
    for owner, gone in doomed.items():
        mailbox = world.accounts[owner].mailbox
        notice = Notice(mailbox.step(len(gone)), len(gone), types.UpdateDeleteMessages(gone, mailbox.pts, len(gone)))
        mailbox.record(notice)
        delivery.tell(owner, notice)
    return account.mailbox.pts, len(doomed.get(account.id, ()))


def erase_in_channel(world: World, delivery: Delivery, channel: Channel, numbers: Iterable[int]) -> tuple[int, int]:
    """Delete messages of a channel; gives its `pts` and `pts_count`."""
    gone = [number for number in numbers if channel.box.remove(number, channel.peer) is not None]
    if gone:
        update = types.UpdateDeleteChannelMessages(channel.id, gone, channel.box.step(len(gone)), len(gone))
        notice = Notice(channel.box.pts, len(gone), update, (channel.peer,))
        channel.box.record(notice)
        delivery.tell_members(channel, notice)
        for user_id in channel.members:
            dialog = world.accounts[user_id].mailbox.dialogs.get(channel.peer)
            if dialog is not None and dialog.mentions:
                dialog.mentions.difference_update(gone)
    return channel.box.pts, len(gone)


def pin(
    world: World, delivery: Delivery, account: Account, letters: list[Letter], pinned: bool, one_side: bool = False
) -> None:
    """Pin messages of one chat or take the pins away."""
    changed: dict[int, list[int]] = {}
    for letter in letters:
        for owner, number in letter.copies.items():
            if one_side and owner != account.id and owner > 0:
                continue
            if pinned != (owner in letter.pinned_for):
                (letter.pinned_for.add if pinned else letter.pinned_for.discard)(owner)
                changed.setdefault(owner, []).append(number)
    for owner, numbers in changed.items():
        count = len(numbers)
        if owner < 0:
            channel = world.channels[bare_id(owner)]
            pts = channel.box.step(count)
            update: types.TypeUpdate = types.UpdatePinnedChannelMessages(channel.id, numbers, pts, count, pinned=pinned)
            notice = Notice(pts, count, update, (owner,))
            channel.box.record(notice)
            delivery.tell_members(channel, notice)
        else:
            mailbox = world.accounts[owner].mailbox
            pts = mailbox.step(count)
            peer = letters[0].peer_for(owner)
            update = types.UpdatePinnedMessages(as_peer(peer), numbers, pts, count, pinned=pinned)
            notice = Notice(pts, count, update, (peer,))
            mailbox.record(notice)
            delivery.tell(owner, notice)


# -- reading ---------------------------------------------------------------------------------------------------------


def mark_read(world: World, delivery: Delivery, account: Account, peer: int, max_id: int) -> tuple[int, int]:
    """Mark a chat as read up to a message; 0 stands for all of it.

    Returns:
        `pts` and `pts_count` of the account.
    """
    if is_channel(peer):
        _read_channel(world, delivery, account, world.channels[bare_id(peer)], max_id)
        return account.mailbox.pts, 0
    mailbox = account.mailbox
    dialog = mailbox.dialog(peer)
    ids = mailbox.by_peer.get(peer, [])
    last = ids[-1] if ids else 0
    upto = last if max_id <= 0 else min(max_id, last)
    if upto <= dialog.read_in:
        return mailbox.pts, 0
    fresh = [
        mailbox.letters[number]
        for number in ids
        if dialog.read_in < number <= upto and mailbox.letters[number].sender != account.id
    ]
    for letter in fresh:
        letter.read_dates[account.id] = world.now()
    dialog.read_in = upto
    dialog.unread = max(0, dialog.unread - len(fresh)) if upto < last else 0
    dialog.unread_mark = False
    dialog.mentions = {number for number in dialog.mentions if number > upto}
    update = types.UpdateReadHistoryInbox(as_peer(peer), upto, dialog.unread, mailbox.step(), 1)
    notice = Notice(mailbox.pts, 1, update, (peer,))
    mailbox.record(notice)
    delivery.tell(account.id, notice)
    _tell_writers(world, delivery, account, fresh)
    return mailbox.pts, 1


def _tell_writers(world: World, delivery: Delivery, reader: Account, letters: list[Letter]) -> None:
    """Let those who wrote the letters know that they were read."""
    highest: dict[int, Letter] = {}
    for letter in letters:
        if letter.sender in letter.copies:
            highest[letter.sender] = letter
    for writer, letter in highest.items():
        mailbox = world.accounts[writer].mailbox
        peer = letter.peer_for(writer)
        dialog = mailbox.dialog(peer)
        number = letter.copies[writer]
        if number <= dialog.read_out:
            continue
        dialog.read_out = number
        update = types.UpdateReadHistoryOutbox(as_peer(peer), number, mailbox.step(), 1)
        notice = Notice(mailbox.pts, 1, update, (peer,))
        mailbox.record(notice)
        delivery.tell(writer, notice)


def _read_channel(world: World, delivery: Delivery, account: Account, channel: Channel, max_id: int) -> None:
    box = channel.box
    dialog = account.mailbox.dialog(channel.peer)
    last = box.ids[-1] if box.ids else 0
    upto = last if max_id <= 0 else min(max_id, last)
    if upto <= dialog.read_in:
        return
    writers = {
        box.letters[number].sender for number in box.ids if dialog.read_in < number <= upto and number in box.letters
    }
    dialog.read_in = upto
    dialog.unread_mark = False
    dialog.mentions = {number for number in dialog.mentions if number > upto}
    unread = box.unread(upto, account.id)
    delivery.note(
        account.id, types.UpdateReadChannelInbox(channel.id, upto, unread, box.pts), (channel.peer,), lasting=True
    )
    if channel.megagroup and upto > box.read_out:
        box.read_out = upto
        for writer in writers - {account.id}:
            if writer in channel.members:
                delivery.note(writer, types.UpdateReadChannelOutbox(channel.id, upto), (channel.peer,), lasting=True)
