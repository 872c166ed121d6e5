"""What the server answers to the requests it knows.

Source: https://core.telegram.org/methods
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from independent.binding import open_binding
from independent.envelope import BadEnvelope
from independent.schema import both
from independent.tl import Object
from independent.world import User

if TYPE_CHECKING:
    from independent.api import Call

ALL: dict[str, Callable[[Call], Any]] = {}


def method(name: str) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """Answers the method of that name."""

    def put(function: Callable[[Call], Any]) -> Callable[[Call], Any]:
        ALL[name] = function
        return function

    return put


def fail(code: int, text: str) -> Exception:
    """An error, to be raised."""
    from independent.api import RpcError

    return RpcError(code, text)


def me(call: Call) -> User:
    """Who is logged in."""
    user = call.server.world.users.get(call.key.user_id)
    if user is None:
        raise fail(401, "AUTH_KEY_UNREGISTERED")
    return user


@method("help.getConfig")
def get_config(call: Call) -> Object:
    """The data centres there are."""
    options = [
        {"_": "dcOption", "id": dc_id, "ip_address": "127.0.0.1", "port": server.port}
        for dc_id, server in call.server.world.servers.items()
    ]
    now = int(call.server.now())
    numbers = [one.name for one in both().types["config"].fields if one.kind == "int" and not one.flags]
    whole = dict.fromkeys(numbers, 200)
    return {
        "_": "config",
        **whole,
        "date": now,
        "expires": now + 3600,
        "test_mode": False,
        "this_dc": call.server.dc_id,
        "dc_options": options,
        "dc_txt_domain_name": "example.invalid",
        "me_url_prefix": "https://t.me/",
    }


@method("help.getNearestDc")
def nearest(call: Call) -> Object:
    """This data centre."""
    return {"_": "nearestDc", "country": "NL", "this_dc": call.server.dc_id, "nearest_dc": call.server.dc_id}


@method("users.getUsers")
def get_users(call: Call) -> list[Object]:
    """Those that were asked for."""
    own = me(call)
    found: list[Object] = []
    for one in call.request["id"]:
        if one["_"] == "inputUserSelf":
            found.append(own.object(is_self=True))
        elif user := call.server.world.users.get(one.get("user_id", 0)):
            found.append(user.object(is_self=user is own))
    return found


@method("contacts.resolveUsername")
def resolve(call: Call) -> Object:
    """Names are the first names here."""
    for user in call.server.world.users.values():
        if user.first_name.lower() == call.request["username"].lower():
            peer = {"_": "peerUser", "user_id": user.id}
            return {"_": "contacts.resolvedPeer", "peer": peer, "chats": [], "users": [user.object()]}
    raise fail(400, "USERNAME_NOT_OCCUPIED")


@method("auth.sendCode")
def send_code(call: Call) -> Object:
    """The code is 12345."""
    user = _by_phone(call)
    if user.dc_id != call.server.dc_id:
        raise fail(303, f"PHONE_MIGRATE_{user.dc_id}")
    kind = {"_": "auth.sentCodeTypeApp", "length": 5}
    return {"_": "auth.sentCode", "type": kind, "phone_code_hash": "the hash"}


@method("auth.signIn")
def sign_in(call: Call) -> Object:
    """Log in with the code."""
    if call.request.get("phone_code") != "12345":
        raise fail(400, "PHONE_CODE_INVALID")
    return _logged_in(call, _by_phone(call))


@method("auth.importBotAuthorization")
def import_bot(call: Call) -> Object:
    """Log in as a bot."""
    for user in call.server.world.users.values():
        if user.token and user.token == call.request["bot_auth_token"]:
            if user.dc_id != call.server.dc_id:
                raise fail(303, f"USER_MIGRATE_{user.dc_id}")
            return _logged_in(call, user)
    raise fail(400, "ACCESS_TOKEN_INVALID")


@method("auth.logOut")
def log_out(call: Call) -> Object:
    """Log out."""
    call.key.user_id = 0
    return {"_": "auth.loggedOut"}


@method("auth.exportAuthorization")
def export_authorization(call: Call) -> Object:
    """A ticket for another data centre."""
    ticket = secrets.token_bytes(64)
    call.server.world.exported[call.request["dc_id"], ticket] = me(call).id
    return {"_": "auth.exportedAuthorization", "id": me(call).id, "bytes": ticket}


@method("auth.importAuthorization")
def import_authorization(call: Call) -> Object:
    """Use a ticket, once."""
    user_id = call.server.world.exported.pop((call.server.dc_id, call.request["bytes"]), None)
    if user_id is None or user_id != call.request["id"]:
        raise fail(400, "AUTH_BYTES_INVALID")
    return _logged_in(call, call.server.world.users[user_id])


@method("auth.bindTempAuthKey")
def bind(call: Call) -> bool:
    """Bind a temporary key, if the permanent one vouches for it."""
    request, key = call.request, call.session.key
    permanent = call.server.keys.get(request["perm_auth_key_id"].to_bytes(8, "little", signed=True))
    if permanent is None or not key.is_temporary:
        raise fail(400, "ENCRYPTED_MESSAGE_INVALID")
    try:
        msg_id, inner = open_binding(permanent.auth, request["encrypted_message"])
    except BadEnvelope:
        raise fail(400, "ENCRYPTED_MESSAGE_INVALID") from None
    wanted = {
        "_": "bind_auth_key_inner",
        "nonce": request["nonce"],
        "temp_auth_key_id": int.from_bytes(key.auth.id, "little", signed=True),
        "perm_auth_key_id": request["perm_auth_key_id"],
        "temp_session_id": call.session.id,
        "expires_at": request["expires_at"],
    }
    if inner != wanted or msg_id != call.msg_id:
        raise fail(400, "ENCRYPTED_MESSAGE_INVALID")
    key.bound_to = permanent
    key.expires_at = request["expires_at"]
    return True


def _by_phone(call: Call) -> User:
    for user in call.server.world.users.values():
        if user.phone and user.phone == call.request["phone_number"].lstrip("+"):
            return user
    raise fail(400, "PHONE_NUMBER_INVALID")


def _logged_in(call: Call, user: User) -> Object:
    call.key.user_id = user.id
    return {"_": "auth.authorization", "user": user.object(is_self=True)}


@method("messages.sendMessage")
def send_message(call: Call) -> Object:
    """A message to somebody: it happened in the account as well."""
    user = me(call)
    text = call.request["message"]
    made = call.server.world.message(text, user.id, out=True)
    update = user.box.add({"_": "updateNewMessage", "message": made})
    number = {"_": "updateMessageID", "id": made["id"], "random_id": call.request["random_id"]}
    return call.server.world.around(number, update)


@method("messages.sendMedia")
def send_media(call: Call) -> Object:
    """A document that was uploaded."""
    user, world = me(call), call.server.world
    file = call.request["media"]["file"]
    data = b"".join(world.parts[file["id"], at] for at in range(file["parts"]))
    number = len(world.files) + 1000
    world.files[number] = data
    document = {
        "_": "document",
        "id": number,
        "access_hash": 77,
        "file_reference": b"reference",
        "date": int(time.time()),
        "mime_type": call.request["media"].get("mime_type", "application/octet-stream"),
        "size": len(data),
        "dc_id": call.server.dc_id,
        "attributes": call.request["media"].get("attributes", []),
    }
    made = world.message(call.request["message"], user.id, out=True)
    made["media"] = {"_": "messageMediaDocument", "document": document}
    update = user.box.add({"_": "updateNewMessage", "message": made})
    ids = {"_": "updateMessageID", "id": made["id"], "random_id": call.request["random_id"]}
    return world.around(ids, update)


@method("upload.saveFilePart")
@method("upload.saveBigFilePart")
def save_part(call: Call) -> bool:
    """A part of a file."""
    call.server.world.parts[call.request["file_id"], call.request["file_part"]] = call.request["bytes"]
    return True


@method("upload.getFile")
def get_file(call: Call) -> Object:
    """A part of a document."""
    me(call)
    data = call.server.world.files.get(call.request["location"].get("id", 0))
    if data is None:
        raise fail(400, "LOCATION_INVALID")
    at, limit = call.request["offset"], call.request["limit"]
    if limit % 4096 or at % 4096 or at // (1 << 20) != (at + limit - 1) // (1 << 20):
        raise fail(400, "LIMIT_INVALID")
    kind = {"_": "storage.fileUnknown"}
    return {"_": "upload.file", "type": kind, "mtime": 0, "bytes": data[at : at + limit]}


@method("updates.getState")
def get_state(call: Call) -> Object:
    """Where the account is."""
    return state(me(call))


def state(user: User) -> Object:
    """Where an account is."""
    return {
        "_": "updates.state",
        "pts": user.box.pts,
        "qts": user.qts,
        "date": int(time.time()),
        "seq": user.seq,
        "unread_count": 0,
    }


@method("updates.getDifference")
def get_difference(call: Call) -> Object:
    """What happened since."""
    user, world = me(call), call.server.world
    missed = user.box.since(call.request["pts"])
    if not missed:
        return {"_": "updates.differenceEmpty", "date": int(time.time()), "seq": user.seq}
    messages = [one["message"] for _, one in missed if one["_"] == "updateNewMessage"]
    others = [one for _, one in missed if one["_"] != "updateNewMessage"]
    around = world.around()
    return {
        "_": "updates.difference",
        "new_messages": messages,
        "new_encrypted_messages": [],
        "other_updates": others,
        "chats": around["chats"],
        "users": around["users"],
        "state": state(user),
    }


@method("updates.getChannelDifference")
def get_channel_difference(call: Call) -> Object:
    """What happened in a channel since."""
    me(call)
    world = call.server.world
    channel = world.channels[call.request["channel"]["channel_id"]]
    missed = channel.box.since(call.request["pts"])
    if not missed:
        return {"_": "updates.channelDifferenceEmpty", "final": True, "pts": channel.box.pts, "timeout": 30}
    around = world.around()
    return {
        "_": "updates.channelDifference",
        "final": True,
        "pts": channel.box.pts,
        "timeout": 30,
        "new_messages": [one["message"] for _, one in missed],
        "other_updates": [],
        "chats": around["chats"],
        "users": around["users"],
    }
