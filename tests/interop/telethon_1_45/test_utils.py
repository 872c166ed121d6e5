"""`telethon.utils` gives what Telethon 1.45 gives, and sessions keep the same of the same entities."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("utils_script.py")

NUMBERS = [0, 1, 5, 777000, 2**31 - 1, 2**31, 2**40, 2**53, -5, -777, -1000000000005, -1001234567890, -(2**40)]
PHOTO = "types.ChatPhotoEmpty()"
DATE = "datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc)"
NAMES = ["None", "''", "'Ann'", "'Ann Lee'", "'\\u00c4rger'", "'\\u65e5\\u672c'"]

NAMED = [
    "name_1", "@name_1", "Name", "na", "n", "_name", "name_", "na__me", "1name", "a" * 32, "a" * 33, "", " ", " name ",
    "t.me/name", "http://t.me/name", "https://t.me/name/", "https://t.me/name/5", "t.me/@name", "https://www.t.me/name",
    "telegram.me/name", "telegram.dog/name", "HTTPS://T.ME/name", "t.me/+AbCdEf123", "t.me/joinchat/AbCdEf123", "t.me/",
    "https://t.me/joinchat/", "tg://join?invite=AbC", "tg://resolve?domain=name", "t.me/c/123/4", "me", "self", "@me",
    "https://t.me/joinchat/AAAAAEHbEkejzxUjAUCfYg", "AAAAAEHbEkejzxUjAUCfYg", "t.me/+AAAAAEHbEkejzxUjAUCfYg", "name?x",
    "https://t.me/name?start=1", "+34 600 00 00 00", "(34) 600-000", "600000", "0034600", "+", "-", "\u0663\u0664",
]  # fmt: skip
FILE_IDS = [
    "BQADBAADkwADBAABqVJ0ALGuq1cvAg", "AgADBAADXqcxG0VhKFOYsTQsrYoN0gABBQ", "BAAD", "", "zz!", "CAADAgADAQADAgADAg",
    "AQADAgADAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkAg", "AwADAwADh0sRdjDJf0x5tMjTCqj9vwI",
]  # fmt: skip
FILES = [
    "a.jpg", "a.JPG", "a.png", "a.gif", "a.webp", "a.mp4", "a.mp3", "a.ogg", "a.txt", "a", "", ".jpg", "a.mov", "a.tgs",
    "a.tar.gz", "a.m4a", "a.flac", "dir/a.jpeg", "a.webm", "a.bmp", "a.pdf", "a.mkv", "a.avi", "a.opus", "a.wav",
]  # fmt: skip


def _peers(rand: random.Random) -> str:
    number = rand.choice(NUMBERS)
    positive, access_hash = abs(number) % 10**12 or 1, rand.choice([0, 1, -5, 2**62])
    flag = rand.choice(["None", "True", "False"])
    partial = rand.choice(["None", "True"])
    channel = f"id={positive}, title={rand.choice(NAMES[1:])}, photo={PHOTO}, date={DATE}"
    where = rand.choice(["types.InputPeerSelf()", "types.InputPeerChat(5)", "types.InputPeerChannel(5, 6)"])
    return rand.choice(
        [
            f"{number}",
            f"types.PeerUser({positive})",
            f"types.PeerChat({positive})",
            f"types.PeerChannel({positive})",
            f"types.InputPeerUser({positive}, {access_hash})",
            f"types.InputPeerChat({positive})",
            f"types.InputPeerChannel({positive}, {access_hash})",
            "types.InputPeerSelf()",
            "types.InputPeerEmpty()",
            f"types.InputPeerUserFromMessage({where}, 3, {positive})",
            f"types.InputPeerChannelFromMessage({where}, 3, {positive})",
            f"types.InputUser({positive}, {access_hash})",
            "types.InputUserSelf()",
            "types.InputUserEmpty()",
            f"types.InputUserFromMessage({where}, 3, {positive})",
            f"types.InputChannel({positive}, {access_hash})",
            "types.InputChannelEmpty()",
            f"types.InputChannelFromMessage({where}, 3, {positive})",
            _user(rand, positive),
            f"types.User({positive}, is_self={flag}, access_hash={access_hash}, min={partial})",
            f"types.UserEmpty({positive})",
            f"types.Chat({positive}, 'Group', {PHOTO}, 3, {DATE}, 1, deactivated={flag})",
            f"types.ChatEmpty({positive})",
            f"types.ChatForbidden({positive}, 'Group')",
            f"types.Channel({channel}, access_hash={access_hash}, megagroup={flag}, min={partial})",
            f"types.Channel({channel})",
            f"types.ChannelForbidden({positive}, {access_hash}, 'Channel', megagroup={flag})",
            f"types.DialogPeer(types.PeerUser({positive}))",
            f"types.InputDialogPeer(types.InputPeerUser({positive}, 3))",
            "None",
            "'text'",
            "b'bytes'",
            "types.PhotoEmpty(1)",
        ]
    )


def _user(rand: random.Random, number: int) -> str:
    names = ", ".join(f"{key}={rand.choice(NAMES)}" for key in ("first_name", "last_name"))
    phone = rand.choice(["None", "'34600'", "''"])
    username = _username(rand, number)
    return f"types.User({number}, access_hash={rand.choice([1, 99])}, {names}, username={username}, phone={phone})"


def _username(rand: random.Random, number: int) -> str:
    """One of its own for each, as they are; here a username that changes hands is taken from who had it."""
    return rand.choice(["None", "''", f"'Name_{number}'", f"'name{number}_2'"])


def _document(rand: random.Random) -> str:
    attributes = rand.choice(
        [
            "",
            "types.DocumentAttributeAnimated()",
            "types.DocumentAttributeAudio(3, voice=True)",
            "types.DocumentAttributeAudio(3, title='t', performer='p')",
            "types.DocumentAttributeVideo(2, 3, 4)",
            "types.DocumentAttributeVideo(2, 3, 4, round_message=True)",
            "types.DocumentAttributeSticker('x', types.InputStickerSetEmpty())",
            "types.DocumentAttributeFilename('a.bin')",
            "types.DocumentAttributeImageSize(1, 2)",
        ]
    )
    mime = rand.choice(["image/gif", "image/png", "video/mp4", "audio/ogg", "application/pdf", "x/y", ""])
    return f"types.Document({rand.choice([1, 2**62])}, -7, b'ref', {DATE}, '{mime}', 99, 4, [{attributes}])"


def _media(rand: random.Random) -> str:
    document, user = _document(rand), _user(rand, 5)
    size = "types.PhotoSize('m', 320, 200, 5000), types.PhotoSizeProgressive('y', 800, 600, [1, 20])"
    photo = f"types.Photo(3, 4, b'ref', {DATE}, [{size}], 2)"
    return rand.choice(
        [
            document,
            f"types.MessageMediaDocument(document={document})",
            photo,
            f"types.MessageMediaPhoto(photo={photo})",
            f"types.MessageMediaPhoto(photo={photo}, ttl_seconds=5)",
            "types.PhotoEmpty(1)",
            "types.DocumentEmpty(1)",
            "types.InputPhoto(1, 2, b'r')",
            "types.InputDocument(1, 2, b'r')",
            "types.InputFile(1, 2, 'a.jpg', 'x')",
            "types.InputFileBig(1, 2, 'a.mp4')",
            "types.InputMediaPhoto(types.InputPhoto(1, 2, b'r'))",
            "types.MessageMediaGeo(types.GeoPoint(1.5, 2.5, 3))",
            "types.MessageMediaGeo(types.GeoPointEmpty())",
            "types.GeoPoint(1.5, 2.5, 3)",
            "types.GeoPointEmpty()",
            "types.InputGeoPoint(1.5, 2.5)",
            "types.MessageMediaContact('1', 'a', 'b', 'v', 5)",
            "types.MessageMediaVenue(types.GeoPoint(1.5, 2.5, 3), 't', 'a', 'p', 'i', 'v')",
            "types.MessageMediaDice(3, 'x')",
            "types.MessageMediaEmpty()",
            "types.MessageMediaUnsupported()",
            "types.MessageMediaWebPage(types.WebPageEmpty(1))",
            "types.UserProfilePhoto(7, 2)",
            "types.ChatPhoto(7, 2)",
            PHOTO,
            "types.UserProfilePhotoEmpty()",
            "types.InputChatPhotoEmpty()",
            user,
            "None",
            "'x'",
        ]
    )


def _message(rand: random.Random) -> str:
    return rand.choice(
        ["5", "None", "types.InputMessageID(5)", "types.InputMessageReplyTo(5)", "'x'", "types.InputMessagePinned()",
         f"types.Message(id=5, peer_id=types.PeerUser(3), date={DATE}, message='x')",
         f"types.MessageService(id=6, peer_id=types.PeerUser(3), date={DATE}, action=types.MessageActionPinMessage())"]
    )  # fmt: skip


def _text(rand: random.Random) -> str:
    words = ["word", " ", "\n", "\U0001f600", "a", "**b**", "__c__", "`d`", "\u00e9", "."]
    return "".join(rand.choice(words) for _ in range(rand.randint(0, 30)))


def _written(rand: random.Random) -> str:
    return rand.choice(["markdown", "html"]) + f".parse({_text(rand)!r})"


def _answer(rand: random.Random) -> str:
    users = ", ".join(_user(rand, number) for number in rand.sample(range(1, 9), rand.randint(0, 3)))
    chats = ", ".join(
        rand.choice(
            [
                f"types.Chat({number}, {rand.choice(NAMES[1:])}, {PHOTO}, 3, {DATE}, 1)",
                f"types.Channel(id={number}, title={rand.choice(NAMES[1:])}, photo={PHOTO}, date={DATE}, access_hash=7,"
                f" username={_username(rand, 100 + number)}, megagroup={rand.choice(['True', 'None'])})",
                f"types.Channel(id={number}, title='m', photo={PHOTO}, date={DATE}, access_hash=7, min=True)",
                f"types.ChannelForbidden({number}, 7, 'gone')",
                f"types.ChatForbidden({number}, 'gone')",
            ]
        )
        for number in rand.sample(range(11, 19), rand.randint(0, 3))
    )
    partial = "types.User(9, access_hash=4, min=True, username='min_1')"
    extra = rand.choice(["", partial, "types.User(10, first_name='x')", "types.UserEmpty(20)"])
    users = ", ".join(filter(None, (users, extra)))
    return rand.choice(
        [
            f"types.messages.Dialogs([], [], [{chats}], [{users}])",
            f"types.contacts.ResolvedPeer(types.PeerUser(1), [{chats}], [{users}])",
            f"types.Updates([], [{users}], [{chats}], None, 0)",
            f"[{users}]",
            f"[{chats}]",
            f"types.messages.Messages([], [], [{chats}], [{users}])",
        ]
    )


def _one(names: str, argument: Callable[[random.Random], str]) -> Callable[[random.Random], str]:
    functions = names.split()

    def make(rand: random.Random) -> str:
        name = rand.choice(functions)
        # Some of them give a match in Telethon, which is as true.
        return f"bool(utils.{name}({argument(rand)}))" if name.startswith("is_") else f"utils.{name}({argument(rand)})"

    return make


def _bytes(rand: random.Random, values: list[int], most: int) -> str:
    return f"bytes({[rand.choice(values) for _ in range(rand.randint(0, most))]})"


LISTS = ["[]", "()", "set()", "dict()", "range(2)", "'x'", "5", "None", "{1}", "(one for one in ())", "b'x'"]
MODES = ["None", "'md'", "'MarkDown'", "'htm'", "'x'", "5", "markdown", "html", "len", "''"]
INLINE = ["", "AgAAAKzwAABnKwAAsGEHhJcVxWw", "BQAAAA", "zz!", "A" * 27]
SIZES = [1, 10**5, 10**7, 10**8, 10**9, 2**31, 2**32]

MAKERS: dict[str, tuple[int, Callable[[random.Random], str]]] = {
    "peers": (
        1500,
        _one(
            "get_input_peer get_peer get_peer_id get_input_user get_input_channel get_input_dialog get_display_name "
            "_get_entity_pair",
            _peers,
        ),
    ),
    "options of peers": (
        200,
        lambda r: (
            f"utils.get_input_peer({_peers(r)}, allow_self={r.choice([True, False])}, "
            f"check_hash={r.choice([True, False])})"
        ),
    ),
    "ids": (100, lambda r: f"utils.resolve_id({r.choice(NUMBERS)})"),
    "bare ids": (300, lambda r: f"utils.get_peer_id({_peers(r)}, add_mark=False)"),
    "media": (
        1200,
        _one(
            "get_input_media get_input_photo get_input_document get_input_geo get_input_chat_photo get_input_location "
            "get_extension _get_extension is_image is_gif is_video is_audio _get_file_info pack_bot_file_id",
            _media,
        ),
    ),
    "messages": (100, _one("get_message_id get_input_message", _message)),
    "names": (400, _one("parse_phone parse_username resolve_invite_link", lambda r: repr(r.choice(NAMED)))),
    "file ids": (80, _one("resolve_bot_file_id", lambda r: repr(r.choice(FILE_IDS)))),
    "packed": (100, lambda r: f"utils.resolve_bot_file_id(utils.pack_bot_file_id({_document(r)}))"),
    "files": (
        300,
        _one("is_image is_gif is_audio is_video get_extension _get_extension", lambda r: repr(r.choice(FILES))),
    ),
    "attributes": (
        150,
        lambda r: (
            f"utils.get_attributes({r.choice(FILES)!r}, mime_type={r.choice([None, 'video/mp4'])!r}, "
            f"force_document={r.choice([True, False])}, voice_note={r.choice([True, False])})"
        ),
    ),
    "texts": (300, lambda r: f"utils.get_inner_text(*{_written(r)})"),
    "pieces": (300, lambda r: f"list(utils.split_text(*{_written(r)}, limit={r.randint(5, 40)}))"),
    "surrogates": (100, lambda r: f"helpers.add_surrogate({_text(r)!r})"),
    "stripped": (
        200,
        lambda r: f"(lambda m: (helpers.strip_text(helpers.add_surrogate(m[0]), m[1]), m[1]))({_written(r)})",
    ),
    "runs": (100, lambda r: f"[list(one) for one in utils.chunks(range({r.randint(0, 9)}), {r.randint(1, 4)})]"),
    "lists": (60, _one("is_list_like", lambda r: r.choice(LISTS))),
    "parts": (60, _one("get_appropriated_part_size", lambda r: str(r.choice(SIZES)))),
    "encoded waveforms": (100, _one("encode_waveform", lambda r: _bytes(r, list(range(32)), 40))),
    # The last value is not what it was in Telethon.
    "waveforms": (100, lambda r: f"utils.decode_waveform({_bytes(r, list(range(256)), 40)})[:-1]"),
    "zeros": (100, _one("_rle_encode _rle_decode", lambda r: _bytes(r, [0, 0, 1, 255], 30))),
    "modes": (60, _one("sanitize_parse_mode", lambda r: r.choice(MODES))),
    "small photos": (60, lambda r: f"utils.stripped_photo_to_jpg(b'\\x01' + {_bytes(r, list(range(256)), 20)})"),
    "inline messages": (60, _one("resolve_inline_message_id", lambda r: repr(r.choice(INLINE)))),
    "entities": (600, lambda r: f"entities({', '.join(_answer(r) for _ in range(r.randint(1, 3)))})"),
    "session files": (15, lambda r: f"rows({', '.join(_answer(r) for _ in range(r.randint(1, 3)))})"),
}


#: What is wanted to be different: the kind, patterns of the expression and of what Telethon gives, and why.
DIFFERENT: list[tuple[str, str, str, str]] = [
    (
        "peers|bare ids",
        r"get_peer(_id)?\(types\.InputDialogPeer",
        "TypeError",
        "a dialog stands for its peer, both ways",
    ),
    ("media", r"pack_bot_file_id\(types\.(MessageMedia)?Photo\(", "AttributeError", "a photo has no old identifier"),
    ("names", r"parse_username\('t\.me/@name'\)", "true", "a name with @ is no invite link"),
    ("names", r"resolve_invite_link\('[^']*/[^']*'\)", "tuple", "a link that is none to join tells nothing"),
    ("pieces", r"split_text", "UnicodeDecodeError", "a character of two code units is not cut in two"),
]


def _run(python: str, expressions: list[str]) -> list[Any]:
    ours = python == sys.executable
    environment = {name: value for name, value in os.environ.items() if ours or not name.startswith("PYTHON")}
    if ours:
        environment["PYTHONPATH"] = str(Path(__file__).parents[3])
    done = subprocess.run(
        [python, str(SCRIPT)],
        input="".join(json.dumps(one) + "\n" for one in expressions),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("kind", MAKERS)
def test_utils_give_the_same(anchor_python: str, kind: str) -> None:
    count, make = MAKERS[kind]
    rand = random.Random(20240603)
    expressions = [make(rand) for _ in range(count)]
    ours, theirs = _run(sys.executable, expressions), _run(anchor_python, expressions)
    assert len(ours) == len(theirs) == count
    found: set[str] = set()
    different: list[tuple[str, Any, Any]] = []
    for expression, mine, other in zip(expressions, ours, theirs, strict=True):
        if mine == other:
            continue
        reason = _wanted(kind, expression, other)
        if reason is None:
            different.append((expression, mine, other))
        else:
            found.add(reason)
    assert different == []
    # Nothing is listed that is not so.
    assert found == {reason for kinds, _, _, reason in DIFFERENT if kind in kinds.split("|")}


def _wanted(kind: str, expression: str, theirs: Any) -> str | None:
    for kinds, written, given, reason in DIFFERENT:
        if (
            kind in kinds.split("|")
            and re.search(written, expression)
            and given in json.dumps(theirs, ensure_ascii=True)
        ):
            return reason
    return None
