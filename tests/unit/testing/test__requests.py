from __future__ import annotations

import asyncio
from struct import pack
from typing import Any

import pytest
from rawclient import NEAREST, RawClient

from telethon.mtproto import wire
from telethon.testing._rpc import RpcContext, RpcFault
from telethon.tl import functions, types
from telethon.tl.functions.contacts import GetContactIDsRequest
from telethon.tl.functions.help import GetNearestDcRequest
from telethon.tl.functions.messages import ReceivedQueueRequest
from telethon.tl.functions.users import GetUsersRequest


def rules(server: Any) -> list[str]:
    return [violation.rule for violation in server.violations]


class Recorder:
    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.contexts: list[RpcContext] = []

    def __call__(self, request: Any, context: RpcContext) -> Any:
        self.requests.append(request)
        self.contexts.append(context)
        return NEAREST


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


# -- initConnection --------------------------------------------------------------------------------------------------


async def test_what_the_client_says_of_itself_is_kept_with_the_key(serve: Any, recorder: Recorder) -> None:
    server = await serve(recorder)
    client = RawClient(server)
    client.know_key()
    client.connect()
    init = functions.InitConnectionRequest(
        17, "phone", "os 3", "9.1", "de", "pack", "nl", GetNearestDcRequest(), params=types.JsonNull()
    )
    client.send(functions.InvokeWithLayerRequest(229, init))
    await client.turn()
    (auth,) = server.auth_keys()
    assert (auth.layer, auth.api_id, auth.device_model, auth.system_version) == (229, 17, "phone", "os 3")
    assert (auth.app_version, auth.system_lang_code, auth.lang_pack, auth.lang_code) == ("9.1", "de", "pack", "nl")
    assert auth.params == types.JsonNull()
    assert recorder.contexts[0].auth is auth
    assert recorder.contexts[0].layer == 229
    assert recorder.contexts[0].dc_id == 2
    assert recorder.contexts[0].now == int(server.now())
    assert isinstance(recorder.requests[0], GetNearestDcRequest)
    assert not server.violations


async def test_nothing_is_answered_before_init_connection(serve: Any, recorder: Recorder) -> None:
    server = await serve(recorder)
    client = RawClient(server)
    client.know_key()
    client.connect()
    ids = [
        client.send(GetNearestDcRequest()),
        client.send(functions.InvokeWithLayerRequest(229, GetNearestDcRequest())),
    ]
    await client.turn()
    assert [client.error(msg_id) for msg_id in ids] == [(400, "CONNECTION_NOT_INITED")] * 2
    assert recorder.requests == []
    assert set(rules(server)) == {"init"}


async def test_init_connection_needs_a_layer(serve: Any, recorder: Recorder) -> None:
    server = await serve(recorder)
    client = RawClient(server)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init().query)
    await client.turn()
    assert client.error(msg_id) == (400, "CONNECTION_LAYER_INVALID")
    assert rules(server) == ["init"]


@pytest.mark.parametrize(
    ("field", "error"),
    [
        ("api_id", "CONNECTION_API_ID_INVALID"),
        ("device_model", "CONNECTION_DEVICE_MODEL_EMPTY"),
        ("system_version", "CONNECTION_SYSTEM_EMPTY"),
        ("app_version", "CONNECTION_APP_VERSION_EMPTY"),
        ("system_lang_code", "CONNECTION_SYSTEM_LANG_CODE_EMPTY"),
    ],
)
async def test_init_connection_needs_content(serve: Any, field: str, error: str) -> None:
    server = await serve()
    client = RawClient(server)
    client.know_key()
    client.connect()
    request = client.init()
    setattr(request.query, field, 0 if field == "api_id" else "")
    msg_id = client.send(request)
    await client.turn()
    assert client.error(msg_id) == (400, error)


@pytest.mark.parametrize(("per_session", "error"), [(False, None), (True, (400, "CONNECTION_NOT_INITED"))])
async def test_each_session_should_begin_with_init_connection(serve: Any, per_session: bool, error: Any) -> None:
    server = await serve(init_per_session=per_session)
    client = RawClient(server)
    await client.begin()
    client.session_id += 1
    client.content_sent = 0
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.error(msg_id) == error
    assert rules(server) == ["init"]


async def test_invoke_with_layer_is_enough_for_a_key_that_is_known(client: Any, server: Any) -> None:
    client.session_id += 1
    client.content_sent = 0
    msg_id = client.send(functions.InvokeWithLayerRequest(229, GetNearestDcRequest()))
    await client.turn()
    assert client.results() == {msg_id: bytes(NEAREST)}
    assert not server.violations


@pytest.mark.parametrize(
    ("layer", "broken"), [(200, []), (135, ["layer"]), (136, []), (228, ["layer"]), (300, ["layer"])]
)
async def test_another_layer_is_recorded_and_answered(
    serve: Any, recorder: Recorder, layer: int, broken: list[str]
) -> None:
    server = await serve(recorder)
    client = RawClient(server)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init(layer=layer))
    await client.turn()
    assert client.results() == {msg_id: bytes(NEAREST)}
    assert recorder.contexts[0].layer == layer
    assert rules(server) == broken


