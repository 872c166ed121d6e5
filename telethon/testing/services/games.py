"""messages: the scores of games.

Source: https://core.telegram.org/api/bots/games
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.inline import inline_number
from telethon.testing.world import post
from telethon.testing.world.letters import Draft, Quote
from telethon.testing.world.media import FixedMedia
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter
    from telethon.testing.world.things import Game


def _game(call: Call, letter: Letter) -> Game:
    media = letter.media
    if isinstance(media, FixedMedia) and isinstance(media.value, types.MessageMediaGame):
        shown = media.value.game
        found = call.world.things.game(types.InputGameID(shown.id, shown.access_hash), None)
        if found is not None and found.bot == call.my_id:
            return found
    raise RpcFault(400, "MESSAGE_ID_INVALID")


def _inline(call: Call, wanted: types.TypeInputBotInlineMessageID) -> Letter:
    for known in call.world.queries.inline_messages.values():
        if known.bot == call.my_id and bytes(inline_number(known)) == bytes(wanted):
            return known.letter
    raise RpcFault(400, "MESSAGE_ID_INVALID")


def _set(call: Call, letter: Letter, player: int, score: int, force: bool) -> Game:
    """Write a score down.

    Raises:
        RpcFault: SCORE_INVALID, or BOT_SCORE_NOT_MODIFIED when the player has a better one.
    """
    game = _game(call, letter)
    if score < 0:
        raise RpcFault(400, "SCORE_INVALID")
    scores = game.scores.setdefault(letter, {})
    if score == scores.get(player) or (not force and score < scores.get(player, -1)):
        raise RpcFault(400, "BOT_SCORE_NOT_MODIFIED")
    scores[player] = score
    return game


def _table(call: Call, letter: Letter) -> types.messages.HighScores:
    scores = _game(call, letter).scores.get(letter, {})
    ordered = sorted(scores.items(), key=lambda entry: -entry[1])
    users, _ = call.split(scores)
    return types.messages.HighScores(
        [types.HighScore(place, user_id, score) for place, (user_id, score) in enumerate(ordered, 1)], users
    )


@serves(functions.messages.SetGameScoreRequest, who="bot")
def set_game_score(request: functions.messages.SetGameScoreRequest, call: Call) -> types.TypeUpdates:
    """Say how somebody did in a game that the bot sent."""
    peer = call.peer(request.peer)
    letter = call.letter(peer, request.id)
    player = call.user(request.user_id)
    game = _set(call, letter, player.id, request.score, bool(request.force))
    if request.edit_message:
        letter.edit_date = call.now
        post.edited(call.world, call.delivery, letter)
    action = types.MessageActionGameScore(game.id, request.score)
    draft = Draft(action=action, quote=Quote(letter))
    where = peer if peer < 0 else call.my_id
    post.deposit(call.world, call.delivery, post.compose(call.world, player, where, draft))
    return call.updates()


@serves(functions.messages.SetInlineGameScoreRequest, who="bot")
def set_inline_game_score(request: functions.messages.SetInlineGameScoreRequest, call: Call) -> bool:
    """Say how somebody did in a game that was sent through the bot."""
    player = call.user(request.user_id)
    _set(call, _inline(call, request.id), player.id, request.score, bool(request.force))
    return True


@serves(functions.messages.GetGameHighScoresRequest, who="bot")
def get_game_high_scores(request: functions.messages.GetGameHighScoresRequest, call: Call) -> types.messages.HighScores:
    """The best scores of a game that the bot sent."""
    call.user(request.user_id)
    return _table(call, call.letter(call.peer(request.peer), request.id))


@serves(functions.messages.GetInlineGameHighScoresRequest, who="bot")
def get_inline_game_high_scores(
    request: functions.messages.GetInlineGameHighScoresRequest, call: Call
) -> types.messages.HighScores:
    """The best scores of a game that was sent through the bot."""
    call.user(request.user_id)
    return _table(call, _inline(call, request.id))
