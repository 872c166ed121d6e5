"""From the error that Telegram sends to the exception that the program catches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from telethon.errors.rpcbaseerrors import RPCError, base_errors

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLRequest
    from telethon.tl.types import RpcError

__all__ = ["rpc_message_to_error"]


def rpc_message_to_error(rpc_error: RpcError, request: TLRequest[Any] | None) -> RPCError:
    """The exception for an error answer.

    Args:
        rpc_error: what Telegram sent.
        request: the request it answers.

    Returns:
        An instance of the class that stands for the server's text; for a text without a class, of the family of its
        code, with an explanation if the text is known; for a code that is not known either, a plain `RPCError`.
    """
    from telethon.errors import rpcerrorlist

    text, code = rpc_error.error_message, rpc_error.error_code
    upper = text.upper()
    name = rpcerrorlist.CLASS_OF_TEXT.get(upper)
    if name is not None:
        known = getattr(rpcerrorlist, name)
        return known(request)  # type: ignore[no-any-return]
    if any(character.isdigit() for character in upper):
        for pattern, known in rpcerrorlist.rpc_errors_re:
            match = re.fullmatch(pattern, upper)
            if match is not None:
                return known(request, capture=int(match.group(1)))
    error = base_errors.get(abs(code), RPCError)(request, text, code)
    explanation = _explanation(upper)
    if explanation:
        error._explanation = explanation
    return error


def _explanation(upper: str) -> str:
    """Our sentence for a text that has no class of its own; empty for one that is not known."""
    from telethon.errors import rpcerrorlist

    found = rpcerrorlist.SENTENCES.get(upper)
    if found is not None:
        return found
    for pattern, sentence in rpcerrorlist.SENTENCE_PATTERNS:
        match = re.fullmatch(pattern, upper)
        if match is not None:
            return sentence.format(value=match.group(1))
    return ""
