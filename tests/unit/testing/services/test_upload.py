from __future__ import annotations

import hashlib

import pytest
import worldkit
from hypothesis import given
from hypothesis import strategies as st

from telethon.testing import RpcFault, tiny_png
from telethon.testing.services.upload import check_range
from telethon.testing.world.pictures import measure
from telethon.tl import functions, types


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann"))


def fault(device, request) -> str:
    with pytest.raises(RpcFault) as raised:
        device(request)
    return raised.value.message


def put(device, data, part_size, file_id=7, *, big=False, total=None):
    parts = [data[start : start + part_size] for start in range(0, len(data), part_size)]
    for number, part in enumerate(parts):
        if big:
            count = len(parts) if total is None else total
            device(functions.upload.SaveBigFilePartRequest(file_id, number, count, part))
        else:
            device(functions.upload.SaveFilePartRequest(file_id, number, part))
    if big:
        return types.InputFileBig(file_id, len(parts), "x.bin")
    return types.InputFile(file_id, len(parts), "x.bin", hashlib.md5(data).hexdigest())


def store(device, file):
    media = types.InputMediaUploadedDocument(file, "application/octet-stream", [])
    return device(functions.messages.UploadMediaRequest(types.InputPeerSelf(), media)).document


def get(device, document, offset, limit, **kwargs):
    location = types.InputDocumentFileLocation(document.id, document.access_hash, document.file_reference, "")
    return device(functions.upload.GetFileRequest(location, offset, limit, **kwargs))


@pytest.mark.parametrize("size", [1, 1023, 1024, 1025, 300_000, 524_288, 600_000])
@pytest.mark.parametrize("big", [False, True])
def test_F1_F2_what_goes_up_comes_down(ann, size, big):
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    document = store(ann, put(ann, data, 65_536, big=big))
    assert document.size == size
    assert types.DocumentAttributeFilename("x.bin") in document.attributes
    back = b""
    while True:
        piece = get(ann, document, len(back), 131_072).bytes
        back += piece
        if len(piece) < 131_072:
            break
    assert back == data


@pytest.mark.parametrize(
    ("part", "error"),
    [(b"", "FILE_PART_EMPTY"), (b"x" * (512 * 1024 + 1), "FILE_PART_TOO_BIG")],
)
def test_F1_parts_that_cannot_be(ann, part, error):
    assert fault(ann, functions.upload.SaveFilePartRequest(1, 0, part)) == error
    assert fault(ann, functions.upload.SaveFilePartRequest(1, -1, b"x")) == "FILE_PART_INVALID"


@pytest.mark.parametrize("part_size", [1000, 1024 * 3, 512 * 1024 - 1024])
def test_F1_parts_must_divide_512_KiB_evenly(ann, part_size):
    data = b"x" * (part_size * 3)
    with pytest.raises(RpcFault, match="FILE_PART_SIZE_INVALID"):
        store(ann, put(ann, data, part_size))
    with pytest.raises(RpcFault, match="FILE_PART_SIZE_INVALID"):
        put(ann, data, part_size, big=True)


def test_F1_parts_are_equally_long(ann):
    for number, part in enumerate((b"x" * 1024, b"x" * 2048, b"x" * 1024)):
        ann(functions.upload.SaveFilePartRequest(5, number, part))
    with pytest.raises(RpcFault, match="FILE_PART_SIZE_CHANGED"):
        store(ann, types.InputFile(5, 3, "x", ""))


def test_F7_a_missing_part_is_named_and_can_be_sent_again(ann):
    file = put(ann, b"x" * 4096, 1024)
    del ann.server.world.files.uploads[ann.user.id, 7].parts[2]
    with pytest.raises(RpcFault, match="400 FILE_PART_2_MISSING"):
        store(ann, file)
    ann(functions.upload.SaveFilePartRequest(7, 2, b"x" * 1024))
    assert store(ann, file).size == 4096


def test_F1_a_wrong_checksum_is_noticed(ann):
    file = put(ann, b"data", 1024)
    file.md5_checksum = hashlib.md5(b"other").hexdigest()
    with pytest.raises(RpcFault, match="MD5_CHECKSUM_INVALID"):
        store(ann, file)


def test_F1_small_files_end_at_10_MB(ann):
    size = 10 * 1024 * 1024
    assert store(ann, put(ann, bytes(size), 512 * 1024)).size == size
    with pytest.raises(RpcFault, match="FILE_PARTS_INVALID"):
        store(ann, put(ann, bytes(size + 1), 512 * 1024))
    assert store(ann, put(ann, bytes(size + 1), 512 * 1024, big=True)).size == size + 1


