"""What accounts, businesses and channels say of themselves, and what their apps keep in common."""

from __future__ import annotations

import pytest
import worldkit
from worldkit import fault, place, told

from telethon.testing import Options, tiny_png
from telethon.tl import functions, types

account, contacts, channels = functions.account, functions.contacts, functions.channels


@pytest.fixture
def server():
    return worldkit.make_server(options=Options(gigagroup_from=2, sensitive_can_change=True))


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann", username="ann_1", phone="+9996620001"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob", phone="+9996620002"))


def upload(device, data, number=1, name="file"):
    device(functions.upload.SaveFilePartRequest(number, 0, data))
    return types.InputFile(number, 1, name, "")


def full(device, other):
    return device(functions.users.GetFullUserRequest(device.user.input_user(other.user))).full_user


def befriend(one, other):
    one(contacts.AddContactRequest(one.user.input_user(other.user), other.user.first_name, "", ""))


# -- profile ---------------------------------------------------------------------------------------------------------


def test_birthdays(server, ann, bob):
    befriend(ann, bob)
    ann.updates()
    from datetime import datetime, timezone

    today = datetime.fromtimestamp(server.world.now(), timezone.utc)
    bob(account.UpdateBirthdayRequest(types.Birthday(today.day, today.month, 1990)))
    assert told(ann, types.UpdateUser)[0].user_id == bob.user.id
    assert full(ann, bob).birthday.year == 1990
    assert [one.contact_id for one in ann(contacts.GetBirthdaysRequest()).contacts] == [bob.user.id]
    bob(account.SetPrivacyRequest(types.InputPrivacyKeyBirthday(), [types.InputPrivacyValueDisallowAll()]))
    assert full(ann, bob).birthday is None
    assert fault(bob, account.UpdateBirthdayRequest(types.Birthday(31, 2))) == "BIRTHDAY_INVALID"
    bob(account.UpdateBirthdayRequest())
    assert ann(contacts.GetBirthdaysRequest()).contacts == []
    ann(functions.users.SuggestBirthdayRequest(ann.user.input_user(bob.user), types.Birthday(1, 2)))
    assert isinstance(bob.user.chat(ann.user).messages()[-1].raw.action, types.MessageActionSuggestBirthday)


async def test_the_channel_in_a_profile(server, ann, bob):
    channel = server.create_channel("News", ann.user, username="news_1")
    ann(account.UpdatePersonalChannelRequest(place(ann, channel)))
    await ann.user.chat(channel).send("first post")
    shown = full(bob, ann)
    assert (shown.personal_channel_id, shown.personal_channel_message) == (channel.id, channel.box.last_id)
    posts = functions.messages.GetPersonalChannelHistoryRequest(bob.user.input_user(ann.user), 10, 0, 0, 0)
    assert bob(posts).messages[0].message == "first post"
    group = server.create_channel("Group", ann.user, megagroup=True)
    assert fault(ann, account.UpdatePersonalChannelRequest(place(ann, group))) == "CHANNEL_INVALID"
    ann(account.UpdatePersonalChannelRequest(types.InputChannelEmpty()))
    assert full(bob, ann).personal_channel_id is None


async def test_colours_and_statuses_are_for_premium_accounts(server, ann, bob):
    await ann.user.chat(bob.user).send("hi")
    emoji, *_ = server.create_sticker_set("faces", "Faces", bob.user, {"😀": tiny_png()}, emojis=True)
    status = types.EmojiStatus(emoji)
    assert fault(ann, account.UpdateEmojiStatusRequest(status)) == "PREMIUM_ACCOUNT_REQUIRED"
    ann.user.account.premium = True
    bob.updates()
    ann(account.UpdateEmojiStatusRequest(status))
    assert told(bob, types.UpdateUserEmojiStatus)[0].emoji_status.document_id == emoji
    assert full(bob, ann) is not None
    seen = bob(functions.users.GetUsersRequest([bob.user.input_user(ann.user)]))[0]
    assert seen.emoji_status.document_id == emoji
    assert fault(ann, account.UpdateEmojiStatusRequest(types.EmojiStatus(5))) == "DOCUMENT_INVALID"
    assert len(ann(account.GetRecentEmojiStatusesRequest(0)).statuses) == 1
    ann(account.ClearRecentEmojiStatusesRequest())
    assert ann(account.GetRecentEmojiStatusesRequest(0)).statuses == []
    for request in (account.GetDefaultEmojiStatusesRequest, account.GetChannelDefaultEmojiStatusesRequest):
        answer = ann(request(0))
        assert [one.document_id for one in answer.statuses] == [emoji]
        assert isinstance(ann(request(answer.hash)), types.account.EmojiStatusesNotModified)
    for request in (
        account.GetDefaultProfilePhotoEmojisRequest,
        account.GetDefaultGroupPhotoEmojisRequest,
        account.GetDefaultBackgroundEmojisRequest,
    ):
        assert ann(request(0)).document_id == [emoji]
    assert ann(account.GetCollectibleEmojiStatusesRequest(0)).statuses == []
    assert ann(account.GetChannelRestrictedStatusEmojisRequest(0)).document_id == []
    ann(account.UpdateColorRequest(color=types.PeerColor(3)))
    ann(account.UpdateColorRequest(for_profile=True, color=types.PeerColor(4)))
    seen = bob(functions.users.GetUsersRequest([bob.user.input_user(ann.user)]))[0]
    assert (seen.color.color, seen.profile_color.color) == (3, 4)
    assert fault(bob, account.UpdateColorRequest(color=types.PeerColor(3))) == "PREMIUM_ACCOUNT_REQUIRED"
    ann(account.SetMainProfileTabRequest(types.ProfileTabGifts()))
    assert isinstance(full(bob, ann).main_tab, types.ProfileTabGifts)


