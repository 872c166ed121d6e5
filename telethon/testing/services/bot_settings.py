"""bots: what bots are besides their commands and texts - rights, pictures, owners, storage of their applications.

Source: https://core.telegram.org/api/bots
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from telethon.testing._rpc import RpcFault
from telethon.testing.services._media import take_media
from telethon.testing.services._paging import page_from
from telethon.testing.services._service import serves
from telethon.testing.services.account import check_name
from telethon.testing.services.profile import set_status
from telethon.testing.world.botnews import tell_bot
from telethon.testing.world.media import DocumentMedia, Media, PhotoMedia
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account, Bot

_MAX_PREVIEWS = 10
_MAX_KEYS = 1024


def _bot(account: Account) -> Bot:
    if account.bot is None:
        raise RpcFault(400, "BOT_INVALID")
    return account.bot


def _owned(call: Call, given: types.TypeInputUser) -> tuple[Account, Bot]:
    """A bot that belongs to the account, is managed by it, or is the account itself."""
    account = call.user(given)
    bot = _bot(account)
    if call.my_id not in (account.id, bot.owner, bot.manager):
        raise RpcFault(400, "BOT_INVALID")
    return account, bot


# -- rights ----------------------------------------------------------------------------------------------------------


def _want_rights(call: Call, field: str, wanted: types.TypeChatAdminRights) -> bool:
    bot = _bot(call.me)
    before: types.TypeChatAdminRights = getattr(bot, field) or types.ChatAdminRights()
    if bytes(before) == bytes(wanted):
        raise RpcFault(400, "RIGHTS_NOT_MODIFIED")
    setattr(bot, field, wanted)
    return True


@serves(functions.bots.SetBotGroupDefaultAdminRightsRequest, who="bot")
def set_bot_group_default_admin_rights(
    request: functions.bots.SetBotGroupDefaultAdminRightsRequest, call: Call
) -> bool:
    """Which rights the bot wants in groups."""
    return _want_rights(call, "group_rights", request.admin_rights)


@serves(functions.bots.SetBotBroadcastDefaultAdminRightsRequest, who="both")
def set_bot_broadcast_default_admin_rights(
    request: functions.bots.SetBotBroadcastDefaultAdminRightsRequest, call: Call
) -> bool:
    """Which rights it wants in channels."""
    return _want_rights(call, "broadcast_rights", request.admin_rights)


@serves(functions.bots.ToggleUserEmojiStatusPermissionRequest, who="both")
def toggle_user_emoji_status_permission(
    request: functions.bots.ToggleUserEmojiStatusPermissionRequest, call: Call
) -> bool:
    """Let a bot change what is shown beside the name of the account, or not."""
    account = call.user(request.bot)
    _bot(account)
    allowed: set[int] = call.me.settings.setdefault("status bots", set())
    (allowed.add if request.enabled else allowed.discard)(account.id)
    return True


@serves(functions.bots.UpdateUserEmojiStatusRequest, who="both")
def update_user_emoji_status(request: functions.bots.UpdateUserEmojiStatusRequest, call: Call) -> bool:
    """Change it, as a bot that is allowed to."""
    _bot(call.me)
    user = call.user(request.user_id)
    if call.my_id not in user.settings.get("status bots", ()):
        raise RpcFault(403, "USER_PERMISSION_DENIED")
    if not user.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    set_status(call, user, request.emoji_status)
    return True


@serves(functions.bots.GetAccessSettingsRequest, who="both")
def get_access_settings(request: functions.bots.GetAccessSettingsRequest, call: Call) -> types.bots.AccessSettings:
    """Who may use a bot."""
    _, bot = _owned(call, request.bot)
    users, _ = call.split(bot.allowed)
    return types.bots.AccessSettings(restricted=bot.restricted, add_users=users or None)


@serves(functions.bots.EditAccessSettingsRequest, who="both")
def edit_access_settings(request: functions.bots.EditAccessSettingsRequest, call: Call) -> bool:
    """Change that."""
    _, bot = _owned(call, request.bot)
    bot.restricted = bool(request.restricted)
    if request.add_users is not None:
        bot.allowed = [call.user(user).id for user in request.add_users]
    return True


# -- owners ----------------------------------------------------------------------------------------------------------


@serves(functions.bots.CheckUsernameRequest, who="both")
def check_username(request: functions.bots.CheckUsernameRequest, call: Call) -> bool:
    """Whether a bot could be named like that."""
    check_name(request.username)
    if not request.username.lower().endswith("bot"):
        raise RpcFault(400, "USERNAME_INVALID")
    return request.username.lower() not in call.world.usernames


@serves(functions.bots.CreateBotRequest, who="both")
def create_bot(request: functions.bots.CreateBotRequest, call: Call) -> types.TypeUser:
    """Make a bot that another bot manages."""
    manager = call.user(request.manager_id)
    _bot(manager)
    if not 0 < len(request.name.strip()) <= 64:
        raise RpcFault(400, "FIRSTNAME_INVALID")
    if not check_username(functions.bots.CheckUsernameRequest(request.username), call):
        raise RpcFault(400, "USERNAME_OCCUPIED")
    made = call.world.create_bot(request.name.strip(), request.username, dc_id=call.me.dc_id)
    bot = _bot(made)
    bot.owner, bot.manager = call.my_id, manager.id
    user_id = call.my_id
    tell_bot(call.delivery, manager, lambda qts: types.UpdateManagedBot(user_id, made.id, qts), (user_id, made.id))
    return call.world.views.user(made.id, call.my_id)


@serves(functions.bots.ExportBotTokenRequest, who="both")
def export_bot_token(request: functions.bots.ExportBotTokenRequest, call: Call) -> types.bots.ExportedBotToken:
    """The token by which a bot logs in; with another one the old is worthless."""
    account, bot = _owned(call, request.bot)
    if request.revoke:
        del call.world.tokens[bot.token]
        bot.token = f"{account.id}:{call.world.rand(18).hex()[:35]}"
        call.world.tokens[bot.token] = account.id
        for auth in list(call.world.authorizations_of(account.id)):
            call.world.logins.leave(auth)
    return types.bots.ExportedBotToken(bot.token)


# -- pictures of applications ----------------------------------------------------------------------------------------


def _preview(date: int, media: Media, viewer: int) -> types.BotPreviewMedia:
    return types.BotPreviewMedia(date, media.tl(viewer))


def _taken(call: Call, given: types.TypeInputMedia) -> Media:
    media = take_media(call, given)
    if media is None or not media.kinds & {"photo", "video"}:
        raise RpcFault(400, "MEDIA_INVALID")
    return media


def _number(media: Media) -> int:
    if isinstance(media, PhotoMedia):
        return media.photo.id
    return media.document.id if isinstance(media, DocumentMedia) else 0


def _place(call: Call, previews: list[tuple[int, Media]], given: types.TypeInputMedia) -> int:
    wanted = _number(_taken(call, given))
    for place, (_, media) in enumerate(previews):
        if _number(media) == wanted:
            return place
    raise RpcFault(400, "MEDIA_INVALID")


@serves(functions.bots.AddPreviewMediaRequest, who="both")
def add_preview_media(request: functions.bots.AddPreviewMediaRequest, call: Call) -> types.BotPreviewMedia:
    """Show one more picture of the main application."""
    _, bot = _owned(call, request.bot)
    previews = bot.previews.setdefault(request.lang_code, [])
    if len(previews) >= _MAX_PREVIEWS:
        raise RpcFault(400, "MEDIA_INVALID")
    media = _taken(call, request.media)
    previews.append((call.now, media))
    return _preview(call.now, media, call.my_id)


@serves(functions.bots.EditPreviewMediaRequest, who="both")
def edit_preview_media(request: functions.bots.EditPreviewMediaRequest, call: Call) -> types.BotPreviewMedia:
    """Show another one in the place of one."""
    _, bot = _owned(call, request.bot)
    previews = bot.previews.setdefault(request.lang_code, [])
    place = _place(call, previews, request.media)
    previews[place] = (call.now, _taken(call, request.new_media))
    return _preview(*previews[place], call.my_id)


@serves(functions.bots.DeletePreviewMediaRequest, who="both")
def delete_preview_media(request: functions.bots.DeletePreviewMediaRequest, call: Call) -> bool:
    """Show some no more."""
    _, bot = _owned(call, request.bot)
    previews = bot.previews.setdefault(request.lang_code, [])
    for given in request.media:
        del previews[_place(call, previews, given)]
    return True


@serves(functions.bots.ReorderPreviewMediasRequest, who="both")
def reorder_preview_medias(request: functions.bots.ReorderPreviewMediasRequest, call: Call) -> bool:
    """Put them into another order."""
    _, bot = _owned(call, request.bot)
    previews = bot.previews.setdefault(request.lang_code, [])
    places = [_place(call, previews, given) for given in request.order]
    rest = [place for place in range(len(previews)) if place not in places]
    bot.previews[request.lang_code] = [previews[place] for place in [*places, *rest]]
    return True


@serves(functions.bots.GetPreviewInfoRequest, who="both")
def get_preview_info(request: functions.bots.GetPreviewInfoRequest, call: Call) -> types.bots.PreviewInfo:
    """The pictures in one language, and in which languages there are some."""
    _, bot = _owned(call, request.bot)
    media = [_preview(date, one, call.my_id) for date, one in bot.previews.get(request.lang_code, ())]
    return types.bots.PreviewInfo([*media], [code for code, found in bot.previews.items() if found and code])


@serves(functions.bots.GetPreviewMediasRequest, who="both")
def get_preview_medias(request: functions.bots.GetPreviewMediasRequest, call: Call) -> list[types.BotPreviewMedia]:
    """The pictures that the account gets to see: in its language, or those for everybody."""
    previews = _bot(call.user(request.bot)).previews
    found = previews.get(call.me.lang_code or "") or previews.get("", [])
    return [_preview(date, media, call.my_id) for date, media in found]


# -- applications ----------------------------------------------------------------------------------------------------


def _parsed(data: types.TypeDataJSON) -> dict[str, Any]:
    try:
        value: Any = json.loads(data.data)
    except ValueError:
        raise RpcFault(400, "DATA_JSON_INVALID") from None
    if not isinstance(value, dict):
        raise RpcFault(400, "DATA_JSON_INVALID")
    return value  # pyright: ignore[reportUnknownVariableType]


@serves(functions.bots.InvokeWebViewCustomMethodRequest, who="both")
def invoke_web_view_custom_method(
    request: functions.bots.InvokeWebViewCustomMethodRequest, call: Call
) -> types.DataJSON:
    """What an application keeps for the one who uses it: saved, read and deleted by key.

    Source: https://core.telegram.org/bots/webapps#cloudstorage
    """
    account = call.user(request.bot)
    _bot(account)
    params = _parsed(request.params)
    stores: dict[int, dict[str, str]] = call.me.settings.setdefault("web storage", {})
    store = stores.setdefault(account.id, {})
    answer: Any = True
    if request.custom_method == "saveStorageValue":
        key, value = str(params.get("key", "")), str(params.get("value", ""))
        if not 0 < len(key) <= 128 or len(value) > 4096 or (key not in store and len(store) >= _MAX_KEYS):
            raise RpcFault(400, "DATA_JSON_INVALID")
        store[key] = value
    elif request.custom_method == "getStorageValues":
        answer = {str(key): store.get(str(key), "") for key in params.get("keys", ())}
    elif request.custom_method == "deleteStorageValues":
        for key in params.get("keys", ()):
            store.pop(str(key), None)
    elif request.custom_method == "getStorageKeys":
        answer = list(store)
    else:
        raise RpcFault(400, "METHOD_INVALID")
    return types.DataJSON(json.dumps(answer))


@serves(functions.bots.CheckDownloadFileParamsRequest, who="both")
def check_download_file_params(request: functions.bots.CheckDownloadFileParamsRequest, call: Call) -> bool:
    """Whether an application may offer a file; nothing is fetched here."""
    _bot(call.user(request.bot))
    return bool(request.file_name.strip()) and request.url.startswith("https://")


@serves(functions.bots.GetPopularAppBotsRequest, who="both")
def get_popular_app_bots(request: functions.bots.GetPopularAppBotsRequest, call: Call) -> types.bots.PopularAppBots:
    """Bots with a main application, those that most people use first."""
    found = [one for one in call.world.accounts.values() if one.bot is not None and one.bot.main_app is not None]
    found.sort(key=lambda one: -len(one.mailbox.dialogs))
    page, following = page_from(found, request.offset, request.limit)
    users, _ = call.split(one.id for one in page)
    return types.bots.PopularAppBots(users, following)


@serves(functions.bots.GetBotRecommendationsRequest, who="both")
def get_bot_recommendations(request: functions.bots.GetBotRecommendationsRequest, call: Call) -> types.users._TypeUsers:
    """Bots that are used by the people who use one."""
    account = call.user(request.bot)
    _bot(account)
    people = set(account.mailbox.dialogs)
    shared = {
        one.id: len(people & set(one.mailbox.dialogs))
        for one in call.world.accounts.values()
        if one.bot is not None and one is not account
    }
    close = sorted((number for number, count in shared.items() if count), key=lambda number: -shared[number])
    users, _ = call.split(close)
    return types.users.Users(users)


# -- questions to the owner's own methods ----------------------------------------------------------------------------


@serves(functions.bots.SendCustomRequestRequest, who="bot")
def send_custom_request(request: functions.bots.SendCustomRequestRequest, call: Call) -> types.DataJSON:
    """Methods that are only for the Bot API: there are none here."""
    _parsed(request.params)
    raise RpcFault(400, "METHOD_INVALID")


@serves(functions.bots.AnswerWebhookJSONQueryRequest, who="bot")
def answer_webhook_json_query(request: functions.bots.AnswerWebhookJSONQueryRequest, call: Call) -> bool:
    """The answer to a question of the Bot API: none is ever asked."""
    _parsed(request.data)
    raise RpcFault(400, "QUERY_ID_INVALID")


@serves(functions.bots.UpdateStarRefProgramRequest, who="both")
def update_star_ref_program(request: functions.bots.UpdateStarRefProgramRequest, call: Call) -> types.StarRefProgram:
    """What a bot pays those who bring people."""
    account, bot = _owned(call, request.bot)
    if not 0 <= request.commission_permille <= 900 or not 0 <= (request.duration_months or 0) <= 36:
        raise RpcFault(400, "STARREF_PERMILLE_INVALID")
    ended = call.now if not request.commission_permille else None
    made = types.StarRefProgram(
        account.id, request.commission_permille, duration_months=request.duration_months, end_date=ended
    )
    bot.star_ref = made if ended is None else None
    return made
