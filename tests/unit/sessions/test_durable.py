"""Which sessions can store updates."""

from __future__ import annotations

from telethon.sessions import DurableSession, MemorySession, SQLiteSession, StringSession


def test_which_sessions_can():
    session = SQLiteSession()
    assert isinstance(session, DurableSession)
    session.close()
    assert not isinstance(MemorySession(), DurableSession)
    assert not isinstance(StringSession(), DurableSession)
