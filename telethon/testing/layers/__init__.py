"""What clients of older layers hear and say; see `telethon.testing.layers.dialect`."""
