"""langpack: texts of apps. The server has one language without texts of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call


def _english() -> types.LangPackLanguage:
    return types.LangPackLanguage("English", "English", "en", "en", 0, 0, "https://translations.telegram.org/en")


@serves(functions.langpack.GetLanguagesRequest, login=False, anywhere=True)
def get_languages(request: functions.langpack.GetLanguagesRequest, call: Call) -> list[types.LangPackLanguage]:
    """The languages there are."""
    return [_english()]


@serves(functions.langpack.GetLanguageRequest, login=False, anywhere=True)
def get_language(request: functions.langpack.GetLanguageRequest, call: Call) -> types.LangPackLanguage:
    """One language."""
    if request.lang_code != "en":
        raise RpcFault(400, "LANG_CODE_NOT_SUPPORTED")
    return _english()


@serves(functions.langpack.GetLangPackRequest, login=False, anywhere=True)
def get_lang_pack(request: functions.langpack.GetLangPackRequest, call: Call) -> types.LangPackDifference:
    """All texts of a language: none."""
    return types.LangPackDifference(request.lang_code, 0, 1, [])


@serves(functions.langpack.GetStringsRequest, login=False, anywhere=True)
def get_strings(request: functions.langpack.GetStringsRequest, call: Call) -> list[types.TypeLangPackString]:
    """Some texts of a language."""
    return [types.LangPackStringDeleted(key) for key in request.keys]


@serves(functions.langpack.GetDifferenceRequest, login=False, anywhere=True)
def get_difference(request: functions.langpack.GetDifferenceRequest, call: Call) -> types.LangPackDifference:
    """What has changed: nothing."""
    return types.LangPackDifference(request.lang_code, request.from_version, request.from_version, [])
