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
    # A number of 64 bits is rounded where numbers are floating-point ones.
    assert info["fingerprint_text"] == str(info["fingerprint"])

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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "99999"], "argument --port: a port is a number from 1 to 65535, not '99999'"),
        (["--port", "http"], "argument --port: a port is a number from 1 to 65535, not 'http'"),
        (["--port", "65530", "--dcs", "7"], "7 data centres do not fit behind port 65530: 65535 is the last one"),
        (["--users", "0"], "argument --users: give a number from 1 to 1000, not '0'"),
        (["--dcs", "x"], "argument --dcs: give a number from 1 to 1000, not 'x'"),
        (["--usrs", "3"], "unrecognized arguments: --usrs 3"),
    ],
)
def test_wrong_arguments_are_refused(arguments, told, capsys):
    from telethon.testing.__main__ import main

    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert told in capsys.readouterr().err


def test_help_names_every_option(capsys):
    from telethon.testing.__main__ import main

    with pytest.raises(SystemExit) as raised:
        main(["--help"])
    assert raised.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    for expected in ("--port N", "--dcs N", "--users N", "--password", "--lenient", "--json", "127.0.0.1", "Ctrl-C"):
        assert expected in told


async def test_broken_rules_are_told_on_standard_error():
    process = await start("--json", "--dcs", "1")
    assert process.stdout is not None
    info = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    reader, writer = await asyncio.open_connection(*info["addresses"]["1"])
    # The intermediate transport, and a packet of two gigabytes.
    writer.write(b"\xee\xee\xee\xee" + b"\xff\xff\xff\x7f")
    await reader.read(1)
    writer.close()
    process.terminate()
    _, errors = await end(process)
    assert errors.startswith(b"broken rule: transport: ")
