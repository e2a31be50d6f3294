"""The screen of a sweep: it shows what a source says, asks for a pause or an end, and never ends a sweep unasked."""

import threading
from collections import deque
from pathlib import Path

import pytest
from textual.widgets import Static

from lstm_model.sweeps.standing import Standing
from lstm_model.sweeps.sweep import Sweep
from lstm_model.sweeps.trial import Outcome, Reached
from lstm_tui.sweeping.app import SweepApp
from lstm_tui.sweeping.leaving import Leave, LeaveScreen
from lstm_tui.sweeping.screen import SweepScreen
from lstm_tui.sweeping.trial import TrialScreen
from lstm_tui.sweeping.trials import TrialsList
from support.roads import RATES, WIDTHS, design


class Told:
    """A source that says what a test tells it."""

    def __init__(self, folder: Path, *, driven_here: bool = True) -> None:
        self.is_driven_here = driven_here
        self.ended = threading.Event()
        self.said: deque[str] = deque(["the worker X is left out: it has other data"])
        self.sweep = Sweep(design(WIDTHS, RATES, groups=8, pruner="median"), folder)
        self.asked: list[object] = []
        self.running: set[int] = set()
        self.paused = False
        self.move(2)

    def move(self, trials: int, *, share: float = 0.5) -> None:
        for _ in range(trials):
            trial = self.sweep.next()
            assert trial is not None
            self.sweep.reached(trial, Reached(share / 2, 1, 3.0, 3.0))
            self.sweep.reached(trial, Reached(share, 2, 3.0 - trial.number / 10, 3.0 - trial.number / 10))
            self.running.add(trial.number)
        self.standing = Standing.of(self.sweep, self.running, paused=self.paused)

    def end(self, number: int, outcome: Outcome) -> None:
        self.sweep.ended(self.sweep.trials[number], outcome)
        self.running.discard(number)
        self.standing = Standing.of(self.sweep, self.running, paused=self.paused)

    def look(self) -> Standing:
        return self.standing

    def pause(self, waits: bool) -> bool:
        self.asked.append(waits)
        self.paused = waits
        self.standing = Standing.of(self.sweep, self.running, paused=waits)
        return self.is_driven_here

    def stop(self) -> bool:
        self.asked.append("stop")
        return True


def words(app: SweepApp, name: str) -> str:
    return str(app.screen_stack[0].query_one(f"#{name}", Static).content)


@pytest.fixture
def source(tmp_path: Path) -> Told:
    return Told(tmp_path / "sweep")


async def test_trials_pause_order_a_trials_own_screen_and_the_end(source: Told) -> None:
    app = SweepApp(source)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = app.screen_stack[0]
        assert isinstance(screen, SweepScreen)
        await pilot.pause()
        assert "0/8 trials  2 running" in words(app, "state")
        assert "SWEEPING" in words(app, "state")
        assert "hidden" in words(app, "head")
        source.move(1)
        source.end(1, Outcome("done", 2.5, elapsed_s=60.0))
        source.end(0, Outcome("pruned", 2.9))
        screen.show_again()
        await pilot.pause()
        assert "2/8 trials  1 running  left about 7:30" in words(app, "state")
        assert "too few: 3 and 3 needed" in words(app, "effects")
        await pilot.press("p")
        assert source.asked == [True]
        screen.show_again()
        assert "PAUSED" in words(app, "state")
        await pilot.press("space", "o")
        assert source.asked == [True, False]
        assert screen.query_one(TrialsList).number == 2
        await pilot.press("down", "down")
        assert screen.query_one(TrialsList).number == 0
        await pilot.press("enter")
        assert isinstance(app.screen, TrialScreen)
        await pilot.pause()
        told = str(app.screen.query_one("#told", Static).content)
        assert "given up" in told
        assert "--eval-only --load" in told
        await pilot.press("escape", "q")
        assert isinstance(app.screen, LeaveScreen)
        await pilot.press("g")
        assert app.screen_stack[1:] == []
        assert "stop" not in source.asked
        await pilot.press("q", "r")
        assert source.asked[-1] == "stop"
        assert "STOPPING" in words(app, "state")
        source.ended.set()
        await pilot.pause(0.3)
    assert app.return_value is Leave.RUN_ON
    source.sweep.close()


async def test_ctrl_c_twice_stops_and_a_sweep_that_is_over_is_left_at_once(tmp_path: Path) -> None:
    source = Told(tmp_path / "sweep")
    app = SweepApp(source)
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.press("ctrl+c", "ctrl+c")
        assert source.asked == ["stop"]
        source.ended.set()
        await pilot.pause(0.3)
    assert app.return_value is Leave.STOP
    source.sweep.close()
    for number in range(2):
        source.standing.trials[number].outcome = Outcome("done", 1.0)
    source.standing = Standing(source.sweep.design, source.sweep.folder, source.standing.trials, frozenset(), over=True)
    over = SweepApp(source)
    async with over.run_test(size=(30, 10)) as pilot:  # and on a screen that has room for no more than the trials
        await pilot.pause(0.3)
        assert "ENDED" in words(over, "state")
        await pilot.press("q")
        await pilot.pause()
    assert over.return_value is Leave.STAY
    assert source.asked == ["stop"]


async def test_a_sweep_that_runs_elsewhere_is_not_ended_with_the_screen(tmp_path: Path) -> None:
    source = Told(tmp_path / "sweep", driven_here=False)
    app = SweepApp(source)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p", "q")
        assert isinstance(app.screen, LeaveScreen)
        await pilot.press("enter")  # the first answer: it runs on
        await pilot.pause()
    assert app.return_value is Leave.RUN_ON
    assert source.asked == [True]
    source.sweep.close()
