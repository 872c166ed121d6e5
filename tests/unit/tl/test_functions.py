"""Requests: random ids, and the replacing of names by input peers."""

from __future__ import annotations

from typing import Any

import pytest

from telethon._core import rand
from telethon.tl import _codec, functions, types


class Client:
    """Answers like a client, and shows how it was asked."""

    async def get_input_entity(self, value: Any) -> tuple[str, Any]:
        return ("entity", value)

    async def _get_input_dialog(self, value: Any) -> tuple[str, Any]:
        return ("dialog", value)

    async def _get_input_notify(self, value: Any) -> tuple[str, Any]:
        return ("notify", value)


class Utils:
    def __getattr__(self, name: str) -> Any:
        return lambda value: (name, value)


@pytest.mark.parametrize(
    ("request_", "name", "expected"),
    [
        (functions.messages.SendMessageRequest("me", "hi"), "peer", ("get_input_peer", ("entity", "me"))),
        (
            functions.messages.SendMessageRequest("me", "hi", send_as="x"),
            "send_as",
            ("get_input_peer", ("entity", "x")),
        ),
        (functions.messages.SendMessageRequest("me", "hi"), "send_as", None),
        (functions.messages.SendMessageRequest("me", "hi", send_as=""), "send_as", ""),
        (
            functions.users.GetUsersRequest((1, 2)),
            "id",
            [("get_input_user", ("entity", 1)), ("get_input_user", ("entity", 2))],
        ),
        (functions.channels.GetFullChannelRequest("c"), "channel", ("get_input_channel", ("entity", "c"))),
        (functions.messages.ToggleDialogPinRequest("d"), "peer", ("dialog", "d")),
        (functions.messages.GetPeerDialogsRequest(["d"]), "peers", [("dialog", "d")]),
        (functions.account.GetNotifySettingsRequest("n"), "peer", ("notify", "n")),
        (functions.messages.SendMediaRequest(1, "m", "t"), "media", ("get_input_media", "m")),
        (functions.messages.GetMessagesRequest([5]), "id", [("get_input_message", 5)]),
        (functions.photos.DeletePhotosRequest(["p"]), "id", [("get_input_photo", "p")]),
        (functions.channels.EditPhotoRequest("c", "p"), "photo", ("get_input_chat_photo", "p")),
        (functions.messages.FaveStickerRequest("s", False), "id", ("get_input_document", "s")),
        (functions.phone.GetGroupCallRequest("g", 1), "call", ("get_input_group_call", "g")),
    ],
)
async def test_resolve(request_: Any, name: str, expected: Any) -> None:
    await request_.resolve(Client(), Utils())
    assert getattr(request_, name) == expected


async def test_resolve_leaves_message_text_alone() -> None:
    request = functions.messages.SendMessageRequest("me", "hi", reply_to=types.InputReplyToMessage(5))
    before = request.reply_to
    await request.resolve(Client(), Utils())
    assert request.message == "hi"
    assert request.reply_to is before


def test_random_id_is_drawn_when_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_codec, "system_random", lambda count: b"\x07" + bytes(count - 1))
    assert isinstance(functions.messages.SendMessageRequest("me", "").random_id, int)
    assert functions.messages.SendMessageRequest("me", "", random_id=0).random_id == 0
    assert (
        functions.messages.SendMessageRequest("me", "").random_id
        != functions.messages.SendMessageRequest("me", "").random_id
    )
    assert functions.messages.RequestEncryptionRequest("me", g_a=b"").random_id == 7
    drawn = functions.messages.ForwardMessagesRequest("a", [1, 2, 3], "b").random_id
    assert len(set(drawn)) == 3
    assert -(2**63) <= rand.random_long() < 2**63
    with pytest.raises(TypeError):
        functions.messages.ForwardMessagesRequest("a", 5, "b")  # type: ignore[arg-type]


def test_unsigned_ids() -> None:
    data = bytes(functions.channels.GetMessageAuthorRequest(types.InputChannelEmpty(), 2**32 - 1))
    assert data.endswith(b"\xff\xff\xff\xff")


def test_wrappers_hold_any_request() -> None:
    inner = functions.help.GetConfigRequest()
    request = functions.InvokeWithLayerRequest(229, inner)
    assert bytes(request) == bytes.fromhex("0d0d9bdae5000000") + bytes(inner)
