"""What the arguments of a client's constructor become before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.client._device import default_device
from telethon.tl import functions
from telethon.version import __version__

if TYPE_CHECKING:
    import logging

    from telethon.sessions import Session

__all__ = ["as_session", "check_durable", "check_local_address", "endless_if_none", "make_init_request"]


def endless_if_none(retries: int | None) -> int:
    """A number of retries in which -1 stands for no limit."""
    return -1 if retries is None else retries


def as_session(session: Any, log: logging.Logger) -> Session:
    """The session that a file name, a path, None or a session stands for.

    Raises:
        TypeError: it is none of those.
    """
    from telethon.sessions import MemorySession, Session

    if session is None:
        return MemorySession()
    if isinstance(session, Session):
        return session
    if not (isinstance(session, str) or hasattr(session, "__fspath__")):
        raise TypeError("The given session must be a str or a Session instance (or a path, or None for memory only).")
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
