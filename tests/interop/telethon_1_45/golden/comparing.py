"""Where two recordings differ, and which of these differences are wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

MISSING = "<missing>"


class Spot(NamedTuple):
    """One place where the recordings of a call differ.

    Attributes:
        case: the name of the call.
        path: where in what was recorded.
        ours: what this library gave there.
        theirs: what Telethon gave there.
    """

    case: str
    path: str
    ours: Any
    theirs: Any


class Difference(NamedTuple):
    """A difference that is wanted.

    Attributes:
        suites: in which suites it has to be found.
        case: pattern for the whole name of the call.
        path: pattern for the whole path.
        reason: why, in a sentence.
        holds: whether these two values are the ones that may differ; None for any.
    """

    suites: str
    case: str
    path: str
    reason: str
    holds: Callable[[Any, Any], bool] | None = None

    def explains(self, spot: Spot) -> bool:
        """Whether it is the reason of what was found."""
        return (
            re.fullmatch(self.case, spot.case, re.DOTALL) is not None
            and re.fullmatch(self.path, spot.path) is not None
            and (self.holds is None or self.holds(spot.ours, spot.theirs))
        )


def spots(case: str, ours: Any, theirs: Any, path: str) -> Iterator[Spot]:
    """All places where two recordings of a call differ."""
    if type(ours) is not type(theirs) or (isinstance(ours, dict) and ours.keys() ^ theirs.keys() >= {"raises"}):
        yield Spot(case, path, ours, theirs)
    elif isinstance(ours, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            one, other = ours.get(key, MISSING), theirs.get(key, MISSING)
            if one is MISSING or other is MISSING:
                yield Spot(case, f"{path}.{key}", one, other)
            else:
                yield from spots(case, one, other, f"{path}.{key}")
    elif isinstance(ours, list):
        if len(ours) != len(theirs):
            yield Spot(case, path, ours, theirs)
            return
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from spots(case, one, other, f"{path}[{number}]")
    elif ours != theirs:
        yield Spot(case, path, ours, theirs)


def compare(
    ours: dict[str, Any], theirs: dict[str, Any], asked: dict[str, Any], asked_theirs: dict[str, Any]
) -> list[Spot]:
    """What differs in the results and in the requests of all calls."""
    found: list[Spot] = []
    for case in theirs.keys() | ours.keys():
        if case not in ours or case not in theirs:
            found.append(Spot(case, "", case in ours, case in theirs))
            continue
        found += spots(case, ours[case], theirs[case], "result")
        one, other = asked.get(case, []), asked_theirs.get(case, [])
        if [request["method"] for request in one] != [request["method"] for request in other]:
            # When the methods differ, telling where the requests do says nothing.
            short = [
                [f"{request['method']} {request['error'] or ''}".strip() for request in list_] for list_ in (one, other)
            ]
            found.append(Spot(case, "requests", *short))
        else:
            found += spots(case, one, other, "requests")
    return found
