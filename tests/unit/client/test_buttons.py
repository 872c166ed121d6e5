"""Keyboards."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from telethon.client.buttons import ButtonMethods
from telethon.tl import types

INLINE = types.KeyboardInlineButton("i", types.InlineButtonTypeCallback(b"x"))
NORMAL = types.KeyboardButton("n", types.ButtonTypeDefault())

build = ButtonMethods.build_reply_markup


def inline(*rows: list[Any]) -> types.ReplyInlineMarkup:
    return types.ReplyInlineMarkup([types.KeyboardInlineButtonRow(row) for row in rows])


def keyboard(*rows: list[Any], **options: Any) -> types.ReplyKeyboardMarkup:
    return types.ReplyKeyboardMarkup([types.KeyboardButtonRow(row) for row in rows], **options)


@pytest.mark.parametrize(
    ("buttons", "markup"),
    [
        (None, None),
        (INLINE, inline([INLINE])),
        ([INLINE, INLINE], inline([INLINE, INLINE])),
        ([[INLINE], [INLINE, INLINE]], inline([INLINE], [INLINE, INLINE])),
        ([INLINE, [INLINE]], inline([INLINE], [INLINE])),
        ((INLINE,), inline([INLINE])),
        (types.KeyboardInlineButtonRow([INLINE]), inline([INLINE])),
        (NORMAL, keyboard([NORMAL])),
        ([NORMAL, NORMAL], keyboard([NORMAL, NORMAL])),
        ([], keyboard()),
        ([[], [NORMAL]], keyboard([NORMAL])),
        ([NORMAL, None], keyboard([NORMAL])),
        ([NORMAL, types.ReplyKeyboardHide()], keyboard([NORMAL])),
    ],
)
def test_shapes(buttons: Any, markup: Any) -> None:
    assert build(buttons) == markup


@pytest.mark.parametrize(
    "markup", [types.ReplyKeyboardHide(), types.ReplyKeyboardForceReply(), inline([INLINE]), keyboard([NORMAL])]
)
def test_a_markup_is_given_back(markup: Any) -> None:
    assert build(markup) is markup


def test_friendly_buttons_are_unpacked_and_say_how_the_keyboard_behaves() -> None:
    first = SimpleNamespace(
        button=NORMAL, resize=True, single_use=None, selective=None, persistent=True, placeholder="?"
    )
    second = SimpleNamespace(button=NORMAL, resize=False, single_use=True)
    assert build([first, second]) == keyboard(  # type: ignore[arg-type]
        [NORMAL, NORMAL], resize=False, single_use=True, persistent=True, placeholder="?"
    )


def test_kinds_cannot_be_mixed() -> None:
    with pytest.raises(ValueError, match="cannot mix inline with normal"):
        build([INLINE, NORMAL])


@pytest.mark.parametrize("thing", ["text", 5, ["text"], [[INLINE, "text"]]])
def test_other_things_are_no_buttons(thing: Any) -> None:
    with pytest.raises(TypeError, match="buttons must be made with Button"):
        build(thing)
