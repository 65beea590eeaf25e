"""`close` and `with` for what keeps a file open.

Python drops an object when nothing names it any more, and an exception that was caught goes on naming it for a while. So
a wallet can be closed by hand, as Python's own files can.
"""

import threading
from types import TracebackType
from typing import Any, Callable, Optional, Type, TypeVar, Union

from ._native import FileStore, Wallet
from ._sugar import _method_of

_Closable = TypeVar("_Closable", FileStore, Wallet)

# Held while a handle is passed on, so that nobody frees it meanwhile. Reentrant: freeing may run an app's `__del__`.
_handles = threading.RLock()


def _guard(owner: Any) -> None:
    """Makes every use of a closed object a `ValueError`."""
    clone: Callable[[Any], int] = owner._uniffi_clone_handle

    def clone_unless_closed(shared: Any) -> int:
        with _handles:
            if "_handle" not in vars(shared):
                raise ValueError(f"this {type(shared).__name__} is closed")
            return clone(shared)

    owner._uniffi_clone_handle = clone_unless_closed


_guard(FileStore)
_guard(Wallet)


@_method_of(FileStore, Wallet)
def close(shared: Union[FileStore, Wallet]) -> None:
    """Gives the file back as soon as no step runs on it. Any use afterwards is a `ValueError`; closing again is none.

    A wallet that a `FileStore` was given to keeps the file, whether that is closed or not.
    """
    with _handles:
        if "_handle" in vars(shared):
            # What the generated class does when nothing names the object any more.
            getattr(shared, "__del__")()
            del vars(shared)["_handle"]


@_method_of(FileStore, Wallet)
def __enter__(shared: _Closable) -> _Closable:
    return shared


@_method_of(FileStore, Wallet)
def __exit__(
    shared: Union[FileStore, Wallet],
    kind: Optional[Type[BaseException]],
    error: Optional[BaseException],
    where: Optional[TracebackType],
) -> None:
    close(shared)
