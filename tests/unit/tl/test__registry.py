"""Reading by id: what is known, what is not, what was put in by hand, and what only an attacker would send."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import textwrap
import types as pytypes
from collections.abc import Iterator
from typing import Any

import pytest

from telethon.errors import TypeNotFoundError
from telethon.errors.common import TLDecodeError
from telethon.extensions import BinaryReader
from telethon.tl import TLObject, _registry, types
from telethon.tl._registry import tlobjects

VECTOR = struct.pack("<I", 0x1CB5C415)
OWN_ID = 0x12345678


class Own(TLObject):
    """What a plug-in for secret chats would put in."""

    CONSTRUCTOR_ID = OWN_ID

    def __init__(self, value: int) -> None:
        self.value = value

    @classmethod
    def from_reader(cls, reader: BinaryReader) -> Own:
        return cls(reader.read_int())


@pytest.fixture(autouse=True)
def untouched_registry() -> Iterator[None]:
    yield
    readers = dict(_registry.READERS)
    for identifier in (OWN_ID, types.PeerUser.CONSTRUCTOR_ID):
        readers.pop(identifier, None)
        dict.pop(tlobjects, identifier, None)
        _registry._removed.discard(identifier)
    _registry.READERS.clear()
    _registry.READERS.update(readers)
    _registry._replaced.clear()
    for name, module in sys.modules.items():
        if name.startswith("telethon.tl._generated.") and hasattr(module, "_id_PeerUser"):
            module._id_PeerUser = types.PeerUser.CONSTRUCTOR_ID
    _registry.register(types.PeerUser)


def read(data: bytes) -> Any:
    return _registry.read(data)[0]


def test_values_and_ends() -> None:
    data = bytes(types.PeerUser(5))
    assert _registry.read(data) == (types.PeerUser(5), 12)
    assert _registry.read(b"xxxx" + data + b"rest", 4) == (types.PeerUser(5), 16)
    assert _registry.read(b"xxx" + data + b"rest", 3) == (types.PeerUser(5), 15)
    assert _registry.read(bytearray(data)) == (types.PeerUser(5), 12)  # type: ignore[arg-type]
    assert _registry.read(data + b"ab") == (types.PeerUser(5), 12)


def test_booleans_and_vectors() -> None:
    assert read(struct.pack("<I", 0x997275B5)) is True
    assert read(struct.pack("<I", 0xBC799737)) is False
    assert read(VECTOR + struct.pack("<i", 2) + bytes(types.PeerUser(1)) + bytes(types.PeerChat(2))) == [
        types.PeerUser(1),
        types.PeerChat(2),
    ]


def test_unknown_id_tells_id_and_rest() -> None:
    with pytest.raises(TypeNotFoundError) as caught:
        read(b"\x01\0\0\0rest")
    assert caught.value.invalid_constructor_id == 1
    assert caught.value.remaining == b"\x01\0\0\0rest"
    with pytest.raises(TypeNotFoundError) as caught:
        read(VECTOR + struct.pack("<ii", 1, -2))
    assert caught.value.invalid_constructor_id == 0xFFFFFFFE
    assert caught.value.remaining == b"\xfe\xff\xff\xff"


def test_invalid_utf8_is_replaced() -> None:
    data = bytes(types.JsonString("abc")).replace(b"abc", b"a\xffc")
    assert read(data).value == "a\ufffdc"


def test_own_class_is_read() -> None:
    tlobjects[OWN_ID] = Own
    data = struct.pack("<Ii", OWN_ID, 7)
    assert read(data).value == 7
    assert [item.value for item in read(VECTOR + struct.pack("<i", 2) + data + data)] == [7, 7]
    assert tlobjects[OWN_ID] is Own
    assert OWN_ID in tlobjects
    assert len(tlobjects) == 2_524
    del tlobjects[OWN_ID]
    with pytest.raises(TypeNotFoundError):
        read(data)


def test_own_class_replaces_a_generated_one() -> None:
    class Friendly(types.PeerUser):
        pass

    tlobjects[types.PeerUser.CONSTRUCTOR_ID] = Friendly
    found = read(bytes(types.DialogPeer(types.PeerUser(3))))
    assert type(found.peer) is Friendly
    assert found.peer.user_id == 3


def test_own_class_counts_for_readers_that_load_later() -> None:
    code = """
        from telethon.tl import types, _registry
        from telethon.tl.alltlobjects import tlobjects
        class Friendly(types.PeerUser): pass
        data = bytes(types.DialogPeer(types.PeerUser(3)))
        tlobjects[types.PeerUser.CONSTRUCTOR_ID] = Friendly
        print(type(_registry.read(data)[0].peer).__name__)
        data = bytes(types.UpdateReadHistoryOutbox(types.PeerUser(3), 1, 1, 1))
        print(type(_registry.read(data)[0].peer).__name__)
    """
    answer = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["Friendly", "Friendly"]


def test_list_of_all_objects_is_a_dictionary() -> None:
    assert isinstance(tlobjects, dict)
    assert len(tlobjects) == len(list(tlobjects)) == len(tlobjects.values()) == len(tlobjects.items()) == 2_523
    assert len(dict(tlobjects)) == len({**tlobjects}) == len(tlobjects.copy()) == len(tlobjects | {}) == 2_523
    assert len({} | tlobjects) == 2_523
    assert tlobjects == tlobjects.copy()
    assert tlobjects != {}
    assert set(reversed(tlobjects)) == set(tlobjects.keys())
    assert tlobjects
    assert "PeerUser" in repr(tlobjects)
    assert types.PeerUser in tlobjects.values()
    assert all(identifier == cls.CONSTRUCTOR_ID for identifier, cls in tlobjects.items())
    assert tlobjects.get(5) is None
    assert tlobjects.get(5, "none") == "none"
    assert "x" not in tlobjects
    with pytest.raises(KeyError):
        tlobjects[5]
    with pytest.raises(KeyError):
        del tlobjects[5]


def test_list_of_all_objects_can_be_changed_in_every_way() -> None:
    identifier = types.PeerUser.CONSTRUCTOR_ID
    assert tlobjects.pop(identifier) is types.PeerUser
    assert identifier not in tlobjects
    assert tlobjects.pop(identifier, None) is None
    with pytest.raises(KeyError):
        tlobjects.pop(identifier)
    with pytest.raises(TypeNotFoundError):
        read(bytes(types.PeerUser(1)))
    assert tlobjects.setdefault(identifier, Own) is Own
    assert tlobjects.setdefault(identifier, types.PeerUser) is Own
    tlobjects.update({OWN_ID: Own})
    assert read(struct.pack("<Ii", OWN_ID, 1)).value == 1
    del tlobjects[OWN_ID]
    objects = tlobjects
    objects |= {OWN_ID: Own}
    assert objects is tlobjects
    assert read(struct.pack("<Ii", OWN_ID, 1)).value == 1


def test_emptying_the_list() -> None:
    code = """
        from telethon.tl.alltlobjects import tlobjects
        from telethon.tl import types, _registry
        identifier, cls = tlobjects.popitem()
        assert cls.CONSTRUCTOR_ID == identifier and identifier not in tlobjects
        tlobjects.clear()
        assert len(tlobjects) == 0
        try:
            _registry.read(bytes(types.PeerUser(1)))
        except Exception as error:
            print(type(error).__name__)
    """
    answer = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "TypeNotFoundError"


def nested(depth: int) -> bytes:
    return (VECTOR + struct.pack("<i", 1)) * depth + VECTOR + bytes(4)


def nested_json(depth: int) -> bytes:
    return (struct.pack("<I", types.JsonArray.CONSTRUCTOR_ID) + VECTOR + struct.pack("<i", 1)) * depth + bytes(
        types.JsonNull()
    )


@pytest.mark.parametrize("make", [nested, nested_json])
@pytest.mark.parametrize("depth", [65, 900, 10_000])
def test_deep_nesting_is_refused(make: Any, depth: int) -> None:
    with pytest.raises(TLDecodeError, match="nested more than 64"):
        read(make(depth))


@pytest.mark.parametrize("make", [nested, nested_json])
def test_nesting_within_the_limit_is_read(make: Any) -> None:
    assert _registry.read(make(60))[1] == len(make(60))


def test_deep_nesting_through_own_classes_is_refused() -> None:
    class Box(TLObject):
        CONSTRUCTOR_ID = OWN_ID

        @classmethod
        def from_reader(cls, reader: BinaryReader) -> Box:
            box = cls()
            box.inner = reader.tgread_object()  # type: ignore[attr-defined]
            return box

    tlobjects[OWN_ID] = Box
    identifier = struct.pack("<I", OWN_ID)
    assert read(identifier * 10 + bytes(types.JsonNull())).inner.inner
    with pytest.raises(TLDecodeError, match="nested more than 64"):
        read(identifier * 10_000)


def test_running_out_of_stack_is_a_decode_error() -> None:
    def deeper(levels: int) -> Any:
        return deeper(levels - 1) if levels else read(nested(60))

    limit = sys.getrecursionlimit()
    for levels in range(limit - 120, limit):
        try:
            deeper(levels)
        except TLDecodeError as error:
            assert "stack" in str(error)  # noqa: PT017 - which level it is depends on the test runner
            return
        except RecursionError:
            continue
    pytest.fail("the stack never ran out while reading")


@pytest.mark.parametrize("count", [-1, -(2**31), 2**31 - 1, 1_000_000])
def test_impossible_counts_are_refused_at_once(count: int) -> None:
    for head in (VECTOR, bytes(types.messages.Chats([]))[:8], struct.pack("<I", types.MsgsAck.CONSTRUCTOR_ID) + VECTOR):
        with pytest.raises(TLDecodeError, match=f"vector of {count} items"):
            read(head + struct.pack("<i", count) + bytes(64))


def test_other_constructor_in_place_of_a_vector() -> None:
    data = bytearray(bytes(types.messages.Chats([])))
    data[4:8] = b"abcd"
    with pytest.raises(TLDecodeError, match="vector was expected"):
        read(bytes(data))


def test_nothing_is_refused() -> None:
    for data in (b"", b"a", b"abc"):
        with pytest.raises(TLDecodeError):
            read(data)


def test_random_bytes_give_library_errors_only() -> None:
    source = random.Random(20_240_229)
    identifiers = sorted(tlobjects)
    for _ in range(3_000):
        head = struct.pack("<I", source.choice(identifiers))
        middle = b"".join(
            source.choice((VECTOR, struct.pack("<I", source.choice(identifiers)), source.randbytes(4), bytes(4)))
            for _ in range(source.randrange(12))
        )
        try:
            _registry.read(head + middle)
        except (TLDecodeError, TypeNotFoundError):
            continue


OVERLAY_CODE = """
    import sys, types as pytypes
    patched = pytypes.ModuleType("telethon.tl.patched")
    from telethon.tl._generated import overlaid

    class Message(overlaid.Message):
        __module__ = "telethon.tl.patched"
        extra = None
        {hook}

    class MessageService(overlaid.MessageService): pass
    class MessageEmpty(overlaid.MessageEmpty): pass

    patched.Message, patched.MessageService, patched.MessageEmpty = Message, MessageService, MessageEmpty
    sys.modules["telethon.tl.patched"] = patched
    from telethon.tl import types, _registry
    from telethon.tl.alltlobjects import tlobjects
    data = bytes(overlaid.Message(1, types.PeerUser(2), None, "hi"))
    for _ in range(2):
        found, end = _registry.read(data)
        assert type(found) is Message and end == len(data) and found.message == "hi"
    assert bytes(found) == data
    assert types.Message is Message and tlobjects[overlaid.Message.CONSTRUCTOR_ID] is Message
    assert Message in types.TypeMessage.__args__
    assert found.to_dict()["_"] == "Message"
    print(found.extra)
"""


@pytest.mark.parametrize(("hook", "extra"), [("", "None"), ("def _on_read(self): self.extra = self.id + 1", "2")])
def test_overlay(hook: str, extra: str) -> None:
    code = textwrap.dedent(OVERLAY_CODE.format(hook=hook))
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert answer.stderr == ""
    assert answer.stdout.strip() == extra


def test_overlay_module_that_fails_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    from telethon.tl._generated import overlaid

    def missing(name: str) -> pytypes.ModuleType:
        raise ModuleNotFoundError("No module named 'other'", name="other")

    monkeypatch.setattr(_registry, "import_module", missing)
    with pytest.raises(ModuleNotFoundError, match="other"):
        _registry._overlay_class(overlaid.Message)


def test_overlay_without_its_module_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from telethon.tl._generated import overlaid

    def missing(name: str) -> pytypes.ModuleType:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(_registry, "import_module", missing)
    assert _registry._overlay_class(overlaid.Message) is overlaid.Message
