"""What chats look like: wallpapers and themes.

Source: https://core.telegram.org/api/wallpapers
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing.world.files import StoredDocument

__all__ = ["Looks", "Theme", "Wallpaper"]


@dataclass(slots=True, eq=False)
class Wallpaper:
    """A picture to be behind messages."""

    id: int
    access_hash: int
    slug: str
    creator: int
    document: StoredDocument
    pattern: bool
    settings: types.WallPaperSettings

    def tl(self, viewer: int, settings: types.WallPaperSettings | None = None) -> types.WallPaper:
        """The wallpaper as an account sees it, with settings of its own if it has any."""
        return types.WallPaper(
            self.id,
            self.access_hash,
            self.slug,
            self.document.tl(),
            creator=self.creator == viewer,
            pattern=self.pattern,
            settings=settings if settings is not None else self.settings,
        )


@dataclass(slots=True, eq=False)
class Theme:
    """Colours for an app.

    Attributes:
        document: a file for each kind of app; one for all of them here.
        settings: simple themes that all apps understand.
        emoji: the emoji it stands for as a theme of chats.
        installed: the accounts that keep it.
    """

    id: int
    access_hash: int
    slug: str
    title: str
    creator: int
    document: StoredDocument | None = None
    settings: list[types.ThemeSettings] = field(default_factory=list)
    emoji: str | None = None
    installed: set[int] = field(default_factory=set)

    def tl(self, viewer: int) -> types.Theme:
        """The theme as an account sees it."""
        return types.Theme(
            self.id,
            self.access_hash,
            self.slug,
            self.title,
            creator=self.creator == viewer,
            for_chat=self.emoji is not None,
            document=self.document.tl() if self.document is not None else None,
            settings=list(self.settings) or None,
            emoticon=self.emoji,
            installs_count=len(self.installed),
        )


class Looks:
    """All wallpapers and themes of a world.

    Attributes:
        wallpapers: by number.
        themes: by number.
    """

    def __init__(self) -> None:
        self.wallpapers: dict[int, Wallpaper] = {}
        self.themes: dict[int, Theme] = {}
        #: Chat themes that everybody has: the emoji, and the colour of messages by day.
        for number, (emoji, colour) in enumerate(_CHAT_THEMES.items(), 1):
            simple = types.ThemeSettings(types.BaseThemeClassic(), colour)
            self.themes[number] = Theme(number, number, f"chat{number}", emoji, 0, None, [simple], emoji)

    def wallpaper(self, wanted: types.TypeInputWallPaper) -> Wallpaper | None:
        """The wallpaper that a request names."""
        if isinstance(wanted, types.InputWallPaperSlug):
            return next((one for one in self.wallpapers.values() if one.slug == wanted.slug), None)
        if isinstance(wanted, types.InputWallPaper):
            found = self.wallpapers.get(wanted.id)
            return found if found is not None and found.access_hash == wanted.access_hash else None
        return None

    def theme(self, wanted: types.TypeInputTheme) -> Theme | None:
        """The theme that a request names."""
        if isinstance(wanted, types.InputThemeSlug):
            return next((one for one in self.themes.values() if one.slug == wanted.slug), None)
        found = self.themes.get(wanted.id)
        return found if found is not None and found.access_hash == wanted.access_hash else None


_CHAT_THEMES = {"🐥": 0xF2A63B, "⛄": 0x3F88C5, "💎": 0x7E5CE6, "🌷": 0xDB5375, "🏠": 0x6B8F71}
