"""Updates as they are."""

from __future__ import annotations

from typing import Any

import pytest

from telethon import events
from telethon.tl import types

CONFIG, CHANNEL = types.UpdateConfig(), types.UpdateChannel(5)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        ([], None),
        (types.UpdateConfig, types.UpdateConfig),
        ([types.UpdateConfig, types.UpdateChannel], (types.UpdateConfig, types.UpdateChannel)),
    ],
)
def test_types(given, kept):
    assert events.Raw(given).types == kept


@pytest.mark.parametrize("wrong", [5, "x"])
def test_no_type(wrong):
    with pytest.raises(TypeError, match="Invalid input type given"):
        events.Raw(wrong)


def test_no_types():
    with pytest.raises(TypeError, match="Invalid input types given"):
        events.Raw([5])  # type: ignore[list-item]


async def test_the_update_itself(client):
    assert events.Raw.build(CONFIG) is CONFIG
    builder = events.Raw()
    assert builder.filter(CONFIG) is CONFIG
    await builder.resolve(client)
    assert builder.resolved


def test_wanted_types():
    builder = events.Raw([types.UpdateConfig])
    assert builder.filter(CONFIG) is CONFIG
    assert builder.filter(CHANNEL) is None


def test_wanted_by_function():
    def is_five(update: Any) -> bool:
        return update.channel_id == 5

    assert events.Raw(types.UpdateChannel, func=is_five).filter(CHANNEL) is True
