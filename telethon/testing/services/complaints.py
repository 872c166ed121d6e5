"""messages, stories, account: complaints in several steps, and what apps tell of how they are used.

Source: https://core.telegram.org/api/report
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.stickers import stored_document
from telethon.testing.services.stories import author_of, story_of
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_REASONS = {
    b"dislike": "I don't like it",
    b"child": "Child abuse",
    b"violence": "Violence",
    b"illegal": "Illegal goods",
    b"adult": "Illegal adult content",
    b"spam": "Scam or spam",
    b"other": "Other",
}
_FINER = {b"spam": {b"spam/phishing": "Phishing", b"spam/spam": "Spam"}}
_EXPLAINED = b"other"


def _step(option: bytes, comment: str) -> types.TypeReportResult:
    """What comes after a choice: a finer one, a comment, or the end.

    Raises:
        RpcFault: OPTION_INVALID.
    """
    if not option:
        return _choose("Report", _REASONS)
    if option in _FINER:
        return _choose(_REASONS[option], _FINER[option])
    if option not in _REASONS and not any(option in finer for finer in _FINER.values()):
        raise RpcFault(400, "OPTION_INVALID")
    if option == _EXPLAINED and not comment:
        return types.ReportResultAddComment(option)
    return types.ReportResultReported()


def _choose(title: str, options: dict[bytes, str]) -> types.ReportResultChooseOption:
    return types.ReportResultChooseOption(
        title, [types.MessageReportOption(text, option) for option, text in options.items()]
    )


@serves(functions.messages.ReportRequest)
def report(request: functions.messages.ReportRequest, call: Call) -> types.TypeReportResult:
    """Complain of messages."""
    peer = call.peer(request.peer)
    for number in request.id:
        call.letter(peer, number)
    return _step(request.option, request.message)


@serves(functions.stories.ReportRequest, who="both")
def report_story(request: functions.stories.ReportRequest, call: Call) -> types.TypeReportResult:
    """Complain of stories."""
    author = author_of(call, request.peer)
    for number in request.id:
        story_of(call, author, number)
    return _step(request.option, request.message)


@serves(functions.account.ReportProfilePhotoRequest)
def report_profile_photo(request: functions.account.ReportProfilePhotoRequest, call: Call) -> bool:
    """Complain of a picture of somebody."""
    peer = call.peer(request.peer)
    account = call.world.accounts.get(peer)
    photos = account.photos if account is not None else [call.room(peer).photo]
    wanted = request.photo_id.id if isinstance(request.photo_id, types.InputPhoto) else 0
    if not any(one is not None and one.id == wanted for one in photos):
        raise RpcFault(400, "PHOTO_INVALID")
    return True


@serves(functions.messages.ReportMessagesDeliveryRequest, who="both")
def report_messages_delivery(request: functions.messages.ReportMessagesDeliveryRequest, call: Call) -> bool:
    """Say that messages arrived of which it is wanted to be known."""
    peer = call.peer(request.peer)
    for number in request.id:
        call.letter(peer, number)
    return True


@serves(functions.messages.ReportReadMetricsRequest, who="both")
def report_read_metrics(request: functions.messages.ReportReadMetricsRequest, call: Call) -> bool:
    """Say for how long posts were looked at."""
    peer = call.peer(request.peer)
    for one in request.metrics:
        call.letter(peer, one.msg_id)
    return True


@serves(functions.messages.ReportMusicListenRequest, who="both")
def report_music_listen(request: functions.messages.ReportMusicListenRequest, call: Call) -> bool:
    """Say for how long a piece of music was listened to."""
    stored_document(call, request.id, "DOCUMENT_INVALID")
    return True


# -- advertisements: there are none ----------------------------------------------------------------------------------


@serves(functions.messages.GetSponsoredMessagesRequest, who="both")
def get_sponsored_messages(
    request: functions.messages.GetSponsoredMessagesRequest, call: Call
) -> types.messages._TypeSponsoredMessages:
    """The advertisements in a chat."""
    call.peer(request.peer)
    return types.messages.SponsoredMessagesEmpty()


@serves(functions.messages.ViewSponsoredMessageRequest, who="both")
def view_sponsored_message(request: functions.messages.ViewSponsoredMessageRequest, call: Call) -> bool:
    """Say that one was seen, which cannot be."""
    raise RpcFault(400, "AD_EXPIRED")


@serves(functions.messages.ClickSponsoredMessageRequest, who="both")
def click_sponsored_message(request: functions.messages.ClickSponsoredMessageRequest, call: Call) -> bool:
    """Say that one was clicked, which cannot be."""
    raise RpcFault(400, "AD_EXPIRED")


@serves(functions.messages.ReportSponsoredMessageRequest, who="both")
def report_sponsored_message(
    request: functions.messages.ReportSponsoredMessageRequest, call: Call
) -> types.channels._TypeSponsoredMessageReportResult:
    """Complain of one, which cannot be."""
    raise RpcFault(400, "AD_EXPIRED")


@serves(functions.account.ToggleSponsoredMessagesRequest, who="both")
def toggle_sponsored_messages(request: functions.account.ToggleSponsoredMessagesRequest, call: Call) -> bool:
    """Whether the account wants to see any."""
    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    call.me.settings["sponsored"] = request.enabled
    return True
