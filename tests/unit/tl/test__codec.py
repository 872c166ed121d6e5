"""The primitives, against values worked out by hand from the description of the format."""

from __future__ import annotations

import struct
import sys
from datetime import date, datetime, timedelta, timezone

import pytest

from telethon.errors.common import TLDecodeError
from telethon.tl import _codec


def view(data: bytes) -> tuple[bytes, memoryview[int], int]:
    return data, _codec.int_view(data), 0


def test_maker_does_not_run_the_constructor() -> None:
    class Strict:
        def __init__(self) -> None:
            raise RuntimeError

    assert type(_codec.maker(Strict)()) is Strict


class Holder:
    when = _codec.LazyDate("when")
    maybe = _codec.LazyDate("maybe")
    _raw_maybe = None


def test_int_view_is_signed_and_leaves_out_the_end() -> None:
    assert _codec.int_view(b"\x01\0\0\0\xff\xff\xff\xff\x05\x06").tolist() == [1, -1]
    assert _codec.int_view(b"").tolist() == []


def test_int_view_on_a_machine_with_the_other_byte_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_codec, "_LITTLE_ENDIAN", False)
    # This machine is little-endian, so swapping shows the other order.
    assert sys.byteorder == "little"
    assert _codec.int_view(b"\x00\0\0\1").tolist() == [0x00000001]


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 252, 253, 254, 255, 256, 257, 65_536, 70_001])
def test_byte_strings_are_padded_and_read_back(length: int) -> None:
    data = bytes(index & 255 for index in range(length))
    wire = _codec.text(data)
    assert len(wire) % 4 == 0
    head = bytes([length]) if length < 254 else b"\xfe" + length.to_bytes(3, "little")
    assert wire.startswith(head + data)
    assert set(wire[len(head) + length :]) <= {0}
    found, end = _codec.byte_strings(*view(struct.pack("<i", 1) + wire))
    assert found == [data]
    assert end * 4 == 4 + len(wire)


def test_text_takes_str_and_its_subclasses_and_bytes() -> None:
    class Name(str):
        __slots__ = ()

    assert _codec.text("h\u00e9") == b"\x03h\xc3\xa9"
    assert _codec.text(Name("abc")) == b"\x03abc"
    assert _codec.text(b"ab") == b"\x02ab\0"


@pytest.mark.parametrize("value", [5, None, bytearray(b"a"), memoryview(b"a"), ["a"]])
def test_text_refuses_other_values(value: object) -> None:
    with pytest.raises(TypeError, match="bytes or str expected"):
        _codec.text(value)  # type: ignore[arg-type]


def test_length_byte_255_is_refused() -> None:
    with pytest.raises(TLDecodeError, match="255"):
        _codec.long_bytes(*view(b"\xff\0\0\0\0\0\0\0"))


def test_big_int_is_signed_little_endian() -> None:
    assert _codec.big_int(b"\x01" + bytes(15)) == 1
    assert _codec.big_int(b"\xff" * 16) == -1


