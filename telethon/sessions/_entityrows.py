"""The entities of a session, found by id, username, phone number and name without a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableSet
from typing import Any, TypeAlias, cast

__all__ = ["EntityRow", "EntityRows"]

#: Marked id, access hash, username in lower case, phone number, name.
EntityRow: TypeAlias = "tuple[int, int, str | None, str | None, str | None]"


class EntityRows(MutableSet[Any]):
    """A set of rows with one row for each id, and indices over the other columns.

    A username belongs to one entity at a time: adding a row with it takes it from the row that had it before.
    """

    def __init__(self, rows: Iterable[EntityRow] = ()) -> None:
        self.by_id: dict[int, EntityRow] = {}
        self._by_username: dict[str, int] = {}
        self._by_phone: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = {}
        for row in rows:
            self.add(row)

    @classmethod
    def _from_iterable(cls, it: Iterable[EntityRow]) -> set[EntityRow]:  # type: ignore[override]
        # What `|` and the like give: a plain set, as an ordinary set would.
        return set(it)

    def __contains__(self, row: object) -> bool:
        return self.by_id.get(cast("EntityRow", row)[0]) == row if isinstance(row, tuple) and row else False

    def __iter__(self) -> Iterator[EntityRow]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def __repr__(self) -> str:
        return f"<{len(self)} entities>"

    def add(self, value: EntityRow) -> None:
        """Add a row in place of the one with the same id."""
        self.put(value)

    def put(self, value: EntityRow) -> int | None:
        """Add a row in place of the one with the same id, and say who is the worse for it.

        Returns:
            The id of the row that lost its username to this one, if one did.
        """
        entity_id, _, username, phone, name = value
        if entity_id in self.by_id:
            self._forget(self.by_id[entity_id])
        loser = None
        if username:
            loser = self._by_username.get(username)
            if loser is not None:
                old = self.by_id[loser]
                self.by_id[loser] = (old[0], old[1], None, old[3], old[4])
            self._by_username[username] = entity_id
        if phone:
            self._by_phone[str(phone)] = entity_id
        if name:
            self._by_name.setdefault(name, []).append(entity_id)
        self.by_id[entity_id] = value
        return loser

    def discard(self, value: EntityRow) -> None:
        """Take a row out, if it is there as given."""
        if value in self:
            self._forget(self.by_id.pop(value[0]))

    def _forget(self, row: EntityRow) -> None:
        """Take *row* out of the indices."""
        entity_id, _, username, phone, name = row
        if username and self._by_username.get(username) == entity_id:
            del self._by_username[username]
        if phone and self._by_phone.get(str(phone)) == entity_id:
            del self._by_phone[str(phone)]
        if name:
            namesakes = self._by_name[name]
            namesakes.remove(entity_id)
            if not namesakes:
                del self._by_name[name]

    def clear(self) -> None:
        """Take all rows out."""
        self.by_id.clear()
        self._by_username.clear()
        self._by_phone.clear()
        self._by_name.clear()

    def with_username(self, username: str) -> EntityRow | None:
        """The row with this username, given in lower case."""
        return self._row(self._by_username.get(username))

    def with_phone(self, phone: str) -> EntityRow | None:
        """A row with this phone number, digits only."""
        return self._row(self._by_phone.get(phone))

    def with_name(self, name: str) -> EntityRow | None:
        """The row with this name that was added last."""
        namesakes = self._by_name.get(name)
        return self.by_id[namesakes[-1]] if namesakes else None

    def _row(self, entity_id: int | None) -> EntityRow | None:
        return None if entity_id is None else self.by_id[entity_id]
