"""Words of errors that programs look for; each of these is in the text that Telethon 1.45 has."""

from __future__ import annotations

import pytest

from telethon import errors


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("UserAlreadyParticipantError", "already a participant"),
        ("InviteRequestSentError", "You have successfully requested to join this chat or channel"),
        ("UserDeactivatedBanError", "The user has been deleted/deactivated"),
        ("UserDeactivatedError", "The user has been deleted/deactivated"),
        ("AuthKeyUnregisteredError", "The key is not registered in the system"),
        ("AuthKeyDuplicatedError", "was used under two different IP addresses simultaneously"),
        ("SessionRevokedError", "The authorization has been invalidated"),
        ("MessageNotModifiedError", "Content of the message was not modified"),
        ("SessionPasswordNeededError", "Two-steps verification is enabled and a password is required"),
        ("PhoneCodeExpiredError", "The confirmation code has expired"),
        ("PhoneCodeInvalidError", "The phone code entered was invalid"),
        ("PhoneNumberInvalidError", "The phone number is invalid"),
        ("PhoneNumberBannedError", "has been banned from Telegram"),
        ("PasswordHashInvalidError", "you entered is invalid"),
        ("UsernameInvalidError", "Nobody is using this username"),
        ("UsernameNotOccupiedError", "The username is not in use by anyone"),
        ("ChannelPrivateError", "The channel specified is private and you lack permission to access it"),
        ("InviteHashExpiredError", "has expired and is not valid anymore"),
        ("InviteHashInvalidError", "The invite hash is invalid"),
        ("ChatWriteForbiddenError", "You can't write in this chat"),
        ("ChatAdminRequiredError", "Chat admin privileges are required to do that in the specified chat"),
        ("UserPrivacyRestrictedError", "privacy settings do not allow you to do this"),
        ("PremiumAccountRequiredError", "premium account is required"),
        ("UserBannedInChannelError", "banned from sending messages in supergroups/channels"),
        ("UserNotParticipantError", "The target user is not a member of the"),
        ("UserNotMutualContactError", "is not a mutual contact"),
        ("ChannelsTooMuchError", "You have joined too many channels/supergroups"),
        ("UserChannelsTooMuchError", "already in too many channels/supergroups"),
        ("ApiIdInvalidError", "The api_id/api_hash combination is invalid"),
        ("AccessTokenExpiredError", "Bot token expired"),
        ("MessageIdInvalidError", "The specified message ID is invalid"),
        ("FileReferenceExpiredError", "The file reference has expired and is no longer valid"),
        ("BotMethodInvalidError", "The API access for bot users is restricted"),
        ("PeerIdInvalidError", "An invalid Peer was used"),
        ("InputUserDeactivatedError", "The specified user was deleted"),
    ],
)
def test_the_words_that_programs_look_for(name, words):
    assert words in str(getattr(errors, name)(None))
