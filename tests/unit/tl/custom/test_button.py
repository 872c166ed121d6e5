"""Making buttons. What is expected was seen on Telethon 1.45."""

from __future__ import annotations

from typing import Any

import pytest

from telethon.tl import types
from telethon.tl.custom.button import Button

OPTIONS = ("resize", "single_use", "selective", "persistent", "placeholder")


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (Button.inline("t"), types.InlineButtonTypeCallback(b"t")),
        (Button.inline("t", "d"), types.InlineButtonTypeCallback(b"d")),
        (Button.inline("t", b"d"), types.InlineButtonTypeCallback(b"d")),
        (Button.inline("t", ""), types.InlineButtonTypeCallback(b"t")),
        (Button.inline("t", 5), types.InlineButtonTypeCallback(b"5")),  # type: ignore[arg-type]
        (Button.switch_inline("t"), types.InlineButtonTypeSwitchInline("", same_peer=False)),
        (Button.switch_inline("t", "q", True), types.InlineButtonTypeSwitchInline("q", same_peer=True)),
        (Button.url("t"), types.InlineButtonTypeUrl("t")),
        (Button.url("t", "u"), types.InlineButtonTypeUrl("u")),
        (
            Button.auth("t"),
            types.InputInlineButtonTypeUrlAuth("t", request_write_access=False, bot=types.InputUserSelf()),
        ),
        (
            Button.auth("t", "u", bot=types.InputUser(1, 2), write_access=True, fwd_text="f"),
            types.InputInlineButtonTypeUrlAuth("u", request_write_access=True, fwd_text="f", bot=types.InputUser(1, 2)),
        ),
        (Button.buy("t"), types.InlineButtonTypeBuy()),
        (Button.game("t"), types.InlineButtonTypeGame()),
    ],
)
def test_buttons_under_a_message(made: Any, kind: Any) -> None:
    assert made == types.KeyboardInlineButton("t", kind, types.KeyboardButtonStyle())
    assert Button._is_inline(made)


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        (Button.text, types.ButtonTypeDefault()),
        (Button.request_location, types.ButtonTypeRequestGeoLocation()),
        (Button.request_phone, types.ButtonTypeRequestPhone()),
        (Button.request_poll, types.ButtonTypeRequestPoll(quiz=False)),
    ],
)
def test_keys(method: Any, kind: Any) -> None:
    made = method("t")
    assert isinstance(made, Button)
    assert made.button == types.KeyboardButton("t", kind, types.KeyboardButtonStyle())
    assert not Button._is_inline(made.button)
    assert [getattr(made, name) for name in OPTIONS] == [None] * 5
    options = dict.fromkeys(OPTIONS[:4], True) | {"placeholder": "p"}
    made = method("t", **options)
    assert {name: getattr(made, name) for name in OPTIONS} == options


def test_quiz() -> None:
    assert Button.request_poll("t", force_quiz=True).button.type == types.ButtonTypeRequestPoll(quiz=True)


@pytest.mark.parametrize("name", ["primary", "danger", "success"])
def test_style(name: Any) -> None:
    expected = types.KeyboardButtonStyle(**{f"bg_{name}": True}, icon=7)
    assert Button.inline("t", style=name, icon=7).style == expected
    assert Button.text("t", style=name, icon=7).button.style == expected
    assert Button.url("t", style=expected).style is expected


def test_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="Too many bytes for the data"):
        Button.inline("t", "d" * 65)
    assert Button.inline("t", "d" * 64).type == types.InlineButtonTypeCallback(b"d" * 64)
    with pytest.raises(ValueError, match="Must be either one of 'primary'"):
        Button.inline("t", style="blue")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Button.auth("t", bot="name")


def test_instead_of_a_keyboard() -> None:
    assert Button.clear() == types.ReplyKeyboardHide()
    assert Button.clear(True) == types.ReplyKeyboardHide(selective=True)
    assert Button.force_reply() == types.ReplyKeyboardForceReply()
    expected = types.ReplyKeyboardForceReply(single_use=True, selective=True, placeholder="x")
    assert Button.force_reply(True, True, "x") == expected
