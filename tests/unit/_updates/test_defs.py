"""The words in which the message box speaks."""

from __future__ import annotations

import telethon._updates as updates
from telethon._updates import messagebox


def test_names_that_programs_know():
    assert (repr(messagebox.ENTRY_ACCOUNT), repr(messagebox.ENTRY_SECRET)) == ("ACCOUNT", "SECRET")
    assert issubclass(updates.GapError, ValueError)
    assert {one.name: one.value for one in updates.PrematureEndReason} == {
        "TEMPORARY_SERVER_ISSUES": "tmp",
        "BANNED": "ban",
    }
