"""Turning what a user holds into the ``Input...`` forms that requests take.

Each function accepts the input form itself, the objects servers send, and a few objects that hold one, and raises
`TypeError` when the object cannot be turned into that form without asking a server. The ones that need more (an
access hash, say) are met by `TelegramClient.get_input_entity`, which can ask.

Source: https://core.telegram.org/api/peers
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from telethon.tl import types

from ._boxed import boxed_id, boxed_type, cannot_cast
from .attributes import get_attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_INPUT_PEER: Final = boxed_id("InputPeer")
_INPUT_DIALOG_PEER: Final = boxed_id("InputDialogPeer")
_INPUT_USER: Final = boxed_id("InputUser")
_INPUT_CHANNEL: Final = boxed_id("InputChannel")
_INPUT_DOCUMENT: Final = boxed_id("InputDocument")
_INPUT_PHOTO: Final = boxed_id("InputPhoto")
_INPUT_CHAT_PHOTO: Final = boxed_id("InputChatPhoto")
_INPUT_GEO: Final = boxed_id("InputGeoPoint")
_INPUT_MEDIA: Final = boxed_id("InputMedia")
_INPUT_MESSAGE: Final = boxed_id("InputMessage")
_INPUT_GROUP_CALL: Final = boxed_id("InputGroupCall")
_INPUT_FILE: Final = boxed_id("InputFile")
_USER: Final = boxed_id("User")
_USER_FULL: Final = boxed_id("UserFull")
_CHAT: Final = boxed_id("Chat")
_CHAT_FULL: Final = boxed_id("ChatFull")
_PEER: Final = boxed_id("Peer")
_MESSAGE: Final = boxed_id("Message")
_MESSAGE_MEDIA: Final = boxed_id("MessageMedia")
_DOCUMENT: Final = boxed_id("Document")
_PHOTO: Final = boxed_id("Photo")
_PHOTOS_PHOTO: Final = boxed_id("photos.Photo")
_GEO: Final = boxed_id("GeoPoint")
_POLL: Final = boxed_id("Poll")
_GROUP_CALL: Final = boxed_id("GroupCall")
_CHAT_PHOTO: Final = boxed_id("ChatPhoto")
_USER_PROFILE_PHOTO: Final = boxed_id("UserProfilePhoto")


_WITHOUT_PHOTO: Final = frozenset(("UserEmpty", "ChatEmpty", "ChatForbidden", "ChannelForbidden", "CommunityForbidden"))


def _without_hash(kind: str) -> TypeError:
    return TypeError(f"{kind} without access_hash or min info cannot be input")


def get_input_peer(entity: object, allow_self: bool = True, check_hash: bool = True) -> types.TypeInputPeer:
    """The input peer of a user, chat or channel.

    Args:
        entity: a user, chat or channel, one of their input or full forms, a `PeerChat`, or an object with
            ``input_entity`` or ``entity``, such as a `Dialog`.
        allow_self: whether the own account becomes ``InputPeerSelf``.
        check_hash: whether to refuse users and channels with no access hash, or with the one of a ``min`` object,
            which servers do not accept.

    Raises:
        TypeError: when *entity* has no input peer of its own. A lone id never has.

    Example:
        >>> peer = utils.get_input_peer(user)

    Source: https://core.telegram.org/type/InputPeer
    """
    boxed = boxed_type(entity)
    if boxed == _INPUT_PEER:
        return cast("types.TypeInputPeer", entity)
    if boxed == _USER:
        return _input_peer_of_user(entity, allow_self, check_hash)
    if boxed == _CHAT:
        return _input_peer_of_chat(entity, check_hash)
    if boxed is None:
        return _input_peer_of_holder(entity, allow_self)
    if isinstance(entity, types.InputUser):
        return types.InputPeerUser(entity.user_id, entity.access_hash)
    if isinstance(entity, types.InputChannel):
        return types.InputPeerChannel(entity.channel_id, entity.access_hash)
    if isinstance(entity, types.InputUserSelf):
        return types.InputPeerSelf()
    if isinstance(entity, types.InputUserFromMessage):
        return types.InputPeerUserFromMessage(entity.peer, entity.msg_id, entity.user_id)
    if isinstance(entity, types.InputChannelFromMessage):
        return types.InputPeerChannelFromMessage(entity.peer, entity.msg_id, entity.channel_id)
    if isinstance(entity, types.PeerChat):
        return types.InputPeerChat(entity.chat_id)
    if boxed == _CHAT_FULL and isinstance(entity, types.ChatFull):
        return types.InputPeerChat(entity.id)
    cannot_cast(entity, "InputPeer")


def _input_peer_of_user(entity: object, allow_self: bool, check_hash: bool) -> types.TypeInputPeer:
    if not isinstance(entity, types.User):
        return types.InputPeerEmpty()
    if entity.is_self and allow_self:
        return types.InputPeerSelf()
    if check_hash and (entity.access_hash is None or entity.min):
        raise _without_hash("User")
    return types.InputPeerUser(entity.id, cast("int", entity.access_hash))


def _input_peer_of_chat(entity: object, check_hash: bool) -> types.TypeInputPeer:
    if isinstance(entity, (types.Channel, types.Community)):
        if check_hash and (entity.access_hash is None or entity.min):
            raise _without_hash(type(entity).__name__)
        return types.InputPeerChannel(entity.id, cast("int", entity.access_hash))
    if isinstance(entity, (types.Chat, types.ChatEmpty, types.ChatForbidden)):
        return types.InputPeerChat(entity.id)
    if isinstance(entity, (types.ChannelForbidden, types.CommunityForbidden)):
        # Forbidden channels are not `min`: the hash they come with is the one to use.
        return types.InputPeerChannel(entity.id, cast("int", entity.access_hash))
    cannot_cast(entity, "InputPeer")


def _input_peer_of_holder(entity: object, allow_self: bool) -> types.TypeInputPeer:
    """The input peer of an object of our own, such as a dialog, that holds the entity."""
    if allow_self and hasattr(entity, "input_entity"):
        return cast("types.TypeInputPeer", getattr(entity, "input_entity", None))
    if hasattr(entity, "entity"):
        return get_input_peer(getattr(entity, "entity", None))
    cannot_cast(entity, "InputPeer")


def get_input_channel(entity: object) -> types.TypeInputChannel:
    """The input channel of a channel or supergroup.

    Args:
        entity: a channel, its input channel, or its input peer.

    Raises:
        TypeError: it is no channel, or an ID alone.

    Example:
        >>> print(utils.get_input_channel(types.InputPeerChannel(42, 5)))

    Source: https://core.telegram.org/type/InputChannel
    """
    if boxed_type(entity) == _INPUT_CHANNEL:
        return cast("types.TypeInputChannel", entity)
    if isinstance(entity, (types.Channel, types.ChannelForbidden, types.Community, types.CommunityForbidden)):
        return types.InputChannel(entity.id, entity.access_hash or 0)
    if isinstance(entity, types.InputPeerChannel):
        return types.InputChannel(entity.channel_id, entity.access_hash)
    if isinstance(entity, types.InputPeerChannelFromMessage):
        return types.InputChannelFromMessage(entity.peer, entity.msg_id, entity.channel_id)
    cannot_cast(entity, "InputChannel")


def get_input_user(entity: object) -> types.TypeInputUser:
    """The input user of a user.

    Args:
        entity: a user, its input user, or its input peer.

    Raises:
        TypeError: it is no user, or an ID alone.

    Example:
        >>> print(utils.get_input_user(types.InputPeerUser(42, 5)))

    Source: https://core.telegram.org/type/InputUser
    """
    boxed = boxed_type(entity)
    if boxed == _INPUT_USER:
        return cast("types.TypeInputUser", entity)
    if boxed == _INPUT_PEER:
        if isinstance(entity, types.InputPeerUser):
            return types.InputUser(entity.user_id, entity.access_hash)
        if isinstance(entity, types.InputPeerSelf):
            return types.InputUserSelf()
        if isinstance(entity, types.InputPeerEmpty):
            return types.InputUserEmpty()
        if isinstance(entity, types.InputPeerUserFromMessage):
            return types.InputUserFromMessage(entity.peer, entity.msg_id, entity.user_id)
    elif boxed == _USER:
        if not isinstance(entity, types.User):
            return types.InputUserEmpty()
        if entity.is_self:
            return types.InputUserSelf()
        return types.InputUser(entity.id, entity.access_hash or 0)
    cannot_cast(entity, "InputUser")


def get_input_dialog(dialog: object) -> types.TypeInputDialogPeer:
    """The input dialog of a peer, or of what `get_input_peer` accepts.

    Args:
        dialog: the peer.

    Raises:
        TypeError: it has no input peer of its own, such as an ID alone.

    Example:
        >>> print(utils.get_input_dialog(user))

    Source: https://core.telegram.org/type/InputDialogPeer
    """
    boxed = boxed_type(dialog)
    if boxed == _INPUT_DIALOG_PEER:
        return cast("types.TypeInputDialogPeer", dialog)
    if boxed is None:
        cannot_cast(dialog, "InputDialogPeer")
    try:
        return types.InputDialogPeer(get_input_peer(dialog))
    except TypeError as error:
        raise TypeError(f"Cannot cast {type(dialog).__name__} to any kind of InputDialogPeer.") from error


def get_input_document(document: object) -> types.TypeInputDocument:
    """The input document of a document, or of the message or media that holds one.

    Args:
        document: the document, or what holds it.

    Raises:
        TypeError: there is none in it.

    Source: https://core.telegram.org/type/InputDocument
    """
    boxed = boxed_type(document)
    if boxed == _INPUT_DOCUMENT:
        return cast("types.TypeInputDocument", document)
    if isinstance(document, types.Document):
        return types.InputDocument(
            id=document.id, access_hash=document.access_hash, file_reference=document.file_reference
        )
    if boxed == _DOCUMENT:
        return types.InputDocumentEmpty()
    if isinstance(document, types.MessageMediaDocument):
        return get_input_document(document.document)
    if isinstance(document, types.Message):
        return get_input_document(document.media)
    cannot_cast(document, "InputDocument")


def get_input_photo(photo: object) -> types.TypeInputPhoto:
    """The input photo of a photo, or of the message, media or full chat that holds one.

    Args:
        photo: the photo, or what holds it.

    Raises:
        TypeError: there is none in it, or it is only named, as in a user.

    Example:
        >>> print(utils.get_input_photo(message).id)

    Source: https://core.telegram.org/type/InputPhoto
    """
    boxed = boxed_type(photo)
    if boxed == _INPUT_PHOTO:
        return cast("types.TypeInputPhoto", photo)
    if isinstance(photo, types.Photo):
        return types.InputPhoto(id=photo.id, access_hash=photo.access_hash, file_reference=photo.file_reference)
    if boxed == _PHOTO:
        return types.InputPhotoEmpty()
    if isinstance(photo, types.Message):
        return get_input_photo(photo.media)
    if boxed == _PHOTOS_PHOTO or isinstance(photo, types.MessageMediaPhoto):
        return get_input_photo(getattr(photo, "photo", None))
    if boxed == _USER_FULL:
        return get_input_photo(getattr(photo, "profile_photo", None))
    if boxed == _CHAT_FULL:
        # Only the full forms of channels always have it; a small group may have none.
        inner = getattr(photo, "chat_photo", None)
        return types.InputPhotoEmpty() if inner is None else get_input_photo(inner)
    if isinstance(photo, types.messages.ChatFull):
        return get_input_photo(photo.full_chat)
    if boxed in (_USER, _CHAT):
        # What a user or chat comes with only names the photo. The empty forms have no photo at all.
        if type(photo).__name__ in _WITHOUT_PHOTO:
            return types.InputPhotoEmpty()
        return get_input_photo(getattr(photo, "photo", None))
    cannot_cast(photo, "InputPhoto")


def get_input_chat_photo(photo: object) -> types.TypeInputChatPhoto:
    """The form used to set a photo of a chat, from a photo that exists or an uploaded file.

    Args:
        photo: the photo, what holds it, or the result of `upload_file`.

    Raises:
        TypeError: there is none in it.

    Example:
        >>> print(utils.get_input_chat_photo(message))

    Source: https://core.telegram.org/type/InputChatPhoto
    """
    boxed = boxed_type(photo)
    if boxed == _INPUT_CHAT_PHOTO:
        return cast("types.TypeInputChatPhoto", photo)
    if boxed == _INPUT_FILE:
        return types.InputChatUploadedPhoto(cast("types.TypeInputFile", photo))
    if boxed is None:
        cannot_cast(photo, "InputChatPhoto")
    input_photo = get_input_photo(photo)
    if isinstance(input_photo, types.InputPhoto):
        return types.InputChatPhoto(input_photo)
    return types.InputChatPhotoEmpty()


def get_input_geo(geo: object) -> types.TypeInputGeoPoint:
    """The input point of a place, or of the message or media that holds one.

    Args:
        geo: the place, or what holds it.

    Raises:
        TypeError: there is none in it.

    Example:
        >>> print(utils.get_input_geo(types.GeoPoint(long=2.35, lat=48.85, access_hash=0)))

    Source: https://core.telegram.org/type/InputGeoPoint
    """
    boxed = boxed_type(geo)
    if boxed == _INPUT_GEO:
        return cast("types.TypeInputGeoPoint", geo)
    if isinstance(geo, types.GeoPoint):
        return types.InputGeoPoint(lat=geo.lat, long=geo.long)
    if boxed == _GEO:
        return types.InputGeoPointEmpty()
    if isinstance(geo, types.MessageMediaGeo):
        return get_input_geo(geo.geo)
    if isinstance(geo, types.Message):
        return get_input_geo(geo.media)
    cannot_cast(geo, "InputGeoPoint")


def get_input_media(
    media: object,
    *,
    is_photo: bool = False,
    attributes: Sequence[types.TypeDocumentAttribute] | None = None,
    force_document: bool = False,
    voice_note: bool = False,
    video_note: bool = False,
    supports_streaming: bool = False,
    ttl: int | None = None,
) -> types.TypeInputMedia:
    """The input media of a message, its media, a file on the servers or one just uploaded.

    Args:
        media: what to send: a message or its media, a photo, a document, a poll, or the result of `upload_file`.
        is_photo: whether an uploaded file is sent as a photo.
        attributes: attributes for an uploaded file, instead of the ones told from its name.
        force_document: whether an uploaded file is sent as a plain file.
        voice_note: whether an uploaded file is a voice note.
        video_note: whether an uploaded file is a round video.
        supports_streaming: whether an uploaded video may be played before it is downloaded in full.
        ttl: seconds after which the photo or document is deleted once seen; of a copied media, its own by default.

    Raises:
        TypeError: when there is no way to send *media* again, for example a web page or an invoice.

    Example:
        >>> print(utils.get_input_media(message))

    Source: https://core.telegram.org/type/InputMedia
    """
    boxed = boxed_type(media)
    if boxed == _INPUT_MEDIA:
        return cast("types.TypeInputMedia", media)
    if isinstance(media, (types.InputFile, types.InputFileBig)):
        return _input_media_of_upload(
            media,
            is_photo=is_photo,
            attributes=attributes,
            force_document=force_document,
            voice_note=voice_note,
            video_note=video_note,
            supports_streaming=supports_streaming,
            ttl=ttl,
        )
    if boxed == _MESSAGE_MEDIA:
        return _input_media_of_media(media, ttl)
    if isinstance(media, types.Message):
        return get_input_media(media.media, is_photo=is_photo, ttl=ttl)
    if boxed in (_PHOTO, _INPUT_PHOTO, _PHOTOS_PHOTO):
        return types.InputMediaPhoto(get_input_photo(media), ttl_seconds=ttl)
    if boxed in (_DOCUMENT, _INPUT_DOCUMENT):
        return types.InputMediaDocument(get_input_document(media), ttl_seconds=ttl)
    if boxed in (_CHAT_PHOTO, _USER_PROFILE_PHOTO):
        return types.InputMediaEmpty()
    if isinstance(media, types.Poll):
        return _input_media_of_poll(media, None)
    cannot_cast(media, "InputMedia")


def _input_media_of_upload(
    file: types.TypeInputFile,
    *,
    is_photo: bool,
    attributes: Sequence[types.TypeDocumentAttribute] | None,
    force_document: bool,
    voice_note: bool,
    video_note: bool,
    supports_streaming: bool,
    ttl: int | None,
) -> types.TypeInputMedia:
    if is_photo:
        return types.InputMediaUploadedPhoto(file=file, ttl_seconds=ttl)
    found, mime_type = get_attributes(
        file,
        attributes=attributes,
        force_document=force_document,
        voice_note=voice_note,
        video_note=video_note,
        supports_streaming=supports_streaming,
    )
    return types.InputMediaUploadedDocument(
        file=file, mime_type=mime_type, attributes=found, force_file=force_document, ttl_seconds=ttl
    )


def _input_media_of_media(media: object, ttl: int | None) -> types.TypeInputMedia:
    if isinstance(media, types.MessageMediaPhoto):
        return types.InputMediaPhoto(
            id=get_input_photo(media.photo), spoiler=media.spoiler, ttl_seconds=ttl or media.ttl_seconds
        )
    if isinstance(media, types.MessageMediaDocument):
        return types.InputMediaDocument(
            id=get_input_document(media.document), spoiler=media.spoiler, ttl_seconds=ttl or media.ttl_seconds
        )
    convert = _OTHER_MEDIA.get(type(media).__name__)
    if convert is None:
        cannot_cast(media, "InputMedia")
    return convert(media)


def _of_geo(media: types.MessageMediaGeo) -> types.TypeInputMedia:
    return types.InputMediaGeoPoint(get_input_geo(media.geo))


def _of_geo_live(media: types.MessageMediaGeoLive) -> types.TypeInputMedia:
    return types.InputMediaGeoLive(
        geo_point=get_input_geo(media.geo),
        period=media.period,
        heading=media.heading,
        proximity_notification_radius=media.proximity_notification_radius,
    )


def _of_venue(media: types.MessageMediaVenue) -> types.TypeInputMedia:
    return types.InputMediaVenue(
        geo_point=get_input_geo(media.geo),
        title=media.title,
        address=media.address,
        provider=media.provider,
        venue_id=media.venue_id,
        venue_type="",
    )


def _of_contact(media: types.MessageMediaContact) -> types.TypeInputMedia:
    return types.InputMediaContact(
        phone_number=media.phone_number, first_name=media.first_name, last_name=media.last_name, vcard=""
    )


def _of_game(media: types.MessageMediaGame) -> types.TypeInputMedia:
    return types.InputMediaGame(id=types.InputGameID(id=media.game.id, access_hash=media.game.access_hash))


def _of_dice(media: types.MessageMediaDice) -> types.TypeInputMedia:
    return types.InputMediaDice(media.emoticon)


def _of_poll(media: types.MessageMediaPoll) -> types.TypeInputMedia:
    results = media.results
    if not media.poll.quiz:
        return _input_media_of_poll(media.poll, None, results)
    if not results.results:
        # The right answers are part of the request, and only known to those who voted.
        raise TypeError("Cannot cast unanswered quiz to any kind of InputMedia.")
    right = {answer.option for answer in results.results if answer.correct}
    indices = [index for index, answer in enumerate(media.poll.answers) if getattr(answer, "option", None) in right]
    return _input_media_of_poll(media.poll, indices, results)


def _input_media_of_poll(
    poll: types.Poll, correct_answers: list[int] | None, results: types.PollResults | None = None
) -> types.TypeInputMedia:
    return types.InputMediaPoll(
        poll,
        correct_answers=correct_answers,
        solution=results.solution if results else None,
        solution_entities=results.solution_entities if results else None,
    )


def _of_nothing(_media: object) -> types.TypeInputMedia:
    return types.InputMediaEmpty()


_OTHER_MEDIA: Final[dict[str, Callable[..., types.TypeInputMedia]]] = {
    "MessageMediaGeo": _of_geo,
    "MessageMediaGeoLive": _of_geo_live,
    "MessageMediaVenue": _of_venue,
    "MessageMediaContact": _of_contact,
    "MessageMediaGame": _of_game,
    "MessageMediaDice": _of_dice,
    "MessageMediaPoll": _of_poll,
    "MessageMediaEmpty": _of_nothing,
    "MessageMediaUnsupported": _of_nothing,
}


def get_input_message(message: object) -> types.TypeInputMessage:
    """The input message of an id or a message.

    Args:
        message: the message, or its ID.

    Raises:
        TypeError: it is no message.

    Example:
        >>> print(utils.get_input_message(5))

    Source: https://core.telegram.org/type/InputMessage
    """
    if isinstance(message, int):
        return types.InputMessageID(message)
    boxed = boxed_type(message)
    if boxed == _INPUT_MESSAGE:
        return cast("types.TypeInputMessage", message)
    if boxed == _MESSAGE:
        return types.InputMessageID(cast("types.Message", message).id)
    cannot_cast(message, "InputMedia", "a message or its id (a number) is needed")


def get_input_group_call(call: object) -> types.TypeInputGroupCall | None:
    """The input form of a group call; `None` for other TL objects.

    Source: https://core.telegram.org/type/InputGroupCall
    """
    boxed = boxed_type(call)
    if boxed == _INPUT_GROUP_CALL:
        return cast("types.TypeInputGroupCall", call)
    if isinstance(call, (types.GroupCall, types.GroupCallDiscarded)):
        return types.InputGroupCall(id=call.id, access_hash=call.access_hash)
    if boxed is None:
        cannot_cast(call, "InputGroupCall")
    return None


def get_message_id(message: object) -> int | None:
    """The id of a message, or *message* itself when it is an id or `None`.

    Raises:
        TypeError: when *message* is neither.
    """
    if message is None or isinstance(message, int):
        return message
    if boxed_type(message) == _MESSAGE or isinstance(message, types.InputMessageID):
        return cast("types.Message", message).id
    raise TypeError(f"Invalid message type: {type(message)}; a message or its id (a number) is needed")
