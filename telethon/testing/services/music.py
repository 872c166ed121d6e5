"""account and users: music in the profile, and sounds of notifications.

Source: https://core.telegram.org/api/ringtones
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import list_hash
from telethon.testing.services.stickers import stored_document
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.files import StoredDocument

_MAX_RINGTONES = 100
_MAX_SIZE = 307_200


def _is_music(document: StoredDocument) -> bool:
    return any(isinstance(one, types.DocumentAttributeAudio) and not one.voice for one in document.attributes)


# -- sounds ----------------------------------------------------------------------------------------------------------


def _ringtones(call: Call) -> list[StoredDocument]:
    ringtones: list[StoredDocument] = call.me.settings.setdefault("ringtones", [])
    return ringtones


@serves(functions.account.UploadRingtoneRequest)
def upload_ringtone(request: functions.account.UploadRingtoneRequest, call: Call) -> types.TypeDocument:
    """Make a sound of a file."""
    if request.mime_type not in ("audio/mpeg", "audio/ogg", "audio/mp3"):
        raise RpcFault(400, "RINGTONE_MIME_INVALID")
    data = call.world.files.assemble(call.my_id, request.file)
    if len(data) > _MAX_SIZE:
        raise RpcFault(400, "RINGTONE_INVALID")
    attributes: list[types.TypeDocumentAttribute] = [
        types.DocumentAttributeFilename(request.file_name),
        types.DocumentAttributeAudio(1),
    ]
    return call.world.files.add_document(data, call.dc_id, request.mime_type, attributes, None).tl()


@serves(functions.account.SaveRingtoneRequest)
def save_ringtone(request: functions.account.SaveRingtoneRequest, call: Call) -> types.account._TypeSavedRingtone:
    """Keep a sound, or keep it no more."""
    document = stored_document(call, request.id, "RINGTONE_INVALID")
    kept = _ringtones(call)
    if document in kept:
        kept.remove(document)
    if not request.unsave:
        kept.insert(0, document)
        del kept[_MAX_RINGTONES:]
    call.delivery.note(call.my_id, types.UpdateSavedRingtones())
    return types.account.SavedRingtone()


@serves(functions.account.GetSavedRingtonesRequest)
def get_saved_ringtones(
    request: functions.account.GetSavedRingtonesRequest, call: Call
) -> types.account._TypeSavedRingtones:
    """The sounds at hand."""
    kept = _ringtones(call)
    value = list_hash(one.id for one in kept)
    if request.hash and request.hash == value:
        return types.account.SavedRingtonesNotModified()
    return types.account.SavedRingtones(value, [one.tl() for one in kept])


# -- music -----------------------------------------------------------------------------------------------------------


@serves(functions.account.SaveMusicRequest, who="both")
def save_music(request: functions.account.SaveMusicRequest, call: Call) -> bool:
    """Show a piece of music in the profile, or show it no more."""
    document = stored_document(call, request.id, "DOCUMENT_INVALID")
    if not _is_music(document):
        raise RpcFault(400, "DOCUMENT_INVALID")
    music = call.me.profile.music
    before: StoredDocument | None = None
    if request.after_id is not None:
        before = stored_document(call, request.after_id, "DOCUMENT_INVALID")
        if before not in music or before is document:
            raise RpcFault(400, "DOCUMENT_INVALID")
    if document in music:
        music.remove(document)
    if not request.unsave:
        music.insert(music.index(before) + 1 if before is not None else 0, document)
    return True


@serves(functions.account.GetSavedMusicIdsRequest, who="both")
def get_saved_music_ids(
    request: functions.account.GetSavedMusicIdsRequest, call: Call
) -> types.account._TypeSavedMusicIds:
    """The numbers of the music in the own profile."""
    ids = [one.id for one in call.me.profile.music]
    if request.hash and request.hash == list_hash(ids):
        return types.account.SavedMusicIdsNotModified()
    return types.account.SavedMusicIds(ids)


@serves(functions.users.GetSavedMusicRequest, who="both")
def get_saved_music(request: functions.users.GetSavedMusicRequest, call: Call) -> types.users._TypeSavedMusic:
    """The music in a profile."""
    music = call.user(request.id).profile.music
    if request.hash and request.hash == list_hash(one.id for one in music):
        return types.users.SavedMusicNotModified(len(music))
    start = max(0, request.offset)
    page = music[start : start + max(0, min(request.limit or 100, 100))]
    return types.users.SavedMusic(len(music), [one.tl() for one in page])


@serves(functions.users.GetSavedMusicByIDRequest, who="both")
def get_saved_music_by_id(request: functions.users.GetSavedMusicByIDRequest, call: Call) -> types.users._TypeSavedMusic:
    """Some of it again, with references that are good."""
    wanted = {one.id for one in request.documents if isinstance(one, types.InputDocument)}
    found = [one for one in call.user(request.id).profile.music if one.id in wanted]
    return types.users.SavedMusic(len(found), [one.tl() for one in found])
