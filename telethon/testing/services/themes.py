"""account and messages: themes of apps and of chats.

Source: https://core.telegram.org/api/themes
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import list_hash
from telethon.testing.services.stickers import stored_document
from telethon.testing.world import post
from telethon.testing.world.looks import Theme
from telethon.testing.world.peerids import is_user
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call
    from telethon.testing.world.files import StoredDocument

_MIME = "application/x-tgtheme-"
_FORMATS = frozenset({"android", "ios", "tdesktop", "macos"})


def _known(call: Call, wanted: types.TypeInputTheme) -> Theme:
    found = call.world.looks.theme(wanted)
    if found is None:
        raise RpcFault(400, "THEME_INVALID")
    return found


def _check_format(given: str) -> None:
    if given not in _FORMATS:
        raise RpcFault(400, "THEME_FORMAT_INVALID")


def _document(call: Call, given: types.TypeInputDocument | None) -> StoredDocument | None:
    if given is None:
        return None
    document = stored_document(call, given, "THEME_INVALID")
    if not document.mime_type.startswith(_MIME):
        raise RpcFault(400, "THEME_MIME_INVALID")
    return document


def _settings(call: Call, given: Iterable[types.TypeInputThemeSettings]) -> list[types.ThemeSettings]:
    kept: list[types.ThemeSettings] = []
    for one in given:
        behind = call.world.looks.wallpaper(one.wallpaper) if one.wallpaper is not None else None
        wallpaper: types.TypeWallPaper | None = None
        if behind is not None:
            wallpaper = behind.tl(call.my_id, one.wallpaper_settings)
        elif isinstance(one.wallpaper, types.InputWallPaperNoFile):
            wallpaper = types.WallPaperNoFile(one.wallpaper.id, settings=one.wallpaper_settings)
        kept.append(
            types.ThemeSettings(
                one.base_theme,
                one.accent_color,
                message_colors_animated=one.message_colors_animated,
                outbox_accent_color=one.outbox_accent_color,
                message_colors=one.message_colors,
                wallpaper=wallpaper,
            )
        )
    return kept


@serves(functions.account.UploadThemeRequest)
def upload_theme(request: functions.account.UploadThemeRequest, call: Call) -> types.TypeDocument:
    """Keep the file of a theme."""
    if not request.mime_type.startswith(_MIME):
        raise RpcFault(400, "THEME_FILE_INVALID")
    files = call.world.files
    data = files.assemble(call.my_id, request.file)
    thumb = files.assemble(call.my_id, request.thumb) if request.thumb is not None else None
    name = types.DocumentAttributeFilename(request.file_name)
    return files.add_document(data, call.dc_id, request.mime_type, [name], thumb).tl()


@serves(functions.account.CreateThemeRequest)
def create_theme(request: functions.account.CreateThemeRequest, call: Call) -> types.TypeTheme:
    """Make a theme."""
    if not 0 < len(request.title.strip()) <= 128:
        raise RpcFault(400, "THEME_TITLE_INVALID")
    looks, world = call.world.looks, call.world
    slug = request.slug or world.rand(8).hex()
    _check_slug(call, slug)
    document = _document(call, request.document)
    settings = _settings(call, request.settings or ())
    made = Theme(world.new_id(), world.new_id(), slug, request.title.strip(), call.my_id, document, settings)
    looks.themes[made.id] = made
    made.installed.add(call.my_id)
    return made.tl(call.my_id)


def _check_slug(call: Call, slug: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_]{5,64}", slug):
        raise RpcFault(400, "THEME_SLUG_INVALID")
    if any(one.slug == slug for one in call.world.looks.themes.values()):
        raise RpcFault(400, "THEME_SLUG_INVALID")


@serves(functions.account.UpdateThemeRequest)
def update_theme(request: functions.account.UpdateThemeRequest, call: Call) -> types.TypeTheme:
    """Change a theme of one's own; whoever has it installed is told."""
    _check_format(request.format)
    found = _known(call, request.theme)
    if found.creator != call.my_id:
        raise RpcFault(400, "THEME_INVALID")
    document = _document(call, request.document)
    if request.slug is not None and request.slug != found.slug:
        _check_slug(call, request.slug)
        found.slug = request.slug
    if request.title is not None:
        if not 0 < len(request.title.strip()) <= 128:
            raise RpcFault(400, "THEME_TITLE_INVALID")
        found.title = request.title.strip()
    if document is not None:
        found.document = document
    if request.settings is not None:
        found.settings = _settings(call, request.settings)
    for account_id in found.installed:
        call.delivery.note(account_id, types.UpdateTheme(found.tl(account_id)))
    return found.tl(call.my_id)