def test_bots_change_a_status_with_leave_only(server, ann, bob):
    robot = worldkit.Device(server, server.create_bot("Robot", "robot_bot"))
    emoji, *_ = server.create_sticker_set("faces", "Faces", bob.user, {"😀": tiny_png()}, emojis=True)
    user = robot.user.input_user(ann.user)
    change = functions.bots.UpdateUserEmojiStatusRequest(user, types.EmojiStatus(emoji))
    assert fault(robot, change) == "USER_PERMISSION_DENIED"
    ann(functions.bots.ToggleUserEmojiStatusPermissionRequest(ann.user.input_user(robot.user), True))
    assert fault(robot, change) == "PREMIUM_ACCOUNT_REQUIRED"
    ann.user.account.premium = True
    assert robot(change) is True
    assert ann.user.account.profile.emoji_status.document_id == emoji


def test_further_usernames(server, ann, bob):
    server.add_username(ann.user, "ann_two")
    server.add_username(ann.user, "ann_three")
    seen = bob(contacts.ResolveUsernameRequest("ann_two")).users[0]
    assert [one.username for one in seen.usernames] == ["ann_1", "ann_two", "ann_three"]
    ann(account.ToggleUsernameRequest("ann_two", False))
    assert fault(bob, contacts.ResolveUsernameRequest("ann_two")) == "USERNAME_NOT_OCCUPIED"
    assert fault(ann, account.ToggleUsernameRequest("ann_two", False)) == "USERNAME_NOT_MODIFIED"
    assert fault(ann, account.ToggleUsernameRequest("nothing", True)) == "USERNAME_INVALID"
    assert fault(ann, account.ReorderUsernamesRequest(["ann_1"])) == "ORDER_INVALID"
    ann(account.ToggleUsernameRequest("ann_two", True))
    ann(account.ReorderUsernamesRequest(["ann_three", "ann_1", "ann_two"]))
    assert list(ann.user.account.further) == ["ann_three", "ann_two"]
    channel = server.create_channel("News", ann.user, username="news_1")
    server.add_username(channel, "news_two")
    ann(channels.ReorderUsernamesRequest(place(ann, channel), ["news_two", "news_1"]))
    ann(channels.ToggleUsernameRequest(place(ann, channel), "news_two", False))
    ann(channels.ToggleUsernameRequest(place(ann, channel), "news_two", True))
    ann(channels.DeactivateAllUsernamesRequest(place(ann, channel)))
    assert channel.further == {"news_two": False}
    info = functions.fragment.GetCollectibleInfoRequest
    assert ann(info(types.InputCollectibleUsername("ann_two"))).url.endswith("ann_two")
    assert fault(ann, info(types.InputCollectibleUsername("ann_1"))) == "COLLECTIBLE_NOT_FOUND"


# -- the address book ------------------------------------------------------------------------------------------------


def test_who_is_in_the_address_book(server, ann, bob):
    person = ann.user.input_user(bob.user)
    assert fault(ann, contacts.AcceptContactRequest(person)) == "CONTACT_REQ_MISSING"
    befriend(bob, ann)
    ann(contacts.AcceptContactRequest(person))
    assert ann(contacts.GetContactIDsRequest(0)) == [bob.user.id]
    ann(contacts.UpdateContactNoteRequest(person, types.TextWithEntities("likes tea", [])))
    assert full(ann, bob).note.text == "likes tea"
    long = types.TextWithEntities("x" * 129, [])
    assert fault(ann, contacts.UpdateContactNoteRequest(person, long)) == "MESSAGE_TOO_LONG"
    ann(contacts.EditCloseFriendsRequest([bob.user.id]))
    assert ann(functions.users.GetUsersRequest([person]))[0].close_friend
    assert fault(ann, contacts.EditCloseFriendsRequest([5])) == "USER_ID_INVALID"
    ann.updates()
    tablet = worldkit.Device(server, ann.user)
    ann(contacts.DeleteByPhonesRequest(["+999 66 20002"]))
    assert told(tablet, types.UpdatePeerSettings)[0].settings.add_contact
    assert ann(contacts.GetContactIDsRequest(0)) == []
    note = contacts.UpdateContactNoteRequest(person, types.TextWithEntities("x", []))
    assert fault(ann, note) == "CONTACT_MISSING"


