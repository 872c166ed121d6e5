"""How packets travel in a byte stream: one codec per transport.

    codec = FullCodec()
    write(codec.tag + codec.encode(packet))
    packets = codec.feed(data)

Source: https://core.telegram.org/mtproto/mtproto-transports
"""
