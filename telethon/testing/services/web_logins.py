"""account and messages: logging in to websites and programs with the account.

Source: https://core.telegram.org/api/url-authorization
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world import post
from telethon.testing.world.rights import moment
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter
    from telethon.testing.world.records import Account


def _logins(call: Call) -> dict[int, types.WebAuthorization]:
    logins: dict[int, types.WebAuthorization] = call.me.settings.setdefault("web logins", {})
    return logins


# -- where the account is logged in ----------------------------------------------------------------------------------


@serves(functions.account.GetWebAuthorizationsRequest)
def get_web_authorizations(
    request: functions.account.GetWebAuthorizationsRequest, call: Call
) -> types.account.WebAuthorizations:
    """The websites where the account is logged in."""
    found: list[types.WebAuthorization] = list(_logins(call).values())
    users, _ = call.split({one.bot_id for one in found})
    return types.account.WebAuthorizations([*found], users)


@serves(functions.account.ResetWebAuthorizationRequest)
def reset_web_authorization(request: functions.account.ResetWebAuthorizationRequest, call: Call) -> bool:
    """Log out of one."""
    if _logins(call).pop(request.hash, None) is None:
        raise RpcFault(400, "HASH_INVALID")
    return True


@serves(functions.account.ResetWebAuthorizationsRequest)
def reset_web_authorizations(request: functions.account.ResetWebAuthorizationsRequest, call: Call) -> bool:
    """Log out of all."""
    _logins(call).clear()
    return True


# -- logging in by a button ------------------------------------------------------------------------------------------


def _button(letter: Letter, button_id: int) -> types.InlineButtonTypeUrlAuth:
    markup = letter.markup
    for row in markup.rows if isinstance(markup, types.ReplyInlineMarkup) else ():
        for button in row.buttons:
            if isinstance(button.type, types.InlineButtonTypeUrlAuth) and button.type.button_id == button_id:
                return button.type
    raise RpcFault(400, "BUTTON_ID_INVALID")


def _asked(
    call: Call, peer: types.TypeInputPeer | None, msg_id: int | None, button_id: int | None, url: str | None
) -> tuple[Account, str] | None:
    """The bot that asks, and the address to log in to; None for an address without a button."""
    if peer is None or msg_id is None or button_id is None:
        if not url:
            raise RpcFault(400, "URL_INVALID")
        return None
    letter = call.letter(call.peer(peer), msg_id)
    asked = _button(letter, button_id).url
    account = call.world.accounts[letter.via_bot if letter.via_bot is not None else letter.sender]
    if account.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    return account, asked


@serves(functions.messages.RequestUrlAuthRequest)
def request_url_auth(request: functions.messages.RequestUrlAuthRequest, call: Call) -> types.TypeUrlAuthResult:
    """What a button wants to log in to; an address without a button is opened as it is."""
    asked = _asked(call, request.peer, request.msg_id, request.button_id, request.url)
    if asked is None:
        return types.UrlAuthResultDefault()
    account, url = asked
    write = call.my_id not in account.mailbox.dialogs
    shown = call.world.views.user(account.id, call.my_id)
    return types.UrlAuthResultRequest(shown, urlsplit(url).netloc, request_write_access=write)


@serves(functions.messages.AcceptUrlAuthRequest)
def accept_url_auth(request: functions.messages.AcceptUrlAuthRequest, call: Call) -> types.TypeUrlAuthResult:
    """Log in there: the address is given what proves who comes, as the widget for websites gives it."""
    asked = _asked(call, request.peer, request.msg_id, request.button_id, request.url)
    if asked is None:
        return types.UrlAuthResultDefault()
    account, url = asked
    if request.write_allowed and call.my_id not in account.mailbox.dialogs:
        account.mailbox.dialog(call.my_id)
        action = types.MessageActionBotAllowed(domain=urlsplit(url).netloc)
        post.service(call.world, call.delivery, call.me, account.id, action)
    number = call.world.new_id()
    _logins(call)[number] = types.WebAuthorization(
        number,
        account.id,
        urlsplit(url).netloc,
        "Test",
        "Test",
        moment(call.now),
        moment(call.now),
        "127.0.0.1",
        "Loopback",
    )
    token = account.bot.token if account.bot is not None else ""
    return types.UrlAuthResultAccepted(_with_proof(url, token, call.me, call.now))


def _with_proof(url: str, token: str, user: Account, now: int) -> str:
    """The address with who comes, signed by the token of the bot.

    Source: https://core.telegram.org/widgets/login#checking-authorization
    """
    fields = {"id": str(user.id), "first_name": user.first_name, "auth_date": str(now)}
    if user.last_name:
        fields["last_name"] = user.last_name
    if user.username is not None:
        fields["username"] = user.username
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hashlib.sha256(token.encode()).digest()
    fields["hash"] = hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()
    return f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"


@serves(functions.messages.DeclineUrlAuthRequest, who="both")
def decline_url_auth(request: functions.messages.DeclineUrlAuthRequest, call: Call) -> bool:
    """Do not log in."""
    if "://" not in request.url:
        raise RpcFault(400, "URL_INVALID")
    return True
