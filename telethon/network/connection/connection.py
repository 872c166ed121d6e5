"""A connection to one server: bytes in packets, packets out, and the other way round.

`Connection` knows sockets and proxies, its codec what packets look like on the wire, and its subclasses put both
together. Programs may subclass it, and pass the class to the client; the protected methods are the places meant for
that:

    _connect      open `_reader` and `_writer`, make the `_codec`, call `_init_conn`
    _open_writer  make the `_writer`, perhaps one that puts another stream between the codec and the socket
    _init_conn    what is written first
    _send         write one packet
    _recv         read one packet

As long as a subclass leaves the reading methods and the loops alone, packets are cut out of the bytes the moment they
arrive, without a task. Otherwise two tasks run `_send_loop` and `_recv_loop`, as Telethon always did.

Source: https://core.telegram.org/mtproto/mtproto-transports
"""

from __future__ import annotations

import abc
import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from telethon._core.oldnames import old_names
from telethon.network.connection._codecs import feeder
from telethon.network.connection._packetcodec import PacketCodec
from telethon.network.connection._reader import BufferedReaderProtocol, DivertableReader

if TYPE_CHECKING:
    import logging
    from ssl import SSLContext
else:
    __getattr__ = old_names(__name__)

__all__ = ["Connection", "ObfuscatedConnection", "PacketCodec"]

_CLOSE_PATIENCE = 0.5
"""Seconds a socket gets to close by itself; one that does not is thrown away, so that nobody waits for it."""

_MAX_WAITING = 32 * 1024 * 1024
"""Bytes of packets that may wait to be taken before the socket is not read any more."""


class ObfuscatedIOLike(Protocol):
    """What an obfuscated connection puts between its codec and its socket."""

    header: bytes

    async def readexactly(self, n: int) -> bytes:
        """Exactly *n* plain bytes."""
        ...

    def write(self, data: bytes) -> None:
        """Write plain bytes."""
        ...


