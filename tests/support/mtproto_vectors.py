"""Bytes that another implementation wrote, as seen on the wire; nothing here was made by the code under test."""

from __future__ import annotations

SECRET = bytes.fromhex("00112233445566778899aabbccddeeff")
"""The MTProxy secret of the streams below."""


def packet(size: int) -> bytes:
    """The packet of a size that the other implementation was given."""
    return bytes((index * 37 + size) & 255 for index in range(size))


FRAMES: dict[str, dict[int, str]] = {
    "full": {
        24: "7be04f1739f9e04b3d21640fe96abc0e",
        40: "a21f2362395d149f06b80799f7036d38",
        504: "c615d5c6d0ef2f0a0dc34aecf0df0aba",
        508: "e375f477e55da5394d7fd3f4443ff337",
        512: "c0b70f795be6f45b88acdd86c913314c",
        1024: "5e62ba605c420a1b5847ff71a568fd72",
        70000: "c5b22b8753da25bbe29b9b638e0b2aea",
    },
    "abridged": {
        24: "fac11c4597191d5d1a72f67874ac2562",
        40: "4d6b73fa7b2b946b083514b403317dbe",
        504: "2782589794fc902521d5ce9de518a621",
        508: "6f39fc9eb97c41cbde559669b685886c",
        512: "3f4b246193d99f6ba49bb41975f24cc8",
        1024: "38e3e6691948cfd7c808ae413ab47e0e",
        70000: "ec67426b629fe57aada3db41ded1a52a",
    },
    "intermediate": {
        24: "fba7ba85c8d3fb2ef64ee52ddaeba9d7",
        40: "228e21e98b10fffb99293ac28f5bd248",
        504: "51a5222c2fdbcf54bcbd9d8b8a5b77ab",
        508: "6b52b5b7e17efa49244f9e75168e41c1",
        512: "5438b0500239edcdc5af78e85ac65c0a",
        1024: "e72b019865dfbeb80f9811d5a2f12846",
        70000: "f3ffeb8a2236b7e28dee5235b678dda8",
    },
    "http": {
        24: "8090b5122e233f83f2c825e4d5c3f5b1",
        40: "2678512dafb452bf5436aa660aefe5da",
        504: "c7d4c6172388ecdecfd054708f199fcc",
        508: "98ff320acd26f900fcdebbec0e18e34a",
        512: "1ada3739241e72cf764926a2cb44410c",
        1024: "e45dd477e4e791ae20417feb20d1ee3b",
        70000: "fbfb07d017c9ec9e6745560121fd90f6",
    },
}
"""By codec and size: the first 16 bytes of the SHA-256 of the frame; one after the other on one connection.

The HTTP ones were for 149.154.167.51, port 80.
"""

STREAMS: dict[str, bytes] = {
    "obfuscated_abridged": bytes.fromhex(
        "e9a1e0ec6ae2a7c3eb42ea81a67a8bbc8fc543342b43c225e3f0d2596b7d9a84c93161bba3965189e6685dff5a0331c0"
        "e27a3c10b396cb2d01e3b9b788cffd4957ecec1a51416779c083c0fc226c57e6406d432e3a47dbea48b7b39107660405"
        "f50d32599ad756fba65a5e0ab42baa9ea2d81d50b2e77f5a65b6af712483ee719c010c7b3d3d3cf62e45b00596b1116d"
        "2c31459c05fed3e8bb2aaa43c83fc3cadb56e5f75ca29e1f7e99b8d17ed39eedc4d7e0b18879b98818ed3c7d7d5e1401"
        "ee424865f6e516015cbbd37f2fa7d65c42f0"
    ),
    "mtproxy_intermediate": bytes.fromhex(
        "31ac163c3bd197c0dced83c2bc14bfd119ab9345ade0c33dcd4c9d5011a6314af277c2e770867df2f3f749c781f1a240"
        "9bde406df0fcc518f1c73e9466fb00e4baa7d3cc1112f2615b46e5fd4d319cba535c7dceb982e12e8ba8232f153ee82c"
        "63575dc508dde8ac4697cd91bfbf42c5ce85c8f1643210fd313b7cdd9083829f4d437936306c5091fc1abad68d42f1df"
        "261dc8043d8f857abc6ca06936835a2a27eff377e0a89220251f2760e1c08c9cdf85ab8d3ceb19e7b73c30622a3bf284"
        "89cff21d0280c2ab2f4d69046b771790f01881bfebc059a8"
    ),
    "mtproxy_abridged": bytes.fromhex(
        "1eda8c2a57fc35b78d17f636d348e318e3e42367fb8596fb4bcff48952de0ee27984a42764a3e82106358a765e34b609"
        "515ab727205b31c7d7e0ab85c9fb2c4d91fea99afcb6488e879f1b32f43db3c9f024fd355f8c1b33cd923d0653b9292d"
        "882967ee95ab6607904f0e9077e302c3d55aa5dcc6f61615ab1df15534e91664d89ce83fa11197fa96c20de7d2f64fd4"
        "7d4333399d3ba14e6c9069f2315a33d5f5fe8fe8b37316acc834b7e2f567e88c531e699646e2762ddfbc0b74e2109abc"
        "7390bb2a50366fb7bb34588991639ae16893"
    ),
    "mtproxy_padded": bytes.fromhex(
        "be793a1bb8689dce26c1cc95b1d459c1dd2690708ef3b3aa5fcb1a956d5fb5ca34d954ac0a3ebc654e82b5b415e9f30f"
        "521e53ef45e064ad7c753c3a3500ed7759aa7b2d8880d281f91f0ab4fa0acc21d4e6c9772c09805828fb83cc9a0c440e"
        "8936364d67545811a4e1e41731f881e57241f357c30b2b4ea5aa63c32aa0172f33179a146742c61c29da0fb661adc222"
        "5185bd6748bd43d2d853a40ad6d7d8b538642a748ebe9ec230e13fb6d3d54ad59d514b72718974e060a64b4a7bd0ee05"
        "7138ef91b0745c9c0f237ac57a910a24c247c306f45615890e7704f78d25"
    ),
}
"""All that a client wrote for the packets of 40 and 104 bytes; those through an MTProxy for data centre 2."""

CLIENT_PACKET = bytes.fromhex(
    "9ed6e6ef196cc931f5ba9eb5e73f47b3efe014898bb421d607425eb1f7a5a577a0aaefe51959a557c470611c8af43a46"
    "64c0dde061e4a8a5bab4a6e692bec7df941a5665fec69cf81499c6e8c9d087be218c25cdbd4036992c26d653810cc6f6"
    "6536cdc8174f1833ab2f8f5d4b09ba49b3593d4b34b8aaab"
)
"""An encrypted packet with salt 0x1122334455667788, session_id 0x0102030405060708 and the key of `mtproto_model`."""

SERVER_PACKETS = {
    4: "b830ba153c1a9037f1fd3be58eacbd15",
    16: "40ee69749f9a42b8cef77ef8e9d71d6d",
    36: "fbfef0ec9353260a7f844c39b9a0c9e2",
    1000: "b009c50e425f51653238e6963fa96301",
}
"""By size of the body: the first 16 bytes of the SHA-256 of packets of a server with zeros for
padding, that the other implementation accepted."""
