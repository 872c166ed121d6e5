"""Constructor ids: the CRC32 of a definition in its normal form.

Source: https://core.telegram.org/mtproto/TL-formal#description-of-the-tl-language
"""

from __future__ import annotations

import re
from zlib import crc32

__all__ = ["FIXED_IDS", "constructor_id", "normal_form", "result_id"]

FIXED_IDS = frozenset({"ipPortSecret", "accessPointRule", "help.configSimple"})
"""Definitions whose id is not the CRC32 of their text: Telegram chose it by hand."""

_TRUE_FLAG = re.compile(r" \w+:flags\d*\.\d+\?true\b")
_PUNCTUATION = str.maketrans({"<": " ", ">": None, "{": None, "}": None})


def normal_form(text: str) -> str:
    """The text whose CRC32 is the id: without id, semicolon and parameters of no bytes; `bytes` is written `string`."""
    text = re.sub(r"#[0-9a-fA-F]+", "", text, count=1).rstrip("; ")
    text = _TRUE_FLAG.sub("", text)
    text = text.replace(":bytes ", ":string ").replace("?bytes ", "?string ")
    return " ".join(text.translate(_PUNCTUATION).split())


def constructor_id(text: str) -> int:
    """The id that follows from the text of a definition."""
    return crc32(normal_form(text).encode())


def result_id(name: str) -> int:
    """`SUBCLASS_OF_ID`: the CRC32 of the name of the type."""
    return crc32(name.encode())
