"""What the world knows besides people and messages: web pages, games and sets of stickers.

Source: https://core.telegram.org/api/stickers
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telethon.testing.world.files import StoredDocument, StoredPhoto
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing.world.world import World

__all__ = ["Game", "StickerSet", "Things"]


@dataclass(slots=True, eq=False)
class Game:
    """A game of a bot.

    Attributes:
        bot: the bot it belongs to.
        short_name: how the bot names it.
        scores: the best score of each player, by the letter it was played under and the account.
    """

    id: int
    access_hash: int
    bot: int
    short_name: str
    title: str
    description: str
    photo: StoredPhoto
    document: StoredDocument | None = None
    scores: dict[object, dict[int, int]] = field(default_factory=dict)

    def tl(self) -> types.Game:
        """The game as clients see it."""
        return types.Game(
            id=self.id,
            access_hash=self.access_hash,
            short_name=self.short_name,
            title=self.title,
            description=self.description,
            photo=self.photo.tl(),
            document=self.document.tl() if self.document is not None else None,
        )


@dataclass(slots=True, eq=False)
class StickerSet:
    """Stickers that belong together.

    Attributes:
        creator: the account that made it.
        stickers: the files with the emoji each stands for, in order.
        installed: when it was installed, by account.
        archived: the accounts that have it in the archive.
        keywords: words by which a sticker is found, by its number.
        thumb: the number of the file that is its picture.
    """

    id: int
    access_hash: int
    short_name: str
    title: str
    creator: int
    stickers: list[tuple[str, StoredDocument]] = field(default_factory=list)
    emojis: bool = False
    masks: bool = False
    installed: dict[int, int] = field(default_factory=dict)
    archived: set[int] = field(default_factory=set)
    keywords: dict[int, list[str]] = field(default_factory=dict)
    thumb: int | None = None

    @property
    def sort(self) -> str:
        """What is in it: `stickers`, `masks` or `emojis`."""
        return "masks" if self.masks else "emojis" if self.emojis else "stickers"

    def add(self, emoji: str, document: StoredDocument, place: int | None = None) -> None:
        """Put a sticker into the set; its file says from then on that it belongs there."""
        name = types.InputStickerSetID(self.id, self.access_hash)
        own: types.TypeDocumentAttribute = types.DocumentAttributeSticker(emoji, name, mask=self.masks)
        if self.emojis:
            own = types.DocumentAttributeCustomEmoji(emoji, name)
        kinds = (types.DocumentAttributeSticker, types.DocumentAttributeCustomEmoji)
        kept = [one for one in document.attributes if not isinstance(one, kinds)]
        document.attributes = [*kept, own]
        self.stickers.insert(len(self.stickers) if place is None else place, (emoji, document))

    def tl(self, viewer: int) -> types.StickerSet:
        """The set as an account sees it."""
        return types.StickerSet(
            id=self.id,
            access_hash=self.access_hash,
            title=self.title,
            short_name=self.short_name,
            count=len(self.stickers),
            hash=zlib.crc32(b"".join(document.id.to_bytes(8, "little") for _, document in self.stickers)) >> 1,
            archived=viewer in self.archived,
            masks=self.masks,
            emojis=self.emojis,
            thumb_document_id=self.thumb,
            creator=self.creator == viewer,
            installed_date=self.installed.get(viewer),
        )

    def whole(self, viewer: int) -> types.messages.StickerSet:
        """The set with its stickers."""
        packs: dict[str, list[int]] = {}
        for emoji, document in self.stickers:
            packs.setdefault(emoji, []).append(document.id)
        return types.messages.StickerSet(
            self.tl(viewer),
            [types.StickerPack(emoji, ids) for emoji, ids in packs.items()],
            [types.StickerKeyword(number, list(words)) for number, words in self.keywords.items()],
            [document.tl() for _, document in self.stickers],
        )


class Things:
    """All pages, games and sets of a world.

    Args:
        world: the world.

    Attributes:
        pages: what links look like, by address.
        games: games, by bot and short name.
        sets: sets of stickers, by short name in lower case.
        translations: texts in other languages, by the text and the code of the language.
        transcriptions: what is said in voice messages, by their bytes.
        attached: the stickers on pictures and videos, by number.
        reaction_icons: pictures of the emojis that messages can be reacted to with.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.pages: dict[str, types.WebPage] = {}
        self.games: dict[tuple[int, str], Game] = {}
        self.sets: dict[str, StickerSet] = {}
        self.reaction_icons: dict[str, StoredDocument] = {}
        self.attached: dict[int, tuple[int, ...]] = {}
        self.translations: dict[tuple[str, str], str] = {}
        self.transcriptions: dict[bytes, str] = {}

    def add_page(
        self, url: str, title: str, description: str | None = None, site_name: str | None = None, photo: bytes = b""
    ) -> types.WebPage:
        """Say what a link looks like; nothing is ever fetched from outside."""
        stored = self._world.files.add_photo(photo, self._world.dc_ids[0]) if photo else None
        page = self.pages[url] = types.WebPage(
            id=self._world.new_id(),
            url=url,
            display_url=url.partition("://")[2],
            hash=0,
            type="article",
            site_name=site_name,
            title=title,
            description=description,
            photo=stored.tl() if stored is not None else None,
        )
        return page

    def page_in(self, text: str, entities: list[types.TypeMessageEntity] | None) -> types.WebPage | None:
        """What the first link of a text looks like, when that is known."""
        units = text.encode("utf-16-le")
        for entity in entities or ():
            if isinstance(entity, types.MessageEntityTextUrl):
                url = entity.url
            elif isinstance(entity, types.MessageEntityUrl):
                url = units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")
            else:
                continue
            return self.pages.get(url)
        return None

    def add_game(self, bot: int, short_name: str, title: str, description: str, photo: bytes) -> Game:
        """Give a bot a game.

        Raises:
            ValueError: it has one of that name.
        """
        if (bot, short_name) in self.games:
            raise ValueError(f"the bot has a game {short_name!r} already")
        world = self._world
        stored = world.files.add_photo(photo, world.accounts[bot].dc_id)
        game = Game(world.new_id(), world.new_id(), bot, short_name, title, description, stored)
        self.games[bot, short_name] = game
        return game

    def game(self, wanted: types.TypeInputGame, bot: int | None) -> Game | None:
        """The game that a request names.

        Args:
            wanted: what the request says.
            bot: the bot whose games the name is looked for in.
        """
        if isinstance(wanted, types.InputGameShortName):
            return self.games.get((bot, wanted.short_name)) if bot is not None else None
        for game in self.games.values():
            if game.id == wanted.id and game.access_hash == wanted.access_hash:
                return game
        return None

    def add_set(self, short_name: str, title: str, creator: int, *, emojis: bool = False) -> StickerSet:
        """Make a set without stickers.

        Raises:
            ValueError: the name is taken.
        """
        key = short_name.lower()
        if key in self.sets:
            raise ValueError(f"there is a set of stickers named {short_name!r} already")
        world = self._world
        made = self.sets[key] = StickerSet(world.new_id(), world.new_id(), short_name, title, creator, emojis=emojis)
        return made

    def is_emoji(self, document_id: int) -> bool:
        """Whether a file is a custom emoji of some set."""
        return any(document_id == one.id for found in self.sets.values() if found.emojis for _, one in found.stickers)

    def sticker_set(self, wanted: types.TypeInputStickerSet) -> StickerSet | None:
        """The set that a request names."""
        if isinstance(wanted, types.InputStickerSetShortName):
            return self.sets.get(wanted.short_name.lower())
        if isinstance(wanted, types.InputStickerSetID):
            for found in self.sets.values():
                if found.id == wanted.id and found.access_hash == wanted.access_hash:
                    return found
        return None
