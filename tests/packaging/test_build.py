"""Every way to install the package gives the generated classes, and none leaves them where they do not belong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("telethon", "telethon_generator", "pyproject.toml", "setup.py", "MANIFEST.in", "README.rst", "LICENSE")
USE = "import telethon.tl.types as t, telethon.errors as e; print(t.PeerUser(1), e.FloodWaitError(None, 3).seconds)"


def run(*command: str | Path, cwd: Path) -> str:
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PIP_REQUIRE_VIRTUALENV")
    }
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project as a clone would have it: without anything generated."""
    copy = tmp_path / "checkout"
    copy.mkdir()
    manifest = ROOT / "telethon/tl/_generated_manifest.json"
    ignored = shutil.ignore_patterns(
        "__pycache__", "_generated*", manifest.name, "alltlobjects.py*", "rpcerrorlist.py*"
    )
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=ignored)
        else:
            shutil.copy(source, copy / name)
    for folder in ("types", "functions"):
        shutil.rmtree(copy / "telethon/tl" / folder, ignore_errors=True)
    return copy


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The interpreter of an empty environment that sees the build tools of this one."""
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env", cwd=tmp_path)
    python = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    site = run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=tmp_path).strip()
    # The tools (setuptools, build) are where the tests run; the package itself must come from the checkout only.
    here = Path(pytest.__file__).resolve().parents[1]
    (Path(site) / "tools.pth").write_text(f"{here}\n")
    return python


def install(python: Path, *arguments: str | Path) -> None:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--force-reinstall")
    run(*pip, "install", *options, *arguments, cwd=python.parent)


@pytest.mark.timeout(180)
def test_sdist_then_wheel_then_install(checkout: Path, python: Path, tmp_path: Path) -> None:
    (checkout / "telethon/tl/types").mkdir()
    (checkout / "telethon/tl/types/__init__.py").write_text("leftover of an older schema")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path / "dist", cwd=checkout)
    (sdist,) = (tmp_path / "dist").glob("*.tar.gz")
    (wheel,) = (tmp_path / "dist").glob("*.whl")

    with tarfile.open(sdist) as archive:
        names = [name.split("/", 1)[1] for name in archive.getnames() if "/" in name]
    assert "telethon_generator/data/api.tl" in names
    assert not [name for name in names if "_generated" in name or name.startswith("telethon/tl/types")]

    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "telethon/py.typed" in names
    assert "telethon/tl/types/__init__.pyi" in names
    assert "telethon/tl/_generated_index.py" in names
    assert not [name for name in names if name.startswith(("telethon_generator", "tests"))]

    install(python, "--target", tmp_path / "site", wheel)
    printed = run(
        python, "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {USE}", cwd=tmp_path
    )
    assert printed.split() == ["PeerUser(user_id=1)", "3"]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("mode", ["lenient", "compat", "strict"])
def test_editable_install_generates_in_the_checkout(checkout: Path, python: Path, tmp_path: Path, mode: str) -> None:
    install(python, "--config-settings", f"editable_mode={mode}", "-e", checkout)
    assert (checkout / "telethon/tl/_generated_index.py").exists()
    where = run(python, "-c", USE + "; print(t.__file__)", cwd=tmp_path).split()
    assert where[:2] == ["PeerUser(user_id=1)", "3"]
    assert Path(where[2]).is_relative_to(checkout)


@pytest.mark.timeout(60)
def test_a_checkout_without_generated_code_says_what_to_do(checkout: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import telethon.tl.types"]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "python -m telethon_generator gen" in done.stderr


@pytest.mark.timeout(60)
def test_gen_is_the_same_whatever_the_hash_seed(checkout: Path) -> None:
    seen = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "setup.py", "-q", "gen"], cwd=checkout, env=environment, check=True, capture_output=True
        )
        seen.append((checkout / "telethon/tl/_generated_manifest.json").read_text())
        run(sys.executable, "-m", "telethon_generator", "clean", cwd=checkout)
        assert not (checkout / "telethon/tl/_generated").exists()
    assert seen[0] == seen[1]
