"""chatlists: folders that are shared by a link.

Source: https://core.telegram.org/api/links#chat-folder-links
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.channel_members import admit
from telethon.testing.services.folder_filters import filters_of
from telethon.testing.world.peerids import as_peer, is_channel
from telethon.testing.world.records import Channel
from telethon.testing.world.rights import has_right
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call

_MAX_INVITES = 3
_MAX_SHARED = 2


@dataclass(slots=True, eq=False)
class _Shared:
    """A link to a folder of somebody."""

    slug: str
    owner: int
    filter_id: int
    title: str
    peers: list[int]

    def tl(self) -> types.ExportedChatlistInvite:
        return types.ExportedChatlistInvite(
            self.title, f"https://t.me/addlist/{self.slug}", [as_peer(peer) for peer in self.peers]
        )


def _all(call: Call) -> dict[str, _Shared]:
    links: dict[str, _Shared] = call.world.chatlists
    return links


def _followed(call: Call) -> dict[int, str]:
    """Folders of the account that came by a link, and by which."""
    followed: dict[int, str] = call.me.settings.setdefault("chatlists", {})
    return followed


def _folder(call: Call, chatlist: types.InputChatlistDialogFilter) -> types.DialogFilter | types.DialogFilterChatlist:
    found = filters_of(call).get(chatlist.filter_id)
    if not isinstance(found, (types.DialogFilter, types.DialogFilterChatlist)):
        raise RpcFault(400, "FILTER_ID_INVALID")
    return found


def _own(call: Call, chatlist: types.InputChatlistDialogFilter, slug: str) -> _Shared:
    _folder(call, chatlist)
    found = _all(call).get(slug.rpartition("/")[2])
    if found is None or (found.owner, found.filter_id) != (call.my_id, chatlist.filter_id):
        raise RpcFault(400, "INVITE_SLUG_EXPIRED")
    return found


def _by_slug(call: Call, slug: str) -> _Shared:
    if not slug:
        raise RpcFault(400, "INVITE_SLUG_EMPTY")
    found = _all(call).get(slug.rpartition("/")[2])
    if found is None:
        raise RpcFault(400, "INVITE_SLUG_EXPIRED")
    return found


def _shareable(call: Call, given: Iterable[types.TypeInputPeer]) -> list[int]:
    """Chats that the account may let others into."""
    peers: list[int] = []
    for one in given:
        peer = call.peer(one)
        room = call.room(peer) if is_channel(peer) else None
        if not isinstance(room, Channel) or (room.username is None and not has_right(room, call.my_id, "invite_users")):
            raise RpcFault(400, "PEERS_LIST_EMPTY" if room is None else "CHAT_ADMIN_REQUIRED")
        peers.append(peer)
    if not peers:
        raise RpcFault(400, "PEERS_LIST_EMPTY")
    return peers


def _input(call: Call, peer: int, viewer: int) -> types.TypeInputPeer:
    channel_id = call.room(peer).id
    return types.InputPeerChannel(channel_id, call.world.access_hash(viewer, peer))


# -- sharing ---------------------------------------------------------------------------------------------------------


@serves(functions.chatlists.ExportChatlistInviteRequest)
def export_chatlist_invite(
    request: functions.chatlists.ExportChatlistInviteRequest, call: Call
) -> types.chatlists.ExportedChatlistInvite:
    """Make a link to a folder."""
    folder = _folder(call, request.chatlist)
    if isinstance(folder, types.DialogFilter):
        kinds = (folder.contacts, folder.non_contacts, folder.groups, folder.broadcasts, folder.bots)
        if any(kinds) or folder.exclude_peers or folder.exclude_muted or folder.exclude_read:
            raise RpcFault(400, "FILTER_NOT_SUPPORTED")
    peers = _shareable(call, request.peers)
    mine = [one for one in _all(call).values() if one.owner == call.my_id]
    if sum(one.filter_id == folder.id for one in mine) >= _MAX_INVITES:
        raise RpcFault(400, "INVITES_TOO_MUCH")
    if len({*(one.filter_id for one in mine), folder.id}) > _MAX_SHARED and not call.me.premium:
        raise RpcFault(400, "CHATLISTS_TOO_MUCH")
    slug = base64.urlsafe_b64encode(call.world.rand(12)).decode()
    made = _all(call)[slug] = _Shared(slug, call.my_id, folder.id, request.title, peers)
    shared = types.DialogFilterChatlist(
        folder.id,
        folder.title,
        folder.pinned_peers,
        folder.include_peers,
        has_my_invites=True,
        emoticon=folder.emoticon,
        color=folder.color,
    )
    filters_of(call)[folder.id] = shared
    call.delivery.note(call.my_id, types.UpdateDialogFilter(folder.id, shared), lasting=True)
    return types.chatlists.ExportedChatlistInvite(shared, made.tl())


@serves(functions.chatlists.EditExportedInviteRequest, who="both")
def edit_exported_invite(
    request: functions.chatlists.EditExportedInviteRequest, call: Call
) -> types.ExportedChatlistInvite:
    """Change a link to a folder."""
    found = _own(call, request.chatlist, request.slug)
    if request.title is not None:
        found.title = request.title
    if request.peers is not None:
        found.peers = _shareable(call, request.peers)
    return found.tl()


@serves(functions.chatlists.DeleteExportedInviteRequest, who="both")
def delete_exported_invite(request: functions.chatlists.DeleteExportedInviteRequest, call: Call) -> bool:
    """Throw it away."""
    del _all(call)[_own(call, request.chatlist, request.slug).slug]
    return True


@serves(functions.chatlists.GetExportedInvitesRequest, who="both")
def get_exported_invites(
    request: functions.chatlists.GetExportedInvitesRequest, call: Call
) -> types.chatlists.ExportedInvites:
    """The links to a folder."""
    _folder(call, request.chatlist)
    where = (call.my_id, request.chatlist.filter_id)
    found = [one for one in _all(call).values() if (one.owner, one.filter_id) == where]
    users, chats = call.split({peer for one in found for peer in one.peers})
    return types.chatlists.ExportedInvites([one.tl() for one in found], chats, users)


# -- following -------------------------------------------------------------------------------------------------------


def _missing(call: Call, shared: _Shared) -> list[int]:
    """The chats of a link that the account is not in."""
    rooms = [call.room(peer) for peer in shared.peers]
    return [room.peer for room in rooms if call.my_id not in room.present()]


@serves(functions.chatlists.CheckChatlistInviteRequest, who="both")
def check_chatlist_invite(
    request: functions.chatlists.CheckChatlistInviteRequest, call: Call
) -> types.chatlists._TypeChatlistInvite:
    """What a link leads to."""
    shared = _by_slug(call, request.slug)
    users, chats = call.split(shared.peers)
    known = [number for number, slug in _followed(call).items() if slug == shared.slug]
    if known and known[0] in filters_of(call):
        missing = _missing(call, shared)
        already = [peer for peer in shared.peers if peer not in missing]
        return types.chatlists.ChatlistInviteAlready(
            known[0], [as_peer(peer) for peer in missing], [as_peer(peer) for peer in already], chats, users
        )
    title = types.TextWithEntities(shared.title, [])
    return types.chatlists.ChatlistInvite(title, [as_peer(peer) for peer in shared.peers], chats, users)


def _join(call: Call, shared: _Shared, wanted: list[int]) -> None:
    inviter = shared.owner
    for peer in wanted:
        room = call.room(peer)
        if isinstance(room, Channel) and call.my_id not in room.present():
            member = room.members.get(call.my_id)
            if member is not None and member.banned is not None and member.banned.view_messages:
                continue
            admit(call, room, call.me, inviter=call.my_id if room.username else inviter)


@serves(functions.chatlists.JoinChatlistInviteRequest, who="both")
def join_chatlist_invite(request: functions.chatlists.JoinChatlistInviteRequest, call: Call) -> types.TypeUpdates:
    """Take a folder over, and go into those of its chats that are chosen."""
    shared = _by_slug(call, request.slug)
    filters = filters_of(call)
    if shared.owner == call.my_id or shared.slug in _followed(call).values():
        raise RpcFault(400, "FILTER_INCLUDE_TOO_MUCH" if shared.owner == call.my_id else "CHATLISTS_TOO_MUCH")
    wanted = _named(call, shared, request.peers)
    if not wanted:
        raise RpcFault(400, "FILTER_INCLUDE_EMPTY")
    _join(call, shared, wanted)
    number = next(one for one in range(2, 256) if one not in filters)
    title = types.TextWithEntities(shared.title, [])
    made = types.DialogFilterChatlist(number, title, [], [_input(call, peer, call.my_id) for peer in wanted])
    filters[number] = made
    _followed(call)[number] = shared.slug
    call.delivery.note(call.my_id, types.UpdateDialogFilter(number, made), lasting=True)
    return call.updates(peers=wanted)


def _named(call: Call, shared: _Shared, given: Iterable[types.TypeInputPeer]) -> list[int]:
    """Which chats of a link a request names; whoever has the link may, even where the account is not."""
    wanted: list[int] = []
    for one in given:
        if isinstance(one, types.InputPeerChannel):
            for peer in shared.peers:
                hashes = (one.channel_id, one.access_hash)
                if hashes == (call.room(peer).id, call.world.access_hash(call.my_id, peer)):
                    wanted.append(peer)
    return wanted


def _source(call: Call, chatlist: types.InputChatlistDialogFilter) -> _Shared:
    _folder(call, chatlist)
    slug = _followed(call).get(chatlist.filter_id, "")
    found = _all(call).get(slug)
    if found is None:
        raise RpcFault(400, "FILTER_NOT_SUPPORTED")
    return found


@serves(functions.chatlists.GetChatlistUpdatesRequest, who="both")
def get_chatlist_updates(
    request: functions.chatlists.GetChatlistUpdatesRequest, call: Call
) -> types.chatlists.ChatlistUpdates:
    """Chats that are new in a folder that came by a link."""
    shared = _source(call, request.chatlist)
    hidden: set[int] = call.me.settings.get("chatlists hidden", {}).get(request.chatlist.filter_id, set())
    missing = [peer for peer in _missing(call, shared) if peer not in hidden]
    users, chats = call.split(missing)
    return types.chatlists.ChatlistUpdates([as_peer(peer) for peer in missing], chats, users)


@serves(functions.chatlists.JoinChatlistUpdatesRequest, who="both")
def join_chatlist_updates(request: functions.chatlists.JoinChatlistUpdatesRequest, call: Call) -> types.TypeUpdates:
    """Go into them."""
    shared = _source(call, request.chatlist)
    wanted = _named(call, shared, request.peers)
    _join(call, shared, wanted)
    folder = _folder(call, request.chatlist)
    folder.include_peers = [*folder.include_peers, *(_input(call, peer, call.my_id) for peer in wanted)]
    call.delivery.note(call.my_id, types.UpdateDialogFilter(folder.id, folder), lasting=True)
    return call.updates(peers=wanted)


@serves(functions.chatlists.HideChatlistUpdatesRequest, who="both")
def hide_chatlist_updates(request: functions.chatlists.HideChatlistUpdatesRequest, call: Call) -> bool:
    """Do not want to be told of those that are new now."""
    shared = _source(call, request.chatlist)
    hidden = call.me.settings.setdefault("chatlists hidden", {})
    hidden[request.chatlist.filter_id] = set(_missing(call, shared))
    return True


@serves(functions.chatlists.GetLeaveChatlistSuggestionsRequest, who="both")
def get_leave_chatlist_suggestions(
    request: functions.chatlists.GetLeaveChatlistSuggestionsRequest, call: Call
) -> list[types.TypePeer]:
    """Which chats to leave along with a folder."""
    shared = _source(call, request.chatlist)
    missing = _missing(call, shared)
    return [as_peer(peer) for peer in shared.peers if peer not in missing]


@serves(functions.chatlists.LeaveChatlistRequest, who="both")
def leave_chatlist(request: functions.chatlists.LeaveChatlistRequest, call: Call) -> types.TypeUpdates:
    """Throw a folder away that came by a link, and leave chosen chats of it."""
    from telethon.testing.services.channel_members import leave_channel

    _source(call, request.chatlist)
    for one in request.peers:
        room = call.room(call.peer(one))
        given = types.InputChannel(room.id, call.world.access_hash(call.my_id, room.peer))
        leave_channel(functions.channels.LeaveChannelRequest(given), call)
    number = request.chatlist.filter_id
    del filters_of(call)[number]
    del _followed(call)[number]
    call.delivery.note(call.my_id, types.UpdateDialogFilter(number), lasting=True)
    return call.updates()
