"""Web pages, games, stickers, comments, folders, privacy, links and the address for recovery."""

from __future__ import annotations

import asyncio

import pytest
import worldkit

from telethon.testing import RpcFault, tiny_png
from telethon.tl import functions, types


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann", username="ann_1", password="secret"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob"))


def fault(device, request) -> str:
    with pytest.raises(RpcFault) as raised:
        device(request)
    return raised.value.message


def text(device, peer, words, number=1, **kwargs):
    return device(functions.messages.SendMessageRequest(device.peer(peer), words, random_id=number, **kwargs))


def test_a_link_that_is_known_is_shown_unless_it_must_not_be(server, ann, bob):
    server.create_web_page("https://example.com/a", "A", "About", "Example", tiny_png())
    text(ann, bob.user, "see https://example.com/a", 1)
    text(ann, bob.user, "see https://example.com/a", 2, no_webpage=True)
    text(ann, bob.user, "see https://example.com/b", 3)
    shown = [message.media for message in bob.user.chat(ann.user).messages()]
    assert (shown[0].webpage.title, shown[0].webpage.site_name, shown[1:]) == ("A", "Example", [None, None])
    preview = ann(functions.messages.GetWebPagePreviewRequest("https://example.com/a"))
    assert preview.media.webpage.description == "About"
    assert isinstance(ann(functions.messages.GetWebPagePreviewRequest("no link")).media, types.MessageMediaEmpty)
    assert fault(ann, functions.messages.GetWebPagePreviewRequest(" ")) == "MESSAGE_EMPTY"
    assert ann(functions.messages.GetWebPageRequest("https://example.com/a", 0)).webpage.title == "A"
    assert isinstance(ann(functions.messages.GetWebPageRequest("https://x.org", 0)).webpage, types.WebPageEmpty)
    # Editing the link away takes what it showed away.
    number = ann.user.chat(bob.user).messages()[0].id
    ann(functions.messages.EditMessageRequest(ann.peer(bob.user), number, message="no more link"))
    assert ann.user.chat(bob.user).messages()[0].media is None


async def test_the_score_of_a_game_can_only_rise(server, ann):
    bot = worldkit.Device(server, server.create_bot())
    server.create_game(bot.user, "chess", "Chess", "A game")
    with pytest.raises(ValueError, match="chess"):
        server.create_game(bot.user, "chess", "Chess")
    await ann.user.chat(bot.user).send("/start")
    game = types.InputMediaGame(types.InputGameShortName(types.InputUserSelf(), "chess"))
    bot(functions.messages.SendMediaRequest(bot.peer(ann.user), game, "", random_id=1))
    seen = ann.user.chat(bot.user).last()
    assert [[button.text for button in row] for row in seen.buttons] == [["Play"]]
    number = bot.user.chat(ann.user).last().id
    peer, player = bot.peer(ann.user), bot.user.input_user(ann.user)
    score = functions.messages.SetGameScoreRequest
    bot(score(peer, number, player, 10))
    assert fault(bot, score(peer, number, player, 9)) == "BOT_SCORE_NOT_MODIFIED"
    assert fault(bot, score(peer, number, player, -1)) == "SCORE_INVALID"
    bot(score(peer, number, player, 5, force=True))
    table = bot(functions.messages.GetGameHighScoresRequest(peer, number, player))
    assert [(one.pos, one.user_id, one.score) for one in table.scores] == [(1, ann.user.id, 5)]
    first = ann.user.chat(bot.user).messages()[0].id
    assert fault(bot, score(peer, first, player, 1)) == "MESSAGE_ID_INVALID"
    stranger = types.InputMediaGame(types.InputGameShortName(types.InputUserSelf(), "chess"))
    assert fault(ann, functions.messages.SendMediaRequest(types.InputPeerSelf(), stranger, "", random_id=2)) == (
        "GAME_BOT_INVALID"
    )


