"""The command that prints figures, and what its figures are made of; how long anything takes is no matter here."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from telethon.testing import run_virtual

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.figures", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    return import_module("tests.figures.__main__")


def test_R12_one_figure_by_its_name() -> None:
    done = run("r12", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["R12"]["met"] is True
    assert {row["measured"] for row in found["R12"]["rows"] if "client" in row["what"]} == {"0600"}


def test_a_figure_that_does_not_exist() -> None:
    done = run("r99")
    assert done.returncode == 2
    assert "there is no figure R99; there are R1, R2, R3" in done.stderr


def test_the_status_says_whether_one_was_missed(
    command: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = command.Row
    rows = {"R1": [row("one", "1", "1", True)], "R2": [row("two", "1", "1", True), row("three", "2", "<= 1", False)]}
    monkeypatch.setattr(command, "measure", lambda name, size: rows[name])
    for names, status, last in (
        (["R1"], 0, "all goals met"),
        (["R1", "R2"], 1, "missed: R2"),
    ):
        monkeypatch.setattr(sys, "argv", ["figures", *names])
        assert command.main() == status
        out = capsys.readouterr().out
        assert out.splitlines()[-1] == last
        assert ("MISSED" in out) == bool(status)


def test_a_figure_that_cannot_be_measured_is_missed(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "names", lambda: {"R0": "r0_nothing"})
    (row,) = command.measure("R0", "gate")
    assert not row.met
    assert row.what == "measuring"


def test_every_figure_has_a_title_and_both_sizes(command: Any) -> None:
    assert list(command.names()) == [
        *("R1", "R2", "R3", "R4", "R5", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "U9")
    ]
    for name in command.names():
        assert command.title(name)


@pytest.mark.parametrize("seed", range(2))
def test_R1_M1_M14_a_whole_sender_survives_hostile_frames(command: Any, seed: int) -> None:
    hostile = import_module("tests.figures.r1_hostile_frames")
    sender, times, _, works = run_virtual(hostile.attack(1500, seed))
    assert len(times) == 1500
    assert sender.foreign == []
    assert works


@pytest.mark.parametrize(("offset", "jump"), [(-60, 0), (400, -3600), (-86_400, 86_400)])
def test_R5_M9_I2_a_client_with_a_wrong_clock_is_answered(command: Any, offset: float, jump: float) -> None:
    clocks = import_module("tests.figures.r5_clocks")
    answered, refused = run_virtual(clocks.cell(offset, jump, clocks.TRANSPORTS["gate"][0]))
    assert answered == clocks.REQUESTS
    assert refused <= 1


@pytest.mark.parametrize("name", ["gzip-many-in-a-container", "gzip-many-in-an-update", "containers-10000-deep"])
def test_R10_M12_M13_bombs_are_refused(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.figures.bomb", name], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["refused"]
    assert found["memory"] < 40


def test_R3_X2_a_killed_process_leaves_the_file_and_its_key() -> None:
    counts = import_module("session_kills").kill_writers(12, 3)
    assert (counts.corrupt, counts.keys_lost, counts.torn) == (0, 0, 0)
    assert counts.states > 12, "the processes were killed before they wrote anything"
    assert counts.oldest < 1


def test_U9_a_flood_is_not_kept_in_memory_and_not_lost() -> None:
    done = subprocess.run([sys.executable, "-c", FLOOD], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert (found["lost"], found["repeated"], found["out_of_order"]) == (0, 0, 0)
    assert found["waiting"] == 5_000, "there was no flood"
    assert found["growth"] < 64


# All at once, so that the queue is full on machines of any speed.
FLOOD = """
import asyncio, dataclasses, json, sys
sys.path.insert(0, "tests/support")
from flood import flood
print(json.dumps(dataclasses.asdict(asyncio.run(flood(20_000, 0.000_001, 0.01)))))
"""
