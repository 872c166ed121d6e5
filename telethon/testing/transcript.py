"""Requests and their answers, written down once and given again later.

    transcript = Transcript()
    server.handler = transcript.record(server.handler)
    ...                                                  # let a program run
    transcript.save("session.jsonl")

    server = TelegramServerCore(Transcript.load("session.jsonl").replay())

A file has one JSON object a line: the name of the method, the request, and the answer or the error. It holds everything
that was said, so it is as private as the account it was made with.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Awaitable
from copy import copy
from dataclasses import dataclass
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from telethon.testing._methods import encode_answer, method_name
from telethon.testing._rpc import RpcContext, RpcFault

if TYPE_CHECKING:
    from os import PathLike

    from telethon.testing._rpc import RequestHandler
    from telethon.tl.tlobject import TLRequest

__all__ = ["Entry", "Transcript"]


@dataclass(frozen=True)
class Entry:
    """One request and what came of it.

    Attributes:
        method: its name, like `messages.SendMessage`.
        request: the request, serialised; numbers that are random by intent are 0.
        answer: the answer, serialised; None when there was an error.
        error: code and text of the error, or None.
    """

    method: str
    request: bytes
    answer: bytes | None
    error: tuple[int, str] | None = None


class Transcript:
    """What was asked and answered, oldest first.

    Args:
        entries: what is known already.

    Attributes:
        entries: all of it.
    """

    def __init__(self, entries: list[Entry] | None = None) -> None:
        self.entries: list[Entry] = entries or []

    def __len__(self) -> int:
        return len(self.entries)

    # -- recording ---------------------------------------------------------------------------------------------------

    def record(self, handler: RequestHandler) -> RequestHandler:
        """A handler that answers as the given one does, and writes down every answer."""

        def recording(request: TLRequest[Any], context: RpcContext, /) -> Any:
            # The handler may change the request, so it is kept as it came.
            key = _key(request)
            try:
                answer = handler(request, context)
            except RpcFault as fault:
                self._add(request, key, None, fault)
                raise
            if isawaitable(answer):
                return self._wait(request, key, answer)
            self._add(request, key, answer, None)
            return answer

        return recording

    async def _wait(self, request: TLRequest[Any], key: bytes, answer: Awaitable[Any]) -> Any:
        try:
            found = await answer
        except RpcFault as fault:
            self._add(request, key, None, fault)
            raise
        self._add(request, key, found, None)
        return found

    def _add(self, request: TLRequest[Any], key: bytes, answer: Any, fault: RpcFault | None) -> None:
        name = method_name(request)
        if fault is not None:
            self.entries.append(Entry(name, key, None, (fault.code, fault.message)))
        else:
            self.entries.append(Entry(name, key, encode_answer(request, answer)))

    # -- replaying ---------------------------------------------------------------------------------------------------

    def replay(self) -> RequestHandler:
        """A handler that gives the recorded answers.

        The same request made several times gets its answers in their order, and then the last one again and again. What
        was never asked is answered with error 400 `NOT_RECORDED`, followed by the name of the method.
        """
        answers: dict[bytes, list[Entry]] = {}
        for entry in reversed(self.entries):
            answers.setdefault(entry.request, []).append(entry)

        def replaying(request: TLRequest[Any], context: RpcContext, /) -> Any:
            left = answers.get(_key(request))
            if not left:
                raise RpcFault(400, f"NOT_RECORDED_{method_name(request)}")
            entry = left.pop() if len(left) > 1 else left[0]
            if entry.error is not None:
                raise RpcFault(*entry.error)
            return entry.answer

        return replaying

    # -- files -------------------------------------------------------------------------------------------------------

    def save(self, path: str | PathLike[str]) -> None:
        """Write everything to a file that only its owner can read, replacing what is there.

        Args:
            path: the file.
        """
        with open(path, "w", encoding="utf-8", opener=_private) as file:
            for entry in self.entries:
                line: dict[str, object] = {"method": entry.method, "request": b64encode(entry.request).decode("ascii")}
                if entry.error is not None:
                    line["error"] = list(entry.error)
                elif entry.answer is not None:
                    line["answer"] = b64encode(entry.answer).decode("ascii")
                file.write(json.dumps(line) + "\n")

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Transcript:
        """Read a file that `save` has written.

        Args:
            path: the file.

        Raises:
            ValueError: a line is not one that `save` writes.
        """
        entries: list[Entry] = []
        with open(path, encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                try:
                    entries.append(_entry(json.loads(text)))
                except (ValueError, KeyError, TypeError):
                    raise ValueError(f"line {number} of {path} is not a line of a transcript") from None
        return cls(entries)


def _entry(line: Any) -> Entry:
    request = b64decode(line["request"], validate=True)
    if "error" in line:
        code, message = line["error"]
        return Entry(str(line["method"]), request, None, (int(code), str(message)))
    return Entry(str(line["method"]), request, b64decode(line["answer"], validate=True))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _key(request: TLRequest[Any]) -> bytes:
    """A request as bytes that are the same each time it is made."""
    random_id: object = getattr(request, "random_id", None)
    if random_id is None:
        return bytes(request)
    same: Any = copy(request)
    same.random_id = [0] * len(request.random_id) if isinstance(random_id, list) else 0  # type: ignore[attr-defined]
    return bytes(same)
