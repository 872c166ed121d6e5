"""Writes `tl_digests.txt`: what Telethon 1.45 makes of every sample.

Usage:

    python tests/conformance/make_tl_digests.py --anchor-python PYTHON-WITH-TELETHON
"""

from __future__ import annotations

import argparse
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DIGESTS = HERE / "tl_digests.txt"


def digest_lines(recipes: list[tuple[str, list[Any]]], build: Any) -> Iterator[str]:
    """A line for each class: for each of its samples the CRC32 of its bytes and of all its forms as text.

    The forms are those of the object that was read back, because that is what users print.
    """
    from telethon.extensions import BinaryReader
    from telethon.tl.alltlobjects import tlobjects

    for name, fills in recipes:
        digests = []
        for recipe in fills:
            data = bytes(build(recipe, tlobjects))
            found = BinaryReader(data).tgread_object()
            forms = "\n".join((str(found), found.stringify(), str(found.to_json())))
            digests.append(f"{crc32(data):08x}-{crc32(forms.encode()):08x}")
        yield f"{name} {' '.join(digests)}"


def worker() -> None:
    """Runs under the other interpreter: recipes come in, lines go out."""
    recipes = pickle.load(sys.stdin.buffer)

    def build(recipe: Any, classes: Any) -> Any:
        if isinstance(recipe, tuple):
            cls = classes[recipe[1]]
            values = {name: build(value, classes) for name, value in recipe[2].items()}
            if cls.__name__ == "MessageEmpty":
                values.setdefault("peer_id", None)
            return cls(**values)
        return [build(item, classes) for item in recipe] if isinstance(recipe, list) else recipe

    for line in digest_lines(recipes, build):
        print(line)


def main(argv: Sequence[str] | None = None) -> int:
    """Ask the other interpreter and write the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", required=True, help="interpreter of an environment with Telethon 1.45")
    options = parser.parse_args(argv)
    sys.path[:0] = [str(ROOT), str(HERE)]
    from tl_samples import samples

    code = f"import sys; sys.path.insert(0, {str(HERE)!r}); import make_tl_digests; make_tl_digests.worker()"
    answer = subprocess.run(
        [options.anchor_python, "-c", code], input=pickle.dumps(list(samples())), stdout=subprocess.PIPE, check=True
    )
    DIGESTS.write_bytes(answer.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
