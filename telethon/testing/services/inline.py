"""messages: pressed buttons, inline queries, and messages sent through bots.

Source: https://core.telegram.org/api/bots/inline
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._changing import change
from telethon.testing.services._sent import sent
from telethon.testing.services._service import serves
from telethon.testing.services._text import MAX_CAPTION, MAX_TEXT, clean_markup, clean_text
from telethon.testing.services.messages import clear_draft, take_quote
from telethon.testing.services.passwords import prove
from telethon.testing.world import post
from telethon.testing.world.letters import Draft
from telethon.testing.world.media import DocumentMedia, FixedMedia, Media, PhotoMedia
from telethon.testing.world.peerids import as_peer, is_channel, is_group
from telethon.testing.world.queries import InlineMessage
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter

MAX_RESULTS = 50


# -- buttons ---------------------------------------------------------------------------------------------------------


def chat_instance(peer: int, bot: int) -> int:
    """A number that stands for a chat in questions to a bot, the same for all its members."""
    return zlib.crc32(f"{peer} {bot}".encode()) << 20 | 1


def _has_button(letter: Letter, data: bytes | None, game: bool) -> types.InlineButtonTypeCallback | bool:
    """The pressed button; True for a game, False when the message has no such button."""
    if not isinstance(letter.markup, types.ReplyInlineMarkup):
        return False
    for row in letter.markup.rows:
        for button in row.buttons:
            kind = button.type
            if game and isinstance(kind, types.InlineButtonTypeGame):
                return True
            if isinstance(kind, types.InlineButtonTypeCallback) and kind.data == data:
                return kind
    return False


@serves(functions.messages.GetBotCallbackAnswerRequest)
async def get_bot_callback_answer(
    request: functions.messages.GetBotCallbackAnswerRequest, call: Call
) -> types.messages.BotCallbackAnswer:
    """Press a button and wait for what the bot says."""
    peer = call.peer(request.peer)
    letter = call.letter(peer, request.msg_id)
    button = _has_button(letter, request.data, bool(request.game))
    if not button:
        raise RpcFault(400, "DATA_INVALID")
    if isinstance(button, types.InlineButtonTypeCallback) and button.requires_password:
        if call.me.password is None:
            raise RpcFault(400, "PASSWORD_MISSING")
        prove(call, request.password)
    return await press(call, letter, peer, request.data)


async def press(call: Call, letter: Letter, peer: int, data: bytes | None) -> types.messages.BotCallbackAnswer:
    """Tell the bot that a button of its message was pressed, and wait."""
    world, user = call.world, call.my_id
    bot = letter.via_bot if letter.via_bot is not None else letter.sender
    account = world.accounts.get(bot)
    if account is None or account.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    query = world.queries.ask(bot, user)
    media = letter.media.tl(user) if letter.media is not None and data is None else None
    game = media.game.short_name if isinstance(media, types.MessageMediaGame) else None
    update: types.TypeUpdate
    if letter.inline_id is not None:
        known = world.queries.inline_messages[letter.inline_id]
        update = types.UpdateInlineBotCallbackQuery(
            query_id=query.id,
            user_id=user,
            msg_id=inline_number(known),
            chat_instance=chat_instance(peer, bot),
            data=data,
            game_short_name=game,
        )
    else:
        shown = user if peer > 0 else peer
        owner = peer if is_channel(peer) else bot
        update = types.UpdateBotCallbackQuery(
            query_id=query.id,
            user_id=user,
            peer=as_peer(shown),
            msg_id=letter.copies.get(owner, 0),
            chat_instance=chat_instance(peer if peer < 0 else user, bot),
            data=data,
            game_short_name=game,
        )
    call.delivery.note(bot, update, (user, *([peer] if peer < 0 else [])))
    call.delivery.flush()
    answer = await world.queries.wait(query)
    return answer  # type: ignore[no-any-return]


@serves(functions.messages.SetBotCallbackAnswerRequest, who="bot")
def set_bot_callback_answer(request: functions.messages.SetBotCallbackAnswerRequest, call: Call) -> bool:
    """Say something to who pressed a button."""
    if request.message is not None and len(request.message) > 200:
        raise RpcFault(400, "MESSAGE_TOO_LONG")
    if request.url is not None and "://" not in request.url:
        raise RpcFault(400, "URL_INVALID")
    answer = types.messages.BotCallbackAnswer(
        cache_time=request.cache_time,
        alert=request.alert,
        has_url=request.url is not None,
        native_ui=True,
        message=request.message,
        url=request.url,
    )
    call.world.queries.reply(request.query_id, call.my_id, answer)
    return True


# -- inline queries --------------------------------------------------------------------------------------------------


def _peer_kind(call: Call, peer: int | None) -> types.TypeInlineQueryPeerType | None:
    if peer is None:
        return None
    if peer > 0:
        if peer == call.my_id:
            return types.InlineQueryPeerTypePM()
        return types.InlineQueryPeerTypeBotPM() if call.world.accounts[peer].bot else types.InlineQueryPeerTypePM()
    if is_group(peer):
        return types.InlineQueryPeerTypeChat()
    room = call.room(peer)
    broadcast = bool(getattr(room, "broadcast", False))
    return types.InlineQueryPeerTypeBroadcast() if broadcast else types.InlineQueryPeerTypeMegagroup()


@serves(functions.messages.GetInlineBotResultsRequest)
async def get_inline_bot_results(
    request: functions.messages.GetInlineBotResultsRequest, call: Call
) -> types.messages.BotResults:
    """Ask a bot for things to send."""
    world = call.world
    account = call.user(request.bot)
    if account.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    if account.bot.placeholder is None:
        raise RpcFault(400, "BOT_INLINE_DISABLED")
    if len(request.query) > 256:
        raise RpcFault(400, "MESSAGE_TOO_LONG")
    peer = None if isinstance(request.peer, types.InputPeerEmpty) else call.peer(request.peer)
    query = world.queries.ask(account.id, call.my_id, request.query, request.offset, peer or 0)
    update = types.UpdateBotInlineQuery(
        query_id=query.id,
        user_id=call.my_id,
        query=request.query,
        offset=request.offset,
        peer_type=_peer_kind(call, peer),
    )
    call.delivery.note(account.id, update, (call.my_id,))
    call.delivery.flush()
    answer: types.messages.BotResults = await world.queries.wait(query)
    return answer


@serves(functions.messages.SetInlineBotResultsRequest, who="bot")
def set_inline_bot_results(request: functions.messages.SetInlineBotResultsRequest, call: Call) -> bool:
    """Hand in things to send."""
    if len(request.results) > MAX_RESULTS:
        raise RpcFault(400, "RESULTS_TOO_MUCH")
    if request.next_offset is not None and len(request.next_offset) > 64:
        raise RpcFault(400, "NEXT_OFFSET_INVALID")
    query = call.world.queries.open.get(request.query_id)
    if query is None or query.bot != call.my_id:
        raise RpcFault(400, "QUERY_ID_INVALID")
    kept: dict[str, tuple[types.TypeInputBotInlineResult, types.TypeBotInlineMessage]] = {}
    shown: list[types.TypeBotInlineResult] = []
    for result in request.results:
        if not 0 < len(result.id.encode()) <= 64:
            raise RpcFault(400, "RESULT_ID_INVALID")
        if result.id in kept:
            raise RpcFault(400, "RESULT_ID_DUPLICATE")
        message = shown_message(call, result.send_message)
        kept[result.id] = (result, message)
        shown.append(shown_result(call, result, message))
    answer = types.messages.BotResults(
        query_id=query.id,
        results=shown,
        cache_time=request.cache_time,
        users=[],
        gallery=request.gallery,
        next_offset=request.next_offset or None,
        switch_pm=request.switch_pm,
        switch_webview=request.switch_webview,
    )
    call.world.queries.results[query.id] = (query, answer, dict(kept))
    call.world.queries.reply(request.query_id, call.my_id, answer)
    return True


def shown_message(call: Call, message: types.TypeInputBotInlineMessage) -> types.TypeBotInlineMessage:
    """What a result sends, as clients see it.

    Raises:
        RpcFault: the bot may not offer that.
    """
    markup = clean_markup(call, message.reply_markup)
    if isinstance(message, types.InputBotInlineMessageText):
        if not message.message.strip():
            raise RpcFault(400, "MESSAGE_EMPTY")
        text, entities = clean_text(call, message.message, message.entities, MAX_TEXT, "MESSAGE_TOO_LONG")
        return types.BotInlineMessageText(text, message.no_webpage, message.invert_media, entities, markup)
    if isinstance(message, types.InputBotInlineMessageMediaAuto):
        text, entities = clean_text(call, message.message, message.entities, MAX_CAPTION, "MEDIA_CAPTION_TOO_LONG")
        return types.BotInlineMessageMediaAuto(text, message.invert_media, entities, markup)
    if isinstance(message, types.InputBotInlineMessageMediaGeo):
        point = message.geo_point
        if not isinstance(point, types.InputGeoPoint):
            raise RpcFault(400, "GEO_POINT_INVALID")
        geo = types.GeoPoint(point.long, point.lat, call.world.new_id())
        return types.BotInlineMessageMediaGeo(geo, reply_markup=markup)
    if isinstance(message, types.InputBotInlineMessageMediaVenue):
        point = message.geo_point
        if not isinstance(point, types.InputGeoPoint):
            raise RpcFault(400, "GEO_POINT_INVALID")
        geo = types.GeoPoint(point.long, point.lat, call.world.new_id())
        return types.BotInlineMessageMediaVenue(
            geo, message.title, message.address, message.provider, message.venue_id, message.venue_type, markup
        )
    if isinstance(message, types.InputBotInlineMessageMediaContact):
        return types.BotInlineMessageMediaContact(
            message.phone_number, message.first_name, message.last_name, message.vcard, markup
        )
    if isinstance(message, types.InputBotInlineMessageGame):
        if markup is None:
            play = types.KeyboardInlineButton("Play", types.InlineButtonTypeGame())
            markup = types.ReplyInlineMarkup([types.KeyboardInlineButtonRow([play])])
        return types.BotInlineMessageMediaAuto("", reply_markup=markup)
    raise RpcFault(400, "SEND_MESSAGE_TYPE_INVALID")


def _stored(call: Call, result: types.TypeInputBotInlineResult, bot: int) -> Media | None:
    """The file in a result, when it holds one that the server has."""
    files = call.world.files
    if isinstance(result, types.InputBotInlineResultPhoto) and isinstance(result.photo, types.InputPhoto):
        photo = files.photo(result.photo.id, result.photo.access_hash)
        return PhotoMedia(photo)
    if isinstance(result, types.InputBotInlineResultDocument) and isinstance(result.document, types.InputDocument):
        return DocumentMedia(files.document(result.document.id, result.document.access_hash))
    if isinstance(result, types.InputBotInlineResultGame):
        game = call.world.things.games.get((bot, result.short_name))
        if game is None:
            raise RpcFault(400, "SEND_MESSAGE_GAME_INVALID")
        return FixedMedia(types.MessageMediaGame(game.tl()), "game")
    return None


def shown_result(
    call: Call, result: types.TypeInputBotInlineResult, message: types.TypeBotInlineMessage
) -> types.TypeBotInlineResult:
    """A result of an inline query, as clients see it.

    Raises:
        RpcFault: it names something that there is not.
    """
    if isinstance(result, types.InputBotInlineResult):
        return types.BotInlineResult(
            id=result.id,
            type=result.type,
            send_message=message,
            title=result.title,
            description=result.description,
            url=result.url,
            thumb=_web_document(call, result.thumb),
            content=_web_document(call, result.content),
        )
    stored = _stored(call, result, call.my_id)
    shown_game = stored.tl(call.my_id) if isinstance(stored, FixedMedia) else None
    game = shown_game.game if isinstance(shown_game, types.MessageMediaGame) else None
    return types.BotInlineMediaResult(
        id=result.id,
        type=getattr(result, "type", "game"),
        send_message=message,
        photo=game.photo if game is not None else stored.photo.tl() if isinstance(stored, PhotoMedia) else None,
        document=stored.document.tl() if isinstance(stored, DocumentMedia) else None,
        title=game.title if game is not None else getattr(result, "title", None),
        description=game.description if game is not None else getattr(result, "description", None),
    )


def _web_document(call: Call, document: types.TypeInputWebDocument | None) -> types.TypeWebDocument | None:
    if document is None:
        return None
    return types.WebDocument(document.url, call.world.new_id(), document.size, document.mime_type, document.attributes)


@serves(functions.messages.SendInlineBotResultRequest)
def send_inline_bot_result(request: functions.messages.SendInlineBotResultRequest, call: Call) -> types.TypeUpdates:
    """Send one of those things."""
    world = call.world
    found = world.queries.results.get(request.query_id)
    if found is None or found[0].user != call.my_id:
        raise RpcFault(400, "QUERY_ID_INVALID")
    query, _, kept = found
    if request.id not in kept:
        raise RpcFault(400, "RESULT_ID_INVALID")
    peer = call.peer(request.peer)
    result, message = kept[request.id]
    media, text, entities = content(call, result, message, query.bot)
    inline = None
    if message.reply_markup is not None:
        inline = world.new_id()
    draft = Draft(
        text,
        entities,
        media,
        message.reply_markup,
        quote=take_quote(call, peer, request.reply_to),
        via_bot=None if request.hide_via else query.bot,
        silent=bool(request.silent),
        random_id=request.random_id,
        inline_id=inline,
    )
    letter = post.send(world, call.delivery, call.me, peer, draft)
    msg_id: types.TypeInputBotInlineMessageID | None = None
    if inline is not None:
        known = InlineMessage(inline, world.new_id(), call.me.dc_id, query.bot, letter)
        world.queries.inline_messages[inline] = known
        msg_id = inline_number(known)
    update = types.UpdateBotInlineSend(user_id=call.my_id, query=query.text, id=request.id, msg_id=msg_id)
    call.delivery.note(query.bot, update, (call.my_id,))
    if request.clear_draft:
        clear_draft(call, peer)
    return sent(call, [(letter, request.random_id)])


def content(
    call: Call, result: types.TypeInputBotInlineResult, message: types.TypeBotInlineMessage, bot: int
) -> tuple[Media | None, str, list[types.TypeMessageEntity] | None]:
    """What a result is sent as: its media, its text, and the formatting.

    Raises:
        RpcFault: it cannot be sent.
    """
    if isinstance(message, types.BotInlineMessageText):
        return None, message.message, message.entities
    if isinstance(message, types.BotInlineMessageMediaGeo):
        return FixedMedia(types.MessageMediaGeo(message.geo), "geo"), "", None
    if isinstance(message, types.BotInlineMessageMediaVenue):
        venue = types.MessageMediaVenue(
            message.geo, message.title, message.address, message.provider, message.venue_id, message.venue_type
        )
        return FixedMedia(venue, "geo"), "", None
    if isinstance(message, types.BotInlineMessageMediaContact):
        contact = types.MessageMediaContact(
            message.phone_number, message.first_name, message.last_name, message.vcard, 0
        )
        return FixedMedia(contact, "contact"), "", None
    if isinstance(message, types.BotInlineMessageMediaAuto):
        stored = _stored(call, result, bot)
        if stored is None:
            # A picture or file on the web, which is never fetched here.
            raise RpcFault(400, "WEBDOCUMENT_URL_INVALID")
        return stored, message.message, message.entities
    raise RpcFault(400, "SEND_MESSAGE_TYPE_INVALID")


# -- messages sent through bots --------------------------------------------------------------------------------------


def inline_number(known: InlineMessage) -> types.InputBotInlineMessageID64:
    """How the bot names a message that was sent through it."""
    return types.InputBotInlineMessageID64(
        known.dc_id, known.letter.sender, known.id & 0x7FFFFFFF, known.id ^ known.access_hash
    )


@serves(functions.messages.EditInlineBotMessageRequest, who="both", anywhere=True)
def edit_inline_bot_message(request: functions.messages.EditInlineBotMessageRequest, call: Call) -> bool:
    """Change a message that was sent through the bot."""
    for known in call.world.queries.inline_messages.values():
        if known.bot == call.my_id and bytes(inline_number(known)) == bytes(request.id):
            if call.dc_id != known.dc_id:
                raise RpcFault(400, "MESSAGE_ID_INVALID")
            change(call, known.letter, request.message, request.entities, request.media, request.reply_markup)
            post.edited(call.world, call.delivery, known.letter)
            return True
    raise RpcFault(400, "MESSAGE_ID_INVALID")


@serves(functions.messages.StartBotRequest)
def start_bot(request: functions.messages.StartBotRequest, call: Call) -> types.TypeUpdates:
    """Open a bot with a parameter."""
    bot = call.user(request.bot)
    if bot.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    if len(request.start_param) > 64:
        raise RpcFault(400, "START_PARAM_TOO_LONG")
    if not all(character.isascii() and (character.isalnum() or character in "_-") for character in request.start_param):
        raise RpcFault(400, "START_PARAM_INVALID")
    peer = call.peer(request.peer)
    target = bot.id if peer in (bot.id, call.my_id) else peer
    command = types.MessageEntityBotCommand(0, len("/start"))
    text = f"/start {request.start_param}".strip()
    draft = Draft(text, [command], random_id=request.random_id)
    letter = post.send(call.world, call.delivery, call.me, target, draft)
    return sent(call, [(letter, request.random_id)])
