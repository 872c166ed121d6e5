"""Calling what may or may not be a coroutine."""

from __future__ import annotations

import warnings

import pytest

from telethon import utils


class Mixed:
    size = 5

    def plain(self, value: int) -> int:
        return value

    async def later(self, value: int) -> int:
        return value * 2


async def test_methods_become_coroutines_and_values_stay() -> None:
    wrapped = Mixed()
    view = utils.AsyncClassWrapper(wrapped)
    assert view.wrapped is wrapped
    assert view.size == 5
    assert await view.plain(4) == 4
    with pytest.warns(UserWarning, match="experimental"):
        assert await view.later(4) == 8
    with pytest.raises(AttributeError):
        _ = view.missing


async def test_plain_results_do_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert await utils.maybe_async(3) == 3
