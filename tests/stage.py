"""An app over sessions that step on command, with words for what tests do to it."""

from collections.abc import Callable
from pathlib import Path

from stepped import Hand, tiny_launch
from textual.pilot import Pilot
from textual.widgets import Static

from lstm_tui.app import LstmApp
from lstm_tui.pacing import Budget
from lstm_tui.widgets.status import StatusLine


class Stage:
    """An app over stepped sessions, with words for what tests do to it."""

    def __init__(self, folder: Path, task: str = "text", **options: object) -> None:
        self.hand = Hand()
        self.app = LstmApp(tiny_launch(folder, task, **options), self.hand.begin)  # type: ignore[arg-type]
        self.app.budget = Budget(share=1e9, bytes_per_second=1e9, least=0.1)  # a test has no training to spare
        self.pilot: Pilot[int] | None = None

    async def until(self, true: Callable[[], bool], turns: int = 1) -> None:
        """Let sessions and screen go on until something holds."""
        assert self.pilot is not None
        for _ in range(500):
            self.hand.turn(turns)
            await self.pilot.pause(0.01)
            if true():
                return
        raise AssertionError(f"it did not come true; the status line says {self.status!r}")

    async def press(self, *keys: str) -> None:
        """Press keys, let the session apply what they ask for, and let the screen show it."""
        assert self.pilot is not None
        await self.pilot.press(*keys)
        self.hand.turn()
        main = self.app.main_screen
        await self.until(lambda: not main.is_busy, turns=0 if self.app.sessions.current.paused else 1)

    def text(self, selector: str) -> str:
        """The plain text of a Static."""
        return str(self.app.main_screen.query_one(selector, Static).render())

    @property
    def status(self) -> str:
        return str(self.app.main_screen.query_one(StatusLine).render())

    @property
    def latest(self):
        return self.app.sessions.current.latest


async def opened(stage: Stage, pilot: Pilot[int]) -> None:
    stage.pilot = pilot
    await stage.until(lambda: "step 0" not in stage.status and "step" in stage.status)
