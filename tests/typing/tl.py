"""What type checkers must conclude about objects, requests and their answers; this file is checked, not run."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from telethon.tl import TLRequest, functions, types

if TYPE_CHECKING:
    from typing_extensions import assert_type

R = TypeVar("R")


async def call(request: TLRequest[R]) -> R:
    """Stands for the client."""
    raise NotImplementedError


async def answers() -> None:
    users = await call(functions.users.GetUsersRequest(["me", 5, types.InputUserSelf()]))
    assert_type(users, "list[types.TypeUser]")
    config = await call(functions.InvokeWithLayerRequest(229, functions.help.GetConfigRequest()))
    assert_type(config, types.Config)
    done = await call(functions.account.UpdateStatusRequest(offline=True))
    assert_type(done, bool)
    numbers = await call(functions.photos.DeletePhotosRequest([]))
    assert_type(numbers, "list[int]")
    dialogs = await call(functions.messages.GetDialogsRequest(None, 0, "me", 100, 0))
    if isinstance(dialogs, types.messages.DialogsSlice):
        assert_type(dialogs.count, int)
        assert_type(dialogs.dialogs, "list[types.TypeDialog]")


def objects(peer: types.TypePeer, user: types.User) -> None:
    if isinstance(peer, types.PeerUser):
        assert_type(peer.user_id, int)
    else:
        assert_type(peer, "types.PeerChat | types.PeerChannel")
    assert_type(user.first_name, "str | None")
    assert_type(user.bot, "bool | None")
    assert_type(types.UserStatusOffline(datetime.now()).was_online, datetime)
    assert_type(types.UserStatusOffline(5).was_online, datetime)
