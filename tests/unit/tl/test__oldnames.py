"""Names of former schemas: mostly those that buttons of each kind had up to layer 227."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from telethon import Button, TelegramClient
from telethon.tl import functions, types

old: Any = types

MADE = [
    (
        "InputKeyboardButtonUrlAuth",
        ("https://example.com", types.InputUserSelf(), True, "fwd"),
        "InputInlineButtonTypeUrlAuth",
    ),
    ("InputKeyboardButtonUserProfile", (types.InputUserSelf(),), "InputInlineButtonTypeUserProfile"),
    ("KeyboardButtonBuy", (), "InlineButtonTypeBuy"),
    ("KeyboardButtonCallback", (b"data", True), "InlineButtonTypeCallback"),
    ("KeyboardButtonCopy", ("copy",), "InlineButtonTypeCopy"),
    ("KeyboardButtonGame", (), "InlineButtonTypeGame"),
    ("KeyboardButtonSwitchInline", ("query", True, None), "InlineButtonTypeSwitchInline"),
    ("KeyboardButtonUrl", ("https://example.com",), "InlineButtonTypeUrl"),
    ("KeyboardButtonUrlAuth", ("https://example.com", 3, "fwd"), "InlineButtonTypeUrlAuth"),
    ("KeyboardButtonUserProfile", (5,), "InlineButtonTypeUserProfile"),
    ("KeyboardButtonWebView", ("https://example.com",), "InlineButtonTypeWebView"),
    ("InputKeyboardButtonRequestPeer", (1, types.RequestPeerTypeUser(), 2, True), "InputButtonTypeRequestPeer"),
    ("KeyboardButtonRequestGeoLocation", (), "ButtonTypeRequestGeoLocation"),
    ("KeyboardButtonRequestPeer", (1, types.RequestPeerTypeUser(), 2), "ButtonTypeRequestPeer"),
    ("KeyboardButtonRequestPhone", (), "ButtonTypeRequestPhone"),
    ("KeyboardButtonRequestPoll", (True,), "ButtonTypeRequestPoll"),
    ("KeyboardButtonSimpleWebView", ("https://example.com",), "ButtonTypeSimpleWebView"),
]
"""Old class, the arguments behind the text in the order it took them, and the type that does the same today."""


@pytest.mark.parametrize(("name", "args", "kind"), MADE, ids=[name for name, _, _ in MADE])
def test_an_old_class_makes_the_button_of_today(name: str, args: tuple[Any, ...], kind: str) -> None:
    cls = getattr(old, name)
    button = cls("text", *args)
    assert type(button) in (types.KeyboardInlineButton, types.KeyboardButton)
    assert type(button.type).__name__ == kind
    assert isinstance(button, cls)
    assert [other for other, _, _ in MADE if isinstance(button, getattr(old, other))] == [name]
    assert bytes(button)
    for field, value in zip(cls.fields, args, strict=False):
        assert getattr(button.type, field) == value
        assert getattr(button, field) == value


def test_fields_can_be_named_and_a_style_given() -> None:
    style = types.KeyboardButtonStyle(bg_danger=True)
    button = old.KeyboardButtonCallback(text="text", data=b"data", style=style)
    assert button == types.KeyboardInlineButton("text", types.InlineButtonTypeCallback(b"data"), style)


def test_buttons_made_today_are_of_their_old_class() -> None:
    button = Button.inline("text", b"data")
    assert isinstance(button, old.KeyboardButtonCallback)
    assert not isinstance(button, old.KeyboardButtonUrl)
    assert not isinstance("text", old.KeyboardButtonUrl)
    assert not isinstance(types.KeyboardButton("text", types.ButtonTypeDefault()), old.KeyboardButtonRequestPhone)


def test_what_a_button_does_not_have_stays_missing() -> None:
    button = old.KeyboardButtonUrl("text", "https://example.com")
    assert not hasattr(button, "data")
    assert not hasattr(button, "nonsense")
    with pytest.raises(AttributeError, match="'KeyboardInlineButton' object has no attribute 'data'"):
        _ = button.data


def test_such_buttons_can_be_copied() -> None:
    button = old.KeyboardButtonCallback("text", b"data")
    for clone in (copy.copy(button), copy.deepcopy(button), pickle.loads(pickle.dumps(button))):
        assert clone == button


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(TypeError, match=r"at most 3 positional arguments \(text, data, requires_password\), not 5"):
        old.KeyboardButtonCallback("text", b"data", True, 1, 2)
    with pytest.raises(TypeError, match="'data' twice"):
        old.KeyboardButtonCallback("text", b"data", data=b"other")
    with pytest.raises(TypeError, match="nonsense"):
        old.KeyboardButtonCallback("text", nonsense=1)


def test_a_request_that_moved_is_the_one_of_today() -> None:
    channels: Any = functions.channels
    request = channels.EditCreatorRequest(
        channel=types.InputPeerChannel(1, 2), user_id=types.InputUserSelf(), password=types.InputCheckPasswordEmpty()
    )
    assert isinstance(request, functions.messages.EditChatCreatorRequest)
    assert bytes(request)


def test_other_names_are_still_unknown_and_the_list_of_names_is_that_of_the_schema() -> None:
    with pytest.raises(AttributeError, match="KeyboardButtonNonsense"):
        _ = old.KeyboardButtonNonsense
    assert "KeyboardButtonCallback" not in old.__all__


def test_a_markup_with_rows_as_they_were_is_sent_as_it_must_be_now() -> None:
    button = old.KeyboardButtonCallback("text", b"data")
    markup = types.ReplyInlineMarkup([types.KeyboardButtonRow([button])])  # type: ignore[list-item]
    client: Any = TelegramClient(None, 1, "hash")
    assert client.build_reply_markup(markup) == types.ReplyInlineMarkup([types.KeyboardInlineButtonRow([button])])
    proper = types.ReplyInlineMarkup([types.KeyboardInlineButtonRow([button])])
    assert client.build_reply_markup(proper) is proper
