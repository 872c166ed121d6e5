"""Logging in and out, and the two-step password."""

from __future__ import annotations

import asyncio
import sys
import warnings
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast

from telethon import errors, utils
from telethon._core.oldnames import old_names
from telethon._core.rand import system_random
from telethon.client._await import maybe_await
from telethon.client._loops import OTHER_LOOP, is_in_loop
from telethon.client._replaced import is_replaced
from telethon.client.updates import UpdateMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from typing import TextIO, TypeAlias

    from typing_extensions import Self

    from telethon.tl.custom import QRLogin

    Answer: TypeAlias = "str | int | Awaitable[str | int]"
else:
    __getattr__ = old_names(__name__)

__all__ = ["AuthMethods"]

#: How often a code is asked for again when the server says that everything must begin anew.
_MAX_RESTARTS = 2


def _ask(question: str, parameters: str, read: Callable[[str], str] | None = None) -> str:
    """What the person at the terminal answers.

    Raises:
        EOFError: nobody is there.
    """
    try:
        return (read or input)(question)
    except EOFError:
        raise EOFError(
            f"Nobody is logged in with this session, and there is no terminal to ask at. Give {parameters} to start(), "
            "or log in with this session in a terminal once"
        ) from None


def _ask_phone() -> str:
    return _ask("Please enter your phone (or bot token): ", "phone= or bot_token=")


def _ask_code() -> str:
    return _ask("Please enter the code you received: ", "code_callback=")


def _ask_password() -> str:
    # Imported here because only programs that talk to a person need it.
    from getpass import getpass

    return _ask("Please enter your password: ", "password=", getpass)


