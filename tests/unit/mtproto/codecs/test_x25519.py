"""X25519, against the vectors of RFC 7748 section 5.2 and 6.1."""

from __future__ import annotations

import pytest

from telethon.mtproto.codecs.x25519 import public_key, scalar_mult


@pytest.mark.parametrize(
    ("scalar", "point", "product"),
    [
        (
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        ),
        (
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        ),
    ],
)
def test_vectors(scalar: str, point: str, product: str) -> None:
    assert scalar_mult(bytes.fromhex(scalar), bytes.fromhex(point)).hex() == product


def test_a_thousand_rounds() -> None:
    k = u = (9).to_bytes(32, "little")
    for _ in range(1000):
        k, u = scalar_mult(k, u), k
    assert k.hex() == "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"


def test_two_people_agree() -> None:
    alice = bytes(range(100, 132))
    bob = bytes(range(32))
    assert scalar_mult(alice, public_key(bob)) == scalar_mult(bob, public_key(alice))


@pytest.mark.parametrize(("scalar", "point"), [(31, 32), (33, 32), (32, 0), (32, 31)])
def test_other_lengths_are_refused(scalar: int, point: int) -> None:
    with pytest.raises(ValueError, match=f"these are {scalar} and {point}"):
        scalar_mult(bytes(scalar), bytes(point))
