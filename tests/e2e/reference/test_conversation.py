"""Conversations."""

from __future__ import annotations

import asyncio

import pytest
from reference import covers, fails, of

from telethon import errors, events


@covers("client.conversation", "Conversation")
@covers(*of("Conversation", "send_message send_file mark_read get_response get_reply get_edit wait_read wait_event"))
@covers(*of("Conversation", "cancel cancel_all"))
@fails("client.conversation")
async def test_conversations(scene, settled, picture):
    await settled(scene.server, scene.client)
    chat = scene.bob.chat(scene.ann)

    async def soon(action):
        await asyncio.sleep(0.02)
        return await action

    async with scene.client.conversation("bob_1", timeout=5) as conversation:
        asked = await conversation.send_message("how are you?")
        answer, said = await asyncio.gather(conversation.get_response(), soon(chat.send("well")))
        assert answer.raw_text == "well"
        changed, _ = await asyncio.gather(conversation.get_edit(), soon(chat.edit(said, "very well")))
        assert changed.raw_text == "very well"
        mine = chat.messages()[-2]
        assert mine.text == asked.raw_text
        replied, _ = await asyncio.gather(conversation.get_reply(asked), soon(chat.send("thanks", reply_to=mine)))
        assert replied.raw_text == "thanks"
        await conversation.mark_read()
        await conversation.send_file(picture(), caption="look")
        await asyncio.gather(conversation.wait_read(), soon(chat.read()))
        typing, _ = await asyncio.gather(conversation.wait_event(events.UserUpdate("bob_1")), soon(chat.typing()))
        assert typing.typing
        with pytest.raises(errors.AlreadyInConversationError):
            async with scene.client.conversation("bob_1"):
                pass
        conversation.cancel()
        with pytest.raises(asyncio.CancelledError):
            await conversation.get_response()
    async with scene.client.conversation("bob_1", timeout=0.05) as conversation:
        await conversation.send_message("anybody there?")
        with pytest.raises(asyncio.TimeoutError):
            await conversation.get_response()
        waiting = asyncio.ensure_future(conversation.get_response(timeout=5))
        await asyncio.sleep(0)
        await conversation.cancel_all()
        with pytest.raises(asyncio.CancelledError):
            await waiting
