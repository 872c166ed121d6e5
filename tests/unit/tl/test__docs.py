"""The docstrings of generated classes."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from typing import Any

import pytest

from telethon import errors, functions, types
from telethon.tl.alltlobjects import tlobjects

GENERATED = [
    cls for cls in tlobjects.values() if cls.__module__.startswith(("telethon.tl.types", "telethon.tl.functions"))
]


def test_a_method() -> None:
    text = functions.channels.InviteToChannelRequest.__doc__ or ""
    assert text.startswith(
        "Method `channels.inviteToChannel`, for users.\n"
        "\n"
        "Args:\n"
        "    channel (TypeInputChannel): whatever stands for one will do, such as a username, an ID or an object\n"
        "    users (list[TypeInputUser]): whatever stands for one will do, such as a username, an ID or an object\n"
        "\n"
        "Returns:\n"
        "    types.messages.InvitedUsers\n"
        "\n"
        "Raises:\n"
    )
    assert (
        f"    ChatWriteForbiddenError: {errors.ChatWriteForbiddenError(None).explanation} [CHAT_WRITE_FORBIDDEN]\n"
        in text
    )
    assert text.endswith(
        "\n"
        "Example:\n"
        "    >>> answer = await client(functions.channels.InviteToChannelRequest(channel, users))\n"
        "\n"
        "Source: https://core.telegram.org/method/channels.inviteToChannel"
    )


def test_a_constructor() -> None:
    assert types.InputPeerUser.__doc__ == (
        "Constructor `inputPeerUser` of the type `InputPeer`, one of 7: types.InputPeerEmpty, types.InputPeerSelf, "
        "types.InputPeerChat, types.InputPeerUser, types.InputPeerChannel, types.InputPeerUserFromMessage, "
        "types.InputPeerChannelFromMessage.\n"
        "\n"
        "Args:\n"
        "    user_id (int)\n"
        "    access_hash (int): what makes the ID good for this account\n"
        "\n"
        "Source: https://core.telegram.org/constructor/inputPeerUser"
    )
    # Of an object as of its class.
    assert types.InputPeerUser(1, 2).__doc__ == types.InputPeerUser.__doc__


@pytest.mark.parametrize(
    ("cls", "line"),
    [
        (types.updates.State, "Constructor `updates.state` of the type `updates.State`, the only one."),
        (types.updates.State, "    date (datetime)"),
        (types.InputPeerSelf, "Source: https://core.telegram.org/constructor/inputPeerSelf"),
        (functions.users.GetUsersRequest, "    list[types.UserEmpty | types.User]"),
        (functions.account.UpdateStatusRequest, "    bool"),
        (functions.messages.SendMessageRequest, "    types.TypeUpdates"),
        (functions.messages.SendMessageRequest, "    entities (list[TypeMessageEntity], optional): formatting"),
        (
            functions.messages.SendMessageRequest,
            "    SlowModeWaitError: A wait of N seconds is required before the next message: slow mode is on in this "
            "chat [SLOWMODE_WAIT_X]",
        ),
        (functions.ReqPqMultiRequest, "Method `req_pq_multi`."),
        (functions.ReqPqMultiRequest, "Source: https://core.telegram.org/mtproto"),
    ],
)
def test_a_line(cls: Any, line: str) -> None:
    assert line in (cls.__doc__ or "").splitlines()


def test_every_class_has_one_that_fits_it() -> None:
    assert len(GENERATED) > 2_000
    for cls in GENERATED:
        text = inspect.getdoc(cls) or ""
        if cls.__module__ == "telethon.tl.patched":
            continue
        kind, name = re.match(r"(Method|Constructor) `([\w.]+)`", text).groups()  # type: ignore[union-attr]
        assert (kind == "Method") == cls.__module__.startswith("telethon.tl.functions")
        suffix = "Request" if kind == "Method" else ""
        assert name.rpartition(".")[2].replace("_", "").lower() + suffix.lower() == cls.__name__.lower()
        for parameter in cls._FIELDS:
            assert re.search(rf"^    {parameter} \([\w.\[\]]+(, optional)?\)(: .+)?$", text, re.MULTILINE), (
                cls,
                parameter,
            )
        assert not re.search(r"ForwardRef|Optional|NoneType|typing\.|\{|  +\n", text), text
        for example in re.findall(r">>> (.*)", text):
            ast.parse(example)
        assert "RPCError: [" not in text, text


def test_a_class_of_a_program_has_its_own_or_none() -> None:
    class Mine(functions.help.GetConfigRequest):
        pass

    assert Mine.__doc__ is None
    assert (inspect.getdoc(Mine) or "").startswith("Method `help.getConfig`")


def test_nothing_of_it_is_loaded_before_it_is_read() -> None:
    code = (
        "import sys; from telethon import types; types.User(1);"
        "assert 'telethon.tl._generated_docs' not in sys.modules;"
        "types.User.__doc__; assert 'telethon.tl._generated_docs' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
