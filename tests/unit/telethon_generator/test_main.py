"""The commands, on a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from telethon_generator.__main__ import main
from telethon_generator.build import DATA
from telethon_generator.manifest import MANIFEST, Manifest
from telethon_generator.writer import OutputTree


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_gen_check_clean(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "checkout"
    assert main(["check"], root, data) == 1
    assert "nothing has been generated yet" in capsys.readouterr().out
    assert main(["gen"], root, data) == 0
    made = files(root)
    assert "telethon/tl/types/__init__.py" in made
    assert "telethon/errors/rpcerrorlist.py" in made
    assert main(["check"], root, data) == 0
    assert main(["gen"], root, data) == 0
    assert files(root) == made

    (root / "telethon/tl/types/auth.py").write_text("changed")
    (root / "telethon/tl/types/help.py").unlink()
    assert main(["check"], root, data) == 1
    output = capsys.readouterr().out
    assert "telethon/tl/types/auth.py was edited by hand" in output
    assert "telethon/tl/types/help.py is missing" in output

    (root / "telethon/tl/tlobject.py").write_text("not generated")
    assert main(["clean"], root, data) == 0
    assert files(root) == {"telethon/tl/tlobject.py"}


def test_files_of_an_older_schema_are_removed(tmp_path: Path, data: Path) -> None:
    root = tmp_path / "checkout"
    old = OutputTree()
    old.add("telethon/tl/_generated/types_old.py", "gone = True")
    old.write(root, Manifest("old"))
    assert main(["gen"], root, data) == 0
    assert "telethon/tl/_generated/types_old.py" not in files(root)


def test_another_digest_is_noticed(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "checkout"
    assert main(["gen"], root, data) == 0
    text = (root / MANIFEST).read_text()
    (root / MANIFEST).write_text(text.replace('"digest": "', '"digest": "0'))
    assert main(["check"], root, data) == 1
    assert "the schema or the generator changed" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["api.tl", "mtproto.tl", "methods.csv"])
def test_malformed_data_changes_nothing(
    tmp_path: Path, data: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "checkout"
    with (data / name).open("a") as file:
        file.write("\nthis is, not a row\n" if name.endswith(".csv") else "\nthis is not a line\n")
    assert main(["gen"], root, data) == 1
    assert f"nothing was written: {name}:" in capsys.readouterr().err
    assert not root.exists()


def test_record(tmp_path: Path, data: Path) -> None:
    root = tmp_path / "checkout"
    assert main(["record"], root, data) == 0
    lines = (root / "tests/conformance/layer.txt").read_text().splitlines()
    assert lines[0] == "layer 229"
    assert "types.PeerUser 59511722 (user_id:long) Peer" in lines
    (data / "api.tl").write_text("what")
    assert main(["record"], root, data) == 1


@pytest.mark.parametrize("arguments", [[], ["gen", "gen"], ["what"]])
def test_wrong_calls(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage" in capsys.readouterr().err


def test_a_path_cannot_be_taken_twice() -> None:
    tree = OutputTree()
    tree.add("a.py", "x = 1")
    with pytest.raises(ValueError, match=r"a\.py is generated twice"):
        tree.add("a.py", "x = 2")
