"""Writes what ``from module import *`` gives of each module on the command line. Runs with either library."""

import json
import sys
import types


def described(value):
    """What it is, in words that are the same for the same thing of both libraries."""
    if isinstance(value, types.ModuleType):
        return "module " + value.__name__
    if getattr(value, "__module__", None) in ("typing", "collections.abc"):
        return "typing"
    if isinstance(value, type):
        return "class " + value.__name__
    if callable(value):
        return "function"
    return type(value).__name__


def given(module):
    """The names, and what each of them is."""
    names = {}
    exec(f"from {module} import *", names)
    del names["__builtins__"]
    return {name: described(value) for name, value in names.items()}


print(json.dumps({module: given(module) for module in sys.argv[1:]}))
