"""Decoding, encoding and retained memory of TL objects, against Telethon on the same bytes in the same run.

Usage:

    python tests/benchmarks/bench_codec.py --anchor-python PYTHON-WITH-TELETHON [--rounds 7]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OBJECTS = ("messages100", "updates_newmsg", "participants200", "dialogs100")
GOALS = {"parse": 4.0, "serialise": 1.8, "memory": 0.5}


def worker() -> None:
    """Measure one side: read commands as lines of JSON, answer with lines of JSON."""
    import telethon
    from telethon.extensions import BinaryReader

    payloads = {name: bytes.fromhex(text) for name, text in json.loads(sys.stdin.readline()).items()}

    def parse(name: str) -> Any:
        return BinaryReader(payloads[name]).tgread_object()

    same: dict[str, object] = {name: bytes(parse(name)) == data for name, data in payloads.items()}
    same["package"] = telethon.__file__
    print(json.dumps(same), flush=True)
    for line in sys.stdin:
        kind, name, repeat = json.loads(line)
        print(json.dumps(_MEASURES[kind](parse, name, repeat)), flush=True)


def _best(function: Callable[[], object], repeat: int) -> float:
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best * 1e6


def _parse(parse: Callable[[str], Any], name: str, repeat: int) -> float:
    return _best(lambda: parse(name), repeat)


def _serialise(parse: Callable[[str], Any], name: str, repeat: int) -> float:
    # Each object is written once: objects fresh from the wire are what a program forwards, and what is cached by the
    # first writing must not count.
    def one() -> float:
        obj = parse(name)
        start = time.perf_counter()
        bytes(obj)
        return time.perf_counter() - start

    return min(one() for _ in range(repeat)) * 1e6


def _memory(parse: Callable[[str], Any], name: str, repeat: int) -> float:
    import gc
    import tracemalloc

    parse(name)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = [parse(name) for _ in range(5)]
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(kept)


_MEASURES = {"parse": _parse, "serialise": _serialise, "memory": _memory}


def main(argv: Sequence[str] | None = None) -> int:
    """Compare; the exit status is 1 when a goal is missed by more than 15 %."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", required=True, help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args(argv)
    sys.path.insert(0, str(Path(__file__).parent))
    sys.path.insert(0, str(ROOT))
    from payloads import build
    from processes import Process, make_byte_code

    make_byte_code()
    payloads = {name: data.hex() for name, data in build().items()}
    ours = Process(sys.executable, __file__, ["--serve"], str(ROOT))
    theirs = Process(options.anchor_python, __file__, ["--serve"], None)
    same = [side.ask(payloads) for side in (ours, theirs)]
    packages = [one.pop("package") for one in same]
    if packages[0] == packages[1]:
        parser.error(f"both sides use {packages[0]}; --anchor-python must have the other library installed")
    missed = 0
    for answer, name in zip(same, ("this library", "Telethon"), strict=True):
        for payload, fine in answer.items():
            if not fine:
                print(f"{name} does not write {payload} as it was read")
                missed = 1
    for kind in _MEASURES:
        for name in OBJECTS:
            repeat = 400 if name == "updates_newmsg" else 20
            pairs = [(ours.ask((kind, name, repeat)), theirs.ask((kind, name, repeat))) for _ in range(options.rounds)]
            missed |= _report(kind, name, pairs)
    ours.close()
    theirs.close()
    return missed


def _report(kind: str, name: str, pairs: list[tuple[float, float]]) -> int:
    mine, other = (statistics.median(values) for values in zip(*pairs, strict=True))
    goal = GOALS[kind]
    if kind == "memory":
        ratio = statistics.median(a / b for a, b in pairs)
        fine, exact = ratio <= goal * 1.15, ratio <= goal
        unit = "B"
    else:
        ratio = statistics.median(b / a for a, b in pairs)
        fine, exact = ratio >= goal / 1.15, ratio >= goal
        unit = "us"
    figures = f"ours {mine:.1f} {unit}, Telethon {other:.1f} {unit}, ratio {ratio:.2f} (goal {goal})"
    print(f"{kind} {name}: {figures} {'ok' if exact else 'ok within the slack' if fine else 'MISS'}")
    return 0 if fine else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        worker()
    else:
        sys.exit(main())
