"""Inline queries and keyboards."""

from __future__ import annotations

import pytest
from reference import covers, fails, of

from telethon import Button, errors, events, types
from telethon.tl.custom import InlineBuilder


@pytest.fixture
async def robot(scene):
    """A bot with a client that knows Ann."""
    scene.bot = scene.server.create_bot("Robot", "robot_1")
    await scene.ann.chat(scene.bot).send("/start")
    scene.robot = await scene.clients(scene.bot)
    return scene


@covers("client.inline_query", "InlineResults", "InlineResult")
@covers(*of("InlineResult", "type message title description url photo document click download_media"))
@covers(*of("InlineResult", "ARTICLE AUDIO CONTACT DOCUMENT GAME GIF LOCATION PHOTO VENUE VIDEO VIDEO_GIF"))
@covers("InlineBuilder", "InlineQuery", "events.InlineQuery")
@covers(*of("InlineQuery.Event", "id text offset geo builder answer"))
@fails("client.inline_query")
async def test_inline_queries(robot, picture):
    robot.server.create_game(robot.bot, "chess", "Chess", "A game")

    @robot.robot.on(events.InlineQuery(pattern="every"))
    async def everything(event):
        assert (event.text, event.offset, event.geo, event.query.user_id) == ("everything", "", None, robot.ann.id)
        assert event.id == event.query.query_id
        builder = event.builder
        assert isinstance(builder, InlineBuilder)
        await event.answer(
            [
                builder.article("Title", description="About it", url="https://example.com", text="**said**"),
                builder.photo(picture(), id="photo"),
                builder.document(b"text", "A file", type="file", mime_type="text/plain", description="text"),
                builder.game("chess"),
            ],
            cache_time=0,
            next_offset="4",
        )

    results = await robot.client.inline_query("robot_1", "everything", entity="bob_1")
    assert (len(results), results.query_id != 0, results.next_offset, results.cache_time) == (4, True, "4", 0)
    assert not results.results_valid()
    article, photo, document, game = results
    assert (article.type, article.title, article.description, article.url) == (
        article.ARTICLE,
        "Title",
        "About it",
        "https://example.com",
    )
    assert article.message.message == "said"
    assert (photo.type, photo.photo is not None, photo.document) == (photo.PHOTO, True, None)
    assert (document.type, document.title) == ("file", "A file")
    assert document.document.mime_type == "text/plain"
    assert await document.download_media(bytes) == b"text"
    assert game.type == game.GAME
    assert game.AUDIO + game.CONTACT + game.DOCUMENT + game.GIF + game.LOCATION == "audiocontactdocumentgiflocation"
    assert game.VENUE + game.VIDEO + game.VIDEO_GIF == "venuevideompeg4_gif"
    sent = await article.click()
    assert (sent.raw_text, sent.via_bot_id) == ("said", robot.bot.id)
    assert robot.bob.chat(robot.ann).last().text == "said"
    assert (await game.click("me", hide_via=True)).game.short_name == "chess"
    with pytest.raises(errors.BotInlineDisabledError):
        await robot.client.inline_query(robot.server.create_bot("Mute", "mute_bot", inline=None).username, "hi")


@covers("Button", *of("Button", "inline url auth switch_inline text clear force_reply"))
@covers(*of("Button", "request_location request_phone request_poll"))
@covers("client.build_reply_markup")
@fails("client.build_reply_markup")
async def test_keyboards(robot):
    async def shown(buttons):
        return (await robot.robot.send_message("ann_1", "choose", buttons=buttons)).reply_markup

    inline = await shown(
        [
            [Button.inline("Yes", b"yes"), Button.inline("No")],
            [Button.url("Look", "https://example.com"), Button.auth("Log in", "https://example.com")],
            Button.switch_inline("Share", "query", same_peer=True),
        ]
    )
    kinds = [type(button.type).__name__ for row in inline.rows for button in row.buttons]
    assert kinds == [
        "InlineButtonTypeCallback",
        "InlineButtonTypeCallback",
        "InlineButtonTypeUrl",
        "InlineButtonTypeUrlAuth",
        "InlineButtonTypeSwitchInline",
    ]
    assert inline.rows[0].buttons[1].type.data == b"No"
    plain = await shown(
        [
            [Button.text("Plain", resize=True, single_use=True)],
            [Button.request_location("Where"), Button.request_phone("Phone"), Button.request_poll("Poll")],
        ]
    )
    assert [button.text for row in plain.rows for button in row.buttons] == ["Plain", "Where", "Phone", "Poll"]
    assert (plain.resize, plain.single_use) == (True, True)
    assert isinstance(await shown(Button.clear()), types.ReplyKeyboardHide)
    assert isinstance(await shown(Button.force_reply(placeholder="say")), types.ReplyKeyboardForceReply)
    markup = robot.robot.build_reply_markup(Button.inline("One"))
    assert isinstance(markup, types.ReplyInlineMarkup)
    assert robot.robot.build_reply_markup(markup) is markup
    with pytest.raises(ValueError, match="inline"):
        robot.robot.build_reply_markup([Button.inline("One"), Button.text("Two")])
    with pytest.raises(ValueError, match="bytes"):
        Button.inline("Too long", b"x" * 65)


async def test_games(robot, eventually):
    robot.server.create_game(robot.bot, "chess", "Chess")
    from telethon import functions

    game = types.InputMediaGame(types.InputGameShortName(types.InputUserSelf(), "chess"))
    sent = await robot.robot.send_file("ann_1", game)
    assert sent.game.title == "Chess"
    pressed = []

    @robot.robot.on(events.CallbackQuery)
    async def play(event):
        pressed.append(event.query.game_short_name)
        await event.answer(url="https://example.com/chess")

    message = (await robot.client.get_messages("robot_1"))[0]
    answer = await message.click(0)
    assert answer.url == "https://example.com/chess"
    assert pressed == ["chess"]
    await robot.robot(functions.messages.SetGameScoreRequest("ann_1", sent.id, "ann_1", 12, edit_message=True))
    with pytest.raises(errors.BotScoreNotModifiedError):
        await robot.robot(functions.messages.SetGameScoreRequest("ann_1", sent.id, "ann_1", 5))
    table = await robot.robot(functions.messages.GetGameHighScoresRequest("ann_1", sent.id, "ann_1"))
    assert [(one.pos, one.user_id, one.score) for one in table.scores] == [(1, robot.ann.id, 12)]
    assert isinstance((await robot.client.get_messages("robot_1"))[0].action, types.MessageActionGameScore)
