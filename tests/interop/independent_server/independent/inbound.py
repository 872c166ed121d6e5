"""What the server does with the messages of a client, and what it holds against them.

Sources: https://core.telegram.org/mtproto/service_messages,
https://core.telegram.org/mtproto/service_messages_about_messages
"""

from __future__ import annotations

import asyncio
import gzip
import secrets
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from independent import http
from independent.connection import Connection
from independent.envelope import Message
from independent.session import CONTAINER, GZIP, MESSAGE_COPY, Received, Session
from independent.tl import BadTL, Object, Reader

if TYPE_CHECKING:
    from independent.server import Server

NO_CONTENT = {"msgs_ack", "msgs_state_info", "msgs_all_info", "http_wait"}
LARGE = 4096
"""Answers from this size on are announced rather than sent again."""


class Inbound:
    """Takes one encrypted message apart."""

    def __init__(self, server: Server, session: Session, connection: Connection) -> None:
        self.server = server
        self.session = session
        self.connection = connection
        self._handlers: dict[str, Callable[[int, Object], None]] = {
            "msgs_ack": self._acks,
            "msgs_state_req": self._state_req,
            "msgs_state_info": self._state_info,
            "msgs_all_info": self._state_info,
            "msg_resend_req": self._resend,
            "msg_resend_ans_req": self._resend_answers,
            "ping": self._ping,
            "ping_delay_disconnect": self._ping,
            "get_future_salts": self._future_salts,
            "destroy_session": self._destroy_session,
            "rpc_drop_answer": self._drop,
            "http_wait": self._http_wait,
            "destroy_auth_key": self._destroy_key,
        }

    def blame(self, text: str) -> None:
        """Write down what a client must not do."""
        self.server.violations.append(text)

    async def take(self, message: Message) -> None:
        """Handle it, or say why not."""
        session, quirks = self.session, self.server.quirks
        wrong = self._wrong_time(message)
        if wrong:
            self.refuse(message, wrong)
            return
        salts = session.key.salts
        if message.salt not in salts and quirks.wrong_salt_first:
            body = {
                "_": "bad_server_salt",
                "bad_msg_id": message.msg_id,
                "bad_msg_seqno": message.seq_no,
                "error_code": 48,
                "new_server_salt": salts[0],
            }
            session.put(body, content=False, answers=message.msg_id)
            return
        parts = self._parts(message)
        if parts is None:
            self.refuse(message, 64)
            return
        if not session.first_msg_id:
            session.first_msg_id = min([message.msg_id, *(one[0] for one in parts)])
            if quirks.new_session_created:
                self.new_session()
        for part in parts:
            self._one(*part)

    def new_session(self) -> None:
        """Tell the client of a session that was not known before."""
        session = self.session
        made = {
            "_": "new_session_created",
            "first_msg_id": session.first_msg_id,
            "unique_id": session.unique_id,
            "server_salt": session.key.salts[0],
        }
        session.put(made)

    def refuse(self, message: Message, code: int) -> None:
        """Say that a message was ignored."""
        body = {
            "_": "bad_msg_notification",
            "bad_msg_id": message.msg_id,
            "bad_msg_seqno": message.seq_no,
            "error_code": code,
        }
        self.session.put(body, content=False, answers=message.msg_id)

    def _wrong_time(self, message: Message) -> int:
        if message.msg_id & 3:
            self.blame("msg_id is not divisible by 4")
            return 18
        age = self.server.now() - message.msg_id / (1 << 32)
        if age > 300:
            return 16
        return 17 if age < -30 else 0

    def _parts(self, message: Message) -> list[tuple[int, int, bytes]] | None:
        if message.body[:4] != struct.pack("<I", CONTAINER):
            return [(message.msg_id, message.seq_no, message.body)]
        if message.msg_id in self.session.received:
            self.blame("the msg_id of a container was used before")
        self.session.received[message.msg_id] = Received(message.seq_no, b"")
        if message.seq_no & 1:
            self.blame("a container has an odd seq_no")
        reader = Reader(message.body[4:])
        count = reader.value("int")
        if not 0 <= count <= 1020:
            self.blame(f"a container of {count}")
            return None
        parts: list[tuple[int, int, bytes]] = []
        for _ in range(count):
            msg_id, seq_no, length = struct.unpack("<qii", reader.raw(16))
            parts.append((msg_id, seq_no, reader.raw(length)))
            if msg_id >= message.msg_id:
                self.blame("a message of a container is newer than the container")
            if seq_no > message.seq_no:
                self.blame("the seq_no of a container is lower than one inside")
            if msg_id & 3:
                self.blame("msg_id of an inner message is not divisible by 4")
        if reader.left():
            self.blame("bytes follow the last message of a container")
        return parts

    def _one(self, msg_id: int, seq_no: int, body: bytes) -> None:
        session = self.session
        got = session.received.get(msg_id)
        if got:
            if got.body != body:
                self.blame("one msg_id was used for two messages")
            self._repeated(msg_id, got)
            return
        session.received[msg_id] = Received(seq_no, body)
        number = int.from_bytes(body[:4], "little")
        if number == CONTAINER:
            self.blame("a container in a container")
            return
        if number == MESSAGE_COPY:
            inner = struct.unpack("<qii", body[4:20])
            self._one(inner[0], inner[1], body[20 : 20 + inner[2]])
            return
        if number == GZIP:
            body = gzip.decompress(Reader(body[4:]).string())
        try:
            reader = Reader(body)
            made = reader.object()
        except BadTL:
            self.server.api.unreadable(session, msg_id, body)
            return
        if reader.left():
            self.blame(f"{reader.left()} bytes follow {made['_']}")
        self._check_seq(msg_id, seq_no, made["_"])
        handler = self._handlers.get(made["_"])
        if handler:
            handler(msg_id, made)
            return
        if self.server.quirks.ack_first:
            session.put({"_": "msgs_ack", "msg_ids": [msg_id]}, content=False)
        session.received[msg_id].is_running = True
        self.server.api.take(session, msg_id, made)

    def _check_seq(self, msg_id: int, seq_no: int, name: str) -> None:
        is_rpc = name not in self._handlers
        if is_rpc and not seq_no & 1:
            self.blame(f"{name} has an even seq_no")
        if name in NO_CONTENT and seq_no & 1:
            self.blame(f"{name} has an odd seq_no")
        for other, one in self.session.received.items():
            if other == msg_id or not one.body or not one.seq_no & 1 or not seq_no & 1:
                continue
            if (other < msg_id) != (one.seq_no < seq_no):
                self.blame(f"{name}: the order of seq_no is not that of msg_id")
                break

    def _repeated(self, msg_id: int, got: Received) -> None:
        session = self.session
        if got.is_running:
            session.put({"_": "msgs_ack", "msg_ids": [msg_id]}, content=False)
        elif got.answer:
            self._announce(got.answer, msg_id)

    def _announce(self, answer: int, msg_id: int) -> None:
        one = self.session.sent[answer]
        if len(one.body) < LARGE:
            self.session.again(answer)
            return
        made = {
            "_": "msg_detailed_info",
            "msg_id": msg_id,
            "answer_msg_id": answer,
            "bytes": len(one.body),
            "status": 0,
        }
        self.session.put(made, content=False)

    def _acks(self, _msg_id: int, made: Object) -> None:
        if len(made["msg_ids"]) > 8192:
            self.blame("more than 8192 ids in msgs_ack")
        for one in made["msg_ids"]:
            self.session.acks.append(one)
            sent = self.session.sent.get(one)
            if sent is None:
                self.blame("something was acknowledged that was never sent")
            elif not sent.times:
                self.blame("something was acknowledged that had not been sent yet")
            else:
                sent.acked = True

    def _states(self, ids: list[int]) -> bytes:
        session = self.session
        info = bytearray()
        for one in ids:
            got = session.received.get(one)
            if got is None:
                info.append(3 if one > max(session.received, default=0) else 1 if one < session.first_msg_id else 2)
                continue
            state = 4
            if not got.seq_no & 1:
                state += 16
            if got.answer:
                state += 64 + 32
            elif got.is_running:
                state += 32
            info.append(state)
        return bytes(info)

    def _state_req(self, msg_id: int, made: Object) -> None:
        answer = {"_": "msgs_state_info", "req_msg_id": msg_id, "info": self._states(made["msg_ids"])}
        self.session.put(answer, content=False, answers=msg_id)

    def _state_info(self, _msg_id: int, made: Object) -> None:
        self.session.state_infos.append(made)

    def _resend(self, msg_id: int, made: Object) -> None:
        if not all(one in self.session.sent for one in made["msg_ids"]):
            self._state_req(msg_id, made)
        for one in made["msg_ids"]:
            self.session.again(one)

    def _resend_answers(self, msg_id: int, made: Object) -> None:
        if not self.server.quirks.knows_resend_ans_req:
            error = {"_": "rpc_error", "error_code": 400, "error_message": "INPUT_METHOD_INVALID_2249243371"}
            self.session.answer(msg_id, error)
            return
        for one in made["msg_ids"]:
            got = self.session.received.get(one)
            if got and got.answer:
                self.session.again(got.answer)

    def _ping(self, msg_id: int, made: Object) -> None:
        pong = {"_": "pong", "msg_id": msg_id, "ping_id": made["ping_id"]}
        self.session.put(pong, content=False, answers=msg_id)
        self.server.world.count(made["_"])
        if "disconnect_delay" in made:
            if self.connection.closing:
                self.connection.closing.cancel()
            loop = asyncio.get_running_loop()
            self.connection.closing = loop.call_later(made["disconnect_delay"], self.connection.close)

    def _future_salts(self, msg_id: int, made: Object) -> None:
        now = int(self.server.now())
        salts: list[Object] = [
            {"_": "future_salt", "valid_since": now + 1800 * at, "valid_until": now + 1800 * (at + 2), "salt": salt}
            for at, salt in enumerate(
                [self.session.key.salts[0], *(secrets.randbits(63) for _ in range(min(made["num"], 64) - 1))]
            )
        ]
        self.session.key.salts += [int(one["salt"]) for one in salts[1:2]]
        answer = {"_": "future_salts", "req_msg_id": msg_id, "now": now, "salts": salts}
        self.session.put(answer, content=False, answers=msg_id)
        self.server.world.count("get_future_salts")

    def _destroy_session(self, msg_id: int, made: Object) -> None:
        place = (self.session.key.auth.id, made["session_id"])
        if made["session_id"] == self.session.id:
            self.blame("a client destroys the session it is in")
        gone = self.server.sessions.pop(place, None)
        name = "destroy_session_ok" if gone else "destroy_session_none"
        self.session.put({"_": name, "session_id": made["session_id"]}, content=False, answers=msg_id)
        self.server.world.count("destroy_session")

    def _drop(self, msg_id: int, made: Object) -> None:
        self.server.world.count("rpc_drop_answer")
        session = self.session
        got = session.received.get(made["req_msg_id"])
        if got is None:
            answer: Object = {"_": "rpc_answer_unknown"}
        elif got.is_running:
            answer = {"_": "rpc_answer_dropped_running"}
            session.answer(made["req_msg_id"], {"_": "rpc_answer_dropped_running"})
        else:
            sent = session.sent.get(got.answer)
            if sent is None or sent.acked:
                answer = {"_": "rpc_answer_unknown"}
            else:
                sent.acked = True
                answer = {
                    "_": "rpc_answer_dropped",
                    "msg_id": sent.msg_id,
                    "seq_no": sent.seq_no,
                    "bytes": len(sent.body),
                }
        session.answer(msg_id, answer)

    def _http_wait(self, _msg_id: int, made: Object) -> None:
        if isinstance(self.connection, http.HttpAnswer):
            self.connection.wait = made["max_wait"] / 1000
        else:
            self.blame("http_wait over a connection that is not HTTP")

    def _destroy_key(self, msg_id: int, _made: Object) -> None:
        self.server.keys.pop(self.session.key.auth.id, None)
        self.session.put({"_": "destroy_auth_key_ok"}, content=False, answers=msg_id)
        self.server.world.count("destroy_auth_key")
