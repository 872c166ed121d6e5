"""The programs in `examples/`, run as the README says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def last_line(folder: Path, *arguments: str) -> str:
    """The last line that an example prints; it must end well and complain of nothing."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / arguments[0]), *arguments[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr + done.stdout
    # Nothing is left behind.
    assert list(folder.iterdir()) == []
    return done.stdout.splitlines()[-1]


def test_demo(tmp_path: Path) -> None:
    pytest.importorskip("rich")
    line = last_line(tmp_path, "demo.py")
    assert re.fullmatch(r"Done: 10 steps in \d+\.\d s, 0 broken rules of the protocol\.", line), line


def test_echo_bot(tmp_path: Path) -> None:
    assert last_line(tmp_path, "echo_bot.py", "--offline") == "bot:  It works **offline**."


# -- the bot with tests ----------------------------------------------------------------------------------------------


def run_suite(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests of the bot in a copy of it; the first that fails ends it."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )


@pytest.fixture
def todo_bot(tmp_path: Path) -> Path:
    """A copy of the bot and its tests."""
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache", "*.egg-info", "build")
    return Path(shutil.copytree(ROOT / "examples" / "todo_bot", tmp_path / "todo_bot", ignore=ignored))


def test_the_tests_of_the_todo_bot_pass(todo_bot: Path) -> None:
    before = sorted(todo_bot.rglob("*"))
    spent = os.times()
    done = run_suite(todo_bot)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^2\d passed in ", done.stdout, re.MULTILINE), done.stdout
    now = os.times()
    # Of a busy machine only the work counts.
    assert now.children_user + now.children_system - spent.children_user - spent.children_system < 10
    assert sorted(todo_bot.rglob("*")) == before


BUGS = {
    "nobody waits for the answer": (
        "bot.py",
        "await self.show(event)",
        "self.show(event)",
        "test_a_bad_line_loses_nothing",
    ),
    "it does not connect again": (
        "bot.py",
        '"catch_up": True,',
        '"catch_up": True, "auto_reconnect": False,',
        "test_(a_bad_line_loses_nothing|what_was_written_while_the_line_was_down_is_answered)",
    ),
    "what came while it was off is forgotten": (
        "bot.py",
        '"catch_up": True,',
        "",
        "test_what_was_written_while_the_bot_was_off_is_answered",
    ),
    "buttons are never answered": (
        "bot.py",
        'await event.answer("Done!" if task.done else "Not done yet.")',
        "",
        "test_a_button_marks_a_task_and_takes_it_back",
    ),
    "anybody can press the buttons of others": (
        "lists.py",
        'where user = ? and id = ?", (user, number))',
        'where id = ?", (number,))',
        "test_in_a_group_everybody_presses_for_themselves",
    ),
    "inline queries find everything": (
        "bot.py",
        "self.lists.of(event.sender_id, event.text)",
        "self.lists.of(event.sender_id)",
        "test_tasks_can_be_shared_in_any_chat",
    ),
    "reminders come again and again": (
        "bot.py",
        "self.lists.reminded(reminder)",
        "",
        "test_a_reminder_survives_a_restart",
    ),
}


@pytest.mark.parametrize("bug", BUGS)
def test_the_tests_of_the_todo_bot_find_a_bug(bug: str, todo_bot: Path) -> None:
    name, right, wrong, finder = BUGS[bug]
    code = (todo_bot / name).read_text(encoding="utf-8")
    assert code.count(right) == 1
    (todo_bot / name).write_text(code.replace(right, wrong), encoding="utf-8")
    done = run_suite(todo_bot)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(rf"^FAILED tests/\w+\.py::{finder}\b", done.stdout, re.MULTILINE), done.stdout