# -- wrappers --------------------------------------------------------------------------------------------------------


async def test_wrappers_are_taken_off_and_told(serve: Any, recorder: Recorder) -> None:
    server = await serve(recorder)
    client = RawClient(server)
    client.know_key()
    client.connect()
    query = functions.InvokeWithoutUpdatesRequest(
        functions.InvokeWithTakeoutRequest(
            77, functions.InvokeWithBusinessConnectionRequest("business", GetNearestDcRequest())
        )
    )
    client.send(client.init(query))
    await client.turn()
    (context,) = recorder.contexts
    assert context.without_updates
    assert context.takeout_id == 77
    assert context.business_connection_id == "business"
    assert not context.session.receives_updates
    client.send(GetNearestDcRequest())
    await client.turn()
    assert not recorder.contexts[1].without_updates
    assert recorder.contexts[1].takeout_id is None
    assert context.session.receives_updates


# -- invokeAfterMsg --------------------------------------------------------------------------------------------------


async def test_invoke_after_msg_waits_for_the_answer(serve: Any) -> None:
    gates: list[asyncio.Event] = []
    order: list[str] = []

    async def wait() -> Any:
        gates.append(asyncio.Event())
        await gates[-1].wait()
        order.append("first")
        return NEAREST

    def handler(request: Any, context: Any) -> Any:
        if server.stats.requests == 1:
            return NEAREST
        if server.stats.requests == 2:
            return wait()
        order.append("second")
        return NEAREST

    server = await serve(handler)
    client = RawClient(server)
    await client.begin()
    first = client.send(GetNearestDcRequest())
    second = client.send(functions.InvokeAfterMsgRequest(first, GetNearestDcRequest()))
    third = client.send(functions.InvokeAfterMsgsRequest([first, second], GetNearestDcRequest()))
    await client.turn()
    assert client.results() == {}
    assert order == []
    gates[0].set()
    await client.turn()
    assert list(client.results()) == [first, second, third]
    assert order == ["first", "second", "second"]


async def test_invoke_after_msg_fails_with_what_it_waits_for(serve: Any) -> None:
    def handler(request: Any, context: Any) -> Any:
        if server.stats.requests == 2:
            raise RpcFault(400, "NO")
        return NEAREST

    server = await serve(handler)
    client = RawClient(server)
    await client.begin()
    first = client.send(GetNearestDcRequest())
    second = client.send(functions.InvokeAfterMsgRequest(first, GetNearestDcRequest()))
    unknown = client.send(functions.InvokeAfterMsgRequest(4, GetNearestDcRequest()))
    await client.turn()
    assert client.error(first) == (400, "NO")
    assert client.error(second) == (400, "MSG_WAIT_FAILED")
    assert client.error(unknown) == (400, "MSG_WAIT_FAILED")
    assert server.stats.requests == 2


# -- what cannot be read ---------------------------------------------------------------------------------------------


async def test_an_unknown_method_is_answered_with_its_number(client: Any, server: Any) -> None:
    unknown = pack("<I", 0x12345678)
    plain = client.send(unknown + bytes(8))
    known = bytes(client.init())
    wrapped = client.send(known[: -len(bytes(GetNearestDcRequest()))] + unknown)
    await client.turn()
    assert client.error(plain) == (400, f"INPUT_METHOD_INVALID_{0x12345678}")
    assert client.error(wrapped) == (400, f"INPUT_METHOD_INVALID_{0x12345678}")
    assert not server.violations


async def test_an_unknown_method_still_introduces_the_client(serve: Any) -> None:
    server = await serve()
    client = RawClient(server)
    client.know_key()
    client.connect()
    known = bytes(client.init())
    client.send(known[: -len(bytes(GetNearestDcRequest()))] + pack("<I", 0x12345678))
    await client.turn()
    assert server.auth_keys()[0].api_id == 1
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.results()[msg_id] == bytes(NEAREST)
    assert not server.violations


async def test_an_unknown_argument_is_answered_with_its_number(client: Any, server: Any) -> None:
    body = bytes(GetUsersRequest([types.InputUserSelf()]))
    msg_id = client.send(body[:-4] + pack("<I", 0x12345678))
    await client.turn()
    assert client.error(msg_id) == (400, f"INPUT_CONSTRUCTOR_INVALID_{0x12345678}")


async def test_what_follows_an_unknown_argument_need_not_be_readable(client: Any, server: Any) -> None:
    body = bytes(functions.messages.SetTypingRequest(types.InputPeerSelf(), types.SendMessageTypingAction()))
    msg_id = client.send(body.replace(bytes(types.InputPeerSelf()), pack("<I", 0x12345678)))
    await client.turn()
    assert client.error(msg_id) == (400, f"INPUT_CONSTRUCTOR_INVALID_{0x12345678}")


