"""The public namespaces: everything is there, nothing is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

import telethon.functions
import telethon.tl
import telethon.types
from telethon.tl import functions, types


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


SHARDS = "sorted(n.rpartition('.')[2] for n in sys.modules if n.startswith('telethon.tl._generated.'))"


def test_looking_at_nothing_loads_nothing() -> None:
    code = f"import sys; from telethon.tl import types, functions; from telethon import types as t; print({SHARDS})"
    assert run(code) == "[]"


def test_service_objects_load_no_api_class() -> None:
    code = f"""
        import sys
        from telethon.tl import types, functions, _registry
        request = functions.ReqPqMultiRequest(5)
        _registry.read(bytes(types.ResPQ(1, 2, b"", [3])))
        print({SHARDS})
    """
    assert run(code) == "['service']"


def test_importing_the_types_needs_no_network_module() -> None:
    code = """
        import sys
        import telethon.tl.types, telethon.extensions.binaryreader
        telethon.tl.types.PeerUser
        heavy = ("asyncio", "socket", "ssl", "sqlite3", "ctypes", "json", "inspect")
        print([name for name in heavy if name in sys.modules])
    """
    assert run(code) == "[]"


def test_star_import_gives_everything() -> None:
    code = """
        from telethon.tl.types import *
        from telethon.tl.functions import *
        print(PeerUser.__name__, TypePeer, account.__name__, messages.__name__, InvokeWithLayerRequest.__name__)
    """
    expected = "typing.Union[telethon.tl.types.PeerUser, telethon.tl.types.PeerChat, telethon.tl.types.PeerChannel]"
    assert (
        run(code)
        == f"PeerUser {expected} telethon.tl.functions.account telethon.tl.functions.messages InvokeWithLayerRequest"
    )


def test_star_import_through_the_facades() -> None:
    code = """
        from telethon.types import *
        import telethon.tl.types as real
        print(PeerUser is real.PeerUser, TypePeer == real.TypePeer, account is real.account)
    """
    assert run(code) == "True True True"


def test_checkout_without_generated_classes_says_what_to_do() -> None:
    code = """
        import sys
        sys.modules["telethon.tl._generated_index"] = None
        try:
            import telethon.tl.types
        except ImportError as error:
            print(error)
    """
    assert "python -m telethon_generator gen" in run(code)


def test_base_classes_are_there_as_well() -> None:
    from telethon.tl.tlobject import TLObject, TLRequest

    assert types.TLObject is types.messages.TLObject is telethon.types.TLObject is functions.TLObject is TLObject
    assert functions.TLRequest is functions.messages.TLRequest is TLRequest


def test_names_are_found_and_remembered() -> None:
    assert types.PeerUser is types.PeerUser
    assert types.PeerUser.__module__ == "telethon.tl.types"
    assert types.messages.Dialogs.__module__ == "telethon.tl.types.messages"
    assert functions.messages.SendMessageRequest.__module__ == "telethon.tl.functions.messages"
    assert "PeerUser" in dir(types)
    assert "TypePeer" in dir(types)
    assert "account" in dir(types)
    assert "TypePeer" not in dir(types.messages)
    assert telethon.types.PeerUser is types.PeerUser
    assert telethon.functions.PingRequest is functions.PingRequest
    assert "PeerUser" in dir(telethon.types)
    assert "PingRequest" in dir(telethon.functions)


@pytest.mark.parametrize("name", ["PeerNobody", "TypeNobody", "TypeDialogs"])
def test_unknown_names_are_attribute_errors(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'telethon.tl.types' has no attribute '{name}'"):
        getattr(types, name)
    with pytest.raises(AttributeError, match=r"telethon\.tl"):
        getattr(telethon.tl, name)


def test_aliases_of_one_and_of_many() -> None:
    assert types.TypeConfig is types.Config
    assert set(types.TypePeer.__args__) == {types.PeerUser, types.PeerChat, types.PeerChannel}


def test_signatures_have_telethons_order() -> None:
    from inspect import signature

    assert str(signature(types.InputMediaPhotoExternal)) == (
        "(url: str, spoiler: Optional[bool] = None, ttl_seconds: Optional[int] = None)"
    )
    assert list(signature(functions.messages.ForwardMessagesRequest).parameters)[:4] == [
        "from_peer",
        "id",
        "to_peer",
        "silent",
    ]
    assert types.User(1).is_self is None
    assert types.ChannelAdminLogEventActionChangeTitle("a", "b").prev_value == "a"
