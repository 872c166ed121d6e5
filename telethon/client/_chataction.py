"""Showing "typing..." and the like for as long as something takes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from telethon import helpers
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Callable

    from telethon import hints
    from telethon.client.users import UserMethods

#: What each name stands for. Uploads have just begun.
ACTIONS: Final[dict[str, Callable[[], types.TypeSendMessageAction]]] = {
    "typing": lambda: types.SendMessageTypingAction(),
    "contact": lambda: types.SendMessageChooseContactAction(),
    "game": lambda: types.SendMessageGamePlayAction(),
    "location": lambda: types.SendMessageGeoLocationAction(),
    "sticker": lambda: types.SendMessageChooseStickerAction(),
    "record-audio": lambda: types.SendMessageRecordAudioAction(),
    "record-voice": lambda: types.SendMessageRecordAudioAction(),
    "record-round": lambda: types.SendMessageRecordRoundAction(),
    "record-video": lambda: types.SendMessageRecordVideoAction(),
    "audio": lambda: types.SendMessageUploadAudioAction(1),
    "voice": lambda: types.SendMessageUploadAudioAction(1),
    "song": lambda: types.SendMessageUploadAudioAction(1),
    "round": lambda: types.SendMessageUploadRoundAction(1),
    "video": lambda: types.SendMessageUploadVideoAction(1),
    "photo": lambda: types.SendMessageUploadPhotoAction(1),
    "document": lambda: types.SendMessageUploadDocumentAction(1),
    "file": lambda: types.SendMessageUploadDocumentAction(1),
    "cancel": lambda: types.SendMessageCancelAction(),
}


class ChatAction:
    """Repeats an action in a chat until the ``async with`` block ends; what `ChatMethods.action` gives.

    Args:
        client: makes the requests.
        chat: the chat.
        action: the action.
        delay: seconds between two repetitions; applications stop showing an action after about five.
        auto_cancel: whether the action is taken back at the end, instead of fading.
    """

    def __init__(
        self,
        client: UserMethods,
        chat: hints.EntityLike,
        action: types.TypeSendMessageAction,
        *,
        delay: float,
        auto_cancel: bool,
    ) -> None:
        self._client = client
        self._chat = chat
        self._action = action
        self._delay = delay
        self._auto_cancel = auto_cancel
        self._request: Any = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> ChatAction:
        peer = await self._client.get_input_entity(self._chat)
        # It holds the action itself, so that a change of the progress shows with the next repetition.
        self._request = functions.messages.SetTypingRequest(peer, self._action)
        self._task = asyncio.get_running_loop().create_task(self._repeat())
        return self

    async def __aexit__(self, *args: object) -> None:
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            self._client._log[__name__].info("Stopped showing the action: %s", error)
        if self._auto_cancel:
            await self._client(functions.messages.SetTypingRequest(self._request.peer, types.SendMessageCancelAction()))

    __enter__ = helpers._sync_enter
    __exit__ = helpers._sync_exit

    async def _repeat(self) -> None:
        while True:
            await self._client(self._request)
            await self._client._sleep(self._delay)

    def progress(self, current: float, total: float) -> None:
        """Tell how far an upload is; fits as ``progress_callback``."""
        action: Any = self._action
        if hasattr(action, "progress") and total:
            action.progress = round(100 * current / total)
