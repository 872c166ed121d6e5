"""messages: chats that were exported from WhatsApp, brought into a chat here.

Source: https://core.telegram.org/api/import
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._media import take_media
from telethon.testing.services._service import serves
from telethon.testing.world import post
from telethon.testing.world.letters import Draft, Forward
from telethon.testing.world.peerids import is_user
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.media import Media

_LINE = re.compile(
    r"\[?(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{2,4}),? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\]?"
    r"(?: -)? (?P<who>[^:\n]{1,64}): (?P<text>.*)"
)
_ATTACHED = re.compile(r"(?P<name>[\w .()-]+\.\w{1,5}) \(file attached\)")
_MAX_MEDIA = 1000


@dataclass(slots=True)
class _Said:
    """A message of an exported chat."""

    date: int
    who: str
    text: str


@dataclass(slots=True, eq=False)
class _Import:
    """A chat on its way in."""

    peer: int
    said: list[_Said]
    media_count: int
    files: dict[str, Media] = field(default_factory=dict)


def _date(line: re.Match[str]) -> int:
    year = int(line["year"]) + (2000 if len(line["year"]) == 2 else 0)
    day, month = int(line["day"]), int(line["month"])
    if month > 12:
        # Some countries write the month first.
        day, month = month, day
    try:
        moment = datetime(year, month, day, int(line["hour"]), int(line["minute"]), tzinfo=timezone.utc)
    except ValueError:
        raise RpcFault(400, "IMPORT_FORMAT_DATE_INVALID") from None
    return int(moment.timestamp())


def _parse(text: str) -> list[_Said]:
    """What was said, in order; lines without a date go on with the message before.

    Raises:
        RpcFault: IMPORT_FORMAT_UNRECOGNIZED or IMPORT_FORMAT_DATE_INVALID.
    """
    said: list[_Said] = []
    for row in text.replace("\u200e", "").splitlines():
        line = _LINE.match(row)
        if line is not None:
            said.append(_Said(_date(line), line["who"].strip(), line["text"]))
        elif said:
            said[-1].text += f"\n{row}"
    if not said:
        raise RpcFault(400, "IMPORT_FORMAT_UNRECOGNIZED")
    return said


@serves(functions.messages.CheckHistoryImportRequest)
def check_history_import(
    request: functions.messages.CheckHistoryImportRequest, call: Call
) -> types.messages.HistoryImportParsed:
    """Of what kind of chat the beginning of a file is."""
    people = {one.who for one in _parse(request.import_head)}
    return types.messages.HistoryImportParsed(pm=len(people) <= 2, group=len(people) > 2)


def _target(call: Call, given: types.TypeInputPeer) -> int:
    """A chat into which the account may bring others."""
    peer = call.peer(given)
    if not is_user(peer):
        check_admin(call.room(peer), call.my_id, "change_info")
        return peer
    other = call.world.accounts[peer]
    if other.bot is not None or peer == call.my_id:
        raise RpcFault(400, "PEER_ID_INVALID")
    if peer not in call.me.contacts or call.my_id not in other.contacts:
        raise RpcFault(400, "USER_NOT_MUTUAL_CONTACT")
    return peer


@serves(functions.messages.CheckHistoryImportPeerRequest)
def check_history_import_peer(
    request: functions.messages.CheckHistoryImportPeerRequest, call: Call
) -> types.messages.CheckedHistoryImportPeer:
    """Whether a chat can be brought into another one."""
    peer = _target(call, request.peer)
    title = call.world.accounts[peer].name if is_user(peer) else call.room(peer).title
    return types.messages.CheckedHistoryImportPeer(f"Import the messages into {title}?")


def _imports(call: Call) -> dict[int, _Import]:
    imports: dict[int, _Import] = call.me.settings.setdefault("imports", {})
    return imports


def _find(call: Call, given: types.TypeInputPeer, import_id: int) -> _Import:
    found = _imports(call).get(import_id)
    if found is None or found.peer != call.peer(given):
        raise RpcFault(400, "IMPORT_ID_INVALID")
    return found


@serves(functions.messages.InitHistoryImportRequest)
def init_history_import(
    request: functions.messages.InitHistoryImportRequest, call: Call
) -> types.messages.HistoryImport:
    """Begin to bring a chat in: its texts."""
    peer = _target(call, request.peer)
    if not 0 <= request.media_count <= _MAX_MEDIA:
        raise RpcFault(400, "IMPORT_FILE_INVALID")
    try:
        text = call.world.files.assemble(call.my_id, request.file).decode()
    except UnicodeDecodeError:
        raise RpcFault(400, "IMPORT_FILE_INVALID") from None
    number = call.world.new_id()
    _imports(call)[number] = _Import(peer, _parse(text), request.media_count)
    return types.messages.HistoryImport(number)


@serves(functions.messages.UploadImportedMediaRequest)
def upload_imported_media(request: functions.messages.UploadImportedMediaRequest, call: Call) -> types.TypeMessageMedia:
    """One of its files."""
    found = _find(call, request.peer, request.import_id)
    media = take_media(call, request.media)
    if media is None or len(found.files) >= found.media_count:
        raise RpcFault(400, "MEDIA_INVALID")
    found.files[request.file_name] = media
    return media.tl(call.my_id)


@serves(functions.messages.StartHistoryImportRequest)
def start_history_import(request: functions.messages.StartHistoryImportRequest, call: Call) -> bool:
    """All is there: let the messages appear in the chat."""
    found = _find(call, request.peer, request.import_id)
    del _imports(call)[request.import_id]
    for one in found.said:
        named = _ATTACHED.search(one.text)
        media = found.files.get(named["name"].strip()) if named is not None else None
        text = one.text if media is None or named is None else one.text.replace(named[0], "").strip()
        origin = Forward(one.date, name=one.who, imported=True)
        draft = Draft(text, media=media, forward=origin, silent=True)
        post.deposit(call.world, call.delivery, post.compose(call.world, call.me, found.peer, draft))
    return True
