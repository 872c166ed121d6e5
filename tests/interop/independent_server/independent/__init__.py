"""A second MTProto server, written from the public description of the protocol alone.

It shares nothing with the package or with `telethon.testing`, so what both of those get wrong alike shows here.

Source: https://core.telegram.org/mtproto
"""