class Connection(abc.ABC):  # noqa: B024 - abstract in name only, as programs know it
    """A connection to a server that carries packets.

    Args:
        ip: address of the server.
        port: its port.
        dc_id: number of its data centre.
        loggers: loggers by module name.
        proxy: a proxy to go through; see `telethon.network.proxy`.
        local_addr: address of this machine, or ``(address, port)``, to connect from.

    Attributes:
        packet_codec: the class of codec.
        error_code: the transport error with which the server refused, as a positive number, once it did.
    """

    packet_codec: Any = None
    _why_closed = ""
    _via = ""

    def __init__(
        self,
        ip: str,
        port: int,
        dc_id: int,
        *,
        loggers: Mapping[str, logging.Logger],
        proxy: Any = None,
        local_addr: str | tuple[str, int] | None = None,
    ) -> None:
        self._ip = ip
        self._port = port
        # A number only MTProxies look at.
        self._dc_id = dc_id
        self._log = loggers[__name__]
        self._proxy = proxy
        self._local_addr = local_addr
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._connected = False
        self._send_task: asyncio.Task[None] | None = None
        self._recv_task: asyncio.Task[None] | None = None
        self._codec: Any = None
        self._obfuscation: Any = None
        self._feed: Callable[[bytes], list[bytes]] = _no_codec
        self._core: Any = None
        self._send_queue: asyncio.Queue[bytes] = asyncio.Queue(1)
        self._recv_queue: asyncio.Queue[tuple[bytes | None, BaseException | None]] = asyncio.Queue(1)
        self.error_code: int | None = None
        self._sink: Callable[[list[bytes]], None] | None = None
        self._lost: Callable[[BaseException], None] | None = None
        self._progress: Callable[[], None] | None = None
        self._diverted = False
        self._packets: list[bytes] = []
        self._waiting = 0
        self._paused = False
        self._failure: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None

    def __str__(self) -> str:
        return f"{self._ip}:{self._port}/{type(self).__name__.replace('Connection', '')}"

    def _use_proxy(self, proxy: Any) -> None:
        """Go through this proxy from the next connecting on."""
        self._proxy = proxy

    # -- opening and closing -----------------------------------------------------------------------------------------

    async def connect(self, timeout: float | None = None, ssl: bool | SSLContext | None = None) -> None:
        """Connect; when this returns, packets may be sent.

        Args:
            timeout: seconds it may take; None for no limit.
            ssl: whether, or with which context, to use TLS.

        Raises:
            ConnectionError: the server, or the proxy, refused or cannot be reached.
            OSError: the network does not allow it.
            asyncio.TimeoutError: it took too long.
        """
        self._forget()
        try:
            await self._connect(timeout=timeout, ssl=ssl)
            self._connected = True
            await self._begin()
        except BaseException:
            self._connected = False
            await self._close_writer(patience=0)
            raise

    async def disconnect(self) -> None:
        """Close the connection, whatever state it is in. Whoever waits in `recv` gets `ConnectionError`."""
        self._connected = False
        self._sink = self._lost = self._progress = None
        own = asyncio.current_task()
        tasks = [task for task in (self._send_task, self._recv_task) if task is not None and task is not own]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self._wake()
        if self._recv_queue.empty():
            # A task that waits for the queue would never know otherwise.
            self._recv_queue.put_nowait((None, None))
        await self._close_writer(_CLOSE_PATIENCE)

    async def _connect(self, timeout: float | None = None, ssl: bool | SSLContext | None = None) -> None:
        """Open the socket and get `_reader`, `_writer` and `_codec` ready."""
        work = self._open(timeout, ssl)
        try:
            await (work if timeout is None else asyncio.wait_for(work, timeout))
        except asyncio.TimeoutError as error:
            if error.args:
                raise
            raise asyncio.TimeoutError(f"Connecting to {self}{self._via} took longer than {timeout} s") from error

    async def _open(self, timeout: float | None, ssl: bool | SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        reader = DivertableReader(loop=loop)
        # Typed loosely, because which of its many forms `create_connection` takes depends on the arguments.
        where: dict[str, Any]
        if self._proxy:
            where = {"sock": await self._proxy_connect(timeout=timeout, local_addr=self._local_address())}
            if ssl:
                where["server_hostname"] = self._ip
        else:
            where = {"host": self._ip, "port": self._port, "local_addr": self._local_address()}
        transport, protocol = await loop.create_connection(
            lambda: BufferedReaderProtocol(reader, loop), ssl=ssl or None, **where
        )
        self._reader = reader
        try:
            self._writer = await self._open_writer(transport, protocol, reader)
        except BaseException:
            transport.abort()
            raise
        self._codec = self.packet_codec(self)
        self._init_conn()
        await self._writer.drain()

    async def _proxy_connect(
        self, timeout: float | None = None, local_addr: tuple[str, int] | None = None
    ) -> socket.socket:
        """A socket that reaches the server through the proxy."""
        # Most connections go through none.
        from telethon.network.proxy import open_proxy_socket, parse_proxy

        settings = parse_proxy(self._proxy)
        self._via = f" through {settings!r}"
        return await open_proxy_socket(settings, self._ip, self._port, timeout=timeout, local_addr=local_addr)

    def _local_address(self) -> tuple[str, int] | None:
        if self._local_addr is None:
            return None
        if isinstance(self._local_addr, str):
            return self._local_addr, 0
        if isinstance(self._local_addr, tuple) and len(self._local_addr) == 2:
            host, port = self._local_addr
            return host, port or 0
        raise ValueError(f"Unknown local address format: {self._local_addr!r}; use 'address' or ('address', port)")

    async def _open_writer(
        self, transport: asyncio.Transport, protocol: asyncio.BaseProtocol, reader: DivertableReader
    ) -> asyncio.StreamWriter:
        """The writer for a socket that was just opened."""
        return asyncio.StreamWriter(transport, protocol, reader, asyncio.get_running_loop())

    def _init_conn(self) -> None:
        """Write what comes first: the tag of the codec."""
        if self._codec.tag:
            assert_open(self._writer, self).write(self._codec.tag)

    async def _close_writer(self, patience: float) -> None:
        writer = self._writer
        if writer is None:
            return
        if patience and not writer.transport.is_closing():
            writer.close()
            closed = asyncio.ensure_future(writer.wait_closed())
            try:
                await asyncio.wait((closed,), timeout=patience)
            finally:
                closed.cancel()
            if closed.done():
                # How it ended does not matter, but it must have been asked.
                if not closed.cancelled():
                    closed.exception()
                return
        writer.transport.abort()

    def _forget(self) -> None:
        """Become as new, for a connection that is opened again."""
        if isinstance(self._reader, DivertableReader):
            # What the old socket still has to say is not about the new one.
            self._reader.release()
        self._send_task = self._recv_task = None
        self._send_queue = asyncio.Queue(1)
        self._recv_queue = asyncio.Queue(1)
        self._sink = self._lost = self._progress = None
        self._diverted = self._paused = False
        self._packets = []
        self._waiting = 0
        self._failure = None
        self._obfuscation = None
        self._feed = _no_codec

    # -- packets -----------------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> Awaitable[None]:
        """Send one packet; await the result.

        Raises:
            ConnectionError: there is no connection.
        """
        if not self._connected:
            raise ConnectionError("Not connected")
        if self._send_task is None:
            return self._send_now(data)
        return self._send_queue.put(data)

    async def recv(self) -> bytes:
        """The next packet.

        Raises:
            ConnectionError: there is no connection, or it ended.
            InvalidBufferError: what came is no packet.
            InvalidChecksumError: a packet was damaged on its way.
        """
        if not self._diverted:
            return await self._recv_from_queue()
        if not self._packets:
            await self._wait_for_packets()
        packet = self._packets.pop(0)
        self._taken(len(packet))
        return packet

    def _hand_over(
        self,
        sink: Callable[[list[bytes]], None],
        lost: Callable[[BaseException], None],
        progress: Callable[[], None],
    ) -> bool:
        """Give packets to *sink* the moment they arrive, from now on and instead of `recv`.

        Args:
            sink: takes one or more packets.
            lost: called once, when the connection ended by itself.
            progress: called when something arrived that is no whole packet yet.

        Returns:
            False when this connection reads in its own way, and only `recv` gives its packets.
        """
        if not self._diverted:
            return False
        self._sink, self._lost, self._progress = sink, lost, progress
        packets, self._packets = self._packets, []
        self._taken(self._waiting)
        if packets:
            sink(packets)
        if self._failure is not None and self._lost is not None:
            lost(self._failure)
        return True

    def _writes_at_once(self) -> bool:
        """Whether `_send` may be called directly, because nobody wants to see `send` being called."""
        return self._send_task is None and type(self).send is Connection.send

    async def _send_now(self, data: bytes) -> None:
        self._send(data)
        await assert_open(self._writer, self).drain()

    async def _recv_from_queue(self) -> bytes:
        while self._connected or not self._recv_queue.empty():
            packet, error = await self._recv_queue.get()
            if error is not None:
                raise error
            if packet:
                return packet
        raise ConnectionError("Not connected")

    def _send(self, data: bytes) -> None:
        """Write one packet to the socket."""
        writer = self._writer
        if writer is None:
            raise ConnectionError(f"{self} is not connected")
        writer.write(self._codec.encode_packet(data))

    async def _recv(self) -> bytes:
        """Read one packet from the socket."""
        packet: bytes = await self._codec.read_packet(self._reader)
        return packet

    # -- packets as they come ----------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        """Choose how to read and write, and start doing it."""
        cls = type(self)
        reads_itself = (
            cls._recv not in (Connection._recv, ObfuscatedConnection._recv)
            or cls._recv_loop is not Connection._recv_loop
            or cls.recv is not Connection.recv
        )
        feed = feeder(self._codec)
        if (
            not reads_itself
            and isinstance(self._reader, DivertableReader)
            and feed is not None
            and (self._obfuscation is None or hasattr(self._obfuscation, "decrypt"))
        ):
            self._diverted = True
            self._feed = feed
            self._core = self._codec._core
            await self._reader.divert(self._on_data, self._on_end)
        else:
            self._recv_task = asyncio.create_task(self._recv_loop())
        if cls._send_loop is not Connection._send_loop:
            self._send_task = asyncio.create_task(self._send_loop())

    def _on_data(self, data: bytes) -> None:
        if self._failure is not None:
            return
        try:
            if self._obfuscation is not None:
                data = self._obfuscation.decrypt(data)
            packets = self._feed(data)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the bytes, the reader must learn it
            self._on_end(error)
            return
        self._deliver(packets, len(data))
        if packets and self._core.error is not None:
            # What stands behind good packets is told by itself; nobody knows when more bytes come.
            self._on_end(self._core.error)

    def _deliver(self, packets: list[bytes], size: int) -> None:
        """Give packets, which came in so many bytes, to whoever takes them."""
        if self._sink is not None:
            if packets:
                self._sink(packets)
            elif self._progress is not None:
                self._progress()
        elif packets:
            self._packets.extend(packets)
            self._waiting += size
            if self._waiting > _MAX_WAITING and not self._paused:
                self._pause(True)
            self._wake()

    def _on_end(self, error: BaseException | None) -> None:
        if self._failure is None:
            if error is None:
                error = ConnectionResetError(f"{self} closed the connection{self._why_closed}")
            elif isinstance(error, OSError) and not isinstance(error, ConnectionError):
                reason = error
                error = ConnectionError(f"The connection to {self} broke: {reason}")
                error.__cause__ = reason
            if self._connected:
                self._log.info("The connection to %s ended: %s", self, error)
            self._failure = error
        self._connected = False
        self._wake()
        lost, self._lost = self._lost, None
        if lost is not None:
            lost(self._failure)

    async def _wait_for_packets(self) -> None:
        while not self._packets:
            if self._failure is not None:
                failure, self._failure = self._failure, ConnectionError("Not connected")
                raise failure
            if not self._connected:
                raise ConnectionError("Not connected")
            waiter = self._waiter
            if waiter is None:
                waiter = self._waiter = asyncio.get_running_loop().create_future()
            try:
                await asyncio.shield(waiter)
            except asyncio.CancelledError:
                if self._waiter is waiter:
                    waiter.cancel()
                    self._waiter = None
                raise

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _taken(self, count: int) -> None:
        self._waiting = max(0, self._waiting - count) if self._packets else 0
        if self._paused and self._waiting <= _MAX_WAITING // 2:
            self._pause(False)

    def _pause(self, pause: bool) -> None:
        self._paused = pause
        transport: Any = assert_open(self._writer, self).transport
        if pause:
            transport.pause_reading()
        elif not transport.is_closing():
            transport.resume_reading()

    # -- packets one by one ------------------------------------------------------------------------------------------

    async def _send_loop(self) -> None:
        """Write what is in `_send_queue`, for as long as there is a connection."""
        try:
            while self._connected:
                self._send(await self._send_queue.get())
                await assert_open(self._writer, self).drain()
        except asyncio.CancelledError:
            raise
        except OSError as error:
            self._log.info("The connection to %s ended while writing: %s", self, error)
            await self.disconnect()

    async def _recv_loop(self) -> None:
        """Put packets into `_recv_queue`, for as long as there is a connection."""
        try:
            while self._connected:
                try:
                    packet = await self._recv()
                except asyncio.IncompleteReadError as error:
                    lost = ConnectionResetError(f"{self} closed the connection{self._why_closed}")
                    lost.__cause__ = error
                    raise lost from error
                await self._recv_queue.put((packet, None))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it must reach the one who waits in recv()
            self._log.info("The connection to %s ended while reading: %s", self, error)
            if self._recv_queue.full():
                self._recv_queue.get_nowait()
            self._recv_queue.put_nowait((None, error))
            await self.disconnect()


def _no_codec(data: bytes) -> list[bytes]:
    raise ConnectionError("Not connected")


class ObfuscatedConnection(Connection):
    """A connection whose bytes look random to whoever watches the line.

    Attributes:
        obfuscated_io: the class that stands between the codec and the socket.

    Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
    """

    obfuscated_io: ClassVar[Any] = None

    def _init_conn(self) -> None:
        self._obfuscation = self.obfuscated_io(self)
        assert_open(self._writer, self).write(bytes(self._obfuscation.header))

    def _send(self, data: bytes) -> None:
        self._obfuscation.write(self._codec.encode_packet(data))

    async def _recv(self) -> bytes:
        packet: bytes = await self._codec.read_packet(self._obfuscation)
        return packet


def assert_open(writer: asyncio.StreamWriter | None, connection: Connection) -> asyncio.StreamWriter:
    """*writer*, which an open connection has.

    Raises:
        ConnectionError: it was never opened.
    """
    if writer is None:
        raise ConnectionError(f"{connection} is not connected")
    return writer
