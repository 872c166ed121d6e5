"""Runs programs of other clients, each in an environment of its own, against the test server.

The environment is the interpreter named by a variable (for Telethon `TELETHON_ANCHOR_PYTHON`), or one that is made with
venv and pip below the cache folder the first time. Where neither works the tests are skipped, unless INTEROP_REQUIRED
is set.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

from telethon.testing import TelegramTestServer

# What the comparison of calls is made of, which other interpreters run as well.
sys.path.insert(0, str(Path(__file__).parent / "telethon_1_45" / "golden"))

try:
    import fcntl
except ImportError:  # pragma: no cover - elsewhere than on POSIX
    fcntl = None


@dataclass
class Played:
    """What a program did: the steps it passed, and those it did not."""

    passed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    details: dict[str, object] = field(default_factory=dict)
    finished: bool = False
    returncode: int | None = None
    stderr: str = ""


def _cache() -> Path:
    given = os.environ.get("INTEROP_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "telethon-interop"


def _environment(name: str, *requirements: str) -> str:
    """The interpreter of an environment with these packages."""
    folder = _cache() / f"{name}-{sys.version_info[0]}.{sys.version_info[1]}"
    with _alone(name):
        return _made(folder, requirements)


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Nobody else makes that environment meanwhile: tests run in several processes."""
    _cache().mkdir(parents=True, exist_ok=True)
    with (_cache() / f"{name}.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _made(folder: Path, requirements: tuple[str, ...]) -> str:
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "done"
    # The interpreter is a link to the one it was made with, which may be gone.
    if python.exists() and done.exists() and done.read_text() == " ".join(requirements):
        return str(python)
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True, capture_output=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements],
            check=True,
            capture_output=True,
            timeout=300,
            env=_clean(),
        )
    except (subprocess.SubprocessError, OSError) as error:
        if os.environ.get("INTEROP_REQUIRED"):
            raise
        pytest.skip(f"no environment with {', '.join(requirements)}: {type(error).__name__}")
    done.write_text(" ".join(requirements))
    return str(python)


def _skip(reason: str) -> NoReturn:
    if os.environ.get("INTEROP_REQUIRED"):
        pytest.fail(reason)
    pytest.skip(reason)


def _node_modules(name: str, requirement: str) -> tuple[str, str]:
    """Node, and a folder in whose `node_modules` the package is."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        _skip("there is no node, or no npm, on this machine")
    folder = _cache() / f"{name}-{requirement.rpartition('@')[2]}"
    if folder.exists():
        return node, str(folder)
    # It gets its name when it is complete, so that several runs can begin at once.
    new = _cache() / f"{name}-{os.getpid()}"
    try:
        new.mkdir(parents=True)
        # A package of its own, so npm does not look for one above it. No script of a package is run.
        (new / "package.json").write_text('{"private": true}')
        retries = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
        subprocess.run(
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *retries, requirement],
            check=True,
            capture_output=True,
            timeout=240,
            cwd=new,
        )
        if not folder.exists():
            new.rename(folder)
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", None) or b""
        _skip(f"npm cannot install {requirement}: {type(error).__name__} {said.decode(errors='replace')[:200]}")
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return node, str(folder)


def _clean() -> dict[str, str]:
    """Variables for another interpreter: nothing of this project on its path."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@pytest.fixture
def anchor_python():
    """An interpreter that has the real Telethon 1.45.0."""
    return os.environ.get("TELETHON_ANCHOR_PYTHON") or _environment("telethon", "Telethon==1.45.0", "cryptg")


@pytest.fixture
def environment():
    """A function that gives an interpreter with published packages, the first of which names it."""

    def find(*requirements: str) -> str:
        return _environment(requirements[0].replace("==", "-"), *requirements)

    return find


@pytest.fixture
def package_python(environment):
    """A function that gives an interpreter with published packages, which bring the real Telethon with them."""

    def find(*requirements: str) -> str:
        return environment(*requirements, "Telethon==1.45.0", "cryptg")

    return find


@pytest.fixture(scope="session")
def mtcute():
    """Node, and where mtcute is."""
    return _node_modules("mtcute", "@mtcute/node@0.30.3")


@pytest.fixture(scope="session")
def gramjs():
    """Node, and where GramJS is."""
    return _node_modules("gramjs", "telegram@2.26.22")


@pytest.fixture
def play(tmp_path):
    """A function that runs a program against a server and tells what it did."""

    async def run(
        server: TelegramTestServer,
        python: str,
        script: Path,
        info: dict[str, object],
        variables: dict[str, str] | None = None,
    ) -> Played:
        process = await asyncio.create_subprocess_exec(
            python,
            str(script),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**_clean(), **(variables or {})},
            cwd=tmp_path,
            limit=1 << 20,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        errors = asyncio.ensure_future(process.stderr.read())
        played = Played()
        try:
            process.stdin.write(json.dumps({**server.connection_info().as_dict(), **info}).encode() + b"\n")
            while line := await asyncio.wait_for(process.stdout.readline(), 90):
                if not line.startswith(b"{"):
                    continue
                said = json.loads(line)
                if "ask" in said:
                    code = server.login_code(said["phone"])
                    process.stdin.write(json.dumps({"code": code}).encode() + b"\n")
                elif said.get("done"):
                    played.finished = True
                elif said["ok"]:
                    played.passed.append(said["step"])
                    played.details[said["step"]] = said.get("detail")
                else:
                    played.failed[said["step"]] = said["detail"]
            played.returncode = await process.wait()
        except asyncio.TimeoutError:
            played.failed[f"after {played.passed[-1:]}"] = "nothing was heard for 90 seconds"
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            played.stderr = (await errors).decode(errors="replace")
        return played

    return run


@pytest.fixture
async def cast():
    """A server with a person, another one in a further data centre, and a bot; and what a program must know of them."""
    # What other clients do against the rules is theirs; here it only matters that they get along.
    async with TelegramTestServer(strict=False) as server:
        user = server.create_user("Ann", "Archer", username="ann_interop", password="secret password")
        other = server.create_user("Bob", username="bob_interop", dc_id=4)
        bot = server.create_bot("Robot", "robot_interop_bot")
        info = {
            "user": {
                "id": user.id,
                "phone": user.phone,
                "first_name": user.first_name,
                "username": user.username,
                "password": "secret password",
            },
            "other": {"id": other.id, "phone": other.phone, "username": other.username, "dc_id": 4},
            "bot": {"id": bot.id, "token": bot.token, "username": bot.username},
        }
        yield server, info