def test_phone_books_and_tokens(server, ann, bob):
    entry = types.InputPhoneContact(1, "+42999", "Nobody", "")
    ann(contacts.ImportContactsRequest([entry]))
    assert fault(ann, contacts.GetSavedRequest()) == "TAKEOUT_REQUIRED"
    takeout = ann(account.InitTakeoutSessionRequest()).id
    assert [one.phone for one in ann(contacts.GetSavedRequest(), takeout_id=takeout)] == ["+42999"]
    ann(contacts.ResetSavedRequest())
    assert ann(contacts.GetSavedRequest(), takeout_id=takeout) == []
    token = ann(contacts.ExportContactTokenRequest()).url.rpartition("/")[2]
    assert bob(contacts.ImportContactTokenRequest(token)).id == ann.user.id
    assert fault(bob, contacts.ImportContactTokenRequest("none")) == "IMPORT_TOKEN_INVALID"


async def test_whom_one_writes_to_most(server, ann, bob):
    robot = server.create_bot("Robot", "robot_bot")
    await ann.user.chat(bob.user).send("one")
    await ann.user.chat(bob.user).send("two")
    await ann.user.chat(robot).send("/start")
    ask = contacts.GetTopPeersRequest(0, 10, 0, correspondents=True, bots_pm=True)
    found = ann(ask).categories
    assert [(one.count, one.peers[0].rating) for one in found] == [(1, 2.0), (1, 1.0)]
    server._given_clock.advance(5)
    ann(contacts.ResetTopPeerRatingRequest(types.TopPeerCategoryCorrespondents(), ann.peer(bob.user)))
    assert ann(ask).categories[0].count == 0
    ann(contacts.ToggleTopPeersRequest(False))
    assert isinstance(ann(ask), types.contacts.TopPeersDisabled)


async def test_blocking_just_some(server, ann, bob):
    await bob.user.chat(ann.user).send("spam")
    number = ann.user.chat(bob.user).messages()[-1].id
    ann(contacts.BlockFromRepliesRequest(number, delete_message=True, report_spam=True))
    assert bob.user.id in ann.user.account.blocked
    assert ann.user.chat(bob.user).messages() == []
    assert fault(ann, contacts.BlockFromRepliesRequest(99)) == "MSG_ID_INVALID"
    ann.updates()
    tablet = worldkit.Device(server, ann.user)
    ann(contacts.SetBlockedRequest([], 10))
    assert told(tablet, types.UpdatePeerBlocked)[0].blocked is not True
    ann(contacts.SetBlockedRequest([ann.peer(bob.user)], 10, my_stories_from=True))
    assert ann.user.account.blocked == {}


def test_who_is_near(server, ann, bob):
    here, there = types.InputGeoPoint(52.5, 13.4), types.InputGeoPoint(52.51, 13.4)
    assert fault(ann, contacts.GetLocatedRequest(types.InputGeoPointEmpty())) == "GEO_POINT_INVALID"
    assert fault(ann, contacts.GetLocatedRequest(here, self_expires=60)) == "USERPIC_UPLOAD_REQUIRED"
    ann(functions.photos.UploadProfilePhotoRequest(file=upload(ann, tiny_png())))
    ann(contacts.GetLocatedRequest(here, self_expires=60))
    near = bob(contacts.GetLocatedRequest(there)).updates[0].peers
    assert (near[0].peer.user_id, 1000 < near[0].distance < 1200) == (ann.user.id, True)
    server._given_clock.advance(61)
    assert bob(contacts.GetLocatedRequest(there)).updates[0].peers == []


def test_pictures_for_contacts(ann, bob):
    person = ann.user.input_user(bob.user)
    give = functions.photos.UploadContactProfilePhotoRequest
    assert fault(ann, give(person, save=True, file=upload(ann, tiny_png()))) == "CONTACT_MISSING"
    befriend(ann, bob)
    ann(give(person, save=True, file=upload(ann, tiny_png())))
    assert full(ann, bob).personal_photo is not None
    assert full(bob, bob).personal_photo is None
    ann(give(person, suggest=True, file=upload(ann, tiny_png())))
    assert isinstance(bob.user.chat(ann.user).messages()[-1].raw.action, types.MessageActionSuggestProfilePhoto)
    ann(give(person))
    assert full(ann, bob).personal_photo is None
    assert fault(ann, give(types.InputUserSelf(), save=True)) == "USER_ID_INVALID"
    assert isinstance(ann(contacts.GetSponsoredPeersRequest("tea")), types.contacts.SponsoredPeersEmpty)


