"""Names of the package are found, and only loaded when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from telethon import network
from telethon.network import connection


@pytest.mark.parametrize("package", [network, connection])
def test_every_name_is_there(package):
    for name in package.__all__:
        assert getattr(package, name).__name__.rpartition(".")[2] == name
        assert name in dir(package)
    with pytest.raises(AttributeError, match="nonsense"):
        package.nonsense  # noqa: B018 - the look-up is the test


def test_modules_are_found_by_name():
    assert connection.tcpmtproxy.TcpMTProxy is network.TcpMTProxy
    assert network.mtprotostate.MTProtoState.__name__ == "MTProtoState"


def test_importing_loads_little():
    code = (
        "import sys, telethon.network\n"
        "unwanted = 'ssl', 'socks', 'python_socks', 'cryptg', 'ctypes'\n"
        "print([name for name in sys.modules if name.split('.')[0] in unwanted or 'engine' in name])"
    )
    before = "import sys, asyncio\nprint([name for name in sys.modules if name in ('ssl', 'ctypes')])"
    loaded, always = (
        subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
        for text in (code, before)
    )
    assert loaded == always
