"""Which class goes to which generated module (shard).

A shard holds one result type with many constructors, or a few small result types that stand next to each other in the
alphabet. One file for everything costs a program a quarter of a second; one for each class costs thousands of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from telethon_generator.naming import ClassSpec

__all__ = ["INLINED", "SERVICE", "Shard", "inlined", "shards_of"]

SERVICE = "service"
"""The shard of the MTProto service schema; a connection needs it and nothing else."""
INLINED = ("peerUser", "peerChannel")
"""Constructors that other readers read by themselves: a quarter of all objects in an answer are peers."""
_FULL = 7


@dataclass(frozen=True)
class Shard:
    """One generated module.

    Attributes:
        name: module name below `telethon.tl._generated`.
        classes: what it holds, in order.
    """

    name: str
    classes: tuple[ClassSpec, ...]


def inlined(shards: Iterable[Shard]) -> dict[str, tuple[ClassSpec, str]]:
    """The inlined constructors by name: the class, and the shard that holds it."""
    found = {spec.definition.name: (spec, shard.name) for shard in shards for spec in shard.classes}
    return {name: found[name] for name in INLINED if name in found}


def shards_of(specs: Iterable[ClassSpec]) -> tuple[Shard, ...]:
    """Spread the classes over shards; the answer depends on the schema only."""
    specs = list(specs)
    shards = [Shard(SERVICE, tuple(spec for spec in specs if spec.service))]
    groups: dict[tuple[str, str, str], list[ClassSpec]] = {}
    for spec in specs:
        if not spec.service:
            last = spec.name if spec.is_function else spec.definition.result.name
            groups.setdefault(("functions" if spec.is_function else "types", spec.namespace, last), []).append(spec)
    current: list[ClassSpec] = []
    current_key: tuple[str, str, str] | None = None
    for key, members in sorted(groups.items()):
        same_place = current_key is not None and current_key[:2] == key[:2]
        if current and current_key is not None and (not same_place or len(current) + len(members) > _FULL):
            shards.append(_shard(current_key, current))
            current = []
        if not current:
            current_key = key
        current.extend(members)
    if current and current_key is not None:
        shards.append(_shard(current_key, current))
    return tuple(shards)


def _shard(key: tuple[str, str, str], classes: list[ClassSpec]) -> Shard:
    kind, namespace, first = key
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", first.rpartition(".")[2]).lower()
    return Shard("_".join(filter(None, (kind, namespace, words.removesuffix("_request")))), tuple(classes))
