"""The bounds, against what the protocol allows."""

from __future__ import annotations

from inspect import cleandoc

from telethon.mtproto.limits import Limits


def test_M11_M13_M16_S13_the_defaults_are_what_the_protocol_allows() -> None:
    limits = Limits()
    assert limits.container_messages <= 1020
    assert limits.container_bytes <= 1 << 15
    assert limits.ids_per_message <= 8192
    assert limits.ack_count <= 16
    assert limits.ack_delay < 60
    assert limits.window_size == 1000
    assert (limits.window_past, limits.window_future) == (300, 30)
    assert limits.gzip_max_bytes == 32 << 20
    assert limits.gzip_max_ratio == 1000
    assert (limits.ping_period, limits.ping_disconnect_delay) == (60, 75)
    assert limits.probe_delay + limits.ping_timeout <= 30
    assert limits.ping_period + limits.ping_timeout <= 90
    assert 1 <= limits.salts_wanted <= 64


def test_every_bound_is_explained() -> None:
    # Python 3.13 takes the indentation away by itself.
    text = cleandoc(Limits.__doc__ or "")
    assert [name for name in Limits._fields if f"\n    {name}: " not in text] == []
