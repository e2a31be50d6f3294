"""An app over sessions that step on command, with words for what tests do to it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

import lstm_tui
from lstm_model.curves.history import Curve, Mark
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.stock.forecast import Forecast
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.text.writing.sample import Sample
from lstm_tui.app import LstmApp
from lstm_tui.faces.stock.seen import StockSeen
from lstm_tui.faces.text.seen import TextSeen
from lstm_tui.opening.launch import Launch
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.screens.saved.preview import Preview
from lstm_tui.session.seen import Seen
from lstm_tui.session.snapshot import Figure, Snapshot, Status
from lstm_tui.terminal.pacing import Budget
from lstm_tui.widgets.saves import SavesTable, one_line
from lstm_tui.widgets.status import StatusLine
from support.snapshots import changed
from support.stepped import Hand, tiny_launch

PAGE = "NAME\n    ls - list directory contents\n\nSYNOPSIS\n    ls [OPTION]... [FILE]...\n\nDESCRIPTION\n    List it.\n"


def rows(app: App[Any]) -> list[str]:
    """The screen as a terminal would show it, without colours."""
    return [strip.text for strip in app.screen._compositor.render_strips()]  # noqa: SLF001 - Textual has no public way


def toasts(app: App[Any]) -> list[str]:
    """What the app has said in passing and still shows."""
    return [toast.message for toast in app._notifications]  # noqa: SLF001 - Textual has no public way


class Stage:
    """An app over stepped sessions, with words for what tests do to it."""

    def __init__(self, folder: Path, task: str = "text", **options: object) -> None:
        self.stand_on(tiny_launch(folder, task, **options))  # type: ignore[arg-type]

    @classmethod
    def of(cls, launch: Launch) -> "Stage":
        """Over another launch than a tiny one."""
        stage = cls.__new__(cls)
        stage.stand_on(launch)
        return stage

    def stand_on(self, launch: Launch) -> None:
        """Make the app of a launch."""
        self.hand = Hand()
        self.app = LstmApp(launch, self.hand.begin)
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
        await self.until(lambda: not main.is_busy, turns=0 if self.latest.status is Status.PAUSED else 1)

    def text(self, selector: str) -> str:
        """The plain text of a Static."""
        return str(self.app.main_screen.query_one(selector, Static).render())

    @property
    def status(self) -> str:
        return str(self.app.main_screen.query_one(StatusLine).render())

    @property
    def latest(self) -> Snapshot:
        return self.app.sessions.current.latest


async def opened(stage: Stage, pilot: Pilot[int]) -> None:
    stage.pilot = pilot
    await stage.until(lambda: "step 0" not in stage.status and "step" in stage.status)


@asynccontextmanager
async def dialog(
    size: tuple[int, int] = (120, 40), current: Path | None = None, wait: bool = True
) -> AsyncIterator["Dialog"]:
    answers: list[Any] = []
    screen = LoadScreen(current=current)

    class Alone(App[None]):
        CSS_PATH = Path(lstm_tui.__file__).parent / "app.tcss"

        def on_mount(self) -> None:
            self.push_screen(screen, answers.append)

    app = Alone()
    async with app.run_test(size=size) as pilot:
        shown = Dialog(app, pilot, screen, answers)
        if wait:
            await shown.until(lambda: "reading saves" not in shown.text and "Load from" in shown.text)
            if shown.table.row_count:
                await shown.told()
        yield shown


def still(task: str) -> Snapshot:
    """A session at one moment, every number of it made up."""
    steps = np.arange(1, 1201)
    noise = np.random.default_rng(3).normal(0, 0.05, len(steps))
    train = curve(1.1 + 3.4 * np.exp(-steps / 150) + noise, 1)
    val = curve(1.2 + 2.0 * np.exp(-np.arange(1, 5)), 300)
    return changed(
        Snapshot.waiting(task, eval_only=False),
        number=1,
        unit="chars" if task == "text" else "samples",
        data_name="pages.txt" if task == "text" else "prices.csv",
        model="default 1x384",
        parameters=776_000,
        memory={"vocabulary": " " * 96} if task == "text" else {},
        config=preset_config(task),
        figure=Figure(1200, 0.36, 1.1234, 1.2366, (1000, 1.25), 1.2366, 1200, 0.21, 0.0098, 0.01, 31_200, 39, 61, 0.36),
        train=train.buckets(),
        val=val.buckets(),
        marks=(Mark(400, "saved"), Mark(700, "rate")),
        references=(("uniform", 4.56), ("3-gram counts", 1.9)),
        saved_step=1000,
        seen=seen(task),
    )


def seen(task: str) -> Seen:
    """What its panes show."""
    if task == "stock":
        return StockSeen(Forecast(1200, paths()))
    samples = tuple(Sample(step, 0.8, "\n\n\n", PAGE, 1.5) for step in (600, 900))
    return TextSeen(prompt="\n\n\n", samples=samples, unwritten=2)


class Dialog:
    """The dialog alone on a screen, with words for what tests do to it."""

    def __init__(self, app: App[None], pilot: Pilot[None], screen: LoadScreen, answers: list[Any]) -> None:
        self.app, self.pilot, self.screen, self.answers = app, pilot, screen, answers

    @property
    def table(self) -> SavesTable:
        return self.screen.query_one(SavesTable)

    @property
    def preview(self) -> Preview:
        return self.screen.query_one(Preview)

    @property
    def lines(self) -> list[str]:
        """The screen as it is shown."""
        return rows(self.app)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def until(self, true: Callable[[], bool]) -> None:
        for _ in range(500):
            await self.pilot.pause(0.005)
            if true():
                return
        raise AssertionError(f"it did not come true; the screen is\n{self.text}")

    async def told(self) -> str:
        """The title of the preview, once it is that of the row under the cursor."""
        entry = self.table.chosen
        assert entry is not None
        name = one_line(f"{entry.run}/{entry.file.stem}")
        await self.until(lambda: (self.preview.border_title or "").replace("\\", "").startswith(name))
        await self.pilot.pause()
        return name

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)


def curve(values: np.ndarray, every: int) -> Curve:
    made = Curve()
    for k, value in enumerate(values.tolist(), 1):
        made.add(every * k, value)
    return made


def paths() -> PricePaths:
    """A year of made-up prices and predictions that follow them by a day."""
    days = np.arange(250)
    closes = 100 + 10 * np.sin(days / 20) + days / 25
    dates = np.busday_offset("2024-01-01", days, roll="forward")
    parts = {"train": range(30, 175), "val": range(175, 212), "test": range(212, 250)}
    predicted = np.append(np.nan, closes[:-1])
    return PricePaths(dates, closes, predicted, parts, np.datetime64("2024-12-16"), 110.5)
