"""photos: profile photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.account import tell_acquaintances
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account


def _tell(call: Call, account: Account) -> None:
    update = types.UpdateUser(account.id)
    if account is call.me:
        tell_acquaintances(call, update)
    else:
        call.delivery.note(account.id, update, (account.id,))


@serves(functions.photos.UploadProfilePhotoRequest, who="both")
def upload_profile_photo(request: functions.photos.UploadProfilePhotoRequest, call: Call) -> types.photos._TypePhoto:
    """Take a new picture as the profile photo."""
    account = call.me if request.bot is None else call.user(request.bot)
    if request.file is None:
        raise RpcFault(400, "PHOTO_FILE_MISSING")
    data = call.world.files.assemble(call.my_id, request.file)
    photo = call.world.files.add_photo(data, call.dc_id)
    account.photos.insert(0, photo)
    _tell(call, account)
    users, _ = call.split([account.id])
    return types.photos.Photo(photo.tl(), users)


@serves(functions.photos.UpdateProfilePhotoRequest, who="both")
def update_profile_photo(request: functions.photos.UpdateProfilePhotoRequest, call: Call) -> types.photos._TypePhoto:
    """Take an older one, or none."""
    account = call.me if request.bot is None else call.user(request.bot)
    users, _ = call.split([account.id])
    if isinstance(request.id, types.InputPhotoEmpty):
        if account.photos:
            del account.photos[0]
            _tell(call, account)
        return types.photos.Photo(types.PhotoEmpty(0), users)
    photo = call.world.files.photo(request.id.id, request.id.access_hash)
    call.world.files.check_reference(photo.id, request.id.file_reference)
    if photo in account.photos:
        account.photos.remove(photo)
    account.photos.insert(0, photo)
    _tell(call, account)
    return types.photos.Photo(photo.tl(), users)


@serves(functions.photos.DeletePhotosRequest)
def delete_photos(request: functions.photos.DeletePhotosRequest, call: Call) -> list[int]:
    """Throw profile photos away; gives the ids of those that are gone."""
    gone: list[int] = []
    for wanted in request.id:
        for photo in list(call.me.photos):
            if isinstance(wanted, types.InputPhoto) and photo.id == wanted.id:
                call.me.photos.remove(photo)
                gone.append(photo.id)
    if gone:
        _tell(call, call.me)
    return gone


@serves(functions.photos.GetUserPhotosRequest, who="both")
def get_user_photos(request: functions.photos.GetUserPhotosRequest, call: Call) -> types.photos._TypePhotos:
    """The profile photos of an account, newest first."""
    account = call.user(request.user_id)
    photos = account.photos
    if request.max_id:
        places = [place for place, photo in enumerate(photos) if photo.id == request.max_id]
        start = places[0] + 1 + request.offset if places else len(photos)
    else:
        start = request.offset
    page = photos[max(0, start) : max(0, start) + min(max(request.limit, 0) or 100, 100)]
    users, _ = call.split([account.id])
    shown: list[types.TypePhoto] = [photo.tl() for photo in page]
    if len(page) == len(photos):
        return types.photos.Photos(shown, users)
    return types.photos.PhotosSlice(len(photos), shown, users)
