"""Lists of stickers and reactions, quick replies, saved messages, shared folders, and small web applications."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import parse_qsl, unquote

import pytest
import worldkit
from worldkit import fault, told

from telethon.testing import tiny_png
from telethon.tl import functions, types

messages, stickers, bots, chatlists = functions.messages, functions.stickers, functions.bots, functions.chatlists
ME = types.InputPeerSelf()


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann", username="ann_1"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob"))


@pytest.fixture
def bot(server):
    return worldkit.Device(server, server.create_bot("Robot", "robot_bot"))


def named(name):
    return types.InputStickerSetShortName(name)


def document(device, number, name):
    found = device(messages.GetStickerSetRequest(named(name), 0)).documents[number]
    return types.InputDocument(found.id, found.access_hash, found.file_reference)


# -- stickers --------------------------------------------------------------------------------------------------------


def test_sets_are_installed_archived_and_put_in_order(server, ann):
    for name in ("one", "two"):
        server.create_sticker_set(name, name.title(), ann.user, {"😀": tiny_png()})
        ann(messages.InstallStickerSetRequest(named(name), False))
    sets = ann(messages.GetAllStickersRequest(0)).sets
    tablet = worldkit.Device(server, ann.user)
    order = [one.id for one in sets][::-1]
    ann(messages.ReorderStickerSetsRequest(order))
    assert told(tablet, types.UpdateStickerSetsOrder)[0].order == order
    assert [one.id for one in ann(messages.GetAllStickersRequest(0)).sets] == order
    ann(messages.ToggleStickerSetsRequest([named("one")], archive=True))
    assert ann(messages.GetArchivedStickersRequest(0, 10)).sets[0].set.short_name == "one"
    assert [one.short_name for one in ann(messages.GetAllStickersRequest(0)).sets] == ["two"]
    ann(messages.ToggleStickerSetsRequest([named("one")], unarchive=True))
    ann(messages.ToggleStickerSetsRequest([named("two")], uninstall=True))
    assert [one.short_name for one in ann(messages.GetAllStickersRequest(0)).sets] == ["one"]
    assert fault(ann, messages.ToggleStickerSetsRequest([named("no")], archive=True)) == "STICKERSET_INVALID"
    assert ann(messages.GetMyStickersRequest(0, 10)).count == 2
    assert ann(messages.GetMaskStickersRequest(0)).sets == []


def test_sets_to_look_at(server, ann, bob):
    server.create_sticker_set("cats", "Cats", bob.user, {"🐱": tiny_png()})
    numbers = server.create_sticker_set("faces", "Faces", bob.user, {"😀": tiny_png()}, emojis=True)
    featured = ann(messages.GetFeaturedStickersRequest(0))
    assert ([one.set.short_name for one in featured.sets], len(featured.unread)) == (["cats"], 1)
    ann(messages.ReadFeaturedStickersRequest(featured.unread))
    assert ann(messages.GetFeaturedStickersRequest(0)).unread == []
    known = messages.GetFeaturedStickersRequest(featured.hash)
    assert isinstance(ann(known), types.messages.FeaturedStickersNotModified)
    assert ann(messages.GetOldFeaturedStickersRequest(1, 10, 0)).sets == []
    assert ann(messages.GetFeaturedEmojiStickersRequest(0)).sets[0].set.emojis
    assert [one.set.short_name for one in ann(messages.SearchStickerSetsRequest("cat", 0)).sets] == ["cats"]
    assert [one.set.short_name for one in ann(messages.SearchEmojiStickerSetsRequest("face", 0)).sets] == ["faces"]
    assert ann(messages.SearchCustomEmojiRequest("😀", 0)).document_id == numbers
    assert fault(ann, messages.SearchCustomEmojiRequest("", 0)) == "EMOTICON_EMPTY"
    assert len(ann(messages.SearchStickersRequest("", "🐱", ["en"], 0, 10, 0)).stickers) == 1
    found = ann(messages.GetCustomEmojiDocumentsRequest([numbers[0], 5]))
    assert [type(one) for one in found] == [types.Document, types.DocumentEmpty]
    assert any(isinstance(one, types.DocumentAttributeCustomEmoji) for one in found[0].attributes)
    ann(messages.InstallStickerSetRequest(named("faces"), False))
    assert [one.short_name for one in ann(messages.GetEmojiStickersRequest(0)).sets] == ["faces"]


def test_sets_are_changed_by_who_made_them(server, ann, bob):
    server.create_sticker_set("cats", "Cats", ann.user, {"🐱": tiny_png(2, 2), "😺": tiny_png(3, 3)})
    first, second = document(ann, 0, "cats"), document(ann, 1, "cats")
    moved = ann(stickers.ChangeStickerPositionRequest(second, 0))
    assert [one.id for one in moved.documents] == [second.id, first.id]
    changed = ann(stickers.ChangeStickerRequest(second, emoji="🦁", keywords="lion, big cat"))
    assert (changed.packs[0].emoticon, changed.keywords[0].keyword) == ("🦁", ["lion", "big cat"])
    assert ann(stickers.RenameStickerSetRequest(named("cats"), "Big cats")).set.title == "Big cats"
    assert fault(ann, stickers.RenameStickerSetRequest(named("cats"), " ")) == "PACK_TITLE_INVALID"
    assert fault(bob, stickers.RenameStickerSetRequest(named("cats"), "Mine")) == "STICKERSET_INVALID"
    thumb = ann(stickers.SetStickerSetThumbRequest(named("cats"), thumb_document_id=first.id))
    assert thumb.set.thumb_document_id == first.id
    assert fault(ann, stickers.SetStickerSetThumbRequest(named("cats"), thumb_document_id=5)) == "STICKER_INVALID"
    server.create_sticker_set("dogs", "Dogs", ann.user, {"🐶": tiny_png(4, 4)})
    dog = types.InputStickerSetItem(document(ann, 0, "dogs"), "🐕")
    replaced = ann(stickers.ReplaceStickerRequest(first, dog))
    assert dog.document.id in [one.id for one in replaced.documents]
    assert fault(ann, stickers.ChangeStickerPositionRequest(first, 0)) == "STICKER_INVALID"
    assert ann(stickers.SuggestShortNameRequest("Big cats!")).short_name == "big_cats"
    assert fault(ann, stickers.SuggestShortNameRequest(" ")) == "TITLE_INVALID"


def test_files_by_hash_and_stickers_on_pictures(server, ann, bob):
    server.create_sticker_set("cats", "Cats", ann.user, {"🐱": tiny_png(5, 5)})
    data = tiny_png(5, 5)
    by_hash = messages.GetDocumentByHashRequest
    assert ann(by_hash(hashlib.sha256(data).digest(), len(data), "image/png")).id == document(ann, 0, "cats").id
    assert isinstance(ann(by_hash(bytes(32), 1, "image/png")), types.DocumentEmpty)
    assert fault(ann, by_hash(b"x", 1, "image/png")) == "SHA256_HASH_INVALID"
    ann(functions.upload.SaveFilePartRequest(1, 0, tiny_png()))
    given = types.InputMediaUploadedPhoto(types.InputFile(1, 1, "a.png", ""), stickers=[document(ann, 0, "cats")])
    photo = ann(messages.UploadMediaRequest(ME, given)).photo
    media = types.InputStickeredMediaPhoto(types.InputPhoto(photo.id, photo.access_hash, photo.file_reference))
    assert [one.set.short_name for one in bob(messages.GetAttachedStickersRequest(media))] == ["cats"]
    ann(messages.SaveRecentStickerRequest(document(ann, 0, "cats"), False))
    ann(messages.ClearRecentStickersRequest())
    assert ann(messages.GetRecentStickersRequest(0)).stickers == []


def test_words_for_emojis(ann):
    english = ann(messages.GetEmojiKeywordsRequest("en"))
    assert {one.keyword for one in english.keywords} >= {"cat", "tea"}
    assert ann(messages.GetEmojiKeywordsDifferenceRequest("en", english.version)).keywords == []
    assert [one.lang_code for one in ann(messages.GetEmojiKeywordsLanguagesRequest(["en", "de"]))] == ["en"]
    assert ann(messages.GetEmojiURLRequest("en")).url.endswith("/en/emoji")
    assert fault(ann, messages.GetEmojiKeywordsRequest("")) == "LANG_CODE_NOT_SUPPORTED"
    for request in (
        messages.GetEmojiGroupsRequest,
        messages.GetEmojiStatusGroupsRequest,
        messages.GetEmojiProfilePhotoGroupsRequest,
        messages.GetEmojiStickerGroupsRequest,
    ):
        assert ann(request(0)).groups[0].title == "Smileys"
        assert isinstance(ann(request(1)), types.messages.EmojiGroupsNotModified)


# -- reactions -------------------------------------------------------------------------------------------------------


async def test_which_reactions_there_are(server, ann, bob):
    known = ann(messages.GetAvailableReactionsRequest(0))
    assert "👍" in [one.reaction for one in known.reactions]
    again = ann(messages.GetAvailableReactionsRequest(known.hash))
    assert isinstance(again, types.messages.AvailableReactionsNotModified)
    await ann.user.chat(bob.user).send("hi")
    number = bob.user.chat(ann.user).messages()[0].id
    fire = types.ReactionEmoji("🔥")
    bob(messages.SendReactionRequest(bob.peer(ann.user), number, reaction=[fire], add_to_recent=True))
    assert bob(messages.GetTopReactionsRequest(3, 0)).reactions[0].emoticon == "🔥"
    recent = bob(messages.GetRecentReactionsRequest(10, 0))
    assert [one.emoticon for one in recent.reactions] == ["🔥"]
    same = bob(messages.GetRecentReactionsRequest(10, recent.hash))
    assert isinstance(same, types.messages.ReactionsNotModified)
    bob(messages.ClearRecentReactionsRequest())
    assert bob(messages.GetRecentReactionsRequest(10, 0)).reactions == []
    bob(messages.SetDefaultReactionRequest(fire))
    assert fault(bob, messages.SetDefaultReactionRequest(types.ReactionEmoji("x"))) == "REACTION_INVALID"
    assert ann(messages.ReportReactionRequest(ann.peer(bob.user), 1, ann.peer(bob.user))) is True
    assert fault(ann, messages.ReportReactionRequest(ann.peer(bob.user), 1, ME)) == "USER_ID_INVALID"


async def test_reactions_are_taken_away(server, ann, bob):
    group = server.create_channel("Friends", ann.user, [bob.user], megagroup=True)
    await bob.user.chat(group).send("one")
    number = group.box.last_id
    react = messages.SendReactionRequest(bob.peer(group), number, reaction=[types.ReactionEmoji("👍")])
    bob(react)
    take = messages.DeleteParticipantReactionRequest(ann.peer(group), number, ann.peer(bob.user))
    bob.updates()
    ann(take)
    assert told(bob, types.UpdateMessageReactions)[0].reactions.results == []
    assert fault(ann, take) == "PARTICIPANT_ID_INVALID"
    bob(react)
    assert ann(messages.DeleteParticipantReactionsRequest(ann.peer(group), ann.peer(bob.user))) is True
    assert group.box.letters[number].votes == {}
    mine = messages.DeleteParticipantReactionsRequest(bob.peer(group), bob.peer(ann.user))
    assert fault(bob, mine) == "CHAT_ADMIN_REQUIRED"


async def test_tags_of_saved_messages(ann):
    ann.user.account.premium = True
    await ann.user.chat(ann.user).send("note")
    heart = types.ReactionEmoji("❤")
    ann(messages.SendReactionRequest(ME, 1, reaction=[heart]))
    ann(messages.UpdateSavedReactionTagRequest(heart, title="Loved"))
    tags = ann(messages.GetSavedReactionTagsRequest(0))
    assert [(one.reaction.emoticon, one.title, one.count) for one in tags.tags] == [("❤", "Loved", 1)]
    same = ann(messages.GetSavedReactionTagsRequest(tags.hash))
    assert isinstance(same, types.messages.SavedReactionTagsNotModified)
    assert fault(ann, messages.UpdateSavedReactionTagRequest(heart, title="x" * 13)) == "TITLE_INVALID"
    assert len(ann(messages.GetDefaultTagReactionsRequest(0)).reactions) == 10
    shown = ann(messages.GetMessagesRequest([types.InputMessageID(1)])).messages[0]
    assert shown.reactions.reactions_as_tags


# -- saved messages and quick replies --------------------------------------------------------------------------------


async def test_saved_messages_by_where_they_came_from(server, ann, bob):
    await bob.user.chat(ann.user).send("keep this")
    number = ann.user.chat(bob.user).messages()[0].id
    ann(messages.ForwardMessagesRequest(ann.peer(bob.user), [number], ME, random_id=[1]))
    await ann.user.chat(ann.user).send("own note")
    dialogs = ann(messages.GetSavedDialogsRequest(0, 0, types.InputPeerEmpty(), 10, 0)).dialogs
    assert [one.peer.user_id for one in dialogs] == [ann.user.id, bob.user.id]
    peer = ann.peer(bob.user)
    history = ann(messages.GetSavedHistoryRequest(peer, 0, 0, 0, 10, 0, 0, 0)).messages
    assert [(one.message, one.saved_peer_id.user_id) for one in history] == [("keep this", bob.user.id)]
    tablet = worldkit.Device(server, ann.user)
    ann(messages.ToggleSavedDialogPinRequest(types.InputDialogPeer(peer), pinned=True))
    assert told(tablet, types.UpdateSavedDialogPinned)[0].pinned
    assert ann(messages.GetPinnedSavedDialogsRequest()).dialogs[0].pinned
    ann(messages.ReorderPinnedSavedDialogsRequest([types.InputDialogPeer(ME)], force=True))
    assert ann(messages.GetPinnedSavedDialogsRequest()).dialogs[0].peer.user_id == ann.user.id
    assert len(ann(messages.GetSavedDialogsByIDRequest([peer])).dialogs) == 1
    gone = ann(messages.DeleteSavedHistoryRequest(peer, 0))
    assert gone.pts_count == 1
    nothing = messages.ToggleSavedDialogPinRequest(types.InputDialogPeer(peer), pinned=True)
    assert fault(ann, nothing) == "PEER_ID_INVALID"
    parent = messages.GetSavedHistoryRequest(peer, 0, 0, 0, 10, 0, 0, 0, parent_peer=ME)
    assert fault(ann, parent) == "PARENT_PEER_INVALID"


def keep(device, text, number, name="hello"):
    shortcut = types.InputQuickReplyShortcut(name)
    return messages.SendMessageRequest(ME, text, random_id=number, quick_reply_shortcut=shortcut)


def test_quick_replies(server, ann, bob):
    assert fault(ann, keep(ann, "Hello!", 1)) == "PREMIUM_ACCOUNT_REQUIRED"
    ann.user.account.premium = True
    tablet = worldkit.Device(server, ann.user)
    ann(keep(ann, "Hello!", 1))
    assert [type(one) for one in tablet.updates()] == [types.UpdateNewQuickReply, types.UpdateQuickReplyMessage]
    ann(keep(ann, "How are you?", 2))
    ann(keep(ann, "Bye!", 3, "bye"))
    found = ann(messages.GetQuickRepliesRequest(0))
    assert [(one.shortcut, one.count) for one in found.quick_replies] == [("hello", 2), ("bye", 1)]
    assert ann.user.chat(ann.user).messages() == []
    kept = ann(messages.GetQuickReplyMessagesRequest(1, 0)).messages
    assert [(one.message, one.quick_reply_shortcut_id) for one in kept] == [("Hello!", 1), ("How are you?", 1)]
    numbers = [one.id for one in kept]
    ann(messages.SendQuickReplyMessagesRequest(ann.peer(bob.user), 1, numbers, random_id=[7, 8]))
    assert [one.text for one in bob.user.chat(ann.user).messages()] == ["Hello!", "How are you?"]
    assert ann(messages.CheckQuickReplyShortcutRequest("other")) is True
    assert fault(ann, messages.CheckQuickReplyShortcutRequest("hello")) == "SHORTCUT_INVALID"
    ann(messages.EditQuickReplyShortcutRequest(2, "goodbye"))
    ann(messages.ReorderQuickRepliesRequest([2, 1]))
    assert [one.shortcut for one in ann(messages.GetQuickRepliesRequest(0)).quick_replies] == ["goodbye", "hello"]
    ann(messages.DeleteQuickReplyMessagesRequest(1, numbers))
    ann(messages.DeleteQuickReplyShortcutRequest(2))
    assert ann(messages.GetQuickRepliesRequest(0)).quick_replies == []
    assert fault(ann, messages.DeleteQuickReplyShortcutRequest(2)) == "SHORTCUT_INVALID"


# -- shared folders --------------------------------------------------------------------------------------------------


def test_a_folder_is_shared(server, ann, bob):
    news = server.create_channel("News", ann.user, username="news_1")
    more = server.create_channel("More", ann.user, username="more_1")
    title = types.TextWithEntities("Reading", [])
    folder = types.DialogFilter(2, title, [], [ann.peer(news)], [])
    here = types.InputChatlistDialogFilter(2)
    assert fault(ann, chatlists.ExportChatlistInviteRequest(here, "x", [])) == "FILTER_ID_INVALID"
    ann(messages.UpdateDialogFilterRequest(2, folder))
    assert fault(ann, chatlists.ExportChatlistInviteRequest(here, "x", [])) == "PEERS_LIST_EMPTY"
    made = ann(chatlists.ExportChatlistInviteRequest(here, "Reading", [ann.peer(news)]))
    slug = made.invite.url.rpartition("/")[2]
    offered = bob(chatlists.CheckChatlistInviteRequest(slug))
    assert (offered.title.text, [one.channel_id for one in offered.peers]) == ("Reading", [news.id])
    assert fault(bob, chatlists.CheckChatlistInviteRequest("")) == "INVITE_SLUG_EMPTY"
    tablet = worldkit.Device(server, bob.user)
    bob(chatlists.JoinChatlistInviteRequest(slug, [bob.peer(news)]))
    assert bob.user.id in news.present()
    assert isinstance(told(tablet, types.UpdateDialogFilter)[0].filter, types.DialogFilterChatlist)
    theirs = types.InputChatlistDialogFilter(2)
    assert isinstance(bob(chatlists.CheckChatlistInviteRequest(slug)), types.chatlists.ChatlistInviteAlready)
    edited = ann(chatlists.EditExportedInviteRequest(here, slug, peers=[ann.peer(news), ann.peer(more)]))
    assert len(edited.peers) == 2
    missing = bob(chatlists.GetChatlistUpdatesRequest(theirs)).missing_peers
    assert [one.channel_id for one in missing] == [more.id]
    bob(chatlists.HideChatlistUpdatesRequest(theirs))
    assert bob(chatlists.GetChatlistUpdatesRequest(theirs)).missing_peers == []
    bob(chatlists.JoinChatlistUpdatesRequest(theirs, [bob.peer(more)]))
    assert bob.user.id in more.present()
    assert len(bob(chatlists.GetLeaveChatlistSuggestionsRequest(theirs))) == 2
    bob(chatlists.LeaveChatlistRequest(theirs, [bob.peer(more)]))
    assert (bob.user.id in more.present(), bob.user.id in news.present()) == (False, True)
    assert len(bob(messages.GetDialogFiltersRequest()).filters) == 1
    assert len(ann(chatlists.GetExportedInvitesRequest(here)).invites) == 1
    ann(chatlists.DeleteExportedInviteRequest(here, slug))
    assert fault(bob, chatlists.CheckChatlistInviteRequest(slug)) == "INVITE_SLUG_EXPIRED"
    assert len(ann(messages.GetSuggestedDialogFiltersRequest())) == 2
    assert fault(ann, messages.ToggleDialogFilterTagsRequest(True)) == "PREMIUM_ACCOUNT_REQUIRED"
    ann.user.account.premium = True
    ann(messages.ToggleDialogFilterTagsRequest(True))
    assert ann(messages.GetDialogFiltersRequest()).tags_enabled


# -- web applications ------------------------------------------------------------------------------------------------


def who_opens(url, token):
    """What the server of a page reads off the address, after it has proven it."""
    data = dict(parse_qsl(url.partition("#")[2]))["tgWebAppData"]
    fields = dict(parse_qsl(data))
    given = fields.pop("hash")
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    assert hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest() == given
    return fields


def test_a_web_application_is_told_who_opens_it(server, ann, bot):
    server.create_web_app(bot.user, "play", "https://example.com/play", "Play", main=True, menu=True)
    robot = ann.user.input_user(bot.user)
    app = types.InputBotAppShortName(robot, "play")
    opened = ann(
        messages.RequestAppWebViewRequest(ann.peer(bot.user), app, "android", write_allowed=True, start_param="ref1")
    )
    assert unquote(opened.url).startswith("https://example.com/play?tgWebAppStartParam=ref1#tgWebAppData=")
    fields = who_opens(opened.url, bot.user.token)
    assert (json.loads(fields["user"])["id"], fields["start_param"]) == (ann.user.id, "ref1")
    assert ann.user.id in bot.user.account.mailbox.dialogs
    shown = ann(messages.GetBotAppRequest(app, 0)).app
    again = types.InputBotAppID(shown.id, shown.access_hash)
    assert ann(messages.GetBotAppRequest(again, 0)).app.title == "Play"
    wrong = types.InputBotAppShortName(robot, "nothing")
    assert fault(ann, messages.RequestAppWebViewRequest(ann.peer(bot.user), wrong, "android")) == "BOT_APP_INVALID"
    main = ann(messages.RequestMainWebViewRequest(ann.peer(bot.user), robot, "ios"))
    assert main.url.startswith("https://example.com/play#")
    menu = ann(messages.GetAttachMenuBotRequest(robot))
    assert menu.bot.inactive
    ann(messages.ToggleBotInAttachMenuRequest(robot, True))
    kept = ann(messages.GetAttachMenuBotsRequest(0))
    assert [one.bot_id for one in kept.bots] == [bot.user.id]
    assert isinstance(ann(messages.GetAttachMenuBotsRequest(kept.hash)), types.AttachMenuBotsNotModified)
    plain = ann.user.input_user(server.create_bot("Plain", "plain_bot"))
    assert fault(ann, messages.GetAttachMenuBotRequest(plain)) == "BOT_INVALID"
    assert [one.id for one in ann(bots.GetPopularAppBotsRequest("", 10)).users] == [bot.user.id]


def test_what_a_page_sends(server, ann, bob, bot):
    robot = ann.user.input_user(bot.user)
    opened = ann(messages.RequestWebViewRequest(ann.peer(bob.user), robot, "ios", url="https://example.com"))
    assert ann(messages.ProlongWebViewRequest(ann.peer(bob.user), robot, opened.query_id)) is True
    assert fault(ann, messages.ProlongWebViewRequest(ann.peer(bob.user), robot, 5)) == "QUERY_ID_INVALID"
    text = types.InputBotInlineMessageText("from the page")
    result = types.InputBotInlineResult("1", "article", text, title="x")
    bot(messages.SendWebViewResultMessageRequest(str(opened.query_id), result))
    assert bob.user.chat(ann.user).messages()[-1].text == "from the page"
    assert told(ann, types.UpdateWebViewResultSent)[0].query_id == opened.query_id
    assert fault(bot, messages.SendWebViewResultMessageRequest("5", result)) == "QUERY_ID_INVALID"


async def test_prepared_messages_and_buttons(server, ann, bob, bot):
    await ann.user.chat(bot.user).send("/start")
    user = bot.user.input_user(ann.user)
    text = types.InputBotInlineMessageText("ready")
    result = types.InputBotInlineResult("1", "article", text, title="x")
    made = bot(messages.SavePreparedInlineMessageRequest(result, user, peer_types=[types.InlineQueryPeerTypePM()]))
    robot = ann.user.input_user(bot.user)
    found = await ann.ask(messages.GetPreparedInlineMessageRequest(robot, made.id))
    send = messages.SendInlineBotResultRequest(ann.peer(bob.user), found.query_id, "1", random_id=1)
    await ann.ask(send)
    assert bob.user.chat(ann.user).messages()[-1].text == "ready"
    assert fault(ann, messages.GetPreparedInlineMessageRequest(robot, "x")) == "ID_INVALID"
    button = types.KeyboardButton("Pick", types.InputButtonTypeRequestPeer(1, types.RequestPeerTypeUser(), 1))
    code = bot(bots.RequestWebViewButtonRequest(user, button)).webapp_req_id
    assert ann(bots.GetRequestedWebViewButtonRequest(robot, code)).text == "Pick"
    give = messages.SendBotRequestedPeerRequest
    ann(give(ann.peer(bot.user), 1, [ann.peer(bob.user)]))
    arrived = told(bot, types.UpdateNewMessage)[-1].message.action
    assert arrived.peers[0].user_id == bob.user.id
    assert fault(ann, give(ann.peer(bob.user), 1, [ann.peer(bob.user)])) == "BOT_INVALID"


# -- bots ------------------------------------------------------------------------------------------------------------


def test_what_bots_are_besides(server, ann, bob, bot):
    rights = types.ChatAdminRights(ban_users=True)
    bot(bots.SetBotGroupDefaultAdminRightsRequest(rights))
    bot(bots.SetBotBroadcastDefaultAdminRightsRequest(rights))
    assert fault(bot, bots.SetBotGroupDefaultAdminRightsRequest(rights)) == "RIGHTS_NOT_MODIFIED"
    robot = ann.user.input_user(bot.user)
    full = ann(functions.users.GetFullUserRequest(robot)).full_user
    assert (full.bot_group_admin_rights.ban_users, full.bot_broadcast_admin_rights.ban_users) == (True, True)
    made = ann(bots.CreateBotRequest("Child", "child_bot", robot))
    assert told(bot, types.UpdateManagedBot)[0].bot_id == made.id
    assert [one.id for one in ann(bots.GetAdminedBotsRequest())] == [made.id]
    assert fault(ann, bots.CreateBotRequest("Child", "child_bot", robot)) == "USERNAME_OCCUPIED"
    assert fault(ann, bots.CheckUsernameRequest("child")) == "USERNAME_INVALID"
    child = types.InputUser(made.id, made.access_hash)
    token = ann(bots.ExportBotTokenRequest(child, False)).token
    assert server.world.tokens[token] == made.id
    assert ann(bots.ExportBotTokenRequest(child, True)).token != token
    assert fault(bob, bots.ExportBotTokenRequest(bob.user.input_user(bot.user), False)) == "BOT_INVALID"
    ann(bots.EditAccessSettingsRequest(child, restricted=True, add_users=[ann.user.input_user(bob.user)]))
    assert [one.id for one in ann(bots.GetAccessSettingsRequest(child)).add_users] == [bob.user.id]
    program = ann(bots.UpdateStarRefProgramRequest(child, 100, duration_months=3))
    assert program.commission_permille == 100
    assert fault(ann, bots.UpdateStarRefProgramRequest(child, 5000)) == "STARREF_PERMILLE_INVALID"
    check = bots.CheckDownloadFileParamsRequest
    assert (ann(check(robot, "a", "https://x.org")), ann(check(robot, "a", "http://x.org"))) == (True, False)
    assert fault(bot, bots.SendCustomRequestRequest("x", types.DataJSON("{"))) == "DATA_JSON_INVALID"
    assert fault(bot, bots.SendCustomRequestRequest("x", types.DataJSON("{}"))) == "METHOD_INVALID"
    assert fault(bot, bots.AnswerWebhookJSONQueryRequest(1, types.DataJSON("{}"))) == "QUERY_ID_INVALID"


async def test_bots_for_the_same_people(server, ann, bot):
    other = server.create_bot("Other", "other_bot")
    await ann.user.chat(bot.user).send("/start")
    await ann.user.chat(other).send("/start")
    found = ann(bots.GetBotRecommendationsRequest(ann.user.input_user(bot.user))).users
    assert [one.id for one in found] == [other.id]
    assert fault(ann, bots.GetBotRecommendationsRequest(types.InputUserSelf())) == "BOT_INVALID"


def test_what_an_application_keeps(ann, bot):
    robot = ann.user.input_user(bot.user)

    def invoke(method, **params):
        request = bots.InvokeWebViewCustomMethodRequest(robot, method, types.DataJSON(json.dumps(params)))
        return json.loads(ann(request).data)

    assert invoke("saveStorageValue", key="a", value="1") is True
    assert invoke("getStorageValues", keys=["a", "b"]) == {"a": "1", "b": ""}
    assert invoke("getStorageKeys") == ["a"]
    assert invoke("deleteStorageValues", keys=["a"]) is True
    assert invoke("getStorageKeys") == []
    wrong = bots.InvokeWebViewCustomMethodRequest(robot, "other", types.DataJSON("{}"))
    assert fault(ann, wrong) == "METHOD_INVALID"


def test_pictures_of_an_application(ann, bot):
    own = types.InputUserSelf()

    def picture(number):
        bot(functions.upload.SaveFilePartRequest(number, 0, tiny_png(2, number + 1)))
        given = types.InputMediaUploadedPhoto(types.InputFile(number, 1, "a.png", ""))
        photo = bot(messages.UploadMediaRequest(ME, given)).photo
        return types.InputMediaPhoto(types.InputPhoto(photo.id, photo.access_hash, photo.file_reference))

    one, two, three = (picture(number) for number in (1, 2, 3))
    for media in (one, two):
        bot(bots.AddPreviewMediaRequest(own, "", media))
    bot(bots.ReorderPreviewMediasRequest(own, "", [two]))
    bot(bots.EditPreviewMediaRequest(own, "", one, three))
    robot = ann.user.input_user(bot.user)
    shown = [media.media.photo.id for media in ann(bots.GetPreviewMediasRequest(robot))]
    assert shown == [two.id.id, three.id.id]
    bot(bots.DeletePreviewMediaRequest(own, "", [two]))
    assert len(bot(bots.GetPreviewInfoRequest(own, "")).media) == 1
    assert fault(bot, bots.DeletePreviewMediaRequest(own, "", [two])) == "MEDIA_INVALID"
    assert fault(ann, bots.AddPreviewMediaRequest(robot, "", one)) == "BOT_INVALID"