def _tell(text: str) -> None:
    """Say something to the person who is answering the questions."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _welcome(me: types.User) -> None:
    """Say to the person who has logged in as whom, where answers to questions are expected."""
    name = f"Signed in successfully as {utils.get_display_name(me)}"
    # A window without a terminal has no such stream.
    out = cast("TextIO | None", sys.stdout)
    if out is None:
        return
    try:
        out.write(f"{name}; keep to the rules of Telegram, or the account may be banned\n")
    except UnicodeEncodeError:
        out.write("Signed in successfully\n")
    out.flush()


class AuthMethods(UpdateMethods):
    """Logging in and out."""

    # -- everything at once ------------------------------------------------------------------------------------------

    def start(
        self,
        phone: Callable[[], Answer] | str | int | None = _ask_phone,
        password: Callable[[], Answer] | str | None = _ask_password,
        *,
        bot_token: str | None = None,
        force_sms: bool = False,
        code_callback: Callable[[], Answer] | None = None,
        first_name: str = "New User",
        last_name: str = "",
        max_attempts: int = 3,
    ) -> Any:
        """Connect and, when nobody is logged in yet, log in. Questions are asked in the terminal by default.

        Args:
            phone: the phone number, or a function that gives it or a bot token; it may be asynchronous.
            password: the two-step password, or a function that gives it.
            bot_token: the token that @BotFather gave, to log in as that bot.
            force_sms: has no effect any more.
            code_callback: a function that gives the code that was sent; it may be asynchronous.
            first_name: has no effect any more; signing up is only possible in official applications.
            last_name: likewise.
            max_attempts: how many wrong codes, or passwords, are accepted.

        Returns:
            The client itself: at once outside a running event loop, and when awaited inside one.

        Raises:
            ValueError: neither or both of phone and bot token are given, or the password is needed and missing.
            RuntimeError: too many wrong codes.
            PasswordHashInvalidError: the password is wrong.
            RPCError: Telegram refused to log in.

        Example:
            >>> client = TelegramClient("anon", api_id, api_hash)
            >>> await client.start(phone="+34 600 000 000", code_callback=ask_on_the_web)

            Where no event loop runs, nothing is awaited: ``TelegramClient(...).start(bot_token=token)`` is the client.

        Network: one cheap request when somebody is logged in, otherwise those of `send_code_request` and `sign_in`.
        Source: https://core.telegram.org/api/auth
        """
        if code_callback is None:
            code_callback = _ask_code
        elif not callable(code_callback):
            raise ValueError(
                "The code_callback parameter needs to be a callable function that returns the code you received by "
                "Telegram."
            )
        if not phone and not bot_token:
            raise ValueError("No phone number or bot token provided.")
        if phone and bot_token and not callable(phone):
            raise ValueError("Both a phone and a bot token provided, must only provide one of either")
        work = self._start(
            phone=phone,
            password=password,
            bot_token=bot_token,
            force_sms=force_sms,
            code_callback=code_callback,
            first_name=first_name,
            last_name=last_name,
            max_attempts=max_attempts,
        )
        return self._blocking(work)

    def _blocking(self, work: Coroutine[Any, Any, Any]) -> Any:
        """*work* itself inside a running event loop, its result outside."""
        loop = self.loop
        if loop.is_running() and not is_in_loop():
            # It runs in another thread. In that of the caller there is nobody to await what this would give.
            work.close()
            raise RuntimeError(OTHER_LOOP)
        return work if loop.is_running() else loop.run_until_complete(work)

    async def _start(
        self,
        phone: Callable[[], Answer] | str | int | None,
        password: Callable[[], Answer] | str | None,
        bot_token: str | None,
        force_sms: bool,
        code_callback: Callable[[], Answer],
        first_name: str,
        last_name: str,
        max_attempts: int,
    ) -> Self:
        """Log in, asking what has to be asked. It is called with all of these by name, as programs override it."""
        if not self.is_connected():
            await self.connect()
        me = await self.get_me()
        if me is not None:
            _warn_of_other_account(me, phone, bot_token)
            return self
        if not bot_token:
            phone, bot_token = await _phone_or_token(phone)
        if bot_token:
            await self.sign_in(bot_token=bot_token)
            return self
        me = await self._sign_in_with_code(phone, password, code_callback, max_attempts)
        if me is not None:
            self._log[__name__].info("Signed in successfully as user %d", me.id)
            _welcome(me)
        return self

    async def _sign_in_with_code(
        self,
        phone: Any,
        password: Callable[[], Answer] | str | None,
        code_callback: Callable[[], Answer],
        max_attempts: int,
    ) -> types.User | None:
        sent = await self._ask_for_code(phone)
        if isinstance(sent, types.User):
            return sent
        for _ in range(max_attempts):
            try:
                code = await maybe_await(code_callback())
                # Without this check nothing would be taken for a wish to have the code sent once more.
                if not code:
                    raise errors.PhoneCodeEmptyError(request=None)
                if is_replaced(self, "sign_in", _OWN_SIGN_IN):
                    return await self.sign_in(phone, code=code)  # type: ignore[return-value]  # with a code, a user
                return await self._sign_in(phone, code)
            except errors.SessionPasswordNeededError:
                break
            except errors.PhoneCodeExpiredError:
                _tell("That code has expired. A new one is on its way.")
                await self._ask_for_code(phone)
            except (errors.PhoneCodeEmptyError, errors.PhoneCodeHashEmptyError, errors.PhoneCodeInvalidError):
                _tell("Invalid code. Please try again.")
        else:
            raise RuntimeError(f"{max_attempts} consecutive sign-in attempts failed. Aborting")
        # Out here, so that what is wrong with the password is not told as a consequence of being asked for it.
        return await self._sign_in_with_password(password, max_attempts)

    async def _ask_for_code(self, phone: Any) -> types.auth.SentCode | types.User:
        if is_replaced(self, "send_code_request", _OWN_SEND_CODE):
            return await self.send_code_request(phone)
        return await self._request_code(phone)

    async def _sign_in_with_password(
        self, password: Callable[[], Answer] | str | None, max_attempts: int
    ) -> types.User:
        if not password:
            raise ValueError(
                "Two-step verification is enabled for this account. "
                "Please provide the 'password' argument to 'start()'."
            )
        # Without the check whether somebody is logged in, unless a program wants to know of this step.
        sign_in: Any = self.sign_in if is_replaced(self, "sign_in", _OWN_SIGN_IN) else self._sign_in
        if not callable(password):
            return await sign_in(password=password)  # type: ignore[no-any-return]
        for _ in range(max_attempts):
            try:
                return await sign_in(password=str(await maybe_await(password())))  # type: ignore[no-any-return]
            except errors.PasswordHashInvalidError:
                _tell("Invalid password. Please try again")
        raise errors.PasswordHashInvalidError(request=None)

    # -- the steps ---------------------------------------------------------------------------------------------------

    async def sign_in(
        self,
        phone: str | int | None = None,
        code: str | int | None = None,
        *,
        password: str | None = None,
        bot_token: str | None = None,
        phone_code_hash: str | None = None,
    ) -> types.User | types.auth.SentCode:
        """Log in to an account that exists.

        Args:
            phone: the phone number; with nothing else the code is sent to it.
            code: the code that Telegram sent.
            password: the two-step password, after `SessionPasswordNeededError`.
            bot_token: the token that @BotFather gave.
            phone_code_hash: what `send_code_request` gave, when another client had the code sent.

        Returns:
            The user that is logged in; with only *phone*, what `send_code_request` gives.

        Raises:
            SessionPasswordNeededError: the code is right, and the two-step password is needed as well.
            PhoneCodeInvalidError: the code is wrong.
            PhoneCodeExpiredError: the code is too old; ask for another.
            PasswordHashInvalidError: the password is wrong.
            PhoneNumberUnoccupiedError: nobody has an account with that number.
            ValueError: something is missing.

        Example:
            >>> await client.sign_in("+34 600 000 000")
            >>> try:
            ...     await client.sign_in(code=input("code: "))
            ... except errors.SessionPasswordNeededError:
            ...     await client.sign_in(password=input("password: "))

        Network: two to three cheap requests.
        Source: https://core.telegram.org/api/auth
        """
        me = await self.get_me()
        if me is not None:
            return me
        if phone and not code and not password and not bot_token:
            return await self.send_code_request(phone)
        return await self._sign_in(phone, code, password, bot_token, phone_code_hash)

    async def _sign_in(
        self,
        phone: str | int | None = None,
        code: str | int | None = None,
        password: str | None = None,
        bot_token: str | None = None,
        phone_code_hash: str | None = None,
    ) -> types.User:
        request: Any
        number: str | None = None
        if code:
            number, phone_code_hash = self._parse_phone_and_hash(phone, phone_code_hash)
            request = functions.auth.SignInRequest(number, phone_code_hash, str(code))
        elif password:
            from telethon.password import compute_check

            known = await self(functions.account.GetPasswordRequest())
            # A few tenths of a second of arithmetic, during which everything else should go on.
            proof = await asyncio.to_thread(compute_check, known, password)
            request = functions.auth.CheckPasswordRequest(proof)
        elif bot_token:
            request = functions.auth.ImportBotAuthorizationRequest(
                flags=0, api_id=self.api_id, api_hash=self.api_hash, bot_auth_token=str(bot_token).strip()
            )
        else:
            raise ValueError(
                "You must provide a phone and a code the first time, "
                "and a password only if an RPCError was raised before."
            )
        try:
            answer = await self(request)
        except errors.PhoneCodeExpiredError:
            self._phone_code_hash.pop(number, None)
            raise
        if isinstance(answer, types.auth.AuthorizationSignUpRequired):
            self._tos = answer.terms_of_service
            raise errors.PhoneNumberUnoccupiedError(request=request)
        return await self._on_login(answer.user)  # type: ignore[no-any-return]

    async def sign_up(
        self,
        code: str | int,
        first_name: str,
        last_name: str = "",
        *,
        phone: str | None = None,
        phone_code_hash: str | None = None,
    ) -> types.User:
        """Always raises: accounts can only be made in official applications.

        Raises:
            ValueError: every time.
        """
        raise ValueError(
            "Third-party applications cannot sign up for Telegram. Make the account in an official application "
            "first and then sign in with it here"
        )

    async def _on_login(self, user: Any) -> Any:
        """Take note of who has logged in, and begin to follow that account's updates."""
        self._mb_entity_cache.set_self_user(user.id, bool(user.bot), user.access_hash or 0)
        self._authorized = True
        await self._store_self()
        await self._update_engine.on_login(user)
        return user

    async def send_code_request(
        self, phone: str | int, *, force_sms: bool = False, _retry_count: int = 0
    ) -> types.auth.SentCode:
        """Have Telegram send a code to log in with; where it went is told in the answer.

        Asking again sends the code again, by the next way there is.

        Args:
            phone: the phone number, with the country code.
            force_sms: has no effect any more.

        Returns:
            A `SentCode`; its `type` tells whether to look in the application, text messages or elsewhere.

        Raises:
            PhoneNumberInvalidError: Telegram says that it is no phone number.
            ValueError: it does not look like a phone number.
            FloodWaitError: too many codes were asked for.
            RuntimeError: Telegram has logged the account in at once, without a code.

        Example:
            >>> sent = await client.send_code_request("+34 600 000 000")
            >>> print(type(sent.type).__name__)

        Network: one request; Telegram allows only a few for each number and day.
        Source: https://core.telegram.org/method/auth.sendCode
        """
        if force_sms:
            warnings.warn("force_sms has been deprecated and no longer works", stacklevel=2)
        sent = await self._request_code(phone, _retry_count)
        if isinstance(sent, types.User):
            raise RuntimeError("logged in right after sending the code")
        return sent

    async def _request_code(self, phone: Any, restarts: int = 0) -> types.auth.SentCode | types.User:
        """The code that was sent, or the user when Telegram finds that none is needed."""
        number = utils.parse_phone(phone) or self._phone
        if not number:
            raise ValueError("That is no phone number; write it with the country code, such as +34600000000")
        known_hash = self._phone_code_hash.get(number)
        request: Any
        if known_hash:
            request = functions.auth.ResendCodeRequest(number, known_hash)
        else:
            request = functions.auth.SendCodeRequest(number, self.api_id, self.api_hash, types.CodeSettings())
        try:
            sent = await self(request)
        except (errors.AuthRestartError, errors.PhoneCodeExpiredError):
            if restarts > _MAX_RESTARTS:
                raise
            self._phone_code_hash.pop(number, None)
            return await self._request_code(number, restarts + 1)
        self._phone = number
        if isinstance(sent, types.auth.SentCodeSuccess):
            authorization: Any = sent.authorization
            await self._on_login(authorization.user)
            found: types.User = authorization.user
            return found
        # Some ways of sending give no hash; the one from before then stays good.
        if sent.phone_code_hash:
            self._phone_code_hash[number] = sent.phone_code_hash
        return sent  # type: ignore[no-any-return]

    def _parse_phone_and_hash(self, phone: str | int | None, phone_hash: str | None) -> tuple[str, str]:
        """The number and hash to sign in with, from the arguments or from the last code that was sent."""
        number = utils.parse_phone(phone) or self._phone
        if not number:
            raise ValueError("Please make sure to call send_code_request first.")
        phone_hash = phone_hash or self._phone_code_hash.get(number)
        if not phone_hash:
            raise ValueError(
                "You also need to provide a phone_code_hash. Call send_code_request with this client first, or give "
                "the phone_code_hash of what it returned"
            )
        return number, phone_hash

    async def qr_login(self, ignored_ids: list[int] | None = None) -> QRLogin:
        """Begin to log in by a QR code that an application which is logged in already scans.

        Args:
            ignored_ids: users that are logged in elsewhere in this program and shall not be offered again.

        Returns:
            A `QRLogin`: show its `url` as a QR code and await its `wait`.

        Raises:
            ConnectionError: the client is not connected.

        Example:
            >>> qr_login = await client.qr_login()
            >>> show_as_qr_code(qr_login.url)
            >>> await qr_login.wait()

        Network: one request now, and one each time the code is made anew.
        Source: https://core.telegram.org/api/qr-login
        """
        from telethon.tl.custom import QRLogin

        qr_login = QRLogin(self, ignored_ids or [])
        await qr_login.recreate()
        return qr_login

    async def log_out(self) -> bool:
        """Log out, disconnect, and delete the session. The client cannot be used afterwards.

        Returns:
            False when Telegram did not let the session log out, in which case nothing happened.

        Raises:
            ConnectionError: the client is not connected.

        Example:
            >>> await client.log_out()

        Network: one request.
        Source: https://core.telegram.org/method/auth.logOut
        """
        try:
            await self(functions.auth.LogOutRequest())
        except errors.RPCError:
            return False
        self._mb_entity_cache.set_self_user(None, None, None)
        self._authorized = False
        session = self.session
        await maybe_await(self.disconnect())
        if session is not None:
            await maybe_await(session.delete())
        self.session = None
        return True

    async def edit_2fa(
        self,
        current_password: str | None = None,
        new_password: str | None = None,
        *,
        hint: str = "",
        email: str | None = None,
        email_code_callback: Callable[[int], Answer] | None = None,
    ) -> bool:
        """Set, change or remove the two-step password.

        Args:
            current_password: the password there is; None when there is none.
            new_password: the one there shall be; None to remove it.
            hint: shown to whoever is asked for the password.
            email: address to recover the password by.
            email_code_callback: gets the length of the code that was sent to the address and gives the code; it may be
                asynchronous. Needed with *email*.

        Returns:
            Whether there was anything to do.

        Raises:
            ValueError: an address is given without a way to ask for its code.
            PasswordHashInvalidError: the current password is wrong.

        Example:
            >>> await client.edit_2fa(new_password="correct horse", hint="the horse")

        Network: two or three requests, and a few tenths of a second of arithmetic in a thread.
        Source: https://core.telegram.org/api/srp
        """
        if new_password is None and current_password is None:
            return False
        if email and not callable(email_code_callback):
            raise ValueError("email present without email_code_callback")
        from telethon.password import compute_check, compute_digest

        known = await self(functions.account.GetPasswordRequest())
        algo: Any = known.new_algo
        if isinstance(algo, types.PasswordKdfAlgoUnknown):
            raise ValueError(
                "Telegram wants the password to be kept in a way this layer does not know; a newer version may"
            )
        algo.salt1 += system_random(32)
        proof: types.TypeInputCheckPasswordSRP = types.InputCheckPasswordEmpty()
        if known.has_password and current_password:
            proof = await asyncio.to_thread(compute_check, known, current_password)
        digest = await asyncio.to_thread(compute_digest, algo, new_password) if new_password else b""
        try:
            await self(
                functions.account.UpdatePasswordSettingsRequest(
                    password=proof,
                    new_settings=types.account.PasswordInputSettings(
                        new_algo=algo, new_password_hash=digest, hint=hint, email=email, new_secure_settings=None
                    ),
                )
            )
        except errors.EmailUnconfirmedError as error:
            if email_code_callback is None:
                raise
            code = await maybe_await(email_code_callback(error.code_length))
            await self(functions.account.ConfirmPasswordEmailRequest(str(code)))
        return True

    # -- with --------------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        if self.loop.is_running():
            raise RuntimeError('Inside a running event loop (an "async def") "async with" must be used, not "with"')
        started: Self = self.start()
        return started

    def __exit__(self, *args: object) -> None:
        self.disconnect()

    async def __aenter__(self) -> Self:
        started: Self = await self.start()
        return started

    async def __aexit__(self, *args: object) -> None:
        await maybe_await(self.disconnect())


async def _phone_or_token(phone: Any) -> tuple[Any, str | None]:
    """Ask until the answer is a phone number or a bot token."""
    while callable(phone):
        answer = str(await maybe_await(phone()))
        if ":" in answer:
            return None, answer
        phone = utils.parse_phone(answer) or phone
    return phone, None


def _warn_of_other_account(me: types.User, phone: Any, bot_token: str | None) -> None:
    if bot_token:
        other, what = bot_token.partition(":")[0] != str(me.id), "bot account using the provided bot_token"
    else:
        other = bool(phone) and not callable(phone) and utils.parse_phone(phone) != me.phone
        what = "user account using the provided phone"
    if other:
        warnings.warn(
            f"the session already had an authorized user so it did not login to the {what}; if you were expecting a "
            "different user, check whether you are accidentally reusing an existing session",
            stacklevel=4,
        )


_OWN_SIGN_IN: Any = AuthMethods.__dict__["sign_in"]
_OWN_SEND_CODE: Any = AuthMethods.__dict__["send_code_request"]
