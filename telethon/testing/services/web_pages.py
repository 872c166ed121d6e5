"""messages: what links look like.

Source: https://core.telegram.org/api/url-authorization
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services._text import MAX_TEXT, clean_text
from telethon.testing.world.media import FixedMedia
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

__all__ = ["preview"]


def preview(call: Call, text: str, entities: list[types.TypeMessageEntity] | None) -> FixedMedia | None:
    """What is shown under a text for its first link; None when nothing is known of it."""
    page = call.world.things.page_in(text, entities)
    return FixedMedia(types.MessageMediaWebPage(page), "url") if page is not None else None


@serves(functions.messages.GetWebPagePreviewRequest)
def get_web_page_preview(
    request: functions.messages.GetWebPagePreviewRequest, call: Call
) -> types.messages.WebPagePreview:
    """What the first link of a text would look like: nothing is ever fetched from outside."""
    if not request.message.strip():
        raise RpcFault(400, "MESSAGE_EMPTY")
    text, entities = clean_text(call, request.message, request.entities, MAX_TEXT, "MESSAGE_TOO_LONG")
    page = call.world.things.page_in(text, entities)
    media: types.TypeMessageMedia = types.MessageMediaEmpty() if page is None else types.MessageMediaWebPage(page)
    return types.messages.WebPagePreview(media, [], [])


@serves(functions.messages.GetWebPageRequest)
def get_web_page(request: functions.messages.GetWebPageRequest, call: Call) -> types.messages.WebPage:
    """What a link looks like."""
    known = call.world.things.pages.get(request.url)
    page: types.TypeWebPage = known if known is not None else types.WebPageEmpty(0, url=request.url)
    return types.messages.WebPage(page, [], [])
