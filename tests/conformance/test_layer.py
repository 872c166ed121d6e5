"""The schema in this tree is the one that was reviewed: `layer.txt` changes only together with it."""

from __future__ import annotations

from pathlib import Path

from telethon.tl.alltlobjects import LAYER, tlobjects
from telethon_generator.build import load_specs
from telethon_generator.record import record_lines

RECORD = Path(__file__).with_name("layer.txt")


def test_record_is_that_of_the_schema() -> None:
    recorded = RECORD.read_text(encoding="utf-8").splitlines()
    current = list(record_lines(*load_specs()))
    changes = sorted(set(recorded) ^ set(current))
    assert not changes, "run `python -m telethon_generator record` and review: " + "; ".join(changes[:5])
    assert recorded == current


def test_generated_classes_are_those_of_the_record() -> None:
    rows = [line.split(" ", 2) for line in RECORD.read_text(encoding="utf-8").splitlines()[1:]]
    assert f"layer {LAYER}" == RECORD.read_text(encoding="utf-8").splitlines()[0]
    assert {int(row[1], 16) for row in rows} == set(tlobjects)
    for name, identifier, _ in rows:
        cls = tlobjects[int(identifier, 16)]
        assert cls.__name__ == name.rpartition(".")[2]
        assert int(identifier, 16) == cls.CONSTRUCTOR_ID