def test_sets_of_stickers_are_made_installed_and_changed(server, ann, bob):
    server.create_sticker_set("animals", "Animals", bob.user, {"🐳": tiny_png(), "🐍": tiny_png(3, 3)})
    named = types.InputStickerSetShortName("Animals")
    whole = ann(functions.messages.GetStickerSetRequest(named, 0))
    assert ([pack.emoticon for pack in whole.packs], whole.set.count, whole.set.creator) == (["🐳", "🐍"], 2, False)
    known = functions.messages.GetStickerSetRequest(named, whole.set.hash)
    assert isinstance(ann(known), types.messages.StickerSetNotModified)
    assert fault(ann, functions.messages.GetStickerSetRequest(types.InputStickerSetShortName("x"), 0)) == (
        "STICKERSET_INVALID"
    )
    assert ann(functions.messages.GetAllStickersRequest(0)).sets == []
    ann(functions.messages.InstallStickerSetRequest(named, archived=False))
    every = ann(functions.messages.GetAllStickersRequest(0))
    assert [one.short_name for one in every.sets] == ["animals"]
    assert isinstance(ann(functions.messages.GetAllStickersRequest(every.hash)), types.messages.AllStickersNotModified)
    found = ann(functions.messages.GetStickersRequest("🐳", 0))
    assert [one.id for one in found.stickers] == [whole.documents[0].id]
    assert ann(functions.messages.UninstallStickerSetRequest(named))
    sticker = whole.documents[0]
    document = types.InputDocument(sticker.id, sticker.access_hash, sticker.file_reference)
    for keep, shown in (
        (functions.messages.FaveStickerRequest(document, unfave=False), functions.messages.GetFavedStickersRequest(0)),
        (
            functions.messages.SaveRecentStickerRequest(document, unsave=False),
            functions.messages.GetRecentStickersRequest(0),
        ),
    ):
        assert ann(keep)
        assert [one.id for one in ann(shown).stickers] == [sticker.id]
    assert ann(functions.messages.SaveGifRequest(document, unsave=False))
    assert [one.id for one in ann(functions.messages.GetSavedGifsRequest(0)).gifs] == [sticker.id]
    item = types.InputStickerSetItem(document, "🐳")
    make = functions.stickers.CreateStickerSetRequest
    assert fault(ann, make(types.InputUserSelf(), "Mine", "animals", [item])) == "PACK_SHORT_NAME_OCCUPIED"
    assert fault(ann, make(types.InputUserSelf(), "Mine", "mine", [])) == "STICKERS_EMPTY"
    made = ann(make(types.InputUserSelf(), "Mine", "mine", [item]))
    assert made.set.creator
    mine = types.InputStickerSetID(made.set.id, made.set.access_hash)
    assert ann(functions.stickers.AddStickerToSetRequest(mine, item)).set.count == 2
    assert fault(bob, functions.stickers.AddStickerToSetRequest(mine, item)) == "STICKERSET_INVALID"
    assert ann(functions.stickers.DeleteStickerSetRequest(mine))
    assert ann(functions.stickers.CheckShortNameRequest("mine"))


def test_posts_are_talked_about_in_the_group_of_the_channel(server, ann, bob):
    channel = server.create_channel("News", ann.user, [bob.user])
    group = server.create_channel("Talk", ann.user, [bob.user], megagroup=True)
    input_channel, input_group = ann.user.input_channel(channel), ann.user.input_channel(group)
    ann(functions.channels.SetDiscussionGroupRequest(input_channel, input_group))
    text(ann, channel, "a post")
    post = ann.user.chat(channel).last()
    copy = ann.user.chat(group).last()
    assert (copy.text, copy.raw.fwd_from.saved_from_msg_id, copy.raw.pinned) == ("a post", post.id, True)
    told = bob(functions.messages.GetDiscussionMessageRequest(bob.peer(channel), post.id))
    assert told.messages[0].id == copy.id
    text(bob, group, "a comment", reply_to=types.InputReplyToMessage(copy.id))
    replies = bob(functions.messages.GetRepliesRequest(bob.peer(channel), post.id, 0, None, 0, 10, 0, 0, 0))
    assert [message.message for message in replies.messages] == ["a comment"]
    assert post.raw.replies.replies == 1
    alone = server.create_channel("Alone", ann.user)
    text(ann, alone, "nobody answers", 2)
    request = functions.messages.GetDiscussionMessageRequest(ann.peer(alone), ann.user.chat(alone).last().id)
    assert fault(ann, request) == "MSG_ID_INVALID"


