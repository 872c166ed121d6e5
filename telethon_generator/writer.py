"""The generated files, first in memory and only then on disk, so that an error leaves nothing half written."""

from __future__ import annotations

import os
from pathlib import Path

from telethon_generator.manifest import MANIFEST, Manifest

__all__ = ["OutputTree"]


class OutputTree:
    """Paths below the project's root and their text."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def add(self, path: str, text: str) -> None:
        """Take a file; a path can be taken once."""
        if path in self.files:
            raise ValueError(f"{path} is generated twice")
        self.files[path] = text if text.endswith("\n") else text + "\n"

    def write(self, root: Path, manifest: Manifest) -> None:
        """Put everything below `root` and remove what an earlier run left and this one does not make."""
        old = Manifest.load(root)
        for path in sorted(set(old.files) - set(self.files)):
            remove(root, path)
        for path, text in self.files.items():
            target = root / path
            if target.exists() and target.read_bytes() == text.encode():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(target.name + ".new")
            temporary.write_bytes(text.encode())
            os.replace(temporary, target)
        manifest.save(root, self.files)


def remove(root: Path, path: str) -> None:
    """Remove one generated file, and its folders as far as they are empty then."""
    target = root / path
    if target.exists():
        target.unlink()
    for folder in target.relative_to(root).parents:
        place = root / folder
        if not folder.parts or not place.is_dir() or (place / MANIFEST).exists():
            break
        rest = [entry for entry in place.iterdir() if entry.name != "__pycache__"]
        if rest:
            break
        for cache in place.glob("__pycache__/*"):
            cache.unlink()
        for cache_folder in place.glob("__pycache__"):
            cache_folder.rmdir()
        place.rmdir()
