"""The same calls under the real Telethon 1.45: the same requests, results and errors, field by field.

Each suite is played by both libraries, each against a server of its own that is built and seeded alike. What may differ
stands in `golden/differences.py`, with a reason; how volatile values are named, in `golden/normalise.py`.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from comparing import Spot, compare
from differences import DIFFERENCES
from normalise import told
from stage import Stage

import telethon

HERE = Path(__file__).with_name("golden")

# At least so many calls each.
SUITES = {"messages": 350, "chats": 240, "events": 200, "account": 200, "programs": 8, "details": 430}

# What a client asks by itself, at moments that depend on the library.
BACKGROUND = {
    "updates.getState",
    "updates.getDifference",
    "updates.getChannelDifference",
    "help.getConfig",
    "langpack.getLanguage",
}


async def record(play: Any, python: str, suite: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the calls of a suite gave, and what they asked."""
    # Telethon cannot answer who writes to it for the first time in a short form.
    stage = Stage(short_updates=suite != "programs")
    async with stage.server as server:
        info = await stage.build()
        variables = {"PYTHONPATH": str(Path(telethon.__file__).parents[1])} if python == sys.executable else {}
        played = await play(server, python, HERE / "play.py", {**info, "suite": suite}, variables)
    assert played.finished, played.stderr[-3000:] or played.failed
    names = {person.id: name for name, person in stage.people.items()}
    asked = {
        case: [
            {
                "by": names.get(logged.user_id or 0),
                "method": logged.method,
                "request": told(logged.request),
                "error": logged.error,
            }
            for logged in requests
            if logged.method not in BACKGROUND
        ]
        for case, requests in stage.requests.items()
    }
    return played.details, asked


def unexplained(found: list[Spot], suite: str) -> tuple[list[Spot], list[str]]:
    """Differences without a reason, and reasons that explain nothing."""
    known = [one for one in DIFFERENCES if suite in one.suites.split()]
    used = set()
    rest = []
    for spot in found:
        for number, one in enumerate(known):
            if one.explains(spot):
                used.add(number)
                break
        else:
            rest.append(spot)
    return rest, [one.reason for number, one in enumerate(known) if number not in used]


@pytest.mark.interop
@pytest.mark.timeout(240)
@pytest.mark.parametrize("suite", SUITES)
async def test_calls_are_as_with_telethon_1_45(play, anchor_python, suite):
    (ours, asked), (theirs, asked_theirs) = await asyncio.gather(
        record(play, sys.executable, suite), record(play, anchor_python, suite)
    )
    assert theirs.pop("version") == "1.45.0"
    ours.pop("version")
    assert len(theirs) >= SUITES[suite]
    rest, unused = unexplained(compare(ours, theirs, asked, asked_theirs), suite)
    assert rest == []
    assert unused == []


def test_every_field_and_request_counts():
    def asked(*methods, **fields):
        return {"case": [{"method": method, "request": fields, "error": None} for method in methods]}

    def found(ours, theirs, requests=None, other=None):
        requests = requests or asked()
        return [spot[1:] for spot in compare({"case": ours}, {"case": theirs}, requests, other or requests)]

    assert found({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}) == []
    assert found({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == [("result.a[1].b", 2, 3)]
    assert found({"a": 1}, {}) == [("result.a", 1, "<missing>")]
    assert found([1, 2], [1]) == [("result", [1, 2], [1])]
    assert found(0, False) == [("result", 0, False)]
    assert found(1, 1, asked("x", "y"), asked("y", "x")) == [("requests", ["x", "y"], ["y", "x"])]
    assert found(1, 1, asked("x", silent=True), asked("x", silent=None)) == [("requests[0].request.silent", True, None)]
    assert compare({"case": 1}, {}, {}, {}) == [Spot("case", "", True, False)]


def test_reasons_that_explain_nothing_are_told():
    rest, unused = unexplained([Spot("case", "result.a", 1, 2)], "messages")
    assert rest == [Spot("case", "result.a", 1, 2)]
    assert unused == [one.reason for one in DIFFERENCES if "messages" in one.suites.split()]
