"""Steps that are watched one by one: the same training, told whole, whatever the task."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.storage.checkpoint import Checkpoint
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer
from lstm_tui.opening.launch import Launch
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from lstm_tui.session.snapshot import Paused, Status
from support.stepped import PAGE, TINY, Hand, tiny_launch, write_prices, write_text

STEPS = 9  # past two validations


def launch(folder: Path, task: str) -> Launch:
    settings: dict[str, Any] = {**TINY, "dropout": 0.2}
    if task != "copy":
        settings["data"] = str(write_text(folder) if task == "text" else write_prices(folder))
    return Launch(Trainer(open_task(preset_config(task, **settings))), None, Plan(autosave=1e9))


def held(session: Session) -> Checkpoint:
    assert session.run is not None
    return session.run.trainer.checkpoint()


@pytest.mark.parametrize("task", KINDS)
def test_a_run_watched_step_by_step_is_the_run_nobody_watched(task: str, tmp_path: Path, hand: Hand) -> None:
    watched, alone = (Sessions(launch(tmp_path, task), hand.begin).current for _ in range(2))
    watched.request(commands.Pause())
    hand.turn_until(lambda: alone.look().figure.step == STEPS)
    alone.request(commands.Pause())
    for step in range(1, STEPS + 1):
        watched.request(commands.WatchStep())
        hand.turn_until(lambda: not watched.look().watched.awaited)
        record, batch = watched.latest.watched.record, watched.latest.watched.batch
        assert record is not None
        assert batch is not None
        assert record.report.step == watched.latest.figure.step == step
        assert batch.rows
        assert watched.latest.paused is Paused.UNTIL_RESUMED
    hand.turn_until(lambda: not (watched.look().job or alone.look().job))
    a, b = held(watched), held(alone)
    for name, tensor in a.tensors.items():
        np.testing.assert_array_equal(tensor, b.tensors[name], err_msg=name)
    assert a.record.cursor == b.record.cursor
    assert a.record.val_loss == b.record.val_loss is not None


def test_a_batch_is_told_in_the_words_of_its_data(tmp_path: Path, hand: Hand) -> None:
    text, stock, copy = (Sessions(launch(tmp_path, task), hand.begin).current for task in ("text", "stock", "copy"))
    for session in (text, stock, copy):
        session.request(commands.WatchStep())
    hand.turn_until(lambda: all(session.look().watched.batch for session in (text, stock, copy)))
    rows = {session.task: session.latest.watched.batch.rows for session in (text, stock, copy)}  # type: ignore[union-attr]
    assert rows["text"][0] == PAGE[:5].replace("\n", "␊")
    file = dict(line.split(",") for line in (tmp_path / "prices.csv").read_text().splitlines()[1:])
    for row in rows["stock"]:
        days, prices = row.split(": ... ")
        last, target = float(file[days.split(" to ")[1]]), float(list(file.values())[list(file).index(days[-10:]) + 1])
        assert prices.split(" -> ")[0].split()[-1] == f"{last:.5g}"
        assert prices.split(" -> ")[1] == f"{target:.5g}"
    came, due = rows["copy"][0].split(" -> ")
    assert came.startswith(due)


def test_a_step_waits_for_what_is_measured_and_is_refused_once_nothing_trains(tmp_path: Path, hand: Hand) -> None:
    session = Sessions(tiny_launch(tmp_path, plan=Plan(steps=2, autosave=1e9)), hand.begin).current
    session.turn()
    session.request(commands.Evaluate())
    session.request(commands.WatchStep())
    session.turn()
    assert session.latest.job == "evaluate"
    assert session.latest.watched.awaited
    assert session.latest.figure.step == 1
    hand.turn_until(lambda: not session.look().watched.awaited)
    assert session.latest.figure.step == 2
    session.request(commands.Resume())
    hand.turn_until(lambda: session.look().status is Status.FINISHED)
    session.request(commands.WatchStep())
    session.turn()
    assert "nothing trains any more" in session.latest.notices[-1].text
    assert not session.look().watched.awaited
