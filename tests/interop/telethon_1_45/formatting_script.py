"""Reads JSON lines of (format, text), and writes what parsing and writing it again gives. Runs with either library."""

from __future__ import annotations

import json
import sys

from telethon.extensions import html, markdown

if __name__ == "__main__":
    for line in sys.stdin:
        kind, source = json.loads(line)
        module = {"html": html, "markdown": markdown}[kind]
        text, entities = module.parse(source)
        print(json.dumps([text, [entity.to_dict() for entity in entities], module.unparse(text, entities)]))
