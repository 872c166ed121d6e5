"""How hypothesis draws bytes for a target: its seeds, changed a little or a lot, and now and then any bytes."""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from slow import SLOW

from . import find
from .choices import mutations

__all__ = ["hostile", "often"]


@cache
def _seeds(name: str) -> list[bytes]:
    return find(name).seeds()


@st.composite
def hostile(draw: st.DrawFn, name: str) -> bytes:
    """Bytes for the target of that name."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=400))
    seeds = _seeds(name)
    one, other = draw(st.sampled_from(seeds)), draw(st.sampled_from(seeds))
    return mutations(draw(st.randoms(use_true_random=False)), one, other)


def often(examples: int) -> settings:
    """So many examples in a usual run, and thirty times as many in a slow one."""
    return settings(deadline=None, max_examples=examples * (30 if SLOW else 1), suppress_health_check=list(HealthCheck))