# -- looks -----------------------------------------------------------------------------------------------------------


def test_wallpapers(server, ann, bob):
    nothing = types.WallPaperSettings()
    put = account.UploadWallPaperRequest
    assert fault(ann, put(upload(ann, b"text"), "text/plain", nothing)) == "WALLPAPER_MIME_INVALID"
    assert fault(ann, put(upload(ann, b"text", 2), "image/png", nothing)) == "WALLPAPER_FILE_INVALID"
    made = ann(put(upload(ann, tiny_png(), 3), "image/png", nothing))
    by_slug = types.InputWallPaperSlug(made.slug)
    assert bob(account.GetWallPaperRequest(by_slug)).id == made.id
    assert fault(bob, account.GetWallPaperRequest(types.InputWallPaperSlug("x"))) == "WALLPAPER_INVALID"
    assert [one.id for one in bob(account.GetMultiWallPapersRequest([by_slug]))] == [made.id]
    bob(account.SaveWallPaperRequest(by_slug, False, nothing))
    bob(account.InstallWallPaperRequest(types.InputWallPaperNoFile(7), types.WallPaperSettings(background_color=5)))
    kept = bob(account.GetWallPapersRequest(0))
    assert [one.id for one in kept.wallpapers] == [7, made.id]
    assert isinstance(bob(account.GetWallPapersRequest(kept.hash)), types.account.WallPapersNotModified)
    bob(account.ResetWallPapersRequest())
    assert bob(account.GetWallPapersRequest(0)).wallpapers == []
    peer = ann.peer(bob.user)
    hang = functions.messages.SetChatWallPaperRequest
    ann(hang(peer, wallpaper=by_slug))
    assert full(ann, bob).wallpaper.id == made.id
    assert full(bob, ann).wallpaper is None
    assert fault(ann, hang(peer, for_both=True, wallpaper=by_slug)) == "PREMIUM_ACCOUNT_REQUIRED"
    number = bob.user.chat(ann.user).messages()[-1].id
    bob(hang(bob.peer(ann.user), id=number))
    assert full(bob, ann).wallpaper.id == made.id
    ann(hang(peer))
    assert full(ann, bob).wallpaper is None


def test_themes(server, ann, bob):
    kind = "application/x-tgtheme-android"
    assert fault(ann, account.UploadThemeRequest(upload(ann, b"x"), "t", "text/plain")) == "THEME_FILE_INVALID"
    file = ann(account.UploadThemeRequest(upload(ann, b"colours", 2), "dark.attheme", kind))
    document = types.InputDocument(file.id, file.access_hash, file.file_reference)
    assert fault(ann, account.CreateThemeRequest("", " ")) == "THEME_TITLE_INVALID"
    simple = [types.InputThemeSettings(types.BaseThemeNight(), 0x112233)]
    made = ann(account.CreateThemeRequest("dark_one", "Dark", document=document, settings=simple))
    assert fault(ann, account.CreateThemeRequest("dark_one", "Dark")) == "THEME_SLUG_INVALID"
    by_slug = types.InputThemeSlug("dark_one")
    assert bob(account.GetThemeRequest("android", by_slug)).title == "Dark"
    assert fault(bob, account.GetThemeRequest("amiga", by_slug)) == "THEME_FORMAT_INVALID"
    assert fault(bob, account.GetThemeRequest("android", types.InputThemeSlug("no"))) == "THEME_INVALID"
    bob(account.InstallThemeRequest(theme=by_slug))
    assert [one.id for one in bob(account.GetThemesRequest("android", 0)).themes] == [made.id]
    ann(account.UpdateThemeRequest("android", types.InputTheme(made.id, made.access_hash), title="Darker"))
    assert told(bob, types.UpdateTheme)[0].theme.title == "Darker"
    assert fault(bob, account.UpdateThemeRequest("android", by_slug, title="x")) == "THEME_INVALID"
    bob(account.SaveThemeRequest(by_slug, True))
    assert bob(account.GetThemesRequest("android", 0)).themes == []
    offered = ann(account.GetChatThemesRequest(0)).themes
    peer = ann.peer(bob.user)
    chosen = types.InputChatTheme(offered[0].emoticon)
    ann(functions.messages.SetChatThemeRequest(peer, chosen))
    assert full(bob, ann).theme.emoticon == offered[0].emoticon
    assert fault(ann, functions.messages.SetChatThemeRequest(peer, chosen)) == "EMOJI_NOT_MODIFIED"
    assert fault(ann, functions.messages.SetChatThemeRequest(peer, types.InputChatTheme("x"))) == "EMOJI_INVALID"
    assert ann(account.GetUniqueGiftChatThemesRequest("", 10, 0)).themes == []


