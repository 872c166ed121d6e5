"""How packets travel in a byte stream: one codec per transport.

Source: https://core.telegram.org/mtproto/mtproto-transports
"""
