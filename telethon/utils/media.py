"""Media: where files are, how big they are, how they are named, and how they are cut for transfer.

Source: https://core.telegram.org/api/files
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from telethon.tl import types

from . import _filekind
from ._boxed import boxed_id, boxed_type, cannot_cast
from ._filekind import get_file_extension, guess_extension
from .inputs import get_input_photo

if TYPE_CHECKING:
    from typing import TypeAlias

    #: Every kind of size a photo can have.
    AnyPhotoSize: TypeAlias = "types.TypePhotoSize | types.TypeVideoSize"

__all__ = [
    "_FileInfo",
    "_get_extension",
    "_get_file_info",
    "_photo_size_byte_count",
    "get_appropriated_part_size",
    "get_extension",
    "get_input_location",
    "is_audio",
    "is_gif",
    "is_image",
    "is_video",
    "stripped_photo_to_jpg",
]

_INPUT_FILE_LOCATION: Final = boxed_id("InputFileLocation")


def _get_extension(file: object) -> str:
    """The extension of a path, of the name of a stream or uploaded file, or of a photo or document."""
    return get_file_extension(file) or ("" if isinstance(file, str) else get_extension(file))


def is_image(file: object) -> bool:
    """Whether *file* is a picture that can be sent as a photo, by its extension.

    Args:
        file: a path, a stream with a name, an uploaded file, a photo, a document, or the media that holds one.

    Example:
        >>> utils.is_image("cat.jpg")
        True
    """
    return _filekind.is_image(f"a{_get_extension(file)}")


def is_gif(file: object) -> bool:
    """Whether *file*, anything that `is_image` takes, has the extension of an animated picture.

    Args:
        file: as there.

    Example:
        >>> utils.is_gif("cat.gif")
        True
    """
    return _filekind.is_gif(f"a{_get_extension(file)}")


def is_audio(file: object) -> bool:
    """Whether *file*, anything that `is_image` takes, has the extension of a sound file.

    Args:
        file: as there.

    Example:
        >>> utils.is_audio("song.mp3")
        True
    """
    return _filekind.is_audio(f"a{_get_extension(file)}")


def is_video(file: object) -> bool:
    """Whether *file*, anything that `is_image` takes, has the extension of a video.

    Args:
        file: as there.

    Example:
        >>> utils.is_video("cat.jpg")
        False
    """
    return _filekind.is_video(f"a{_get_extension(file)}")


class _FileInfo(NamedTuple):
    """Where a file is, and how many bytes it has when that is known."""

    dc_id: int | None
    location: types.TypeInputFileLocation
    size: int | None


def get_input_location(location: object) -> tuple[int | None, types.TypeInputFileLocation]:
    """The data centre and the location a file is downloaded from.

    Args:
        location: a location, photo or document, or the message or media that holds one.

    Returns:
        ``(data centre or None when not known, location)``; of a photo, its last size.

    Raises:
        TypeError: there is no file in it.

    Example:
        >>> dc_id, place = utils.get_input_location(message)

    Source: https://core.telegram.org/type/InputFileLocation
    """
    info = _get_file_info(location)
    return info.dc_id, info.location


def _get_file_info(location: object) -> _FileInfo:
    """As `get_input_location`, with the size in bytes when it is known."""
    boxed = boxed_type(location)
    if boxed == _INPUT_FILE_LOCATION:
        return _FileInfo(None, cast("types.TypeInputFileLocation", location), None)
    if isinstance(location, types.Document):
        document = types.InputDocumentFileLocation(
            id=location.id,
            access_hash=location.access_hash,
            file_reference=location.file_reference,
            thumb_size="",
        )
        return _FileInfo(location.dc_id, document, location.size)
    if isinstance(location, types.Photo) and location.sizes:
        size = location.sizes[-1]
        photo = types.InputPhotoFileLocation(
            id=location.id,
            access_hash=location.access_hash,
            file_reference=location.file_reference,
            thumb_size=size.type,
        )
        return _FileInfo(location.dc_id, photo, _photo_size_byte_count(size))
    if isinstance(location, types.Message):
        return _get_file_info(location.media)
    if isinstance(location, types.MessageMediaDocument):
        return _get_file_info(location.document)
    if isinstance(location, types.MessageMediaPhoto):
        return _get_file_info(location.photo)
    cannot_cast(location, "InputFileLocation")


def get_extension(media: object) -> str:
    """The extension, with its dot, a downloaded media is saved with; empty when none is known.

    Args:
        media: a photo or document, or the message or media that holds one.

    Example:
        >>> print(utils.get_extension(message.media))
    """
    if isinstance(media, (types.ChatPhoto, types.UserProfilePhoto)):
        return ".jpg"
    try:
        get_input_photo(media)
    except TypeError:
        pass
    else:
        return ".jpg"
    if isinstance(media, types.MessageMediaDocument):
        media = media.document
    documents = (types.Document, types.WebDocument, types.WebDocumentNoProxy)
    # Any file can be of the general type, so it says nothing about the extension.
    if isinstance(media, documents) and media.mime_type != "application/octet-stream":
        return guess_extension(media.mime_type) or ""
    return ""


def _photo_size_byte_count(size: object) -> int | None:
    """How many bytes a size of a photo has; `None` when it is not known without asking."""
    if isinstance(size, types.PhotoSize):
        return size.size
    if isinstance(size, types.PhotoStrippedSize):
        data = size.bytes
        if len(data) < 3 or data[0] != 1:
            return len(data)
        return len(data) + len(_jpg_header()) + len(_JPG_FOOTER) - 3
    if isinstance(size, types.PhotoCachedSize):
        return len(size.bytes)
    if isinstance(size, types.PhotoSizeEmpty):
        return 0
    if isinstance(size, types.PhotoSizeProgressive):
        return max(size.sizes)
    return None


def get_appropriated_part_size(file_size: int) -> int:
    """The size, in kibibytes, of the parts a file of *file_size* bytes is transferred in.

    Args:
        file_size: bytes of the file.

    Returns:
        128, 256 or 512.

    Example:
        >>> utils.get_appropriated_part_size(5 * 1024 * 1024)
        128

    Source: https://core.telegram.org/api/files#uploading-files
    """
    if file_size <= 100 * 1024 * 1024:
        return 128
    if file_size <= 750 * 1024 * 1024:
        return 256
    return 512


def stripped_photo_to_jpg(stripped: bytes) -> bytes:
    """The complete JPEG file of a stripped thumbnail, which is sent without its constant header and footer.

    Anything that is not a stripped thumbnail is given back unchanged.

    Args:
        stripped: ``bytes`` of a `PhotoStrippedSize`.

    Example:
        >>> utils.stripped_photo_to_jpg(b"something else")
        b'something else'

    Source: https://core.telegram.org/api/files#stripped-thumbnails
    """
    if len(stripped) < 3 or stripped[0] != 1:
        return stripped
    header = bytearray(_jpg_header())
    header[_JPG_HEIGHT_AT] = stripped[1]
    header[_JPG_WIDTH_AT] = stripped[2]
    return bytes(header) + stripped[3:] + _JPG_FOOTER


_JPG_HEIGHT_AT: Final = 164
_JPG_WIDTH_AT: Final = 166
_JPG_FOOTER: Final = b"\xff\xd9"
#: Quantisation and Huffman tables all stripped thumbnails share, in base 64.
_JPG_HEADER: Final = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H/"
    "///6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAAR"
    "CAAAAAADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG"
    "E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWG"
    "h4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEB"
    "AQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYk"
    "NOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0"
    "tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwA="
)


def _jpg_header() -> bytes:
    from binascii import a2b_base64

    return a2b_base64(_JPG_HEADER)