@serves(functions.account.SaveThemeRequest)
def save_theme(request: functions.account.SaveThemeRequest, call: Call) -> bool:
    """Keep a theme, or keep it no more."""
    found = _known(call, request.theme)
    (found.installed.discard if request.unsave else found.installed.add)(call.my_id)
    return True


@serves(functions.account.InstallThemeRequest)
def install_theme(request: functions.account.InstallThemeRequest, call: Call) -> bool:
    """Use a theme: it is kept from then on."""
    if request.theme is not None:
        if request.format is not None:
            _check_format(request.format)
        _known(call, request.theme).installed.add(call.my_id)
    return True


@serves(functions.account.GetThemeRequest)
def get_theme(request: functions.account.GetThemeRequest, call: Call) -> types.TypeTheme:
    """One theme."""
    _check_format(request.format)
    return _known(call, request.theme).tl(call.my_id)


def _several(call: Call, known: int, themes: list[Theme]) -> types.account.Themes | types.account.ThemesNotModified:
    value = list_hash(one.id for one in themes)
    if known and known == value:
        return types.account.ThemesNotModified()
    return types.account.Themes(value, [one.tl(call.my_id) for one in themes])


@serves(functions.account.GetThemesRequest)
def get_themes(request: functions.account.GetThemesRequest, call: Call) -> types.account._TypeThemes:
    """The themes that the account keeps."""
    _check_format(request.format)
    themes = call.world.looks.themes.values()
    return _several(call, request.hash, [one for one in themes if call.my_id in one.installed])


@serves(functions.account.GetChatThemesRequest)
def get_chat_themes(request: functions.account.GetChatThemesRequest, call: Call) -> types.account._TypeThemes:
    """The themes that chats can have."""
    return _several(call, request.hash, [one for one in call.world.looks.themes.values() if one.emoji is not None])


@serves(functions.messages.SetChatThemeRequest)
def set_chat_theme(request: functions.messages.SetChatThemeRequest, call: Call) -> types.TypeUpdates:
    """Choose the theme of a private chat, for both."""
    peer = call.peer(request.peer)
    if not is_user(peer):
        raise RpcFault(400, "PEER_ID_INVALID")
    emoji = request.theme.emoticon if isinstance(request.theme, types.InputChatTheme) else ""
    known = {one.emoji for one in call.world.looks.themes.values()}
    if isinstance(request.theme, types.InputChatThemeUniqueGift) or (emoji and emoji not in known):
        raise RpcFault(400, "EMOJI_INVALID")
    dialog = call.me.mailbox.dialog(peer)
    if (dialog.theme or "") == emoji:
        raise RpcFault(400, "EMOJI_NOT_MODIFIED")
    dialog.theme = call.world.accounts[peer].mailbox.dialog(call.my_id).theme = emoji or None
    action = types.MessageActionSetChatTheme(types.ChatTheme(emoji))
    post.service(call.world, call.delivery, call.me, peer, action)
    for account_id, other in ((call.my_id, peer), (peer, call.my_id)):
        call.delivery.note(account_id, types.UpdateUser(other), (other,))
    return call.updates(peers=[peer])
