"""Opening libcrypto, and its ciphers."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from telethon.crypto import _ige, _libcrypto

# NIST SP 800-38A, F.2.5 and F.1.5.
KEY = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
PLAIN = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
CBC = bytes.fromhex("f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d")
ECB = bytes.fromhex("f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870")


@pytest.fixture
def library() -> _libcrypto.Libcrypto:
    return _libcrypto.open_library()


def test_the_vectors_of_nist(library: _libcrypto.Libcrypto) -> None:
    iv = bytes(range(16))
    assert library.cipher("EVP_aes_256_cbc", KEY, iv).update(PLAIN) == CBC
    assert library.cipher("EVP_aes_256_ecb", KEY, None).update(PLAIN) == ECB
    assert library.cipher("EVP_aes_256_ecb", KEY, None, encrypt=False).update(ECB) == PLAIN


def test_the_old_function_decrypts(library: _libcrypto.Libcrypto) -> None:
    iv = bytes(range(32))
    cipher = bytes.fromhex("4a7f16441cee6781e8374f261edeb88dc77147ebd5121de8d0fae7762423b6bf")
    assert library.decrypt_ige(cipher, bytes(range(32)), iv) == bytes(32)
    assert iv == bytes(range(32)), "the argument was written to"


def test_a_cipher_goes_on_where_it_was(library: _libcrypto.Libcrypto) -> None:
    cipher = library.cipher("EVP_aes_256_cbc", KEY, bytes(range(16)))
    assert cipher.update(PLAIN[:16]) + cipher.update(b"") + cipher.update(PLAIN[16:]) == CBC


def test_too_many_bytes_are_refused(library: _libcrypto.Libcrypto, monkeypatch: pytest.MonkeyPatch) -> None:
    cipher = library.cipher("EVP_aes_256_ctr", KEY, bytes(16))
    monkeypatch.setattr(_ige, "MAX_BYTES", 10)
    with pytest.raises(ValueError, match="too many"):
        cipher.update(bytes(11))


def test_a_cipher_is_freed(library: _libcrypto.Libcrypto, monkeypatch: pytest.MonkeyPatch) -> None:
    freed: list[int] = []
    cipher = library.cipher("EVP_aes_256_ctr", KEY, bytes(16))
    free, context = cipher._free, cipher._context
    cipher._free = freed.append
    del cipher
    gc.collect()
    assert freed == [context]
    free(context)


def test_a_refusal_of_openssl_is_an_error(library: _libcrypto.Libcrypto) -> None:
    _libcrypto._succeeded(1)
    for result in (0, -1):
        with pytest.raises(RuntimeError, match="OpenSSL refused"):
            _libcrypto._succeeded(result)
    context = library.library.EVP_CIPHER_CTX_new()
    with pytest.raises(RuntimeError, match="OpenSSL refused"):
        library.library.EVP_CipherInit_ex(context, None, None, None, None, 1)
    library.library.EVP_CIPHER_CTX_free(context)


def test_no_memory_is_an_error() -> None:
    freed: list[Any] = []
    fake = SimpleNamespace(EVP_CIPHER_CTX_free=freed.append, EVP_CipherUpdate=None, EVP_CIPHER_CTX_new=lambda: None)
    with pytest.raises(MemoryError):
        _libcrypto.Cipher(fake, "EVP_aes_256_ctr", KEY, bytes(16), True)
    # Freeing NULL does nothing.
    gc.collect()
    assert freed == [None]


class Library:
    """A library with some functions missing."""

    def __init__(self, *missing: str) -> None:
        self._missing = missing
        self._functions: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name in self._missing:
            raise AttributeError(name)
        return self._functions.setdefault(name, SimpleNamespace())


def test_the_old_function_may_be_missing() -> None:
    assert _libcrypto.Libcrypto(Library()).has_ige
    assert not _libcrypto.Libcrypto(Library("AES_ige_encrypt")).has_ige
    assert not _libcrypto.Libcrypto(Library("AES_set_decrypt_key")).has_ige


def test_a_library_without_the_functions_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Library()
    monkeypatch.setattr(_libcrypto, "_candidates", lambda: iter([Library("EVP_CipherUpdate"), good, Library()]))
    assert _libcrypto.open_library().library is good
    monkeypatch.setattr(_libcrypto, "_candidates", lambda: iter([Library("EVP_aes_256_ctr")]))
    with pytest.raises(RuntimeError, match="without an OpenSSL library"):
        _libcrypto.open_library()


def opened(monkeypatch: pytest.MonkeyPatch, modules: dict[str, Any], platform: str = "linux") -> list[Any]:
    """What is opened when the modules of Python are these."""

    def import_module(name: str) -> Any:
        if isinstance(modules[name], Exception):
            raise modules[name]
        return modules[name]

    handles = {"libcrypto-3": 0, "libcrypto-3-x64": 77}

    def cdll(name: Any, handle: Any = None) -> Any:
        if name == "broken":
            raise OSError("not a library")
        if name == "kernel32":
            return SimpleNamespace(GetModuleHandleW=Handles(handles))
        return (name, handle) if handle is not None else name

    monkeypatch.setattr(_libcrypto, "import_module", import_module)
    monkeypatch.setattr(_libcrypto, "CDLL", cdll)
    monkeypatch.setattr(_libcrypto.sys, "platform", platform)
    return list(_libcrypto._candidates())


class Handles:
    restype: Any = None

    def __init__(self, handles: dict[str, int]) -> None:
        self.handles = handles

    def __call__(self, name: str) -> int:
        return self.handles.get(name, 0)


def test_the_extension_modules_are_opened_by_their_file_names(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {"_hashlib": SimpleNamespace(__file__="a.so"), "_ssl": SimpleNamespace(__file__="b.so")}
    assert opened(monkeypatch, modules) == ["a.so", "b.so"]


def test_modules_inside_the_interpreter_have_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(monkeypatch, {"_hashlib": SimpleNamespace(), "_ssl": ImportError("built without")}) == [None]


def test_what_cannot_be_opened_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {"_hashlib": SimpleNamespace(__file__="broken"), "_ssl": SimpleNamespace(__file__="b.so")}
    assert opened(monkeypatch, modules) == ["b.so"]


def test_on_windows_loaded_libraries_are_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {"_hashlib": SimpleNamespace(__file__="a.pyd"), "_ssl": SimpleNamespace(__file__="b.pyd")}
    assert opened(monkeypatch, modules, "win32") == ["a.pyd", "b.pyd", ("libcrypto-3-x64", 77)]


def test_no_process_is_started_and_nothing_is_searched_for() -> None:
    code = (
        "import sys\n"
        "def hook(event, args):\n"
        "    if event in ('subprocess.Popen', 'os.system', 'os.posix_spawn', 'os.exec', 'os.fork'): sys.exit(9)\n"
        "sys.addaudithook(hook)\n"
        "from telethon.crypto import libssl\n"
        "libssl.encrypt_ige(bytes(16), bytes(32), bytes(32))\n"
        "print('ctypes.util' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_settings_do_not_touch_other_users_of_the_library(library: _libcrypto.Libcrypto) -> None:
    other = ctypes.CDLL(library.library._name)
    assert other.EVP_CipherUpdate.argtypes is None
    assert _libcrypto.open_library().library is not library.library
