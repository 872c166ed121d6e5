"""A limit for how long a call may take, whatever it is waiting for.

Source: https://core.telegram.org/mtproto/service_messages#cancellation-of-an-rpc-query
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from telethon.errors.common import RequestTimeoutError

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLRequest

__all__ = ["check_timeout", "within"]

_Raised: type[RequestTimeoutError]
if issubclass(RequestTimeoutError, asyncio.TimeoutError):
    _Raised = RequestTimeoutError
else:
    # On Python 3.10 the error of asyncio is another one than that of the language; programs look for either.
    class _BothTimeoutError(RequestTimeoutError, asyncio.TimeoutError):
        pass

    _BothTimeoutError.__name__ = _BothTimeoutError.__qualname__ = RequestTimeoutError.__name__
    _Raised = _BothTimeoutError


def check_timeout(seconds: object) -> float | None:
    """*seconds* as a limit; None when there is none.

    Raises:
        TypeError: it is no number.
        ValueError: it is not a number that time can be compared with.
    """
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError(f"A timeout is a number of seconds or None, not {type(seconds).__name__}")
    if math.isnan(seconds):
        raise ValueError("A timeout is a number of seconds, and NaN is none")
    return None if seconds == math.inf else float(seconds)


async def within(seconds: float, work: Coroutine[Any, Any, Any], request: TLRequest[Any] | list[TLRequest[Any]]) -> Any:
    """What *work* gives, if it does within so many seconds; otherwise it is cancelled.

    It runs in the task of the caller, so that cancelling that task reaches it in the usual way.

    Args:
        seconds: the limit; without any time nothing is begun.
        work: what to wait for.
        request: what it is about; told in the error.

    Raises:
        RequestTimeoutError: the time was over.
    """
    if seconds <= 0:
        work.close()
        raise _Raised(request, seconds)
    task: Any = asyncio.current_task()
    # Python 3.10 does not count who cancels a task.
    cancels = getattr(task, "cancelling", int)()
    is_over = False

    def end() -> None:
        nonlocal is_over
        is_over = True
        task.cancel()

    timer = asyncio.get_running_loop().call_later(seconds, end)
    try:
        answer = await work
    except asyncio.CancelledError:
        if not is_over or getattr(task, "uncancel", int)() > cancels:
            # Somebody else wants the task to end.
            raise
        raise _Raised(request, seconds) from None
    except BaseException:
        if is_over:
            getattr(task, "uncancel", int)()
        raise
    finally:
        timer.cancel()
    if is_over:
        getattr(task, "uncancel", int)()
    return answer
