"""Polite ends: a signal sets a flag, and the training loop looks at it between two slices of work."""

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
STEP_MOST = 0.5  # seconds that a signal leaves the step in hand to end by itself: a starved machine needs the rest


class Interrupts:
    """While entered, the first signal is noted in `number`; a second Ctrl+C raises KeyboardInterrupt at once.

    A hang-up stays ignored where it was, as `nohup` has it. An interrupt does not: a shell ignores it for the jobs that
    a script starts in the background, and `kill -INT` should still be able to end those.

    overdue: called with the signal's number, in a thread of its own, if this is still entered STEP_MOST seconds later.
    """

    def __init__(self, overdue: Callable[[int], None] | None = None) -> None:
        self.number: int | None = None
        self._overdue, self._left = overdue, threading.Event()
        self._before: dict[int, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():  # Python allows no other
            for number in (int(getattr(signal, name)) for name in NAMES if hasattr(signal, name)):
                if name_of(number) == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN:
                    continue
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._left.set()
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _note(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.number = number
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if self._overdue is not None:
            threading.Thread(target=self._wait_for_the_end, args=[self._overdue, number], daemon=True).start()

    def _wait_for_the_end(self, overdue: Callable[[int], None], number: int) -> None:
        if not self._left.wait(STEP_MOST):
            overdue(number)


def name_of(number: int) -> str:
    """SIGINT and so on."""
    return signal.Signals(number).name
