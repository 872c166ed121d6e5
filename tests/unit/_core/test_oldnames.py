"""Names that are in modules only because they are used there, and that programs import from there nevertheless."""

from __future__ import annotations

import importlib
import subprocess
import sys
from unittest.mock import patch

import pytest

from telethon._core import oldnames

NAMES = [
    (module, entry.lstrip("?").partition("=")[0]) for module, text in oldnames._NAMES.items() for entry in text.split()
]


# This one changes classes for the whole process, so it is loaded in one of its own.
MODULES = sorted(oldnames._NAMES.keys() - {"telethon.sync"})


@pytest.mark.parametrize("module", MODULES)
def test_every_name_is_there(module):
    found = importlib.import_module(module)
    for name in [name for one, name in NAMES if one == module]:
        getattr(found, name)


def test_every_name_for_scripts_is_there():
    names = [name for one, name in NAMES if one == "telethon.sync"]
    code = f"import telethon.sync as found; print(all(getattr(found, name) is not None for name in {names}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print(hasattr(found, 'nothing_of_that_name'))"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["True", "False"], done.stderr


@pytest.mark.parametrize(
    ("module", "name", "stands_for"),
    [
        ("telethon.sessions.sqlite", "PeerChannel", "telethon.tl.types.PeerChannel"),
        ("telethon.sessions.sqlite", "sqlite3", "sqlite3"),
        ("telethon.client.updates", "traceback", "traceback"),
        ("telethon.client.updates", "EventBuilderDict", "telethon.client._dispatch.EventBuilderDict"),
        ("telethon.tl.custom.message", "File", "telethon.tl.custom.file.File"),
        ("telethon.client.uploads", "_resize_photo_if_needed", "telethon.client._media.resize_photo_if_needed"),
        ("telethon.client.downloads", "_DirectDownloadIter", "telethon.client._iterators.downloads.DirectDownloadIter"),
        ("telethon.client.telegrambaseclient", "MbEntityCache", "telethon._updates.EntityCache"),
        ("telethon.client.telegrambaseclient", "LAYER", "telethon.tl.alltlobjects.LAYER"),
        ("telethon.extensions", "markdown", "telethon.extensions.markdown"),
        ("telethon.utils", "mimetypes", "mimetypes"),
    ],
)
def test_a_name_stands_for_the_same_thing(module, name, stands_for):
    assert getattr(importlib.import_module(module), name) is oldnames._found(stands_for, is_optional=False)


@pytest.mark.parametrize("module", MODULES)
def test_what_nobody_has_is_refused(module):
    found = importlib.import_module(module)
    for name in ("nothing_of_that_name", "__wrapped__"):
        with pytest.raises(AttributeError, match=f"module '{module}' has no attribute '{name}'"):
            getattr(found, name)


def test_what_a_star_gives():
    names = oldnames.star_names("telethon.sessions.string", ["StringSession", "_private", "ipaddress"])
    assert names == ["StringSession", "ipaddress", "AuthKey", "Session"]


@pytest.mark.parametrize("module", ["telethon.tl.functions.messages", "telethon.tl.types", "telethon.tl"])
def test_a_star_import_gives_old_names_after_those_of_the_module(module):
    found = importlib.import_module(module)
    assert found.__all__ == oldnames.star_names(".".join(module.split(".")[:3]), found.__all__)
    assert ("datetime" in found.__all__) is (module != "telethon.tl")


def test_a_module_that_is_not_installed_is_none():
    with patch.dict(sys.modules, {"aiohttp": None}):
        assert importlib.import_module("telethon.client.downloads").aiohttp is None


def test_a_module_that_must_be_there_is_missed():
    with pytest.raises(ImportError):
        oldnames._found("no_module_of_that_name", is_optional=False)


def test_nothing_is_loaded_before_it_is_asked_for():
    code = """
import sys, telethon.client.updates, telethon.sessions.sqlite
early = [name for name in ("sqlite3", "traceback", "telethon.events.common") if name in sys.modules]
telethon.sessions.sqlite.sqlite3, telethon.client.updates.EventCommon
print(early, "sqlite3" in sys.modules, "telethon.events.common" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("True True"), done.stderr
    assert "sqlite3" not in done.stdout
    assert "telethon.events.common" not in done.stdout


def test_what_copies_of_the_call_take():
    users = importlib.import_module("telethon.client.users")
    assert str(users._NOT_A_REQUEST()) == "You can only invoke requests, not types!"
    words = users._fmt_flood(65, 5, early=True)
    assert words[0] % words[1:] == "Sleeping early for 65s (0:01:05) on int flood wait"
