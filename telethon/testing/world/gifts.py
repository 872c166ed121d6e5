"""Gifts that are bought with stars: what there is to buy, and who has got what.

Source: https://core.telegram.org/api/gifts
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telethon.testing.world.peerids import as_peer, is_user
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing.world.files import StoredDocument

__all__ = ["Collection", "Gift", "Gifts", "SavedGift", "UniqueGift"]


@dataclass(slots=True, eq=False)
class Gift:
    """A gift that can be bought.

    Attributes:
        stars: what it costs.
        convert: what the one who gets it can have in its place.
        upgrade: what it costs to make it the only one of its kind; 0 when that cannot be.
        total: how many there are; None when there is no end of them.
        issued: how many were upgraded.
        sales: when it was bought.
    """

    id: int
    title: str
    sticker: StoredDocument
    stars: int
    convert: int
    upgrade: int = 0
    total: int | None = None
    sold: int = 0
    issued: int = 0
    sales: list[int] = field(default_factory=list)

    @property
    def left(self) -> int | None:
        """How many can still be bought; None when there is no end of them."""
        return None if self.total is None else self.total - self.sold

    def tl(self) -> types.StarGift:
        """The gift as it is offered."""
        over = self.left == 0 and bool(self.sales)
        return types.StarGift(
            self.id,
            self.sticker.tl(),
            self.stars,
            self.convert,
            limited=self.total is not None,
            sold_out=over,
            first_sale_date=self.sales[0] if over else None,
            last_sale_date=self.sales[-1] if over else None,
            availability_remains=self.left,
            availability_total=self.total,
            upgrade_stars=self.upgrade or None,
            title=self.title,
        )

    def attributes(self, number: int) -> list[types.TypeStarGiftAttribute]:
        """What the one with that number looks like."""
        rare = types.StarGiftAttributeRarity(10)
        colour = number * 0x3F51B5 % 0x1000000
        return [
            types.StarGiftAttributeModel(f"{self.title} {number % 7}", self.sticker.tl(), rare),
            types.StarGiftAttributePattern(f"Pattern {number % 5}", self.sticker.tl(), rare),
            types.StarGiftAttributeBackdrop(
                f"Backdrop {number % 3}", number % 3, colour, colour ^ 0x7F7F7F, 0, 0xFFFFFF, rare
            ),
        ]


@dataclass(slots=True, eq=False)
class UniqueGift:
    """A gift that is the only one of its kind.

    Attributes:
        slug: how its link names it.
        owner: the peer that has it.
        price: for how many stars its owner would sell it.
    """

    id: int
    gift: Gift
    number: int
    slug: str
    owner: int
    price: int | None = None

    def tl(self) -> types.StarGiftUnique:
        """The gift as everybody sees it."""
        return types.StarGiftUnique(
            self.id,
            self.gift.id,
            self.gift.title,
            self.slug,
            self.number,
            self.gift.attributes(self.number),
            self.gift.issued,
            self.gift.total or 0,
            owner_id=as_peer(self.owner),
            resell_amount=[types.StarsAmount(self.price, 0)] if self.price is not None else None,
        )


@dataclass(slots=True, eq=False)
class SavedGift:
    """A gift that somebody has.

    Attributes:
        number: its number among all of them.
        msg_id: the message by which it came, as its owner counts; 0 for a channel.
        hidden: whether it is not shown in the profile.
    """

    number: int
    owner: int
    giver: int | None
    date: int
    gift: Gift
    message: types.TypeTextWithEntities | None = None
    name_hidden: bool = False
    msg_id: int = 0
    hidden: bool = False
    pinned: bool = False
    upgrade_paid: bool = False
    unique: UniqueGift | None = None

    def tl(self, viewer: int, collections: list[int]) -> types.SavedStarGift:
        """The gift as an account sees it."""
        mine = viewer == self.owner
        shown: types.TypeStarGift = self.unique.tl() if self.unique is not None else self.gift.tl()
        secret = self.name_hidden and not mine
        return types.SavedStarGift(
            self.date,
            shown,
            name_hidden=self.name_hidden,
            unsaved=self.hidden,
            can_upgrade=self.unique is None and bool(self.gift.upgrade),
            pinned_to_top=self.pinned,
            from_id=as_peer(self.giver) if self.giver is not None and not secret else None,
            message=None if secret else self.message,
            msg_id=self.msg_id if is_user(self.owner) and mine else None,
            saved_id=None if is_user(self.owner) else self.number,
            convert_stars=self.gift.convert if mine and self.unique is None else None,
            upgrade_stars=self.gift.upgrade if self.upgrade_paid and self.unique is None else None,
            transfer_stars=0 if self.unique is not None and mine else None,
            collection_id=collections or None,
        )


@dataclass(slots=True, eq=False)
class Collection:
    """Gifts that somebody put together."""

    id: int
    title: str
    gifts: list[SavedGift] = field(default_factory=list)

    def tl(self) -> types.StarGiftCollection:
        """The collection as clients see it."""
        icon = self.gifts[0].gift.sticker.tl() if self.gifts else None
        value = sum(one.number * place for place, one in enumerate(self.gifts, 1))
        return types.StarGiftCollection(self.id, self.title, len(self.gifts), value, icon)


@dataclass(slots=True, eq=False)
class Gifts:
    """All gifts of a world.

    Attributes:
        offered: what can be bought, by number.
        saved: what somebody has, by number.
        unique: those of which there is only one, by slug.
        collections: by owner and number.
        announced: channels whose administrators are told of gifts.
    """

    offered: dict[int, Gift] = field(default_factory=dict)
    saved: dict[int, SavedGift] = field(default_factory=dict)
    unique: dict[str, UniqueGift] = field(default_factory=dict)
    collections: dict[int, dict[int, Collection]] = field(default_factory=dict)
    announced: dict[int, set[int]] = field(default_factory=dict)

    def of(self, owner: int) -> list[SavedGift]:
        """What somebody has: what is pinned first, then what came last."""
        found = [one for one in self.saved.values() if one.owner == owner]
        return sorted(found, key=lambda one: (not one.pinned, -one.date, -one.number))

    def shown(self, saved: SavedGift, viewer: int) -> types.SavedStarGift:
        """A gift as an account sees it."""
        own = self.collections.get(saved.owner, {}).values()
        return saved.tl(viewer, [one.id for one in own if saved in one.gifts])
