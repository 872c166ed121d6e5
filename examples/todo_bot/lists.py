"""The to-do lists of all users and their reminders, in one SQLite file."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

_TABLES = """
create table if not exists tasks (
    id integer primary key autoincrement, user integer not null, text text not null, done integer not null default 0
);
create table if not exists reminders (
    id integer primary key autoincrement, user integer not null, text text not null, due real not null
);
"""


@dataclass(frozen=True)
class Task:
    """Something to do."""

    id: int
    text: str
    done: bool


@dataclass(frozen=True)
class Reminder:
    """Something to be told at a time, in Unix seconds."""

    id: int
    user: int
    text: str
    due: float


class Lists:
    """Everything that the bot remembers.

    Args:
        path: the file; it is made if it is not there.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add(self, user: int, *texts: str) -> None:
        """Put something on the list of a user: all of it, or nothing."""
        with self._db:
            self._db.execute("begin")
            self._db.executemany("insert into tasks (user, text) values (?, ?)", [(user, text) for text in texts])

    def of(self, user: int, words: str = "") -> list[Task]:
        """The list of a user, or those tasks that contain *words*."""
        rows = self._db.execute("select id, text, done from tasks where user = ? order by id", (user,))
        tasks = [Task(number, text, bool(done)) for number, text, done in rows]
        return [task for task in tasks if words.casefold() in task.text.casefold()]

    def toggle(self, user: int, number: int) -> Task | None:
        """Mark a task as done, or as not done; None when the user has no such task."""
        self._db.execute("update tasks set done = not done where user = ? and id = ?", (user, number))
        return next((task for task in self.of(user) if task.id == number), None)

    def clear(self, user: int) -> None:
        """Throw the list of a user away."""
        self._db.execute("delete from tasks where user = ?", (user,))

    def remind(self, user: int, text: str, due: float) -> Reminder:
        """Remember to remind a user."""
        row = self._db.execute("insert into reminders (user, text, due) values (?, ?, ?)", (user, text, due))
        return Reminder(row.lastrowid or 0, user, text, due)

    def reminders(self) -> list[Reminder]:
        """All reminders that were not sent yet."""
        return [Reminder(*row) for row in self._db.execute("select id, user, text, due from reminders order by due")]

    def reminded(self, reminder: Reminder) -> None:
        """A reminder was sent; forget it."""
        self._db.execute("delete from reminders where id = ?", (reminder.id,))
