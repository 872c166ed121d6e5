"""Puts the helpers of the tests where tests can import them, and tells which requirements were proven."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))

import requirements

NOT_PROVEN = ("failed", "error")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--requirements",
        action="store_true",
        help="list every requirement of docs/security.md with the number of its tests that passed",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "requirement: proves what its name names, like M4 of docs/security.md")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # First of all, so that -m and -k choose by what is put here.
    for item in items:
        if requirements.ids_in(item.nodeid):
            item.add_marker("requirement")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Some tests wait for other clients: whoever is done first takes what others have not begun."""
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    chosen = (str(config.getoption(name, "") or "") for name in ("markexpr", "keyword"))
    if not config.getoption("--requirements") and not any("requirement" in one for one in chosen):
        return
    passed: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for outcome, reports in terminalreporter.stats.items():
        if outcome in ("passed", *NOT_PROVEN):
            counter = passed if outcome == "passed" else failed
            for report in reports:
                counter.update(requirements.ids_in(report.nodeid))
    terminalreporter.section("requirements: tests passed")
    for line in requirements.table(passed, failed):
        terminalreporter.line(line, red="failed" in line, yellow="none" in line)


def pytest_make_parametrize_id(val: object) -> str | None:
    """The same name for a case in every process: the default one may hold an address in memory, or a time."""
    if isinstance(val, bytes) and len(val) > 8:
        return f"{len(val)}bytes"
    if isinstance(val, (str, bytes, int, float, bool, type(None))):
        return None
    return f"{type(val).__name__}"
