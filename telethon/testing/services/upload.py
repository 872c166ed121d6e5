"""upload: parts of files, up and down.

Source: https://core.telegram.org/api/files
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.peerids import is_user
from telethon.testing.world.pictures import measure
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_MIB = 1024 * 1024
_HASHED = 128 * 1024


@serves(functions.upload.SaveFilePartRequest, who="both", anywhere=True)
def save_file_part(request: functions.upload.SaveFilePartRequest, call: Call) -> bool:
    """Keep a part of a small file."""
    call.world.files.save_part(call.my_id, request.file_id, request.file_part, request.bytes, None)
    return True


@serves(functions.upload.SaveBigFilePartRequest, who="both", anywhere=True)
def save_big_file_part(request: functions.upload.SaveBigFilePartRequest, call: Call) -> bool:
    """Keep a part of a big file."""
    call.world.files.save_part(call.my_id, request.file_id, request.file_part, request.bytes, request.file_total_parts)
    return True


def _redirect(call: Call, request: functions.upload.GetFileRequest) -> types.upload.FileCdnRedirect | None:
    """Where on a CDN the file is, when it is on one."""
    location = request.location
    if not call.world.cdn.files or not isinstance(
        location, (types.InputDocumentFileLocation, types.InputPhotoFileLocation)
    ):
        return None
    return call.world.cdn.redirect(location.id, location.thumb_size, request.offset)


def check_range(offset: int, limit: int, precise: bool) -> None:
    """Raise what the server says to a piece that begins or ends where it must not.

    Raises:
        RpcFault: OFFSET_INVALID or LIMIT_INVALID.

    Source: https://core.telegram.org/api/files#downloading-files
    """
    unit = 1024 if precise else 4096
    if offset < 0 or offset % unit:
        raise RpcFault(400, "OFFSET_INVALID")
    if limit <= 0 or limit % unit or limit > _MIB:
        raise RpcFault(400, "LIMIT_INVALID")
    if not precise and _MIB % limit:
        raise RpcFault(400, "LIMIT_INVALID")
    if offset // _MIB != (offset + limit - 1) // _MIB:
        raise RpcFault(400, "LIMIT_INVALID" if not precise else "OFFSET_INVALID")


def located(call: Call, location: types.TypeInputFileLocation) -> tuple[bytes, int]:
    """The bytes of a file or picture size, and the data centre they are in.

    Raises:
        RpcFault: there is no such file, or its reference is not good.
    """
    files = call.world.files
    if isinstance(location, types.InputDocumentFileLocation):
        document = files.document(location.id, location.access_hash)
        files.check_reference(document.id, location.file_reference)
        return document.part(location.thumb_size), document.dc_id
    if isinstance(location, types.InputEncryptedFileLocation):
        secret = files.document(location.id, location.access_hash)
        return secret.data, secret.dc_id
    if isinstance(location, types.InputPhotoFileLocation):
        photo = files.photo(location.id, location.access_hash)
        files.check_reference(photo.id, location.file_reference)
        return photo.data(location.thumb_size), photo.dc_id
    if isinstance(location, types.InputPeerPhotoFileLocation):
        peer = call.peer(location.peer)
        if is_user(peer):
            photos = call.world.accounts[peer].photos
        else:
            own = call.room(peer).photo
            photos = [own] if own is not None else []
        for photo in photos:
            if photo.id == location.photo_id:
                return photo.sizes[-1 if location.big else 0][3], photo.dc_id
        raise RpcFault(400, "PHOTO_INVALID")
    raise RpcFault(400, "LOCATION_INVALID")


def _kind(data: bytes) -> types.storage._TypeFileType:
    measured = measure(data[:65_536])
    kinds: dict[str, types.storage._TypeFileType] = {
        "image/jpeg": types.storage.FileJpeg(),
        "image/png": types.storage.FilePng(),
        "image/gif": types.storage.FileGif(),
        "image/webp": types.storage.FileWebp(),
    }
    return kinds[measured[2]] if measured is not None else types.storage.FileUnknown()


@serves(functions.upload.GetFileRequest, who="both", anywhere=True)
def get_file(request: functions.upload.GetFileRequest, call: Call) -> types.upload._TypeFile:
    """A piece of a file."""
    check_range(request.offset, request.limit, bool(request.precise))
    data, dc_id = located(call, request.location)
    if dc_id != call.dc_id:
        raise RpcFault(303, f"FILE_MIGRATE_{dc_id}")
    redirect = _redirect(call, request)
    if redirect is not None:
        return redirect
    piece = data[request.offset : request.offset + request.limit]
    return types.upload.File(_kind(data), call.now, piece)


@serves(functions.upload.GetFileHashesRequest, who="both", anywhere=True)
def get_file_hashes(request: functions.upload.GetFileHashesRequest, call: Call) -> list[types.FileHash]:
    """SHA-256 of pieces of a file, from an offset on."""
    data, _ = located(call, request.location)
    start = request.offset // _HASHED * _HASHED
    hashes: list[types.FileHash] = []
    for offset in range(start, min(len(data), start + 10 * _HASHED), _HASHED):
        piece = data[offset : offset + _HASHED]
        hashes.append(types.FileHash(offset, len(piece), hashlib.sha256(piece).digest()))
    return hashes


@serves(functions.upload.GetCdnFileRequest, login=False, anywhere=True)
def get_cdn_file(request: functions.upload.GetCdnFileRequest, call: Call) -> types.upload._TypeCdnFile:
    """A piece of what a CDN stores."""
    if call.dc_id not in call.world.cdn.dc_ids:
        raise RpcFault(400, "METHOD_INVALID")
    check_range(request.offset, request.limit, False)
    return call.world.cdn.read(call.dc_id, request.file_token, request.offset, request.limit)


@serves(functions.upload.GetCdnFileHashesRequest, who="both", anywhere=True)
def get_cdn_file_hashes(request: functions.upload.GetCdnFileHashesRequest, call: Call) -> list[types.FileHash]:
    """SHA-256 of windows of a file on a CDN, from an offset on."""
    return call.world.cdn.by_token(request.file_token).hashes(request.offset)


@serves(functions.upload.ReuploadCdnFileRequest, who="both", anywhere=True)
def reupload_cdn_file(request: functions.upload.ReuploadCdnFileRequest, call: Call) -> list[types.FileHash]:
    """Bring a file to its CDN again."""
    return call.world.cdn.reupload(request.file_token, request.request_token)
