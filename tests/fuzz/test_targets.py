"""Every target is built and takes its seeds, so that none of them rests unnoticed."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import fuzztargets
import pytest
from fuzztargets.choices import Choices, ChosenRandom, mutations

from telethon.errors import InvalidBufferError

MOST = 200


@pytest.mark.parametrize("name", fuzztargets.NAMES)
def test_every_target_takes_its_seeds(name: str) -> None:
    target = fuzztargets.find(name)
    seeds = target.seeds()
    assert len(seeds) >= 3
    assert len(set(seeds)) > 2
    for data in random.Random(1).sample(seeds, min(len(seeds), MOST)):
        target.run(data)
    target.run(b"")


def test_every_module_is_a_target() -> None:
    folder = Path(fuzztargets.__file__).parent
    helpers = {"__init__", "choices", "strategies"}
    assert {path.stem for path in folder.glob("*.py")} - helpers == set(fuzztargets.NAMES)


def test_seeds_of_the_service_machine_run_whole_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that stops at once because its bytes decide nothing would prove nothing."""
    from fuzztargets import service

    assert any(service.machine()(data) is not None for data in service.seeds())


@pytest.mark.parametrize("name", ["decrypt", "tl", "transports", "window", "handshake", "frames"])
def test_targets_notice_what_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a fault put into what they try, they fail."""
    target = fuzztargets.find(name)
    seeds = target.seeds()
    module = sys.modules[f"fuzztargets.{name}"]
    if name == "decrypt":
        monkeypatch.setattr(module, "reference", lambda packet, x: None)
    elif name == "tl":
        monkeypatch.setattr(module, "read", lambda data: (_ for _ in ()).throw(KeyError("foreign")))
    elif name == "transports":
        monkeypatch.setattr(module, "TYPED", ())
        seeds = [seeds[0][:5] + bytes(60)]
    elif name == "window":
        monkeypatch.setattr(module.MsgWindow, "add", lambda self, msg_id, content: True)
    elif name == "handshake":
        monkeypatch.setattr("telethon.mtproto.keyexchange._check_equal", lambda got, wanted, name: None)
        # The nonce of the first answer is another one.
        seeds = [seeds[0][:7] + bytes(16) + seeds[0][23:]]
    else:
        monkeypatch.setattr(module, "receive", lambda link, body: (_ for _ in ()).throw(KeyError("foreign")))
    with pytest.raises((AssertionError, KeyError, InvalidBufferError)):
        run_all(target, seeds)


def run_all(target: fuzztargets.Target, seeds: list[bytes]) -> None:
    for data in seeds:
        target.run(data)


def test_choices_end_in_zeros_and_decide_everything() -> None:
    choices = Choices(b"\x05\x01\x02")
    assert (choices.below(4), choices.below(300), choices.left) == (1, 0x0201 % 300, 0)
    assert choices.take(3) == bytes(3)
    one, other = (ChosenRandom(b"\x80\x00\xff") for _ in range(2))
    assert (one.random(), one.random()) == (0.5, 0.0)
    assert other.random() == 0.5
    assert one.randint(1, 3) in (1, 2, 3)
    assert mutations(random.Random(3), b"abcdef" * 10) == mutations(random.Random(3), b"abcdef" * 10) != b"abcdef" * 10


def test_the_guided_command_tells_what_it_needs(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.guided", "nothing"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "window" in done.stderr
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.guided", "window", "--corpus", str(tmp_path / "corpus"), "--", "-runs=50"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        assert "pip install" in done.stderr
    else:
        assert "Done 50 runs" in done.stderr
        assert len(list((tmp_path / "corpus").iterdir())) >= 3
