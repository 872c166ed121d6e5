"""folders: the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.boxes import Notice
from telethon.testing.world.peerids import as_peer
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call


@serves(functions.folders.EditPeerFoldersRequest)
def edit_peer_folders(request: functions.folders.EditPeerFoldersRequest, call: Call) -> types.TypeUpdates:
    """Move chats into the archive or out of it."""
    moved: list[types.TypeFolderPeer] = []
    peers: list[int] = []
    for entry in request.folder_peers:
        if entry.folder_id not in (0, 1):
            raise RpcFault(400, "FOLDER_ID_INVALID")
        peer = call.peer(entry.peer)
        dialog = call.me.mailbox.dialog(peer)
        if dialog.pinned:
            call.me.mailbox.pinned.get(dialog.folder_id, []).remove(peer)
            dialog.pinned = False
        dialog.folder_id = entry.folder_id
        moved.append(types.FolderPeer(as_peer(peer), entry.folder_id))
        peers.append(peer)
    mailbox = call.me.mailbox
    count = len(moved)
    notice = Notice(mailbox.step(count), count, types.UpdateFolderPeers(moved, mailbox.pts, count), tuple(peers))
    mailbox.record(notice)
    call.delivery.tell(call.my_id, notice)
    return call.updates()
