"""Which requests may be made twice."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from telethon.network._repeatable import innermost, is_repeatable
from telethon.tl import functions, types
from telethon.tl.alltlobjects import tlobjects
from telethon.tl.tlobject import TLRequest

RECORD = Path(__file__).with_name("repeatable.txt")


def kind(cls: Any, **fields: Any) -> Any:
    """A request with no other field set, of which only the kind matters."""
    request = cls.__new__(cls)
    for name, value in fields.items():
        setattr(request, name, value)
    return request


def requests_of_schema() -> dict[str, Any]:
    """By the name that the schema gives them, but for the case of the first letter."""
    found: dict[str, Any] = {}
    for cls in tlobjects.values():
        if isinstance(cls, type) and issubclass(cls, TLRequest):
            namespace = cls.__module__.removeprefix("telethon.tl.functions").lstrip(".")
            found[f"{namespace}.{cls.__name__}".lstrip(".").removesuffix("Request")] = cls
    return found


def recorded() -> dict[str, str]:
    lines = (line.partition("#")[0].split() for line in RECORD.read_text(encoding="utf-8").splitlines())
    return {name: decision for decision, name in filter(None, lines)}


ALL = requests_of_schema()
DECISIONS = recorded()


def of_decision(decision: str) -> list[str]:
    return [name for name, found in DECISIONS.items() if found == decision]


@pytest.mark.parametrize(
    "request_",
    [
        functions.help.GetConfigRequest(),
        functions.messages.SendMessageRequest("me", "hi"),
        functions.messages.ForwardMessagesRequest("me", [1], "me"),
        functions.messages.SendMultiMediaRequest(
            "me", [types.InputSingleMedia(types.InputMediaEmpty(), "", random_id=1)]
        ),
        functions.upload.SaveFilePartRequest(1, 0, b""),
        functions.messages.EditMessageRequest("me", 1, message="x"),
        functions.messages.DeleteMessagesRequest([1]),
        functions.channels.JoinChannelRequest("x"),
        functions.auth.ExportAuthorizationRequest(2),
        functions.messages.SendVoteRequest("me", 1, [b""]),
        functions.InvokeWithLayerRequest(1, functions.help.GetConfigRequest()),
        functions.contacts.SearchRequest("query", 5),
    ],
    ids=lambda request: type(request).__name__,
)
def test_S8_asking_saying_and_what_has_a_random_id(request_):
    assert is_repeatable(request_)


@pytest.mark.parametrize(
    "request_",
    [
        functions.messages.CreateChatRequest(["x"], "title"),
        functions.channels.CreateChannelRequest("title", ""),
        functions.auth.SendCodeRequest("1", 1, "", types.CodeSettings()),
        functions.auth.SignInRequest("1", "2", "3"),
        functions.auth.CheckPasswordRequest(types.InputCheckPasswordEmpty()),
        functions.messages.GetBotCallbackAnswerRequest("me", 1),
        functions.messages.ExportChatInviteRequest("me"),
        functions.InvokeWithTakeoutRequest(5, functions.messages.CreateChatRequest(["x"], "title")),
    ],
    ids=lambda request: type(request).__name__,
)
def test_S8_what_would_be_done_twice(request_):
    assert not is_repeatable(request_)


def test_requests_of_a_program_are_not_guessed_at():
    class Frobnicate(TLRequest[Any]):
        pass

    assert not is_repeatable(Frobnicate())


def test_a_text_called_query_is_no_request():
    search = functions.contacts.SearchRequest("query", 5)
    assert innermost(search) is search
    assert innermost(functions.InvokeWithLayerRequest(1, search)) is search


_PLAIN = ("again", "once")


def test_S8_each_request_of_the_schema_was_decided():
    assert set(DECISIONS.values()) == {"again", "random_id", "once", "depends", "inner"}
    assert sorted(DECISIONS) == sorted(ALL), "read what the new ones do, and write them into repeatable.txt"


def test_S8_the_decision_about_each_request_is_the_one_that_was_written_down():
    found = {name: is_repeatable(kind(ALL[name])) for name, decision in DECISIONS.items() if decision in _PLAIN}
    assert found == {name: decision == "again" for name, decision in DECISIONS.items() if decision in _PLAIN}
    assert len(found) > 750


@pytest.mark.parametrize("name", of_decision("random_id"))
def test_S8_what_has_a_random_id_of_its_own_is_sent_again(name: str):
    assert "random_id" in inspect.signature(ALL[name].__init__).parameters
    assert is_repeatable(kind(ALL[name], random_id=5))


def test_S8_nothing_else_has_one():
    """But for advertisements, which are called by bytes of that name."""
    having = {name for name, cls in ALL.items() if "random_id" in inspect.signature(cls.__init__).parameters}
    advertisements = {name for name in having if name.endswith("SponsoredMessage")}
    assert having - advertisements == set(of_decision("random_id"))
    assert len(advertisements) == 3
    assert not is_repeatable(functions.messages.ClickSponsoredMessageRequest(random_id=b"1"))
    assert is_repeatable(functions.messages.ViewSponsoredMessageRequest(random_id=b"1"))


@pytest.mark.parametrize("name", of_decision("inner"))
def test_S8_a_wrapper_is_as_what_is_in_it(name: str):
    assert is_repeatable(kind(ALL[name], query=functions.help.GetConfigRequest()))
    assert not is_repeatable(kind(ALL[name], query=functions.messages.CreateChatRequest(["x"], "title")))


@pytest.mark.parametrize(
    ("name", "again", "once"),
    [
        ("channels.DeleteHistory", {"max_id": 5}, {"max_id": 0}),
        ("messages.DeleteHistory", {"max_id": 5}, {"max_id": 0}),
        ("messages.DeleteSavedHistory", {"max_id": 5}, {"max_id": 0}),
        ("channels.SearchPosts", {"allow_paid_stars": None}, {"allow_paid_stars": 5}),
        ("messages.SendMultiMedia", {"multi_media": ["media"]}, {"multi_media": []}),
    ],
)
def test_S8_some_depend_on_what_is_in_them(name: str, again: Any, once: Any):
    assert DECISIONS[name] == "depends"
    assert is_repeatable(kind(ALL[name], **again))
    assert not is_repeatable(kind(ALL[name], **once))


def test_S8_those_are_all_that_depend_on_it():
    assert len(of_decision("depends")) == 5


def test_S8_a_proof_of_the_password_is_never_sent_again():
    """Telegram takes it once, and says of the second one that it is wrong."""
    source = Path(functions.__file__).parents[3] / "telethon_generator" / "data" / "api.tl"
    methods = re.findall(
        r"^(\S+)#[0-9a-f]+ .*:(?:flags\.\d+\?)?InputCheckPasswordSRP ", source.read_text("utf-8"), re.MULTILINE
    )
    assert len(methods) >= 9
    by_name = {name.lower(): decision for name, decision in DECISIONS.items()}
    assert {method: by_name[method.lower()] for method in methods} == dict.fromkeys(methods, "once")


def test_S8_nothing_that_pays_or_makes_is_among_them():
    """Over the whole schema: by their words, these can only be deeds."""
    deeds = (
        "Create",
        "SendPayment",
        "SendStars",
        "Transfer",
        "Upgrade",
        "Convert",
        "Refund",
        "SignUp",
        "SignIn",
        "Craft",
    )
    found = {name: DECISIONS[name] for name in ALL if name.rpartition(".")[2].startswith(deeds)}
    assert set(found.values()) == {"once", "random_id"}
    assert len(found) >= 15
