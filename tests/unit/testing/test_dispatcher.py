from __future__ import annotations

import pytest
import worldkit

from telethon.testing import RpcFault
from telethon.testing.dispatcher import method_name
from telethon.tl import functions, types


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann"))


@pytest.mark.parametrize(
    ("request_class", "name"),
    [
        (functions.messages.SendMessageRequest, "messages.sendMessage"),
        (functions.InvokeWithLayerRequest, "invokeWithLayer"),
        (functions.help.GetConfigRequest, "help.getConfig"),
    ],
)
def test_methods_are_named_as_in_the_documentation(request_class, name):
    assert method_name(request_class) == name


def test_what_is_not_there_is_named_and_never_silent(ann):
    with pytest.raises(RpcFault) as raised:
        ann(functions.smsjobs.JoinRequest())
    assert (raised.value.code, raised.value.message) == (400, "METHOD_NOT_IMPLEMENTED (smsjobs.join)")


def test_a_function_of_ones_own_answers_adds_and_passes_on(server, ann):
    asked = []

    @server.on(functions.smsjobs.GetSmsJobRequest)
    def job(request, call):
        asked.append((request.job_id, call.my_id))
        return types.SmsJob("7", "+999", "text")

    assert ann(functions.smsjobs.GetSmsJobRequest("7")).text == "text"
    assert asked == [("7", ann.user.id)]

    @server.on(functions.help.GetNearestDcRequest)
    def pass_on(request, call):
        asked.append("nearest")
        return NotImplemented

    assert isinstance(ann(functions.help.GetNearestDcRequest()), types.NearestDc)
    assert asked[-1] == "nearest"
    server.dispatcher.forget(functions.smsjobs.GetSmsJobRequest)
    with pytest.raises(RpcFault):
        ann(functions.smsjobs.GetSmsJobRequest("7"))


async def test_coroutines_answer_too(server, ann):
    @server.on(functions.help.GetNearestDcRequest)
    async def later(request, call):
        return NotImplemented if call.server.passing else types.NearestDc("XX", 1, 1)

    server.passing = False
    assert (await ann.ask(functions.help.GetNearestDcRequest())).country == "XX"
    server.passing = True
    assert (await ann.ask(functions.help.GetNearestDcRequest())).country == "ZZ"

    @server.on(functions.help.GetNearestDcRequest)
    async def refuse(request, call):
        raise RpcFault(420, "FLOOD_WAIT_3")

    with pytest.raises(RpcFault, match="FLOOD_WAIT_3"):
        await ann.ask(functions.help.GetNearestDcRequest())
    assert server.requests[-1].error == "FLOOD_WAIT_3"


def test_requests_are_written_down_with_their_errors(server, ann):
    ann(functions.updates.GetStateRequest())
    with pytest.raises(RpcFault):
        ann(functions.contacts.ResolveUsernameRequest("nobody_here"))
    logged = [(entry.method, entry.user_id, entry.dc_id, entry.error) for entry in server.requests]
    assert logged == [
        ("updates.getState", ann.user.id, 2, None),
        ("contacts.resolveUsername", ann.user.id, 2, "USERNAME_NOT_OCCUPIED"),
    ]


def test_what_a_failed_request_began_is_not_told(server, ann):
    bob = worldkit.Device(server, server.create_user("Bob"))

    @server.on(functions.updates.GetStateRequest)
    def fail_late(request, call):
        call.delivery.note(bob.user.id, types.UpdateConfig())
        raise RpcFault(500, "INTERNAL")

    with pytest.raises(RpcFault):
        ann(functions.updates.GetStateRequest())
    assert bob.pushed == []


@pytest.mark.parametrize("named", ["help.getConfig", functions.help.GetConfigRequest(), types.Config])
def test_what_to_answer_is_a_class_of_requests(server, named):
    with pytest.raises(TypeError, match="what to answer is a class, such as"):
        server.on(named)