def test_music_and_sounds(server, ann, bob):
    made = ann(account.UploadRingtoneRequest(upload(ann, b"ding"), "ding.mp3", "audio/mpeg"))
    document = types.InputDocument(made.id, made.access_hash, made.file_reference)
    assert fault(ann, account.UploadRingtoneRequest(upload(ann, b"x"), "x", "text/plain")) == "RINGTONE_MIME_INVALID"
    tablet = worldkit.Device(server, ann.user)
    ann(account.SaveRingtoneRequest(document, False))
    assert told(tablet, types.UpdateSavedRingtones)
    kept = ann(account.GetSavedRingtonesRequest(0))
    assert [one.id for one in kept.ringtones] == [made.id]
    assert isinstance(ann(account.GetSavedRingtonesRequest(kept.hash)), types.account.SavedRingtonesNotModified)
    ann(account.SaveRingtoneRequest(document, True))
    assert ann(account.GetSavedRingtonesRequest(0)).ringtones == []
    ann(account.SaveMusicRequest(document))
    assert ann(account.GetSavedMusicIdsRequest(0)).ids == [made.id]
    music = bob(functions.users.GetSavedMusicRequest(bob.user.input_user(ann.user), 0, 10, 0))
    assert (music.count, full(bob, ann).saved_music.id) == (1, made.id)
    assert bob(functions.messages.ReportMusicListenRequest(document, 30)) is True
    nothing = functions.messages.ReportMusicListenRequest(types.InputDocumentEmpty(), 30)
    assert fault(bob, nothing) == "DOCUMENT_INVALID"
    again = functions.users.GetSavedMusicByIDRequest(bob.user.input_user(ann.user), [document])
    assert bob(again).documents[0].id == made.id
    ann(account.SaveMusicRequest(document, unsave=True))
    assert ann(account.GetSavedMusicIdsRequest(0)).ids == []


# -- what apps keep in common ----------------------------------------------------------------------------------------


def test_how_things_are_announced(server, ann, bob):
    tablet = worldkit.Device(server, ann.user)
    quiet = types.InputPeerNotifySettings(mute_until=0x7FFFFFFF)
    ann(account.UpdateNotifySettingsRequest(types.InputNotifyPeer(ann.peer(bob.user)), quiet))
    ann(account.UpdateNotifySettingsRequest(types.InputNotifyUsers(), quiet))
    assert [type(one.peer) for one in told(tablet, types.UpdateNotifySettings)] == [types.NotifyPeer, types.NotifyUsers]
    assert ann(account.GetNotifySettingsRequest(types.InputNotifyUsers())).mute_until is not None
    other = ann(account.GetNotifyExceptionsRequest()).updates
    assert [one.peer.peer.user_id for one in other] == [bob.user.id]
    ann(account.ResetNotifySettingsRequest())
    assert ann(account.GetNotifyExceptionsRequest()).updates == []
    assert ann(account.GetContactSignUpNotificationRequest()) is False
    ann(account.SetContactSignUpNotificationRequest(True))
    assert ann(account.GetContactSignUpNotificationRequest()) is True
    usual = ann(account.GetReactionsNotifySettingsRequest())
    usual.show_previews = False
    ann(account.SetReactionsNotifySettingsRequest(usual))
    assert ann(account.GetReactionsNotifySettingsRequest()).show_previews is False


def test_downloads_and_galleries(ann, bob):
    low = ann(account.GetAutoDownloadSettingsRequest()).low
    low.disabled = True
    ann(account.SaveAutoDownloadSettingsRequest(low, low=True))
    assert ann(account.GetAutoDownloadSettingsRequest()).low.disabled
    wanted = types.AutoSaveSettings(photos=True)
    save = account.SaveAutoSaveSettingsRequest
    assert fault(ann, save(wanted)) == "PEER_ID_INVALID"
    ann(save(wanted, users=True))
    ann(save(wanted, peer=ann.peer(bob.user)))
    kept = ann(account.GetAutoSaveSettingsRequest())
    assert (kept.users_settings.photos, kept.exceptions[0].peer.user_id) == (True, bob.user.id)
    ann(account.DeleteAutoSaveExceptionsRequest())
    assert ann(account.GetAutoSaveSettingsRequest()).exceptions == []


