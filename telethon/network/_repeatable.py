"""Which requests may be made a second time when nobody can tell whether the first one was carried out."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["innermost", "is_repeatable"]

#: They ask, or they say how something shall be; saying so twice leaves it the same.
# fmt: off
_VERBS: Final = frozenset(
    (
        "Accept", "Allow", "Append", "Apply", "Archive", "Bind", "Block", "Bot", "Can", "Cancel", "Change",
        "Check", "Clear", "Click", "Compose", "Deactivate", "Decline", "Delete", "Destroy", "Disable",
        "Discard", "Dismiss", "Drop", "Edit", "Fave", "Finish", "Get", "Hide", "Init", "Install",
        "Invalidate", "Invite", "Is", "Join", "Leave", "Load", "Log", "Mark", "Ping", "Prolong", "Rate",
        "Read", "Received", "Register", "Remove", "Rename", "Reorder", "Report", "Req", "Reset", "Resolve",
        "Restrict", "Reupload", "Rpc", "Save", "Search", "Set", "Suggest", "Summarize", "Toggle",
        "Transcribe", "Translate", "Unblock", "Uninstall", "Unpin", "Unregister", "Update", "Validate", "View",
    )
)
# fmt: on

#: Exceptions: verbs that sound harmless and are not, such as the press of a button that a bot acts upon.
_ACTING: Final = frozenset(
    (
        "AppendTodoListRequest",
        "ApplyGiftCodeRequest",
        "BotCancelStarsSubscriptionRequest",
        "ChangePhoneRequest",
        "CheckPasswordRequest",
        "GetBotCallbackAnswerRequest",
        "InitHistoryImportRequest",
        "InitTakeoutSessionRequest",
        "ReportMusicListenRequest",
        "ReportReadMetricsRequest",
    )
)

#: And others that sound like a deed: they give what is there, or it is the same a second time.
_HARMLESS: Final = frozenset(
    (
        "AddChatUserRequest",
        "AddContactRequest",
        "ExportAuthorizationRequest",
        "ExportLoginTokenRequest",
        "ExportMessageLinkRequest",
        "ExportStoryLinkRequest",
        "ImportAuthorizationRequest",
        "ImportBotAuthorizationRequest",
        "ImportChatInviteRequest",
        "ImportContactsRequest",
        "ImportLoginTokenRequest",
        "SendReactionRequest",
        "SendScheduledMessagesRequest",
        "SendVoteRequest",
        "UploadMediaRequest",
    )
)


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
    if hasattr(inner, "random_id"):
        return True
    multi_media: Any = getattr(inner, "multi_media", None)
    if multi_media:
        return True
    name = type(inner).__name__
    if name in _HARMLESS:
        return True
    return _verb_of(name) in _VERBS and name not in _ACTING


def _verb_of(name: str) -> str:
    """The first word of a name like ``GetConfigRequest``."""
    for place in range(1, len(name)):
        if not name[place].islower():
            return name[:place]
    return name
