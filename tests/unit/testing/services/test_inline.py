from __future__ import annotations

import asyncio

import pytest
import worldkit

from telethon.testing import Options, RpcFault
from telethon.tl import functions, types


@pytest.fixture
def server():
    return worldkit.make_server(options=Options(bot_timeout=0.2))


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann"))


@pytest.fixture
def bot(server):
    return worldkit.Device(server, server.create_bot())


def markup(data=b"yes", **kwargs):
    kind = types.InlineButtonTypeCallback(data, **kwargs)
    row = types.KeyboardInlineButtonRow([types.KeyboardInlineButton("Yes", kind)])
    return types.ReplyInlineMarkup([row])


async def offer(ann, bot, **kwargs):
    await ann.user.chat(bot.user).send("/start")
    bot(functions.messages.SendMessageRequest(bot.peer(ann.user), "choose", random_id=1, reply_markup=markup(**kwargs)))
    bot.updates()
    ann.updates()
    return ann.user.chat(bot.user).last()


async def test_a_pressed_button_waits_for_the_bot(ann, bot):
    offered = await offer(ann, bot)
    request = functions.messages.GetBotCallbackAnswerRequest(ann.peer(bot.user), offered.id, data=b"yes")
    pressed = asyncio.ensure_future(ann.ask(request))
    await asyncio.sleep(0)
    (query,) = bot.updates()
    assert (query.user_id, query.data, query.peer, query.msg_id) == (
        ann.user.id,
        b"yes",
        types.PeerUser(ann.user.id),
        2,
    )
    reply = functions.messages.SetBotCallbackAnswerRequest(query.query_id, 0, message="well done", alert=True)
    assert bot(reply) is True
    answer = await pressed
    assert (answer.message, answer.alert) == ("well done", True)
    with pytest.raises(RpcFault, match="QUERY_ID_INVALID"):
        bot(reply)


async def test_a_bot_that_does_not_answer_and_buttons_that_are_not_there(ann, bot):
    offered = await offer(ann, bot)
    get = functions.messages.GetBotCallbackAnswerRequest
    with pytest.raises(RpcFault, match="BOT_RESPONSE_TIMEOUT"):
        await ann.ask(get(ann.peer(bot.user), offered.id, data=b"yes"))
    with pytest.raises(RpcFault, match="DATA_INVALID"):
        await ann.ask(get(ann.peer(bot.user), offered.id, data=b"no"))
    with pytest.raises(RpcFault, match="MESSAGE_ID_INVALID"):
        await ann.ask(get(ann.peer(bot.user), 99, data=b"yes"))


async def test_some_buttons_ask_for_the_password(ann, bot):
    offered = await offer(ann, bot, requires_password=True)
    request = functions.messages.GetBotCallbackAnswerRequest(ann.peer(bot.user), offered.id, data=b"yes")
    with pytest.raises(RpcFault, match="PASSWORD_MISSING"):
        await ann.ask(request)


async def inline(ann, bot, results, query="cats", **kwargs):
    request = functions.messages.GetInlineBotResultsRequest(
        ann.user.input_user(bot.user), types.InputPeerSelf(), query, ""
    )
    asked = asyncio.ensure_future(ann.ask(request))
    await asyncio.sleep(0)
    (update,) = bot.updates()
    assert (update.query, update.user_id) == (query, ann.user.id)
    bot(functions.messages.SetInlineBotResultsRequest(update.query_id, results, 0, **kwargs))
    return await asked


def article(number, text="text", reply_markup=None):
    return types.InputBotInlineResult(
        str(number),
        "article",
        types.InputBotInlineMessageText(text, reply_markup=reply_markup),
        title=f"Title {number}",
    )


async def test_results_of_an_inline_query_are_sent_and_can_be_edited_by_the_bot(server, ann, bot):
    answer = await inline(ann, bot, [article(1), article(2, "with button", markup())])
    assert [result.title for result in answer.results] == ["Title 1", "Title 2"]
    send = functions.messages.SendInlineBotResultRequest
    sent = ann(send(types.InputPeerSelf(), answer.query_id, "2", random_id=5))
    message = sent.updates[-1].message
    assert (message.message, message.via_bot_id) == ("with button", bot.user.id)
    (chosen,) = bot.updates()
    assert (type(chosen), chosen.id, chosen.query) == (types.UpdateBotInlineSend, "2", "cats")
    edit = functions.messages.EditInlineBotMessageRequest(chosen.msg_id, message="changed")
    assert bot(edit) is True
    assert ann.user.chat(ann.user).last().text == "changed"
    with pytest.raises(RpcFault, match="MESSAGE_NOT_MODIFIED"):
        bot(functions.messages.EditInlineBotMessageRequest(chosen.msg_id, message="changed"))
    with pytest.raises(RpcFault, match="RESULT_ID_INVALID"):
        ann(send(types.InputPeerSelf(), answer.query_id, "9", random_id=6))
    stranger = worldkit.Device(server, server.create_user("Eve"))
    with pytest.raises(RpcFault, match="QUERY_ID_INVALID"):
        stranger(send(types.InputPeerSelf(), answer.query_id, "1", random_id=7))


async def test_a_button_under_an_inline_message_asks_the_bot_by_its_number(ann, bot):
    answer = await inline(ann, bot, [article(1, "text", markup())])
    ann(functions.messages.SendInlineBotResultRequest(types.InputPeerSelf(), answer.query_id, "1", random_id=5))
    (chosen,) = bot.updates()
    seen = ann.user.chat(ann.user).last()
    asked = asyncio.ensure_future(
        ann.ask(functions.messages.GetBotCallbackAnswerRequest(types.InputPeerSelf(), seen.id, data=b"yes"))
    )
    await asyncio.sleep(0)
    (query,) = bot.updates()
    assert isinstance(query, types.UpdateInlineBotCallbackQuery)
    assert query.msg_id == chosen.msg_id
    bot(functions.messages.SetBotCallbackAnswerRequest(query.query_id, 0))
    await asked


async def test_bots_without_inline_queries_and_wrong_results(server, ann, bot):
    silent = server.create_bot(inline=None)
    request = functions.messages.GetInlineBotResultsRequest(ann.user.input_user(silent), types.InputPeerSelf(), "x", "")
    with pytest.raises(RpcFault, match="BOT_INLINE_DISABLED"):
        await ann.ask(request)
    for results, error in (
        ([article(1), article(1)], "RESULT_ID_DUPLICATE"),
        ([article(number) for number in range(51)], "RESULTS_TOO_MUCH"),
        ([article("")], "RESULT_ID_INVALID"),
    ):
        with pytest.raises(RpcFault, match=error):
            await inline(ann, bot, results)


async def test_a_bot_is_opened_with_a_parameter(ann, bot):
    start = functions.messages.StartBotRequest(ann.user.input_user(bot.user), ann.peer(bot.user), "ref-7", 1)
    ann(start)
    (update,) = bot.updates()
    assert update.message.message == "/start ref-7"
    bad = functions.messages.StartBotRequest(ann.user.input_user(bot.user), ann.peer(bot.user), "a b", 2)
    with pytest.raises(RpcFault, match="START_PARAM_INVALID"):
        ann(bad)
