"""Questions over a connection that is not in use yet: what has to be settled before anything else may be sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from telethon.errors.common import AuthKeyNotFound, InvalidBufferError
from telethon.mtproto import events

if TYPE_CHECKING:
    from telethon._core.clock import Clock
    from telethon.mtproto.engine import MTProtoEngine
    from telethon.network.mtprotoplainsender import PlainPort

__all__ = ["Refused", "ask"]


class Refused(Exception):
    """The server answered with an error.

    Args:
        code: number of its family.
        message: its text.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.message = message


async def ask(
    port: PlainPort,
    engine: MTProtoEngine,
    body: bytes | Callable[[int], bytes],
    *,
    clock: Clock,
    others: list[events.Event],
) -> bytes:
    """Send a request in a new session and give its answer, serialised.

    Args:
        port: sends and receives packets.
        engine: the session; nothing else may be waiting in it.
        body: the request, or a function that makes it for its msg_id.
        clock: tells the time.
        others: here goes what else the server says.

    Raises:
        Refused: the answer is an error.
        AuthKeyNotFound: the server does not know the key.
        ConnectionError: it cannot be answered over this connection.
        SecurityError: what came cannot be from the server.
    """
    token = object()
    engine.submit(body, token=token)
    answer: bytes | None = None
    refusal: Refused | None = None
    while answer is None and refusal is None:
        for packet in engine.packets_to_send(clock.now()):
            await port.send(packet)
        for event in engine.receive_packet(await port.recv(), clock.now()):
            match event:
                case events.ResultReceived(_, found):
                    answer = found
                case events.ErrorReceived(_, code, message):
                    refusal = Refused(code, message)
                case events.KeyUnknown():
                    raise AuthKeyNotFound
                case events.TransportError(code):
                    raise InvalidBufferError((-code).to_bytes(4, "little", signed=True))
                case events.BadMessage(_, code):
                    raise ConnectionError(f"The server does not take the first request of a session (code {code})")
                case events.Unreadable(_, error):
                    raise ConnectionError("The answer to the first request of a session cannot be read") from error
                case events.Closed(reason):
                    raise ConnectionError(f"The connection is given up: {reason}")
                case _:
                    others.append(event)
    if refusal is not None:
        raise refusal
    return answer or b""
