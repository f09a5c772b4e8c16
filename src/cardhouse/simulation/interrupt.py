"""Ctrl-C: the first one ends a run after the chunks at work, the second one at once."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def stop_on_interrupt(tell: Callable[[], None]) -> Iterator[threading.Event]:
    """Hand out an event that the first Ctrl-C sets; a second one raises ``KeyboardInterrupt``.

    Parameters
    ----------
    tell : callable
        Called at the first Ctrl-C, to say what happens now.

    Notes
    -----
    Only the main thread of a process hears Ctrl-C; in another thread the event is never set from here.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def hear(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        tell()

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
