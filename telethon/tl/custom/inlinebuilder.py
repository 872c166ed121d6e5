"""Making the results that a bot answers an inline query with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from telethon import utils
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.tl.custom._base import Client

__all__ = ["InlineBuilder"]

R = TypeVar(
    "R",
    "types.InputBotInlineResult",
    "types.InputBotInlineResultPhoto",
    "types.InputBotInlineResultDocument",
    "types.InputBotInlineResultGame",
)


class InlineBuilder:
    """Makes results for an inline query; `events.InlineQuery` has one as ``builder``.

    What is sent when a result is chosen is the same for all kinds of result:

    - ``text``, formatted by ``parse_mode`` and with the preview of a link unless ``link_preview`` is false; for photos
      and documents this is the caption;
    - ``geo``: a place, or a venue, which is shown for ``period`` seconds when it is live;
    - ``contact``: a contact;
    - ``game``: the game that the bot offers under the short name.

    Only one of them can be set, and only photos and documents need none. ``buttons`` go with each of them. Results have
    an ``id``, which is made of their content when it is left out.

    Example:
        >>> @client.on(events.InlineQuery)
        ... async def handler(event):
        ...     builder = event.builder
        ...     await event.answer([
        ...         builder.article("First", text="You chose the **first**"),
        ...         builder.photo("cat.jpg"),
        ...     ])

    Source: https://core.telegram.org/api/bots/inline
    """

    def __init__(self, client: Any) -> None:
        self._client: Client = client

    async def article(
        self,
        title: str,
        description: str | None = None,
        *,
        url: str | None = None,
        thumb: types.InputWebDocument | None = None,
        content: types.InputWebDocument | None = None,
        id: str | None = None,
        text: str | None = None,
        parse_mode: Any = (),
        link_preview: bool = True,
        geo: Any = None,
        period: int = 60,
        contact: types.InputMediaContact | types.MessageMediaContact | None = None,
        game: bool = False,
        buttons: Any = None,
    ) -> types.InputBotInlineResult:
        """A result that shows text.

        Args:
            title: its first line.
            description: the text below.
            url: the link shown with it.
            thumb: the picture shown with it.
            content: what it is about, on the web.
            id: its id; see the class, as for the following.
            text: see the class.
            parse_mode: see the class.
            link_preview: see the class.
            geo: see the class.
            period: see the class.
            contact: see the class.
            game: see the class.
            buttons: see the class.

        Raises:
            ValueError: not exactly one thing to send is set.

        Example:
            >>> builder.article("Yes", text="I agree.")
        """
        result = types.InputBotInlineResult(
            id=id or "",
            type="article",
            send_message=await self._message(
                text=text,
                parse_mode=parse_mode,
                link_preview=link_preview,
                media=False,
                geo=geo,
                period=period,
                contact=contact,
                game=game,
                buttons=buttons,
            ),
            title=title,
            description=description,
            url=url,
            thumb=thumb,
            content=content,
        )
        return _with_id(result, id)

    async def photo(
        self,
        file: Any,
        *,
        id: str | None = None,
        include_media: bool = True,
        text: str | None = None,
        parse_mode: Any = (),
        link_preview: bool = True,
        geo: Any = None,
        period: int = 60,
        contact: types.InputMediaContact | types.MessageMediaContact | None = None,
        game: bool = False,
        buttons: Any = None,
    ) -> types.InputBotInlineResultPhoto:
        """A result that shows a photo.

        Args:
            file: the photo: a path, link, stream, bytes, or a photo that is on Telegram already.
            id: its id; see the class.
            include_media: whether the photo is sent, with the text as caption, or only the text.
            text: see the class, as for the following.
            parse_mode: see the class.
            link_preview: see the class.
            geo: see the class.
            period: see the class.
            contact: see the class.
            game: see the class.
            buttons: see the class.

        Raises:
            ValueError: more than one thing to send is set.

        Example:
            >>> builder.photo("cat.jpg", text="A cat")

        Network: an upload, unless the photo is on Telegram already.
        """
        try:
            photo = utils.get_input_photo(file)
        except TypeError:
            _, media, _ = await self._client._file_to_media(file, allow_cache=True, as_image=True)
            if isinstance(media, types.InputMediaPhoto):
                photo = media.id
            else:
                uploaded: Any = await self._upload(media)
                photo = utils.get_input_photo(uploaded.photo)
        result = types.InputBotInlineResultPhoto(
            id=id or "",
            type="photo",
            photo=photo,
            send_message=await self._message(
                text=_caption(text, geo, contact, game),
                parse_mode=parse_mode,
                link_preview=link_preview,
                media=include_media,
                geo=geo,
                period=period,
                contact=contact,
                game=game,
                buttons=buttons,
            ),
        )
        return _with_id(result, id)

    async def document(
        self,
        file: Any,
        title: str | None = None,
        *,
        description: str | None = None,
        type: str | None = None,
        mime_type: str | None = None,
        attributes: Sequence[types.TypeDocumentAttribute] | None = None,
        force_document: bool = False,
        voice_note: bool = False,
        video_note: bool = False,
        use_cache: bool = True,
        id: str | None = None,
        text: str | None = None,
        parse_mode: Any = (),
        link_preview: bool = True,
        geo: Any = None,
        period: int = 60,
        contact: types.InputMediaContact | types.MessageMediaContact | None = None,
        game: bool = False,
        buttons: Any = None,
        include_media: bool = True,
    ) -> types.InputBotInlineResultDocument:
        """A result that shows a file: a document, video, animation, sticker or piece of audio.

        Args:
            file: the file: a path, link, stream, bytes, or a document that is on Telegram already.
            title: its first line.
            description: the text below.
            type: what it is: ``"voice"``, ``"audio"``, ``"video"``, ``"gif"``, ``"sticker"`` or ``"file"``; by default
                a file, or a voice message with *voice_note*.
            mime_type: the kind of file, when its name does not tell.
            attributes: attributes to set, instead of those that are found.
            force_document: whether a video is sent as a mere file.
            voice_note: whether audio is a voice message.
            video_note: whether a video is a round one.
            use_cache: whether a file uploaded before may serve again.
            id: its id; see the class.
            text: see the class, as for the following.
            parse_mode: see the class.
            link_preview: see the class.
            geo: see the class.
            period: see the class.
            contact: see the class.
            game: see the class.
            buttons: see the class.
            include_media: whether the file is sent, with the text as caption, or only the text.

        Raises:
            ValueError: more than one thing to send is set.

        Example:
            >>> builder.document("song.ogg", "A song", voice_note=True)

        Network: an upload, unless the document is on Telegram already.
        """
        if type is None:
            type = "voice" if voice_note else "file"
        try:
            document = utils.get_input_document(file)
        except TypeError:
            _, media, _ = await self._client._file_to_media(
                file,
                mime_type=mime_type,
                attributes=attributes,
                force_document=force_document,
                voice_note=voice_note,
                video_note=video_note,
                allow_cache=use_cache,
            )
            if isinstance(media, types.InputMediaDocument):
                document = media.id
            else:
                uploaded: Any = await self._upload(media)
                document = utils.get_input_document(uploaded.document)
        result = types.InputBotInlineResultDocument(
            id=id or "",
            type=type,
            document=document,
            send_message=await self._message(
                text=_caption(text, geo, contact, game),
                parse_mode=parse_mode,
                link_preview=link_preview,
                media=include_media,
                geo=geo,
                period=period,
                contact=contact,
                game=game,
                buttons=buttons,
            ),
            title=title,
            description=description,
        )
        return _with_id(result, id)

    async def game(
        self,
        short_name: str,
        *,
        id: str | None = None,
        text: str | None = None,
        parse_mode: Any = (),
        link_preview: bool = True,
        geo: Any = None,
        period: int = 60,
        contact: types.InputMediaContact | types.MessageMediaContact | None = None,
        game: bool = False,
        buttons: Any = None,
    ) -> types.InputBotInlineResultGame:
        """A result that shows a game of the bot.

        Args:
            short_name: the short name of the game.
            id: its id; see the class, as for the following.
            text: see the class.
            parse_mode: see the class.
            link_preview: see the class.
            geo: see the class.
            period: see the class.
            contact: see the class.
            game: whether the game is sent; it is when nothing else is set.
            buttons: see the class.

        Raises:
            ValueError: more than one thing to send is set.

        Example:
            >>> builder.game("chess")
        """
        nothing = text is None and not geo and not contact
        result = types.InputBotInlineResultGame(
            id=id or "",
            short_name=short_name,
            send_message=await self._message(
                text=text,
                parse_mode=parse_mode,
                link_preview=link_preview,
                media=False,
                geo=geo,
                period=period,
                contact=contact,
                game=game or nothing,
                buttons=buttons,
            ),
        )
        return _with_id(result, id)

    async def _upload(self, media: Any) -> types.TypeMessageMedia:
        return await self._client(functions.messages.UploadMediaRequest(types.InputPeerSelf(), media=media))

    async def _message(
        self,
        *,
        text: str | None,
        parse_mode: Any,
        link_preview: bool,
        media: bool,
        geo: Any,
        period: int,
        contact: Any,
        game: bool,
        buttons: Any,
    ) -> types.TypeInputBotInlineMessage:
        """What is sent when the result is chosen."""
        given = {"text": text is not None, "geo": bool(geo), "contact": bool(contact), "game": bool(game)}
        chosen = [name for name, is_set in given.items() if is_set]
        if len(chosen) != 1:
            raise ValueError(
                f"Must set exactly one of text, geo, contact or game (set {', '.join(chosen) if chosen else 'none'})"
            )
        markup = self._client.build_reply_markup(buttons)
        if text is not None:
            plain, entities = await self._client._parse_message_text(text, parse_mode)
            if media:
                return types.InputBotInlineMessageMediaAuto(message=plain, entities=entities, reply_markup=markup)
            return types.InputBotInlineMessageText(
                message=plain, no_webpage=not link_preview, entities=entities, reply_markup=markup
            )
        if isinstance(geo, (types.InputMediaVenue, types.MessageMediaVenue)):
            place = geo.geo_point if isinstance(geo, types.InputMediaVenue) else geo.geo
            return types.InputBotInlineMessageMediaVenue(
                geo_point=utils.get_input_geo(place),
                title=geo.title,
                address=geo.address,
                provider=geo.provider,
                venue_id=geo.venue_id,
                venue_type=geo.venue_type,
                reply_markup=markup,
            )
        if geo:
            try:
                point = utils.get_input_geo(geo)
            except TypeError:
                raise _nothing_valid() from None
            return types.InputBotInlineMessageMediaGeo(geo_point=point, period=period, reply_markup=markup)
        if isinstance(contact, (types.InputMediaContact, types.MessageMediaContact)):
            return types.InputBotInlineMessageMediaContact(
                phone_number=contact.phone_number,
                first_name=contact.first_name,
                last_name=contact.last_name,
                vcard=contact.vcard,
                reply_markup=markup,
            )
        if game:
            return types.InputBotInlineMessageGame(reply_markup=markup)
        raise _nothing_valid()


def _nothing_valid() -> ValueError:
    return ValueError("No text, game or valid geo or contact given")


def _caption(text: str | None, geo: Any, contact: Any, game: bool) -> str | None:
    """The caption of a photo or document, which is empty unless something else is sent in its place."""
    return text if text is not None or geo or contact or game else ""


def _with_id(result: R, id: str | None) -> R:
    """The result, with an id made of its content when it has none."""
    if id is None:
        from hashlib import sha256

        result.id = sha256(bytes(result)).hexdigest()
    return result
