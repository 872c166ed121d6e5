"""stickers: changing sets that one has made.

Source: https://core.telegram.org/api/stickers
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.stickers import find_set, new_sticker, stored_document
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.things import StickerSet


def _own(call: Call, found: StickerSet, error: str) -> StickerSet:
    if found.creator != call.my_id and call.me.bot is None:
        raise RpcFault(400, error)
    return found


def _place(call: Call, given: types.TypeInputDocument) -> tuple[StickerSet, int]:
    """The own set that a sticker is in, and where in it."""
    document = stored_document(call, given, "STICKER_INVALID")
    for found in call.world.things.sets.values():
        for place, (_, one) in enumerate(found.stickers):
            if one is document:
                return _own(call, found, "STICKER_INVALID"), place
    raise RpcFault(400, "STICKER_INVALID")


@serves(functions.stickers.ChangeStickerPositionRequest, who="both")
def change_sticker_position(
    request: functions.stickers.ChangeStickerPositionRequest, call: Call
) -> types.messages._TypeStickerSet:
    """Move a sticker within its set."""
    found, place = _place(call, request.sticker)
    entry = found.stickers.pop(place)
    found.stickers.insert(max(0, request.position), entry)
    return found.whole(call.my_id)


@serves(functions.stickers.ChangeStickerRequest, who="both")
def change_sticker(request: functions.stickers.ChangeStickerRequest, call: Call) -> types.messages._TypeStickerSet:
    """Change what a sticker stands for."""
    found, place = _place(call, request.sticker)
    if request.emoji is not None:
        if not request.emoji.strip():
            raise RpcFault(400, "STICKER_EMOJI_INVALID")
        _, document = found.stickers.pop(place)
        found.add(request.emoji, document, place)
    if request.keywords is not None:
        words = [word.strip() for word in request.keywords.split(",") if word.strip()]
        found.keywords[found.stickers[place][1].id] = words
    return found.whole(call.my_id)


@serves(functions.stickers.ReplaceStickerRequest, who="both")
def replace_sticker(request: functions.stickers.ReplaceStickerRequest, call: Call) -> types.messages._TypeStickerSet:
    """Put another sticker into the place of one."""
    found, place = _place(call, request.sticker)
    document = new_sticker(call, request.new_sticker)
    del found.stickers[place]
    found.add(request.new_sticker.emoji, document, place)
    return found.whole(call.my_id)


@serves(functions.stickers.RenameStickerSetRequest, who="both")
def rename_sticker_set(
    request: functions.stickers.RenameStickerSetRequest, call: Call
) -> types.messages._TypeStickerSet:
    """Give a set another title."""
    found = _own(call, find_set(call, request.stickerset), "STICKERSET_INVALID")
    if not 0 < len(request.title.strip()) <= 64:
        raise RpcFault(400, "PACK_TITLE_INVALID")
    found.title = request.title.strip()
    return found.whole(call.my_id)


@serves(functions.stickers.SetStickerSetThumbRequest, who="both")
def set_sticker_set_thumb(
    request: functions.stickers.SetStickerSetThumbRequest, call: Call
) -> types.messages._TypeStickerSet:
    """Give a set a picture of its own, or take it away."""
    found = _own(call, find_set(call, request.stickerset), "STICKERSET_INVALID")
    if request.thumb_document_id is not None:
        if not any(document.id == request.thumb_document_id for _, document in found.stickers):
            raise RpcFault(400, "STICKER_INVALID")
        found.thumb = request.thumb_document_id
    elif isinstance(request.thumb, types.InputDocument):
        thumb = stored_document(call, request.thumb, "STICKER_INVALID")
        if thumb.mime_type not in ("image/png", "image/webp", "application/x-tgsticker", "video/webm"):
            raise RpcFault(400, "STICKER_THUMB_PNG_NOPNG")
        found.thumb = thumb.id
    else:
        found.thumb = None
    return found.whole(call.my_id)


@serves(functions.stickers.SuggestShortNameRequest)
def suggest_short_name(
    request: functions.stickers.SuggestShortNameRequest, call: Call
) -> types.stickers.SuggestedShortName:
    """A free short name for a title."""
    stem = "_".join(re.findall(r"[a-z0-9]+", request.title.lower()))[:48]
    if not request.title.strip():
        raise RpcFault(400, "TITLE_INVALID")
    if not stem or not stem[0].isalpha():
        stem = f"set_{stem}".rstrip("_")
    name, number = stem, 1
    while name in call.world.things.sets:
        number += 1
        name = f"{stem}_{number}"
    return types.stickers.SuggestedShortName(name)
