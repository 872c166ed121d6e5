"""Pure helpers over TL objects: ids and peers, input forms, media, file ids, links and text.

Nothing here talks to the network or keeps state. Functions that turn something a user may hold into what a request
needs (``get_input_peer``, ``get_input_media`` and the rest) raise `TypeError` when that is not possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon._core.oldnames import old_names, star_names
from telethon._core.surrogates import add_surrogate, del_surrogate, within_surrogate

from ._asyncwrap import AsyncClassWrapper, maybe_async
from .attributes import _get_metadata, get_attributes
from .fileid import (
    _decode_telegram_base64,
    _encode_telegram_base64,
    _rle_decode,
    _rle_encode,
    pack_bot_file_id,
    resolve_bot_file_id,
)
from .inputs import (
    get_input_channel,
    get_input_chat_photo,
    get_input_dialog,
    get_input_document,
    get_input_geo,
    get_input_group_call,
    get_input_media,
    get_input_message,
    get_input_peer,
    get_input_photo,
    get_input_user,
    get_message_id,
)
from .links import (
    TG_JOIN_RE,
    USERNAME_RE,
    VALID_USERNAME_RE,
    parse_phone,
    parse_username,
    resolve_inline_message_id,
    resolve_invite_link,
)
from .media import (
    _FileInfo,
    _get_extension,
    _get_file_info,
    _photo_size_byte_count,
    get_appropriated_part_size,
    get_extension,
    get_input_location,
    is_audio,
    is_gif,
    is_image,
    is_video,
    stripped_photo_to_jpg,
)
from .peers import _get_entity_pair, get_display_name, get_peer, get_peer_id, resolve_id
from .text import chunks, get_inner_text, is_list_like, sanitize_parse_mode, split_text
from .waveform import decode_waveform, encode_waveform

__all__ = [
    "add_surrogate",
    "del_surrogate",
    "within_surrogate",
    "TG_JOIN_RE",
    "USERNAME_RE",
    "VALID_USERNAME_RE",
    "AsyncClassWrapper",
    "_FileInfo",
    "_decode_telegram_base64",
    "_encode_telegram_base64",
    "_get_entity_pair",
    "_get_extension",
    "_get_file_info",
    "_get_metadata",
    "_photo_size_byte_count",
    "_rle_decode",
    "_rle_encode",
    "chunks",
    "decode_waveform",
    "encode_waveform",
    "get_appropriated_part_size",
    "get_attributes",
    "get_display_name",
    "get_extension",
    "get_inner_text",
    "get_input_channel",
    "get_input_chat_photo",
    "get_input_dialog",
    "get_input_document",
    "get_input_geo",
    "get_input_group_call",
    "get_input_location",
    "get_input_media",
    "get_input_message",
    "get_input_peer",
    "get_input_photo",
    "get_input_user",
    "get_message_id",
    "get_peer",
    "get_peer_id",
    "is_audio",
    "is_gif",
    "is_image",
    "is_list_like",
    "is_video",
    "maybe_async",
    "pack_bot_file_id",
    "parse_phone",
    "parse_username",
    "resolve_bot_file_id",
    "resolve_id",
    "resolve_inline_message_id",
    "resolve_invite_link",
    "sanitize_parse_mode",
    "split_text",
    "stripped_photo_to_jpg",
]

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)
