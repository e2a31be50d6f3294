"""What the screens look like, line by line: a change of the look is a change of tests/__snapshots__, and is looked at.

`pytest tests/screens/test_pictures.py --snapshot-update` writes them anew.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from syrupy.assertion import SnapshotAssertion

from lstm_model.tasks.stock.forecast import Forecast, Scores
from lstm_model.tasks.stock.judging.metrics import stock_metrics
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.text.surprise import Passage, Surprise
from lstm_tui.app import LstmApp
from lstm_tui.session.session import Session
from lstm_tui.session.snapshot import Snapshot, Status
from support.snapshots import changed
from support.stage import PAGE, paths, rows, still
from support.stepped import Hand, tiny_launch


def judged(task: str, *, against: bool = False) -> Snapshot:
    """A saved model that is looked at, beside another one or alone."""
    forecast = Forecast(1200, paths(), scores(paths()))
    own: dict[str, object] = {"passage": passage(0)} if task == "text" else {"forecast": forecast}
    snapshot = changed(still(task), doing=Status.EVAL_ONLY, full_val_loss=(1200, 1.2366), **own)
    if not against:
        return snapshot
    other = paths()
    other = replace(other, predicted=other.predicted + 0.3)
    own = {"passage": passage(1)} if task == "text" else {"forecast": Forecast(900, other, scores(other))}
    rival = changed(
        snapshot, side="B", file=Path("saves/other-run/best.safetensors"), model="default 1x512",
        full_val_loss=(900, 1.1), **own,
    )  # fmt: skip
    return changed(snapshot, side="A", file=Path("saves/a-run/last.safetensors"), rival=rival)


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


def picture(app: LstmApp) -> str:
    return "\n".join(line.rstrip() for line in rows(app))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (160, 45)])
@pytest.mark.parametrize("task", ["text", "stock"])
async def test_the_main_screen(task: str, size: tuple[int, int], tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    def show(session: Session) -> None:
        session.mailbox.put(still(task))

    app = LstmApp(tiny_launch(tmp_path, task), show)
    async with app.run_test(size=size, notifications=False) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert picture(app) == snapshot


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
@pytest.mark.parametrize("against", [False, True], ids=["alone", "against"])
@pytest.mark.parametrize("task", ["text", "stock"])
async def test_evaluation_only(
    task: str, against: bool, size: tuple[int, int], tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    def show(session: Session) -> None:
        session.mailbox.put(judged(task, against=against))

    app = LstmApp(tiny_launch(tmp_path, task, eval_only=True), show)
    async with app.run_test(size=size, notifications=False) as pilot:
        await pilot.pause()
        await pilot.press("right", "right", "right")
        await pilot.pause()
        assert picture(app) == snapshot


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (160, 45)])
@pytest.mark.parametrize("key", ["question_mark", "n"])
async def test_the_dialogs(key: str, size: tuple[int, int], tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    def show(session: Session) -> None:
        session.mailbox.put(still("text"))

    app = LstmApp(tiny_launch(tmp_path, "text"), show)
    async with app.run_test(size=size, notifications=False) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert picture(app) == snapshot


async def test_the_terminal_gets_nothing_new_while_nothing_changes(tmp_path: Path) -> None:
    app = LstmApp(tiny_launch(tmp_path, "text"), Hand().begin)
    async with app.run_test(size=(80, 24), notifications=False) as pilot:
        await pilot.pause()
        before = rows(app)
        for _ in range(3):
            app.main_screen._look()  # noqa: SLF001 - what its timer calls
            await pilot.pause()
        assert rows(app) == before
