"""The world as one account sees it: objects of the schema made from records.

Everything depends on the viewer: access hashes, contacts and phone numbers, whether a message is its own, its rights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing.world.boxes import Arrival, Dialog, Edit, Event, Notice
from telethon.testing.world.discussions import copy_of
from telethon.testing.world.peerids import as_peer, bare_id, channel_peer, is_channel, is_user
from telethon.testing.world.plain import PlainMessage, PlainMessageEmpty, PlainMessageService
from telethon.testing.world.rights import FULL_RIGHTS, NOTHING_BANNED
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing.world.files import StoredPhoto
    from telethon.testing.world.letters import Forward, Letter
    from telethon.testing.world.records import Account, Channel, Group, Invite, Member
    from telethon.testing.world.world import World

__all__ = ["Views"]


class Views:
    """Makes the objects of the schema.

    Args:
        world: what to look at.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    # -- peers -------------------------------------------------------------------------------------------------------

    def user(self, user_id: int, viewer: int) -> types.TypeUser:
        """An account as another one sees it."""
        account = self._world.accounts.get(user_id)
        if account is None:
            return types.UserEmpty(user_id)
        if account.deleted:
            return types.User(
                id=user_id, deleted=True, access_hash=self._world.access_hash(viewer, user_id), is_self=False
            )
        me = viewer == user_id
        mine = self._world.accounts.get(viewer)
        contact = mine.contacts.get(user_id) if mine is not None else None
        bot = account.bot
        phone = account.phone if me or (contact is not None and contact.phone is not None) or account.support else None
        return types.User(
            id=user_id,
            is_self=me,
            contact=contact is not None,
            mutual_contact=contact is not None and viewer in account.contacts,
            bot=bot is not None,
            bot_chat_history=bot is not None and bot.reads_all,
            bot_nochats=bot is not None and bot.nochats,
            bot_info_version=1 if bot is not None else None,
            bot_inline_placeholder=bot.placeholder if bot is not None else None,
            bot_can_edit=bot is not None and bot.owner == viewer,
            bot_has_main_app=bot is not None and bot.main_app is not None,
            bot_attach_menu=bot is not None and bot.attach_menu is not None,
            verified=account.verified,
            support=account.support,
            premium=account.premium,
            access_hash=self._world.access_hash(viewer, user_id),
            first_name=contact.first_name if contact is not None and not me else account.first_name,
            last_name=(contact.last_name if contact is not None and not me else account.last_name) or None,
            username=account.username,
            usernames=self.usernames(account) if account.further else None,
            phone=phone,
            photo=self._profile_photo(account.photos),
            status=None if bot is not None else self.status(account),
            lang_code=account.lang_code,
            emoji_status=account.profile.emoji_status,
            color=account.profile.color,
            profile_color=account.profile.profile_color,
            close_friend=mine is not None and user_id in mine.profile.close_friends,
            stories_hidden=mine is not None and user_id in mine.profile.hidden_stories,
            stories_max_id=self._newest_story(account, viewer),
        )

    @staticmethod
    def usernames(holder: Account | Channel) -> list[types.TypeUsername] | None:
        """All usernames of somebody, the first one is the own."""
        own: list[types.TypeUsername] = []
        if holder.username is not None:
            own.append(types.Username(holder.username, editable=True, active=True))
        own.extend(types.Username(name, active=active) for name, active in holder.further.items())
        return own or None

    def _newest_story(self, account: Account, viewer: int) -> types.RecentStory | None:
        """The newest story of somebody that is for everybody, while its time lasts."""
        active = account.book.active(self._world.now()) if account.book.stories else ()
        numbers = [story.id for story in active if story.public or viewer == account.id]
        return types.RecentStory(max_id=max(numbers)) if numbers else None

    def status(self, account: Account) -> types.TypeUserStatus:
        """Whether somebody is there, or was."""
        if account.seen > self._world.now():
            return types.UserStatusOnline(account.seen)
        if account.seen:
            return types.UserStatusOffline(account.seen)
        return types.UserStatusRecently()

    @staticmethod
    def _profile_photo(photos: list[StoredPhoto]) -> types.TypeUserProfilePhoto | None:
        if not photos:
            return None
        return types.UserProfilePhoto(photo_id=photos[0].id, dc_id=photos[0].dc_id)

    @staticmethod
    def _chat_photo(photo: StoredPhoto | None) -> types.TypeChatPhoto:
        if photo is None:
            return types.ChatPhotoEmpty()
        return types.ChatPhoto(photo_id=photo.id, dc_id=photo.dc_id)

    def chat(self, peer: int, viewer: int) -> types.TypeChat:
        """A group or channel as an account sees it."""
        if is_channel(peer):
            return self._channel(peer, viewer)
        group = self._world.groups.get(bare_id(peer))
        if group is None:
            return types.ChatEmpty(bare_id(peer))
        member = group.members.get(viewer)
        if member is not None and member.banned is not None and member.banned.view_messages:
            return types.ChatForbidden(group.id, group.title)
        migrated = None
        if group.migrated_to is not None:
            migrated = types.InputChannel(
                group.migrated_to, self._world.access_hash(viewer, channel_peer(group.migrated_to))
            )
        return types.Chat(
            id=group.id,
            title=group.title,
            photo=self._chat_photo(group.photo),
            participants_count=len(group.present()),
            date=group.date,
            version=group.version,
            creator=group.creator == viewer,
            left=member is None or member.left,
            deactivated=group.deactivated,
            noforwards=group.noforwards,
            migrated_to=migrated,
            admin_rights=FULL_RIGHTS if group.creator == viewer else member.admin if member is not None else None,
            default_banned_rights=group.default_banned or NOTHING_BANNED,
            call_active=group.call is not None,
            call_not_empty=group.call is not None and bool(group.call.participants),
        )

    def _channel(self, peer: int, viewer: int) -> types.TypeChat:
        channel = self._world.channels.get(bare_id(peer))
        access_hash = self._world.access_hash(viewer, peer)
        if channel is None:
            return types.ChannelForbidden(bare_id(peer), access_hash, "", broadcast=True)
        member = channel.members.get(viewer)
        out = member is not None and member.banned is not None and bool(member.banned.view_messages)
        if channel.deleted or out or (channel.username is None and (member is None or member.left)):
            return types.ChannelForbidden(
                channel.id, access_hash, channel.title, broadcast=channel.broadcast, megagroup=channel.megagroup
            )
        creator, traits = channel.creator == viewer, channel.traits
        return types.Channel(
            id=channel.id,
            title=channel.title,
            photo=self._chat_photo(channel.photo),
            date=member.date if member is not None and member.present else channel.date,
            creator=creator,
            left=member is None or member.left,
            broadcast=channel.broadcast,
            megagroup=channel.megagroup,
            signatures=channel.signatures,
            has_link=channel.linked is not None,
            slowmode_enabled=bool(channel.slowmode),
            noforwards=channel.noforwards,
            join_to_send=channel.join_to_send,
            join_request=channel.join_request,
            forum=channel.forum,
            access_hash=access_hash,
            username=channel.username,
            usernames=self.usernames(channel) if channel.further else None,
            admin_rights=FULL_RIGHTS if creator else member.admin if member is not None else None,
            banned_rights=member.banned if member is not None else None,
            default_banned_rights=(channel.default_banned or NOTHING_BANNED) if channel.megagroup else None,
            participants_count=len(channel.present()),
            call_active=channel.call is not None,
            call_not_empty=channel.call is not None and bool(channel.call.participants),
            gigagroup=traits.gigagroup,
            autotranslation=traits.autotranslation,
            broadcast_messages_allowed=traits.broadcast_messages,
            has_geo=traits.location is not None,
            color=traits.color,
            profile_color=traits.profile_color,
            emoji_status=traits.emoji_status,
            level=len(channel.boosts) or None,
            send_paid_messages_stars=traits.paid_price or None,
        )

    def split(self, peers: Iterable[int], viewer: int) -> tuple[list[types.TypeUser], list[types.TypeChat]]:
        """Users and chats for a set of peers, as answers carry them."""
        users: list[types.TypeUser] = []
        chats: list[types.TypeChat] = []
        for peer in peers:
            if is_user(peer):
                users.append(self.user(peer, viewer))
            else:
                chats.append(self.chat(peer, viewer))
        return users, chats

    # -- messages ----------------------------------------------------------------------------------------------------

    def message(self, letter: Letter, owner: int, viewer: int) -> types.TypeMessage:
        """A copy of a letter, as an account sees it."""
        number = letter.copies.get(owner)
        peer = letter.peer_for(owner)
        if number is None:
            empty: types.TypeMessage = PlainMessageEmpty(id=0, peer_id=as_peer(peer))
            return empty
        return self.numbered(letter, number, owner, viewer)

    def numbered(self, letter: Letter, number: int, owner: int, viewer: int) -> types.TypeMessage:
        """The same for a copy that has the number elsewhere: a scheduled message, or one that was deleted."""
        peer = letter.peer_for(owner)
        # What was forwarded to oneself is not outgoing, what was written there is.
        out = letter.sender == viewer and not (letter.room == viewer and letter.forward is not None)
        from_id = None if letter.post or (is_user(peer) and not out) else as_peer(letter.author)
        reply_to = self._reply(letter, owner)
        mentioned = viewer in letter.mentions and not out
        message: types.TypeMessage
        if letter.action is not None:
            message = PlainMessageService(
                id=number,
                peer_id=as_peer(peer),
                date=letter.date,
                action=_action_for(letter.action, viewer == letter.sender),
                out=out,
                mentioned=mentioned,
                silent=letter.silent,
                post=letter.post,
                from_id=from_id,
                reply_to=reply_to,
            )
            return message
        message = PlainMessage(
            id=number,
            peer_id=as_peer(peer),
            date=letter.date,
            message=letter.text,
            out=out,
            mentioned=mentioned,
            media_unread=self._media_unread(letter, viewer),
            silent=letter.silent,
            post=letter.post,
            from_scheduled=letter.from_scheduled,
            edit_hide=letter.edit_hide,
            pinned=owner in letter.pinned_for,
            noforwards=letter.noforwards,
            invert_media=letter.invert_media,
            from_id=from_id,
            fwd_from=self._forward(letter.forward) if letter.forward is not None else None,
            via_bot_id=letter.via_bot,
            reply_to=reply_to,
            saved_peer_id=as_peer(letter.saved_peer()) if peer == viewer == letter.sender else None,
            media=letter.media.tl(viewer) if letter.media is not None else None,
            reply_markup=letter.markup,
            entities=letter.entities,
            views=letter.views,
            forwards=letter.forwards,
            replies=self._replies(letter, peer) if is_channel(peer) else None,
            edit_date=letter.edit_date,
            post_author=letter.post_author,
            grouped_id=letter.grouped_id,
            reactions=self.reactions(letter, viewer) if letter.votes or letter.paid else None,
            ttl_period=letter.ttl,
            effect=letter.effect,
        )
        return message

    @staticmethod
    def _media_unread(letter: Letter, viewer: int) -> bool:
        if letter.media is None or viewer in letter.seen_by:
            return False
        return bool(letter.media.kinds & {"voice", "round"})

    def _replies(self, letter: Letter, peer: int) -> types.MessageReplies | None:
        channel = self._world.channels[bare_id(peer)]
        if letter.post and channel.linked is not None:
            copy = copy_of(self._world, channel, letter)
            if copy is not None:
                return types.MessageReplies(copy.replies, 0, comments=True, channel_id=channel.linked)
        return types.MessageReplies(letter.replies, 0) if letter.replies else None

    @staticmethod
    def _forward(forward: Forward) -> types.MessageFwdHeader:
        return types.MessageFwdHeader(
            date=forward.date,
            imported=forward.imported,
            from_id=as_peer(forward.author) if forward.author is not None else None,
            from_name=forward.name,
            channel_post=forward.channel_post,
            post_author=forward.post_author,
            saved_from_peer=as_peer(forward.saved_from) if forward.saved_from is not None else None,
            saved_from_msg_id=forward.saved_from_id,
        )

    @staticmethod
    def _reply(letter: Letter, owner: int) -> types.MessageReplyHeader | None:
        quote = letter.quote
        if quote is None:
            return None
        answered = quote.letter
        number = answered.copies.get(owner)
        elsewhere: types.TypePeer | None = None
        if number is None:
            # The answered letter is in another chat, or this owner's copy of it is gone.
            if answered.room != letter.room and answered.room < 0:
                number = answered.copies.get(answered.room)
                elsewhere = as_peer(answered.room)
            if number is None:
                return None
        top = quote.top.copies.get(owner) if quote.top is not None else None
        return types.MessageReplyHeader(
            reply_to_msg_id=number,
            reply_to_peer_id=elsewhere,
            reply_to_top_id=top if top != number else None,
            quote=quote.text is not None,
            quote_text=quote.text,
            quote_entities=quote.entities,
            quote_offset=quote.offset,
            forum_topic=quote.forum_topic,
        )

    @staticmethod
    def reactions(letter: Letter, viewer: int) -> types.MessageReactions:
        """The reactions to a letter."""
        counts: dict[bytes, types.ReactionCount] = {}
        paid = types.ReactionPaid()
        if letter.paid:
            counts[bytes(paid)] = types.ReactionCount(paid, sum(one.stars for one in letter.paid.values()))
        recent: list[types.TypeMessagePeerReaction] = []
        for user, chosen in letter.votes.items():
            for order, reaction in enumerate(chosen):
                key = bytes(reaction)
                count = counts.get(key)
                if count is None:
                    count = counts[key] = types.ReactionCount(reaction, 0)
                count.count += 1
                if user == viewer:
                    count.chosen_order = order
                recent.append(
                    types.MessagePeerReaction(
                        as_peer(user), letter.vote_dates.get(user, letter.date), reaction, my=user == viewer
                    )
                )
        return types.MessageReactions(
            results=list(counts.values()),
            can_see_list=not letter.post,
            reactions_as_tags=letter.room == letter.sender,
            recent_reactions=recent[-3:] or None,
            top_reactors=_reactors(letter, viewer),
        )

    def letter_peers(self, letter: Letter, owner: int) -> set[int]:
        """Everybody an answer has to introduce when it carries this letter."""
        peers = {letter.peer_for(owner), letter.author} if not letter.post else {letter.peer_for(owner)}
        if letter.via_bot is not None:
            peers.add(letter.via_bot)
        if letter.forward is not None:
            if letter.forward.author is not None:
                peers.add(letter.forward.author)
            if letter.forward.saved_from is not None:
                peers.add(letter.forward.saved_from)
        if letter.votes:
            peers.update(letter.votes)
        peers.update(one.peer for one in letter.paid.values() if not one.anonymous)
        action = letter.action
        if action is not None:
            peers.update(getattr(action, "users", None) or ())
            for name in ("user_id", "inviter_id"):
                user_id = getattr(action, name, None)
                if isinstance(user_id, int):
                    peers.add(user_id)
            channel_id = getattr(action, "channel_id", None)
            if isinstance(channel_id, int):
                peers.add(channel_peer(channel_id))
        for entity in letter.entities or ():
            if isinstance(entity, types.MessageEntityMentionName):
                peers.add(entity.user_id)
        if owner > 0:
            peers.add(owner)
        return peers

    # -- events ------------------------------------------------------------------------------------------------------

    def update(self, event: Event, viewer: int) -> types.TypeUpdate | None:
        """The update that tells of an event; None when its letter is gone."""
        if isinstance(event, Notice):
            return event.update
        if not isinstance(event, (Arrival, Edit)) or event.owner not in event.letter.copies:
            return None
        message = self.message(event.letter, event.owner, viewer)
        if event.owner < 0:
            if isinstance(event, Arrival):
                return types.UpdateNewChannelMessage(message, event.pts, event.count)
            return types.UpdateEditChannelMessage(message, event.pts, event.count)
        if isinstance(event, Arrival):
            return types.UpdateNewMessage(message, event.pts, event.count)
        return types.UpdateEditMessage(message, event.pts, event.count)

    def event_peers(self, event: Event) -> Iterable[int]:
        """Everybody an update about the event has to introduce."""
        if isinstance(event, (Arrival, Edit)):
            return self.letter_peers(event.letter, event.owner)
        return event.peers if isinstance(event, Notice) else ()

    # -- dialogs -----------------------------------------------------------------------------------------------------

    def dialog(self, dialog: Dialog, viewer: int) -> types.Dialog:
        """A line of the account's list of chats."""
        world = self._world
        pts: int | None = None
        if is_channel(dialog.peer):
            box = world.channels[bare_id(dialog.peer)].box
            top = box.ids[-1] if box.ids else 0
            unread = box.unread(max(dialog.read_in, dialog.cleared), viewer)
            pts = box.pts
            read_out = box.read_out
        else:
            ids = world.accounts[viewer].mailbox.by_peer.get(dialog.peer)
            top = ids[-1] if ids else 0
            unread, read_out = dialog.unread, dialog.read_out
        return types.Dialog(
            peer=as_peer(dialog.peer),
            top_message=top,
            read_inbox_max_id=dialog.read_in,
            read_outbox_max_id=read_out,
            unread_count=unread,
            unread_mentions_count=len(dialog.mentions),
            unread_reactions_count=0,
            unread_poll_votes_count=0,
            notify_settings=dialog.notify or types.PeerNotifySettings(),
            pinned=dialog.pinned,
            unread_mark=dialog.unread_mark,
            pts=pts,
            draft=dialog.draft,
            folder_id=dialog.folder_id or None,
            ttl_period=dialog.ttl,
        )

    # -- members -----------------------------------------------------------------------------------------------------

    def participant(self, channel: Channel, user_id: int, viewer: int) -> types.TypeChannelParticipant | None:
        """What an account is in a channel; None when it never was in it."""
        member = channel.members.get(user_id)
        if member is None:
            return None
        if member.banned is not None:
            return types.ChannelParticipantBanned(
                peer=as_peer(user_id),
                kicked_by=member.banned_by,
                date=member.date,
                banned_rights=member.banned,
                left=member.left or bool(member.banned.view_messages),
                rank=member.rank,
            )
        if member.left:
            return types.ChannelParticipantLeft(as_peer(user_id))
        if channel.creator == user_id:
            return types.ChannelParticipantCreator(user_id, member.admin or FULL_RIGHTS, rank=member.rank)
        if member.admin is not None:
            return types.ChannelParticipantAdmin(
                user_id=user_id,
                promoted_by=member.promoted_by,
                date=member.date,
                admin_rights=member.admin,
                can_edit=member.promoted_by == viewer or channel.creator == viewer,
                is_self=user_id == viewer,
                inviter_id=member.inviter if user_id == viewer else None,
                rank=member.rank,
            )
        if user_id == viewer:
            return types.ChannelParticipantSelf(user_id, member.inviter, member.date)
        return types.ChannelParticipant(user_id, member.date, rank=member.rank)

    @staticmethod
    def group_participant(group: Group, user_id: int, member: Member) -> types.TypeChatParticipant:
        """What an account is in a basic group."""
        if user_id == group.creator:
            return types.ChatParticipantCreator(user_id, rank=member.rank)
        if member.admin is not None:
            return types.ChatParticipantAdmin(user_id, member.inviter, member.date, rank=member.rank)
        return types.ChatParticipant(user_id, member.inviter, member.date, rank=member.rank)

    def group_participants(self, group: Group, viewer: int) -> types.TypeChatParticipants:
        """Who is in a basic group."""
        present = group.present()
        if viewer not in present:
            return types.ChatParticipantsForbidden(group.id)
        return types.ChatParticipants(
            group.id,
            [self.group_participant(group, user_id, group.members[user_id]) for user_id in present],
            group.version,
        )

    @staticmethod
    def invite(invite: Invite) -> types.ChatInviteExported:
        """An invite link."""
        return types.ChatInviteExported(
            link=invite.link,
            admin_id=invite.admin,
            date=invite.date,
            revoked=invite.revoked,
            permanent=invite.permanent,
            request_needed=invite.request_needed,
            expire_date=invite.expires,
            usage_limit=invite.limit,
            usage=len(invite.used) or None,
            requested=len(invite.requests) or None,
            title=invite.title,
        )


def _reactors(letter: Letter, viewer: int) -> list[types.TypeMessageReactor] | None:
    """Who gave most stars to a post, and the viewer."""
    given = sorted(letter.paid.items(), key=lambda entry: -entry[1].stars)
    shown: list[types.TypeMessageReactor] = []
    for place, (user_id, vote) in enumerate(given):
        if place < 3 or user_id == viewer:
            hidden = vote.anonymous and user_id != viewer
            shown.append(
                types.MessageReactor(
                    vote.stars,
                    top=place < 3,
                    my=user_id == viewer,
                    anonymous=vote.anonymous,
                    peer_id=None if hidden else as_peer(vote.peer),
                )
            )
    return shown or None


def _action_for(action: types.TypeMessageAction, is_sender: bool) -> types.TypeMessageAction:
    """What happened, as the sender or anybody else sees it: what was paid for only the bot is told."""
    if isinstance(action, types.MessageActionPaymentSentMe) and is_sender:
        return types.MessageActionPaymentSent(action.currency, action.total_amount)
    return action