async def test_reactions_are_new_until_they_were_looked_at(ann, bob):
    text(ann, bob.user, "like this")
    number = ann.user.chat(bob.user).last().id
    await bob.user.chat(ann.user).react(bob.user.chat(ann.user).last(), "👍")
    unread = functions.messages.GetUnreadReactionsRequest(ann.peer(bob.user), 0, 0, 10, 0, 0)
    assert [message.id for message in ann(unread).messages] == [number]
    ann(functions.messages.ReadReactionsRequest(ann.peer(bob.user)))
    assert ann(unread).messages == []


def test_folders_of_chosen_chats(ann, bob):
    text(ann, bob.user, "hi")
    title = types.TextWithEntities("People", [])
    chosen = types.DialogFilter(0, title, [], [ann.peer(bob.user)], [])
    update = functions.messages.UpdateDialogFilterRequest
    assert fault(ann, update(1, chosen)) == "FILTER_ID_INVALID"
    assert fault(ann, update(2, types.DialogFilter(0, title, [], [], []))) == "FILTER_INCLUDE_EMPTY"
    for number in (2, 3):
        assert ann(update(number, chosen))
    assert ann(functions.messages.UpdateDialogFiltersOrderRequest([3, 2]))
    shown = ann(functions.messages.GetDialogFiltersRequest()).filters
    assert [getattr(one, "id", None) for one in shown] == [None, 3, 2]
    assert ann(update(3))
    assert fault(ann, update(3)) == "FILTER_ID_INVALID"


def test_privacy_is_kept_for_each_key(ann, bob):
    key = types.InputPrivacyKeyPhoneNumber()
    rules = [
        types.InputPrivacyValueAllowContacts(),
        types.InputPrivacyValueDisallowUsers([ann.user.input_user(bob.user)]),
    ]
    kept = ann(functions.account.SetPrivacyRequest(key, rules))
    assert [type(rule) for rule in kept.rules] == [types.PrivacyValueAllowContacts, types.PrivacyValueDisallowUsers]
    assert kept.users[0].id == bob.user.id
    assert len(ann(functions.account.GetPrivacyRequest(key)).rules) == 2
    other = ann(functions.account.GetPrivacyRequest(types.InputPrivacyKeyForwards()))
    assert [type(rule) for rule in other.rules] == [types.PrivacyValueAllowAll]
    assert fault(ann, functions.account.SetPrivacyRequest(key, [])) == "PRIVACY_VALUE_INVALID"


def test_links_are_listed_and_thrown_away(server, ann, bob):
    group = server.create_channel("Talk", ann.user, megagroup=True)
    peer = ann.peer(group)
    link = ann(functions.messages.ExportChatInviteRequest(peer, request_needed=True)).link
    assert ann(functions.messages.GetExportedChatInviteRequest(peer, link)).invite.link == link
    code = link.rpartition("+")[2]
    assert fault(bob, functions.messages.ImportChatInviteRequest(code)) == "INVITE_REQUEST_SENT"
    ann(functions.messages.HideAllChatJoinRequestsRequest(peer, approved=True, link=link))
    assert bob.user.id in group.present()
    nobody = functions.messages.HideAllChatJoinRequestsRequest(peer, approved=True)
    assert fault(ann, nobody) == "HIDE_REQUESTER_MISSING"
    admins = ann(functions.messages.GetAdminsWithInvitesRequest(peer)).admins
    assert [(one.admin_id, one.invites_count) for one in admins] == [(ann.user.id, 1)]
    delete = functions.messages.DeleteExportedChatInviteRequest(peer, link)
    assert fault(ann, delete) == "INVITE_REVOKED_MISSING"
    ann(functions.messages.EditExportedChatInviteRequest(peer, link, revoked=True))
    assert ann(delete)
    assert fault(ann, functions.messages.GetExportedChatInviteRequest(peer, link)) == "INVITE_HASH_EXPIRED"


