from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telethon.sessions._entityrows import EntityRows

ONE = (1, 11, "one", "491", "One")
TWO = (2, 22, "two", "492", "Two")


def test_it_is_a_set_of_rows() -> None:
    rows = EntityRows([ONE])
    rows |= {TWO}
    assert isinstance(rows, EntityRows)
    assert len(rows) == 2
    assert set(rows) == {ONE, TWO}
    assert ONE in rows
    assert (1, 11, None, None, None) not in rows
    assert "text" not in rows
    assert () not in rows
    assert rows == {ONE, TWO}
    assert rows | {(3, 3, None, None, None)} == {ONE, TWO, (3, 3, None, None, None)}
    rows.discard(TWO)
    rows.discard((9, 9, None, None, None))
    assert list(rows) == [ONE]
    rows.clear()
    assert not rows
    assert rows.with_username("one") is rows.with_phone("491") is rows.with_name("One") is None


def test_there_is_one_row_for_each_id_and_the_old_names_are_gone() -> None:
    rows = EntityRows([ONE])
    rows.add((1, 12, "uno", "499", "Uno"))
    assert list(rows) == [(1, 12, "uno", "499", "Uno")]
    assert rows.with_username("one") is None
    assert rows.with_phone("491") is None
    assert rows.with_name("One") is None
    assert rows.with_username("uno") == (1, 12, "uno", "499", "Uno")


def test_a_username_has_one_owner() -> None:
    rows = EntityRows([ONE, TWO])
    assert rows.put((2, 22, "one", "492", "Two")) == 1
    assert rows.with_username("one") == (2, 22, "one", "492", "Two")
    assert rows.by_id[1] == (1, 11, None, "491", "One")
    assert rows.put((2, 22, "one", "492", "Two")) is None


def test_of_namesakes_the_last_is_found_and_then_the_other() -> None:
    rows = EntityRows([(1, 1, None, None, "Same"), (2, 2, None, None, "Same")])
    assert rows.with_name("Same") == (2, 2, None, None, "Same")
    rows.discard((2, 2, None, None, "Same"))
    assert rows.with_name("Same") == (1, 1, None, None, "Same")


_names = st.sampled_from([None, "a", "b", "c"])
_rows = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3), _names, _names, _names), max_size=30)


@given(_rows)
def test_indices_agree_with_a_search(added: list[tuple[int, int, str | None, str | None, str | None]]) -> None:
    rows = EntityRows()
    owner: dict[str, int] = {}
    for row in added:
        rows.add(row)
        for name, entity_id in list(owner.items()):
            if entity_id == row[0]:
                del owner[name]
        if row[2]:
            owner[row[2]] = row[0]
    for name in "abc":
        found = rows.with_username(name)
        assert (found and found[0]) == owner.get(name)
        assert [row for row in rows if row[2] == name] == ([found] if found else [])
        by_name = rows.with_name(name)
        assert (by_name in rows) if by_name else not [row for row in rows if row[4] == name]
