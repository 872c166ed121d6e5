"""contacts and photos: what else there is to the address book - ratings, tokens, notes, pictures, who is near.

Source: https://core.telegram.org/api/contacts
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import tell_of_contact
from telethon.testing.world import post
from telethon.testing.world.peerids import as_peer, is_user
from telethon.testing.world.records import Contact
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_TOKEN_LIFE = 30 * 86_400
_NEAR = 12_000
_RADIUS = 6_371_000.0
_MAX_NOTE = 128


# -- the book --------------------------------------------------------------------------------------------------------


@serves(functions.contacts.DeleteByPhonesRequest)
def delete_by_phones(request: functions.contacts.DeleteByPhonesRequest, call: Call) -> bool:
    """Take people out of the address book by phone number."""
    for phone in request.phones:
        account = call.world.by_phone(phone)
        if account is not None and call.me.contacts.pop(account.id, None) is not None:
            tell_of_contact(call, account.id)
    return True


@serves(functions.contacts.AcceptContactRequest)
def accept_contact(request: functions.contacts.AcceptContactRequest, call: Call) -> types.TypeUpdates:
    """Put somebody into the address book who has put the account into its own."""
    other = call.user(request.id)
    if other.id == call.my_id or other.bot is not None:
        raise RpcFault(400, "CONTACT_ID_INVALID")
    if call.my_id not in other.contacts:
        raise RpcFault(400, "CONTACT_REQ_MISSING")
    call.me.contacts[other.id] = Contact(other.first_name, other.last_name, other.phone)
    tell_of_contact(call, other.id)
    return call.updates()


@serves(functions.contacts.ResetSavedRequest)
def reset_saved(request: functions.contacts.ResetSavedRequest, call: Call) -> bool:
    """Forget phone numbers that were imported and belong to nobody here."""
    call.me.settings.pop("phone book", None)
    call.delivery.note(call.my_id, types.UpdateContactsReset())
    return True


@serves(functions.contacts.GetSavedRequest)
def get_saved(request: functions.contacts.GetSavedRequest, call: Call) -> list[types.TypeSavedContact]:
    """All that was imported; only in a takeout."""
    if call.context.takeout_id is None:
        raise RpcFault(403, "TAKEOUT_REQUIRED")
    kept: dict[str, types.TypeSavedContact] = call.me.settings.get("phone book", {})
    return list(kept.values())


@serves(functions.contacts.UpdateContactNoteRequest, who="both")
def update_contact_note(request: functions.contacts.UpdateContactNoteRequest, call: Call) -> bool:
    """Write something down about a contact."""
    other = call.user(request.id)
    if other.id not in call.me.contacts:
        raise RpcFault(400, "CONTACT_MISSING")
    if len(request.note.text) > _MAX_NOTE:
        raise RpcFault(400, "MESSAGE_TOO_LONG")
    if request.note.text:
        call.me.profile.notes[other.id] = request.note
    else:
        call.me.profile.notes.pop(other.id, None)
    call.delivery.note(call.my_id, types.UpdateUser(other.id), (other.id,))
    return True


@serves(functions.contacts.EditCloseFriendsRequest, who="both")
def edit_close_friends(request: functions.contacts.EditCloseFriendsRequest, call: Call) -> bool:
    """Say which contacts are close friends."""
    if any(user_id not in call.me.contacts for user_id in request.id):
        raise RpcFault(400, "USER_ID_INVALID")
    changed = call.me.profile.close_friends ^ set(request.id)
    call.me.profile.close_friends = set(request.id)
    for user_id in changed:
        call.delivery.note(call.my_id, types.UpdateUser(user_id), (user_id,))
    return True


@serves(functions.photos.UploadContactProfilePhotoRequest, who="both")
def upload_contact_profile_photo(
    request: functions.photos.UploadContactProfilePhotoRequest, call: Call
) -> types.photos._TypePhoto:
    """Give a contact a picture that only the account sees, suggest one to it, or take it away."""
    other = call.user(request.user_id)
    if other.id == call.my_id or other.bot is not None:
        raise RpcFault(400, "USER_ID_INVALID")
    if not request.suggest and other.id not in call.me.contacts:
        raise RpcFault(400, "CONTACT_MISSING")
    pictures = call.me.profile.pictures_of
    users, _ = call.split([other.id])
    if request.file is None and not request.save:
        pictures.pop(other.id, None)
        call.delivery.note(call.my_id, types.UpdateUser(other.id), (other.id,))
        return types.photos.Photo(types.PhotoEmpty(0), users)
    if request.file is not None:
        photo = call.world.files.add_photo(call.world.files.assemble(call.my_id, request.file), call.dc_id)
    elif other.id in pictures:
        photo = pictures[other.id]
    else:
        raise RpcFault(400, "PHOTO_FILE_MISSING")
    if request.suggest:
        action = types.MessageActionSuggestProfilePhoto(photo.tl())
        post.service(call.world, call.delivery, call.me, other.id, action)
    else:
        pictures[other.id] = photo
        call.delivery.note(call.my_id, types.UpdateUser(other.id), (other.id,))
    return types.photos.Photo(photo.tl(), users)


# -- top peers -------------------------------------------------------------------------------------------------------


@serves(functions.contacts.ToggleTopPeersRequest)
def toggle_top_peers(request: functions.contacts.ToggleTopPeersRequest, call: Call) -> bool:
    """Whether it is counted whom the account writes to most."""
    call.me.settings["top peers off"] = not request.enabled
    return True


@serves(functions.contacts.ResetTopPeerRatingRequest)
def reset_top_peer_rating(request: functions.contacts.ResetTopPeerRatingRequest, call: Call) -> bool:
    """Count anew for somebody, from now on."""
    peer = call.peer(request.peer)
    call.me.settings.setdefault("top peers since", {})[peer] = call.now
    return True


# -- blocking --------------------------------------------------------------------------------------------------------


@serves(functions.contacts.SetBlockedRequest, who="both")
def set_blocked(request: functions.contacts.SetBlockedRequest, call: Call) -> bool:
    """Block just those."""
    if request.my_stories_from:
        call.me.settings["stories blocked"] = {call.peer(peer): call.now for peer in request.id}
        return True
    wanted = [call.peer(peer) for peer in request.id][: request.limit or None]
    before = call.me.blocked
    call.me.blocked = {peer: before.get(peer, call.now) for peer in wanted}
    for peer in set(before) ^ set(wanted):
        update = types.UpdatePeerBlocked(as_peer(peer), blocked=peer in call.me.blocked)
        call.delivery.note(call.my_id, update, (peer,), lasting=True)
    return True


@serves(functions.contacts.BlockFromRepliesRequest)
def block_from_replies(request: functions.contacts.BlockFromRepliesRequest, call: Call) -> types.TypeUpdates:
    """Block whoever answered in a thread, by the message that told of it."""
    letter = call.me.mailbox.letters.get(request.msg_id)
    if letter is None or not is_user(letter.author) or letter.author == call.my_id:
        raise RpcFault(400, "MSG_ID_INVALID")
    call.me.blocked[letter.author] = call.now
    if request.delete_message or request.delete_history:
        doomed = [request.msg_id]
        if request.delete_history:
            letters = call.me.mailbox.letters.items()
            doomed = [number for number, one in letters if one.author == letter.author]
        post.erase(call.world, call.delivery, call.me, doomed, revoke=False)
    update = types.UpdatePeerBlocked(as_peer(letter.author), blocked=True)
    call.delivery.note(call.my_id, update, (letter.author,), lasting=True)
    return call.updates()


# -- tokens ----------------------------------------------------------------------------------------------------------


@serves(functions.contacts.ExportContactTokenRequest, who="both")
def export_contact_token(
    request: functions.contacts.ExportContactTokenRequest, call: Call
) -> types.ExportedContactToken:
    """A link by which others can find the account for a while."""
    token = call.world.rand(12).hex()
    expires = call.now + _TOKEN_LIFE
    call.world.contact_tokens[token] = (call.my_id, expires)
    return types.ExportedContactToken(f"https://t.me/contact/{token}", expires)


@serves(functions.contacts.ImportContactTokenRequest, who="both")
def import_contact_token(request: functions.contacts.ImportContactTokenRequest, call: Call) -> types.TypeUser:
    """Who is behind such a link."""
    user_id, expires = call.world.contact_tokens.get(request.token, (0, 0))
    if expires <= call.now:
        raise RpcFault(400, "IMPORT_TOKEN_INVALID")
    return call.world.views.user(user_id, call.my_id)


# -- who is near -----------------------------------------------------------------------------------------------------


def _metres(one: types.InputGeoPoint, other: types.InputGeoPoint) -> int:
    """How far two places are from each other."""
    north, south = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(math.radians(other.long - one.long) / 2) ** 2
    return round(2 * _RADIUS * math.asin(min(1.0, math.sqrt(half))))


@serves(functions.contacts.GetLocatedRequest)
def get_located(request: functions.contacts.GetLocatedRequest, call: Call) -> types.TypeUpdates:
    """Who is near, of those who let themselves be found; with a time, be found by others until then."""
    point = request.geo_point
    if not isinstance(point, types.InputGeoPoint) or not (-90 <= point.lat <= 90 and -180 <= point.long <= 180):
        raise RpcFault(400, "GEO_POINT_INVALID")
    if request.self_expires and not call.me.photos:
        raise RpcFault(406, "USERPIC_UPLOAD_REQUIRED")
    places = call.world.places
    if request.self_expires is not None:
        if request.self_expires:
            # The largest number stands for always.
            places[call.my_id] = (point, min(call.now + request.self_expires, 0x7FFFFFFF))
        else:
            places.pop(call.my_id, None)
    found: list[tuple[int, types.TypePeerLocated]] = []
    for user_id, (place, expires) in places.items():
        distance = _metres(point, place)
        if user_id != call.my_id and expires > call.now and distance <= _NEAR:
            found.append((distance, types.PeerLocated(types.PeerUser(user_id), expires, distance)))
    found.sort(key=lambda entry: entry[0])
    shown: list[types.TypePeerLocated] = [one for _, one in found]
    if call.my_id in places:
        shown.insert(0, types.PeerSelfLocated(places[call.my_id][1]))
    peers = [
        one.peer.user_id for one in shown if isinstance(one, types.PeerLocated) and isinstance(one.peer, types.PeerUser)
    ]
    return call.updates([types.UpdatePeerLocated(shown)], peers)


@serves(functions.contacts.GetSponsoredPeersRequest, who="both")
def get_sponsored_peers(
    request: functions.contacts.GetSponsoredPeersRequest, call: Call
) -> types.contacts._TypeSponsoredPeers:
    """Peers that somebody pays for to be found: there are none."""
    return types.contacts.SponsoredPeersEmpty()
