"""The package of friendly objects."""

from __future__ import annotations

import subprocess
import sys

import pytest

from telethon.tl import custom


def test_every_name_is_there() -> None:
    for name in custom._CLASSES:
        cls = getattr(custom, name)
        assert (cls.__name__, cls.__module__) == (name, f"telethon.tl.custom.{name.lower()}")
    assert set(custom.__all__) <= set(dir(custom))
    assert custom.file.File.__name__ == "File"
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        custom.Nothing  # noqa: B018


def test_classes_load_when_they_are_asked_for() -> None:
    code = (
        "import sys, telethon.tl.custom as custom; before = set(sys.modules); custom.InputSizedFile; "
        "loaded = {name for name in sys.modules if name.startswith('telethon.tl.custom.')}; "
        "assert loaded == {'telethon.tl.custom.inputsizedfile'}, loaded; "
        "assert 'asyncio' not in sys.modules and 'telethon.client' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
