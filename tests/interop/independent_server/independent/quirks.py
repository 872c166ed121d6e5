"""What a server may do differently, one switch each."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ExchangeQuirks:
    """What happens while a key is made."""

    accept_old_rsa: bool = True
    """Also take the form of encryption from before RSA_PAD."""
    fingerprints: Callable[[list[int]], list[int]] = list
    """What is offered instead of the fingerprints of the server."""
    retries: int = 0
    """How often dh_gen_retry is answered before dh_gen_ok."""
    fails: int = 0
    """How often dh_gen_fail is answered before anything else."""
    params_fail: int = 0
    """How often server_DH_params_fail is answered."""
    params_fail_right: bool = True
    """Whether its hash is right."""
    answer_padding: int | None = None
    """Bytes behind the inner data of the server, instead of as few as there must be."""
    change: Callable[[str, Any], Any] = lambda _name, value: value
    """Called with `resPQ`, `inner`, `answer_hash`, `params` and `done` before they are sent, and what they are."""
    junk: Collection[bytes] = ()
    """Unencrypted bodies that are sent before resPQ."""
    pq: tuple[int, int] = (1_229_739_323, 1_402_015_859)
    g: int = 3


@dataclass
class Quirks:
    """What happens afterwards."""

    exchange: ExchangeQuirks = field(default_factory=ExchangeQuirks)
    clock: float = 0.0
    """Seconds the clock of the server is ahead."""
    always_container: bool = False
    always_gzip: bool = False
    gzip_twice: bool = False
    """Answers are gzip_packed in gzip_packed."""
    container_with_acks: bool = False
    """Updates come in containers together with acks."""
    padding: Callable[[], int] = lambda: 12 + 16 * secrets.randbelow(4)
    """At least so many bytes of padding."""
    id_step: Callable[[], int] = lambda: 4 * (1 + secrets.randbelow(64))
    """What is added to a msg_id for the next one of the same moment."""
    new_session_created: bool = True
    wrong_salt_first: bool = True
    """Refuse salts that were never given out."""
    resend_unacked: bool = True
    """Send what was not acknowledged again on the next connection."""
    knows_resend_ans_req: bool = True
    """Answer msg_resend_ans_req, which the description of the protocol no longer has."""
    piece: int = 0
    """Write so many bytes at a time."""
    pause: float = 0.0
    """Seconds between two pieces."""
    answers_last: bool = False
    """Answers that were made from one packet come in the other order."""
    twice: bool = False
    """Every packet goes out twice."""
    ack_first: bool = False
    """Acknowledge every request before it is answered."""
