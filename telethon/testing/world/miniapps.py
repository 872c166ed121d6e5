"""Small web applications of bots, and what bots have to show whose they are.

Source: https://core.telegram.org/bots/webapps
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing.world.files import StoredPhoto
    from telethon.testing.world.records import Account

__all__ = ["MiniApp", "init_data"]


@dataclass(slots=True, eq=False)
class MiniApp:
    """An application of a bot.

    Attributes:
        short_name: how the link into it names it.
        url: where its pages are; the server never fetches them.
    """

    id: int
    access_hash: int
    short_name: str
    title: str
    description: str
    url: str
    photo: StoredPhoto

    def tl(self) -> types.BotApp:
        """The application as clients see it."""
        return types.BotApp(
            self.id, self.access_hash, self.short_name, self.title, self.description, self.photo.tl(), 0
        )


def init_data(token: str, user: Account, now: int, **more: str) -> str:
    """What tells a page who opens it; the page's server can prove by the token of the bot that it is true.

    Args:
        token: the token of the bot.
        user: who opens the page.
        now: the time.
        more: further fields, such as `query_id` or `start_param`.

    Source: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
    """
    about: dict[str, object] = {"id": user.id, "first_name": user.first_name, "last_name": user.last_name}
    if user.username is not None:
        about["username"] = user.username
    about["language_code"] = user.lang_code or "en"
    if user.premium:
        about["is_premium"] = True
    about["allows_write_to_pm"] = True
    fields = {"user": json.dumps(about, separators=(",", ":"), ensure_ascii=False), "auth_date": str(now), **more}
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**fields, "hash": hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()})
