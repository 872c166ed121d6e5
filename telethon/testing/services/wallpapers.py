"""account and messages: wallpapers.

Source: https://core.telegram.org/api/wallpapers
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import list_hash
from telethon.testing.world import post
from telethon.testing.world.looks import Wallpaper
from telethon.testing.world.peerids import as_peer, is_user
from telethon.testing.world.pictures import measure
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_PICTURES = frozenset({"image/jpeg", "image/png"})
_PATTERNS = frozenset({"application/x-tgwallpattern"})


def _known(call: Call, wanted: types.TypeInputWallPaper) -> Wallpaper:
    found = call.world.looks.wallpaper(wanted)
    if found is None:
        raise RpcFault(400, "WALLPAPER_INVALID")
    return found


def _shown(
    call: Call, wanted: types.TypeInputWallPaper, settings: types.WallPaperSettings | None
) -> types.TypeWallPaper:
    """A wallpaper with the settings that a request gives; one without a file is all settings."""
    if isinstance(wanted, types.InputWallPaperNoFile):
        return types.WallPaperNoFile(wanted.id, settings=settings)
    return _known(call, wanted).tl(call.my_id, settings)


def _saved(call: Call) -> dict[int, types.TypeWallPaper]:
    saved: dict[int, types.TypeWallPaper] = call.me.settings.setdefault("wallpapers", {})
    return saved


@serves(functions.account.UploadWallPaperRequest)
def upload_wall_paper(request: functions.account.UploadWallPaperRequest, call: Call) -> types.TypeWallPaper:
    """Make a wallpaper of a picture."""
    pattern = request.mime_type in _PATTERNS
    if not pattern and request.mime_type not in _PICTURES:
        raise RpcFault(400, "WALLPAPER_MIME_INVALID")
    data = call.world.files.assemble(call.my_id, request.file)
    if not pattern and measure(data) is None:
        raise RpcFault(400, "WALLPAPER_FILE_INVALID")
    document = call.world.files.add_document(data, call.dc_id, request.mime_type, [], None)
    number, slug = call.world.new_id(), call.world.rand(8).hex()
    made = Wallpaper(number, call.world.new_id(), slug, call.my_id, document, pattern, request.settings)
    call.world.looks.wallpapers[number] = made
    return made.tl(call.my_id)


@serves(functions.account.GetWallPaperRequest)
def get_wall_paper(request: functions.account.GetWallPaperRequest, call: Call) -> types.TypeWallPaper:
    """One wallpaper."""
    return _known(call, request.wallpaper).tl(call.my_id)


@serves(functions.account.GetMultiWallPapersRequest)
def get_multi_wall_papers(
    request: functions.account.GetMultiWallPapersRequest, call: Call
) -> list[types.TypeWallPaper]:
    """Several wallpapers."""
    return [_known(call, wanted).tl(call.my_id) for wanted in request.wallpapers]


@serves(functions.account.GetWallPapersRequest)
def get_wall_papers(request: functions.account.GetWallPapersRequest, call: Call) -> types.account._TypeWallPapers:
    """The wallpapers that the account keeps, the newest first."""
    saved = list(_saved(call).values())[::-1]
    value = list_hash(one.id for one in saved)
    if request.hash and request.hash == value:
        return types.account.WallPapersNotModified()
    return types.account.WallPapers(value, saved)


@serves(functions.account.SaveWallPaperRequest)
def save_wall_paper(request: functions.account.SaveWallPaperRequest, call: Call) -> bool:
    """Keep a wallpaper, or keep it no more."""
    shown = _shown(call, request.wallpaper, request.settings)
    saved = _saved(call)
    saved.pop(shown.id, None)
    if not request.unsave:
        saved[shown.id] = shown
    return True


@serves(functions.account.InstallWallPaperRequest)
def install_wall_paper(request: functions.account.InstallWallPaperRequest, call: Call) -> bool:
    """Use a wallpaper: it is kept from then on."""
    shown = _shown(call, request.wallpaper, request.settings)
    saved = _saved(call)
    saved.pop(shown.id, None)
    saved[shown.id] = shown
    return True


@serves(functions.account.ResetWallPapersRequest)
def reset_wall_papers(request: functions.account.ResetWallPapersRequest, call: Call) -> bool:
    """Keep none."""
    _saved(call).clear()
    return True


@serves(functions.messages.SetChatWallPaperRequest, who="both")
def set_chat_wall_paper(request: functions.messages.SetChatWallPaperRequest, call: Call) -> types.TypeUpdates:
    """Choose what is behind the messages of a private chat, for oneself or for both, or take it away."""
    peer = call.peer(request.peer)
    if not is_user(peer):
        raise RpcFault(400, "PEER_ID_INVALID")
    shown: types.TypeWallPaper | None = None
    if request.id is not None:
        letter = call.letter(peer, request.id)
        if not isinstance(letter.action, types.MessageActionSetChatWallPaper):
            raise RpcFault(400, "MESSAGE_ID_INVALID")
        shown = letter.action.wallpaper
    elif request.wallpaper is not None:
        shown = _shown(call, request.wallpaper, request.settings)
    if request.for_both and not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    _hang(call, call.my_id, peer, shown)
    if request.for_both:
        _hang(call, peer, call.my_id, shown)
    if shown is not None:
        action = types.MessageActionSetChatWallPaper(
            shown, same=request.id is not None, for_both=bool(request.for_both)
        )
        post.service(call.world, call.delivery, call.me, peer, action)
    return call.updates(peers=[peer])


def _hang(call: Call, account_id: int, peer: int, shown: types.TypeWallPaper | None) -> None:
    call.world.accounts[account_id].mailbox.dialog(peer).wallpaper = shown
    update = types.UpdatePeerWallpaper(as_peer(peer), wallpaper=shown)
    call.delivery.note(account_id, update, (peer,), lasting=True)
