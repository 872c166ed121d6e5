"""What the arguments of a client's constructor become before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.client._device import default_device
from telethon.tl import functions
from telethon.version import __version__

if TYPE_CHECKING:
    import logging

    from telethon.sessions import Session

__all__ = [
    "as_session",
    "check_api",
    "check_durable",
    "check_local_address",
    "check_seconds",
    "endless_if_none",
    "make_init_request",
]

_LENGTH_OF_SECRETS = 300
"""Characters from which on what looks like the text of a session is one, and no name: they have 353 and more."""


def check_api(api_id: object, api_hash: object) -> int:
    """The API ID as a number, when it and the hash can be what my.telegram.org gives.

    Raises:
        ValueError: one of them is empty, or the ID is no number.
        TypeError: one of them is of another type.
    """
    if not api_id or not api_hash:
        raise ValueError(
            "Your API ID or Hash cannot be empty or None. Make them at https://my.telegram.org, "
            "under API development tools"
        )
    # What is wrong is not shown: when the two were exchanged, it is the hash.
    if not isinstance(api_id, (int, str)):
        raise TypeError(f"api_id is a number, such as 12345, not {type(api_id).__name__}")
    try:
        number = int(api_id)
    except ValueError:
        exchanged = str(api_hash).isdecimal()
        raise ValueError(
            "api_id is a number, such as 12345, and this is none"
            + ("; it and api_hash were exchanged: the number comes first" if exchanged else "")
        ) from None
    if not isinstance(api_hash, str):
        raise TypeError(f"api_hash is text of 32 characters, not {type(api_hash).__name__}")
    return number


def check_seconds(name: str, value: object) -> None:
    """See that a setting is a time.

    Raises:
        TypeError: it is no number, and not None.
    """
    if value is not None and not isinstance(value, (int, float)):
        raise TypeError(f"{name} is a number of seconds, not {type(value).__name__}")


def endless_if_none(name: str, retries: int | None) -> int:
    """A number of retries in which -1 stands for no limit.

    Raises:
        TypeError: it is no number.
    """
    if retries is None:
        return -1
    if not isinstance(retries, (int, float)):
        raise TypeError(f"{name} is a number, or None for no limit, not {type(retries).__name__}")
    return retries


def as_session(session: Any, log: logging.Logger) -> Session:
    """The session that a file name, a path, None or a session stands for.

    Raises:
        TypeError: it is none of those.
        ValueError: it is the text of a session in the place of a name.
    """
    from telethon.sessions import MemorySession, Session

    if session is None:
        return MemorySession()
    if isinstance(session, Session):
        return session
    if not (isinstance(session, str) or hasattr(session, "__fspath__")):
        raise TypeError("The given session must be a str or a Session instance (or a path, or None for memory only).")
    # Such a text must not become the name of a file, or stand in the error that there can be none.
    if isinstance(session, str) and len(session) > _LENGTH_OF_SECRETS and session[0] == "1" and "/" not in session:
        raise ValueError(
            "The session is given as the name of a file, and this is the text of a session: "
            "write TelegramClient(StringSession(text), ...), with StringSession of telethon.sessions"
        )
    from telethon.sessions import SQLiteSession

    try:
        return SQLiteSession(str(session))
    except ImportError:
        log.warning(
            "The sqlite3 module is not available, so the session is kept in memory and lost when the program ends"
        )
        return MemorySession()


def check_durable(session: object) -> None:
    """See that a session can store updates.

    Raises:
        TypeError: it cannot.
    """
    from telethon.sessions import DurableSession

    if not isinstance(session, DurableSession):
        raise TypeError(
            f"durable_updates=True needs a session that stores updates, and {type(session).__name__} does not. Use an "
            "SQLiteSession (the name of a file), or give the class the methods of telethon.sessions.DurableSession"
        )


def check_local_address(local_addr: str | tuple[str, int] | None, use_ipv6: bool) -> None:
    """See that the local address is of the family to connect by.

    Raises:
        TypeError: it is of the other one.
    """
    if local_addr is None:
        return
    address = local_addr if isinstance(local_addr, str) else local_addr[0]
    if (":" in address) != use_ipv6:
        kind = "IPv6" if use_ipv6 else "IPv4"
        raise TypeError(f"A local {kind} address is needed with use_ipv6={use_ipv6}, and {address} is not one")


def make_init_request(
    api_id: int,
    device_model: str | None,
    system_version: str | None,
    app_version: str | None,
    lang_code: str,
    system_lang_code: str,
) -> functions.InitConnectionRequest[Any]:
    """How the client introduces itself; what is not given is told from the machine.

    Source: https://core.telegram.org/method/initConnection
    """
    model, system = default_device()
    return functions.InitConnectionRequest(
        api_id=api_id,
        device_model=device_model or model,
        system_version=system_version or system,
        app_version=app_version or __version__,
        lang_code=lang_code,
        system_lang_code=system_lang_code,
        lang_pack="",
        query=None,  # type: ignore[arg-type]
        proxy=None,
    )
