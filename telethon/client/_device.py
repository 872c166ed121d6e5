"""What the client tells Telegram about the machine when it is not told what to say."""

from __future__ import annotations

import os
import re

__all__ = ["default_device"]


def default_device() -> tuple[str, str]:
    """The device model and the system version, as the list of active sessions shows them.

    Source: https://core.telegram.org/method/initConnection
    """
    if hasattr(os, "uname"):
        system = os.uname()
        machine, release = system.machine, system.release
    else:
        import platform

        machine, release = platform.machine(), platform.release()
    if machine in ("x86_64", "AMD64"):
        model = "PC 64bit"
    elif machine in ("i386", "i686", "x86"):
        model = "PC 32bit"
    else:
        model = machine or "Unknown"
    return model, re.sub(r"-.+", "", release) or "1.0"
