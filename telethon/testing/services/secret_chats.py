"""messages: secret chats. The server passes on what it cannot read.

What secret chats bring is counted by `qts` for the account, not for each of its devices.

Source: https://core.telegram.org/api/end-to-end
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.privacy import person_to_reach
from telethon.testing.world.botnews import tell_bot
from telethon.testing.world.passwords import G, P
from telethon.testing.world.rights import moment, unix
from telethon.testing.world.secretchats import SecretChat
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.files import StoredDocument

_DH_VERSION = 3
_PRIME = int.from_bytes(P, "big")
_MAX_DATA = 1024 * 1024


def _check_half(value: bytes, error: str) -> None:
    """A half of a key must lie well within the prime, or it gives the key away."""
    number = int.from_bytes(value, "big")
    edge = 1 << 2048 - 64
    if not edge <= number <= _PRIME - edge:
        raise RpcFault(400, error)


def _tell(call: Call, chat: SecretChat, account_id: int) -> None:
    update = types.UpdateEncryption(chat.tl(account_id), call.now)
    call.delivery.note(account_id, update, (chat.admin, chat.participant), lasting=True)


def _chat(call: Call, peer: types.TypeInputEncryptedChat) -> SecretChat:
    chat = call.world.secret_chats.get(peer.chat_id)
    if chat is None or chat.hashes.get(call.my_id) != peer.access_hash:
        raise RpcFault(400, "CHAT_ID_INVALID")
    return chat


def _open(call: Call, peer: types.TypeInputEncryptedChat) -> SecretChat:
    chat = _chat(call, peer)
    if chat.state == "discarded":
        raise RpcFault(400, "ENCRYPTION_DECLINED")
    if chat.state != "accepted":
        raise RpcFault(400, "ENCRYPTION_ID_INVALID")
    if call.my_id in call.world.accounts[chat.other(call.my_id)].blocked:
        raise RpcFault(403, "USER_IS_BLOCKED")
    return chat


@serves(functions.messages.GetDhConfigRequest)
def get_dh_config(request: functions.messages.GetDhConfigRequest, call: Call) -> types.messages._TypeDhConfig:
    """The prime and generator for the keys of secret chats, and some random bytes."""
    if not 0 <= request.random_length <= 1024:
        raise RpcFault(400, "RANDOM_LENGTH_INVALID")
    random = call.world.rand(request.random_length)
    if request.version == _DH_VERSION:
        return types.messages.DhConfigNotModified(random)
    return types.messages.DhConfig(G, P, _DH_VERSION, random)


@serves(functions.messages.RequestEncryptionRequest)
def request_encryption(request: functions.messages.RequestEncryptionRequest, call: Call) -> types.TypeEncryptedChat:
    """Ask somebody for a secret chat."""
    other = person_to_reach(call, request.user_id)
    _check_half(request.g_a, "DH_G_A_INVALID")
    if request.random_id in call.world.secret_chats:
        raise RpcFault(500, "RANDOM_ID_DUPLICATE")
    hashes = {call.my_id: call.world.new_id(), other.id: call.world.new_id()}
    chat = SecretChat(request.random_id, hashes, call.my_id, other.id, call.now, request.g_a)
    call.world.secret_chats[chat.id] = chat
    _tell(call, chat, other.id)
    return chat.tl(call.my_id)


@serves(functions.messages.AcceptEncryptionRequest)
def accept_encryption(request: functions.messages.AcceptEncryptionRequest, call: Call) -> types.TypeEncryptedChat:
    """Agree to a secret chat."""
    chat = _chat(call, request.peer)
    if chat.state == "discarded":
        raise RpcFault(400, "ENCRYPTION_ALREADY_DECLINED")
    if chat.state == "accepted" or chat.admin == call.my_id:
        raise RpcFault(400, "ENCRYPTION_ALREADY_ACCEPTED")
    _check_half(request.g_b, "DH_G_A_INVALID")
    chat.g_b, chat.fingerprint, chat.state = request.g_b, request.key_fingerprint, "accepted"
    _tell(call, chat, chat.admin)
    return chat.tl(call.my_id)


@serves(functions.messages.DiscardEncryptionRequest)
def discard_encryption(request: functions.messages.DiscardEncryptionRequest, call: Call) -> bool:
    """End a secret chat, or do not agree to it."""
    if not request.chat_id:
        raise RpcFault(400, "CHAT_ID_EMPTY")
    chat = call.world.secret_chats.get(request.chat_id)
    if chat is None or call.my_id not in chat.hashes:
        raise RpcFault(400, "ENCRYPTION_ID_INVALID")
    if chat.state == "discarded":
        raise RpcFault(400, "ENCRYPTION_ALREADY_DECLINED")
    chat.state, chat.history_deleted = "discarded", bool(request.delete_history)
    _tell(call, chat, chat.other(call.my_id))
    return True


@serves(functions.messages.SetEncryptedTypingRequest)
def set_encrypted_typing(request: functions.messages.SetEncryptedTypingRequest, call: Call) -> bool:
    """Say that one is writing."""
    chat = _chat(call, request.peer)
    if request.typing:
        call.delivery.note(chat.other(call.my_id), types.UpdateEncryptedChatTyping(chat.id))
    return True


@serves(functions.messages.ReadEncryptedHistoryRequest)
def read_encrypted_history(request: functions.messages.ReadEncryptedHistoryRequest, call: Call) -> bool:
    """Say up to when messages were read."""
    chat = _chat(call, request.peer)
    update = types.UpdateEncryptedMessagesRead(chat.id, unix(request.max_date), call.now)
    call.delivery.note(chat.other(call.my_id), update, lasting=True)
    return True


# -- messages --------------------------------------------------------------------------------------------------------


def _pass_on(call: Call, chat: SecretChat, message: types.TypeEncryptedMessage) -> None:
    other = call.world.accounts[chat.other(call.my_id)]
    tell_bot(call.delivery, other, lambda qts: types.UpdateNewEncryptedMessage(message, qts))


def _checked(data: bytes) -> bytes:
    # A key's fingerprint, a message key, and at least one block of sixteen bytes.
    if len(data) < 40 or (len(data) - 24) % 16:
        raise RpcFault(400, "DATA_INVALID")
    if len(data) > _MAX_DATA:
        raise RpcFault(400, "DATA_TOO_LONG")
    return data


@serves(functions.messages.SendEncryptedRequest)
def send_encrypted(
    request: functions.messages.SendEncryptedRequest, call: Call
) -> types.messages._TypeSentEncryptedMessage:
    """Send a message of a secret chat."""
    chat = _open(call, request.peer)
    data = _checked(request.data)
    message = types.EncryptedMessage(
        chat.id, moment(call.now), data, types.EncryptedFileEmpty(), random_id=request.random_id
    )
    _pass_on(call, chat, message)
    return types.messages.SentEncryptedMessage(call.now)


@serves(functions.messages.SendEncryptedServiceRequest)
def send_encrypted_service(
    request: functions.messages.SendEncryptedServiceRequest, call: Call
) -> types.messages._TypeSentEncryptedMessage:
    """Send what the two clients tell each other."""
    chat = _open(call, request.peer)
    data = _checked(request.data)
    _pass_on(call, chat, types.EncryptedMessageService(chat.id, moment(call.now), data, random_id=request.random_id))
    return types.messages.SentEncryptedMessage(call.now)


def _file(call: Call, given: types.TypeInputEncryptedFile) -> types.TypeEncryptedFile:
    files = call.world.files
    if isinstance(given, types.InputEncryptedFileEmpty):
        raise RpcFault(400, "FILE_EMTPY")
    if isinstance(given, types.InputEncryptedFile):
        return _shown(files.document(given.id, given.access_hash))
    name: types.TypeInputFile = types.InputFileBig(given.id, given.parts, "")
    if isinstance(given, types.InputEncryptedFileUploaded):
        name = types.InputFile(given.id, given.parts, "", given.md5_checksum)
    stored = files.add_document(files.assemble(call.my_id, name), call.dc_id, "application/octet-stream", [], None)
    call.world.secret_files[stored.id] = given.key_fingerprint
    return _shown(stored, given.key_fingerprint)


def _shown(stored: StoredDocument, fingerprint: int = 0) -> types.EncryptedFile:
    return types.EncryptedFile(stored.id, stored.access_hash, len(stored.data), stored.dc_id, fingerprint)


@serves(functions.messages.SendEncryptedFileRequest)
def send_encrypted_file(
    request: functions.messages.SendEncryptedFileRequest, call: Call
) -> types.messages._TypeSentEncryptedMessage:
    """Send a message of a secret chat with a file."""
    chat = _open(call, request.peer)
    data = _checked(request.data)
    file = _file(call, request.file)
    if isinstance(file, types.EncryptedFile) and not file.key_fingerprint:
        file.key_fingerprint = call.world.secret_files.get(file.id, 0)
    _pass_on(call, chat, types.EncryptedMessage(chat.id, moment(call.now), data, file, random_id=request.random_id))
    return types.messages.SentEncryptedFile(call.now, file)


@serves(functions.messages.UploadEncryptedFileRequest)
def upload_encrypted_file(
    request: functions.messages.UploadEncryptedFileRequest, call: Call
) -> types.TypeEncryptedFile:
    """Keep a file of a secret chat without sending it."""
    _chat(call, request.peer)
    return _file(call, request.file)


@serves(functions.messages.ReceivedQueueRequest)
def received_queue(request: functions.messages.ReceivedQueueRequest, call: Call) -> list[int]:
    """Say up to where messages of secret chats arrived: they are not kept any longer."""
    mailbox = call.me.mailbox
    if request.max_qts > mailbox.qts:
        raise RpcFault(400, "MAX_QTS_INVALID")
    mailbox.news = [entry for entry in mailbox.news if entry[0] > request.max_qts]
    return []


@serves(functions.messages.ReportEncryptedSpamRequest)
def report_encrypted_spam(request: functions.messages.ReportEncryptedSpamRequest, call: Call) -> bool:
    """Complain of a secret chat."""
    _chat(call, request.peer)
    return True
