"""messages: lists of things to do, and polls to which answers can be added.

Source: https://core.telegram.org/api/todo
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._media import check_todo_items
from telethon.testing.services._service import serves
from telethon.testing.services.history import answer, chat_ids, letters_of, limit_of, page_of
from telethon.testing.world import post
from telethon.testing.world.letters import Draft, Quote
from telethon.testing.world.media import PollMedia, TodoMedia
from telethon.testing.world.peerids import as_peer, bare_id, is_channel
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter

_MAX_ANSWERS = 12


def _todo(call: Call, peer: int, number: int) -> tuple[Letter, TodoMedia]:
    letter = call.letter(peer, number)
    if not isinstance(letter.media, TodoMedia):
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    return letter, letter.media


def _service(call: Call, peer: int, letter: Letter, action: types.TypeMessageAction) -> None:
    draft = Draft(action=action, quote=Quote(letter))
    post.deposit(call.world, call.delivery, post.compose(call.world, call.me, peer, draft))


@serves(functions.messages.ToggleTodoCompletedRequest, who="both")
def toggle_todo_completed(request: functions.messages.ToggleTodoCompletedRequest, call: Call) -> types.TypeUpdates:
    """Say that things were done, or have to be done again."""
    peer = call.peer(request.peer)
    letter, media = _todo(call, peer, request.msg_id)
    if not call.me.premium and call.me.bot is None:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    if letter.sender != call.my_id and not media.todo.others_can_complete:
        raise RpcFault(403, "MESSAGE_AUTHOR_REQUIRED")
    known = {item.id for item in media.todo.list}
    if not {*request.completed, *request.incompleted} <= known:
        raise RpcFault(400, "ID_INVALID")
    done = [number for number in request.completed if number not in media.done]
    undone = [number for number in request.incompleted if number in media.done]
    if not done and not undone:
        raise RpcFault(400, "TODO_NOT_MODIFIED")
    for number in done:
        media.done[number] = (call.my_id, call.now)
    for number in undone:
        del media.done[number]
    post.edited(call.world, call.delivery, letter)
    _service(call, peer, letter, types.MessageActionTodoCompletions(done, undone))
    return call.updates()


@serves(functions.messages.AppendTodoListRequest, who="both")
def append_todo_list(request: functions.messages.AppendTodoListRequest, call: Call) -> types.TypeUpdates:
    """Put more things onto a list."""
    peer = call.peer(request.peer)
    letter, media = _todo(call, peer, request.msg_id)
    if letter.sender != call.my_id and not media.todo.others_can_append:
        raise RpcFault(403, "MESSAGE_AUTHOR_REQUIRED")
    if not request.list:
        raise RpcFault(400, "TODO_ITEMS_EMPTY")
    check_todo_items([*media.todo.list, *request.list])
    media.todo.list = [*media.todo.list, *request.list]
    post.edited(call.world, call.delivery, letter)
    _service(call, peer, letter, types.MessageActionTodoAppendTasks(request.list))
    return call.updates()


# -- polls -----------------------------------------------------------------------------------------------------------


def _poll(call: Call, peer: int, number: int) -> tuple[Letter, PollMedia]:
    letter = call.letter(peer, number)
    if not isinstance(letter.media, PollMedia):
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    if letter.media.poll.closed:
        raise RpcFault(400, "MESSAGE_POLL_CLOSED")
    return letter, letter.media


@serves(functions.messages.AddPollAnswerRequest, who="both")
def add_poll_answer(request: functions.messages.AddPollAnswerRequest, call: Call) -> types.TypeUpdates:
    """Add an answer to a poll that lets others do so."""
    peer = call.peer(request.peer)
    letter, media = _poll(call, peer, request.msg_id)
    text = request.answer.text
    if not media.poll.open_answers:
        raise RpcFault(403, "MESSAGE_AUTHOR_REQUIRED")
    if not 0 < len(text.text.strip()) <= 100:
        raise RpcFault(400, "POLL_ANSWER_INVALID")
    if len(media.poll.answers) >= _MAX_ANSWERS:
        raise RpcFault(400, "POLL_ANSWERS_INVALID")
    known = {bytes(getattr(one, "option", b"")) for one in media.poll.answers}
    option = next(bytes([number]) for number in range(256) if bytes([number]) not in known)
    made = types.PollAnswer(text, option, added_by=as_peer(call.my_id), date=call.now)
    media.poll.answers = [*media.poll.answers, made]
    post.edited(call.world, call.delivery, letter)
    _service(call, peer, letter, types.MessageActionPollAppendAnswer(made))
    return call.updates()


@serves(functions.messages.DeletePollAnswerRequest, who="both")
def delete_poll_answer(request: functions.messages.DeletePollAnswerRequest, call: Call) -> types.TypeUpdates:
    """Take an answer away that one has added, or that is in an own poll."""
    peer = call.peer(request.peer)
    letter, media = _poll(call, peer, request.msg_id)
    for one in media.poll.answers:
        if isinstance(one, types.PollAnswer) and one.option == request.option:
            mine = one.added_by is not None and bytes(one.added_by) == bytes(as_peer(call.my_id))
            if not mine and letter.sender != call.my_id:
                raise RpcFault(403, "MESSAGE_AUTHOR_REQUIRED")
            media.poll.answers = [other for other in media.poll.answers if other is not one]
            for chosen in media.votes.values():
                if request.option in chosen:
                    chosen.remove(request.option)
            media.votes = {user: chosen for user, chosen in media.votes.items() if chosen}
            post.edited(call.world, call.delivery, letter)
            _service(call, peer, letter, types.MessageActionPollDeleteAnswer(one))
            return call.updates()
    raise RpcFault(400, "OPTION_INVALID")


def _unread(call: Call, peer: int) -> list[int]:
    """Own polls of a chat in which others voted since the account last looked."""
    letters = letters_of(call, peer)
    seen: dict[tuple[int, int], int] = call.me.settings.setdefault("seen votes", {})
    found: list[int] = []
    for number in chat_ids(call, peer):
        media = letters[number].media
        if letters[number].sender == call.my_id and isinstance(media, PollMedia):
            votes = sum(user != call.my_id for user in media.votes)
            if votes > seen.get((peer, number), 0):
                found.append(number)
    return found


@serves(functions.messages.GetUnreadPollVotesRequest, who="both")
def get_unread_poll_votes(
    request: functions.messages.GetUnreadPollVotesRequest, call: Call
) -> types.messages._TypeMessages:
    """Own polls with new votes."""
    peer = call.peer(request.peer)
    ids = _unread(call, peer)
    page = page_of(ids, request.offset_id, request.add_offset, limit_of(request.limit), request.max_id, request.min_id)
    return answer(call, peer, page, len(ids), whole=len(page) == len(ids))


@serves(functions.messages.ReadPollVotesRequest, who="both")
def read_poll_votes(request: functions.messages.ReadPollVotesRequest, call: Call) -> types.messages.AffectedHistory:
    """Mark them as looked at."""
    peer = call.peer(request.peer)
    letters = letters_of(call, peer)
    seen: dict[tuple[int, int], int] = call.me.settings.setdefault("seen votes", {})
    for number in _unread(call, peer):
        media = letters[number].media
        if isinstance(media, PollMedia):
            seen[peer, number] = sum(user != call.my_id for user in media.votes)
    call.delivery.answered()
    box = call.world.channels[bare_id(peer)].box if is_channel(peer) else call.me.mailbox
    return types.messages.AffectedHistory(box.pts, 0, 0)
