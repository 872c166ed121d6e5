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


def filters_of(call: Call) -> dict[int, types.TypeDialogFilter]:
    """The folders of the account, in their order."""
    filters: dict[int, types.TypeDialogFilter] = call.me.settings.setdefault("filters", {})
    return filters


@serves(functions.messages.GetDialogFiltersRequest)
def get_dialog_filters(request: functions.messages.GetDialogFiltersRequest, call: Call) -> types.messages.DialogFilters:
    """All folders; the first is the one with everything."""
    return types.messages.DialogFilters(
        [types.DialogFilterDefault(), *filters_of(call).values()], tags_enabled=call.me.settings.get("folder tags")
    )


@serves(functions.messages.UpdateDialogFilterRequest)
def update_dialog_filter(request: functions.messages.UpdateDialogFilterRequest, call: Call) -> bool:
    """Make a folder, change it, or throw it away."""
    if not _FIRST_ID <= request.id <= _LAST_ID:
        raise RpcFault(400, "FILTER_ID_INVALID")
    filters = filters_of(call)
    chosen = request.filter
    if chosen is None:
        if filters.pop(request.id, None) is None:
            raise RpcFault(400, "FILTER_ID_INVALID")
    else:
        if isinstance(chosen, types.DialogFilterChatlist):
            if not isinstance(filters.get(request.id), types.DialogFilterChatlist):
                raise RpcFault(400, "FILTER_NOT_SUPPORTED")
            chosen.id = request.id
            filters[request.id] = chosen
            call.delivery.note(call.my_id, types.UpdateDialogFilter(request.id, chosen), lasting=True)
            return True
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
    filters = filters_of(call)
    wanted = [number for number in request.order if number in filters]
    ordered = [*wanted, *(number for number in filters if number not in wanted)]
    call.me.settings["filters"] = {number: filters[number] for number in ordered}
    call.delivery.note(call.my_id, types.UpdateDialogFilterOrder(ordered), lasting=True)
    return True


@serves(functions.messages.ToggleDialogFilterTagsRequest, who="both")
def toggle_dialog_filter_tags(request: functions.messages.ToggleDialogFilterTagsRequest, call: Call) -> bool:
    """Whether the list of chats says which folders a chat is in."""
    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    call.me.settings["folder tags"] = request.enabled
    call.delivery.note(call.my_id, types.UpdateDialogFilters(), lasting=True)
    return True


@serves(functions.messages.GetSuggestedDialogFiltersRequest)
def get_suggested_dialog_filters(
    request: functions.messages.GetSuggestedDialogFiltersRequest, call: Call
) -> list[types.DialogFilterSuggested]:
    """Folders that might be of use: one with what is unread, and one with people, until there are such."""
    unread = types.DialogFilter(
        0,
        types.TextWithEntities("Unread", []),
        [],
        [],
        [],
        contacts=True,
        non_contacts=True,
        groups=True,
        broadcasts=True,
        bots=True,
        exclude_read=True,
    )
    personal = types.DialogFilter(
        0, types.TextWithEntities("Personal", []), [], [], [], contacts=True, non_contacts=True
    )
    named = {one.title.text for one in filters_of(call).values() if not isinstance(one, types.DialogFilterDefault)}
    offered = ((unread, "New messages from all chats"), (personal, "Only messages from people"))
    return [types.DialogFilterSuggested(one, text) for one, text in offered if one.title.text not in named]
