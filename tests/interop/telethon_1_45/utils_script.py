"""Reads JSON lines of expressions over `utils` and `types`, and writes what they give. Runs with either library."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sqlite3
import sys
import tempfile
from typing import Any

from telethon import helpers, utils
from telethon.extensions import html, markdown
from telethon.sessions import SQLiteSession
from telethon.tl import types


def plain(value: Any) -> Any:
    """A value in a form that is the same for the same values of both libraries."""
    if isinstance(value, type):
        return value.__name__
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return ["tuple" if isinstance(value, tuple) else "list", *map(plain, value)]
    if isinstance(value, (set, frozenset)):
        return sorted(map(plain, value), key=repr)
    if isinstance(value, (bytes, datetime.datetime)):
        return repr(value)
    if isinstance(value, float):
        return round(value, 6)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return getattr(value, "__name__", type(value).__name__).lstrip("_")


def rows(*seen: Any) -> Any:
    """What the file of a session keeps of answers, without the date."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "name.session")
        session = SQLiteSession(path)
        for answer in seen:
            session.process_entities(answer)
        session.save()
        session.close()
        with contextlib.closing(sqlite3.connect(path)) as file:
            return [
                list(row) for row in file.execute("select id, hash, username, phone, name from entities order by id")
            ]


def entities(*seen: Any) -> Any:
    """The rows that a session makes of answers, by id."""
    session = SQLiteSession(":memory:")
    return {row[0]: list(row) for answer in seen for row in session._entities_to_rows(answer)}


NAMES = {
    "datetime": datetime,
    "entities": entities,
    "helpers": helpers,
    "html": html,
    "markdown": markdown,
    "rows": rows,
    "types": types,
    "utils": utils,
}


def evaluate(expression: str) -> Any:
    """What an expression gives, or which error it raises."""
    try:
        return plain(eval(expression, dict(NAMES)))
    except Exception as error:
        return {"raises": type(error).__name__}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(evaluate(json.loads(line))))
