"""From what a client sends to what is attached to the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.world.media import (
    DocumentMedia,
    FixedMedia,
    InvoiceMedia,
    Media,
    PhotoMedia,
    PollMedia,
    TodoMedia,
)
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing._call import Call

__all__ = ["check_todo_items", "game_media", "take_media"]

_DICE = {"🎲": 6, "🎯": 6, "🏀": 5, "⚽": 5, "⚽️": 5, "🎳": 6, "🎰": 64}
_MAX_TODO = 30
_PART_OF_ALBUM = frozenset({"photo", "video", "document", "audio"})


def take_media(call: Call, media: types.TypeInputMedia) -> Media | None:
    """The media for what a request holds; None for none.

    Raises:
        RpcFault: it cannot be sent.
    """
    if isinstance(media, types.InputMediaEmpty):
        return None
    if isinstance(media, (types.InputMediaUploadedPhoto, types.InputMediaPhoto)):
        return _photo(call, media)
    if isinstance(media, (types.InputMediaUploadedDocument, types.InputMediaDocument)):
        return _document(call, media)
    if isinstance(media, (types.InputMediaPhotoExternal, types.InputMediaDocumentExternal)):
        # Nothing is ever fetched from outside.
        raise RpcFault(400, "WEBPAGE_CURL_FAILED")
    if isinstance(media, types.InputMediaPoll):
        return _poll(call, media)
    if isinstance(media, types.InputMediaDice):
        sides = _DICE.get(media.emoticon)
        if sides is None:
            raise RpcFault(400, "EMOTICON_INVALID")
        value = int.from_bytes(call.world.rand(4), "little") % sides + 1
        return FixedMedia(types.MessageMediaDice(value, media.emoticon), "dice")
    if isinstance(media, types.InputMediaContact):
        account = call.world.by_phone(media.phone_number) if media.phone_number else None
        return FixedMedia(
            types.MessageMediaContact(
                media.phone_number,
                media.first_name,
                media.last_name,
                media.vcard,
                account.id if account is not None else 0,
            ),
            "contact",
        )
    if isinstance(media, types.InputMediaTodo):
        return _todo(call, media)
    return _place(call, media)


def check_todo_items(items: list[types.TypeTodoItem]) -> None:
    """Raise what the server says to a list of things to do that cannot be.

    Raises:
        RpcFault: TODO_ITEMS_EMPTY, TODO_ITEMS_TOO_MUCH or TODO_ITEM_DUPLICATE.
    """
    if not items or any(not item.title.text.strip() for item in items):
        raise RpcFault(400, "TODO_ITEMS_EMPTY")
    if len(items) > _MAX_TODO:
        raise RpcFault(400, "TODO_ITEMS_TOO_MUCH")
    if len({item.id for item in items}) != len(items):
        raise RpcFault(400, "TODO_ITEM_DUPLICATE")


def _todo(call: Call, media: types.InputMediaTodo) -> TodoMedia:
    if not call.me.premium and call.me.bot is None:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    check_todo_items(media.todo.list)
    return TodoMedia(media.todo)


def _photo(call: Call, media: types.InputMediaUploadedPhoto | types.InputMediaPhoto) -> PhotoMedia:
    files = call.world.files
    if isinstance(media, types.InputMediaUploadedPhoto):
        photo = files.add_photo(files.assemble(call.my_id, media.file), call.dc_id)
        _attach(call, photo.id, media.stickers)
    else:
        if not isinstance(media.id, types.InputPhoto):
            raise RpcFault(400, "PHOTO_INVALID")
        photo = files.photo(media.id.id, media.id.access_hash)
        files.check_reference(photo.id, media.id.file_reference)
    return PhotoMedia(photo, bool(media.spoiler), media.ttl_seconds)


def _attach(call: Call, number: int, stickers: list[types.TypeInputDocument] | None) -> None:
    """Remember which stickers were put onto a picture or video."""
    if stickers:
        call.world.things.attached[number] = tuple(one.id for one in stickers if isinstance(one, types.InputDocument))


def _document(call: Call, media: types.InputMediaUploadedDocument | types.InputMediaDocument) -> DocumentMedia:
    files = call.world.files
    if isinstance(media, types.InputMediaUploadedDocument):
        data = files.assemble(call.my_id, media.file)
        thumb = files.assemble(call.my_id, media.thumb) if media.thumb is not None else None
        attributes = list(media.attributes)
        if not any(isinstance(one, types.DocumentAttributeFilename) for one in attributes):
            name = getattr(media.file, "name", "")
            if name:
                attributes.append(types.DocumentAttributeFilename(name))
        document = files.add_document(data, call.dc_id, media.mime_type, attributes, thumb)
        _attach(call, document.id, media.stickers)
    else:
        if not isinstance(media.id, types.InputDocument):
            raise RpcFault(400, "DOCUMENT_INVALID")
        document = files.document(media.id.id, media.id.access_hash)
        files.check_reference(document.id, media.id.file_reference)
    return DocumentMedia(document, bool(media.spoiler), media.ttl_seconds)


def _place(call: Call, media: types.TypeInputMedia) -> FixedMedia:
    if isinstance(media, types.InputMediaGeoPoint):
        return FixedMedia(types.MessageMediaGeo(_point(call, media.geo_point)), "geo")
    if isinstance(media, types.InputMediaVenue):
        return FixedMedia(
            types.MessageMediaVenue(
                _point(call, media.geo_point),
                media.title,
                media.address,
                media.provider,
                media.venue_id,
                media.venue_type,
            ),
            "geo",
        )
    if isinstance(media, types.InputMediaGeoLive):
        if media.period is None:
            raise RpcFault(400, "MEDIA_PREV_INVALID")
        return FixedMedia(
            types.MessageMediaGeoLive(
                _point(call, media.geo_point),
                media.period,
                media.heading,
                media.proximity_notification_radius,
            ),
            "geo",
        )
    if isinstance(media, types.InputMediaWebPage):
        known = call.world.things.pages.get(media.url)
        page: types.TypeWebPage = known if known is not None else types.WebPageEmpty(call.world.new_id(), url=media.url)
        return FixedMedia(
            types.MessageMediaWebPage(
                page,
                force_large_media=media.force_large_media,
                force_small_media=media.force_small_media,
                manual=True,
            ),
            "url",
        )
    if isinstance(media, types.InputMediaGame):
        return game_media(call, media.id)
    if isinstance(media, types.InputMediaInvoice):
        return _invoice(call, media)
    raise RpcFault(400, "MEDIA_INVALID")


def game_media(call: Call, wanted: types.TypeInputGame) -> FixedMedia:
    """A game of the bot that asks, or one that was sent before.

    Raises:
        RpcFault: GAME_BOT_INVALID or MEDIA_INVALID.
    """
    if isinstance(wanted, types.InputGameShortName) and (
        call.me.bot is None or call.user(wanted.bot_id).id != call.my_id
    ):
        raise RpcFault(400, "GAME_BOT_INVALID")
    game = call.world.things.game(wanted, call.my_id)
    if game is None:
        raise RpcFault(400, "MEDIA_INVALID")
    return FixedMedia(types.MessageMediaGame(game.tl()), "game")


def _invoice(call: Call, media: types.InputMediaInvoice) -> InvoiceMedia:
    if call.me.bot is None:
        raise RpcFault(400, "USER_BOT_REQUIRED")
    prices = media.invoice.prices
    if not media.title.strip() or not media.description.strip() or not prices:
        raise RpcFault(400, "MEDIA_INVALID")
    return InvoiceMedia(
        types.MessageMediaInvoice(
            media.title,
            media.description,
            media.invoice.currency,
            sum(price.amount for price in prices),
            media.start_param or "",
            shipping_address_requested=media.invoice.shipping_address_requested,
            test=media.invoice.test,
        ),
        "invoice",
        media,
    )


def _point(call: Call, point: types.TypeInputGeoPoint) -> types.TypeGeoPoint:
    if isinstance(point, types.InputGeoPointEmpty):
        return types.GeoPointEmpty()
    if not (-90 <= point.lat <= 90 and -180 <= point.long <= 180):
        raise RpcFault(400, "GEO_POINT_INVALID")
    return types.GeoPoint(point.long, point.lat, call.world.new_id(), point.accuracy_radius)


def _poll(call: Call, media: types.InputMediaPoll) -> PollMedia:
    poll = media.poll
    if not poll.question.text.strip() or len(poll.question.text) > 255:
        raise RpcFault(400, "POLL_QUESTION_INVALID")
    if not 1 <= len(poll.answers) <= 12:
        raise RpcFault(400, "POLL_ANSWERS_INVALID")
    answers: list[types.TypePollAnswer] = []
    for place, answer in enumerate(poll.answers):
        if not answer.text.text.strip() or len(answer.text.text) > 100:
            raise RpcFault(400, "POLL_ANSWER_INVALID")
        option = getattr(answer, "option", None) or bytes([place])
        answers.append(types.PollAnswer(answer.text, option))
    options = [bytes(getattr(answer, "option", b"")) for answer in answers]
    if len(set(options)) != len(options):
        raise RpcFault(400, "POLL_OPTION_DUPLICATE")
    correct: frozenset[bytes] = frozenset()
    if poll.quiz:
        places = list(media.correct_answers or ())
        if not places:
            raise RpcFault(400, "QUIZ_CORRECT_ANSWERS_EMPTY")
        if any(not 0 <= place < len(options) for place in places):
            raise RpcFault(400, "QUIZ_CORRECT_ANSWER_INVALID")
        correct = frozenset(options[place] for place in places)
    stored = types.Poll(
        id=call.world.new_id(),
        question=poll.question,
        answers=answers,
        hash=0,
        closed=poll.closed,
        public_voters=poll.public_voters,
        multiple_choice=poll.multiple_choice,
        quiz=poll.quiz,
        close_period=poll.close_period,
        close_date=poll.close_date,
        open_answers=poll.open_answers,
    )
    return PollMedia(stored, correct, {}, media.solution, list(media.solution_entities or ()) or None)
