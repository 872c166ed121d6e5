"""Runs steps against a server with whichever Telethon its interpreter has.

A line of JSON on standard input is a step, ``{"code": ..., "seconds": ...}``: the body of a coroutine, with the names
of `NAMES`. A line of JSON on standard output says what came of it: ``{"ok": true, "value": ...}`` or
``{"ok": false, "error": ...}``.
"""

import asyncio
import json
import logging
import os
import sys
import textwrap
import time
import traceback

INFO = json.loads(sys.stdin.readline())
if INFO["path"]:
    sys.path.insert(0, INFO["path"])

import telethon  # noqa: E402
from telethon import TelegramClient, connection, errors, events, functions, types, utils  # noqa: E402
from telethon.crypto import rsa  # noqa: E402
from telethon.sessions import MemorySession, StringSession  # noqa: E402

for pem in INFO["keys"]:
    rsa.add_key(pem, old=False)


class Records(logging.Handler):
    """What was logged, to be looked at by steps."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname} {record.name} {record.getMessage()}"[:300])


LOG = Records()
logging.getLogger("telethon").addHandler(LOG)
logging.getLogger("telethon").setLevel(logging.INFO)


def make(session=None, /, port=None, dc=None, **given):
    """A client of the server."""
    if session is None:
        session = MemorySession()
        session.set_dc(dc or INFO["dc"], "127.0.0.1", port or INFO["port"])
    given = {"timeout": 3, "retry_delay": 0.1, "connection_retries": 5, "request_retries": 5, **given}
    return TelegramClient(session, 1, "a" * 32, **given)


async def until(condition, seconds=8.0):
    """Wait for something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in time")


NAMES = {
    "asyncio": asyncio,
    "errors": errors,
    "events": events,
    "functions": functions,
    "types": types,
    "utils": utils,
    "telethon": telethon,
    "connection": connection,
    "StringSession": StringSession,
    "MemorySession": MemorySession,
    "make": make,
    "until": until,
    "os": os,
    "time": time,
    "LOG": LOG,
    "me": functions.users.GetUsersRequest([types.InputUserSelf()]),
}


def plain(value):
    """What JSON can carry of a value."""
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return repr(value)[:500]
    return value


def names_of(code):
    """Names a step assigns are kept for the next ones."""
    source = "async def step():\n" + textwrap.indent(textwrap.dedent(code), "    ")
    compiled = compile(source, "<step>", "exec")
    inner = next(one for one in compiled.co_consts if hasattr(one, "co_varnames"))
    kept = [one for one in (*inner.co_varnames, *inner.co_cellvars) if one not in NAMES or one.islower()]
    if kept:
        source = source.replace(
            "async def step():\n", f"async def step():\n    global {', '.join(dict.fromkeys(kept))}\n"
        )
    return source


async def run(step):
    """One step, and what came of it."""
    exec(compile(names_of(step["code"]), "<step>", "exec"), NAMES)
    began = time.monotonic()
    try:
        value = await asyncio.wait_for(NAMES["step"](), step["seconds"])
        answer = {"ok": True, "value": plain(value)}
    except asyncio.TimeoutError as error:
        took = time.monotonic() - began
        text = f"nothing in {step['seconds']} s" if took >= step["seconds"] - 0.05 else f"{error!r}"
        answer = {"ok": False, "error": "TimeoutError", "text": text}
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__) if INFO["path"] else []
        trace = "".join(traceback.format_list(frames[-6:]))
        answer = {"ok": False, "error": type(error).__name__, "text": str(error), "trace": trace}
    answer["log"] = LOG.lines[-40:]
    return answer


async def main():
    """Run steps until there are no more."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        answer = await run(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    os._exit(0)


asyncio.run(main())
