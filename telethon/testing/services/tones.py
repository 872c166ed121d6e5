"""aicompose: ways of writing that people make for each other. What a machine would write in them there is not.

Source: https://core.telegram.org/schema
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import list_hash
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_TITLE = 32
_PROMPT = 1024


@dataclass(slots=True, eq=False)
class _Tone:
    """A way of writing."""

    id: int
    access_hash: int
    slug: str
    creator: int
    emoji_id: int
    title: str
    prompt: str
    named: bool
    kept_by: set[int] = field(default_factory=set)

    def tl(self, viewer: int) -> types.AiComposeTone:
        mine = viewer == self.creator
        return types.AiComposeTone(
            self.id,
            self.access_hash,
            self.slug,
            self.title,
            creator=mine,
            emoji_id=self.emoji_id,
            prompt=self.prompt if mine else None,
            installs_count=len(self.kept_by),
            author_id=self.creator if self.named else None,
        )


def _all(call: Call) -> dict[int, _Tone]:
    tones: dict[int, _Tone] = call.world.tones
    return tones


def _find(call: Call, given: types.TypeInputAiComposeTone) -> _Tone:
    for tone in _all(call).values():
        by_id = isinstance(given, types.InputAiComposeToneID) and (given.id, given.access_hash) == (
            tone.id,
            tone.access_hash,
        )
        if by_id or (isinstance(given, types.InputAiComposeToneSlug) and given.slug == tone.slug):
            return tone
    raise RpcFault(400, "AICOMPOSE_TONE_INVALID")


def _own(call: Call, given: types.TypeInputAiComposeTone) -> _Tone:
    tone = _find(call, given)
    if tone.creator != call.my_id:
        raise RpcFault(400, "AICOMPOSE_TONE_INVALID")
    return tone


def _check(title: str, prompt: str) -> None:
    if not 0 < len(title.strip()) <= _TITLE:
        raise RpcFault(400, "AICOMPOSE_TONE_TITLE_INVALID")
    if not 0 < len(prompt.strip()) <= _PROMPT:
        raise RpcFault(400, "AICOMPOSE_TONE_INVALID")


def _tell(call: Call) -> None:
    call.delivery.note(call.my_id, types.UpdateAiComposeTones())


@serves(functions.aicompose.CreateToneRequest, who="both")
def create_tone(request: functions.aicompose.CreateToneRequest, call: Call) -> types.TypeAiComposeTone:
    """Make one."""
    _check(request.title, request.prompt)
    world = call.world
    made = _Tone(
        world.new_id(),
        world.new_id(),
        world.rand(8).hex(),
        call.my_id,
        request.emoji_id,
        request.title.strip(),
        request.prompt,
        bool(request.display_author),
        {call.my_id},
    )
    _all(call)[made.id] = made
    _tell(call)
    return made.tl(call.my_id)


@serves(functions.aicompose.UpdateToneRequest, who="both")
def update_tone(request: functions.aicompose.UpdateToneRequest, call: Call) -> types.TypeAiComposeTone:
    """Change one of one's own."""
    tone = _own(call, request.tone)
    title = tone.title if request.title is None else request.title
    prompt = tone.prompt if request.prompt is None else request.prompt
    _check(title, prompt)
    tone.title, tone.prompt = title.strip(), prompt
    if request.emoji_id is not None:
        tone.emoji_id = request.emoji_id
    if request.display_author is not None:
        tone.named = request.display_author
    _tell(call)
    return tone.tl(call.my_id)


@serves(functions.aicompose.SaveToneRequest, who="both")
def save_tone(request: functions.aicompose.SaveToneRequest, call: Call) -> bool:
    """Keep one at hand, or keep it no more."""
    tone = _find(call, request.tone)
    (tone.kept_by.discard if request.unsave else tone.kept_by.add)(call.my_id)
    _tell(call)
    return True


@serves(functions.aicompose.DeleteToneRequest, who="both")
def delete_tone(request: functions.aicompose.DeleteToneRequest, call: Call) -> bool:
    """Throw one of one's own away."""
    del _all(call)[_own(call, request.tone).id]
    _tell(call)
    return True


def _several(call: Call, found: list[_Tone]) -> types.aicompose.Tones:
    users, _ = call.split({one.creator for one in found if one.named})
    return types.aicompose.Tones(list_hash(one.id for one in found), [one.tl(call.my_id) for one in found], users)


@serves(functions.aicompose.GetToneRequest, who="both")
def get_tone(request: functions.aicompose.GetToneRequest, call: Call) -> types.aicompose._TypeTones:
    """One of them."""
    return _several(call, [_find(call, request.tone)])


@serves(functions.aicompose.GetTonesRequest, who="both")
def get_tones(request: functions.aicompose.GetTonesRequest, call: Call) -> types.aicompose._TypeTones:
    """Those at hand."""
    found = _several(call, [one for one in _all(call).values() if call.my_id in one.kept_by])
    if request.hash and request.hash == found.hash:
        return types.aicompose.TonesNotModified()
    return found
