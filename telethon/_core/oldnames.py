"""Names that programs import from modules of Telethon in which they are only because that module uses them itself.

Such as ``from telethon.sessions.sqlite import PeerChannel``, which some editors write when asked for an import, or
``patch("telethon.client.users.asyncio.sleep")`` in tests; and whatever else ``from telethon.utils import *`` gave them.
They are given to who asks; nothing is loaded before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Final

__all__ = ["old_names", "star_names"]

#: Of each module the names; with ``=`` what stands for one, otherwise the module of that name. ``.`` begins the path of
#: something in this package. With ``?`` the module may be missing: then the name is None.
_NAMES: Final = {
    "telethon.client": """
        account=.client.account auth=.client.auth bots=.client.bots buttons=.client.buttons chats=.client.chats
        dialogs=.client.dialogs downloads=.client.downloads messageparse=.client.messageparse
        messages=.client.messages telegrambaseclient=.client.telegrambaseclient
        telegramclient=.client.telegramclient updates=.client.updates uploads=.client.uploads
        users=.client.users
    """,
    "telethon.client.account": """
        typing helpers=.helpers
    """,
    "telethon.client.auth": """
        getpass inspect os typing custom=.tl.custom helpers=.helpers pwd_mod=.password
        SessionState=._updates.session.SessionState
    """,
    "telethon.client.bots": """
        typing custom=.tl.custom hints=.hints
    """,
    "telethon.client.buttons": """
        typing custom=.tl.custom hints=.hints
    """,
    "telethon.client.chats": """
        asyncio inspect itertools string typing custom=.tl.custom hints=.hints
        RequestIter=.requestiter.RequestIter
    """,
    "telethon.client.dialogs": """
        asyncio inspect itertools typing custom=.tl.custom hints=.hints RequestIter=.requestiter.RequestIter
    """,
    "telethon.client.downloads": """
        ?aiohttp asyncio inspect io pathlib typing AES=.crypto.aes.AES errors=.errors hints=.hints
        RequestIter=.requestiter.RequestIter TLObject=.tl.tlobject.TLObject
    """,
    "telethon.client.messageparse": """
        itertools typing helpers=.helpers
    """,
    "telethon.client.messages": """
        inspect itertools typing warnings errors=.errors hints=.hints RequestIter=.requestiter.RequestIter
    """,
    "telethon.client.telegrambaseclient": """
        ?python_socks collections datetime inspect logging pathlib platform re time typing warnings
        ChannelState=._updates.session.ChannelState Connection=.network.connection.connection.Connection
        Entity=._updates.session.Entity EntityType=._updates.session.EntityType helpers=.helpers
        LAYER=.tl.alltlobjects.LAYER markdown=.extensions.markdown
        MbEntityCache=._updates.entitycache.EntityCache MemorySession=.sessions.memory.MemorySession
        MessageBox=._updates.messagebox.MessageBox rsa=.crypto.rsa Session=.sessions.abstract.Session
        SessionState=._updates.session.SessionState SQLiteSession=.sessions.sqlite.SQLiteSession
        TcpMTProxy=.network.connection.tcpmtproxy.TcpMTProxy version=.version
    """,
    "telethon.client.updates": """
        inspect itertools logging random sqlite3 sys time traceback typing warnings deque=collections.deque
        errors=.errors EventCommon=.events.common.EventCommon events=.events
        get_running_loop=.helpers.get_running_loop OperationalError=sqlite3.OperationalError
    """,
    "telethon.client.uploads": """
        ?PIL hashlib io itertools os pathlib re typing
        _resize_photo_if_needed=.client._media.resize_photo_if_needed AES=.crypto.aes.AES BytesIO=io.BytesIO
        custom=.tl.custom helpers=.helpers hints=.hints
    """,
    "telethon.client.users": """
        asyncio datetime itertools time typing _fmt_flood=.client._oldcall.flood_words
        _NOT_A_REQUEST=.client._oldcall.not_a_request helpers=.helpers hints=.hints
        MultiError=.errors.common.MultiError retry_range=.helpers.retry_range
        RPCError=.errors.rpcbaseerrors.RPCError
    """,
    "telethon.crypto": """
        aes=.crypto.aes aesctr=.crypto.aesctr authkey=.crypto.authkey cdndecrypter=.crypto.cdndecrypter
        factorization=.crypto.factorization libssl=.crypto.libssl rsa=.crypto.rsa
    """,
    "telethon.crypto.aes": """
        cryptg logging os pyaes libssl=.crypto.libssl
    """,
    "telethon.crypto.rsa": """
        os rsa struct TLObject=.tl.tlobject.TLObject
    """,
    "telethon.errors": """
        re common=.errors.common functions=.tl.functions rpcbaseerrors=.errors.rpcbaseerrors
        rpcerrorlist=.errors.rpcerrorlist
    """,
    "telethon.errors.common": """
        struct textwrap TLRequest=.tl.tlobject.TLRequest
    """,
    "telethon.errors.rpcbaseerrors": """
        functions=.tl.functions
    """,
    "telethon.events": """
        album=.events.album callbackquery=.events.callbackquery chataction=.events.chataction
        common=.events.common inlinequery=.events.inlinequery messagedeleted=.events.messagedeleted
        messageedited=.events.messageedited messageread=.events.messageread newmessage=.events.newmessage
        raw=.events.raw userupdate=.events.userupdate
    """,
    "telethon.events.common": """
        warnings
    """,
    "telethon.events.newmessage": """
        re utils=.utils
    """,
    "telethon.extensions": """
        binaryreader=.extensions.binaryreader html=.extensions.html markdown=.extensions.markdown
        messagepacker=.extensions.messagepacker
    """,
    "telethon.extensions.html": """
        add_surrogate=.helpers.add_surrogate del_surrogate=.helpers.del_surrogate deque=collections.deque
        escape=html.escape HTMLParser=html.parser.HTMLParser Iterable=typing.Iterable List=typing.List
        MessageEntityBlockquote=.tl.types.MessageEntityBlockquote MessageEntityBold=.tl.types.MessageEntityBold
        MessageEntityCode=.tl.types.MessageEntityCode
        MessageEntityCustomEmoji=.tl.types.MessageEntityCustomEmoji
        MessageEntityEmail=.tl.types.MessageEntityEmail MessageEntityItalic=.tl.types.MessageEntityItalic
        MessageEntityMentionName=.tl.types.MessageEntityMentionName MessageEntityPre=.tl.types.MessageEntityPre
        MessageEntityStrike=.tl.types.MessageEntityStrike MessageEntityTextUrl=.tl.types.MessageEntityTextUrl
        MessageEntityUnderline=.tl.types.MessageEntityUnderline MessageEntityUrl=.tl.types.MessageEntityUrl
        strip_text=.helpers.strip_text TLObject=.tl.tlobject.TLObject Tuple=typing.Tuple
        TypeMessageEntity=.tl.types.TypeMessageEntity within_surrogate=.helpers.within_surrogate
    """,
    "telethon.extensions.markdown": """
        re warnings add_surrogate=.helpers.add_surrogate del_surrogate=.helpers.del_surrogate
        MessageEntityBold=.tl.types.MessageEntityBold MessageEntityCode=.tl.types.MessageEntityCode
        MessageEntityItalic=.tl.types.MessageEntityItalic
        MessageEntityMentionName=.tl.types.MessageEntityMentionName MessageEntityPre=.tl.types.MessageEntityPre
        MessageEntityStrike=.tl.types.MessageEntityStrike MessageEntityTextUrl=.tl.types.MessageEntityTextUrl
        strip_text=.helpers.strip_text TLObject=.tl.tlobject.TLObject within_surrogate=.helpers.within_surrogate
    """,
    "telethon.helpers": """
        asyncio enum functools inspect io logging os struct sys Path=pathlib.Path sha1=hashlib.sha1
    """,
    "telethon.network": """
        authenticator=.network.authenticator connection=.network.connection
        mtprotoplainsender=.network.mtprotoplainsender mtprotosender=.network.mtprotosender
        mtprotostate=.network.mtprotostate requeststate=.network.requeststate
    """,
    "telethon.network.connection": """
        connection=.network.connection.connection http=.network.connection.http
        tcpabridged=.network.connection.tcpabridged tcpfull=.network.connection.tcpfull
        tcpintermediate=.network.connection.tcpintermediate tcpmtproxy=.network.connection.tcpmtproxy
        tcpobfuscated=.network.connection.tcpobfuscated
    """,
    "telethon.network.connection.connection": """
        ?python_socks sys helpers=.helpers InvalidBufferError=.errors.common.InvalidBufferError
        InvalidChecksumError=.errors.common.InvalidChecksumError ssl_mod=ssl
    """,
    "telethon.network.connection.tcpfull": """
        asyncio struct crc32=zlib.crc32 InvalidBufferError=.errors.common.InvalidBufferError
        InvalidChecksumError=.errors.common.InvalidChecksumError
        PacketCodec=.network.connection.connection.PacketCodec
    """,
    "telethon.network.connection.tcpmtproxy": """
        asyncio base64 hashlib os AESModeCTR=.crypto.aesctr.AESModeCTR
    """,
    "telethon.network.connection.tcpobfuscated": """
        os AESModeCTR=.crypto.aesctr.AESModeCTR
    """,
    "telethon.network.mtprotosender": """
        collections contextlib datetime struct time _tl=.tl.types authenticator=.network.authenticator
        AuthKey=.crypto.authkey.AuthKey AuthKeyNotFound=.errors.common.AuthKeyNotFound
        BadMessageError=.errors.common.BadMessageError BadMsgNotification=.tl.types.BadMsgNotification
        BadServerSalt=.tl.types.BadServerSalt BinaryReader=.extensions.binaryreader.BinaryReader
        DestroyAuthKeyFail=.tl.types.DestroyAuthKeyFail DestroyAuthKeyNone=.tl.types.DestroyAuthKeyNone
        DestroyAuthKeyOk=.tl.types.DestroyAuthKeyOk DestroyAuthKeyRequest=.tl.functions.DestroyAuthKeyRequest
        DestroySessionNone=.tl.types.DestroySessionNone DestroySessionOk=.tl.types.DestroySessionOk
        DestroySessionRequest=.tl.functions.DestroySessionRequest FutureSalts=.tl.types.FutureSalts
        GzipPacked=.tl.core.gzippacked.GzipPacked helpers=.helpers
        InvalidBufferError=.errors.common.InvalidBufferError LogOutRequest=.tl.functions.auth.LogOutRequest
        MessageContainer=.tl.core.messagecontainer.MessageContainer
        MessagePacker=.extensions.messagepacker.MessagePacker MsgDetailedInfo=.tl.types.MsgDetailedInfo
        MsgNewDetailedInfo=.tl.types.MsgNewDetailedInfo MsgResendReq=.tl.types.MsgResendReq
        MsgsAck=.tl.types.MsgsAck MsgsAllInfo=.tl.types.MsgsAllInfo MsgsStateInfo=.tl.types.MsgsStateInfo
        MsgsStateReq=.tl.types.MsgsStateReq MTProtoPlainSender=.network.mtprotoplainsender.MTProtoPlainSender
        MTProtoState=.network.mtprotostate.MTProtoState NewSessionCreated=.tl.types.NewSessionCreated
        PingRequest=.tl.functions.PingRequest Pong=.tl.types.Pong
        RequestState=.network.requeststate.RequestState retry_range=.helpers.retry_range
        rpc_message_to_error=.errors.rpc_message_to_error RpcResult=.tl.core.rpcresult.RpcResult
        SecurityError=.errors.common.SecurityError Task=asyncio.Task
        TypeNotFoundError=.errors.common.TypeNotFoundError upload=.tl.types.upload utils=.utils
    """,
    "telethon.network.mtprotostate": """
        os struct time AES=.crypto.aes.AES BadMsgNotification=.tl.types.BadMsgNotification
        BadServerSalt=.tl.types.BadServerSalt BinaryReader=.extensions.binaryreader.BinaryReader
        deque=collections.deque GzipPacked=.tl.core.gzippacked.GzipPacked
        InvokeAfterMsgRequest=.tl.functions.InvokeAfterMsgRequest sha256=hashlib.sha256
        TLMessage=.tl.core.tlmessage.TLMessage TLRequest=.tl.tlobject.TLRequest
    """,
    "telethon.sessions": """
        abstract=.sessions.abstract memory=.sessions.memory sqlite=.sessions.sqlite string=.sessions.string
    """,
    "telethon.sessions.memory": """
        Enum=enum.Enum InputDocument=.tl.types.InputDocument InputPeerChannel=.tl.types.InputPeerChannel
        InputPeerChat=.tl.types.InputPeerChat InputPeerUser=.tl.types.InputPeerUser
        InputPhoto=.tl.types.InputPhoto PeerChannel=.tl.types.PeerChannel PeerChat=.tl.types.PeerChat
        PeerUser=.tl.types.PeerUser Session=.sessions.abstract.Session TLObject=.tl.tlobject.TLObject
        utils=.utils
    """,
    "telethon.sessions.sqlite": """
        AuthKey=.crypto.authkey.AuthKey InputDocument=.tl.types.InputDocument InputPhoto=.tl.types.InputPhoto
        PeerChannel=.tl.types.PeerChannel PeerChat=.tl.types.PeerChat PeerUser=.tl.types.PeerUser utils=.utils
    """,
    "telethon.sessions.string": """
        ipaddress AuthKey=.crypto.authkey.AuthKey Session=.sessions.abstract.Session
    """,
    "telethon.sync": """
        asyncio
    """,
    "telethon.tl": """
        alltlobjects=.tl.alltlobjects core=.tl.core custom=.tl.custom functions=.tl.functions
        patched=.tl.patched tlobject=.tl.tlobject types=.tl.types
    """,
    "telethon.tl.core": """
        gzippacked=.tl.core.gzippacked messagecontainer=.tl.core.messagecontainer rpcresult=.tl.core.rpcresult
        tlmessage=.tl.core.tlmessage
    """,
    "telethon.tl.custom": """
        adminlogevent=.tl.custom.adminlogevent button=.tl.custom.button chatgetter=.tl.custom.chatgetter
        conversation=.tl.custom.conversation dialog=.tl.custom.dialog draft=.tl.custom.draft
        file=.tl.custom.file forward=.tl.custom.forward inlinebuilder=.tl.custom.inlinebuilder
        inlineresult=.tl.custom.inlineresult inlineresults=.tl.custom.inlineresults
        inputsizedfile=.tl.custom.inputsizedfile message=.tl.custom.message
        messagebutton=.tl.custom.messagebutton participantpermissions=.tl.custom.participantpermissions
        qrlogin=.tl.custom.qrlogin sendergetter=.tl.custom.sendergetter
    """,
    "telethon.tl.custom.message": """
        alltlobjects=.tl.alltlobjects ChatGetter=.tl.custom.chatgetter.ChatGetter datetime=datetime.datetime
        errors=.errors File=.tl.custom.file.File Forward=.tl.custom.forward.Forward functions=.tl.functions
        List=typing.List MessageButton=.tl.custom.messagebutton.MessageButton Optional=typing.Optional
        SenderGetter=.tl.custom.sendergetter.SenderGetter TLObject=.tl.tlobject.TLObject
        TYPE_CHECKING=typing.TYPE_CHECKING types=.tl.types utils=.utils
    """,
    "telethon.tl.functions": """
        os struct datetime=datetime.datetime List=typing.List Optional=typing.Optional
        TLObject=.tl.tlobject.TLObject TLRequest=.tl.tlobject.TLRequest TYPE_CHECKING=typing.TYPE_CHECKING
        Union=typing.Union
    """,
    "telethon.tl.tlobject": """
        base64 json struct time date=datetime.date datetime=datetime.datetime timedelta=datetime.timedelta
        timezone=datetime.timezone
    """,
    "telethon.tl.types": """
        os struct datetime=datetime.datetime List=typing.List Optional=typing.Optional
        TLObject=.tl.tlobject.TLObject TYPE_CHECKING=typing.TYPE_CHECKING Union=typing.Union
    """,
    "telethon.utils": """
        ?hachoir base64 binascii inspect io itertools logging math mimetypes os pathlib re struct warnings
        GeneratorType=types.GeneratorType guess_extension=mimetypes.guess_extension html=.extensions.html
        markdown=.extensions.markdown namedtuple=collections.namedtuple strip_text=.helpers.strip_text
        types=.tl.types
    """,
}


def old_names(module: str, known: Callable[[str], Any] | None = None) -> Callable[[str], Any]:
    """The `__getattr__` of a module that gives these names.

    Args:
        module: name of that module.
        known: what it has as `__getattr__` otherwise, which is asked first.
    """

    def __getattr__(name: str) -> Any:
        unknown = AttributeError(f"module {module!r} has no attribute {name!r}")
        if known is not None:
            try:
                return known(name)
            except AttributeError as error:
                unknown = error
        if not name.startswith("__"):
            for entry in _NAMES[module].split():
                own, _, target = entry.lstrip("?").partition("=")
                if own == name:
                    return _found(target or own, is_optional=entry.startswith("?"))
        raise unknown

    return __getattr__


def star_names(module: str, own: Iterable[str]) -> list[str]:
    """What ``from module import *`` gives, in a module that has old names.

    Args:
        module: name of that module.
        own: the names that belong there.
    """
    old = (entry.lstrip("?").partition("=")[0] for entry in _NAMES[module].split())
    return list(dict.fromkeys(name for name in (*own, *old) if not name.startswith("_")))


def _found(path: str, *, is_optional: bool) -> Any:
    """The module, or what is in one, at *path*."""
    if path.startswith("."):
        path = "telethon" + path
    try:
        return import_module(path)
    except ImportError:
        module, _, attribute = path.rpartition(".")
        if not module:
            if is_optional:
                return None
            raise
    return getattr(import_module(module), attribute)
