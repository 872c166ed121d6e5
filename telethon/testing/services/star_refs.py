"""payments: links by which people bring others to bots, and get a part of what those pay.

Source: https://core.telegram.org/api/bots/referrals
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._paging import page_from
from telethon.testing.services._service import serves
from telethon.testing.world.peerids import is_user
from telethon.testing.world.rights import check_admin, moment
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call


@dataclass(slots=True, eq=False)
class _Link:
    """A link of somebody to a bot."""

    slug: str
    bot: int
    date: int
    permille: int
    months: int | None
    username: str | None
    revoked: bool = False

    @property
    def url(self) -> str:
        return f"https://t.me/{self.username}?start=_tgr_{self.slug}"

    def tl(self) -> types.ConnectedBotStarRef:
        return types.ConnectedBotStarRef(
            self.url,
            moment(self.date),
            self.bot,
            self.permille,
            0,
            0,
            revoked=self.revoked,
            duration_months=self.months,
        )


def _links(call: Call, given: types.TypeInputPeer) -> list[_Link]:
    """The links of the account, of a bot of its, or of a channel that it leads."""
    peer = call.peer(given)
    if is_user(peer):
        bot = call.world.accounts[peer].bot
        if peer != call.my_id and (bot is None or bot.owner != call.my_id):
            raise RpcFault(400, "PEER_ID_INVALID")
    else:
        check_admin(call.room(peer), call.my_id, "post_messages")
    links: list[_Link] = call.world.star_refs.setdefault(peer, [])
    return links


def _several(call: Call, found: Iterable[_Link], count: int) -> types.payments.ConnectedStarRefBots:
    chosen = list(found)
    users, _ = call.split({one.bot for one in chosen})
    return types.payments.ConnectedStarRefBots(count, [one.tl() for one in chosen], users)


@serves(functions.payments.GetSuggestedStarRefBotsRequest, who="both")
def get_suggested_star_ref_bots(
    request: functions.payments.GetSuggestedStarRefBotsRequest, call: Call
) -> types.payments.SuggestedStarRefBots:
    """Bots that pay those who bring people, the most generous first."""
    known = {one.bot for one in _links(call, request.peer) if not one.revoked}
    programs = [
        account.bot.star_ref
        for account in call.world.accounts.values()
        if account.bot is not None and account.bot.star_ref is not None and account.id not in known
    ]
    programs.sort(key=lambda one: -one.commission_permille)
    page, following = page_from(programs, request.offset, request.limit)
    users, _ = call.split(one.bot_id for one in page)
    return types.payments.SuggestedStarRefBots(len(programs), [*page], users, following)


@serves(functions.payments.ConnectStarRefBotRequest, who="both")
def connect_star_ref_bot(
    request: functions.payments.ConnectStarRefBotRequest, call: Call
) -> types.payments.ConnectedStarRefBots:
    """Have a link to a bot."""
    links, account = _links(call, request.peer), call.user(request.bot)
    program = account.bot.star_ref if account.bot is not None else None
    if program is None:
        raise RpcFault(400, "BOT_INVALID")
    known = [one for one in links if one.bot == account.id and not one.revoked]
    if not known:
        slug = call.world.rand(6).hex()
        known = [
            _Link(slug, account.id, call.now, program.commission_permille, program.duration_months, account.username)
        ]
        links.extend(known)
    return _several(call, known, 1)


@serves(functions.payments.EditConnectedStarRefBotRequest, who="both")
def edit_connected_star_ref_bot(
    request: functions.payments.EditConnectedStarRefBotRequest, call: Call
) -> types.payments.ConnectedStarRefBots:
    """Let a link be worthless."""
    for one in _links(call, request.peer):
        if one.url == request.link:
            if one.revoked:
                raise RpcFault(400, "STARREF_HASH_REVOKED")
            one.revoked = bool(request.revoked)
            return _several(call, [one], 1)
    raise RpcFault(400, "STARREF_EXPIRED")


@serves(functions.payments.GetConnectedStarRefBotsRequest, who="both")
def get_connected_star_ref_bots(
    request: functions.payments.GetConnectedStarRefBotsRequest, call: Call
) -> types.payments.ConnectedStarRefBots:
    """All links."""
    links = _links(call, request.peer)[::-1]
    places = [place for place, one in enumerate(links) if one.url == request.offset_link]
    page, _ = page_from(links[places[0] + 1 if places else 0 :], None, request.limit)
    return _several(call, page, len(links))


@serves(functions.payments.GetConnectedStarRefBotRequest, who="both")
def get_connected_star_ref_bot(
    request: functions.payments.GetConnectedStarRefBotRequest, call: Call
) -> types.payments.ConnectedStarRefBots:
    """The link to one bot."""
    account = call.user(request.bot)
    found = [one for one in _links(call, request.peer) if one.bot == account.id and not one.revoked]
    if not found:
        raise RpcFault(400, "BOT_INVALID")
    return _several(call, found, 1)
