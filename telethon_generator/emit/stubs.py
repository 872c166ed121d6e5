"""The `.pyi` files."""

from __future__ import annotations

from telethon_generator.naming import ClassSpec
from telethon_generator.schema import Schema

__all__ = ["emit_stubs"]


def emit_stubs(api: Schema, specs: list[ClassSpec]) -> dict[str, str]:
    """Stubs for all namespaces."""
    return {}
