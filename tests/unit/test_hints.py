from __future__ import annotations

import datetime
import os
import typing

from telethon import helpers, hints
from telethon.tl import custom, types


def _members(alias: typing.Any) -> set[typing.Any]:
    return set(typing.get_args(alias))


def test_all_names_are_there() -> None:
    for name in hints.__all__:
        assert getattr(hints, name) is not None
    assert hints.TotalList is helpers.TotalList
    assert hints.Phone is hints.Username is hints.LocalPath is hints.ExternalUrl is hints.BotFileID is str
    assert hints.PeerID is int


def test_what_telethon_takes_is_taken() -> None:
    entities = {str, int, types.PeerUser, types.PeerChat, types.PeerChannel, types.InputPeerSelf, types.InputPeerUser,
                types.InputPeerChat, types.InputPeerChannel, types.User, types.Chat, types.Channel, types.UserFull,
                types.ChatFull, types.ChannelFull}  # fmt: skip
    assert _members(hints.EntityLike) >= entities
    assert _members(hints.EntitiesLike) >= entities
    assert _members(hints.Entity) == {types.User, types.Chat, types.Channel, types.Community}
    assert _members(hints.FileLike) >= {str, bytes, typing.BinaryIO, types.MessageMediaPhoto, types.InputFileBig,
                                        types.Photo, types.Document, os.PathLike[str]}  # fmt: skip
    assert _members(hints.OutFileLike) >= {str, type[bytes], typing.BinaryIO} or typing.Type[bytes] in _members(  # noqa: UP006
        hints.OutFileLike
    )
    assert _members(hints.DateLike) == {float, datetime.datetime, datetime.date, datetime.timedelta, type(None)}
    assert _members(hints.MessageLike) >= {str, types.Message}
    assert _members(hints.MessageIDLike) >= {int, types.Message, types.InputMessageID}
    assert _members(hints.MarkupLike) >= {types.ReplyInlineMarkup, types.ReplyKeyboardMarkup, custom.Button}
    assert _members(hints.ButtonLike) >= {types.KeyboardButton, custom.Button}
