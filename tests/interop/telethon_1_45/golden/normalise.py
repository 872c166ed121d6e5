"""Objects as plain data that is the same whenever, and wherever, the same thing happened. Runs with either library.

What is volatile gets a name instead of its value:

- `random_id`, `file_reference`, `file_id`, the `id` of uploaded files, and what proves a password: ``<random>``, as
  they are drawn or made anew; of salts only the part that the server draws is told;
- moments within a year: how far they are from when the server was built, to five minutes (``<now+60m>``); others as
  they are;
- long bytes: their length and the beginning of their SHA-256;
- texts: folders and addresses in memory are cut out.

Objects that are no part of the schema are their class and all that they show without calling anything.
"""

import datetime
import hashlib
import re
import time

NEVER = {
    "client",
    "random_id",
    "file_reference",
    "file_id",
    "srp_id",
    "A",
    "M1",
    "srp_B",
    "secure_random",
    "original_update",
}
DEPTH = 4

began = time.time()
"""When the server was built, in Unix seconds; the program that is played is told."""


def told(value, depth=0):
    """Anything as data for JSON."""
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return neat(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        value = bytes(value)
        return f"bytes {value.hex()}" if len(value) <= 40 else f"{len(value)} bytes {digest(value)}"
    if isinstance(value, (datetime.datetime, datetime.date, datetime.timedelta)):
        return moment(value)
    if isinstance(value, dict):
        return of_dict(value, depth)
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [told(one, depth) for one in value]
        total = getattr(value, "total", None)
        return items if total is None else {"total": total, "items": items}
    if isinstance(value, type):
        return f"class {value.__name__}"
    if isinstance(value, BaseException):
        return error(value)
    if hasattr(value, "CONSTRUCTOR_ID"):
        return of_schema(value, depth)
    if callable(value) or depth >= DEPTH:
        return f"<{type(value).__name__}>"
    return {"class": type(value).__name__, **shown(value, depth + 1)}


def digest(data):
    return hashlib.sha256(data).hexdigest()[:12]


def neat(text):
    text = re.sub(r"0x[0-9a-f]{6,}", "<address>", text)
    text = re.sub(r"(/private)?/tmp/[\w./-]*/", "<folder>/", text)
    text = re.sub(r"\d{4}-\d\d-\d\d[ _T]\d\d[:-]\d\d[:-]\d\d(\+00:00)?", "<date>", text)
    return re.sub(r"datetime\.datetime\([^)]*\)", "<date>", text)


def moment(value):
    if not isinstance(value, datetime.datetime):
        return str(value)
    seconds = value.timestamp() - began
    if abs(seconds) > 400 * 86_400:
        return value.isoformat()
    minutes = round(seconds / 300) * 5
    return f"<now{minutes:+d}m>" if minutes else "<now>"


def of_dict(value, depth):
    found = {}
    uploaded = str(value.get("_", "")).startswith("InputFile") and "location" not in str(value["_"]).lower()
    for name, one in value.items():
        if name == "to_dict":
            continue
        if uploaded and name == "name" and str(one).lstrip("-").partition(".")[0].isdecimal():
            # A file without a name gets a number for one.
            found[name] = "<random>" + str(one).lstrip("-0123456789")
        elif (name in NEVER or (uploaded and name == "id")) and one is not None:
            found[str(name)] = "<random>"
        elif name == "new_password_hash" and one:
            found[name] = "<random>"
        elif name == "salt1":
            # The server gives the beginning, and the client draws the rest.
            found[name] = f"{one[:8].hex()} and {len(one) - 8} bytes"
        elif name == "date" and isinstance(one, int):
            found[name] = moment(datetime.datetime.fromtimestamp(one, datetime.timezone.utc))
        else:
            found[str(name)] = told(one, depth)
    return found


def of_schema(value, depth):
    found = of_dict(value.to_dict(), depth)
    if depth < 2 and hasattr(type(value), "get_reply_message"):
        found["and"] = shown(value, max(depth + 1, 2), beside=found)
    return found


def shown(value, depth, beside=()):
    """What an object shows: its attributes and properties, without calling a method."""
    found = {}
    names = {name for name in dir(value) if not name.startswith("_")}
    for name in sorted(names - NEVER - set(beside)):
        if callable(getattr(type(value), name, None)):
            continue
        try:
            one = getattr(value, name)
        except Exception as problem:
            found[name] = f"raises {type(problem).__name__}: {neat(str(problem))}"
            continue
        if callable(one) and not hasattr(one, "CONSTRUCTOR_ID"):
            continue
        if hasattr(one, "CONSTRUCTOR_ID") and hasattr(type(one), "get_reply_message"):
            # A message within something else is only named; it has been compared where it came from.
            found[name] = f"{type(one).__name__} {one.id}: {neat(str(one.message))}"
        else:
            found[name] = told(one, depth)
    return found


def error(problem):
    """An error: its class, text, and the values it captured."""
    values = {name: told(one, DEPTH) for name, one in vars(problem).items() if name not in {"request", "requests"}}
    families = [one.__name__ for one in type(problem).__mro__ if one.__module__.startswith("telethon")]
    families += [one.__name__ for one in type(problem).__mro__ if one.__module__ == "builtins"][:2]
    return {"raises": families, "says": neat(str(problem)), "values": values}
