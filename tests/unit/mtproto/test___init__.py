"""The front door of the core."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import telethon.mtproto

FORBIDDEN = ("asyncio", "socket", "ssl", "threading", "subprocess", "selectors", "sqlite3", "ctypes", "logging")


def loaded_by(code: str) -> list[str]:
    """Names of all modules that are loaded after some code ran in a new interpreter."""
    program = f"import sys\n{code}\nimport json\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names: list[str] = json.loads(done.stdout)
    return names


@pytest.mark.parametrize(
    "code",
    [
        "import telethon.mtproto",
        "import telethon.mtproto\nfor name in telethon.mtproto.__all__: getattr(telethon.mtproto, name)",
    ],
)
def test_importing_the_core_loads_neither_asyncio_nor_the_schema(code: str) -> None:
    loaded = loaded_by(code)
    assert "telethon.mtproto" in loaded
    assert [name for name in loaded if name.partition(".")[0] in FORBIDDEN] == []
    assert [
        name
        for name in loaded
        if name.startswith(("telethon.tl.types", "telethon.tl._generated", "telethon.tl.functions"))
    ] == []
    assert [
        name for name in loaded if name.startswith(("telethon.network", "telethon.client", "telethon.sessions"))
    ] == []


def test_public_names_come_from_their_modules() -> None:
    for name in telethon.mtproto.__all__:
        value = getattr(telethon.mtproto, name)
        assert value.__name__ == name
        assert value.__module__.startswith("telethon.mtproto.")
    assert set(telethon.mtproto.__all__) <= set(dir(telethon.mtproto))


def test_names_are_kept_after_their_first_use() -> None:
    vars(telethon.mtproto).pop("Limits", None)
    first = telethon.mtproto.Limits
    assert vars(telethon.mtproto)["Limits"] is first


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match=r"module 'telethon\.mtproto' has no attribute 'Engine'"):
        telethon.mtproto.Engine  # noqa: B018


def test_the_public_names_are_enough_for_a_session() -> None:
    from telethon._core.clock import ManualClock

    rand = bytes
    clock = ManualClock()
    state = telethon.mtproto.MTProtoState(bytes(256), rand=lambda count: b"\1" * count)
    engine = telethon.mtproto.MTProtoEngine(state, rand=rand, limits=telethon.mtproto.Limits())
    engine.submit(b"\1\2\3\4", token="one")
    (packet,) = engine.packets_to_send(clock.now())
    opened = telethon.mtproto.decrypt(bytes(256), packet, telethon.mtproto.Side.CLIENT)
    assert opened.body == b"\1\2\3\4"
