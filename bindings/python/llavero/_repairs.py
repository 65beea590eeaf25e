"""What the generated module leaves open in Python, closed before anybody uses it.

It says nothing about credentials. Each part has a test that fails without it.
"""

import atexit
import ctypes
import functools
import threading
import time
from typing import Any, Callable, Dict, NoReturn, Type

from . import _native

_generated: Dict[str, Any] = vars(_native)

# How long the end of the process waits for callbacks that run on.
_PATIENCE_SECS = 1.0

# The threads that are inside a callback of the app now.
_inside: Dict[int, None] = {}


def _call_app(
    status: Any,
    make_call: Callable[[], Any],
    write_return_value: Callable[[Any], None],
    error_type: Type[Exception],
    lower_error: Callable[[Any], Any],
) -> None:
    """Calls the app. Whatever it raises becomes an error of the library.

    The generated code lets through what is not an `Exception`, such as `SystemExit`; ctypes drops it, and the library
    takes the call for a success. It would believe a store that has stored nothing. It also hands over the exception's
    text, which may hold anything.
    """
    codes = _generated["_UniffiRustCallStatus"]
    thread = threading.get_ident()
    _inside[thread] = None
    try:
        try:
            write_return_value(make_call())
        except error_type as error:
            lowered = lower_error(error)
            status.code = codes.CALL_ERROR
            status.error_buf = lowered
    except BaseException:
        status.code = codes.CALL_UNEXPECTED_ERROR
    finally:
        _inside.pop(thread, None)


def _end_callbacks() -> None:
    """Ends callbacks that still run when the process ends, such as one that hangs and that nobody waits for any more.

    Python ends threads that want to run Python then, and it cannot end one that came from the library: the process
    would abort.
    """
    for thread in tuple(_inside):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(SystemExit))
    give_up = time.monotonic() + _PATIENCE_SECS
    while _inside and time.monotonic() < give_up:
        time.sleep(0.005)


def _check_text(value: object) -> None:
    """Refuses text that is no Unicode text. It is found out here, where nothing is in the library's hands yet.

    Later it would leave an object in the library that nobody frees: a wallet's file would stay locked.
    """
    if not isinstance(value, str):
        raise TypeError(f"argument must be str, not {type(value).__name__}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        # Not with the text in it, as the original has.
        raise ValueError("argument has a lone surrogate, so it is no Unicode text") from None


def _check_bytes(value: object) -> bytes:
    """Refuses what looks like bytes but cannot be handed over, for the same reason."""
    if not isinstance(value, bytes):
        raise TypeError(f"argument must be bytes, not {type(value).__name__}")
    return value


def _write_bytes(write: Callable[[bytes, Any], None]) -> Callable[[object, Any], None]:
    """Refuses what else a callback returns for bytes: of a text, the memory behind it would be handed over."""

    def write_checked(value: object, buffer: Any) -> None:
        write(_check_bytes(value), buffer)

    return write_checked


def _checked_list(check_items: Callable[[Any], None]) -> Callable[[Any], None]:
    """Refuses what can be gone through only once, for the same reason, and a text in place of a list of texts."""

    def check(value: object) -> None:
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"argument must be a list, not {type(value).__name__}")
        check_items(value)

    return check


def _refuse_copy(shared: object, protocol: object = None) -> NoReturn:
    """Refuses to copy or pickle an object of the library: both copies would free the same memory."""
    raise TypeError(f"a {type(shared).__name__} cannot be copied or pickled")


def _same_type_first(equal: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    """Lets a record be compared with anything."""

    @functools.wraps(equal)
    def compare(one: object, other: object) -> Any:
        return equal(one, other) if isinstance(other, type(one)) else NotImplemented

    return compare


def _repair() -> None:
    if "_uniffi_trait_interface_call_with_error" not in _generated:
        raise ImportError("the generated module calls the app in a way that is not known here")
    _generated["_uniffi_trait_interface_call_with_error"] = _call_app
    _generated["_UniffiFfiConverterString"].check_lower = staticmethod(_check_text)
    converter = _generated["_UniffiFfiConverterBytes"]
    converter.check_lower = staticmethod(_check_bytes)
    converter.write = staticmethod(_write_bytes(converter.write))
    for name, converter in _generated.items():
        if name.startswith("_UniffiFfiConverterSequence"):
            converter.check_lower = staticmethod(_checked_list(converter.check_lower))
    for name in _native.__all__:
        exported = _generated[name]
        if hasattr(exported, "_uniffi_clone_handle"):
            exported.__reduce_ex__ = _refuse_copy
        if hasattr(exported, "__dataclass_fields__"):
            exported.__eq__ = _same_type_first(exported.__eq__)
            # The one that dataclasses make shows no member; one that comes from the library hides them on purpose.
            if hasattr(exported.__repr__, "__wrapped__"):
                exported.__repr__ = exported.__str__
    setattr(_native.LlaveroError, "__str__", lambda error: str(error.reason))
    atexit.register(_end_callbacks)


_repair()
