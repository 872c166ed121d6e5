"""One filled object for each constructor and way of filling it, as plain data that any such library can build.

A recipe is `("object", id, {parameter: value})`. Values come from a small generator of our own, so that they are the
same for every version of Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from zlib import crc32

from telethon_generator.build import load_specs
from telethon_generator.naming import ClassSpec, FieldSpec

__all__ = ["build", "samples"]

FILLS = ("required", "all", "some")
DEPTH = 2


class _Picker:
    """Numbers that follow from a text."""

    def __init__(self, seed: str) -> None:
        self.state = crc32(seed.encode()) | 1

    def below(self, limit: int) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        return (self.state >> 33) % limit

    def one(self, choices: list[Any]) -> Any:
        return choices[self.below(len(choices))]


class _Sampler:
    def __init__(self) -> None:
        _, self.specs = load_specs()
        self.constructors = {spec.definition.name: spec for spec in self.specs if not spec.is_function}
        self.members: dict[str, list[ClassSpec]] = {}
        for spec in self.constructors.values():
            self.members.setdefault(spec.definition.result.name, []).append(spec)
        self.config = next(spec for spec in self.specs if spec.definition.name == "help.getConfig")
        self.heights = self._heights()

    def _heights(self) -> dict[int, int]:
        """How deep the shallowest object of each class is."""
        heights: dict[int, int] = {}
        changed = True
        while changed:
            changed = False
            for spec in self.constructors.values():
                height = 0
                for field in spec.fields:
                    if field.kind in {"object", "bare_object"} and not field.parameter.flag and not field.vector:
                        known = [heights[found.id] for found in self._candidates(field) if found.id in heights]
                        height = max(height, 1 + min(known)) if known else 1_000
                if height < heights.get(spec.id, 1_000):
                    heights[spec.id] = height
                    changed = True
        return heights

    def _candidates(self, field: FieldSpec) -> list[ClassSpec]:
        if field.kind == "bare_object":
            return [self.constructors[field.type_name]]
        # The friendly message classes turn this one into None.
        return [spec for spec in self.members[field.type_name] if spec.name != "MessageMediaEmpty"]

    def recipe(self, spec: ClassSpec, fill: str, pick: _Picker, depth: int) -> Any:
        values: dict[str, Any] = {}
        chosen: dict[Any, bool] = {}
        for field in spec.fields:
            if field.is_flags:
                continue
            flag = field.parameter.flag
            if flag:
                if flag not in chosen:
                    deep = field.kind in {"object", "bare_object"} and depth <= 0
                    chosen[flag] = not deep and (fill == "all" or (fill == "some" and pick.below(3) == 0))
                if not chosen[flag]:
                    continue
            count = pick.below(3) if depth > 0 else 0
            one = [self.value(spec, field, fill, pick, depth) for _ in range(count if field.vector else 1)]
            values[field.name] = one if field.vector else one[0]
        return ("object", spec.id, values)

    def value(self, spec: ClassSpec, field: FieldSpec, fill: str, pick: _Picker, depth: int) -> Any:
        kind = field.kind
        if spec.definition.result.name == "Peer" and kind == "long":
            # The friendly message classes compute with these, so they must be ids that exist.
            return pick.one([1, 123_456, 2**39 + 7])
        if kind in _VALUES:
            return pick.one(_VALUES[kind])
        if field.parameter.type is not None and field.parameter.type.generic:
            return self.recipe(self.config, fill, pick, 0)
        candidates = self._candidates(field)
        shallow = [spec for spec in candidates if self.heights[spec.id] <= depth]
        shallow = shallow or [min(candidates, key=lambda spec: self.heights[spec.id])]
        return self.recipe(pick.one(shallow), fill, pick, depth - 1)


_VALUES: dict[str, list[Any]] = {
    "int": [0, 1, -1, 2**31 - 1, -(2**31), 123_456],
    "uint": [0, 1, 2**32 - 1],
    "long": [0, 1, -1, 2**63 - 1, -(2**63), 2**40 + 7],
    "double": [0.0, 1.5, -2.25, 1e300],
    "int128": [0, 1, -1, 2**126 + 12345],
    "int256": [0, 1, -1, 2**254 + 12345],
    "string": ["", "a", "h\u00e9llo", "\U0001f600\U0001f600", "x" * 253, "y" * 254, "z" * 301],
    "bytes": [b"", b"a", b"\xff\x00", b"x" * 253, b"y" * 254, b"z" * 301],
    "Bool": [True, False],
    "true": [True],
    "date": [datetime(2024, 2, 29, 12, 30, 1, tzinfo=timezone.utc), datetime(1970, 1, 2, tzinfo=timezone.utc)],
}


def samples() -> Iterator[tuple[str, list[Any]]]:
    """For each class its name and one recipe for each fill."""
    sampler = _Sampler()
    for spec in sampler.specs:
        name = f"{spec.module.removeprefix('telethon.tl.')}.{spec.name}"
        yield name, [sampler.recipe(spec, fill, _Picker(name + fill), DEPTH) for fill in FILLS]


def build(recipe: Any, classes: Any) -> Any:
    """The object that a recipe describes; `classes` maps ids to classes."""
    if isinstance(recipe, tuple):
        cls = classes[recipe[1]]
        values = {name: build(value, classes) for name, value in recipe[2].items()}
        if cls.__name__ == "MessageEmpty":
            values.setdefault("peer_id", None)
        return cls(**values)
    if isinstance(recipe, list):
        return [build(item, classes) for item in recipe]
    return recipe
