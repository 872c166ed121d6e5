"""What is uploaded and what can be downloaded.

Parts are kept until a file is made of them. A stored file lives in one data centre; the reference that clients must
show for it can be made to expire.

Source: https://core.telegram.org/api/files
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.world.pictures import measure
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FileStore", "StoredDocument", "StoredPhoto", "Upload"]

PART_LIMIT = 512 * 1024
MAX_PARTS = 8000
MAX_USED = 16
"""How many files that were sent are kept for being sent again."""


@dataclass(slots=True, eq=False)
class StoredPhoto:
    """A picture in the sizes it can be had in."""

    id: int
    access_hash: int
    date: int
    dc_id: int
    sizes: list[tuple[str, int, int, bytes]]
    store: FileStore = field(repr=False)

    def tl(self) -> types.Photo:
        """The picture as clients see it, with the reference that is good now."""
        return types.Photo(
            id=self.id,
            access_hash=self.access_hash,
            file_reference=self.store.reference(self.id),
            date=self.date,
            sizes=[types.PhotoSize(kind, width, height, len(data)) for kind, width, height, data in self.sizes],
            dc_id=self.dc_id,
        )

    def data(self, kind: str) -> bytes:
        """The bytes of one size.

        Raises:
            RpcFault: there is no such size.
        """
        for name, _, _, data in self.sizes:
            if name == kind:
                return data
        if kind == "":
            return self.sizes[-1][3]
        raise RpcFault(400, "LOCATION_INVALID")


@dataclass(slots=True, eq=False)
class StoredDocument:
    """A file of any kind."""

    id: int
    access_hash: int
    date: int
    dc_id: int
    mime_type: str
    data: bytes = field(repr=False)
    attributes: list[types.TypeDocumentAttribute]
    store: FileStore = field(repr=False)
    thumb: tuple[int, int, bytes] | None = None

    def tl(self) -> types.Document:
        """The file as clients see it, with the reference that is good now."""
        thumbs: list[types.TypePhotoSize] | None = None
        if self.thumb is not None:
            width, height, data = self.thumb
            thumbs = [types.PhotoSize("m", width, height, len(data))]
        return types.Document(
            id=self.id,
            access_hash=self.access_hash,
            file_reference=self.store.reference(self.id),
            date=self.date,
            mime_type=self.mime_type,
            size=len(self.data),
            dc_id=self.dc_id,
            attributes=list(self.attributes),
            thumbs=thumbs,
        )

    def part(self, thumb_size: str) -> bytes:
        """The file itself, or its thumbnail when one is named.

        Raises:
            RpcFault: there is no such thumbnail.
        """
        if not thumb_size:
            return self.data
        if self.thumb is None or thumb_size != "m":
            raise RpcFault(400, "LOCATION_INVALID")
        return self.thumb[2]


@dataclass(slots=True, eq=False)
class Upload:
    """Parts of a file on their way.

    Attributes:
        total: how many there will be, once that is known.
        size: length of all parts but the last.
        big: whether they came by `upload.saveBigFilePart`.
    """

    big: bool
    parts: dict[int, bytes] = field(default_factory=dict)
    total: int | None = None


class FileStore:
    """All files of a world.

    Args:
        new_id: gives random positive numbers of 63 bits.
        now: the time.
    """

    def __init__(self, new_id: Callable[[], int], now: Callable[[], int]) -> None:
        self._new_id = new_id
        self._now = now
        self.uploads: dict[tuple[int, int], Upload] = {}
        self._used: dict[tuple[int, int], None] = {}
        self.photos: dict[int, StoredPhoto] = {}
        self.documents: dict[int, StoredDocument] = {}
        self.generation = 1
        self.forgotten: set[int] = set()

    # -- uploading ---------------------------------------------------------------------------------------------------

    def save_part(self, owner: int, file_id: int, number: int, data: bytes, total: int | None) -> None:
        """Keep a part.

        Args:
            owner: who uploads.
            file_id: the client's number for the file.
            number: which part, from 0.
            data: its bytes.
            total: for big files how many parts there are, -1 when not known yet; None for small files.

        Raises:
            RpcFault: the part breaks a rule.

        Source: https://core.telegram.org/api/files#uploading-files
        """
        if number < 0 or number >= MAX_PARTS:
            raise RpcFault(400, "FILE_PART_INVALID")
        if not data:
            raise RpcFault(400, "FILE_PART_EMPTY")
        if len(data) > PART_LIMIT:
            raise RpcFault(400, "FILE_PART_TOO_BIG")
        upload = self.uploads.get((owner, file_id))
        if upload is None or upload.big != (total is not None):
            upload = self.uploads[owner, file_id] = Upload(big=total is not None)
        if total is not None and total != -1:
            if not 0 < total <= MAX_PARTS:
                raise RpcFault(400, "FILE_PARTS_INVALID")
            if upload.total is not None and upload.total != total:
                raise RpcFault(400, "FILE_PARTS_INVALID")
            upload.total = total
        self._check_size(upload, number, data)
        upload.parts[number] = data

    @staticmethod
    def _check_size(upload: Upload, number: int, data: bytes) -> None:
        last = upload.total is not None and number == upload.total - 1
        if not last and upload.big and not _fits(len(data)):
            raise RpcFault(400, "FILE_PART_SIZE_INVALID")
        if upload.big and upload.total is not None and not last:
            for other, known in upload.parts.items():
                if other != upload.total - 1 and len(known) != len(data):
                    raise RpcFault(400, "FILE_PART_SIZE_CHANGED")

    def assemble(self, owner: int, file: types.TypeInputFile) -> bytes:
        """The bytes of an uploaded file. Its parts can be used again, as with Telegram, until many newer files came.

        Raises:
            RpcFault: a part is missing, or the parts do not fit together.
        """
        if not isinstance(file, (types.InputFile, types.InputFileBig)):
            raise RpcFault(400, "MEDIA_INVALID")
        upload = self.uploads.get((owner, file.id))
        if file.parts <= 0 or file.parts > MAX_PARTS:
            raise RpcFault(400, "FILE_PARTS_INVALID")
        parts = upload.parts if upload is not None else {}
        for number in range(file.parts):
            if number not in parts:
                raise RpcFault(400, f"FILE_PART_{number}_MISSING")
        size = len(parts[0])
        if file.parts > 1 and not _fits(size):
            raise RpcFault(400, "FILE_PART_SIZE_INVALID")
        if any(len(parts[number]) != size for number in range(1, file.parts - 1)):
            raise RpcFault(400, "FILE_PART_SIZE_CHANGED")
        if len(parts[file.parts - 1]) > size:
            raise RpcFault(400, "FILE_PART_SIZE_CHANGED")
        data = b"".join(parts[number] for number in range(file.parts))
        if isinstance(file, types.InputFile):
            if len(data) > 10 * 1024 * 1024:
                raise RpcFault(400, "FILE_PARTS_INVALID")
            if file.md5_checksum and hashlib.md5(data).hexdigest() != file.md5_checksum.lower():
                raise RpcFault(400, "MD5_CHECKSUM_INVALID")
        # The last one goes last, so that the first ones are those to forget.
        self._used.pop((owner, file.id), None)
        self._used[owner, file.id] = None
        while len(self._used) > MAX_USED:
            forgotten = next(iter(self._used))
            del self._used[forgotten], self.uploads[forgotten]
        return data

    # -- storing -----------------------------------------------------------------------------------------------------

    def add_photo(self, data: bytes, dc_id: int) -> StoredPhoto:
        """Keep a picture.

        Raises:
            RpcFault: the bytes are no picture.
        """
        measured = measure(data)
        if measured is None:
            raise RpcFault(400, "PHOTO_INVALID_DIMENSIONS" if not data else "IMAGE_PROCESS_FAILED")
        width, height, _ = measured
        sizes: list[tuple[str, int, int, bytes]] = []
        # There is no scaler here: every size holds the picture itself, only its box is told smaller.
        for kind, box in (("m", 320), ("x", 800), ("y", 1280)):
            if kind != "m" and max(width, height) <= sizes[-1][1] and max(width, height) <= sizes[-1][2]:
                break
            scale = min(1.0, box / max(width, height))
            sizes.append((kind, max(1, round(width * scale)), max(1, round(height * scale)), data))
            if scale == 1.0:
                break
        photo = StoredPhoto(self._new_id(), self._new_id(), self._now(), dc_id, sizes, self)
        self.photos[photo.id] = photo
        return photo

    def add_document(
        self,
        data: bytes,
        dc_id: int,
        mime_type: str,
        attributes: list[types.TypeDocumentAttribute],
        thumb: bytes | None = None,
    ) -> StoredDocument:
        """Keep a file."""
        box: tuple[int, int, bytes] | None = None
        measured = measure(thumb) if thumb else None
        if thumb and measured is not None:
            box = (min(measured[0], 320), min(measured[1], 320), thumb)
        document = StoredDocument(
            self._new_id(), self._new_id(), self._now(), dc_id, mime_type, data, attributes, self, box
        )
        self.documents[document.id] = document
        return document

    # -- references --------------------------------------------------------------------------------------------------

    def reference(self, file_id: int) -> bytes:
        """The reference that is good for a file now."""
        return struct.pack("<bIq", 1, self.generation, file_id)

    def check_reference(self, file_id: int, reference: bytes) -> None:
        """Raise what the server answers when a reference is not good.

        Raises:
            RpcFault: FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID or FILE_REFERENCE_EXPIRED.

        Source: https://core.telegram.org/api/file_reference
        """
        if not reference:
            raise RpcFault(400, "FILE_REFERENCE_EMPTY")
        if len(reference) != 13 or reference[:1] != b"\x01":
            raise RpcFault(400, "FILE_REFERENCE_INVALID")
        _, generation, known = struct.unpack("<bIq", reference)
        if known != file_id or generation > self.generation:
            raise RpcFault(400, "FILE_REFERENCE_INVALID")
        if generation != self.generation:
            raise RpcFault(400, "FILE_REFERENCE_EXPIRED")

    def photo(self, file_id: int, access_hash: int) -> StoredPhoto:
        """A picture by id and access_hash.

        Raises:
            RpcFault: there is none.
        """
        photo = self.photos.get(file_id)
        if photo is None or photo.access_hash != access_hash:
            raise RpcFault(400, "PHOTO_INVALID")
        return photo

    def document(self, file_id: int, access_hash: int) -> StoredDocument:
        """A file by id and access_hash.

        Raises:
            RpcFault: there is none.
        """
        document = self.documents.get(file_id)
        if document is None or document.access_hash != access_hash:
            raise RpcFault(400, "DOCUMENT_INVALID")
        return document


def _fits(size: int) -> bool:
    """Whether parts may be that long."""
    return size % 1024 == 0 and size > 0 and PART_LIMIT % size == 0
