"""Run by an interpreter with the real Telethon 1.45: reads or writes a session, and tells what is in it as JSON."""

from __future__ import annotations

import datetime
import json
import sys

from telethon import types
from telethon.crypto import AuthKey
from telethon.sessions import SQLiteSession, StringSession


def write(session: SQLiteSession) -> None:
    session.set_dc(4, "149.154.167.91", 443)
    session.auth_key = AuthKey(bytes(reversed(range(256))))
    session.takeout_id = 99
    session.process_entities(
        [
            types.User(1, access_hash=-11, username="Someone", phone="4912345", first_name="Some", last_name="One"),
            types.Channel(7, "Channel", types.ChatPhotoEmpty(), None, access_hash=77, username="chan"),
            types.Chat(6, "Group", types.ChatPhotoEmpty(), 3, None, 1),
            types.InputPeerUser(0, 1),
        ]
    )
    moment = datetime.datetime(2022, 3, 4, 5, 6, 7, tzinfo=datetime.timezone.utc)
    session.set_update_state(0, types.updates.State(1, 2, moment, 3, 0))
    session.set_update_state(-1000000000007, types.updates.State(44, 0, moment, 0, 0))
    session.save()


def tell(session: SQLiteSession) -> dict[str, object]:
    return {
        "login": [session.dc_id, session.server_address, session.port, session.takeout_id],
        "key": session.auth_key.key.hex(),
        "entities": [
            str(session.get_input_entity(key))
            for key in (1, "someone", "+4912345", "Some One", 7, "@chan", "Channel", 6, -6, "Group", 0)
        ],
        "states": sorted((key, str(state)) for key, state in session.get_update_states()),
        "text": StringSession.save(session),
    }


if __name__ == "__main__":
    what, path = sys.argv[1:]
    opened = SQLiteSession(path)
    if what == "write":
        write(opened)
    print(json.dumps(tell(opened)))
    opened.close()