def test_a_forgotten_password_is_asked_for_by_mail(server, ann):
    recover = functions.auth.RequestPasswordRecoveryRequest()
    assert fault(ann, recover) == "PASSWORD_RECOVERY_NA"
    with pytest.raises(LookupError, match="edit_2fa"):
        server.email_code(ann.user)
    ann.user.account.password.email = "ann@example.com"
    assert ann(recover).email_pattern == "a***n@example.com"
    assert fault(ann, functions.auth.CheckRecoveryPasswordRequest("x")) == "CODE_INVALID"
    assert ann(functions.auth.CheckRecoveryPasswordRequest(server.email_code(ann.user)))


def test_messages_of_a_chat_can_be_made_to_go_away(ann, bob):
    text(ann, bob.user, "hi")
    peer = ann.peer(bob.user)
    ann(functions.messages.SetHistoryTTLRequest(peer, 86_400))
    assert fault(ann, functions.messages.SetHistoryTTLRequest(peer, 86_400)) == "CHAT_NOT_MODIFIED"
    assert fault(ann, functions.messages.SetHistoryTTLRequest(peer, -1)) == "TTL_PERIOD_INVALID"
    assert ann(functions.messages.ReportSpamRequest(peer))


async def test_an_upload_can_be_sent_again_until_many_others_came(ann):
    ann(functions.upload.SaveFilePartRequest(7, 0, b"content"))
    media = types.InputMediaUploadedDocument(types.InputFile(7, 1, "x.txt", ""), "text/plain", [])
    for number in range(3):
        ann(functions.messages.SendMediaRequest(types.InputPeerSelf(), media, "", random_id=number))
    for number in range(100, 120):
        ann(functions.upload.SaveFilePartRequest(number, 0, b"other"))
        other = types.InputMediaUploadedDocument(types.InputFile(number, 1, "x.txt", ""), "text/plain", [])
        ann(functions.messages.SendMediaRequest(types.InputPeerSelf(), other, "", random_id=number))
    again = functions.messages.SendMediaRequest(types.InputPeerSelf(), media, "", random_id=999)
    assert fault(ann, again) == "FILE_PART_0_MISSING"
    await asyncio.sleep(0)


