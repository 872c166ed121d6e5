"""Ordinary Markdown and HTML give the same as in Telethon 1.45."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("formatting_script.py")
COUNT = 3000
WORDS = ["hello", "wörld", "\U0001f600", "a", "b c", "x_y", "1*2", "foo.", "\n", "—", "http://a.b/c?d=e", '"q"', "it's",
         "& so", "< 5", "> 3", "👨‍👩‍👧", "日本", "(x)", "e.g. [1]"]  # fmt: skip
SAFE_WORDS = [word for word in WORDS if not set(word) & set("<>&")]
MARKERS = ["**", "__", "~~", "`", "```"]
# Telethon 1.45 does not write `pre` correctly, and knows no spoilers.
TAGS = ["b", "strong", "i", "em", "u", "s", "del", "code", "blockquote"]


def _words(rand: random.Random, words: list[str]) -> str:
    return " ".join(rand.choice(words) for _ in range(rand.randint(1, 3)))


def _markdown(rand: random.Random) -> str:
    parts: list[str] = []
    for _ in range(rand.randint(1, 8)):
        inner = _words(rand, WORDS)
        what = rand.random()
        if what < 0.4:
            parts.append(inner)
        elif what < 0.85:
            marker = rand.choice(MARKERS)
            if rand.random() < 0.3 and marker[0] != "`":
                other = rand.choice([one for one in MARKERS[:4] if one != marker])
                inner = f"{inner} {other}{rand.choice(WORDS)}{other}{rand.choice(['', ' z'])}"
            parts.append(marker + inner + marker)
        else:
            parts.append(f"[{_words(rand, SAFE_WORDS[:10])}](http://x.y/{rand.randint(0, 9)})")
    return " ".join(parts)


def _html(rand: random.Random) -> str:
    parts: list[str] = []
    for _ in range(rand.randint(1, 8)):
        inner = _words(rand, [*SAFE_WORDS, "&lt;", "&amp;", "&quot;"])
        if rand.random() < 0.4:
            parts.append(inner)
            continue
        if rand.random() < 0.3:
            inner += f"<i>{rand.choice(SAFE_WORDS)}</i>"
        if rand.random() < 0.2:
            parts.append(f"<a href='http://x/{rand.randint(0, 5)}?a=1&amp;b'>{inner}</a>")
        else:
            tag = rand.choice(TAGS)
            parts.append(f"<{tag}>{inner}</{tag}>")
    return rand.choice(["", " "]).join(parts)


def _run(python: str, texts: list[tuple[str, str]]) -> list[object]:
    ours = python == sys.executable
    environment = {name: value for name, value in os.environ.items() if ours or not name.startswith("PYTHON")}
    if ours:
        environment["PYTHONPATH"] = str(Path(__file__).parents[3])
    done = subprocess.run(
        [python, str(SCRIPT)],
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_ordinary_texts_give_the_same(anchor_python: str, kind: str) -> None:
    rand = random.Random(20240517)
    make = {"markdown": _markdown, "html": _html}[kind]
    texts = [(kind, make(rand)) for _ in range(COUNT)]
    ours, theirs = _run(sys.executable, texts), _run(anchor_python, texts)
    assert len(ours) == len(theirs) == COUNT
    different = [
        (source, mine, other) for (_, source), mine, other in zip(texts, ours, theirs, strict=True) if mine != other
    ]
    assert different == []
