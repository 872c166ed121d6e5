"""Which requests may be made a second time when nobody can tell whether the first one was carried out.

It is decided by the first word of the name, with exceptions, so that the requests of a later layer are decided too; a
word that is not known means no. What that gives for each request of the schema is written down in
``tests/unit/network/repeatable.txt``.
"""

from __future__ import annotations

from typing import Any, Final

__all__ = ["innermost", "is_repeatable"]

# fmt: off
#: They ask, or they say how something shall be; saying so twice leaves it the same.
_VERBS: Final = frozenset(
    (
        "Accept", "Allow", "Archive", "Block", "Can", "Cancel", "Change", "Check", "Clear", "Compose",
        "Deactivate", "Decline", "Delete", "Destroy", "Disable", "Discard", "Dismiss", "Drop", "Edit", "Fave",
        "Finish", "Get", "Hide", "Init", "Install", "Invalidate", "Invite", "Is", "Join", "Leave", "Load",
        "Log", "Mark", "Ping", "Prolong", "Rate", "Read", "Received", "Register", "Remove", "Rename", "Reorder",
        "Report", "Req", "Reset", "Resolve", "Restrict", "Reupload", "Rpc", "Save", "Search", "Set", "Suggest",
        "Summarize", "Toggle", "Transcribe", "Translate", "Unblock", "Uninstall", "Unpin", "Unregister",
        "Update", "Validate", "View",
    )
)

#: Exceptions: their verbs sound harmless, and they are not.
_ACTING: Final = frozenset(
    (
        # Somebody is told of it each time, be it a bot or a whole chat.
        "AcceptAuthorization", "EditChatPhoto", "EditPhoto", "GetBotCallbackAnswer", "GetCallbackAnswer",
        "InviteConferenceCallParticipant", "InviteToGroupCall", "SetChatWallPaper", "SuggestBirthday",
        # The proof of the password holds once, and a wrong one is what the second answer would speak of.
        "CheckPassword", "DeleteAccount", "EditChatCreator", "GetPasswordSettings", "GetStarGiftWithdrawalUrl",
        "GetStarsRevenueWithdrawalUrl", "GetTmpPassword", "UpdatePasswordSettings",
        # So it is with codes and keys; and others send another code.
        "ChangePhone", "CheckPaidAuth", "FinishFirebasePnvLogin", "FinishPasskeyLogin", "InitFirebasePnvLogin",
        "RegisterPasskey", "ResetLoginEmail", "DeleteConferenceCallParticipants",
        # They pay, or they give up what was paid for.
        "ChangeStarsSubscription", "ResolveStarGiftOffer", "ToggleNoPaidMessagesException",
        "ToggleSuggestedPostApproval",
        # They make another one.
        "AcceptUrlAuth", "InitHistoryImport", "InitTakeoutSession", "SavePreparedInlineMessage",
        # They take all that is there, and so what came since.
        "DeleteAllWelcomeMessages", "DeleteGroupCallParticipantMessages", "DeleteParticipantHistory",
        "DeleteParticipantReactions", "DeletePhoneCallHistory", "DeleteTopicHistory", "HideAllChatJoinRequests",
        "ToggleAllPeerLinkRequestApproval", "UnpinAllMessages",
        # They are counted.
        "ReportMusicListen", "ReportReadMetrics", "SaveAppLog",
    )
)

#: And others that sound like a deed: they give what is there, or it is the same a second time.
_HARMLESS: Final = frozenset(
    (
        "AddChatUser", "AddContact", "ExportAuthorization", "ExportContactToken", "ExportGroupCallInvite",
        "ExportLoginToken", "ExportMessageLink", "ExportStoryLink", "ImportAuthorization",
        "ImportBotAuthorization", "ImportChatInvite", "ImportContactToken", "ImportContacts",
        "ImportLoginToken", "IncrementStoryViews", "RequestAppWebView", "RequestChatJoinWebView",
        "RequestMainWebView", "RequestSimpleWebView", "RequestUrlAuth", "RequestWebView", "SendReaction",
        "SendScheduledMessages", "SendVote", "UploadEncryptedFile", "UploadImportedMedia", "UploadMedia",
        "UploadRingtone", "UploadTheme",
    )
)
# fmt: on

#: They delete all up to now, unless they say up to which message.
_UP_TO_NOW: Final = frozenset(("DeleteHistory", "DeleteSavedHistory"))


def innermost(request: Any) -> Any:
    """The request that wrappers such as ``InvokeWithTakeoutRequest`` are around."""
    inner = request
    # Some requests have a text or bytes called `query`; only wrappers hold another request there.
    while hasattr(type(getattr(inner, "query", None)), "CONSTRUCTOR_ID"):  # pyright: ignore[reportUnknownArgumentType]
        inner = inner.query
    return inner


def is_repeatable(request: Any) -> bool:
    """Whether it does no harm when Telegram gets a request twice.

    So it is with everything that carries a random_id, by which Telegram knows the second one, with what only asks, and
    with what says how something shall be. Other requests would make a second group, or pay a second time.

    Source: https://core.telegram.org/api/errors
    """
    inner = innermost(request)
    # An advertisement is called by bytes of that name.
    if not isinstance(getattr(inner, "random_id", b""), bytes):
        return True
    # Each of these has one.
    if getattr(inner, "multi_media", None):
        return True
    # Without a random_id, that is a search which is paid for each time.
    if getattr(inner, "allow_paid_stars", None):
        return False
    name = type(inner).__name__.removesuffix("Request")
    if name in _UP_TO_NOW:
        return bool(getattr(inner, "max_id", None))
    return name in _HARMLESS or (_verb_of(name) in _VERBS and name not in _ACTING)


def _verb_of(name: str) -> str:
    """The first word of a name like ``GetConfig``."""
    for place in range(1, len(name)):
        if not name[place].islower():
            return name[:place]
    return name
