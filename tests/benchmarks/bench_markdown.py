"""Markdown and HTML against Telethon: ordinary texts in turn, and what hostile texts cost when they get longer.

Usage:

    python tests/benchmarks/bench_markdown.py --anchor-python PYTHON-WITH-TELETHON [--rounds 7] [--size 2000]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
SLACK = 1.15
MAX_DOUBLING = 2.5

PARAGRAPH = (
    "The **quick** brown fox __jumps__ over the `lazy` dog, and [here](https://example.com/a?b=c) is more of it: "
    "~~old~~ things, plain words that go on for a while, and an e-mail to someone. "
)
PARAGRAPH_HTML = (
    "The <b>quick</b> brown fox <i>jumps</i> over the <code>lazy</code> dog, and "
    '<a href="https://example.com/a?b=c">here</a> is more of it: <s>old</s> things, plain words that go on for a while '
    "&amp; an e-mail to someone. "
)

#: Name, format, text, and the least times as fast as Telethon it has to be (None: nothing is asked).
TEXTS: list[tuple[str, str, str, float | None]] = [
    ("Markdown, 4k", "markdown", PARAGRAPH * 21, 5.0),
    ("Markdown, 4k with emoji", "markdown", (PARAGRAPH + "\U0001f600 ") * 21, None),
    ("Markdown, 100k", "markdown", PARAGRAPH * 530, 5.0),
    ("HTML, 4k", "html", PARAGRAPH_HTML * 18, None),
    ("HTML, 100k", "html", PARAGRAPH_HTML * 450, None),
]


def best(work: Callable[[], object], seconds: float = 0.05, clock: Callable[[], float] = time.perf_counter) -> float:
    """The shortest of the times in seconds that *work* takes, tried for that long."""
    end = clock() + seconds
    shortest = float("inf")
    while True:
        begin = clock()
        work()
        now = clock()
        shortest = min(shortest, now - begin)
        if now > end:
            return shortest


def serve() -> None:
    """One side of the comparison: answers (what, format, text) with a time in seconds."""
    import json

    from telethon.extensions import html, markdown

    for line in sys.stdin:
        what, kind, text = json.loads(line)
        module: Any = {"html": html, "markdown": markdown}[kind]
        if what == "parse":
            answer = best(lambda module=module, text=text: module.parse(text))
        else:
            plain, entities = module.parse(text)
            answer = best(lambda module=module, plain=plain, entities=entities: module.unparse(plain, entities))
        print(json.dumps(answer), flush=True)


def doubling(parse: Callable[[str], object], shape: str, size: int) -> float:
    """How many times as long a text of twice the size takes: the least of three tries, as noise only adds.

    In processor time, or the pauses of a busy machine would count.
    """
    clock = time.process_time
    return min(
        best(lambda: parse(shape * 2 * size), 0.02, clock) / best(lambda: parse(shape * size), 0.02, clock)
        for _ in range(3)
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Compare; the result is the number of goals that were missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", required=True, help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size", type=int, default=2000, help="how often a hostile shape is repeated; twice, then")
    options = parser.parse_args(argv)
    sys.path.insert(0, str(Path(__file__).parent))
    sys.path.insert(0, str(ROOT))
    from formatting import HOSTILE_HTML, HOSTILE_MARKDOWN
    from processes import Process

    from telethon.extensions import html, html2, markdown, markdown2

    missed = 0
    ours = Process(options.anchor_python, __file__, ["--serve"], str(ROOT))
    theirs = Process(options.anchor_python, __file__, ["--serve"], None)
    for what in ("parse", "unparse"):
        for name, kind, text, goal in TEXTS:
            pairs = [(ours.ask([what, kind, text]), theirs.ask([what, kind, text])) for _ in range(options.rounds)]
            ratio = statistics.median(its / mine for mine, its in pairs)
            mine, its = (statistics.median(times) for times in zip(*pairs, strict=True))
            wanted = goal if what == "parse" else None
            bad = wanted is not None and ratio * SLACK < wanted
            missed += bad
            aim = "" if wanted is None else f", goal {wanted}x {'MISSED' if bad else 'met'}"
            print(f"{what} {name}: {ratio:.1f}x as fast ({mine * 1e3:.3f} ms against {its * 1e3:.3f} ms){aim}")
    ours.close()
    theirs.close()

    for kind, parse, shapes in (
        ("Markdown", markdown.parse, HOSTILE_MARKDOWN),
        ("HTML", html.parse, HOSTILE_HTML),
        ("Markdown without loss", markdown2.parse, HOSTILE_MARKDOWN),
        ("HTML without loss", html2.parse, HOSTILE_HTML),
    ):
        growth = {shape: doubling(parse, shape, options.size) for shape in shapes}
        worst = max(growth, key=growth.__getitem__)
        bad = growth[worst] > MAX_DOUBLING * SLACK
        missed += bad
        print(
            f"{kind}, {len(shapes)} hostile shapes: twice the text takes at most {growth[worst]:.2f}x as long "
            f"({worst!r}), goal {MAX_DOUBLING}x {'MISSED' if bad else 'met'}"
        )
    return missed


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        sys.exit(main())
