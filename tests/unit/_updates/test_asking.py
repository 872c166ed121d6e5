"""Where a question stands."""

from __future__ import annotations

from telethon._updates import asking as module
from telethon._updates.asking import Asking, Channel


def test_a_question_goes_out_and_is_answered():
    asking = Asking()
    asking.wanted = asking.again = True
    asking.send(5.0)
    assert (asking.wanted, asking.again, asking.on_way, asking.sent) == (False, False, True, 5.0)
    asking.keep("a")
    assert asking.done() == ["a"]
    assert (asking.on_way, asking.held, asking.again) == (False, [], False)


def test_U3_an_answer_in_parts():
    asking = Asking()
    asking.failures = 3
    asking.send(5.0)
    asking.go_on()
    assert (asking.wanted, asking.on_way, asking.partial, asking.failures) == (True, False, True, 0)
    asking.keep("a")
    assert asking.done() == ["a"]
    assert asking.partial is False


def test_I14_too_much_to_keep_is_asked_for_instead(monkeypatch):
    monkeypatch.setattr(module, "HELD_LIMIT", 2)
    asking = Asking()
    asking.send(5.0)
    for number in range(5):
        asking.keep(number)
    assert asking.held == []
    assert asking.done() == []
    assert asking.again
    asking.again = False
    asking.keep(1)
    assert asking.done() == [1]
    assert not asking.again


def test_channels_have_a_count():
    assert Channel(5).count.value == 5
    assert Channel(None).count.value is None
