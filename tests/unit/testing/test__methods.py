from __future__ import annotations

from struct import pack
from typing import Any

import pytest

from telethon.testing._methods import encode_answer, find_method, method_name
from telethon.tl import functions, types
from telethon.tl.functions.contacts import GetContactIDsRequest
from telethon.tl.functions.messages import SendMessageRequest


@pytest.mark.parametrize(
    ("method", "name"),
    [
        (SendMessageRequest, "messages.SendMessage"),
        (functions.PingRequest, "Ping"),
        (functions.PingRequest(1), "Ping"),
        (GetContactIDsRequest(1), "contacts.GetContactIDs"),
        (str, "str"),
    ],
)
def test_method_name(method: Any, name: str) -> None:
    assert method_name(method) == name


@pytest.mark.parametrize("name", ["messages.SendMessage", "messages.sendMessage", "messages.SendMessageRequest"])
def test_find_method(name: str) -> None:
    assert find_method(name) is SendMessageRequest
    assert find_method("ping") is functions.PingRequest


def test_anything_is_the_answer_of_a_wrapper() -> None:
    wrapper = functions.InvokeWithLayerRequest(1, functions.PingRequest(1))
    assert encode_answer(wrapper, types.UserEmpty(1)) == bytes(types.UserEmpty(1))


def test_an_empty_list_is_a_vector() -> None:
    assert encode_answer(GetContactIDsRequest(1), ()) == pack("<Ii", 0x1CB5C415, 0)
