"""What a test says there is in the world: web pages, games, stickers, web applications, gifts, translations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telethon.testing.actors import SimulatedBot, SimulatedUser
    from telethon.testing.world.files import StoredDocument
    from telethon.testing.world.records import Channel
    from telethon.testing.world.world import World

__all__ = ["Creations"]


class Creations:
    """The part of `TelegramTestServer` that makes things which people and bots use."""

    world: World

    def create_web_page(
        self, url: str, title: str, description: str | None = None, site_name: str | None = None, photo: bytes = b""
    ) -> None:
        """Say what a link looks like in messages; nothing is ever fetched from outside.

        Args:
            url: the address, as messages have it.
            title: what stands first.
            description: what stands below.
            site_name: the name of the site.
            photo: a picture.
        """
        self.world.things.add_page(url, title, description, site_name, photo)

    def create_game(
        self, bot: SimulatedBot, short_name: str, title: str, description: str = "", photo: bytes | None = None
    ) -> None:
        """Give a bot a game, as BotFather does.

        Args:
            bot: whose game it is.
            short_name: how the bot names it.
            title: its title.
            description: what it is about.
            photo: its picture, by default a small one.

        Raises:
            ValueError: the bot has a game of that name.
        """
        from telethon.testing.world.pictures import tiny_png

        self.world.things.add_game(bot.id, short_name, title, description, photo or tiny_png())

    def create_web_app(
        self,
        bot: SimulatedBot,
        short_name: str,
        url: str,
        title: str = "App",
        *,
        main: bool = False,
        menu: bool = False,
    ) -> None:
        """Give a bot a small web application, as BotFather does; its pages are never fetched.

        Args:
            bot: whose application it is.
            short_name: how the link into it names it.
            url: where its pages are.
            title: its title.
            main: whether the profile of the bot opens it, too.
            menu: whether it can be put into the menu of attachments.

        Raises:
            ValueError: the bot has an application of that name, or the address is no https one.
        """
        from telethon.testing.world.miniapps import MiniApp
        from telethon.testing.world.pictures import tiny_png

        known = bot.account.bot
        if known is None or short_name in known.apps:
            raise ValueError(f"the bot has an application {short_name!r} already")
        if not url.startswith("https://"):
            raise ValueError(f"the address of an application begins with https://, and {url!r} does not")
        world = self.world
        photo = world.files.add_photo(tiny_png(), bot.account.dc_id)
        app = MiniApp(world.new_id(), world.new_id(), short_name, title, "", url, photo)
        known.apps[short_name] = app
        if main:
            known.main_app = app
        if menu:
            known.attach_menu = app

    def create_sticker_set(
        self,
        short_name: str,
        title: str,
        creator: SimulatedUser,
        stickers: Mapping[str, bytes],
        *,
        emojis: bool = False,
    ) -> list[int]:
        """A set of stickers.

        Args:
            short_name: the name in its link.
            title: its title.
            creator: who made it.
            stickers: a picture for each emoji.
            emojis: whether these are custom emojis, to be used within texts.

        Returns:
            The numbers of the files, in order; `MessageEntityCustomEmoji` names custom emojis by them.

        Raises:
            ValueError: the name is taken.
        """
        made = self.world.things.add_set(short_name, title, creator.id, emojis=emojis)
        for emoji, data in stickers.items():
            made.add(emoji, self._sticker(data, creator.account.dc_id))
        return [document.id for _, document in made.stickers]

    def _sticker(self, data: bytes, dc_id: int) -> StoredDocument:
        from telethon.testing.world.pictures import measure
        from telethon.tl import types

        measured = measure(data)
        width, height, mime_type = measured if measured is not None else (512, 512, "application/x-tgsticker")
        attributes: list[types.TypeDocumentAttribute] = [
            types.DocumentAttributeImageSize(width, height),
            types.DocumentAttributeFilename("sticker.webp"),
        ]
        return self.world.files.add_document(data, dc_id, mime_type, attributes)

    def create_gift(
        self, title: str, stars: int, *, convert: int | None = None, upgrade: int = 0, total: int | None = None
    ) -> int:
        """A gift that can be bought with stars.

        Args:
            title: its name.
            stars: what it costs.
            convert: how many stars the one who gets it can have in its place; by default all but a tenth.
            upgrade: what it costs to make it the only one of its kind; 0 when that cannot be.
            total: how many there are; None for as many as one likes.

        Returns:
            Its number.
        """
        from telethon.testing.world.gifts import Gift
        from telethon.testing.world.pictures import tiny_png

        world = self.world
        number = world.new_id()
        sticker = self._sticker(tiny_png(8, 8), world.dc_ids[0])
        left = convert if convert is not None else stars - stars // 10
        world.gifts.offered[number] = Gift(number, title, sticker, stars, left, upgrade, total)
        return number

    def give_stars(self, user: SimulatedUser, amount: int) -> None:
        """Let a person or bot have more stars."""
        self.world.ledger.give(user.id, amount)

    def add_username(self, holder: SimulatedUser | Channel, username: str) -> None:
        """Give somebody one more username, as if it was bought; it can be switched on and off.

        Raises:
            ValueError: somebody has it.
        """
        from telethon.testing.world.records import Channel

        record = holder if isinstance(holder, Channel) else holder.account
        self.world.take_username(username, record.peer)
        record.further[username] = True

    def create_translation(self, text: str, to_lang: str, translated: str) -> None:
        """Say what a text is in another language.

        Args:
            text: the text.
            to_lang: the code of the language.
            translated: the text in it.
        """
        self.world.things.translations[text, to_lang.lower()] = translated

    def create_transcription(self, voice: bytes, text: str) -> None:
        """Say what is spoken in a voice message.

        Args:
            voice: the bytes of the file.
            text: what is spoken.
        """
        self.world.things.transcriptions[voice] = text
