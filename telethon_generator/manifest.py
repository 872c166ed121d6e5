"""What was generated, from what: the list of files and the digest of schema and generator.

The digest tells whether the files in a checkout fit the data and the generator beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

__all__ = ["MANIFEST", "Manifest", "source_digest"]

MANIFEST = "telethon/tl/_generated_manifest.json"


def source_digest(folder: Path) -> str:
    """The digest of everything the output depends on: the data files and the generator's own source."""
    digest = sha256()
    for path in sorted([*folder.glob("**/*.py"), *folder.glob("data/*")]):
        if "__pycache__" in path.parts:
            continue
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True)
class Manifest:
    """The record of one run.

    Attributes:
        digest: `source_digest` at that time.
        files: each generated path and the SHA-256 of its text.
    """

    digest: str = ""
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path) -> Manifest:
        """The record below `root`, or an empty one."""
        path = root / MANIFEST
        if not path.exists():
            return cls()
        raw = json.loads(path.read_text(encoding="utf-8"))
        return cls(raw["digest"], raw["files"])

    def save(self, root: Path, files: dict[str, str]) -> None:
        """Write the record of a run that made `files`."""
        path = root / MANIFEST
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"digest": self.digest, "files": {name: _sum(text) for name, text in sorted(files.items())}}
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")

    def problems(self, root: Path, digest: str) -> Iterable[str]:
        """What keeps the files below `root` from being what the generator would write now."""
        if not self.files:
            yield "nothing has been generated yet"
            return
        if self.digest != digest:
            yield "the schema or the generator changed after the last run"
        for name, expected in self.files.items():
            path = root / name
            if not path.exists():
                yield f"{name} is missing"
            elif sha256(path.read_bytes()).hexdigest() != expected:
                yield f"{name} was edited by hand"


def _sum(text: str) -> str:
    return sha256(text.encode()).hexdigest()