def test_privacy_and_devices(server, ann, bob):
    ann(account.SetContentSettingsRequest(sensitive_enabled=True))
    assert ann(account.GetContentSettingsRequest()).sensitive_enabled
    hide = types.GlobalPrivacySettings(hide_read_marks=True)
    ann(account.SetGlobalPrivacySettingsRequest(hide))
    assert ann(account.GetGlobalPrivacySettingsRequest()).hide_read_marks
    paid = types.GlobalPrivacySettings(new_noncontact_peers_require_premium=True)
    assert fault(ann, account.SetGlobalPrivacySettingsRequest(paid)) == "PREMIUM_ACCOUNT_REQUIRED"
    ann(account.SetAuthorizationTTLRequest(30))
    assert ann(account.GetAuthorizationsRequest()).authorization_ttl_days == 30
    assert fault(ann, account.SetAuthorizationTTLRequest(0)) == "TTL_DAYS_INVALID"
    assert ann(account.ChangeAuthorizationSettingsRequest(0, call_requests_disabled=True)) is True
    assert fault(ann, account.ChangeAuthorizationSettingsRequest(5)) == "HASH_INVALID"
    assert ann(account.UpdateDeviceLockedRequest(60)) is True
    ann(functions.messages.SetDefaultHistoryTTLRequest(86_400))
    assert ann(functions.messages.GetDefaultHistoryTTLRequest()).period == 86_400
    assert fault(ann, functions.messages.SetDefaultHistoryTTLRequest(-1)) == "TTL_PERIOD_INVALID"
    sent = server.world.logins.send_code("9996620001")
    ann(account.InvalidateSignInCodesRequest([sent.code]))
    assert "9996620001" not in server.world.logins.codes


def test_links_in_the_browser(server, ann):
    tablet = worldkit.Device(server, ann.user)
    ann(account.UpdateWebBrowserSettingsRequest(open_external_browser=True))
    assert told(tablet, types.UpdateWebBrowserSettings)[0].open_external_browser
    shown = ann(account.GetWebBrowserSettingsRequest(0))
    assert isinstance(
        ann(account.GetWebBrowserSettingsRequest(shown.hash)), types.account.WebBrowserSettingsNotModified
    )
    ann(account.ToggleWebBrowserSettingsExceptionRequest("https://example.com/a", open_external_browser=False))
    assert [one.domain for one in ann(account.GetWebBrowserSettingsRequest(0)).inapp_exceptions] == ["example.com"]
    assert fault(ann, account.ToggleWebBrowserSettingsExceptionRequest("nothing")) == "URL_INVALID"
    assert ann(account.DeleteWebBrowserSettingsExceptionsRequest()).inapp_exceptions == []


def test_who_writes_for_nothing(ann, bob):
    person = ann.user.input_user(bob.user)
    assert ann(account.ToggleNoPaidMessagesExceptionRequest(person)) is True
    assert ann(account.GetPaidMessagesRevenueRequest(person)).stars_amount == 0
    parent = account.GetPaidMessagesRevenueRequest(person, parent_peer=types.InputPeerSelf())
    assert fault(ann, parent) == "PARENT_PEER_INVALID"
    assert fault(ann, account.ToggleSponsoredMessagesRequest(False)) == "PREMIUM_ACCOUNT_REQUIRED"


# -- business --------------------------------------------------------------------------------------------------------


def test_what_a_business_says(server, ann, bob):
    hours = types.BusinessWorkHours("Europe/Berlin", [types.BusinessWeeklyOpen(60, 120)])
    assert fault(ann, account.UpdateBusinessWorkHoursRequest(hours)) == "PREMIUM_ACCOUNT_REQUIRED"
    ann.user.account.premium = True
    ann(account.UpdateBusinessWorkHoursRequest(hours))
    bad = types.BusinessWorkHours("Europe/Berlin", [types.BusinessWeeklyOpen(120, 60)])
    assert fault(ann, account.UpdateBusinessWorkHoursRequest(bad)) == "BUSINESS_WORK_HOURS_PERIOD_INVALID"
    ann(account.UpdateBusinessLocationRequest(types.InputGeoPoint(1.0, 2.0), "Main street 1"))
    ann(account.UpdateBusinessIntroRequest(types.InputBusinessIntro("Hello", "We sell tea")))
    shown = full(bob, ann)
    assert (shown.business_location.address, shown.business_intro.title) == ("Main street 1", "Hello")
    assert shown.business_work_hours.timezone_id == "Europe/Berlin"
    everybody = types.InputBusinessRecipients(new_chats=True)
    greeting = types.InputBusinessGreetingMessage(1, everybody, 7)
    assert fault(ann, account.UpdateBusinessGreetingMessageRequest(greeting)) == "SHORTCUT_INVALID"
    keep = types.InputQuickReplyShortcut("hello")
    ann(
        functions.messages.SendMessageRequest(types.InputPeerSelf(), "Welcome!", random_id=1, quick_reply_shortcut=keep)
    )
    ann(account.UpdateBusinessGreetingMessageRequest(greeting))
    away = types.InputBusinessAwayMessage(1, types.BusinessAwayMessageScheduleAlways(), everybody)
    ann(account.UpdateBusinessAwayMessageRequest(away))
    assert full(ann, ann).business_greeting_message.no_activity_days == 7
    assert full(bob, ann).business_greeting_message is None
    nobody = types.InputBusinessGreetingMessage(1, types.InputBusinessRecipients(), 7)
    assert fault(ann, account.UpdateBusinessGreetingMessageRequest(nobody)) == "BUSINESS_RECIPIENTS_EMPTY"


