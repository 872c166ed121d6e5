"""Requests one after another and many at once, and parts of files, against Telethon as a client of the same server.

Usage:

    python tests/benchmarks/bench_requests.py --anchor-python PYTHON-WITH-TELETHON [--rounds 7]

The server is a third process on loopback: a small one that does nothing but answer, each request in a packet of its
own, or the test server of the library (``--server test``), which answers a thousand requests in one packet and whose
own speed then limits the wall clock. What counts otherwise is the CPU time of the client's process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

from processes import ROOT, Process, make_byte_code

PART = 512 * 1024
GOALS = {"sequential": 1.5, "gathered": 1.5, "gathered_cpu": 1.5, "upload": 8.0, "download": 1.0}
SLACK = 0.85
"""Part of a goal of several times that is enough, because the machine has other things to do."""


# -- the server --------------------------------------------------------------------------------------------------------


def serve(kind: str, clients: int) -> None:
    """Tell where to connect and with which keys, and answer until the input ends."""
    asyncio.run({"test": _serve_test, "small": _serve_small}[kind](clients))


async def _serve_test(clients: int) -> None:
    from telethon.testing import TelegramTestServer

    # Lenient, because the other library breaks rules of the protocol.
    async with TelegramTestServer(strict=False) as server:
        bots = [server.create_bot(f"Bot {number}", f"number{number}_bot") for number in range(clients)]
        sessions = [server.client_session(bot) for bot in bots]
        session = sessions[0]
        await _told(session.dc_id, session.port, [one.auth_key.key.hex() for one in sessions])


async def _serve_small(clients: int) -> None:
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from fakeserver import KEY, FakeServer

    server = await FakeServer(_answers()).start()
    server.keeps_requests = False
    await _told(2, server.port, [KEY.hex()] * clients)
    await server.stop()


async def _told(dc_id: int, port: int, keys: list[str]) -> None:
    print(json.dumps([dc_id, port, keys]), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


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
    file = bytes(types.upload.File(types.storage.FilePartial(), 0, os.urandom(PART)))
    yes = bytes.fromhex("b5757299")
    simple = functions.help.GetNearestDcRequest.CONSTRUCTOR_ID

    def answer(body: bytes) -> Any:
        number = int.from_bytes(body[:4], "little")
        if number == simple:
            return nearest
        if number == functions.upload.GetFileRequest.CONSTRUCTOR_ID:
            return file
        if number == functions.upload.SaveFilePartRequest.CONSTRUCTOR_ID:
            return yes
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


def worker(dc_id: int, port: int, key: str) -> None:
    """Measure one side: read commands as lines of JSON, answer with lines of JSON."""
    import telethon
    from telethon import TelegramClient, functions, types
    from telethon.crypto import AuthKey
    from telethon.sessions import MemorySession

    session = MemorySession()
    session.set_dc(dc_id, "127.0.0.1", port)
    session.auth_key = AuthKey(bytes.fromhex(key))

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

        place = types.InputDocumentFileLocation(1, 2, b"", "")
        part = os.urandom(PART)

        async def upload(count: int) -> dict[str, float]:
            start = time.process_time()
            for _ in range(count // 10):
                await client(functions.upload.SaveFilePartRequest(1, 2, part))
            return {"upload": count // 10 / (time.process_time() - start)}

        async def download(count: int) -> dict[str, float]:
            start = time.process_time()
            for _ in range(count // 10):
                await client(functions.upload.GetFileRequest(place, 0, PART))
            return {"download": count // 10 / (time.process_time() - start)}

        measures: Any = {"sequential": sequential, "gathered": gathered, "upload": upload, "download": download}
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            kind, count = json.loads(line)
            print(json.dumps(await measures[kind](count)), flush=True)
        await client.disconnect()

    asyncio.run(run())


def main(argv: Sequence[str] | None = None) -> int:
    """Compare both sides; the result is the number of goals that were missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=1000, help="requests in one measurement")
    parser.add_argument("--server", choices=["small", "test"], default="small", help="which server to use")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--worker", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.serve:
        serve(options.server, options.serve)
        return 0
    if options.worker:
        dc_id, port, key = options.worker
        worker(int(dc_id), int(port), key)
        return 0

    make_byte_code()
    server = Process(sys.executable, __file__, ["--serve", "2", "--server", options.server], str(ROOT))
    *where, keys = server.read()
    places = [["--worker", *map(str, where), key] for key in keys]
    sides = [Process(sys.executable, __file__, places[0], str(ROOT))]
    if options.anchor_python:
        sides.append(Process(options.anchor_python, __file__, places[1], None))
    for side in sides:
        print(side.read()["package"])
    kinds = ["sequential", "gathered"]
    if options.server == "small":
        # The test server takes no parts of files that are not there.
        kinds += ["upload", "download"]
    results: list[dict[str, list[float]]] = [{case: [] for case in GOALS} for _ in sides]
    for number in range(options.rounds + 1):
        for kind in kinds:
            for side, found in zip(sides, results, strict=True):
                answer = side.ask((kind, options.count))
                # The first round only warms up.
                if number:
                    for case, value in answer.items():
                        found[case].append(value)
    for process in (*sides, server):
        process.close()
    cases = [case for case in GOALS if results[0][case]]
    return sum(_report(case, [found[case] for found in results]) for case in cases)


def _report(case: str, values: list[list[float]]) -> int:
    medians = [statistics.median(found) for found in values]
    unit = "per second" if case == "gathered" else "per CPU second"
    if len(values) == 1:
        print(f"{case:14} {medians[0]:8.0f} {unit}")
        return 0
    ratio = statistics.median(mine / other for mine, other in zip(*values, strict=True))
    goal = GOALS[case]
    missed = ratio < goal * SLACK
    print(
        f"{case:14} {medians[0]:8.0f} against {medians[1]:8.0f} {unit}: {ratio:.2f}x, "
        f"goal {goal}x {'MISSED' if missed else 'met' if ratio >= goal else 'met within the slack'}"
    )
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
