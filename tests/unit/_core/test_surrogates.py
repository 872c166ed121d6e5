from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telethon._core.surrogates import add_surrogate, del_surrogate, has_surrogate, within_surrogate

SMILE = "\U0001f600"


def test_characters_outside_the_basic_plane_become_two() -> None:
    assert add_surrogate(f"a{SMILE}é") == "a\ud83d\ude00é"
    assert del_surrogate("a\ud83d\ude00é") == f"a{SMILE}é"
    assert add_surrogate("") == del_surrogate("") == ""


def test_text_without_such_characters_is_given_back_as_it_is() -> None:
    for text in ("plain", "żółć", "漢字"):
        assert add_surrogate(text) is text


@given(st.text())
def test_the_length_is_that_in_utf_16(text: str) -> None:
    longer = add_surrogate(text)
    assert len(longer) == len(text.encode("utf-16-le")) // 2
    assert del_surrogate(longer) == text
    assert has_surrogate(longer) == any(char > "\uffff" for char in text)


def test_half_a_pair_stays_as_it_is() -> None:
    assert add_surrogate(f"\ud83d{SMILE}") == "\ud83d\ud83d\ude00"
    assert del_surrogate("a\ud83d") == "a\ud83d"


def test_within_surrogate() -> None:
    text = add_surrogate(f"{SMILE}b{SMILE}")
    assert [within_surrogate(text, at) for at in range(-1, 7)] == [False, False, True, False, False, True, False, False]
    assert within_surrogate(text, 1, length=5)
    # Halves in the wrong order are no pair.
    assert not within_surrogate("\ude00\ud83d", 1)
    assert not within_surrogate("", 0)
