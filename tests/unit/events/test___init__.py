"""What is in the package, and that most of it is loaded only when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from telethon import events
from telethon.events.common import EventBuilder

BUILDERS = [name for name in events.__all__ if EventBuilder in getattr(getattr(events, name), "__mro__", ())]


def test_every_name_is_there():
    assert len(BUILDERS) == 27
    assert set(events.__all__) <= set(dir(events))
    with pytest.raises(AttributeError, match="no attribute 'NoSuchEvent'"):
        events.NoSuchEvent  # noqa: B018


@pytest.mark.parametrize("name", [name for name in BUILDERS if name != "Raw"])
def test_events_are_known_by_the_name_of_their_builder(name):
    builder = getattr(events, name)
    assert builder.Event.__qualname__ == f"{name}.Event"
    assert builder.Event._event_name == f"{name}.Event"
    assert builder.__doc__ is not None
    assert "Example:" in builder.__doc__


def test_what_few_programs_handle_is_loaded_when_it_is_asked_for():
    code = (
        "import sys; from telethon import events; "
        "assert 'telethon.events.newmessage' in sys.modules; "
        "late = [name for name in events._LATER.values() if f'telethon.events.{name}' in sys.modules]; "
        "assert not late, late; "
        "events.JoinRequest; assert 'telethon.events.joinrequest' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
