"""Events as values."""

from __future__ import annotations

import inspect

import pytest

from telethon.mtproto import events

SAMPLES: list[events.Event] = [
    events.ResultReceived(1, b"secret"),
    events.ErrorReceived(1, 400, "BAD"),
    events.Uncertain(1, "x"),
    events.Unreadable(1, ValueError("x")),
    events.BadMessage(1, 64),
    events.UpdatesReceived(b"secret"),
    events.Acked(1),
    events.Requeued(1, "because"),
    events.SessionCreated(4, 5),
    events.SessionRenewed("because"),
    events.SaltChanged(123456789),
    events.SaltsLearned(),
    events.TimeCorrected(1.5),
    events.PongReceived(7, 0.25),
    events.TransportError(429),
    events.KeyUnknown(404),
    events.Closed("because"),
]


def test_there_is_a_sample_of_each() -> None:
    classes = {one for _, one in inspect.getmembers(events, inspect.isclass) if issubclass(one, events.Event)}
    assert {type(sample) for sample in SAMPLES} == classes - {events.Event}
    assert {one.__name__ for one in classes} | {"Token"} == set(events.__all__)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_X5_the_text_names_fields_and_hides_secrets(sample: events.Event) -> None:
    text = repr(sample)
    assert text.startswith(type(sample).__name__ + "(")
    assert "secret" not in text
    assert "123456789" not in text
    assert all(f"{name}=" in text for name in type(sample).__match_args__)


def test_text_of_some() -> None:
    assert repr(events.ResultReceived(1, b"secret")) == "ResultReceived(token=1, body=<6 bytes>)"
    assert repr(events.SaltChanged(5)) == "SaltChanged(salt=<hidden>)"
    assert repr(events.KeyUnknown(404)) == "KeyUnknown(code=404)"


def test_equality_is_that_of_class_and_fields() -> None:
    assert events.Acked(1) == events.Acked(1)
    assert events.Acked(1) != events.Acked(2)
    assert events.Acked(1) != 1
    assert events.TransportError(404) != events.KeyUnknown(404)
    assert hash(events.Acked(1)) == hash(events.Acked(1))
    assert len({events.Acked(1), events.Acked(1), events.Requeued(1, "x")}) == 2


def test_a_key_error_is_a_transport_error() -> None:
    assert isinstance(events.KeyUnknown(404), events.TransportError)


def test_matching_by_position() -> None:
    match events.BadMessage("token", 20):
        case events.BadMessage(token, code):
            assert (token, code) == ("token", 20)
