"""account: what a business says of itself, and links that open a chat with a text ready.

Source: https://core.telegram.org/api/business
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services._text import MAX_TEXT, clean_text
from telethon.testing.services.stickers import stored_document
from telethon.testing.world.peerids import as_peer
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_WEEK = 7 * 24 * 60
_MAX_LINKS = 100


def _premium(call: Call) -> None:
    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")


def _tell(call: Call) -> bool:
    call.delivery.note(call.my_id, types.UpdateUser(call.my_id), (call.my_id,))
    return True


def _recipients(call: Call, given: types.TypeInputBusinessRecipients) -> types.BusinessRecipients:
    users = [call.user(user).id for user in given.users or ()]
    if not (given.existing_chats or given.new_chats or given.contacts or given.non_contacts or users):
        raise RpcFault(400, "BUSINESS_RECIPIENTS_EMPTY")
    return types.BusinessRecipients(
        existing_chats=given.existing_chats,
        new_chats=given.new_chats,
        contacts=given.contacts,
        non_contacts=given.non_contacts,
        exclude_selected=given.exclude_selected,
        users=users or None,
    )


def _check_shortcut(call: Call, number: int) -> None:
    if number not in call.me.settings.get("quick replies", ()):
        raise RpcFault(400, "SHORTCUT_INVALID")


@serves(functions.account.UpdateBusinessWorkHoursRequest, who="both")
def update_business_work_hours(request: functions.account.UpdateBusinessWorkHoursRequest, call: Call) -> bool:
    """Say when one is open."""
    _premium(call)
    hours = request.business_work_hours
    if hours is not None:
        if not hours.weekly_open:
            raise RpcFault(400, "BUSINESS_WORK_HOURS_EMPTY")
        last = 0
        for one in hours.weekly_open:
            if not last <= one.start_minute < one.end_minute <= _WEEK + 24 * 60:
                raise RpcFault(400, "BUSINESS_WORK_HOURS_PERIOD_INVALID")
            last = one.end_minute
        if not hours.timezone_id.strip():
            raise RpcFault(400, "TIMEZONE_INVALID")
    call.me.profile.work_hours = hours
    return _tell(call)


@serves(functions.account.UpdateBusinessLocationRequest, who="both")
def update_business_location(request: functions.account.UpdateBusinessLocationRequest, call: Call) -> bool:
    """Say where one is."""
    _premium(call)
    if request.address is None:
        call.me.profile.location = None
        return _tell(call)
    if not 0 < len(request.address.strip()) <= 96:
        raise RpcFault(400, "BUSINESS_ADDRESS_ACTIVE")
    point: types.GeoPoint | None = None
    if isinstance(request.geo_point, types.InputGeoPoint):
        point = types.GeoPoint(request.geo_point.long, request.geo_point.lat, 0)
    call.me.profile.location = types.BusinessLocation(request.address, geo_point=point)
    return _tell(call)


@serves(functions.account.UpdateBusinessGreetingMessageRequest, who="both")
def update_business_greeting_message(
    request: functions.account.UpdateBusinessGreetingMessageRequest, call: Call
) -> bool:
    """Which quick reply new people get."""
    _premium(call)
    given = request.message
    if given is None:
        call.me.profile.greeting = None
        return _tell(call)
    _check_shortcut(call, given.shortcut_id)
    call.me.profile.greeting = types.BusinessGreetingMessage(
        given.shortcut_id, _recipients(call, given.recipients), given.no_activity_days
    )
    return _tell(call)


@serves(functions.account.UpdateBusinessAwayMessageRequest, who="both")
def update_business_away_message(request: functions.account.UpdateBusinessAwayMessageRequest, call: Call) -> bool:
    """Which quick reply people get when one is away."""
    _premium(call)
    given = request.message
    if given is None:
        call.me.profile.away = None
        return _tell(call)
    _check_shortcut(call, given.shortcut_id)
    call.me.profile.away = types.BusinessAwayMessage(
        given.shortcut_id, given.schedule, _recipients(call, given.recipients), offline_only=given.offline_only
    )
    return _tell(call)


@serves(functions.account.UpdateBusinessIntroRequest, who="both")
def update_business_intro(request: functions.account.UpdateBusinessIntroRequest, call: Call) -> bool:
    """What people see before the first message."""
    _premium(call)
    given = request.intro
    if given is None:
        call.me.profile.intro = None
        return _tell(call)
    if len(given.title) > 32 or len(given.description) > 70:
        raise RpcFault(400, "MESSAGE_TOO_LONG")
    sticker = stored_document(call, given.sticker, "STICKER_ID_INVALID") if given.sticker is not None else None
    call.me.profile.intro = types.BusinessIntro(
        given.title, given.description, sticker=sticker.tl() if sticker is not None else None
    )
    return _tell(call)


# -- links into a chat -----------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Link:
    """A link that opens a chat with a text ready."""

    slug: str
    text: str
    entities: list[types.TypeMessageEntity] | None
    title: str | None
    views: int = 0

    def tl(self) -> types.BusinessChatLink:
        return types.BusinessChatLink(
            f"https://t.me/m/{self.slug}", self.text, self.views, entities=self.entities, title=self.title
        )


def _links(call: Call) -> dict[str, _Link]:
    links: dict[str, _Link] = call.me.settings.setdefault("chat links", {})
    return links


def _find(call: Call, slug: str) -> _Link:
    if not slug:
        raise RpcFault(400, "CHATLINK_SLUG_EMPTY")
    found = _links(call).get(slug.rpartition("/")[2])
    if found is None:
        raise RpcFault(400, "CHATLINK_SLUG_EXPIRED")
    return found


@serves(functions.account.CreateBusinessChatLinkRequest, who="both")
def create_business_chat_link(
    request: functions.account.CreateBusinessChatLinkRequest, call: Call
) -> types.BusinessChatLink:
    """Make one."""
    _premium(call)
    links = _links(call)
    if len(links) >= _MAX_LINKS:
        raise RpcFault(400, "CHATLINKS_TOO_MUCH")
    text, entities = clean_text(call, request.link.message, request.link.entities, MAX_TEXT, "MESSAGE_TOO_LONG")
    slug = base64.urlsafe_b64encode(call.world.rand(6)).decode()
    made = links[slug] = _Link(slug, text, entities, request.link.title)
    call.world.chat_links[slug] = call.my_id
    return made.tl()


@serves(functions.account.EditBusinessChatLinkRequest, who="both")
def edit_business_chat_link(
    request: functions.account.EditBusinessChatLinkRequest, call: Call
) -> types.BusinessChatLink:
    """Change one."""
    found = _find(call, request.slug)
    found.text, found.entities = clean_text(
        call, request.link.message, request.link.entities, MAX_TEXT, "MESSAGE_TOO_LONG"
    )
    found.title = request.link.title
    return found.tl()


@serves(functions.account.DeleteBusinessChatLinkRequest, who="both")
def delete_business_chat_link(request: functions.account.DeleteBusinessChatLinkRequest, call: Call) -> bool:
    """Throw one away."""
    slug = _find(call, request.slug).slug
    del _links(call)[slug]
    del call.world.chat_links[slug]
    return True


@serves(functions.account.GetBusinessChatLinksRequest, who="both")
def get_business_chat_links(
    request: functions.account.GetBusinessChatLinksRequest, call: Call
) -> types.account.BusinessChatLinks:
    """All of them."""
    return types.account.BusinessChatLinks([one.tl() for one in _links(call).values()], [], [])


@serves(functions.account.ResolveBusinessChatLinkRequest, who="both")
def resolve_business_chat_link(
    request: functions.account.ResolveBusinessChatLinkRequest, call: Call
) -> types.account.ResolvedBusinessChatLinks:
    """Where a link leads, and with which text."""
    if not request.slug:
        raise RpcFault(400, "CHATLINK_SLUG_EMPTY")
    slug = request.slug.rpartition("/")[2]
    owner = call.world.accounts.get(call.world.chat_links.get(slug, 0))
    if owner is None:
        raise RpcFault(400, "CHATLINK_SLUG_EXPIRED")
    found: _Link = owner.settings["chat links"][slug]
    found.views += 1
    users, chats = call.split([owner.id])
    return types.account.ResolvedBusinessChatLinks(as_peer(owner.id), found.text, chats, users, entities=found.entities)
