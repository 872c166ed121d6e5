"""Requests one after another and many at once, against Telethon as a client of the same server in the same run.

Usage:

    python tests/benchmarks/bench_requests.py --anchor-python PYTHON-WITH-TELETHON [--rounds 7]

The server is a third process on loopback; it answers each request with a packet of its own. What counts for requests one
after another is the CPU time of the client's process, and for requests made together the wall clock as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GOAL = 1.5
KEY = bytes(range(256))
CASES = ("sequential", "gathered", "gathered_cpu")


# -- the server --------------------------------------------------------------------------------------------------------


def serve() -> None:
    """Answer until the input ends."""
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from fakeserver import FakeServer

    async def run() -> None:
        server = await FakeServer(_answers()).start()
        server.keeps_requests = False
        print(server.port, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        await server.stop()

    asyncio.run(run())


def _answers() -> Any:
    from telethon.tl import functions, types

    nearest = bytes(types.NearestDc("xx", 2, 2))
    option = types.DcOption(2, "127.0.0.1", 443)
    config = types.Config.__new__(types.Config)
    for name in types.Config._FIELDS:
        setattr(config, name, 0)
    for name in ("dc_txt_domain_name", "me_url_prefix"):
        setattr(config, name, "x")
    for name in ("test_mode", "reactions_default"):
        setattr(config, name, False)
    config.dc_options = [option]
    config.reactions_default = None
    for name in types.Config._FIELDS:
        if getattr(config, name) == 0 and name in _OPTIONAL:
            setattr(config, name, None)
    packed_config = bytes(config)
    simple = functions.help.GetNearestDcRequest.CONSTRUCTOR_ID

    def answer(body: bytes) -> Any:
        number = int.from_bytes(body[:4], "little")
        if number == simple:
            return nearest
        if number == functions.InvokeWithLayerRequest.CONSTRUCTOR_ID:
            return packed_config
        return (401, "AUTH_KEY_UNREGISTERED")

    return answer


_OPTIONAL = frozenset(
    (
        "tmp_sessions",
        "autoupdate_url_prefix",
        "gif_search_username",
        "venue_search_username",
        "img_search_username",
        "static_maps_provider",
        "suggested_lang_code",
        "lang_pack_version",
        "base_lang_pack_version",
        "autologin_token",
    )
)


# -- the clients -------------------------------------------------------------------------------------------------------


def worker(port: int) -> None:
    """Measure one side: read commands as lines of JSON, answer with lines of JSON."""
    import telethon
    from telethon import TelegramClient, functions
    from telethon.crypto import AuthKey
    from telethon.sessions import MemorySession

    session = MemorySession()
    session.set_dc(2, "127.0.0.1", port)
    session.auth_key = AuthKey(KEY)

    async def run() -> None:
        client = TelegramClient(session, 1, "hash")
        await client.connect()
        print(json.dumps({"package": telethon.__file__}), flush=True)
        loop = asyncio.get_running_loop()
        request = functions.help.GetNearestDcRequest

        async def sequential(count: int) -> dict[str, float]:
            start = time.process_time()
            for _ in range(count):
                await client(request())
            return {"sequential": count / (time.process_time() - start)}

        async def gathered(count: int) -> dict[str, float]:
            start, cpu = time.perf_counter(), time.process_time()
            await asyncio.gather(*(client(request()) for _ in range(count)))
            return {
                "gathered": count / (time.perf_counter() - start),
                "gathered_cpu": count / (time.process_time() - cpu),
            }

        measures: Any = {"sequential": sequential, "gathered": gathered}
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            kind, count = json.loads(line)
            print(json.dumps(await measures[kind](count)), flush=True)
        await client.disconnect()

    asyncio.run(run())


class Process:
    """A process that takes and gives lines of JSON."""

    def __init__(self, python: str, arguments: Sequence[str], path: str | None) -> None:
        environment = {"PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"}
        if path is not None:
            environment["PYTHONPATH"] = path
        self._process = subprocess.Popen(
            [python, __file__, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=tempfile.gettempdir(),
        )

    def read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a process of the benchmark has ended early")
        return json.loads(line)

    def ask(self, message: object) -> Any:
        assert self._process.stdin is not None
        print(json.dumps(message), file=self._process.stdin, flush=True)
        return self.read()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


def main(argv: Sequence[str] | None = None) -> int:
    """Compare both sides; the result is the number of goals that were missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=1000, help="requests in one measurement")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.serve:
        serve()
        return 0
    if options.worker:
        worker(options.worker)
        return 0

    server = Process(sys.executable, ["--serve"], str(ROOT))
    port = server.read()
    sides = [Process(sys.executable, ["--worker", str(port)], str(ROOT))]
    if options.anchor_python:
        sides.append(Process(options.anchor_python, ["--worker", str(port)], None))
    for side in sides:
        print(side.read()["package"])
    results: list[dict[str, list[float]]] = [{case: [] for case in CASES} for _ in sides]
    for number in range(options.rounds + 1):
        for kind in ("sequential", "gathered"):
            for side, found in zip(sides, results, strict=True):
                answer = side.ask((kind, options.count))
                # The first round only warms up.
                if number:
                    for case, value in answer.items():
                        found[case].append(value)
    for process in (*sides, server):
        process.close()
    return sum(_report(case, [found[case] for found in results]) for case in CASES)


def _report(case: str, values: list[list[float]]) -> int:
    medians = [statistics.median(found) for found in values]
    unit = "requests per second" if case == "gathered" else "requests per CPU second"
    if len(values) == 1:
        print(f"{case:14} {medians[0]:8.0f} {unit}")
        return 0
    ratio = statistics.median(mine / other for mine, other in zip(*values, strict=True))
    missed = ratio < GOAL
    print(
        f"{case:14} {medians[0]:8.0f} against {medians[1]:8.0f} {unit}: {ratio:.2f}x, "
        f"goal {GOAL}x {'MISSED' if missed else 'met'}"
    )
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
