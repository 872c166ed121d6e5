"""What `import telethon` gives, and what it does not load."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import telethon

ROOT = Path(telethon.__file__).parents[1]


def _run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_names_of_telethon() -> None:
    assert set(telethon.__all__) == {
        "Button", "TelegramClient", "connection", "custom", "errors", "events", "functions", "types", "utils",
    }  # fmt: skip
    for name in telethon.__all__:
        assert getattr(telethon, name) is not None
    assert set(telethon.__all__) <= set(dir(telethon))
    assert telethon.TelegramClient.__module__ == "telethon.client.telegramclient"
    assert telethon.Button.__module__ == "telethon.tl.custom.button"
    assert telethon.connection.__name__ == "telethon.network.connection"
    assert telethon.custom.Button is telethon.Button
    assert telethon.version.__version__ == telethon.__version__


@pytest.mark.parametrize("name", sorted(telethon._MODULES))
def test_modules_are_there_after_importing_the_package_alone(name: str) -> None:
    assert _run(f"import telethon; print(telethon.{name}.__name__)").strip() == f"telethon.{name}"


def test_a_star_import_gives_the_same() -> None:
    _run("from telethon import *; assert TelegramClient and Button and events.NewMessage and types.User")


def test_unknown_names() -> None:
    with pytest.raises(AttributeError, match="module 'telethon' has no attribute 'nothing'"):
        _ = telethon.nothing  # type: ignore[attr-defined]


def test_sync_and_the_test_server_have_to_be_asked_for() -> None:
    script = (
        "import telethon, inspect, sys\n"
        "inspect.getmembers(telethon)\n"
        "assert not hasattr(telethon, 'sync') and not hasattr(telethon, 'testing')\n"
        "assert 'telethon.sync' not in sys.modules\n"
        "assert inspect.iscoroutinefunction(telethon.TelegramClient.get_me)\n"
        "from telethon import sync\n"
        "assert not inspect.iscoroutinefunction(telethon.TelegramClient.get_me)\n"
        "assert sync.TelegramClient is telethon.TelegramClient\n"
    )
    _run(script)


def test_importing_the_package_loads_next_to_nothing() -> None:
    loaded = set(_run("import telethon, sys; print(*(m for m in sys.modules if m.startswith('telethon')))").split())
    assert loaded == {"telethon", "telethon.version"}


@pytest.mark.parametrize(
    ("statement", "not_loaded"),
    [
        ("import telethon.mtproto", "asyncio socket ssl threading subprocess telethon.tl.types telethon.client"),
        (
            "from telethon import TelegramClient",
            "sqlite3 html html.parser mimetypes webbrowser getpass ctypes rsa pyaes socks python_socks csv json "
            "telethon.sync telethon.testing telethon.sessions.sqlite telethon.extensions.html "
            "telethon.errors.rpcerrorlist",
        ),
        ("from telethon import TelegramClient, events", "sqlite3 html webbrowser getpass ctypes"),
        (
            "import asyncio\nfrom telethon import TelegramClient\nfrom telethon.sessions import MemorySession\n"
            "async def make(): TelegramClient(MemorySession(), 1, 'hash')\nasyncio.run(make())\n",
            "sqlite3 html webbrowser getpass ctypes telethon.errors.rpcerrorlist telethon.testing",
        ),
    ],
)
def test_what_is_loaded_only_when_it_is_needed(statement: str, not_loaded: str) -> None:
    loaded = set(_run(f"{statement}\nimport sys\nprint(*sys.modules)").split())
    assert not loaded & set(not_loaded.split())


def test_a_checkout_without_generated_code_says_what_to_do(tmp_path: Path) -> None:
    package = Path(telethon.__file__).parent

    def generated(folder: str, names: list[str]) -> set[str]:
        within = {"tl": ("_generated", "types", "functions", "alltlobjects"), "errors": ("rpcerrorlist",)}
        starts = within.get(Path(folder).name, ()) if Path(folder).parent == package else ()
        return {name for name in names if name.startswith(starts or ("__pycache__",))}

    shutil.copytree(package, tmp_path / "telethon", ignore=generated)
    for statement in (
        "from telethon import TelegramClient",
        "from telethon.tl import types",
        "from telethon import events",
    ):
        done = subprocess.run(
            [sys.executable, "-c", statement], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert "ImportError" in done.stderr
        assert "python -m telethon_generator gen" in done.stderr.splitlines()[-1]
