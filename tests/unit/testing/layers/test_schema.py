"""The tables of what older layers say otherwise."""

from __future__ import annotations

from itertools import pairwise

import pytest

from telethon.testing.layers.definition import current_class
from telethon.testing.layers.moved import METHODS
from telethon.testing.layers.schema import tables


def test_the_oldest_comes_first():
    layers = [table.layer for table in tables()]
    assert layers == [136, 158, 167, 181, 189, 198, 204, 214, 216, 220, 223, 225, 227]


@pytest.mark.parametrize("table", tables(), ids=lambda table: str(table.layer))
def test_a_table_says_each_name_once(table):
    for definitions in (table.types, table.methods):
        names = [definition.name for definition in definitions]
        assert len(set(names)) == len(names) > 0
    assert len(set(table.later)) == len(table.later)


@pytest.mark.parametrize("table", tables(), ids=lambda table: str(table.layer))
def test_a_table_speaks_of_what_there_is(table):
    for definition in table.types:
        # Buttons are made otherwise now.
        assert current_class(definition.name, False) or "eyboardButton" in definition.name, definition.name
    for definition in table.methods:
        assert current_class(METHODS.get(definition.name, definition.name), True), definition.name
    for name in table.later:
        assert current_class(name, False), name


@pytest.mark.parametrize(("older", "later"), list(pairwise(tables())), ids=lambda table: str(table.layer))
def test_a_table_says_what_the_next_one_says_otherwise(older, later):
    for mine, its in ((older.types, later.types), (older.methods, later.methods)):
        theirs = {definition.name: definition.id for definition in its}
        assert not [one.name for one in mine if theirs.get(one.name) == one.id]
    assert not {definition.name for definition in older.types} & set(older.later)
