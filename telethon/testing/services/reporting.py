"""messages and account: complaints, and small things about messages.

Source: https://core.telegram.org/api/report
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.peerids import as_peer
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_YEAR = 366 * 86_400


@serves(functions.messages.ReportSpamRequest)
def report_spam(request: functions.messages.ReportSpamRequest, call: Call) -> bool:
    """Complain of a chat."""
    call.peer(request.peer)
    return True


@serves(functions.account.ReportPeerRequest)
def report_peer(request: functions.account.ReportPeerRequest, call: Call) -> bool:
    """Complain of somebody."""
    call.peer(request.peer)
    return True


@serves(functions.messages.SetHistoryTTLRequest)
def set_history_ttl(request: functions.messages.SetHistoryTTLRequest, call: Call) -> types.TypeUpdates:
    """After how many seconds new messages of a chat go away; 0 for never."""
    peer = call.peer(request.peer)
    if not 0 <= request.period <= _YEAR:
        raise RpcFault(400, "TTL_PERIOD_INVALID")
    if peer < 0:
        check_admin(call.room(peer), call.my_id, "change_info")
    dialog = call.me.mailbox.dialog(peer)
    if (dialog.ttl or 0) == request.period:
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    dialog.ttl = request.period or None
    call.delivery.note(call.my_id, types.UpdatePeerHistoryTTL(as_peer(peer), dialog.ttl), (peer,), lasting=True)
    return call.updates(peers=[peer])
