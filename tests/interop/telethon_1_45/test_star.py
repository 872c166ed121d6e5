"""``from telethon.tl.types import *`` and the like give programs the names that they have with Telethon 1.45."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("star_script.py")

#: With what is new here, which has to be wanted: it takes the place of a name that a program has given already.
MODULES = {
    "telethon": "",
    # Before `telethon.types` and the like: whoever imports one of them finds it in `telethon` ever after.
    "telethon.sync": "",
    "telethon.client": "ConnectionChange FloodWait Health",
    "telethon.crypto": "",
    "telethon.custom": "",
    "telethon.errors": (
        "LocalProtocolError RemoteProtocolError RequestTimeoutError RequestUncertainError TLDecodeError"
    ),
    "telethon.errors.common": (
        "LocalProtocolError RemoteProtocolError RequestTimeoutError RequestUncertainError TLDecodeError"
    ),
    "telethon.errors.rpcbaseerrors": "",
    "telethon.errors.rpcerrorlist": "NotFoundError",
    "telethon.events": (
        "BotStopped BusinessConnection BusinessMessage BusinessMessageDeleted BusinessMessageEdited ChatBoost "
        "ChatMember ChosenInlineResult Delivery DraftUpdate JoinRequest MessageReaction Payment PollUpdate PollVote "
        "PreCheckoutQuery ShippingQuery Story delivery_of"
    ),
    "telethon.extensions": "",
    "telethon.extensions.html": "",
    "telethon.extensions.markdown": "",
    "telethon.functions": "",
    "telethon.helpers": "",
    "telethon.network": "SenderPool",
    "telethon.network.connection": "",
    "telethon.sessions": (
        "DurableSession SessionDamagedError SessionFileError SessionLockedError SessionNotWritableError "
        "SessionVersionError StoredUpdate"
    ),
    "telethon.tl": "",
    "telethon.tl.core": "",
    "telethon.tl.custom": "",
    "telethon.tl.custom.message": "",
    "telethon.tl.functions": "",
    "telethon.tl.functions.channels": "",
    "telethon.tl.functions.messages": "",
    "telethon.tl.tlobject": "",
    "telethon.tl.types": "",
    "telethon.tl.types.messages": "",
    "telethon.types": "",
    "telethon.utils": "within_surrogate",
}


def given(python: str, *, ours: bool) -> dict[str, Any]:
    """What the script says with an interpreter."""
    package = str(Path(__file__).resolve().parents[3])
    code = f"import sys; sys.path.insert(0, {package!r}); " if ours else ""
    code += f"exec(compile(open({str(SCRIPT)!r}).read(), 'star', 'exec'))"
    done = subprocess.run(
        [python, "-c", code, *MODULES], capture_output=True, text=True, check=False, cwd="/", timeout=50
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.interop
def test_star_imports(anchor_python: str) -> None:
    ours, theirs = given(sys.executable, ours=True), given(anchor_python, ours=False)
    for module, new in MODULES.items():
        assert sorted(ours[module].keys() - theirs[module].keys()) == new.split(), module
    other = {
        f"{module}.{name}": (ours[module].get(name), kind)
        for module in MODULES
        for name, kind in theirs[module].items()
        if ours[module].get(name) != kind
    }
    assert other == {}
