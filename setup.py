"""Build script: makes the TL classes while the package is built. All other settings are in pyproject.toml.

pip install .              the generated files go into the build folder, the checkout stays clean
pip install -e .           they go into the checkout
python setup.py gen        the same, after the schema or the generator changed
python -m build            the sdist has schema and generator, the wheel is made from it
"""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import Command, setup
from setuptools.command.build import build

ROOT = Path(__file__).resolve().parent
GENERATOR = ROOT / "telethon_generator"

sys.path.insert(0, str(ROOT))  # an isolated build does not have the project's folder on its path

from telethon_generator.__main__ import generate  # noqa: E402
from telethon_generator.build import build_tree  # noqa: E402


class BuildTL(Command):
    """Write the generated files into the build folder, or into the checkout of an editable install."""

    description = "generate the TL classes"
    user_options: list[tuple[str, str | None, str]] = []

    # Set by setuptools: the build folder, and whether the install is an editable one.
    build_lib: str | None = None
    editable_mode = False

    def initialize_options(self) -> None:
        """Nothing is known yet."""
        self.build_lib = None
        self.editable_mode = False
        self._files: tuple[str, ...] | None = None

    def finalize_options(self) -> None:
        """Take the build folder from the `build` command."""
        self.set_undefined_options("build_py", ("build_lib", "build_lib"))

    def run(self) -> None:
        """Generate."""
        if self.editable_mode:
            if generate(ROOT) != 0:
                raise SystemExit(1)
            return
        for path, text in build_tree().files.items():
            target = Path(str(self.build_lib), path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())

    def get_source_files(self) -> list[str]:
        """What an sdist must have so that this command can run."""
        paths = [*GENERATOR.glob("**/*.py"), *GENERATOR.glob("data/*")]
        return sorted(path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts)

    def get_outputs(self) -> list[str]:
        """Where the generated files are in the build folder."""
        return [str(Path(str(self.build_lib), path)) for path in self._paths()]

    def get_output_mapping(self) -> dict[str, str]:
        """From the build folder to the checkout, which a strict editable install links to."""
        return {str(Path(str(self.build_lib), path)): path for path in self._paths()}

    def _paths(self) -> tuple[str, ...]:
        if self._files is None:
            self._files = tuple(build_tree().files)
        return self._files


class Generate(Command):
    """`python setup.py gen`."""

    description = "generate the TL classes in this checkout"
    user_options: list[tuple[str, str | None, str]] = []

    def initialize_options(self) -> None:
        """It has no options."""

    def finalize_options(self) -> None:
        """It has no options."""

    def run(self) -> None:
        """Generate."""
        if generate(ROOT) != 0:
            raise SystemExit(1)


class BuildWithTL(build):
    """The usual build, and the TL classes after it."""

    sub_commands = [*build.sub_commands, ("build_tl", None)]


setup(cmdclass={"build": BuildWithTL, "build_tl": BuildTL, "gen": Generate})
