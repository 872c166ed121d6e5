"""stickers and messages: sets of stickers, and the files that an account keeps at hand.

Source: https://core.telegram.org/api/stickers
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.admin_log import note_change
from telethon.testing.services.contacts import list_hash
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.files import StoredDocument
    from telethon.testing.world.things import StickerSet

_MAX_STICKERS = 120
_MAX_RECENT = 200


def find_set(call: Call, wanted: types.TypeInputStickerSet) -> StickerSet:
    """The set that a request names.

    Raises:
        RpcFault: STICKERSET_INVALID.
    """
    found = call.world.things.sticker_set(wanted)
    if found is None:
        raise RpcFault(400, "STICKERSET_INVALID")
    return found


def set_name(known: StickerSet | None) -> types.TypeInputStickerSet:
    """What names a set to clients; none is empty."""
    if known is None:
        return types.InputStickerSetEmpty()
    return types.InputStickerSetID(known.id, known.access_hash)


def stored_document(call: Call, given: types.TypeInputDocument, error: str) -> StoredDocument:
    """The file that a request names.

    Args:
        call: the request.
        given: what it says.
        error: what to say when there is no such file.

    Raises:
        RpcFault: there is none, or its reference is not good.
    """
    if not isinstance(given, types.InputDocument):
        raise RpcFault(400, error)
    document = call.world.files.documents.get(given.id)
    if document is None or document.access_hash != given.access_hash:
        raise RpcFault(400, error)
    call.world.files.check_reference(document.id, given.file_reference)
    return document


@serves(functions.messages.GetStickerSetRequest, who="both")
def get_sticker_set(request: functions.messages.GetStickerSetRequest, call: Call) -> types.messages._TypeStickerSet:
    """A set with its stickers."""
    found = find_set(call, request.stickerset)
    if request.hash and request.hash == found.tl(call.my_id).hash:
        return types.messages.StickerSetNotModified()
    return found.whole(call.my_id)


def installed_sets(call: Call, sort: str) -> list[StickerSet]:
    """The sets of one sort that the account has installed and not archived, the newest first."""
    sets = [
        one
        for one in call.world.things.sets.values()
        if call.my_id in one.installed and call.my_id not in one.archived and one.sort == sort
    ]
    sets.sort(key=lambda one: -one.installed[call.my_id])
    return sets


@serves(functions.messages.GetAllStickersRequest)
def get_all_stickers(request: functions.messages.GetAllStickersRequest, call: Call) -> types.messages._TypeAllStickers:
    """The sets that the account has installed, the newest first."""
    sets = installed_sets(call, "stickers")
    value = list_hash(one.tl(call.my_id).hash for one in sets)
    if request.hash and request.hash == value:
        return types.messages.AllStickersNotModified()
    return types.messages.AllStickers(value, [one.tl(call.my_id) for one in sets])


@serves(functions.messages.InstallStickerSetRequest)
def install_sticker_set(
    request: functions.messages.InstallStickerSetRequest, call: Call
) -> types.messages._TypeStickerSetInstallResult:
    """Keep a set at hand."""
    found = find_set(call, request.stickerset)
    found.installed[call.my_id] = call.now
    (found.archived.add if request.archived else found.archived.discard)(call.my_id)
    call.delivery.note(call.my_id, types.UpdateNewStickerSet(found.whole(call.my_id)))
    return types.messages.StickerSetInstallResultSuccess()


@serves(functions.messages.UninstallStickerSetRequest)
def uninstall_sticker_set(request: functions.messages.UninstallStickerSetRequest, call: Call) -> bool:
    """Put a set away."""
    return find_set(call, request.stickerset).installed.pop(call.my_id, None) is not None


@serves(functions.messages.GetStickersRequest)
def get_stickers(request: functions.messages.GetStickersRequest, call: Call) -> types.messages._TypeStickers:
    """The stickers of installed sets for an emoji."""
    if not request.emoticon:
        raise RpcFault(400, "EMOTICON_EMPTY")
    found = [
        document
        for one in call.world.things.sets.values()
        if call.my_id in one.installed
        for emoji, document in one.stickers
        if emoji == request.emoticon
    ]
    return types.messages.Stickers(list_hash(one.id for one in found), [one.tl() for one in found])


# -- making sets -----------------------------------------------------------------------------------------------------


@serves(functions.stickers.CheckShortNameRequest)
def check_short_name(request: functions.stickers.CheckShortNameRequest, call: Call) -> bool:
    """Whether a set can be named like that."""
    if not re.fullmatch(r"[A-Za-z](?:_?[A-Za-z0-9])*", request.short_name) or len(request.short_name) > 64:
        raise RpcFault(400, "SHORT_NAME_INVALID")
    if request.short_name.lower() in call.world.things.sets:
        raise RpcFault(400, "SHORT_NAME_OCCUPIED")
    return True


@serves(functions.stickers.CreateStickerSetRequest, who="both")
def create_sticker_set(
    request: functions.stickers.CreateStickerSetRequest, call: Call
) -> types.messages._TypeStickerSet:
    """Make a set."""
    owner = call.user(request.user_id)
    if not request.title.strip() or len(request.title) > 64:
        raise RpcFault(400, "PACK_TITLE_INVALID")
    name = request.short_name
    of_bot = call.me.bot is None or name.lower().endswith(f"_by_{call.me.username}".lower())
    if not re.fullmatch(r"[A-Za-z](?:_?[A-Za-z0-9])*", name) or not of_bot:
        raise RpcFault(400, "PACK_SHORT_NAME_INVALID")
    if name.lower() in call.world.things.sets:
        raise RpcFault(400, "PACK_SHORT_NAME_OCCUPIED")
    if not request.stickers:
        raise RpcFault(400, "STICKERS_EMPTY")
    items = [(item.emoji, new_sticker(call, item)) for item in request.stickers]
    made = call.world.things.add_set(name, request.title.strip(), owner.id, emojis=bool(request.emojis))
    made.masks = bool(request.masks)
    for emoji, document in items:
        made.add(emoji, document)
    return made.whole(call.my_id)


def new_sticker(call: Call, item: types.TypeInputStickerSetItem) -> StoredDocument:
    """The file for a new sticker.

    Raises:
        RpcFault: STICKER_EMOJI_INVALID or STICKER_FILE_INVALID.
    """
    if not item.emoji.strip():
        raise RpcFault(400, "STICKER_EMOJI_INVALID")
    return stored_document(call, item.document, "STICKER_FILE_INVALID")


@serves(functions.stickers.AddStickerToSetRequest, who="both")
def add_sticker_to_set(
    request: functions.stickers.AddStickerToSetRequest, call: Call
) -> types.messages._TypeStickerSet:
    """Put one more sticker into a set."""
    found = find_set(call, request.stickerset)
    if found.creator != call.my_id and call.me.bot is None:
        raise RpcFault(400, "STICKERSET_INVALID")
    if len(found.stickers) >= _MAX_STICKERS:
        raise RpcFault(400, "STICKERS_TOO_MUCH")
    found.add(request.sticker.emoji, new_sticker(call, request.sticker))
    return found.whole(call.my_id)


@serves(functions.stickers.RemoveStickerFromSetRequest, who="both")
def remove_sticker_from_set(
    request: functions.stickers.RemoveStickerFromSetRequest, call: Call
) -> types.messages._TypeStickerSet:
    """Take a sticker out of the set it is in."""
    document = stored_document(call, request.sticker, "STICKER_INVALID")
    for one in call.world.things.sets.values():
        for entry in one.stickers:
            if entry[1] is document:
                one.stickers.remove(entry)
                return one.whole(call.my_id)
    raise RpcFault(400, "STICKER_INVALID")


@serves(functions.stickers.DeleteStickerSetRequest, who="both")
def delete_sticker_set(request: functions.stickers.DeleteStickerSetRequest, call: Call) -> bool:
    """Throw a set away."""
    found = find_set(call, request.stickerset)
    if found.creator != call.my_id and call.me.bot is None:
        raise RpcFault(400, "STICKERSET_INVALID")
    del call.world.things.sets[found.short_name.lower()]
    return True


@serves(functions.channels.SetStickersRequest, who="both")
def set_stickers(request: functions.channels.SetStickersRequest, call: Call) -> bool:
    """Give a supergroup a set of its own, or take it away."""
    channel = call.channel(request.channel, member=True)
    check_admin(channel, call.my_id, "change_info")
    before = channel.stickers
    empty = isinstance(request.stickerset, types.InputStickerSetEmpty)
    channel.stickers = None if empty else find_set(call, request.stickerset)
    old, new = set_name(before), set_name(channel.stickers)
    note_change(call, channel, types.ChannelAdminLogEventActionChangeStickerSet(old, new))
    return True


# -- at hand ---------------------------------------------------------------------------------------------------------


def _kept(call: Call, what: str) -> list[StoredDocument]:
    kept: list[StoredDocument] = call.me.settings.setdefault(what, [])
    return kept


def _keep(call: Call, what: str, document: StoredDocument, away: bool) -> None:
    kept = _kept(call, what)
    if document in kept:
        kept.remove(document)
    if not away:
        kept.insert(0, document)
        del kept[_MAX_RECENT:]


@serves(functions.messages.SaveGifRequest)
def save_gif(request: functions.messages.SaveGifRequest, call: Call) -> bool:
    """Keep an animation at hand, or put it away."""
    _keep(call, "gifs", stored_document(call, request.id, "GIF_ID_INVALID"), request.unsave)
    call.delivery.note(call.my_id, types.UpdateSavedGifs())
    return True


@serves(functions.messages.GetSavedGifsRequest)
def get_saved_gifs(request: functions.messages.GetSavedGifsRequest, call: Call) -> types.messages._TypeSavedGifs:
    """The animations at hand."""
    kept = _kept(call, "gifs")
    value = list_hash(one.id for one in kept)
    if request.hash and request.hash == value:
        return types.messages.SavedGifsNotModified()
    return types.messages.SavedGifs(value, [one.tl() for one in kept])


@serves(functions.messages.FaveStickerRequest)
def fave_sticker(request: functions.messages.FaveStickerRequest, call: Call) -> bool:
    """Make a sticker a favourite, or no longer."""
    _keep(call, "favourites", stored_document(call, request.id, "STICKER_ID_INVALID"), request.unfave)
    call.delivery.note(call.my_id, types.UpdateFavedStickers())
    return True


@serves(functions.messages.GetFavedStickersRequest)
def get_faved_stickers(
    request: functions.messages.GetFavedStickersRequest, call: Call
) -> types.messages._TypeFavedStickers:
    """The favourites."""
    kept = _kept(call, "favourites")
    value = list_hash(one.id for one in kept)
    if request.hash and request.hash == value:
        return types.messages.FavedStickersNotModified()
    return types.messages.FavedStickers(value, [], [one.tl() for one in kept])


@serves(functions.messages.SaveRecentStickerRequest)
def save_recent_sticker(request: functions.messages.SaveRecentStickerRequest, call: Call) -> bool:
    """Put a sticker among those that were used lately, or take it away."""
    _keep(call, "recent", stored_document(call, request.id, "STICKER_ID_INVALID"), request.unsave)
    call.delivery.note(call.my_id, types.UpdateRecentStickers())
    return True


@serves(functions.messages.GetRecentStickersRequest)
def get_recent_stickers(
    request: functions.messages.GetRecentStickersRequest, call: Call
) -> types.messages._TypeRecentStickers:
    """The stickers that were used lately."""
    kept = _kept(call, "recent")
    value = list_hash(one.id for one in kept)
    if request.hash and request.hash == value:
        return types.messages.RecentStickersNotModified()
    return types.messages.RecentStickers(value, [], [one.tl() for one in kept], [call.now for _ in kept])