async def test_a_request_that_ends_too_early_is_a_violation(client: Any, server: Any) -> None:
    msg_id = client.send(bytes(GetUsersRequest([types.InputUserSelf()]))[:-4])
    await client.turn()
    assert client.error(msg_id) == (400, "INPUT_FETCH_ERROR")
    assert rules(server) == ["request"]


async def test_a_request_with_something_behind_it_is_a_violation(client: Any, server: Any) -> None:
    msg_id = client.send(bytes(GetNearestDcRequest()) + bytes(4))
    await client.turn()
    assert client.error(msg_id) == (400, "INPUT_REQUEST_TOO_LONG")
    assert rules(server) == ["request"]


async def test_an_object_is_no_request(client: Any, server: Any) -> None:
    msg_id = client.send(types.InputUserSelf())
    await client.turn()
    assert client.error(msg_id) == (400, "INPUT_METHOD_INVALID")
    assert rules(server) == ["request"]


# -- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "answer", "expected"),
    [
        (GetContactIDsRequest(0), [1, 2], pack("<Iiii", 0x1CB5C415, 2, 1, 2)),
        (ReceivedQueueRequest(0), [1, 2], pack("<Iiqq", 0x1CB5C415, 2, 1, 2)),
        (GetUsersRequest([]), [types.UserEmpty(5)], pack("<IiIq", 0x1CB5C415, 1, 0xD3BC4B7A, 5)),
        (functions.auth.ResetAuthorizationsRequest(), True, pack("<I", 0x997275B5)),
        (functions.auth.ResetAuthorizationsRequest(), False, pack("<I", 0xBC799737)),
        (GetNearestDcRequest(), NEAREST, bytes(NEAREST)),
        (GetNearestDcRequest(), b"1234", b"1234"),
    ],
)
async def test_answers_have_the_form_their_method_wants(
    serve: Any, request_: Any, answer: Any, expected: bytes
) -> None:
    server = await serve(lambda request, context: answer if type(request) is type(request_) else NEAREST)
    client = RawClient(server)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init(request_))
    await client.turn()
    assert client.results() == {msg_id: expected}
    assert not server.violations


@pytest.mark.parametrize("answer", [None, types.UserEmpty(1), "text", True, 5])
async def test_an_answer_of_another_type_is_a_fault_of_the_handler(serve: Any, answer: Any) -> None:
    server = await serve(lambda request, context: answer)
    client = RawClient(server)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init())
    await client.turn()
    assert client.error(msg_id) == (500, "INTERNAL_SERVER_ERROR_help.GetNearestDc")
    assert rules(server) == ["handler"]


async def test_large_answers_are_compressed(serve: Any) -> None:
    answer = bytes(100_000)
    server = await serve(lambda request, context: answer)
    client = RawClient(server)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init())
    await client.turn()
    assert client.results() == {msg_id: answer}
    assert sum(map(len, client.packets)) < 2000


async def test_compression_can_be_turned_off(serve: Any) -> None:
    answer = bytes(100_000)
    server = await serve(lambda request, context: answer, gzip_min_bytes=0)
    client = RawClient(server)
    client.know_key()
    client.connect()
    client.send(client.init())
    await client.turn()
    assert sum(map(len, client.packets)) > 100_000


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RpcFault(403, "NO"), (403, "NO")),
        (ZeroDivisionError(), (500, "INTERNAL_SERVER_ERROR_help.GetNearestDc")),
        (None, None),
    ],
)
async def test_coroutines_are_answered_too(serve: Any, waits: bool, error: Any, expected: Any) -> None:
    async def handler(request: Any, context: Any) -> Any:
        if waits:
            await asyncio.sleep(0)
        if error is not None:
            raise error
        return NEAREST

    server = await serve(handler)
    client = RawClient(server)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init())
    await client.turn()
    assert client.error(msg_id) == expected
    assert rules(server) == (["handler"] if isinstance(error, ZeroDivisionError) else [])


async def test_no_task_outlives_the_server(serve: Any) -> None:
    cancelled: list[bool] = []

    async def handler(request: Any, context: Any) -> Any:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    before = asyncio.all_tasks()
    server = await serve(handler)
    client = RawClient(server)
    client.know_key()
    client.connect()
    client.send(client.init())
    await client.turn()
    assert len(asyncio.all_tasks()) == len(before) + 1
    await server.stop()
    assert cancelled == [True]
    assert asyncio.all_tasks() == before


async def test_the_answer_of_a_forgotten_session_is_dropped(serve: Any) -> None:
    ready = asyncio.Event()

    async def handler(request: Any, context: Any) -> Any:
        await ready.wait()
        return NEAREST

    server = await serve(handler)
    client = RawClient(server)
    client.know_key()
    client.connect()
    client.send(client.init())
    await client.turn()
    server.faults.forget_sessions()
    ready.set()
    client.take()
    await client.turn()
    assert client.messages == []


async def test_wire_ids() -> None:
    assert wire.RPC_ERROR == types.RpcError.CONSTRUCTOR_ID
