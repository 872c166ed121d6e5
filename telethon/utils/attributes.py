"""Document attributes told from a file: its name, and what optional `hachoir` can read from its contents.

Source: https://core.telegram.org/type/DocumentAttribute
"""

from __future__ import annotations

import io
import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from telethon.tl import types

from ._filekind import guess_mime_type, is_audio, is_video

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Metadata(Protocol):
    """The part of hachoir's metadata objects used here."""

    def has(self, key: str) -> bool:
        """Whether *key* is known."""
        ...

    def get(self, key: str) -> Any:
        """The value of *key*."""
        ...


def _get_metadata(file: object) -> _Metadata | None:
    """What hachoir reads from *file*, or `None` without hachoir or when it cannot make sense of the file.

    Streams are read from where they are, and put back there.
    """
    try:
        parsers: Any = import_module("hachoir.parser")
        streams: Any = import_module("hachoir.stream")
        readers: Any = import_module("hachoir.metadata")
    except ImportError:
        return None

    stream: Any = file
    kind = type(stream).__name__
    position: int | None = None
    try:
        if isinstance(file, (str, os.PathLike)):
            parser: Any = parsers.createParser(os.fspath(cast("str", file)))
        elif isinstance(file, bytes):
            parser = parsers.guessParser(streams.InputIOStream(io.BytesIO(file)))
        elif hasattr(stream, "read") and hasattr(stream, "seek") and hasattr(stream, "tell"):
            position = stream.tell()
            parser = parsers.guessParser(streams.InputIOStream(stream))
        else:
            return None
        return cast("_Metadata | None", readers.extractMetadata(parser)) if parser else None
    except (OSError, ValueError, TypeError, AssertionError):
        import logging

        logging.getLogger("telethon.utils").warning("Failed to analyze %s", kind, exc_info=True)
        return None
    finally:
        if position is not None:
            stream.seek(position)


def _value(metadata: _Metadata | None, key: str, default: Any) -> Any:
    return metadata.get(key) if metadata is not None and metadata.has(key) else default


def _seconds(metadata: _Metadata | None) -> int:
    duration = _value(metadata, "duration", None)
    return int(duration.seconds) if duration is not None else 0


def get_attributes(
    file: object,
    *,
    attributes: Sequence[types.TypeDocumentAttribute] | None = None,
    mime_type: str | None = None,
    force_document: bool = False,
    voice_note: bool = False,
    video_note: bool = False,
    supports_streaming: bool = False,
    thumb: object = None,
) -> tuple[list[types.TypeDocumentAttribute], str]:
    """The attributes and MIME type a file is sent with.

    Args:
        file: a path, a stream with a name, or an uploaded file.
        attributes: attributes that replace the ones found, kind by kind.
        mime_type: the MIME type, when it should not be told from the name.
        force_document: whether to leave out what would make it a video.
        voice_note: whether it is a voice note.
        video_note: whether it is a round video.
        supports_streaming: whether the video may be played before it is there in full.
        thumb: the thumbnail, whose size is taken for that of a video which does not tell.

    Returns:
        ``(attributes, MIME type)``.
    """
    name = _file_name(file)
    if mime_type is None:
        mime_type = guess_mime_type(name)
    found: dict[type[object], types.TypeDocumentAttribute] = {
        types.DocumentAttributeFilename: types.DocumentAttributeFilename(os.path.basename(name))
    }
    if is_audio(file):
        metadata = _get_metadata(file)
        if metadata is not None:
            found[types.DocumentAttributeAudio] = types.DocumentAttributeAudio(
                voice=voice_note,
                title=_value(metadata, "title", None),
                performer=_value(metadata, "author", None),
                duration=_seconds(metadata),
            )
    if not force_document and is_video(file):
        found[types.DocumentAttributeVideo] = _video(file, video_note, supports_streaming, thumb)
    if voice_note:
        audio = found.get(types.DocumentAttributeAudio)
        if isinstance(audio, types.DocumentAttributeAudio):
            audio.voice = True
        else:
            found[types.DocumentAttributeAudio] = types.DocumentAttributeAudio(0, voice=True)
    for attribute in attributes or ():
        # Replacing the whole kind, so that what the caller says wins.
        found[type(attribute)] = attribute
    return list(found.values()), mime_type or "application/octet-stream"


def _file_name(file: object) -> str:
    if isinstance(file, (str, os.PathLike)):
        return os.fspath(cast("str", file))
    name = getattr(file, "name", None)
    return name if isinstance(name, str) else "unnamed"


def _video(file: object, video_note: bool, supports_streaming: bool, thumb: object) -> types.TypeDocumentAttribute:
    metadata = _get_metadata(file)
    if metadata is None:
        # Without metadata any size but zero will do: applications show the video with that proportion.
        return types.DocumentAttributeVideo(0, 1, 1, round_message=video_note, supports_streaming=supports_streaming)
    width, height = _value(metadata, "width", 0), _value(metadata, "height", 0)
    if thumb and not (width and height):
        thumb_metadata = _get_metadata(thumb)
        width = _value(thumb_metadata, "width", 0)
        height = _value(thumb_metadata, "height", 0)
    return types.DocumentAttributeVideo(
        round_message=video_note,
        w=int(width or 1),
        h=int(height or 1),
        duration=_seconds(metadata),
        supports_streaming=supports_streaming,
    )
