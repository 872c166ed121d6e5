"""Which requests may be made twice."""

from __future__ import annotations

from typing import Any

import pytest

from telethon.network._repeatable import innermost, is_repeatable
from telethon.tl import functions, types
from telethon.tl.alltlobjects import tlobjects
from telethon.tl.tlobject import TLRequest


def empty(cls: Any) -> Any:
    """A request without any of its fields set, of which only the kind matters."""
    return cls.__new__(cls)


def names(namespace: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for cls in tlobjects.values():
        if isinstance(cls, type) and issubclass(cls, TLRequest):
            where = cls.__module__.removeprefix("telethon.tl.functions").lstrip(".")
            found[f"{where}.{cls.__name__}" if where else cls.__name__] = cls
    return found


ALL = names("")


@pytest.mark.parametrize(
    "request_",
    [
        functions.help.GetConfigRequest(),
        functions.messages.SendMessageRequest("me", "hi"),
        functions.messages.ForwardMessagesRequest("me", [1], "me"),
        functions.messages.SendMultiMediaRequest(
            "me", [types.InputSingleMedia(types.InputMediaEmpty(), "", random_id=1)]
        ),
        functions.upload.SaveFilePartRequest(1, 0, b""),
        functions.messages.EditMessageRequest("me", 1, message="x"),
        functions.messages.DeleteMessagesRequest([1]),
        functions.channels.JoinChannelRequest("x"),
        functions.auth.ExportAuthorizationRequest(2),
        functions.messages.SendVoteRequest("me", 1, [b""]),
        functions.InvokeWithLayerRequest(1, functions.help.GetConfigRequest()),
        functions.contacts.SearchRequest("query", 5),
    ],
    ids=lambda request: type(request).__name__,
)
def test_S8_asking_saying_and_what_has_a_random_id(request_):
    assert is_repeatable(request_)


@pytest.mark.parametrize(
    "request_",
    [
        functions.messages.CreateChatRequest(["x"], "title"),
        functions.channels.CreateChannelRequest("title", ""),
        functions.auth.SendCodeRequest("1", 1, "", types.CodeSettings()),
        functions.auth.SignInRequest("1", "2", "3"),
        functions.auth.CheckPasswordRequest(types.InputCheckPasswordEmpty()),
        functions.messages.GetBotCallbackAnswerRequest("me", 1),
        functions.messages.ExportChatInviteRequest("me"),
        functions.InvokeWithTakeoutRequest(5, functions.messages.CreateChatRequest(["x"], "title")),
    ],
    ids=lambda request: type(request).__name__,
)
def test_S8_what_would_be_done_twice(request_):
    assert not is_repeatable(request_)


def test_requests_of_a_program_are_not_guessed_at():
    class Frobnicate(TLRequest[Any]):
        pass

    assert not is_repeatable(Frobnicate())


def test_a_text_called_query_is_no_request():
    search = functions.contacts.SearchRequest("query", 5)
    assert innermost(search) is search
    assert innermost(functions.InvokeWithLayerRequest(1, search)) is search


def test_S8_nothing_that_pays_or_makes_is_among_them():
    """Over the whole schema: by their words, these can only be deeds."""
    deeds = (
        "Create",
        "SendPayment",
        "SendStars",
        "Transfer",
        "Upgrade",
        "Convert",
        "Refund",
        "SignUp",
        "SignIn",
        "Craft",
    )
    checked = 0
    for name, cls in ALL.items():
        method = name.rpartition(".")[2]
        if method.startswith(deeds) and not any("random_id" in slots for slots in [getattr(cls, "__slots__", ())]):
            checked += 1
            assert not is_repeatable(empty(cls)), name
    assert checked >= 15
