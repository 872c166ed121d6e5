"""Duties of a client, and a list of what it did against them.

The server looks at everything a client sends. Whatever breaks a rule is written down, beside the answer that the real
server would give, so a test fails although the client got over it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

__all__ = ["RULES", "TELETHON_1_45", "ProtocolViolations", "Violation", "Violations"]

RULES: dict[str, str] = {
    "transport": "the bytes of a connection can be cut into packets",
    "handshake": "every step of the key exchange follows from the one before",
    "rsa_pad": "the encrypted part of req_DH_params is made by RSA_PAD",
    "inner_data_dc": "p_q_inner_data names the data centre",
    "packet": "an encrypted packet is made with a key of this data centre and has the right form and padding",
    "session_id": "session_id is not 0",
    "msg_id_parity": "a msg_id of a client is divisible by 4",
    "msg_id_order": "a msg_id is greater than all before it in the session, and less than that of its container",
    "msg_id_time": "a msg_id is the time of the server, once the client was told that its clock is wrong",
    "msg_id_repeated": "no msg_id is used for a second message",
    "salt": "a packet has a salt that is valid, once the client was told that the one it uses is not",
    "seq_no": "seq_no is twice the number of content-related messages before it, and odd if the message is one",
    "container": "a container holds at most 1020 messages, stays near 32 KiB, and has no container inside",
    "ids": "a list of msg_ids has at most 8192 of them",
    "ack": "every content-related message is acknowledged within a minute, and nothing that was not received",
    "gzip": "gzip_packed holds one object that is neither packed nor a container",
    "service": "a service message can be read",
    "init": "the first request of a session says layer and program: invokeWithLayer(initConnection(...))",
    "layer": "the client speaks the layer of the server, or an older one that the server knows",
    "request": "a request can be read",
    "bind": "auth.bindTempAuthKey proves that the client has both keys",
    "handler": "the handler of the server itself works",
}
"""The rules by name; the names can be tolerated."""

TELETHON_1_45: frozenset[str] = frozenset(("rsa_pad", "inner_data_dc", "container", "msg_id_order", "init", "ack"))
"""What Telethon 1.45 is known to break; give it as `tolerate` to test with it."""

_log = logging.getLogger("telethon.testing")


@dataclass(frozen=True)
class Violation:
    """A rule that was broken.

    Attributes:
        rule: which one; a key of `RULES`.
        detail: what was seen.
        who: the connection or session it was seen on.
        traceback: of a mistake of the server's own handler, else empty.
    """

    rule: str
    detail: str
    who: str = ""
    traceback: str = ""

    def __str__(self) -> str:
        text = f"{self.rule}: {self.detail}" + (f" [{self.who}]" if self.who else "")
        return f"{text}\n{self.traceback}" if self.traceback else text


class ProtocolViolations(AssertionError):
    """A client broke rules of the protocol.

    Attributes:
        violations: which and how.
    """

    def __init__(self, violations: Sequence[Violation]) -> None:
        lines = [f"{len(violations)} rule(s) of the protocol were broken:", *map(str, violations)]
        super().__init__("\n - ".join(lines))
        self.violations = tuple(violations)


class Violations(Sequence[Violation]):
    """What was done against the rules, oldest first.

    Args:
        tolerate: names of rules whose violations are only logged.

    Attributes:
        tolerated: what was let pass.

    Raises:
        ValueError: there is no rule of that name.
    """

    def __init__(self, tolerate: Iterable[str] = ()) -> None:
        self.tolerated: list[Violation] = []
        self._found: list[Violation] = []
        self._tolerate: set[str] = set()
        self.tolerate(*tolerate)

    def tolerate(self, *rules: str) -> None:
        """From now on, only log when one of these rules is broken.

        Raises:
            ValueError: there is no rule of that name.
        """
        for rule in rules:
            if rule not in RULES:
                raise ValueError(f"there is no rule {rule!r}; the rules are {', '.join(sorted(RULES))}")
        self._tolerate.update(rules)

    def add(self, rule: str, detail: str, who: str = "", *, tolerate: bool = False, traceback: str = "") -> None:
        """Write down a violation.

        Args:
            rule: which rule was broken.
            detail: what was seen, without any secret.
            who: the connection or session it was seen on.
            tolerate: only log it, whatever was agreed.
            traceback: where a mistake of the server itself comes from.
        """
        violation = Violation(rule, detail, who, traceback)
        if tolerate or rule in self._tolerate:
            self.tolerated.append(violation)
            _log.info("Tolerated: %s", violation)
        else:
            self._found.append(violation)
            _log.warning("%s", violation)

    def clear(self) -> None:
        """Forget them, for a test that provokes some."""
        self._found.clear()
        self.tolerated.clear()

    def of(self, rule: str) -> list[Violation]:
        """Those of one rule."""
        return [violation for violation in self._found if violation.rule == rule]

    def check(self) -> None:
        """Fail when there are any.

        Raises:
            ProtocolViolations: there are.
        """
        if self._found:
            raise ProtocolViolations(self._found)

    @overload
    def __getitem__(self, index: int) -> Violation: ...

    @overload
    def __getitem__(self, index: slice) -> list[Violation]: ...

    def __getitem__(self, index: int | slice) -> Violation | list[Violation]:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Violation]:
        return iter(self._found)

    def __repr__(self) -> str:
        return f"Violations({self._found!r})"
