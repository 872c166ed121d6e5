"""Waveforms of voice notes: volumes from 0 to 31, packed in five bits each, lowest bit first.

Source: https://core.telegram.org/constructor/documentAttributeAudio
"""

from __future__ import annotations

from typing import Final

_BITS: Final = 5
_MASK: Final = (1 << _BITS) - 1


def encode_waveform(waveform: bytes) -> bytes:
    """Pack volumes (one per byte, 0 to 31; higher bits are dropped) into the form Telegram stores.

    Args:
        waveform: the volumes, one in each byte.

    Example:
        >>> file = "my.ogg"
        >>> volumes = bytes(range(32)) * 2
        >>> attribute = types.DocumentAttributeAudio(duration=7, voice=True, waveform=utils.encode_waveform(volumes))
        >>> await client.send_file(chat, file, attributes=[attribute])
    """
    packed = 0
    for index, volume in enumerate(waveform):
        packed |= (volume & _MASK) << (index * _BITS)
    return packed.to_bytes((len(waveform) * _BITS + 7) // 8, "little")


def decode_waveform(waveform: bytes) -> bytes:
    """Unpack a waveform into one volume (0 to 31) per byte; incomplete values at the end are dropped.

    Args:
        waveform: as `DocumentAttributeAudio` has it.

    Example:
        >>> utils.decode_waveform(utils.encode_waveform(bytes(range(32)) * 2)) == bytes(range(32)) * 2
        True
    """
    packed = int.from_bytes(waveform, "little")
    count = len(waveform) * 8 // _BITS
    return bytes((packed >> (index * _BITS)) & _MASK for index in range(count))
