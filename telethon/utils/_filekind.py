"""Kinds of files, by the extension of their name."""

from __future__ import annotations

import os
from typing import Final, cast

#: Extensions whose kind does not depend on what the operating system registers, with the extension to write first.
_KNOWN: Final[dict[str, tuple[str, ...]]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/bmp": (".bmp",),
    "image/heic": (".heic", ".heif"),
    "image/svg+xml": (".svg",),
    "image/tiff": (".tiff", ".tif"),
    "image/x-tga": (".tga",),
    "video/mp4": (".mp4", ".mpe4", ".mpg4"),
    "video/quicktime": (".mov", ".qt"),
    "video/avi": (".avi",),
    "video/x-msvideo": (".avi",),
    "video/x-matroska": (".mkv", ".mpv"),
    "video/webm": (".webm",),
    "video/mpeg": (".mpeg", ".mpg", ".m1v", ".mpa", ".mpe"),
    "audio/mpeg": (".mp3", ".mp2"),
    "audio/m4a": (".m4a",),
    "audio/mp4": (".m4a",),
    "audio/aac": (".aac", ".adts", ".ass", ".loas"),
    "audio/ogg": (".oga", ".ogg"),
    "audio/opus": (".opus",),
    "audio/flac": (".flac",),
    "audio/x-wav": (".wav",),
    "audio/wav": (".wav",),
    "application/x-tgsticker": (".tgs",),
    "application/pdf": (".pdf",),
    "application/zip": (".zip",),
    "application/json": (".json",),
    "application/vnd.android.package-archive": (".apk",),
    "text/plain": (".txt",),
}
#: What Telegram applications write for extensions that several types share.
_BY_EXTENSION: Final = {extension: mime for mime, names in _KNOWN.items() for extension in names} | {
    ".wav": "audio/x-wav",
    ".m4a": "audio/m4a",
    ".opus": "audio/ogg",
    ".avi": "video/avi",
}


def guess_mime_type(name: str) -> str | None:
    """The MIME type files called *name* usually have, or `None`."""
    stem, extension = os.path.splitext(name)
    known = _BY_EXTENSION.get(extension.lower())
    if known is not None and "?" not in stem:
        return known
    import mimetypes

    return mimetypes.guess_type(name)[0]


def guess_extension(mime_type: str) -> str | None:
    """The extension, with its dot, files of this type usually have, or `None`."""
    known = _KNOWN.get(mime_type)
    if known is not None:
        return known[0]
    import mimetypes

    return mimetypes.guess_extension(mime_type)


def get_file_extension(file: object) -> str:
    """The extension of a path, of the name of a stream, or of an uploaded file; empty without a name."""
    if isinstance(file, (str, os.PathLike)):
        return os.path.splitext(os.fspath(cast("str", file)))[1]
    name = getattr(file, "name", None)
    return os.path.splitext(name)[1] if isinstance(name, str) else ""


def _mime_group(file: object) -> str:
    extension = get_file_extension(file)
    mime_type = guess_mime_type("a" + extension) if extension else None
    return (mime_type or "").partition("/")[0]


def is_image(file: object) -> bool:
    """Whether *file* has the extension of a picture that can be sent as a photo."""
    extension = get_file_extension(file).lower()
    return extension.startswith((".png", ".jpg", ".jpeg"))


def is_gif(file: object) -> bool:
    """Whether *file* has the extension of an animated picture."""
    return get_file_extension(file).lower().startswith(".gif")


def is_audio(file: object) -> bool:
    """Whether *file* has the extension of a sound file."""
    return _mime_group(file) == "audio"


def is_video(file: object) -> bool:
    """Whether *file* has the extension of a video."""
    return _mime_group(file) == "video"
