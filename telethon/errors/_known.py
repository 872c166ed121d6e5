"""Makes the class of one known server error when it is first needed.

There are hundreds of them and a program meets a handful, so the generated table holds only text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from telethon.errors import rpcbaseerrors
from telethon.errors.rpcbaseerrors import RPCError

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLRequest

__all__ = ["CapturingError", "KnownError", "KnownErrorRow", "make_class"]


class KnownErrorRow(NamedTuple):
    """What the generated table says of one class.

    Attributes:
        base: name of the family it belongs to.
        capture: attribute that holds the number in the server's text, or an empty text.
        sentence: what happened; `{capture}` stands for the number.
        names: the server's texts, separated by spaces; X stands for the number.
    """

    base: str
    capture: str
    sentence: str
    names: str


class KnownError(RPCError):
    """Shared code of the classes that stand for one text of the server."""

    _row: KnownErrorRow

    def __init__(self, request: TLRequest[Any] | None) -> None:
        text = f"{self._row.sentence} [{self._row.names.replace(' ', ', ')}]"
        Exception.__init__(self, text + self._fmt_request(request))
        self.request = request

    @property
    def explanation(self) -> str:
        return self._row.sentence

    def __str__(self) -> str:
        # The sentence is in the text already.
        return Exception.__str__(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.request,)


class CapturingError(KnownError):
    """Shared code of the classes whose text carries a number."""

    def __init__(self, request: TLRequest[Any] | None, capture: int | str = 0) -> None:
        value = int(capture)
        name = self._row.names.split(" ")[-1].replace("_X", f"_{value}")
        setattr(self, self._row.capture, value)
        Exception.__init__(self, f"{self.explanation} [{name}]" + self._fmt_request(request))
        self.request = request

    @property
    def explanation(self) -> str:
        return self._row.sentence.format(capture=getattr(self, self._row.capture))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.request, getattr(self, self._row.capture))


def make_class(name: str, row: KnownErrorRow, module: str) -> type[RPCError]:
    """The class called `name`, as its row describes it."""
    family: type[RPCError] = getattr(rpcbaseerrors, row.base)
    shared = CapturingError if row.capture else KnownError
    sentence = row.sentence.format(capture="N") if row.capture else row.sentence
    body: dict[str, Any] = {"__module__": module, "__doc__": sentence + ".", "_row": row}
    # KnownError is the mixin: code and message must come from the family.
    body["code"], body["message"] = family.code, family.message
    if row.capture:
        body[row.capture] = 0
    return type(name, (shared, family), body)
