"""When to draw next: after each drawing the screen rests until it is paid for, in time and in bytes.

Python runs one thread at a time, so what the screen computes the training loses; and a slow link takes only so many
bytes. Both prices are measured while the program runs. What is dear, such as a chart on a large screen, is then drawn
less often, by itself and on any machine.
"""

import time
from collections.abc import Callable

FREE = 3.0  # seconds at the start for which nothing is paid: imports and the first layout are dear, and come once


class Budget:
    """Spaces drawings.

    share: of the time that the screen's thread may compute; bytes_per_second: what may be sent; least, most: bounds of
    a rest in seconds. `compute` gives the seconds that the calling thread has computed so far, `clock` the time.
    """

    def __init__(
        self,
        share: float = 0.02,
        bytes_per_second: float = 4000,
        least: float = 0.25,
        most: float = 2.0,
        compute: Callable[[], float] = time.thread_time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.share, self.bytes_per_second, self.least, self.most = share, bytes_per_second, least, most
        self._compute, self._clock = compute, clock
        self._computed, self._sent = compute(), 0
        self._free_until = clock() + FREE

    @classmethod
    def of_link(cls, *, slow: bool) -> "Budget":
        """What a terminal on this machine can take, or one at the other end of a slow link."""
        return cls(bytes_per_second=1000, least=1.0, most=10.0) if slow else cls()

    def rest(self, sent: int) -> float:
        """Seconds to rest now, given all bytes that were sent so far: for what was done since the last call."""
        computed = self._compute()
        price = max((computed - self._computed) / self.share, (sent - self._sent) / self.bytes_per_second)
        self._computed, self._sent = computed, sent
        if self._clock() < self._free_until:
            return self.least
        return min(self.most, max(self.least, price))
