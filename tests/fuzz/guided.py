"""Let a fuzzer look for bytes that break something: `python -m tests.fuzz.guided TARGET [-- arguments of the fuzzer]`.

    python -m tests.fuzz.guided tl -- -max_total_time=180
    python -m tests.fuzz.guided tl crash-0123456789abcdef       # what it found, once more

It is guided by the lines that are reached, so it finds what chance does not. What it learns stays in a folder
(`--corpus`), by default one that is thrown away. It needs atheris, an extra of this package: pip install -e '.[fuzz]'
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import fuzztargets


def replay(target: fuzztargets.Target, files: list[str]) -> int:
    """Run files that were found before; no fuzzer is needed for that."""
    for name in files:
        target.run(Path(name).read_bytes())
        print(f"{name}: nothing is wrong with it")
    return 0


def fuzz(name: str, corpus: Path, arguments: list[str]) -> None:
    """Hand everything over to the fuzzer, which ends the process when it is done."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is missing, the fuzzer behind this command: pip install -e '.[fuzz]'")
    module: Any = atheris
    with module.instrument_imports(include=["telethon"]):
        target = fuzztargets.find(name)
        seeds = target.seeds()
        # Much is only imported when it is needed, and what is imported later is not watched.
        for data in seeds[:: max(1, len(seeds) // 200)]:
            target.run(data)
    for data in seeds:
        (corpus / hashlib.sha1(data).hexdigest()).write_bytes(data)
    largest = max(4096, *(len(data) for data in seeds))
    module.Setup([sys.argv[0], str(corpus), f"-max_len={largest}", *arguments], target.run)
    module.Fuzz()


def main() -> int:
    """The command."""
    # What follows the two dashes belongs to the fuzzer.
    given = sys.argv[1:]
    end = given.index("--") if "--" in given else len(given)
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.guided", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("target", choices=fuzztargets.NAMES)
    parser.add_argument("files", nargs="*", help="run these instead of looking for new ones")
    parser.add_argument("--corpus", type=Path, help="folder for what is learnt, to go on from there the next time")
    options = parser.parse_args(given[:end])
    if options.files:
        return replay(fuzztargets.find(options.target), options.files)
    arguments = given[end + 1 :]
    if options.corpus is not None:
        options.corpus.mkdir(parents=True, exist_ok=True)
        fuzz(options.target, options.corpus, arguments)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fuzz(options.target, Path(folder), arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
