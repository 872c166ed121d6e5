"""Marked secrets through every public call: none of them in logs, errors, tracebacks or the text of objects."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from fuzztargets.choices import load

from .figure import Row, Size, at_least, exactly

TITLE = "secrets that are told"


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    canaries = load("conformance/test_secrets.py")
    test = canaries.test_X5_R11_I8_no_canary_is_told_by_any_call
    troubles = next(mark for mark in test.pytestmark if mark.name == "parametrize").args[1]
    told: set[str] = set()
    hidden = texts = 0

    class Said(canaries.Said):
        def found(self, secrets: Any) -> set[str]:
            nonlocal hidden, texts
            found: set[str] = super().found(secrets)
            told.update(found)
            hidden = max(hidden, len(secrets))
            texts += len(self.texts)
            # The test itself has its say as well.
            return found

    logger, root = logging.getLogger("telethon"), logging.getLogger()
    logger.setLevel(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.DEBUG)
    failed = 0
    for trouble in troubles:
        said = Said()
        root.addHandler(said.handler)
        try:
            asyncio.run(test(said, trouble))
        except AssertionError:
            failed += 1
        finally:
            root.removeHandler(said.handler)
    return [
        at_least("secrets", hidden, 40),
        at_least("public calls, each in six kinds of trouble", len(canaries.CALLS), 50),
        at_least("texts looked through", texts, 1000),
        exactly("secrets told", len(told), 0),
        exactly("kinds of trouble in which something else went wrong", failed, 0),
    ]