def test_links_into_the_chat_of_a_business(ann, bob):
    text = types.InputBusinessChatLink("I want tea", title="Tea")
    assert fault(ann, account.CreateBusinessChatLinkRequest(text)) == "PREMIUM_ACCOUNT_REQUIRED"
    ann.user.account.premium = True
    made = ann(account.CreateBusinessChatLinkRequest(text))
    slug = made.link.rpartition("/")[2]
    found = bob(account.ResolveBusinessChatLinkRequest(slug))
    assert (found.peer.user_id, found.message) == (ann.user.id, "I want tea")
    ann(account.EditBusinessChatLinkRequest(slug, types.InputBusinessChatLink("I want coffee")))
    assert [(one.message, one.views) for one in ann(account.GetBusinessChatLinksRequest()).links] == [
        ("I want coffee", 1)
    ]
    ann(account.DeleteBusinessChatLinkRequest(slug))
    assert fault(bob, account.ResolveBusinessChatLinkRequest(slug)) == "CHATLINK_SLUG_EXPIRED"
    assert fault(bob, account.ResolveBusinessChatLinkRequest("")) == "CHATLINK_SLUG_EMPTY"


async def test_a_connected_bot_is_kept_out_of_chats(server, ann, bob):
    robot = worldkit.Device(server, server.create_bot("Robot", "robot_bot"))
    assert ann(account.GetConnectedBotsRequest()).connected_bots == []
    pause = account.ToggleConnectedBotPausedRequest
    assert fault(ann, pause(ann.peer(bob.user), True)) == "BOT_NOT_CONNECTED_YET"
    await ann.user.connect_bot(robot.user)
    assert ann(account.GetConnectedBotsRequest()).connected_bots[0].bot_id == robot.user.id
    robot.updates()
    await bob.user.chat(ann.user).send("one")
    ann(pause(ann.peer(bob.user), True))
    await bob.user.chat(ann.user).send("two")
    ann(pause(ann.peer(bob.user), False))
    await bob.user.chat(ann.user).send("three")
    ann(account.DisablePeerConnectedBotRequest(ann.peer(bob.user)))
    await bob.user.chat(ann.user).send("four")
    seen = [one.message.message for one in told(robot, types.UpdateBotNewBusinessMessage)]
    assert seen == ["one", "three"]
    assert fault(ann, pause(ann.peer(robot.user), True)) == "BUSINESS_PEER_INVALID"


# -- channels --------------------------------------------------------------------------------------------------------


