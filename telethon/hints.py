"""Names for what the methods of the client accept, to annotate one's own functions with.

Importing this loads many classes, so the package itself only does so for type checkers.
"""

from __future__ import annotations

import datetime
import os
import typing

from telethon.helpers import TotalList
from telethon.tl import types
from telethon.tl.custom.button import Button
from telethon.tl.custom.dialog import Dialog
from telethon.tl.custom.draft import Draft

__all__ = [
    "BotFileID",
    "ButtonLike",
    "DateLike",
    "EntitiesLike",
    "Entity",
    "EntityLike",
    "ExternalUrl",
    "FileLike",
    "FullEntity",
    "LocalPath",
    "MarkupLike",
    "MessageIDLike",
    "MessageLike",
    "OutFileLike",
    "PeerID",
    "Phone",
    "ProgressCallback",
    "TotalList",
    "Username",
]

# `Union` and not `|` throughout: on Python 3.10 the aliases must also work with what `typing` makes at run time.
# ruff: noqa: UP006

Phone: typing.TypeAlias = str
"""A phone number in international format; the plus sign may be missing."""

Username: typing.TypeAlias = str
"""A username, with or without ``@``, or a link to one."""

PeerID: typing.TypeAlias = int
"""A marked id: of a user as it is, of a group negative, of a channel -(10^12 + id)."""

Entity: typing.TypeAlias = typing.Union[types.User, types.Chat, types.Channel, types.Community]
"""A user, a group or a channel."""

FullEntity: typing.TypeAlias = typing.Union[
    types.UserFull, types.messages.ChatFull, types.ChatFull, types.ChannelFull, types.CommunityFull
]
"""What the requests for full information give."""

EntityLike: typing.TypeAlias = typing.Union[
    Phone,
    Username,
    PeerID,
    types.TypePeer,
    types.TypeInputPeer,
    types.TypeInputUser,
    types.TypeInputChannel,
    types.TypeUser,
    types.TypeChat,
    FullEntity,
    Dialog,
    Draft,
]
"""Anything that says which user, group or channel is meant."""

EntitiesLike: typing.TypeAlias = typing.Union[EntityLike, typing.Sequence[EntityLike]]
"""One or several of `EntityLike`."""

ButtonLike: typing.TypeAlias = typing.Union[types.TypeKeyboardButton, types.TypeKeyboardInlineButton, Button]
"""One button."""

MarkupLike: typing.TypeAlias = typing.Union[
    types.TypeReplyMarkup, ButtonLike, typing.Sequence[ButtonLike], typing.Sequence[typing.Sequence[ButtonLike]]
]
"""A whole keyboard: one button, one row, several rows, or the markup itself."""

DateLike: typing.TypeAlias = typing.Union[float, datetime.datetime, datetime.date, datetime.timedelta, None]
"""A moment: Unix time in seconds, a date, or a time span from now on."""

LocalPath: typing.TypeAlias = str
"""A path on this machine."""

ExternalUrl: typing.TypeAlias = str
"""A link that servers can fetch."""

BotFileID: typing.TypeAlias = str
"""An id of a file in the form of the HTTP Bot API."""

FileLike: typing.TypeAlias = typing.Union[
    LocalPath,
    ExternalUrl,
    BotFileID,
    bytes,
    os.PathLike[str],
    typing.BinaryIO,
    types.TypeMessageMedia,
    types.TypeInputFile,
    types.TypeInputFileLocation,
    types.TypeInputMedia,
    types.TypePhoto,
    types.TypeInputPhoto,
    types.TypeDocument,
    types.TypeInputDocument,
]
"""A file to send."""

OutFileLike: typing.TypeAlias = typing.Union[LocalPath, os.PathLike[str], typing.Type[bytes], typing.BinaryIO]
"""Where a download goes; the class `bytes` for memory."""

MessageLike: typing.TypeAlias = typing.Union[str, types.TypeMessage]
"""A message or the text of one."""

MessageIDLike: typing.TypeAlias = typing.Union[int, types.TypeMessage, types.TypeInputMessage]
"""A message or its id."""

ProgressCallback: typing.TypeAlias = typing.Callable[[int, int], object]
"""Called with the number of bytes done and the number of bytes in all; it may be asynchronous."""
