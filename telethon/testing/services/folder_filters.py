"""messages: folders that show chosen chats.

Source: https://core.telegram.org/api/folders
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_FIRST_ID = 2
_LAST_ID = 255


def _filters(call: Call) -> dict[int, types.TypeDialogFilter]:
    """The folders of the account, in their order."""
    filters: dict[int, types.TypeDialogFilter] = call.me.settings.setdefault("filters", {})
    return filters


@serves(functions.messages.GetDialogFiltersRequest)
def get_dialog_filters(request: functions.messages.GetDialogFiltersRequest, call: Call) -> types.messages.DialogFilters:
    """All folders; the first is the one with everything."""
    return types.messages.DialogFilters([types.DialogFilterDefault(), *_filters(call).values()])


@serves(functions.messages.UpdateDialogFilterRequest)
def update_dialog_filter(request: functions.messages.UpdateDialogFilterRequest, call: Call) -> bool:
    """Make a folder, change it, or throw it away."""
    if not _FIRST_ID <= request.id <= _LAST_ID:
        raise RpcFault(400, "FILTER_ID_INVALID")
    filters = _filters(call)
    chosen = request.filter
    if chosen is None:
        if filters.pop(request.id, None) is None:
            raise RpcFault(400, "FILTER_ID_INVALID")
    else:
        if not isinstance(chosen, types.DialogFilter):
            raise RpcFault(400, "FILTER_NOT_SUPPORTED")
        if not chosen.title.text.strip():
            raise RpcFault(400, "FILTER_TITLE_EMPTY")
        kinds = (chosen.contacts, chosen.non_contacts, chosen.groups, chosen.broadcasts, chosen.bots)
        if not any(kinds) and not chosen.include_peers and not chosen.pinned_peers:
            raise RpcFault(400, "FILTER_INCLUDE_EMPTY")
        for peer in (*chosen.pinned_peers, *chosen.include_peers, *chosen.exclude_peers):
            call.peer(peer)
        chosen.id = request.id
        filters[request.id] = chosen
    call.delivery.note(call.my_id, types.UpdateDialogFilter(request.id, chosen), lasting=True)
    return True


@serves(functions.messages.UpdateDialogFiltersOrderRequest)
def update_dialog_filters_order(request: functions.messages.UpdateDialogFiltersOrderRequest, call: Call) -> bool:
    """Put the folders into another order."""
    filters = _filters(call)
    wanted = [number for number in request.order if number in filters]
    ordered = [*wanted, *(number for number in filters if number not in wanted)]
    call.me.settings["filters"] = {number: filters[number] for number in ordered}
    call.delivery.note(call.my_id, types.UpdateDialogFilterOrder(ordered), lasting=True)
    return True
