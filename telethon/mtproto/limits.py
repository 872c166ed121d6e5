"""Every bound and period of the protocol core in one place."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Limits"]


class Limits(NamedTuple):
    """Sizes are bytes, times are seconds; change some with `Limits()._replace(ping_period=30)`.

    Attributes:
        container_messages: most messages in one container.
            Source: https://core.telegram.org/mtproto/service_messages#containers
        container_bytes: no further message is added to a container that has reached this size.
        message_bytes: largest body that `submit` takes.
        ids_per_message: most msg_ids in one msgs_ack, msgs_state_req or msg_resend_req.
            Source: https://core.telegram.org/mtproto/service_messages_about_messages
        ack_count: this many received messages are acknowledged at once, also when nothing else is to be sent.
        ack_delay: a received message is acknowledged after this long at the latest.
        ack_eager_bytes: after a message of this size the next packet carries its acknowledgement.
        window_size: how many received msg_ids are remembered against repetition.
            Source: https://core.telegram.org/mtproto/security_guidelines#checking-msg-id
        window_past: a received message may be this much older than the clock of the server.
        window_future: a received message may be this much ahead of it.
        gzip_min_bytes: smaller bodies are never compressed.
        gzip_sample_bytes: of a body larger than this only a sample is compressed, to see whether it is worth it.
        gzip_max_ratio: a received body that grows by more than this when unpacked is refused.
        gzip_max_bytes: largest size of an unpacked body, and of all those of one packet together.
        ping_period: time between two pings.
            Source: https://core.telegram.org/mtproto/service_messages#deferred-connection-closure-ping
        ping_disconnect_delay: the server closes the connection when it hears nothing for so long after a ping.
        ping_timeout: without an answer to a ping for so long the connection is dead.
        progress_timeout: parts of packets are taken for a sign of life no longer than this after a ping.
        probe_delay: with a request waiting and no sign of life for so long a ping is sent out of turn.
        watchdog_period: the server is asked about a request that has been waiting for so long.
        salts_wanted: how many future salts are asked for; 0 never asks.
            Source: https://core.telegram.org/mtproto/service_messages#request-for-several-future-salts
        salts_delay: time after connecting at which missing salts are asked for.
        salts_reserve: new salts are asked for when the known ones end within this time.
        max_resends: a request that the server keeps refusing is given up after so many attempts; so is one whose
            answer it keeps announcing in vain, and a connection over which it keeps refusing the session.
        fault_memory: the second fatal refusal of a request within this time is given to the caller.
        sent_memory: how many containers and service messages are remembered after sending.
    """

    container_messages: int = 1020
    container_bytes: int = 1 << 15
    message_bytes: int = 1044448
    ids_per_message: int = 8192
    ack_count: int = 16
    ack_delay: float = 20.0
    ack_eager_bytes: int = 1 << 14
    window_size: int = 1000
    window_past: float = 300.0
    window_future: float = 30.0
    gzip_min_bytes: int = 512
    gzip_sample_bytes: int = 4096
    gzip_max_ratio: int = 1000
    gzip_max_bytes: int = 32 << 20
    ping_period: float = 60.0
    ping_disconnect_delay: int = 75
    ping_timeout: float = 15.0
    progress_timeout: float = 300.0
    probe_delay: float = 10.0
    watchdog_period: float = 60.0
    salts_wanted: int = 64
    salts_delay: float = 60.0
    salts_reserve: float = 1800.0
    max_resends: int = 5
    fault_memory: float = 60.0
    sent_memory: int = 1024
