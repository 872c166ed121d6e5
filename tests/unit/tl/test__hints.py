"""What programs that ask while they run are told of the parameters of requests and types."""

from __future__ import annotations

import datetime
import inspect
import typing

import pytest

from telethon.tl import functions, types
from telethon.tl._hints import Hints
from telethon.tl.alltlobjects import tlobjects

TEXT = "peer:TypeInputPeer id:*int date:?datetime media:?TypeInputMedia users:?*TypeInputUser name:str flag:?bool"
MADE = {
    "peer": "TypeInputPeer",
    "id": typing.List[int],  # noqa: UP006
    "date": typing.Optional[datetime.datetime],  # noqa: UP045
    "media": typing.Optional["TypeInputMedia"],  # noqa: F821
    "users": typing.Optional[typing.List["TypeInputUser"]],  # noqa: F821, UP006, UP045
    "name": str,
    "flag": typing.Optional[bool],  # noqa: UP045
}


@pytest.mark.parametrize(
    "read",
    [
        dict,
        lambda hints: {**hints},
        lambda hints: dict(hints.items()),
        lambda hints: dict(zip(hints.keys(), hints.values(), strict=True)),
        lambda hints: {name: hints[name] for name in hints},
        lambda hints: {name: hints.get(name) for name in MADE},
        lambda hints: hints.copy(),
    ],
)
def test_they_are_made_when_they_are_first_read(read):
    hints = Hints(TEXT)
    assert dict.__len__(hints) == 0
    assert read(hints) == MADE
    assert read(hints) == MADE


def test_the_rest_of_a_dictionary():
    assert "peer" in Hints(TEXT)
    assert "nothing" not in Hints(TEXT)
    assert len(Hints(TEXT)) == 7
    assert Hints(TEXT) == MADE
    assert Hints(TEXT) != {}
    assert repr(Hints("id:int")) == "{'id': <class 'int'>}"
    assert Hints(TEXT).get("nothing", 5) == 5
    with pytest.raises(KeyError):
        Hints(TEXT)["nothing"]
    with pytest.raises(TypeError):
        hash(Hints(TEXT))


def test_signatures_tell_the_types():
    parameters = inspect.signature(types.InputPeerUser.__init__).parameters
    assert [parameters[name].annotation for name in ("user_id", "access_hash")] == [int, int]
    shown = str(inspect.signature(functions.messages.GetHistoryRequest))
    assert shown.startswith("(peer: 'TypeInputPeer', offset_id: int, offset_date: Optional[datetime.datetime], ")
    asked = functions.messages.SendMessageRequest.__init__.__annotations__
    assert asked["random_id"] is int
    assert str(asked["entities"]) == "typing.Optional[typing.List[ForwardRef('TypeMessageEntity')]]"
    assert functions.InvokeWithLayerRequest.__init__.__annotations__ == {"layer": int, "query": "TypeX"}
    assert types.help.PromoData.__init__.__annotations__["peer"] == typing.Optional["TypePeer"]  # noqa: F821


def test_every_parameter_has_one():
    for cls in tlobjects.values():
        if cls._FIELDS and cls.__module__ != "telethon.tl.patched":
            assert tuple(cls.__init__.__annotations__) == cls._FIELDS, cls
