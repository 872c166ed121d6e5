"""messages: messages in other languages, and speech as text. What they are is said by the test.

Source: https://core.telegram.org/api/translation
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.media import DocumentMedia
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TRIALS = 2


@serves(functions.messages.TranslateTextRequest)
def translate_text(request: functions.messages.TranslateTextRequest, call: Call) -> types.messages.TranslateResult:
    """Texts in another language, as `create_translation` of the server says."""
    if not _LANGUAGE.fullmatch(request.to_lang):
        raise RpcFault(400, "TO_LANG_INVALID")
    texts: list[str] = [one.text for one in request.text or ()]
    if request.peer is not None:
        peer = call.peer(request.peer)
        texts = [call.letter(peer, number, "MSG_ID_INVALID").text for number in request.id or ()]
    if not texts or not all(text.strip() for text in texts):
        raise RpcFault(400, "INPUT_TEXT_EMPTY")
    known = call.world.things.translations
    found: list[types.TypeTextWithEntities] = []
    for text in texts:
        translated = known.get((text, request.to_lang.lower()))
        if translated is None:
            raise RpcFault(500, "TRANSLATE_REQ_FAILED")
        found.append(types.TextWithEntities(translated, []))
    return types.messages.TranslateResult(found)


@serves(functions.messages.TogglePeerTranslationsRequest, who="both")
def toggle_peer_translations(request: functions.messages.TogglePeerTranslationsRequest, call: Call) -> bool:
    """Whether an app should offer to translate a chat."""
    peer = call.peer(request.peer)
    off: set[int] = call.me.settings.setdefault("translations off", set())
    (off.add if request.disabled else off.discard)(peer)
    return True


# -- speech ----------------------------------------------------------------------------------------------------------


def _speech(letter: Letter) -> DocumentMedia:
    media = letter.media
    if not isinstance(media, DocumentMedia) or not media.kinds & {"voice", "round"}:
        raise RpcFault(400, "MSG_VOICE_MISSING")
    return media


@serves(functions.messages.TranscribeAudioRequest)
def transcribe_audio(request: functions.messages.TranscribeAudioRequest, call: Call) -> types.messages.TranscribedAudio:
    """What is said in a voice message, as `create_transcription` of the server says; two are for everybody."""
    peer = call.peer(request.peer)
    media = _speech(call.letter(peer, request.msg_id, "MSG_ID_INVALID"))
    text = call.world.things.transcriptions.get(media.document.data)
    made: dict[int, int] = call.me.settings.setdefault("transcriptions", {})
    number = made.get(media.document.id)
    if number is None and not call.me.premium and len(made) >= _TRIALS:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    if text is None:
        raise RpcFault(400, "TRANSCRIPTION_FAILED")
    if number is None:
        number = made[media.document.id] = call.world.new_id()
    trials = None if call.me.premium else max(0, _TRIALS - len(made))
    return types.messages.TranscribedAudio(
        number,
        text,
        trial_remains_num=trials,
        trial_remains_until_date=call.now + 7 * 86_400 if trials is not None else None,
    )


@serves(functions.messages.RateTranscribedAudioRequest)
def rate_transcribed_audio(request: functions.messages.RateTranscribedAudioRequest, call: Call) -> bool:
    """Say whether that is what is said."""
    media = _speech(call.letter(call.peer(request.peer), request.msg_id, "MSG_ID_INVALID"))
    if call.me.settings.get("transcriptions", {}).get(media.document.id) != request.transcription_id:
        raise RpcFault(400, "TRANSCRIPTION_FAILED")
    return True
