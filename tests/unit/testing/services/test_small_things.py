"""Translations, speech, complaints, searches, lists of things to do, owners of chats, documents, log-ins, figures."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qsl, urlsplit

import pytest
import worldkit
from worldkit import fault, place, told

from telethon.password import compute_check
from telethon.testing import tiny_png
from telethon.tl import functions, types

messages, account, help_ = functions.messages, functions.account, functions.help
ME = types.InputPeerSelf()


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann", username="ann_1", password="secret", phone="+9996620001"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob"))


@pytest.fixture
def bot(server):
    return worldkit.Device(server, server.create_bot("Robot", "robot_bot"))


def proof(device, password="secret"):
    return compute_check(device(account.GetPasswordRequest()), password)


# -- languages and speech --------------------------------------------------------------------------------------------


async def test_translations(server, ann, bob):
    server.create_translation("good morning", "de", "guten Morgen")
    translate = messages.TranslateTextRequest
    text = [types.TextWithEntities("good morning", [])]
    assert ann(translate("de", text=text)).result[0].text == "guten Morgen"
    await ann.user.chat(bob.user).send("good morning")
    assert ann(translate("DE", peer=ann.peer(bob.user), id=[1])).result[0].text == "guten Morgen"
    assert fault(ann, translate("fr", text=text)) == "TRANSLATE_REQ_FAILED"
    assert fault(ann, translate("?", text=text)) == "TO_LANG_INVALID"
    assert fault(ann, translate("de", text=[])) == "INPUT_TEXT_EMPTY"
    ann(messages.TogglePeerTranslationsRequest(ann.peer(bob.user), disabled=True))
    full = ann(functions.users.GetFullUserRequest(ann.user.input_user(bob.user))).full_user
    assert full.translations_disabled


def voice(device, peer, number):
    device(functions.upload.SaveFilePartRequest(number, 0, b"sound %d" % number))
    given = types.InputMediaUploadedDocument(
        types.InputFile(number, 1, "a.ogg", ""), "audio/ogg", [types.DocumentAttributeAudio(3, voice=True)]
    )
    device(messages.SendMediaRequest(peer, given, "", random_id=number))


async def test_speech_as_text(server, ann, bob):
    for number in (1, 2, 3):
        voice(ann, ann.peer(bob.user), number)
        server.create_transcription(b"sound %d" % number, f"text {number}")
    peer = bob.peer(ann.user)
    first = bob(messages.TranscribeAudioRequest(peer, 1))
    assert (first.text, first.trial_remains_num) == ("text 1", 1)
    assert bob(messages.TranscribeAudioRequest(peer, 1)).transcription_id == first.transcription_id
    bob(messages.TranscribeAudioRequest(peer, 2))
    assert fault(bob, messages.TranscribeAudioRequest(peer, 3)) == "PREMIUM_ACCOUNT_REQUIRED"
    bob.user.account.premium = True
    assert bob(messages.TranscribeAudioRequest(peer, 3)).text == "text 3"
    rate = messages.RateTranscribedAudioRequest
    assert bob(rate(peer, 1, first.transcription_id, True)) is True
    assert fault(bob, rate(peer, 1, 5, True)) == "TRANSCRIPTION_FAILED"
    await ann.user.chat(bob.user).send("no voice")
    assert fault(bob, messages.TranscribeAudioRequest(peer, 4)) == "MSG_VOICE_MISSING"
    voice(ann, ann.peer(bob.user), 9)
    assert fault(bob, messages.TranscribeAudioRequest(peer, 5)) == "TRANSCRIPTION_FAILED"


# -- complaints and advertisements -----------------------------------------------------------------------------------


async def test_complaints(server, ann, bob):
    await bob.user.chat(ann.user).send("buy!")
    peer = ann.peer(bob.user)
    first = ann(messages.ReportRequest(peer, [1], b"", ""))
    assert first.title == "Report"
    assert isinstance(ann(messages.ReportRequest(peer, [1], b"violence", "")), types.ReportResultReported)
    assert isinstance(ann(messages.ReportRequest(peer, [1], b"other", "so rude")), types.ReportResultReported)
    assert fault(ann, messages.ReportRequest(peer, [9], b"", "")) == "MESSAGE_ID_INVALID"
    reason = types.InputReportReasonSpam()
    bob(functions.upload.SaveFilePartRequest(1, 0, tiny_png()))
    made = bob(functions.photos.UploadProfilePhotoRequest(file=types.InputFile(1, 1, "a.png", ""))).photo
    photo = types.InputPhoto(made.id, made.access_hash, made.file_reference)
    assert ann(account.ReportProfilePhotoRequest(peer, photo, reason, "")) is True
    nothing = account.ReportProfilePhotoRequest(peer, types.InputPhotoEmpty(), reason, "")
    assert fault(ann, nothing) == "PHOTO_INVALID"
    assert ann(messages.ReportMessagesDeliveryRequest(peer, [1])) is True
    metric = types.InputMessageReadMetric(1, 1, 5, 5, 1000, 1000)
    assert ann(messages.ReportReadMetricsRequest(peer, [metric])) is True
    assert fault(ann, messages.ReportMessagesDeliveryRequest(peer, [9])) == "MESSAGE_ID_INVALID"


def test_there_are_no_advertisements(ann, bob):
    assert isinstance(
        ann(messages.GetSponsoredMessagesRequest(ann.peer(bob.user))), types.messages.SponsoredMessagesEmpty
    )
    for request in (
        messages.ViewSponsoredMessageRequest(b"x"),
        messages.ClickSponsoredMessageRequest(random_id=b"x"),
        messages.ReportSponsoredMessageRequest(b"x", b""),
    ):
        assert fault(ann, request) == "AD_EXPIRED"


# -- searching -------------------------------------------------------------------------------------------------------


async def test_where_in_a_chat_something_is(server, ann, bob):
    peer, photos = ann.peer(bob.user), types.InputMessagesFilterPhotos()
    for number in (1, 2, 3):
        ann(functions.upload.SaveFilePartRequest(number, 0, tiny_png()))
        media = types.InputMediaUploadedPhoto(types.InputFile(number, 1, "a.png", ""))
        ann(messages.SendMediaRequest(peer, media, f"photo {number}", random_id=number))
        if number == 2:
            server._given_clock.advance(2 * 86_400)
    calendar = ann(messages.GetSearchResultsCalendarRequest(peer, photos, 0, 0))
    assert [(one.count, one.min_msg_id, one.max_msg_id) for one in calendar.periods] == [(1, 3, 3), (2, 1, 2)]
    empty = messages.GetSearchResultsCalendarRequest(peer, types.InputMessagesFilterEmpty(), 0, 0)
    assert fault(ann, empty) == "FILTER_NOT_SUPPORTED"
    positions = ann(messages.GetSearchResultsPositionsRequest(peer, photos, 0, 10))
    assert [(one.msg_id, one.offset) for one in positions.positions] == [(3, 0), (2, 1), (1, 2)]
    sent = ann(messages.SearchSentMediaRequest("photo", photos, 10)).messages
    assert len(sent) == 3
    assert bob(messages.SearchSentMediaRequest("", photos, 10)).messages == []
    live = types.InputMediaGeoLive(types.InputGeoPoint(1.0, 2.0), period=60)
    ann(messages.SendMediaRequest(peer, live, "", random_id=9))
    assert len(ann(messages.GetRecentLocationsRequest(peer, 10, 0)).messages) == 1
    server._given_clock.advance(61)
    assert ann(messages.GetRecentLocationsRequest(peer, 10, 0)).messages == []


async def test_when_a_message_was_read(server, ann, bob):
    await ann.user.chat(bob.user).send("hi")
    ask = messages.GetOutboxReadDateRequest(ann.peer(bob.user), 1)
    assert fault(ann, ask) == "MESSAGE_NOT_READ_YET"
    server._given_clock.advance(5)
    bob(messages.ReadHistoryRequest(bob.peer(ann.user), 0))
    assert ann(ask).date.timestamp() == server.world.now()
    bob(account.SetGlobalPrivacySettingsRequest(types.GlobalPrivacySettings(hide_read_marks=True)))
    assert fault(ann, ask) == "USER_PRIVACY_RESTRICTED"
    assert fault(bob, messages.GetOutboxReadDateRequest(bob.peer(ann.user), 1)) == "MESSAGE_ID_INVALID"


def test_small_things_of_chats(server, ann, bob):
    peer = ann.peer(bob.user)
    ann(messages.SendScreenshotNotificationRequest(peer, types.InputReplyToMessage(0), random_id=1))
    assert isinstance(bob.user.chat(ann.user).messages()[-1].raw.action, types.MessageActionScreenshotTaken)
    assert ann(messages.GetPeerSettingsRequest(peer)).settings.add_contact
    ann(messages.HidePeerSettingsBarRequest(peer))
    assert not ann(messages.GetPeerSettingsRequest(peer)).settings.add_contact
    group = server.create_channel("Friends", ann.user, [bob.user], megagroup=True)
    channel = server.create_channel("News", ann.user, username="news_1")
    ann(messages.SaveDefaultSendAsRequest(ann.peer(group), ann.peer(channel)))
    ann(messages.SendMessageRequest(ann.peer(group), "news", random_id=5))
    assert bob.user.chat(group).messages()[-1].raw.from_id.channel_id == channel.id
    full = ann(functions.channels.GetFullChannelRequest(place(ann, group))).full_chat
    assert full.default_send_as.channel_id == channel.id
    wrong = messages.SaveDefaultSendAsRequest(bob.peer(group), bob.peer(channel))
    assert fault(bob, wrong) == "SEND_AS_PEER_INVALID"
    assert (
        fault(
            ann, messages.SendScreenshotNotificationRequest(ann.peer(group), types.InputReplyToMessage(0), random_id=2)
        )
        == "PEER_ID_INVALID"
    )
    assert ann(messages.GetAvailableEffectsRequest(0)).effects == []
    assert isinstance(ann(messages.GetEmojiGameInfoRequest()), types.messages.EmojiGameUnavailable)


# -- things to do and polls ------------------------------------------------------------------------------------------


def text(words):
    return types.TextWithEntities(words, [])


def test_things_to_do(server, ann, bob):
    items = [types.TodoItem(1, text("tea")), types.TodoItem(2, text("cake"))]
    todo = types.InputMediaTodo(types.TodoList(text("Shop"), items, others_can_complete=True))
    send = messages.SendMediaRequest(ann.peer(bob.user), todo, "", random_id=1)
    assert fault(ann, send) == "PREMIUM_ACCOUNT_REQUIRED"
    ann.user.account.premium = bob.user.account.premium = True
    ann(send)
    number = bob.user.chat(ann.user).messages()[0].id
    done = messages.ToggleTodoCompletedRequest(bob.peer(ann.user), number, [1], [])
    bob(done)
    shown = ann.user.chat(bob.user).messages()
    assert shown[0].media.completions[0].completed_by.user_id == bob.user.id
    assert shown[-1].raw.action.completed == [1]
    assert fault(bob, done) == "TODO_NOT_MODIFIED"
    more = [types.TodoItem(3, text("milk"))]
    assert fault(bob, messages.AppendTodoListRequest(bob.peer(ann.user), number, more)) == "MESSAGE_AUTHOR_REQUIRED"
    ann(messages.AppendTodoListRequest(ann.peer(bob.user), 1, more))
    assert len(bob.user.chat(ann.user).messages()[0].media.todo.list) == 3
    assert fault(ann, messages.AppendTodoListRequest(ann.peer(bob.user), 1, more)) == "TODO_ITEM_DUPLICATE"


def test_answers_are_added_to_polls(server, ann, bob):
    group = server.create_channel("Friends", ann.user, [bob.user], megagroup=True)
    poll = types.Poll(0, text("Tea?"), [types.PollAnswer(text("Yes"), b"y")], 0, open_answers=True)
    ann(messages.SendMediaRequest(ann.peer(group), types.InputMediaPoll(poll), "", random_id=1))
    number = group.box.last_id
    bob(messages.AddPollAnswerRequest(bob.peer(group), number, types.InputPollAnswer(text("Coffee"))))
    answers = ann.user.chat(group).messages()[-2].media.poll.answers
    assert [(one.text.text, one.added_by is None) for one in answers] == [("Yes", True), ("Coffee", False)]
    bob(messages.SendVoteRequest(bob.peer(group), number, [answers[1].option]))
    unread = ann(messages.GetUnreadPollVotesRequest(ann.peer(group), 0, 0, 10, 0, 0)).messages
    assert [one.id for one in unread] == [number]
    ann(messages.ReadPollVotesRequest(ann.peer(group)))
    assert ann(messages.GetUnreadPollVotesRequest(ann.peer(group), 0, 0, 10, 0, 0)).messages == []
    stats = ann(functions.stats.GetPollStatsRequest(ann.peer(group), number)).votes_graph.json.data
    assert '"Coffee"' in stats
    assert fault(bob, functions.stats.GetPollStatsRequest(bob.peer(group), number)) == "CHAT_ADMIN_REQUIRED"
    bob(messages.DeletePollAnswerRequest(bob.peer(group), number, answers[1].option))
    assert fault(bob, messages.DeletePollAnswerRequest(bob.peer(group), number, b"y")) == "MESSAGE_AUTHOR_REQUIRED"
    assert fault(bob, messages.DeletePollAnswerRequest(bob.peer(group), number, b"?")) == "OPTION_INVALID"


# -- chats -----------------------------------------------------------------------------------------------------------


def test_a_chat_is_given_to_somebody_else(server, ann, bob):
    group = server.create_channel("Friends", ann.user, [bob.user], megagroup=True)
    person = ann.user.input_user(bob.user)
    assert ann(messages.GetFutureChatCreatorAfterLeaveRequest(ann.peer(group))).id == bob.user.id
    wrong = messages.EditChatCreatorRequest(ann.peer(group), person, proof(ann, "wrong"))
    assert fault(ann, wrong) == "PASSWORD_HASH_INVALID"
    assert fault(bob, messages.GetFutureChatCreatorAfterLeaveRequest(bob.peer(group))) == "CHAT_ADMIN_REQUIRED"
    ann(messages.EditChatCreatorRequest(ann.peer(group), person, proof(ann)))
    assert (group.creator, group.members[ann.user.id].admin.add_admins) == (bob.user.id, True)
    rank = messages.EditChatParticipantRankRequest
    bob(rank(bob.peer(group), bob.peer(ann.user), "founder"))
    assert group.members[ann.user.id].rank == "founder"
    assert fault(bob, rank(bob.peer(group), bob.peer(ann.user), "x" * 17)) == "ADMIN_RANK_INVALID"
    basic = server.create_group("Basic", bob.user, [ann.user])
    ann.updates()
    bob(rank(bob.peer(basic), bob.peer(ann.user), "guest"))
    assert told(ann, types.UpdateChatParticipantRank)[0].rank == "guest"


def test_pinned_topics_in_order(server, ann, bob):
    forum = server.create_channel("Forum", ann.user, [bob.user], megagroup=True)
    reorder = messages.ReorderPinnedForumTopicsRequest
    assert fault(ann, reorder(ann.peer(forum), [1])) == "CHANNEL_FORUM_MISSING"
    ann(functions.channels.ToggleForumRequest(place(ann, forum), True, False))
    for title in ("one", "two"):
        ann(messages.CreateForumTopicRequest(ann.peer(forum), title, random_id=1))
    numbers = [number for number in forum.topics if number != 1]
    bob.updates()
    ann(reorder(ann.peer(forum), numbers[::-1], force=True))
    assert told(bob, types.UpdatePinnedForumTopics)[0].order == numbers[::-1]
    assert fault(ann, reorder(ann.peer(forum), [99])) == "TOPIC_ID_INVALID"
    assert fault(bob, reorder(bob.peer(forum), [1])) == "CHAT_ADMIN_REQUIRED"


# -- log-ins and codes -----------------------------------------------------------------------------------------------


def test_logging_in_to_a_website(server, ann, bot):
    bot.user.account.mailbox.dialog(ann.user.id)
    button = types.KeyboardInlineButton(
        "Log in", types.InputInlineButtonTypeUrlAuth("https://example.com/in", types.InputUserSelf())
    )
    markup = types.ReplyInlineMarkup([types.KeyboardInlineButtonRow([button])])
    bot(messages.SendMessageRequest(bot.peer(ann.user), "come", random_id=1, reply_markup=markup))
    peer = ann.peer(bot.user)
    asked = ann(messages.RequestUrlAuthRequest(peer=peer, msg_id=1, button_id=1))
    assert (asked.domain, asked.bot.id) == ("example.com", bot.user.id)
    url = ann(messages.AcceptUrlAuthRequest(peer=peer, msg_id=1, button_id=1)).url
    fields = dict(parse_qsl(urlsplit(url).query))
    given = fields.pop("hash")
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hashlib.sha256(bot.user.token.encode()).digest()
    assert (fields["id"], hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()) == (str(ann.user.id), given)
    assert fault(ann, messages.RequestUrlAuthRequest(peer=peer, msg_id=1, button_id=5)) == "BUTTON_ID_INVALID"
    assert isinstance(ann(messages.RequestUrlAuthRequest(url="https://x.org")), types.UrlAuthResultDefault)
    known = ann(account.GetWebAuthorizationsRequest()).authorizations
    assert [one.domain for one in known] == ["example.com"]
    ann(account.ResetWebAuthorizationRequest(known[0].hash))
    assert fault(ann, account.ResetWebAuthorizationRequest(known[0].hash)) == "HASH_INVALID"
    assert ann(account.ResetWebAuthorizationsRequest()) is True
    assert ann(messages.DeclineUrlAuthRequest("https://example.com")) is True
    assert fault(ann, messages.DeclineUrlAuthRequest("nothing")) == "URL_INVALID"


def test_numbers_and_addresses_are_proven(server, ann):
    settings = types.CodeSettings()
    sent = ann(account.SendVerifyPhoneCodeRequest("+42 777 1", settings))
    code = server.login_code("+427771")
    assert fault(ann, account.VerifyPhoneRequest("+427771", sent.phone_code_hash, "0")) == "PHONE_CODE_INVALID"
    assert ann(account.VerifyPhoneRequest("+427771", sent.phone_code_hash, code)) is True
    assert fault(ann, account.SendVerifyPhoneCodeRequest("x", settings)) == "PHONE_NUMBER_INVALID"
    missing = functions.auth.ReportMissingCodeRequest("+427771", "x", "1")
    assert fault(ann, missing) == "PHONE_CODE_EXPIRED"
    purpose = types.EmailVerifyPurposePassport()
    assert fault(ann, account.SendVerifyEmailCodeRequest(purpose, "nothing")) == "EMAIL_INVALID"
    mailed = ann(account.SendVerifyEmailCodeRequest(purpose, "ann@example.com"))
    assert (mailed.length, mailed.email_pattern) == (6, "a***n@example.com")
    wrong = account.VerifyEmailRequest(purpose, types.EmailVerificationCode("0"))
    assert fault(ann, wrong) == "CODE_INVALID"
    right = account.VerifyEmailRequest(purpose, types.EmailVerificationCode(server.email_code(ann.user)))
    assert ann(right).email == "ann@example.com"
    assert fault(ann, right) == "EMAIL_VERIFY_EXPIRED"


def test_the_end_of_a_forgotten_password(server, ann, bob):
    assert fault(bob, account.ResetPasswordRequest()) == "PASSWORD_EMPTY"
    assert fault(bob, account.GetTmpPasswordRequest(types.InputCheckPasswordEmpty(), 60)) == "TMP_PASSWORD_DISABLED"
    assert len(ann(account.GetTmpPasswordRequest(proof(ann), 60)).tmp_password) == 32
    assert fault(ann, account.DeclinePasswordResetRequest()) == "RESET_REQUEST_MISSING"
    assert isinstance(ann(account.ResetPasswordRequest()), types.account.ResetPasswordRequestedWait)
    assert ann(account.GetPasswordRequest()).pending_reset_date is not None
    ann(account.DeclinePasswordResetRequest())
    assert isinstance(ann(account.ResetPasswordRequest()), types.account.ResetPasswordFailedWait)
    server._given_clock.advance(86_401)
    ann(account.ResetPasswordRequest())
    server._given_clock.advance(7 * 86_400 + 1)
    assert isinstance(ann(account.ResetPasswordRequest()), types.account.ResetPasswordOk)
    assert not ann(account.GetPasswordRequest()).has_password


# -- documents -------------------------------------------------------------------------------------------------------


def test_documents_are_kept_and_given(server, ann, bob, bot):
    phone = types.InputSecureValue(types.SecureValueTypePhone(), plain_data=types.SecurePlainPhone("+9996620001"))
    assert fault(bob, account.SaveSecureValueRequest(phone, 1)) == "PASSWORD_REQUIRED"
    kept = ann(account.SaveSecureValueRequest(phone, 1))
    other = types.InputSecureValue(types.SecureValueTypePhone(), plain_data=types.SecurePlainPhone("+4299999"))
    assert fault(ann, account.SaveSecureValueRequest(other, 1)) == "PHONE_NUMBER_INVALID"
    ann(functions.upload.SaveFilePartRequest(1, 0, b"scan"))
    file = types.InputSecureFileUploaded(1, 1, "", b"h" * 32, b"s" * 32)
    card = types.InputSecureValue(types.SecureValueTypeIdentityCard(), front_side=file)
    assert ann(account.SaveSecureValueRequest(card, 1)).front_side.size == 4
    assert len(ann(account.GetAllSecureValuesRequest())) == 2
    assert ann(account.GetSecureValueRequest([types.SecureValueTypePhone()]))[0].hash == kept.hash
    form = ann(account.GetAuthorizationFormRequest(bot.user.id, "phone_number identity_card", "key"))
    assert (len(form.required_types), len(form.values)) == (2, 2)
    assert fault(ann, account.GetAuthorizationFormRequest(bot.user.id, "phone_number", "")) == "PUBLIC_KEY_REQUIRED"
    credentials = types.SecureCredentialsEncrypted(b"d", b"h", b"s")
    given = [types.SecureValueHash(types.SecureValueTypePhone(), kept.hash)]
    give = account.AcceptAuthorizationRequest
    assert fault(ann, give(bot.user.id, "phone_number email", "key", given, credentials)) == "SECURE_SECRET_REQUIRED"
    ann(give(bot.user.id, "phone_number", "key", given, credentials))
    action = told(bot, types.UpdateNewMessage)[0].message.action
    assert action.values[0].plain_data.phone == "+9996620001"
    errors = [types.SecureValueError(types.SecureValueTypePhone(), kept.hash, "wrong")]
    bot(functions.users.SetSecureValueErrorsRequest(bot.user.input_user(ann.user), errors))
    again = ann(account.GetAuthorizationFormRequest(bot.user.id, "phone_number", "key"))
    assert again.errors[0].text == "wrong"
    ann(account.DeleteSecureValueRequest([types.SecureValueTypePhone()]))
    assert len(ann(account.GetAllSecureValuesRequest())) == 1
    assert ann(help_.GetPassportConfigRequest(0)).countries_langs.data


# -- help and figures ------------------------------------------------------------------------------------------------


def test_what_the_service_offers(server, ann, bob):
    colors = ann(help_.GetPeerProfileColorsRequest(0))
    assert len(colors.colors) == 7
    assert isinstance(ann(help_.GetPeerProfileColorsRequest(colors.hash)), types.help.PeerColorsNotModified)
    zones = ann(help_.GetTimezonesListRequest(0)).timezones
    assert ("Etc/UTC", 0) in [(one.id, one.utc_offset) for one in zones]
    assert len(ann(help_.GetPremiumPromoRequest()).period_options) == 3
    assert ann(help_.GetRecentMeUrlsRequest("")).urls == []
    assert isinstance(ann(help_.GetDeepLinkInfoRequest("x")), types.help.DeepLinkInfoEmpty)
    event = types.InputAppEvent(1.0, "tap", 0, types.JsonNull())
    assert ann(help_.SaveAppLogRequest([event])) is True
    assert ann(help_.HidePromoDataRequest(ann.peer(bob.user))) is True
    assert ann(help_.DismissSuggestionRequest(types.InputPeerEmpty(), "AUTOARCHIVE_POPULAR")) is True
    assert fault(ann, help_.DismissSuggestionRequest(types.InputPeerEmpty(), "")) == "DATA_INVALID"
    assert fault(ann, help_.GetSupportNameRequest()) == "USER_INVALID"
    ann.user.account.support = True
    assert ann(help_.GetSupportNameRequest()).name == "Ann"
    person = ann.user.input_user(bob.user)
    assert isinstance(ann(help_.GetUserInfoRequest(person)), types.help.UserInfoEmpty)
    ann(help_.EditUserInfoRequest(person, "asks a lot", []))
    assert ann(help_.GetUserInfoRequest(person)).message == "asks a lot"


async def test_where_posts_went(server, ann, bob):
    channel = server.create_channel("News", ann.user, username="news_1")
    other = server.create_channel("Other", bob.user, username="other_1")
    await ann.user.chat(channel).send("post")
    number = channel.box.last_id
    bob(messages.ForwardMessagesRequest(bob.peer(channel), [number], bob.peer(other), random_id=[1]))
    ask = functions.stats.GetMessagePublicForwardsRequest
    found = ann(ask(place(ann, channel), number, "", 10))
    assert (found.count, found.forwards[0].message.peer_id.channel_id) == (1, other.id)
    assert fault(ann, ask(place(ann, channel), 99, "", 10)) == "MESSAGE_ID_INVALID"


# -- ways of writing, and chats from elsewhere -----------------------------------------------------------------------


def test_ways_of_writing(server, ann, bob):
    tones = functions.aicompose
    assert fault(ann, tones.CreateToneRequest(5, " ", "be kind")) == "AICOMPOSE_TONE_TITLE_INVALID"
    made = ann(tones.CreateToneRequest(5, "Kind", "be kind", display_author=True))
    by_slug = types.InputAiComposeToneSlug(made.slug)
    seen = bob(tones.GetToneRequest(by_slug))
    assert (seen.tones[0].prompt, seen.users[0].id) == (None, ann.user.id)
    bob(tones.SaveToneRequest(by_slug, False))
    kept = bob(tones.GetTonesRequest(0))
    assert [one.title for one in kept.tones] == ["Kind"]
    assert isinstance(bob(tones.GetTonesRequest(kept.hash)), types.aicompose.TonesNotModified)
    assert fault(bob, tones.UpdateToneRequest(by_slug, title="Mine")) == "AICOMPOSE_TONE_INVALID"
    by_id = types.InputAiComposeToneID(made.id, made.access_hash)
    assert ann(tones.UpdateToneRequest(by_id, title="Very kind")).title == "Very kind"
    ann(tones.DeleteToneRequest(by_id))
    assert bob(tones.GetTonesRequest(0)).tones == []


EXPORTED = """\
24.12.20, 18:05 - Ann: Merry Christmas!
and many more
24.12.20, 18:06 - Bob: tree.png (file attached)
"""


def test_a_chat_from_elsewhere_is_brought_in(server, ann, bob):
    group = server.create_channel("Friends", ann.user, [bob.user], megagroup=True)
    peer = ann.peer(group)
    assert ann(messages.CheckHistoryImportRequest(EXPORTED)).pm
    assert fault(ann, messages.CheckHistoryImportRequest("nothing")) == "IMPORT_FORMAT_UNRECOGNIZED"
    assert fault(ann, messages.CheckHistoryImportRequest("99.99.20, 18:05 - Ann: x")) == "IMPORT_FORMAT_DATE_INVALID"
    assert "Friends" in ann(messages.CheckHistoryImportPeerRequest(peer)).confirm_text
    assert fault(bob, messages.CheckHistoryImportPeerRequest(bob.peer(group))) == "CHAT_ADMIN_REQUIRED"
    assert fault(ann, messages.CheckHistoryImportPeerRequest(ann.peer(bob.user))) == "USER_NOT_MUTUAL_CONTACT"
    ann(functions.upload.SaveFilePartRequest(1, 0, EXPORTED.encode()))
    number = ann(messages.InitHistoryImportRequest(peer, types.InputFile(1, 1, "chat.txt", ""), 1)).id
    ann(functions.upload.SaveFilePartRequest(2, 0, tiny_png()))
    picture = types.InputMediaUploadedPhoto(types.InputFile(2, 1, "tree.png", ""))
    put = messages.UploadImportedMediaRequest
    assert isinstance(ann(put(peer, number, "tree.png", picture)), types.MessageMediaPhoto)
    assert fault(ann, put(peer, number, "more.png", picture)) == "MEDIA_INVALID"
    bob.updates()
    ann(messages.StartHistoryImportRequest(peer, number))
    first, second = (one.message for one in told(bob, types.UpdateNewChannelMessage))
    assert (first.message, first.fwd_from.from_name, first.fwd_from.imported) == (
        "Merry Christmas!\nand many more",
        "Ann",
        True,
    )
    assert (first.fwd_from.date.year, isinstance(second.media, types.MessageMediaPhoto)) == (2020, True)
    assert fault(ann, messages.StartHistoryImportRequest(peer, number)) == "IMPORT_ID_INVALID"
