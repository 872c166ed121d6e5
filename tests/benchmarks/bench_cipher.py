"""AES-IGE with and without cryptg, AES-CTR and the factorisation of pq, against Telethon in the same run.

Each library runs in a process of its own for each way: as installed, and with cryptg made impossible to import. Both
must give the same bytes before anything is timed.

Usage:

    python tests/benchmarks/bench_cipher.py --anchor-python PYTHON-WITH-TELETHON [--rounds 7]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEY, IV = bytes(range(32)), bytes(range(100, 132))
SIZES = (1024, 16384, 524288)

# Goal of the ratio, by way and measure. With cryptg both spend nearly all of the time inside of it.
GOALS = {
    ("cryptg", "encrypt_ige"): 0.9,
    ("cryptg", "decrypt_ige"): 0.9,
    ("without", "encrypt_ige"): 5.0,
    ("without", "decrypt_ige"): 5.0,
    ("without", "ctr"): 500.0,
    ("cryptg", "factorize"): 5.0,
    ("without", "factorize"): 1.0,
}


def data_of(size: int) -> bytes:
    """Bytes that are the same in every process."""
    return b"".join(sha256(i.to_bytes(4, "big")).digest() for i in range(size // 32))


def pqs(count: int = 30) -> list[int]:
    """Products of two primes of 31 bits, the same in every process."""
    primes: list[int] = []
    candidate = (1 << 31) - 1
    while len(primes) < 2 * count:
        step = sha256(str(candidate).encode()).digest()
        candidate = (1 << 30) + int.from_bytes(step[:4], "big") % (1 << 30) | 1
        if _looks_prime(candidate):
            primes.append(candidate)
    return [p * q for p, q in zip(primes[::2], primes[1::2], strict=True)]


def _looks_prime(n: int) -> bool:
    # Enough for numbers of this size: no composite below 3,215,031,751 passes these bases.
    odd, twos = n - 1, 0
    while not odd % 2:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7):
        x = pow(base, odd, n)
        if x not in (1, n - 1) and all((x := x * x % n) != n - 1 for _ in range(twos - 1)):
            return False
    return True


def worker(cryptg: bool) -> None:
    """Measure one side: read commands as lines of JSON, answer with lines of JSON."""
    if not cryptg:
        sys.modules["cryptg"] = None  # type: ignore[assignment]
    import telethon.crypto
    from telethon.crypto import AES, AESModeCTR, Factorization

    def encrypt_ige(size: int, data: bytes) -> Callable[[], object]:
        return lambda: AES.encrypt_ige(data, KEY, IV)

    def decrypt_ige(size: int, data: bytes) -> Callable[[], object]:
        return lambda: AES.decrypt_ige(data, KEY, IV)

    def ctr(size: int, data: bytes) -> Callable[[], object]:
        stream = AESModeCTR(KEY, IV[:16])
        return lambda: stream.encrypt(data)

    def factorize(size: int, data: bytes) -> Callable[[], object]:
        return lambda: [Factorization.factorize(pq) for pq in numbers]

    numbers = pqs()
    measures = {function.__name__: function for function in (encrypt_ige, decrypt_ige, ctr, factorize)}
    data = data_of(16384)
    results = [
        AES.encrypt_ige(data, KEY, IV),
        AES.decrypt_ige(data, KEY, IV),
        AESModeCTR(KEY, IV[:16]).encrypt(data),
        json.dumps([sorted(Factorization.factorize(pq)) for pq in numbers[:5]]).encode(),
    ]
    answer = {"package": telethon.crypto.__file__, "digest": sha256(b"".join(results)).hexdigest()}
    print(json.dumps(answer), flush=True)
    for line in sys.stdin:
        name, size, repeat = json.loads(line)
        print(json.dumps(_best(measures[name](size, data_of(size)), repeat)), flush=True)


def _best(function: Callable[[], object], repeat: int) -> float:
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best


def main(argv: Sequence[str] | None = None) -> int:
    """Compare; the exit status is 1 when a goal is missed by more than 15 %."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor-python", required=True, help="interpreter of an environment with Telethon 1.45")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args(argv)
    sys.path.insert(0, str(Path(__file__).parent))
    from processes import Process, make_byte_code

    make_byte_code()
    missed = 0
    for way in ("cryptg", "without"):
        ours = Process(sys.executable, __file__, ["--serve", way], str(ROOT))
        theirs = Process(options.anchor_python, __file__, ["--serve", way], None)
        try:
            first, second = ours.read(), theirs.read()
            if first["package"] == second["package"]:
                parser.error(f"both sides use {first['package']}; --anchor-python must have the other one installed")
            if first["digest"] != second["digest"]:
                print(f"{way}: the two libraries do not give the same bytes")
                missed = 1
            for (of, measure), goal in GOALS.items():
                if of == way:
                    for size in (0,) if measure == "factorize" else SIZES:
                        missed |= _compare(ours, theirs, way, measure, size, goal, options.rounds)
        finally:
            ours.close()
            theirs.close()
    return missed


def _compare(ours: Any, theirs: Any, way: str, measure: str, size: int, goal: float, rounds: int) -> int:
    slow = measure in ("ctr", "factorize")
    repeats = (200 if size == SIZES[0] else 30, 1 if slow else 10)
    pairs = [
        (ours.ask([measure, size, repeats[0] if size else 1]), theirs.ask([measure, size, repeats[1]]))
        for _ in range(rounds)
    ]
    mine, other = (statistics.median(values) for values in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    fine = ratio >= goal / 1.15
    if size:
        name = f"{measure} {size // 1024} KiB"
        figures = f"ours {size / mine / 1e6:.1f} MB/s, Telethon {size / other / 1e6:.2f} MB/s"
    else:
        name = f"{measure} of 30 pq"
        figures = f"ours {mine * 1e3 / 30:.2f} ms each, Telethon {other * 1e3 / 30:.2f} ms each"
    print(f"{way} {name}: {figures}, ratio {ratio:.2f} (goal {goal:g}) {'ok' if fine else 'MISS'}", flush=True)
    return 0 if fine else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        worker(sys.argv[2] == "cryptg")
    else:
        sys.exit(main())