@given(st.integers(-4096, 3 << 20), st.integers(-1, 2 << 20), st.booleans())
def test_F2_ranges_are_judged_as_the_documentation_says(offset, limit, precise):
    unit = 1024 if precise else 4096
    good = (
        offset >= 0
        and offset % unit == 0
        and 0 < limit <= 1 << 20
        and limit % unit == 0
        and (precise or (1 << 20) % limit == 0)
        and offset // (1 << 20) == (offset + limit - 1) // (1 << 20)
    )
    if good:
        check_range(offset, limit, precise)
    else:
        with pytest.raises(RpcFault):
            check_range(offset, limit, precise)


def test_F6_references_expire_and_a_fresh_one_is_in_the_message(server, ann):
    document = store(ann, put(ann, b"data", 1024))
    media = types.InputMediaDocument(types.InputDocument(document.id, document.access_hash, document.file_reference))
    ann(functions.messages.SendMediaRequest(types.InputPeerSelf(), media, "", random_id=1))
    server.expire_file_references()
    with pytest.raises(RpcFault, match="FILE_REFERENCE_EXPIRED"):
        get(ann, document, 0, 4096)
    fresh = ann(functions.messages.GetMessagesRequest([types.InputMessageID(1)])).messages[0].media.document
    assert get(ann, fresh, 0, 4096).bytes == b"data"
    for reference, error in ((b"", "FILE_REFERENCE_EMPTY"), (b"x", "FILE_REFERENCE_INVALID")):
        fresh.file_reference = reference
        with pytest.raises(RpcFault, match=error):
            get(ann, fresh, 0, 4096)


def test_F5_files_are_where_they_were_uploaded(server, ann):
    document = store(ann, put(ann, b"data", 1024))
    away = worldkit.Device(server, dc_id=4)
    exported = ann(functions.auth.ExportAuthorizationRequest(4))
    away(functions.auth.ImportAuthorizationRequest(exported.id, exported.bytes))
    with pytest.raises(RpcFault, match="303 FILE_MIGRATE_2"):
        get(away, document, 0, 4096)


def test_hashes_of_a_file(ann):
    data = bytes(300_000)
    document = store(ann, put(ann, data, 65_536))
    location = types.InputDocumentFileLocation(document.id, document.access_hash, document.file_reference, "")
    hashes = ann(functions.upload.GetFileHashesRequest(location, 0))
    assert [one.offset for one in hashes] == [0, 131_072, 262_144]
    assert all(one.hash == hashlib.sha256(data[one.offset : one.offset + one.limit]).digest() for one in hashes)


def test_profile_photos_come_and_go(server, ann):
    bob = worldkit.Device(server, server.create_user("Bob"))
    picture = tiny_png(640, 400)
    for colour in range(3):
        file = put(ann, tiny_png(640, 400, (colour, 0, 0)), 1024)
        photo = ann(functions.photos.UploadProfilePhotoRequest(file=file)).photo
    listed = bob(functions.photos.GetUserPhotosRequest(bob.user.input_user(ann.user), 0, 0, 2))
    assert (listed.count, len(listed.photos), listed.photos[0].id) == (3, 2, photo.id)
    location = types.InputPeerPhotoFileLocation(bob.peer(ann.user), photo.id, big=True)
    got = bob(functions.upload.GetFileRequest(location, 0, 4096))
    assert measure(got.bytes) == measure(picture)
    assert isinstance(got.type, types.storage.FilePng)
    reference = types.InputPhoto(photo.id, photo.access_hash, photo.file_reference)
    assert ann(functions.photos.DeletePhotosRequest([reference])) == [photo.id]
    assert bob(functions.users.GetUsersRequest([bob.user.input_user(ann.user)]))[0].photo.photo_id != photo.id


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (tiny_png(30, 20), (30, 20, "image/png")),
        (b"GIF89a" + (30).to_bytes(2, "little") + (20).to_bytes(2, "little"), (30, 20, "image/gif")),
        (
            b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x14\x00\x1e\x03\x01\x11\x00",
            (30, 20, "image/jpeg"),
        ),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x1d\0\0\x13\0\0", (30, 20, "image/webp")),
        (b"", None),
        (b"text", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff", None),
    ],
)
def test_pictures_are_measured_by_their_first_bytes(data, expected):
    assert measure(data) == expected


def test_what_is_no_picture_is_no_photo(ann):
    media = types.InputMediaUploadedPhoto(put(ann, b"text", 1024))
    request = functions.messages.SendMediaRequest(types.InputPeerSelf(), media, "", random_id=1)
    assert fault(ann, request) == "IMAGE_PROCESS_FAILED"
