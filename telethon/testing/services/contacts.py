"""contacts: finding people, and the address book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.account import check_name
from telethon.testing.world.botnews import tell_bot
from telethon.testing.world.peerids import as_peer, bare_id, is_channel, is_user
from telethon.testing.world.records import Contact
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call


@serves(functions.contacts.ResolveUsernameRequest, who="both")
def resolve_username(request: functions.contacts.ResolveUsernameRequest, call: Call) -> types.contacts.ResolvedPeer:
    """Who has a username."""
    peer = call.world.usernames.get(request.username.lower())
    if peer is None:
        check_name(request.username)
        raise RpcFault(400, "USERNAME_NOT_OCCUPIED")
    users, chats = call.split([peer])
    return types.contacts.ResolvedPeer(as_peer(peer), chats, users)


@serves(functions.contacts.ResolvePhoneRequest)
def resolve_phone(request: functions.contacts.ResolvePhoneRequest, call: Call) -> types.contacts.ResolvedPeer:
    """Who has a phone number."""
    account = call.world.by_phone(request.phone)
    if account is None:
        raise RpcFault(400, "PHONE_NOT_OCCUPIED")
    users, chats = call.split([account.id])
    return types.contacts.ResolvedPeer(types.PeerUser(account.id), chats, users)


def list_hash(ids: Iterable[int]) -> int:
    """The hash of a list of numbers, by which clients say what they already know.

    Source: https://core.telegram.org/api/offsets#hash-generation
    """
    total = 0
    for number in ids:
        total ^= total >> 21
        total ^= (total << 35) & 0xFFFF_FFFF_FFFF_FFFF
        total ^= total >> 4
        total = (total + number) & 0xFFFF_FFFF_FFFF_FFFF
    return total - (1 << 64) if total >> 63 else total


def _contact(call: Call, user_id: int) -> types.Contact:
    return types.Contact(user_id, call.my_id in call.world.accounts[user_id].contacts)


@serves(functions.contacts.GetContactIDsRequest)
def get_contact_ids(request: functions.contacts.GetContactIDsRequest, call: Call) -> list[int]:
    """The ids of those who were saved."""
    return list(call.me.contacts)


@serves(functions.contacts.GetContactsRequest)
def get_contacts(request: functions.contacts.GetContactsRequest, call: Call) -> types.contacts._TypeContacts:
    """The address book."""
    ids = sorted(call.me.contacts)
    if request.hash and request.hash == list_hash([len(ids), *ids]):
        return types.contacts.ContactsNotModified()
    users, _ = call.split(ids)
    return types.contacts.Contacts([_contact(call, user_id) for user_id in ids], len(ids), users)


@serves(functions.contacts.GetStatusesRequest)
def get_statuses(request: functions.contacts.GetStatusesRequest, call: Call) -> list[types.ContactStatus]:
    """Who of the contacts is there."""
    world = call.world
    return [types.ContactStatus(user_id, world.views.status(world.accounts[user_id])) for user_id in call.me.contacts]


@serves(functions.contacts.ImportContactsRequest)
def import_contacts(request: functions.contacts.ImportContactsRequest, call: Call) -> types.contacts.ImportedContacts:
    """Put people into the address book by phone number."""
    imported: list[types.TypeImportedContact] = []
    for entry in request.contacts:
        account = call.world.by_phone(entry.phone) if isinstance(entry, types.InputPhoneContact) else None
        if account is not None and isinstance(entry, types.InputPhoneContact):
            call.me.contacts[account.id] = Contact(entry.first_name, entry.last_name, account.phone)
            imported.append(types.ImportedContact(account.id, entry.client_id))
        if isinstance(entry, types.InputPhoneContact):
            kept: dict[str, types.TypeSavedContact] = call.me.settings.setdefault("phone book", {})
            kept[entry.phone] = types.SavedPhoneContact(entry.phone, entry.first_name, entry.last_name, call.now)
    users, _ = call.split([one.user_id for one in imported])
    return types.contacts.ImportedContacts(imported, [], [], users)


@serves(functions.contacts.AddContactRequest)
def add_contact(request: functions.contacts.AddContactRequest, call: Call) -> types.TypeUpdates:
    """Put somebody into the address book."""
    account = call.user(request.id)
    if account.id == call.my_id:
        raise RpcFault(400, "CONTACT_ID_INVALID")
    if not request.first_name.strip():
        raise RpcFault(400, "CONTACT_NAME_EMPTY")
    known = call.me.contacts.get(account.id)
    phone = account.phone if request.phone or (known is not None and known.phone) else None
    call.me.contacts[account.id] = Contact(request.first_name, request.last_name, phone)
    tell_of_contact(call, account.id)
    return call.updates()


@serves(functions.contacts.DeleteContactsRequest)
def delete_contacts(request: functions.contacts.DeleteContactsRequest, call: Call) -> types.TypeUpdates:
    """Take people out of it."""
    for user in request.id:
        account = call.user(user)
        call.me.contacts.pop(account.id, None)
        tell_of_contact(call, account.id)
    return call.updates()


def tell_of_contact(call: Call, user_id: int) -> None:
    """Let the devices of the account know that somebody is in its address book, or no longer is."""
    settings = types.PeerSettings(add_contact=user_id not in call.me.contacts)
    call.delivery.note(call.my_id, types.UpdatePeerSettings(types.PeerUser(user_id), settings), (user_id,))


def _tell_bot(call: Call, peer: int, stopped: bool) -> None:
    """A bot hears of users that stop it."""
    account, user_id, date = call.world.accounts.get(peer), call.my_id, call.now
    if account is not None and account.bot is not None:
        tell_bot(call.delivery, account, lambda qts: types.UpdateBotStopped(user_id, date, stopped, qts), (user_id,))


@serves(functions.contacts.BlockRequest)
def block(request: functions.contacts.BlockRequest, call: Call) -> bool:
    """Do not want to hear from somebody."""
    peer = call.peer(request.id)
    is_new = peer not in call.me.blocked
    call.me.blocked[peer] = call.now
    if is_new:
        _tell_bot(call, peer, stopped=True)
    call.delivery.note(call.my_id, types.UpdatePeerBlocked(as_peer(peer), blocked=True), (peer,), lasting=True)
    return True


@serves(functions.contacts.UnblockRequest)
def unblock(request: functions.contacts.UnblockRequest, call: Call) -> bool:
    """Want to hear from them again."""
    peer = call.peer(request.id)
    if call.me.blocked.pop(peer, None) is not None:
        _tell_bot(call, peer, stopped=False)
    call.delivery.note(call.my_id, types.UpdatePeerBlocked(as_peer(peer), blocked=False), (peer,), lasting=True)
    return True


@serves(functions.contacts.GetBlockedRequest)
def get_blocked(request: functions.contacts.GetBlockedRequest, call: Call) -> types.contacts._TypeBlocked:
    """Who is blocked."""
    peers = list(call.me.blocked)
    page = peers[request.offset : request.offset + request.limit]
    users, chats = call.split(page)
    blocked: list[types.TypePeerBlocked] = [types.PeerBlocked(as_peer(peer), call.me.blocked[peer]) for peer in page]
    if len(page) == len(peers):
        return types.contacts.Blocked(blocked, chats, users)
    return types.contacts.BlockedSlice(len(peers), blocked, chats, users)


@serves(functions.contacts.SearchRequest)
def search(request: functions.contacts.SearchRequest, call: Call) -> types.contacts.Found:
    """People and public chats by a part of their names."""
    world = call.world
    wanted = request.q.lower().lstrip("@").strip()
    if not wanted:
        raise RpcFault(400, "SEARCH_QUERY_EMPTY")
    if len(wanted) < 3 and not any(character > "\x7f" for character in wanted):
        raise RpcFault(400, "QUERY_TOO_SHORT")
    mine: list[int] = []
    others: list[int] = []
    for account in world.accounts.values():
        known = account.id in call.me.mailbox.dialogs or account.id in call.me.contacts
        if wanted in account.name.lower() and known and not account.deleted:
            mine.append(account.id)
        elif account.username is not None and wanted in account.username.lower():
            (mine if known else others).append(account.id)
    for channel in world.channels.values():
        known = call.my_id in channel.present()
        named = wanted in channel.title.lower() or wanted in (channel.username or "").lower()
        if named and (known or channel.username is not None):
            (mine if known else others).append(channel.peer)
    for group in world.groups.values():
        if wanted in group.title.lower() and call.my_id in group.present():
            mine.append(group.peer)
    mine, others = mine[: request.limit], others[: request.limit]
    users, chats = call.split([*mine, *others])
    return types.contacts.Found([as_peer(peer) for peer in mine], [as_peer(peer) for peer in others], chats, users)


@serves(functions.contacts.GetTopPeersRequest)
def get_top_peers(request: functions.contacts.GetTopPeersRequest, call: Call) -> types.contacts._TypeTopPeers:
    """Whom the account writes to most, by kind."""
    if call.me.settings.get("top peers off"):
        return types.contacts.TopPeersDisabled()
    categories: list[types.TypeTopPeerCategoryPeers] = []
    named: set[int] = set()
    for wanted, kind in _CATEGORIES.items():
        if not getattr(request, wanted):
            continue
        rated = sorted((_rating(call, peer), peer) for peer in call.me.mailbox.dialogs if _is_of(call, peer, wanted))
        best = [(rating, peer) for rating, peer in rated[::-1] if rating]
        page = best[max(0, request.offset) :][: request.limit or 30]
        named.update(peer for _, peer in page)
        shown: list[types.TypeTopPeer] = [types.TopPeer(as_peer(peer), float(rating)) for rating, peer in page]
        categories.append(types.TopPeerCategoryPeers(kind(), len(best), shown))
    users, chats = call.split(named)
    return types.contacts.TopPeers(categories, chats, users)


_CATEGORIES: dict[str, type[types.TypeTopPeerCategory]] = {
    "correspondents": types.TopPeerCategoryCorrespondents,
    "bots_pm": types.TopPeerCategoryBotsPM,
    "groups": types.TopPeerCategoryGroups,
    "channels": types.TopPeerCategoryChannels,
}


def _is_of(call: Call, peer: int, category: str) -> bool:
    if is_user(peer):
        bot = call.world.accounts[peer].bot is not None
        return peer != call.my_id and category == ("bots_pm" if bot else "correspondents")
    broadcast = is_channel(peer) and call.world.channels[bare_id(peer)].broadcast
    return category == ("channels" if broadcast else "groups")


def _rating(call: Call, peer: int) -> int:
    """How many messages the account wrote there since it last wanted to count anew."""
    since = call.me.settings.get("top peers since", {}).get(peer, 0)
    box = call.world.channels[bare_id(peer)].box if is_channel(peer) else call.me.mailbox
    return sum(
        letter.sender == call.my_id and letter.date >= since and letter.peer_for(call.owner(peer)) == peer
        for letter in box.letters.values()
    )
