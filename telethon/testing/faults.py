"""Things that go wrong, on demand.

    server.faults.disconnect_after(3)                          # the third request from now is the last one
    server.faults.flood_wait("messages.SendMessage", 5)        # FLOOD_WAIT_5, once
    server.faults.delay(0.2)                                   # everything arrives 0.2 s late

What lasts gives a `Fault`, which tells how often it has struck and can be stopped. `times` says how many times it
strikes; None means until it is stopped. `dc_id` limits it to one data centre.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from telethon.testing._fault import Fault, RequestPlan
from telethon.testing._forging import Forging
from telethon.testing._methods import find_method
from telethon.testing._rpc import RpcFault

if TYPE_CHECKING:
    from telethon.testing._keys import KnownKey
    from telethon.testing._rpc import AuthKeyRecord
    from telethon.testing.connection import ServerConnection
    from telethon.testing.keyexchange import Fate
    from telethon.testing.server import TelegramServerCore
    from telethon.testing.session import ServerSession
    from telethon.tl.tlobject import TLRequest

__all__ = ["Faults"]

Method: TypeAlias = "str | type[TLRequest[Any]] | None"
Cut: TypeAlias = Literal["received", "executed", "answering", "answered"]
HandshakeStep: TypeAlias = Literal["res_pq", "server_dh_inner", "server_dh_answer", "server_dh_params", "dh_gen"]
MigrateKind: TypeAlias = Literal["PHONE", "NETWORK", "USER", "FILE", "STATS"]

_PATIENCE = 1.0
"""Seconds after which packets that wait to be put in another order leave anyway."""


class Faults(Forging):
    """All that goes wrong at one server.

    Args:
        server: the server.

    Attributes:
        requests: faults that look at requests.
        packets: faults that look at packets of a session before anything is done with them.
        incoming: faults of packets on their way to the server.
        outgoing: faults of packets on their way to clients.
        connects: faults of new connections.
        handshakes: faults of the key exchange.
        keys: faults of keys that were just made.
    """

    def __init__(self, server: TelegramServerCore) -> None:
        super().__init__(server)
        self.requests: list[Fault] = []
        self.packets: list[Fault] = []
        self.incoming: list[Fault] = []
        self.connects: list[Fault] = []
        self.handshakes: list[Fault] = []
        self.keys: list[Fault] = []

    def clear(self) -> None:
        """Stop all of them, and let black holes be connections again."""
        for faults in (
            self.requests,
            self.packets,
            self.incoming,
            self.outgoing,
            self.connects,
            self.handshakes,
            self.keys,
        ):
            faults.clear()
        for connection in self._server.connections:
            connection.deaf = connection.mute = False

    # -- requests ----------------------------------------------------------------------------------------------------

    def _add_request(
        self,
        method: Method,
        change: Callable[[RequestPlan], None],
        times: int | None,
        dc_id: int | None,
        is_due: Callable[[], bool] = lambda: True,
    ) -> Fault:
        wanted = None if method is None else find_method(method)

        def applies(session: ServerSession, request: object) -> bool:
            if (dc_id is not None and session.dc_id != dc_id) or (wanted is not None and type(request) is not wanted):
                return False
            return is_due()

        return Fault(self.requests, times, applies, change)

    def rpc_error(
        self, method: Method, code: int, message: str, *, times: int | None = 1, dc_id: int | None = None
    ) -> Fault:
        """Answer a method with an rpc_error instead of executing it.

        Args:
            method: its name, like `messages.SendMessage`, or its class; None for every method.
            code: HTTP-like number of the error.
            message: its text.
            times: see the head of this module, as for `dc_id`.
            dc_id: only at that data centre.

        Raises:
            ValueError: there is no such method.

        Source: https://core.telegram.org/api/errors
        """

        def change(plan: RequestPlan) -> None:
            plan.error = RpcFault(code, message)

        return self._add_request(method, change, times, dc_id)

    def answer(self, method: Method, result: bytes, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Answer a method with these bytes instead of executing it, whatever they are; other arguments as `rpc_error`.

        Args:
            method: as there.
            result: what stands in the rpc_result, like a constructor that nobody knows.
            times: as there.
            dc_id: as there.
        """

        def change(plan: RequestPlan) -> None:
            plan.result = result

        return self._add_request(method, change, times, dc_id)

    def flood_wait(self, method: Method, seconds: int, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Answer a method with FLOOD_WAIT; arguments as `rpc_error`.

        Args:
            method: its name, like `messages.SendMessage`, or its class; None for every method.
            seconds: how long the client has to wait.
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.

        Raises:
            ValueError: there is no such method.
        """
        return self.rpc_error(method, 420, f"FLOOD_WAIT_{seconds}", times=times, dc_id=dc_id)

    def migrate(
        self,
        method: Method,
        to_dc: int,
        *,
        kind: MigrateKind = "USER",
        times: int | None = 1,
        dc_id: int | None = None,
    ) -> Fault:
        """Answer a method by sending the client to the data centre `to_dc`, because `kind` is there.

        Other arguments as `rpc_error`.

        Args:
            method: its name, like `messages.SendMessage`, or its class; None for every method.
            to_dc: number of the data centre.
            kind: why.
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.

        Raises:
            ValueError: there is no such method.
        """
        return self.rpc_error(method, 303, f"{kind}_MIGRATE_{to_dc}", times=times, dc_id=dc_id)

    def slow(self, method: Method, seconds: float, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Execute a method only after so many seconds; other arguments as `rpc_error`.

        Args:
            method: its name, like `messages.SendMessage`, or its class; None for every method.
            seconds: how much later.
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.

        Raises:
            ValueError: there is no such method.
        """

        def change(plan: RequestPlan) -> None:
            plan.delay += seconds

        return self._add_request(method, change, times, dc_id)

    def keep_back(self, method: Method = None, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Tell the client only that the answer exists (msg_detailed_info), so that it has to ask for it.

        Arguments as `rpc_error`.

        Args:
            method: its name, like `messages.SendMessage`, or its class; None for every method.
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.

        Raises:
            ValueError: there is no such method.

        Source: https://core.telegram.org/mtproto/service_messages_about_messages
        """

        def change(plan: RequestPlan) -> None:
            plan.keep_back = True

        return self._add_request(method, change, times, dc_id)

    def disconnect_after(
        self,
        requests: int = 1,
        *,
        when: Cut = "answered",
        method: Method = None,
        times: int | None = 1,
        dc_id: int | None = None,
    ) -> Fault:
        """Hang up at one of the next requests.

        Args:
            requests: which one; 1 is the next.
            when: `"received"`: it came but is not executed; `"executed"`: it is, but the answer does not leave;
                `"answering"`: the answer ends in its middle; `"answered"`: the answer still arrives.
            method: only count requests of this method; as in `rpc_error`.
            times: how many times, each after as many requests.
            dc_id: only at that data centre.

        Raises:
            ValueError: there is no such request or moment.
        """
        if requests < 1:
            raise ValueError(f"the next request has number 1; there is no number {requests}")
        if when not in get_args(Cut):
            raise ValueError(f"when is one of {', '.join(map(repr, get_args(Cut)))}, not {when!r}")
        seen = 0

        def is_due() -> bool:
            nonlocal seen
            seen += 1
            if seen < requests:
                return False
            seen = 0
            return True

        def change(plan: RequestPlan) -> None:
            plan.cut = when

        return self._add_request(method, change, times, dc_id, is_due)

    def plan(self, session: object, request: object) -> RequestPlan:
        """What goes wrong with a request; the server asks."""
        plan = RequestPlan()
        for fault in list(self.requests):
            if fault.applies(session, request):
                fault.strike(plan)
        return plan

    # -- sessions ----------------------------------------------------------------------------------------------------

    def bad_salt(self, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Refuse a packet because of its salt, and make all salts the client knows invalid.

        Args:
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.

        Source: https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message
        """

        def effect(session: ServerSession, msg_id: int, seq_no: int, now: float) -> None:
            session.key.salts.replace(now)
            session.refuse_salt(msg_id, seq_no)

        return Fault(self.packets, times, _at(dc_id), effect)

    def bad_message(self, code: int, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Refuse a packet with a bad_msg_notification of that code, whatever it is.

        Args:
            code: its code, 16 to 64.
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.
        """

        def effect(session: ServerSession, msg_id: int, seq_no: int, now: float) -> None:
            session.refuse(msg_id, seq_no, code)

        return Fault(self.packets, times, _at(dc_id), effect)

    def spoil(self, session: ServerSession, msg_id: int, seq_no: int, now: float) -> bool:
        """Whether a packet was refused by a fault; the server asks."""
        for fault in list(self.packets):
            if fault.applies(session):
                fault.strike(session, msg_id, seq_no, now)
                return True
        return False

    def forget_sessions(self, user_id: int | None = None) -> int:
        """Forget all sessions, or those of one user; gives how many. Connections stay open.

        Args:
            user_id: of whom; None for all.
        """
        sessions = [
            session for session in self._server.sessions() if user_id is None or session.auth.user_id == user_id
        ]
        for session in sessions:
            self._server.forget_session(session.key, session.session_id)
        return len(sessions)

    def forget_keys(self, user_id: int | None = None) -> int:
        """Forget all authorization keys, or those of one user; gives how many. The clients get transport error 404.

        Args:
            user_id: of whom; None for all.
        """
        keys = [key for key in self._server.all_keys() if user_id is None or key.record.user_id == user_id]
        for key in keys:
            self._server.forget_key(key)
        return len(keys)

    def forget_temporary_keys(self, user_id: int | None = None) -> int:
        """Forget all temporary keys, or those of one user; gives how many.

        Permanent keys stay. Whoever uses a forgotten one gets transport error 404.

        Args:
            user_id: of whom; None for all.

        Source: https://core.telegram.org/api/pfs
        """
        keys = self._temporary_keys(user_id)
        for key in keys:
            self._server.forget_key(key)
        return len(keys)

    def unbind_temporary_keys(self, user_id: int | None = None) -> int:
        """Forget to which permanent keys the temporary ones, or those of one user, are bound; gives how many.

        Whoever uses such a key is told AUTH_KEY_PERM_EMPTY.

        Args:
            user_id: of whom; None for all.
        """
        keys = self._temporary_keys(user_id)
        for key in keys:
            key.record.permanent = None
        return len(keys)

    def _temporary_keys(self, user_id: int | None) -> list[KnownKey]:
        def is_wanted(record: AuthKeyRecord) -> bool:
            if user_id is None:
                return record.is_temporary
            return record.permanent is not None and record.permanent.user_id == user_id

        return [key for key in self._server.all_keys() if is_wanted(key.record)]

    def clock_skew(self, seconds: float) -> None:
        """Let the clock of the server be so much ahead of what it should be; 0 is none.

        Args:
            seconds: how much; negative for behind.
        """
        self._server.skew = seconds

    # -- connections -------------------------------------------------------------------------------------------------

    def _connections(self, dc_id: int | None) -> list[ServerConnection]:
        return [one for one in self._server.connections if dc_id is None or one.dc_id == dc_id]

    def disconnect(self, *, dc_id: int | None = None) -> int:
        """Hang up on everybody at once; gives how many connections that were.

        Args:
            dc_id: only at that data centre.
        """
        connections = self._connections(dc_id)
        for connection in connections:
            connection.abort()
        return len(connections)

    def refuse_connections(self, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Hang up on new connections before anything was said.

        Args:
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.
        """

        def effect(connection: ServerConnection) -> None:
            connection.abort()

        return Fault(self.connects, times, _at(dc_id), effect)

    def black_hole(
        self, *, incoming: bool = True, outgoing: bool = True, new: bool = False, dc_id: int | None = None
    ) -> Fault | None:
        """Let everything vanish that is sent over the connections there are.

        Args:
            incoming: whether what clients send vanishes. Only this is a connection that is half open.
            outgoing: whether what the server sends vanishes.
            new: whether connections made from now on are the same, until the fault that is then given is stopped.
            dc_id: only at that data centre.
        """

        def effect(connection: ServerConnection) -> None:
            connection.deaf = incoming
            connection.mute = outgoing
            connection.lossless = False

        for connection in self._connections(dc_id):
            effect(connection)
        return Fault(self.connects, None, _at(dc_id), effect) if new else None

    def welcome(self, connection: ServerConnection) -> None:
        """Let happen what happens to new connections; the server asks."""
        for fault in list(self.connects):
            if fault.applies(connection):
                fault.strike(connection)

    # -- packets -----------------------------------------------------------------------------------------------------

    def transport_error(self, code: int, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Answer a packet with a transport error and hang up.

        Args:
            code: its positive number, like 404, 429 or 444.
            times: see the head of this module, as for `dc_id`.
            dc_id: only at that data centre.

        Source: https://core.telegram.org/mtproto/mtproto-transports#transport-errors
        """

        def effect(connection: ServerConnection, packets: list[bytes]) -> list[bytes]:
            connection.refuse(code)
            return []

        return Fault(self.incoming, times, _at(dc_id), effect)

    def swallow(self, *, incoming: bool = False, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Let packets vanish: those of the server, or those of the client when `incoming` is set.

        Args:
            incoming: whether those of the client.
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.
        """

        def effect(connection: ServerConnection, packets: list[bytes]) -> list[bytes]:
            connection.lossless = False
            return []

        return Fault(self.incoming if incoming else self.outgoing, times, _at(dc_id), effect)

    def duplicate(self, *, incoming: bool = False, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Let packets arrive twice: those of the server, or those of the client when `incoming` is set.

        Args:
            incoming: whether those of the client.
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.
        """

        def effect(connection: ServerConnection, packets: list[bytes]) -> list[bytes]:
            if incoming:
                connection.replaying = True
            return [packet for packet in packets for _ in range(2)]

        return Fault(self.incoming if incoming else self.outgoing, times, _at(dc_id), effect)

    def delay(self, seconds: float, *, times: int | None = None, dc_id: int | None = None) -> Fault:
        """Let packets of the server arrive so many seconds late.

        Args:
            seconds: how late.
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.
        """

        def effect(connection: ServerConnection, packets: list[bytes]) -> list[bytes]:
            self._server.call_later(seconds, lambda: _write(connection, packets))
            return []

        return Fault(self.outgoing, times, _at(dc_id), effect)

    def reorder(self, count: int = 2, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Let packets of the server arrive in reverse order, `count` at a time.

        When too few come within a second, those that wait leave.

        Args:
            count: how many change their order.
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.

        Raises:
            ValueError: *count* is less than two.
        """
        if count < 2:
            raise ValueError("it takes two packets to change their order")
        waiting: dict[ServerConnection, list[bytes]] = {}

        def leave(connection: ServerConnection) -> None:
            _write(connection, waiting.pop(connection, [])[::-1])

        def effect(connection: ServerConnection, packets: list[bytes]) -> list[bytes]:
            held = waiting.get(connection)
            if held is None:
                held = waiting[connection] = []
                self._server.call_later(_PATIENCE, lambda: leave(connection))
            held += packets
            return waiting.pop(connection)[::-1] if len(held) >= count else []

        return Fault(self.outgoing, None if times is None else times * count, _at(dc_id), effect)

    def corrupt(self, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Change one bit of packets of the server.

        Args:
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.
        """

        def effect(connection: ServerConnection, packets: list[bytes]) -> list[bytes]:
            connection.lossless = False
            return [packet[:-1] + bytes((packet[-1] ^ 0x40,)) for packet in packets]

        return Fault(self.outgoing, times, _at(dc_id), effect)

    def quick_ack(self, *, times: int | None = 1, dc_id: int | None = None) -> Fault:
        """Send the word of a quick acknowledgement, which nobody asked for, before packets of the server.

        Args:
            times: how many times; None until it is stopped.
            dc_id: only at that data centre.

        Source: https://core.telegram.org/mtproto/mtproto-transports#quick-ack
        """

        def effect(connection: ServerConnection, packets: list[bytes]) -> list[bytes]:
            connection.write(connection.wire.encode_quick_ack(int.from_bytes(self._server.rand(4), "little")))
            return packets

        return Fault(self.outgoing, times, _at(dc_id), effect)

    def receive(self, connection: ServerConnection, packets: list[bytes]) -> list[bytes]:
        """What arrives of packets of a client; the server asks."""
        arriving: list[bytes] = []
        for packet in packets:
            arriving += self._pass(self.incoming, connection, packet)
        return arriving

    def send(self, connection: ServerConnection, packet: bytes) -> None:
        """Write what shall arrive of a packet; the server asks."""
        _write(connection, self._pass(self.outgoing, connection, packet))

    @staticmethod
    def _pass(faults: list[Fault], connection: ServerConnection, packet: bytes) -> list[bytes]:
        packets = [packet]
        for fault in list(faults):
            if packets and fault.applies(connection):
                packets = fault.strike(connection, packets)
        return packets

    # -- key exchange ------------------------------------------------------------------------------------------------

    def handshake(
        self,
        step: HandshakeStep,
        edit: Callable[[Any], Any],
        *,
        times: int | None = 1,
        dc_id: int | None = None,
    ) -> Fault:
        """Change an answer of the key exchange.

        Args:
            step: `"res_pq"`: `ResPQ`; `"server_dh_inner"`: `ServerDHInnerData` before it is encrypted;
                `"server_dh_answer"`: the bytes of it with hash and padding, before they are encrypted;
                `"server_dh_params"`: `ServerDHParamsOk`; `"dh_gen"`: the last answer.
            edit: gets the answer and gives what is sent instead: an object, bytes, or None for silence.
            times: see the head of this module, as for `dc_id`.
            dc_id: only at that data centre.

        Source: https://core.telegram.org/mtproto/auth_key
        """

        def applies(at: int, name: str) -> bool:
            return name == step and (dc_id is None or at == dc_id)

        return Fault(self.handshakes, times, applies, edit)

    def handshake_retry(self, *, times: int | None = 1) -> Fault:
        """Refuse keys with dh_gen_retry, so that the client tries another one.

        Args:
            times: how many times; None until it is stopped.
        """
        return Fault(self.keys, times, None, lambda: "retry")

    def handshake_fail(self, *, times: int | None = 1) -> Fault:
        """Refuse keys with dh_gen_fail, so that the client starts again.

        Args:
            times: how many times; None until it is stopped.
        """
        return Fault(self.keys, times, None, lambda: "fail")

    def edit_handshake(self, dc_id: int, step: str, answer: Any) -> Any:
        """What is sent instead of an answer of the key exchange; the server asks."""
        for fault in list(self.handshakes):
            if fault.applies(dc_id, step):
                answer = fault.strike(answer)
        return answer

    def key_fate(self) -> Fate:
        """What becomes of a new key; the server asks."""
        if not self.keys:
            return "ok"
        fate: Fate = self.keys[0].strike()
        return fate


def _at(dc_id: int | None) -> Callable[..., bool] | None:
    """A condition on what has a data centre."""
    if dc_id is None:
        return None

    def applies(thing: ServerConnection | ServerSession) -> bool:
        return thing.dc_id == dc_id

    return applies


def _write(connection: ServerConnection, packets: list[bytes]) -> None:
    for packet in packets:
        connection.write_packet(packet)
