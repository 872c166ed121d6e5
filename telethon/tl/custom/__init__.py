"""Friendly objects: what the client's methods and events give instead of bare objects of the schema."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from telethon._core.oldnames import star_names

if TYPE_CHECKING:
    from telethon.tl.custom.adminlogevent import AdminLogEvent as AdminLogEvent
    from telethon.tl.custom.button import Button as Button
    from telethon.tl.custom.conversation import Conversation as Conversation
    from telethon.tl.custom.dialog import Dialog as Dialog
    from telethon.tl.custom.draft import Draft as Draft
    from telethon.tl.custom.forward import Forward as Forward
    from telethon.tl.custom.inlinebuilder import InlineBuilder as InlineBuilder
    from telethon.tl.custom.inlineresult import InlineResult as InlineResult
    from telethon.tl.custom.inlineresults import InlineResults as InlineResults
    from telethon.tl.custom.inputsizedfile import InputSizedFile as InputSizedFile
    from telethon.tl.custom.message import Message as Message
    from telethon.tl.custom.messagebutton import MessageButton as MessageButton
    from telethon.tl.custom.participantpermissions import ParticipantPermissions as ParticipantPermissions
    from telethon.tl.custom.qrlogin import QRLogin as QRLogin

__all__ = [
    "AdminLogEvent",
    "Button",
    "Conversation",
    "Dialog",
    "Draft",
    "Forward",
    "InlineBuilder",
    "InlineResult",
    "InlineResults",
    "InputSizedFile",
    "Message",
    "MessageButton",
    "ParticipantPermissions",
    "QRLogin",
]

_CLASSES = frozenset(__all__)
#: With those that hold a class without a name here.
_MODULES = frozenset({"chatgetter", "file", "sendergetter", *map(str.lower, _CLASSES)})

if not TYPE_CHECKING:
    __all__ = star_names(__name__, __all__)


def __getattr__(name: str) -> object:
    # Each class lives in a module of its own, named as the class in lower case, and loads when it is first asked for.
    if name in _CLASSES:
        found = getattr(import_module(f"{__name__}.{name.lower()}"), name)
        globals()[name] = found
        return found
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_CLASSES, *_MODULES})