def test_topics_of_a_forum(server, ann, bob):
    group = server.create_channel("Forum", ann.user, [bob.user], megagroup=True)
    peer, theirs = ann.peer(group), bob.peer(group)
    create = functions.messages.CreateForumTopicRequest
    assert fault(ann, create(peer, "Tea", random_id=1)) == "CHANNEL_FORUM_MISSING"
    ann(functions.channels.ToggleForumRequest(ann.user.input_channel(group), enabled=True, tabs=False))
    ann(create(peer, "Tea", random_id=1))
    tea = ann.user.chat(group).last().id
    assert fault(ann, create(peer, " ", random_id=2)) == "TOPIC_TITLE_EMPTY"
    text(bob, group, "green", 1, reply_to=types.InputReplyToMessage(tea))
    green = bob.user.chat(group).last()
    assert (green.raw.reply_to.forum_topic, green.raw.reply_to.reply_to_msg_id) == (True, tea)
    text(ann, group, "black", 2, reply_to=types.InputReplyToMessage(green.id, top_msg_id=tea))
    black = ann.user.chat(group).last()
    assert (black.raw.reply_to.reply_to_top_id, black.raw.reply_to.forum_topic) == (tea, True)
    text(ann, group, "something else", 3)
    listed = functions.messages.GetForumTopicsRequest(theirs, None, 0, 0, 10)
    shown = bob(listed).topics
    assert [(topic.title, topic.top_message) for topic in shown] == [("General", black.id + 1), ("Tea", black.id)]
    replies = bob(functions.messages.GetRepliesRequest(theirs, tea, 0, None, 0, 10, 0, 0, 0))
    assert [message.message for message in replies.messages] == ["black", "green"]
    edit = functions.messages.EditForumTopicRequest
    assert fault(bob, edit(theirs, tea, title="Coffee")) == "CHAT_ADMIN_REQUIRED"
    ann(edit(peer, tea, closed=True))
    assert fault(ann, edit(peer, tea, closed=True)) == "TOPIC_NOT_MODIFIED"
    late = functions.messages.SendMessageRequest(theirs, "late", reply_to=types.InputReplyToMessage(tea), random_id=9)
    assert fault(bob, late) == "TOPIC_CLOSED"
    ann(functions.messages.UpdatePinnedForumTopicRequest(peer, tea, pinned=True))
    assert [topic.title for topic in bob(listed).topics] == ["Tea", "General"]
    ann(functions.messages.DeleteTopicHistoryRequest(peer, tea))
    some = bob(functions.messages.GetForumTopicsByIDRequest(theirs, [1, tea])).topics
    assert [type(topic) for topic in some] == [types.ForumTopic, types.ForumTopicDeleted]
    assert "green" not in [message.text for message in ann.user.chat(group).messages()]


def test_a_group_gets_stickers_of_its_own(server, ann, bob):
    group = server.create_channel("Talk", ann.user, [bob.user], megagroup=True)
    server.create_sticker_set("animals", "Animals", bob.user, {"🐳": tiny_png()})
    named = types.InputStickerSetShortName("animals")
    assert fault(bob, functions.channels.SetStickersRequest(bob.user.input_channel(group), named)) == (
        "CHAT_ADMIN_REQUIRED"
    )
    assert ann(functions.channels.SetStickersRequest(ann.user.input_channel(group), named))
    full = ann(functions.channels.GetFullChannelRequest(ann.user.input_channel(group))).full_chat
    assert (full.stickerset.short_name, full.can_set_stickers) == ("animals", True)
    log = ann(functions.channels.GetAdminLogRequest(ann.user.input_channel(group), "", 0, 0, 1)).events
    assert isinstance(log[0].action.prev_stickerset, types.InputStickerSetEmpty)


def test_a_forgotten_password_is_replaced_with_the_code(server, ann):
    ann.user.account.password.email = "ann@example.com"
    ann(functions.auth.RequestPasswordRecoveryRequest())
    assert fault(ann, functions.auth.RecoverPasswordRequest("x")) == "CODE_INVALID"
    told = ann(functions.auth.RecoverPasswordRequest(server.email_code(ann.user)))
    assert (told.user.id, ann.user.account.password) == (ann.user.id, None)


async def test_pages_of_bots_are_opened_and_answer(server, ann):
    bot = worldkit.Device(server, server.create_bot("Shop", "shop_bot"))
    await ann.user.chat(bot.user).send("/start")
    named = ann.user.input_user(bot.user)
    view = functions.messages.RequestWebViewRequest(ann.peer(bot.user), named, "android", url="https://example.com/x")
    assert ann(view).url.startswith("https://example.com/x#tgWebAppData=")
    simple = functions.messages.RequestSimpleWebViewRequest(named, "android", url="http://example.com")
    assert fault(ann, simple) == "URL_INVALID"
    bot.updates()
    ann(functions.messages.SendWebViewDataRequest(named, "Buy", "tea", random_id=5))
    new = [update for update in bot.updates() if isinstance(update, types.UpdateNewMessage)]
    assert (new[0].message.action.text, new[0].message.action.data) == ("Buy", "tea")