@pytest.mark.parametrize(
    ("read", "layout", "items"),
    [
        (_codec.ints, "i", [1, -1, 2**31 - 1]),
        (_codec.longs, "q", [1, -1, 2**63 - 1]),
        (_codec.doubles, "d", [1.5, -2.25, 0.0]),
    ],
)
def test_plain_vectors(read: object, layout: str, items: list[float]) -> None:
    data = struct.pack(f"<i{len(items)}{layout}", len(items), *items)
    assert read(*view(data)) == (items, len(data) // 4)  # type: ignore[operator]
    assert read(*view(b"\0\0\0\0")) == ([], 1)  # type: ignore[operator]
    for count in (-1, len(items) + 1, 2**31 - 1, -(2**31)):
        with pytest.raises(TLDecodeError, match=f"vector of {count} items"):
            read(*view(struct.pack("<i", count) + data[4:]))  # type: ignore[operator]


def test_strings_replace_what_is_not_utf8() -> None:
    data = struct.pack("<i", 3) + _codec.text(b"ab") + _codec.text(b"\xff") + _codec.text(b"x" * 300)
    assert _codec.strings(*view(data)) == (["ab", "\ufffd", "x" * 300], len(data) // 4)


def test_bools() -> None:
    assert _codec.BOOLS[0x997275B5 - 2**32] is True
    assert _codec.BOOLS[0xBC799737 - 2**32] is False
    with pytest.raises(TLDecodeError, match="00000005"):
        _codec.BOOLS[5]


def test_refusals_name_what_was_found() -> None:
    with pytest.raises(TLDecodeError, match="64 levels"):
        _codec.too_deep()
    with pytest.raises(TLDecodeError, match="ffffffff"):
        _codec.not_a_vector(-1)
    with pytest.raises(TLDecodeError, match="vector of 7 items"):
        _codec.bad_count(7)


def test_half_set_group_is_an_assertion_and_a_value_error() -> None:
    class Thing:
        first = None
        second = True

    with pytest.raises(AssertionError, match="first, second parameters of Thing"):
        _codec.half_set(Thing(), "first, second")
    with pytest.raises(ValueError, match="must all be"):
        _codec.half_set(Thing(), "first, second")
    _codec.half_set(Thing(), "second")


def test_random_int_has_32_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_codec, "system_random", lambda count: b"\xfe" + b"\xff" * (count - 1))
    assert _codec.random_int() == -2


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, 0),
        (0, 0),
        (5.7, 5),
        (-5.7, -5),
        (True, 1),
        (datetime(2020, 1, 1), 1_577_836_800),
        (datetime(2020, 7, 1, 12), 1_593_604_800),
        (datetime(2020, 1, 1, 0, 0, 0, 999_999, tzinfo=timezone.utc), 1_577_836_800),
        (datetime(2020, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))), 1_577_836_800),
        (datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=timezone.utc), 0),
        (datetime(1960, 1, 1), -315_619_200),
        (date(2020, 7, 1), 1_593_561_600),
        (datetime(2100, 7, 1, 12), -176_840_896),
    ],
)
def test_unix_time(value: datetime | date | float | None, seconds: int) -> None:
    assert _codec.unix_time(value) == seconds


def test_a_span_counts_from_now() -> None:
    from telethon._core.clock import ManualClock, stand_in

    with stand_in(ManualClock(wall=1_000.5)):
        assert _codec.unix_time(timedelta(days=1)) == 87_400
        assert _codec.unix_time(timedelta(seconds=-10)) == 990


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(TypeError, match='Cannot interpret "x" as a date'):
        _codec.unix_time("x")  # type: ignore[arg-type]


def test_from_unix_time_gives_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _codec.from_unix_time(0) == datetime(1970, 1, 1, tzinfo=timezone.utc)
    assert _codec.from_unix_time(-1).isoformat() == "1969-12-31T23:59:59+00:00"

    def refuse(*_: object) -> datetime:
        raise OSError("this platform knows no time before 1970")

    monkeypatch.setattr(_codec, "_fromtimestamp", refuse)
    assert _codec.from_unix_time(-1).isoformat() == "1969-12-31T23:59:59+00:00"


def test_stored_date_prefers_what_was_assigned() -> None:
    moment = datetime(1970, 1, 1, 0, 1, tzinfo=timezone.utc)
    assert _codec.stored_date({"when": moment, "_raw_when": 5}, "when", "_raw_when") == 60
    assert _codec.stored_date({"_raw_when": 5}, "when", "_raw_when") == 5
    with pytest.raises(AttributeError, match="when"):
        _codec.stored_date({}, "when", "_raw_when")


def test_lazy_date_becomes_an_attribute_when_looked_at() -> None:
    holder = Holder()
    holder._raw_when = 60  # type: ignore[attr-defined]
    assert "when" not in vars(holder)
    assert holder.when == datetime(1970, 1, 1, 0, 1, tzinfo=timezone.utc)
    assert vars(holder)["when"] is holder.when
    assert holder.maybe is None
    assert isinstance(Holder.when, _codec.LazyDate)


def test_lazy_date_that_was_never_set_is_a_missing_attribute() -> None:
    with pytest.raises(AttributeError, match="'Holder' object has no attribute 'when'"):
        print(Holder().when)
