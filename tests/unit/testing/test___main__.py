from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys

import pytest


async def start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "telethon.testing",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def end(process: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
    try:
        return await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
async def test_it_runs_tells_how_to_log_in_and_ends_cleanly_on_ctrl_c():
    process = await start("--users", "3", "--password", "pw")
    assert process.stdout is not None
    text = ""
    while "client.start(phone" not in text:
        line = await asyncio.wait_for(process.stdout.readline(), 20)
        assert line, "it ended by itself"
        text += line.decode()
    process.send_signal(signal.SIGINT)
    _, errors = await end(process)
    assert (process.returncode, errors) == (0, b"")
    for expected in ("data centre 5", "127.0.0.1:", "BEGIN RSA PUBLIC KEY", "api_hash", "person", "bot", "password pw"):
        assert expected in text
    assert text.count("person") == 3


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
async def test_as_json_on_chosen_ports():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await start("--json", "--dcs", "1", "--port", str(port))
    assert process.stdout is not None
    info = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    process.send_signal(signal.SIGTERM)
    await end(process)
    assert process.returncode == 0
    assert info["addresses"] == {"1": ["127.0.0.1", port]}
    assert info["bots"][0]["token"]
    assert info["users"][0]["phone"].startswith("+")


async def test_a_port_that_is_taken_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = await start("--dcs", "1", "--port", str(taken.getsockname()[1]))
        _, errors = await end(process)
    assert process.returncode == 1
    assert b"cannot listen" in errors


@pytest.mark.parametrize("arguments", [["--port", "99999"], ["--users", "0"], ["--dcs", "x"]])
def test_wrong_arguments_are_refused(arguments, capsys):
    from telethon.testing.__main__ import main

    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert arguments[0] in capsys.readouterr().err
