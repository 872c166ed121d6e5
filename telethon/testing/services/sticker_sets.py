"""messages: which sets of stickers there are, and in which order an account keeps them.

Source: https://core.telegram.org/api/stickers
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import list_hash
from telethon.testing.services.stickers import find_set, installed_sets
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call
    from telethon.testing.world.files import StoredDocument
    from telethon.testing.world.things import StickerSet

_PAGE = 100


def covered(call: Call, one: StickerSet) -> types.TypeStickerSetCovered:
    """A set with its first sticker."""
    if not one.stickers:
        return types.StickerSetNoCovered(one.tl(call.my_id))
    return types.StickerSetCovered(one.tl(call.my_id), one.stickers[0][1].tl())


def _hash(sets: Iterable[StickerSet]) -> int:
    return list_hash(one.id for one in sets)


def _sort(masks: bool | None, emojis: bool | None) -> str:
    return "masks" if masks else "emojis" if emojis else "stickers"


# -- installed ones --------------------------------------------------------------------------------------------------


def _all(call: Call, known: int, sort: str) -> types.messages._TypeAllStickers:
    sets = installed_sets(call, sort)
    value = list_hash(one.tl(call.my_id).hash for one in sets)
    if known and known == value:
        return types.messages.AllStickersNotModified()
    return types.messages.AllStickers(value, [one.tl(call.my_id) for one in sets])


@serves(functions.messages.GetMaskStickersRequest)
def get_mask_stickers(
    request: functions.messages.GetMaskStickersRequest, call: Call
) -> types.messages._TypeAllStickers:
    """The sets of masks that the account has installed."""
    return _all(call, request.hash, "masks")


@serves(functions.messages.GetEmojiStickersRequest)
def get_emoji_stickers(
    request: functions.messages.GetEmojiStickersRequest, call: Call
) -> types.messages._TypeAllStickers:
    """The sets of custom emojis that it has installed."""
    return _all(call, request.hash, "emojis")


@serves(functions.messages.ReorderStickerSetsRequest)
def reorder_sticker_sets(request: functions.messages.ReorderStickerSetsRequest, call: Call) -> bool:
    """Put the installed sets into another order."""
    sort = _sort(request.masks, request.emojis)
    sets = {one.id: one for one in installed_sets(call, sort)}
    ordered = [number for number in request.order if number in sets]
    ordered.extend(number for number in sets if number not in ordered)
    # The newest comes first, so the order is kept in the dates.
    for place, number in enumerate(ordered):
        sets[number].installed[call.my_id] = call.now - place
    update = types.UpdateStickerSetsOrder(ordered, masks=request.masks, emojis=request.emojis)
    call.delivery.note(call.my_id, update)
    return True


@serves(functions.messages.ToggleStickerSetsRequest)
def toggle_sticker_sets(request: functions.messages.ToggleStickerSetsRequest, call: Call) -> bool:
    """Put several sets away, or into the archive, or take them out of it."""
    for wanted in request.stickersets:
        found = find_set(call, wanted)
        if request.uninstall:
            found.installed.pop(call.my_id, None)
            found.archived.discard(call.my_id)
        elif request.archive:
            found.archived.add(call.my_id)
        elif request.unarchive:
            found.archived.discard(call.my_id)
    call.delivery.note(call.my_id, types.UpdateStickerSets())
    return True


def _after(sets: list[StickerSet], offset_id: int, limit: int) -> list[StickerSet]:
    places = [place for place, one in enumerate(sets) if one.id == offset_id]
    return sets[places[0] + 1 if places else 0 :][: max(0, min(limit or _PAGE, _PAGE))]


@serves(functions.messages.GetArchivedStickersRequest)
def get_archived_stickers(
    request: functions.messages.GetArchivedStickersRequest, call: Call
) -> types.messages.ArchivedStickers:
    """The sets in the archive."""
    sort = _sort(request.masks, request.emojis)
    sets = [one for one in call.world.things.sets.values() if call.my_id in one.archived and one.sort == sort]
    page = _after(sets, request.offset_id, request.limit)
    return types.messages.ArchivedStickers(len(sets), [covered(call, one) for one in page])


@serves(functions.messages.GetMyStickersRequest, who="both")
def get_my_stickers(request: functions.messages.GetMyStickersRequest, call: Call) -> types.messages.MyStickers:
    """The sets that the account made."""
    sets = [one for one in call.world.things.sets.values() if one.creator == call.my_id]
    page = _after(sets, request.offset_id, request.limit)
    return types.messages.MyStickers(len(sets), [covered(call, one) for one in page])


@serves(functions.messages.ClearRecentStickersRequest)
def clear_recent_stickers(request: functions.messages.ClearRecentStickersRequest, call: Call) -> bool:
    """Forget which stickers were used lately."""
    call.me.settings["recent"] = []
    call.delivery.note(call.my_id, types.UpdateRecentStickers())
    return True


# -- featured ones ---------------------------------------------------------------------------------------------------


def _featured(
    call: Call, known: int, emojis: bool, offset: int = 0, limit: int = _PAGE
) -> types.messages.FeaturedStickers | types.messages.FeaturedStickersNotModified:
    """The sets that are shown to everybody: those that most people have installed."""
    sets = [one for one in call.world.things.sets.values() if one.emojis == emojis and not one.masks]
    sets.sort(key=lambda one: -len(one.installed))
    page = sets[offset : offset + limit]
    value = _hash(page)
    if known and known == value:
        return types.messages.FeaturedStickersNotModified(len(sets))
    read: set[int] = call.me.settings.get("featured read", set())
    unread = [one.id for one in page if one.id not in read and call.my_id not in one.installed]
    return types.messages.FeaturedStickers(value, len(sets), [covered(call, one) for one in page], unread)


@serves(functions.messages.GetFeaturedStickersRequest)
def get_featured_stickers(
    request: functions.messages.GetFeaturedStickersRequest, call: Call
) -> types.messages._TypeFeaturedStickers:
    """Sets to look at."""
    return _featured(call, request.hash, emojis=False)


@serves(functions.messages.GetFeaturedEmojiStickersRequest)
def get_featured_emoji_stickers(
    request: functions.messages.GetFeaturedEmojiStickersRequest, call: Call
) -> types.messages._TypeFeaturedStickers:
    """The same for custom emojis."""
    return _featured(call, request.hash, emojis=True)


@serves(functions.messages.GetOldFeaturedStickersRequest)
def get_old_featured_stickers(
    request: functions.messages.GetOldFeaturedStickersRequest, call: Call
) -> types.messages._TypeFeaturedStickers:
    """More of them, from a place on."""
    return _featured(call, request.hash, False, max(0, request.offset), max(0, min(request.limit or _PAGE, _PAGE)))


@serves(functions.messages.ReadFeaturedStickersRequest)
def read_featured_stickers(request: functions.messages.ReadFeaturedStickersRequest, call: Call) -> bool:
    """Say that one has looked at them."""
    call.me.settings.setdefault("featured read", set()).update(request.id)
    call.delivery.note(call.my_id, types.UpdateReadFeaturedStickers())
    return True


# -- searching -------------------------------------------------------------------------------------------------------


def _search(call: Call, q: str, known: int, emojis: bool) -> types.messages._TypeFoundStickerSets:
    words = q.lower().strip()
    found = [
        one
        for one in call.world.things.sets.values()
        if one.emojis == emojis and words and (words in one.title.lower() or words in one.short_name.lower())
    ]
    value = _hash(found)
    if known and known == value:
        return types.messages.FoundStickerSetsNotModified()
    return types.messages.FoundStickerSets(value, [covered(call, one) for one in found])


@serves(functions.messages.SearchStickerSetsRequest)
def search_sticker_sets(
    request: functions.messages.SearchStickerSetsRequest, call: Call
) -> types.messages._TypeFoundStickerSets:
    """Sets by a part of their names."""
    return _search(call, request.q, request.hash, emojis=False)


@serves(functions.messages.SearchEmojiStickerSetsRequest, who="both")
def search_emoji_sticker_sets(
    request: functions.messages.SearchEmojiStickerSetsRequest, call: Call
) -> types.messages._TypeFoundStickerSets:
    """The same for custom emojis."""
    return _search(call, request.q, request.hash, emojis=True)


def _for(call: Call, emoji: str, emojis: bool) -> list[StoredDocument]:
    return [
        document
        for one in call.world.things.sets.values()
        if one.emojis == emojis
        for meaning, document in one.stickers
        if meaning and meaning in emoji
    ]


@serves(functions.messages.SearchCustomEmojiRequest, who="both")
def search_custom_emoji(request: functions.messages.SearchCustomEmojiRequest, call: Call) -> types.TypeEmojiList:
    """Custom emojis that stand for an emoji."""
    if not request.emoticon:
        raise RpcFault(400, "EMOTICON_EMPTY")
    ids = [document.id for document in _for(call, request.emoticon, emojis=True)]
    value = list_hash(ids)
    if request.hash and request.hash == value:
        return types.EmojiListNotModified()
    return types.EmojiList(value, ids)


@serves(functions.messages.SearchStickersRequest, who="both")
def search_stickers(request: functions.messages.SearchStickersRequest, call: Call) -> types.messages._TypeFoundStickers:
    """Stickers that stand for an emoji, or are in a set of that name."""
    words = request.q.lower().strip()
    found = _for(call, request.emoticon, bool(request.emojis))
    for one in call.world.things.sets.values():
        if words and one.emojis == bool(request.emojis) and words in one.title.lower():
            found.extend(document for _, document in one.stickers if document not in found)
    start = max(0, request.offset)
    page = found[start : start + max(0, min(request.limit or _PAGE, _PAGE))]
    following = start + len(page) if start + len(page) < len(found) else None
    value = list_hash(one.id for one in page)
    if request.hash and request.hash == value:
        return types.messages.FoundStickersNotModified(following)
    return types.messages.FoundStickers(value, [one.tl() for one in page], following)


# -- files -----------------------------------------------------------------------------------------------------------


@serves(functions.messages.GetCustomEmojiDocumentsRequest, who="both")
def get_custom_emoji_documents(
    request: functions.messages.GetCustomEmojiDocumentsRequest, call: Call
) -> list[types.TypeDocument]:
    """Custom emojis by number; those that are none are empty."""
    known = {
        document.id: document for one in call.world.things.sets.values() if one.emojis for _, document in one.stickers
    }
    return [known[number].tl() if number in known else types.DocumentEmpty(number) for number in request.document_id]


@serves(functions.messages.GetAttachedStickersRequest)
def get_attached_stickers(
    request: functions.messages.GetAttachedStickersRequest, call: Call
) -> list[types.TypeStickerSetCovered]:
    """The sets of the stickers that were put onto a picture or video."""
    media = request.media.id
    if not isinstance(media, (types.InputPhoto, types.InputDocument)):
        raise RpcFault(400, "MEDIA_EMPTY")
    attached = call.world.things.attached.get(media.id, ())
    return [
        covered(call, one)
        for one in call.world.things.sets.values()
        if any(document.id in attached for _, document in one.stickers)
    ]


@serves(functions.messages.GetDocumentByHashRequest, who="both")
def get_document_by_hash(request: functions.messages.GetDocumentByHashRequest, call: Call) -> types.TypeDocument:
    """A file that the server has already, by its SHA-256."""
    import hashlib

    if len(request.sha256) != 32:
        raise RpcFault(400, "SHA256_HASH_INVALID")
    for document in call.world.files.documents.values():
        fits = (len(document.data), document.mime_type) == (request.size, request.mime_type)
        if fits and hashlib.sha256(document.data).digest() == request.sha256:
            return document.tl()
    return types.DocumentEmpty(0)


# -- emojis ----------------------------------------------------------------------------------------------------------

_GROUPS = {
    "Smileys": "😀 😃 😄 😁 😅 😂 🙂 😉 😊 😍",
    "Animals": "🐶 🐱 🐭 🐹 🐰 🦊 🐻 🐼 🐨 🐯",
    "Food": "🍏 🍎 🍐 🍊 🍋 🍌 🍉 🍇 🍓 🍒",
    "Things": "⌚ 📱 💻 ⌨ 🖥 🖨 💡 🔦 📖 🎁",
}


def _groups(known: int) -> types.messages._TypeEmojiGroups:
    if known == 1:
        return types.messages.EmojiGroupsNotModified()
    groups: list[types.TypeEmojiGroup] = [
        types.EmojiGroup(title, place, emojis.split()) for place, (title, emojis) in enumerate(_GROUPS.items(), 1)
    ]
    return types.messages.EmojiGroups(1, groups)


@serves(functions.messages.GetEmojiGroupsRequest, who="both")
def get_emoji_groups(request: functions.messages.GetEmojiGroupsRequest, call: Call) -> types.messages._TypeEmojiGroups:
    """Emojis that belong together."""
    return _groups(request.hash)


@serves(functions.messages.GetEmojiStatusGroupsRequest, who="both")
def get_emoji_status_groups(
    request: functions.messages.GetEmojiStatusGroupsRequest, call: Call
) -> types.messages._TypeEmojiGroups:
    """The same to search for a status."""
    return _groups(request.hash)


@serves(functions.messages.GetEmojiProfilePhotoGroupsRequest, who="both")
def get_emoji_profile_photo_groups(
    request: functions.messages.GetEmojiProfilePhotoGroupsRequest, call: Call
) -> types.messages._TypeEmojiGroups:
    """The same to search for a profile photo."""
    return _groups(request.hash)


@serves(functions.messages.GetEmojiStickerGroupsRequest, who="both")
def get_emoji_sticker_groups(
    request: functions.messages.GetEmojiStickerGroupsRequest, call: Call
) -> types.messages._TypeEmojiGroups:
    """The same to search for a sticker."""
    return _groups(request.hash)
