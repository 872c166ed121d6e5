"""stats: figures about channels. There is nothing to count, so the graphs are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Channel

_DAY = 86_400


def _admined(call: Call, given: types.TypeInputChannel) -> Channel:
    channel = call.channel(given, member=True)
    check_admin(channel, call.my_id, "change_info")
    return channel


def _number(value: float) -> types.StatsAbsValueAndPrev:
    return types.StatsAbsValueAndPrev(float(value), 0.0)


def _graph() -> types.TypeStatsGraph:
    return types.StatsGraph(types.DataJSON('{"columns":[],"types":{},"names":{},"colors":{}}'))


@serves(functions.stats.GetBroadcastStatsRequest)
def get_broadcast_stats(request: functions.stats.GetBroadcastStatsRequest, call: Call) -> types.stats.BroadcastStats:
    """Figures about a channel."""
    channel = _admined(call, request.channel)
    if channel.megagroup:
        raise RpcFault(400, "BROADCAST_REQUIRED")
    zero = _number(0)
    return types.stats.BroadcastStats(
        types.StatsDateRangeDays(call.now - 7 * _DAY, call.now),
        _number(len(channel.present())),
        zero,
        zero,
        zero,
        zero,
        zero,
        zero,
        types.StatsPercentValue(0.0, float(len(channel.present()))),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        [],
    )


@serves(functions.stats.GetMegagroupStatsRequest)
def get_megagroup_stats(request: functions.stats.GetMegagroupStatsRequest, call: Call) -> types.stats.MegagroupStats:
    """Figures about a supergroup."""
    channel = _admined(call, request.channel)
    if not channel.megagroup:
        raise RpcFault(400, "MEGAGROUP_REQUIRED")
    writers = {letter.sender for letter in channel.box.letters.values()}
    return types.stats.MegagroupStats(
        types.StatsDateRangeDays(call.now - 7 * _DAY, call.now),
        _number(len(channel.present())),
        _number(len(channel.box.ids)),
        _number(0),
        _number(len(writers)),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        _graph(),
        [],
        [],
        [],
        [],
    )


@serves(functions.stats.GetMessageStatsRequest)
def get_message_stats(request: functions.stats.GetMessageStatsRequest, call: Call) -> types.stats.MessageStats:
    """Figures about a post."""
    channel = _admined(call, request.channel)
    if request.msg_id not in channel.box.letters:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    return types.stats.MessageStats(_graph(), _graph())


@serves(functions.stats.LoadAsyncGraphRequest)
def load_async_graph(request: functions.stats.LoadAsyncGraphRequest, call: Call) -> types.TypeStatsGraph:
    """A graph that comes later: none does."""
    raise RpcFault(400, "GRAPH_INVALID_RELOAD")
