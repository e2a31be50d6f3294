"""What the screens look like, line by line: a change of the look is a change of tests/__snapshots__, and is looked at.

`pytest tests/test_pictures.py --snapshot-update` writes them anew.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from stepped import Hand, tiny_launch
from syrupy.assertion import SnapshotAssertion

from lstm_model.config import TaskName, preset_config
from lstm_model.evaluation import stock_metrics
from lstm_model.events import Forecast, Sample
from lstm_model.history import Curve, Mark
from lstm_model.introspection import Passage, Surprise
from lstm_model.stock_task import PricePaths
from lstm_tui.app import LstmApp
from lstm_tui.session import Session
from lstm_tui.snapshot import Figure, Scores, Snapshot, Status

PAGE = "NAME\n    ls - list directory contents\n\nSYNOPSIS\n    ls [OPTION]... [FILE]...\n\nDESCRIPTION\n    List it.\n"


def curve(values: np.ndarray, every: int) -> Curve:
    made = Curve()
    for k, value in enumerate(values.tolist(), 1):
        made.add(every * k, value)
    return made


def still(task: TaskName) -> Snapshot:
    """A session at one moment, every number of it made up."""
    steps = np.arange(1, 1201)
    noise = np.random.default_rng(3).normal(0, 0.05, len(steps))
    train = curve(1.1 + 3.4 * np.exp(-steps / 150) + noise, 1)
    val = curve(1.2 + 2.0 * np.exp(-np.arange(1, 5)), 300)
    return replace(
        Snapshot.waiting(task, eval_only=False),
        number=1,
        status=Status.TRAINING,
        unit="chars" if task == "text" else "samples",
        data_name="pages.txt" if task == "text" else "prices.csv",
        model="default 1x384",
        parameters=776_000,
        V=96 if task == "text" else 0,
        config=preset_config(task),
        figure=Figure(1200, 0.36, 1.1234, 1.2366, (1000, 1.25), 1.2366, 1200, 0.21, 0.0098, 0.01, 31_200, 39, 61, 0.36),
        train=train.buckets(),
        val=val.buckets(),
        marks=(Mark(400, "saved"), Mark(700, "rate")),
        references=(("all characters alike", 4.56), ("counted after 2", 1.9)),
        samples=tuple(Sample(step, 0.8, "\n\n\n", PAGE, 1.5) for step in (600, 900)) if task == "text" else (),
        unwritten=2 if task == "text" else 0,
        forecast=Forecast(1200, paths()) if task == "stock" else None,
        saved_step=1000,
        prompt="\n\n\n" if task == "text" else "",
    )


def paths() -> PricePaths:
    """A year of made-up prices and predictions that follow them by a day."""
    days = np.arange(250)
    closes = 100 + 10 * np.sin(days / 20) + days / 25
    dates = np.busday_offset("2024-01-01", days, roll="forward")
    parts = {"train": range(30, 175), "val": range(175, 212), "test": range(212, 250)}
    predicted = np.append(np.nan, closes[:-1])
    return PricePaths(dates, closes, predicted, parts, np.datetime64("2024-12-16"), 110.5)


def judged(task: TaskName, *, against: bool = False) -> Snapshot:
    """A saved model that is looked at, beside another one or alone."""
    snapshot = replace(still(task), status=Status.EVAL_ONLY, passage=passage(0) if task == "text" else None)
    snapshot = replace(snapshot, figure=replace(snapshot.figure, full_val_loss=(1200, 1.2366)))
    if task == "stock":
        snapshot = replace(snapshot, scores=scores(paths()))
    if not against:
        return snapshot
    other = paths()
    other = replace(other, predicted=other.predicted + 0.3)
    rival = replace(
        snapshot, side="B", source=Path("saves/other-run/best.safetensors"), model="default 1x512",
        passage=passage(1) if task == "text" else None,
        forecast=Forecast(900, other) if task == "stock" else None,
        scores=scores(other) if task == "stock" else (),
        figure=replace(snapshot.figure, full_val_loss=(900, 1.1)),
    )  # fmt: skip
    return replace(snapshot, side="A", source=Path("saves/a-run/last.safetensors"), rival=rival)


def passage(seed: int) -> Passage:
    """A made-up reading of a page: whatever begins a word is less expected."""
    characters = "".join(sorted(set(PAGE)))
    rng = np.random.default_rng(seed)
    begins = np.array([k == 0 or PAGE[k - 1] in " \n" for k in range(len(PAGE))])
    nats = rng.exponential(0.5, len(PAGE)) + begins * rng.exponential(4, len(PAGE))
    guesses = np.tile(np.arange(3), (len(PAGE), 1))
    shares = np.tile([0.5, 0.25, 0.125], (len(PAGE), 1))
    return Passage(1200, "test", 2, 40, PAGE, Surprise(nats, guesses, shares), characters)


def scores(of: PricePaths) -> tuple[Scores, ...]:
    made = []
    for part in ("val", "test"):
        days = np.arange(of.parts[part].start, of.parts[part].stop)
        closes = of.closes
        made.append(Scores(part, stock_metrics(closes[days], of.predicted[days], closes[days - 1], closes[:175])))
    return tuple(made)


def rows(app: LstmApp) -> str:
    """The screen as a terminal would show it, without colours."""
    lines = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
    return "\n".join(line.rstrip() for line in lines)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (160, 45)])
@pytest.mark.parametrize("task", ["text", "stock"])
async def test_the_main_screen(
    task: TaskName, size: tuple[int, int], tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    def show(session: Session) -> None:
        session.latest = still(task)

    app = LstmApp(tiny_launch(tmp_path, task), show)
    async with app.run_test(size=size, notifications=False) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert rows(app) == snapshot


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
@pytest.mark.parametrize("against", [False, True], ids=["alone", "against"])
@pytest.mark.parametrize("task", ["text", "stock"])
async def test_evaluation_only(
    task: TaskName, against: bool, size: tuple[int, int], tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    def show(session: Session) -> None:
        session.latest = judged(task, against=against)

    app = LstmApp(tiny_launch(tmp_path, task, eval_only=True), show)
    async with app.run_test(size=size, notifications=False) as pilot:
        await pilot.pause()
        await pilot.press("right", "right", "right")
        await pilot.pause()
        assert rows(app) == snapshot


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (160, 45)])
@pytest.mark.parametrize("key", ["question_mark", "n"])
async def test_the_dialogs(key: str, size: tuple[int, int], tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    def show(session: Session) -> None:
        session.latest = still("text")

    app = LstmApp(tiny_launch(tmp_path, "text"), show)
    async with app.run_test(size=size, notifications=False) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert rows(app) == snapshot


async def test_the_terminal_gets_nothing_new_while_nothing_changes(tmp_path: Path) -> None:
    app = LstmApp(tiny_launch(tmp_path, "text"), Hand().begin)
    async with app.run_test(size=(80, 24), notifications=False) as pilot:
        await pilot.pause()
        before = rows(app)
        for _ in range(3):
            app.main_screen._look()
            await pilot.pause()
        assert rows(app) == before
