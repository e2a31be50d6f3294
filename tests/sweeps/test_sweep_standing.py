"""How a sweep stands: the same from inside and from its folder, and a pause or an end in the middle loses nothing."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from lstm_model.errors import InputError
from lstm_model.runs.saves import LAST
from lstm_model.settings.config import Config
from lstm_model.storage import holder
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.driving import drive
from lstm_model.sweeps.outside import Outside
from lstm_model.sweeps.roads.road import Happened
from lstm_model.sweeps.standing import Standing, reached
from lstm_model.sweeps.sweep import JOURNAL, Sweep
from lstm_model.sweeps.trial import Order, Outcome, Reached, Wish, run_trial
from lstm_model.sweeps.verdict import ranking, verdict
from support.roads import RATES, WIDTHS, Here, design, made_up, swept


def by_width(config: Config) -> float:
    return 10 / config.hidden_size + 0.01 * config.seed


def test_the_folder_tells_the_same_as_the_sweep(tmp_path: Path) -> None:
    sweep, _ = swept(tmp_path / "sweep", made_up(by_width), RATES, WIDTHS, groups=6, seeds=2)
    inside, outside = Standing.of(sweep, ()), Outside(tmp_path / "sweep").look()
    assert Design.read(tmp_path / "sweep") == sweep.design
    said = {number: replace(trial, given_up="") for number, trial in inside.trials.items()}  # the outcome knows why too
    assert outside.trials == said
    assert outside.over
    assert outside.process is None
    assert (verdict(outside), ranking(outside)) == (verdict(sweep), ranking(sweep))


def test_a_trial_that_runs_is_followed_by_the_rows_it_writes(tmp_path: Path) -> None:
    sweep = Sweep(design(steps=20), tmp_path / "sweep")
    trial = sweep.next()
    assert trial is not None
    trial.folder.mkdir()
    rows = trial.folder / "metrics.csv"
    outside = Outside(tmp_path / "sweep")
    assert outside.look().running == {0}
    assert outside.look().process == os.getpid()
    rows.write_text("step,epoch,loss,val_loss,learning_rate,grad_norm,speed,elapsed_s\n")
    for step, loss in ((5, "3.0"), (8, ""), (10, "3.5"), (15, "2.0")):
        with rows.open("a") as file:
            file.write(f"{step},0.1,3.0,{loss},0.01,1.0,100,1.0\n")
        before = outside.look()
    assert before.trials[0].curve == [(0.25, 3.0), (0.5, 3.0), (0.75, 2.0)]
    with rows.open("a") as file:
        file.write("10,0.1,3.0,2.5,0.01,1.0,100,1.0\n")  # it went back
    assert outside.look().trials[0].curve == [(0.25, 3.0), (0.5, 2.5)]
    assert before.trials[0].curve[-1] == (0.75, 2.0)  # what was shown stays as it was
    sweep.close()
    left = outside.look()
    assert (left.running, left.state(left.trials[0]), left.over) == (frozenset(), "waiting", False)


def test_a_folder_without_a_sweep_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no sweep: name the folder of one with `save`"):
        Outside(tmp_path)
    (tmp_path / "sweep.json").write_text('{"version": "1", "base": {}}')
    with pytest.raises(InputError, match="is damaged, or of another version"):
        Outside(tmp_path)


def test_what_is_left_tells_its_curve_when_it_goes_on(tmp_path: Path) -> None:
    """And points that it had beyond the checkpoint from which it goes on are taken back."""
    sweep = Sweep(design(pruner="none"), tmp_path / "sweep")
    trial = sweep.next()
    assert trial is not None
    for share, loss in ((0.2, 3.0), (0.4, 2.0), (0.6, 1.0)):
        sweep.reached(trial, Reached(share, 1, loss, loss))
    sweep.left(trial)
    sweep.close()
    again = Sweep(design(pruner="none"), tmp_path / "sweep")
    trial = again.next()
    assert trial is not None
    assert [point[0] for point in trial.curve] == [0.2, 0.4, 0.6]
    again.reached(trial, Reached(0.4, 1, 2.5, 2.5))
    assert trial.curve == [(0.2, 3.0), (0.4, 2.5)]
    assert Standing.of(again, {0}).trials[0].curve is not trial.curve
    assert reached(trial) == 0.4
    again.close()


def test_the_time_that_is_left_follows_from_what_trials_took(tmp_path: Path) -> None:
    sweep = Sweep(design(RATES, groups=5, again=1, pruner="none"), tmp_path / "sweep")
    assert Standing.of(sweep, ()).seconds_left is None
    for _ in range(2):
        trial = sweep.next()
        assert trial is not None
        sweep.ended(trial, Outcome("done", 1.0, elapsed_s=100.0))
    for _ in range(2):
        trial = sweep.next()
        assert trial is not None
        sweep.reached(trial, Reached(0.5, 1, 1.0, 1.0))
    assert Standing.of(sweep, {2, 3}).seconds_left == pytest.approx(100 * (2 * 0.5 + 2) / 2)
    sweep.close()


def test_a_pause_saves_and_changes_no_number(tmp_path: Path) -> None:
    def trained(name: str, pauses: bool) -> Outcome | None:
        asked: list[Wish] = []
        folder = tmp_path / name

        def wish() -> Wish:
            asked.append("pause" if pauses and 7 <= len(asked) < 9 else "go on")
            if asked[-1] == "pause" and asked[-2] == "pause":
                assert load_checkpoint(folder / LAST).record.step > 0  # it is saved while it waits
            return asked[-1]

        plan = design(steps=20)
        return run_trial(Order(plan.base.as_dict(), str(folder), plan.sha256, 20), lambda _: None, wish)

    whole, paused = trained("whole", pauses=False), trained("paused", pauses=True)
    assert whole is not None
    assert paused is not None
    assert (paused.state, paused.val_loss, paused.step) == ("done", whole.val_loss, whole.step)


def test_while_paused_the_road_is_told_once_and_no_trial_begins(tmp_path: Path) -> None:
    class Waiting(Here):
        def wait(self, seconds: float) -> list[Happened]:
            return []

    turns: list[int] = []
    road = Waiting(made_up(by_width))

    def paused() -> bool:
        turns.append(len(road.begun))
        return 2 <= len(turns) <= 4

    sweep = Sweep(design(), tmp_path / "sweep")
    list(drive(sweep, road, 1, lambda: len(turns) >= 6, paused))
    sweep.close()
    assert road.paused == [True, False]
    assert turns == [0, 1, 1, 1, 1, 1]


def test_a_journal_that_grows_meanwhile_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    sweep, _ = swept(tmp_path / "sweep", made_up(by_width))
    journal = tmp_path / "sweep" / JOURNAL
    whole = journal.read_bytes()
    journal.write_bytes(whole[: len(whole) - 9])
    outside = Outside(tmp_path / "sweep")
    assert not outside.look().over
    assert journal.stat().st_size == len(whole) - 9  # nothing is written
    journal.write_bytes(whole)
    assert outside.look().over
    assert json.loads((tmp_path / "sweep" / "sweep.json").read_text())["groups"] == sweep.design.groups
    assert holder.holder_of(tmp_path / "sweep") is None