def test_traits_of_a_channel(server, ann, bob):
    channel = server.create_channel("News", ann.user, [bob.user], username="news_1")
    group = server.create_channel("Friends", ann.user, [bob.user], megagroup=True)
    news, friends = place(ann, channel), place(ann, group)

    def whole(where=news):
        return ann(channels.GetFullChannelRequest(where)).full_chat

    ann(channels.ToggleAntiSpamRequest(friends, True))
    assert whole(friends).antispam
    assert fault(ann, channels.ToggleAntiSpamRequest(friends, True)) == "CHAT_NOT_MODIFIED"
    assert fault(ann, channels.ReportAntiSpamFalsePositiveRequest(friends, 5)) == "MESSAGE_ID_INVALID"
    assert fault(bob, channels.ToggleAutotranslationRequest(place(bob, channel), True)) == "CHAT_ADMIN_REQUIRED"
    bob.updates()
    ann(channels.ToggleAutotranslationRequest(news, True))
    assert told(bob, types.UpdateChannel)[0].channel_id == channel.id
    ann(channels.UpdateColorRequest(news, color=3))
    assert fault(ann, channels.UpdateColorRequest(news, color=3)) == "CHAT_NOT_MODIFIED"
    seen = bob(channels.GetChannelsRequest([place(bob, channel)])).chats[0]
    assert (seen.autotranslation, seen.color.color) == (True, 3)
    ann(channels.UpdateEmojiStatusRequest(news, types.EmojiStatus(5)))
    ann(channels.UpdateEmojiStatusRequest(news, types.EmojiStatusEmpty()))
    ann(channels.RestrictSponsoredMessagesRequest(news, True))
    ann(channels.SetBoostsToUnblockRestrictionsRequest(friends, 2))
    assert fault(ann, channels.SetBoostsToUnblockRestrictionsRequest(friends, 99)) == "LIMIT_INVALID"
    ann(channels.UpdatePaidMessagesPriceRequest(friends, 10))
    assert fault(ann, channels.UpdatePaidMessagesPriceRequest(friends, -1)) == "STARS_AMOUNT_INVALID"
    ann(channels.SetMainProfileTabRequest(news, types.ProfileTabMedia()))
    assert (whole().restricted_sponsored, isinstance(whole().main_tab, types.ProfileTabMedia)) == (True, True)
    assert (whole(friends).boosts_unrestrict, whole(friends).send_paid_messages_stars) == (2, 10)
    server.create_sticker_set("faces", "Faces", ann.user, {"😀": tiny_png()}, emojis=True)
    ann(channels.SetEmojiStickersRequest(friends, types.InputStickerSetShortName("faces")))
    assert whole(friends).emojiset.short_name == "faces"
    assert fault(ann, channels.SetEmojiStickersRequest(friends, types.InputStickerSetShortName("no"))) == (
        "STICKERSET_INVALID"
    )
    assert fault(ann, channels.EditLocationRequest(news, types.InputGeoPoint(1.0, 2.0), "x")) == "MEGAGROUP_REQUIRED"
    ann(channels.EditLocationRequest(friends, types.InputGeoPoint(1.0, 2.0), "At home"))
    assert whole(friends).location.address == "At home"
    ann(channels.ConvertToGigagroupRequest(friends))
    assert bob(channels.GetChannelsRequest([place(bob, group)])).chats[0].gigagroup
    alone = server.create_channel("Alone", ann.user, megagroup=True)
    assert fault(ann, channels.ConvertToGigagroupRequest(place(ann, alone))) == "PARTICIPANTS_TOO_FEW"
    entries = ann(channels.GetAdminLogRequest(friends, "", 0, 0, 50)).events
    kinds = {type(one.action).__name__.removeprefix("ChannelAdminLogEventAction") for one in entries}
    assert {"ToggleAntiSpam", "ChangeEmojiStickerSet", "ChangeLocation"} <= kinds
    forum = server.create_channel("Forum", ann.user, megagroup=True)
    shown = channels.ToggleViewForumAsMessagesRequest
    ann(shown(place(ann, forum), True))
    assert whole(place(ann, forum)).view_forum_as_messages
    assert fault(ann, shown(place(ann, forum), True)) == "CHAT_NOT_MODIFIED"


async def test_lists_of_channels(server, ann, bob):
    channel = server.create_channel("News", ann.user, [bob.user], username="news_1")
    other = server.create_channel("Other", bob.user, username="other_1")
    await ann.user.chat(channel).send("about #tea and cake")
    group = server.create_channel("Friends", ann.user, megagroup=True)
    assert [one.id for one in ann(channels.GetGroupsForDiscussionRequest()).chats] == [group.id]
    assert [one.id for one in ann(channels.GetChannelRecommendationsRequest()).chats] == [other.id]
    author = channels.GetMessageAuthorRequest(place(ann, channel), 1)
    assert ann(author).id == ann.user.id
    assert fault(bob, channels.GetMessageAuthorRequest(place(bob, channel), 1)) == "CHAT_ADMIN_REQUIRED"
    find = channels.SearchPostsRequest(0, types.InputPeerEmpty(), 0, 10, hashtag="tea")
    assert [one.message for one in bob(find).messages] == ["about #tea and cake"]
    by_words = channels.SearchPostsRequest(0, types.InputPeerEmpty(), 0, 10, query="cake")
    assert len(bob(by_words).messages) == 1
    assert bob(channels.CheckSearchPostsFloodRequest("x")).remains == 9
    assert fault(bob, channels.SearchPostsRequest(0, types.InputPeerEmpty(), 0, 10)) == "SEARCH_QUERY_EMPTY"
    assert ann(channels.GetInactiveChannelsRequest()).chats == []
    server._given_clock.advance(40 * 86_400)
    assert {one.id for one in ann(channels.GetInactiveChannelsRequest()).chats} == {channel.id, group.id}
    await bob.user.chat(ann.user).send("x")
    report = channels.ReportSpamRequest(place(ann, channel), ann.peer(ann.user), [1])
    assert fault(ann, report) == "MESSAGE_ID_INVALID"
