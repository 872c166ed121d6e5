"""Constructor ids, against those that Telegram publishes."""

from __future__ import annotations

import pytest

from telethon_generator.build import load_specs
from telethon_generator.crc import FIXED_IDS, constructor_id, normal_form, result_id


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("inputPeerSelf#7da07ec9 = InputPeer;", 0x7DA07EC9),
        ("inputUser#f21158c6 user_id:long access_hash:long = InputUser;", 0xF21158C6),
        ("inputMediaUploadedDocument#37c9330 flags:# nosound_video:flags.3?true force_file:flags.4?true "
         "spoiler:flags.5?true file:InputFile thumb:flags.2?InputFile mime_type:string "
         "attributes:Vector<DocumentAttribute> stickers:flags.0?Vector<InputDocument> "
         "video_cover:flags.6?InputPhoto video_timestamp:flags.7?int "
         "ttl_seconds:flags.1?int = InputMedia;", 0x037C9330),
        ("invokeWithLayer#da9b0d0d {X:Type} layer:int query:!X = X;", 0xDA9B0D0D),
        ("resPQ#05162463 nonce:int128 server_nonce:int128 pq:bytes "
         "server_public_key_fingerprints:Vector<long> = ResPQ;", 0x05162463),
        ("future_salts#ae500895 req_msg_id:long now:int salts:vector<future_salt> = FutureSalts;", 0xAE500895),
    ],
)  # fmt: skip
def test_known_ids(text: str, identifier: int) -> None:
    assert constructor_id(text) == identifier


def test_normal_form() -> None:
    assert normal_form("a#1 flags:# t:flags.0?true b:flags.1?bytes c:Vector<int> {X:Type} = A;") == (
        "a flags:# b:flags.1?string c:Vector int X:Type = A"
    )


def test_result_ids_are_those_of_telethon() -> None:
    assert result_id("Peer") == 47_470_215
    assert result_id("Updates") == 0x8AF52AAC
    assert result_id("ResPQ") == 0x786986B8


def test_only_three_ids_were_chosen_by_hand() -> None:
    _, specs = load_specs()
    by_hand = {spec.definition.name for spec in specs if constructor_id(spec.definition.text) != spec.id}
    assert by_hand == FIXED_IDS
