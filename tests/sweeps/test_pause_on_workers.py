"""A pause reaches trials on the workers of a scheduler: they save, wait, and go on."""

from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from lstm_model.runs.saves import LAST
from lstm_model.storage.checkpoint import read_record
from lstm_model.sweeps.space import Range
from lstm_model.sweeps.sweep import Sweep
from lstm_tui.sweeping.source import Driven
from support.dask import scheduler
from support.roads import design

pytest.importorskip("distributed")

STEPS = 10_000_000
SLOW = Range("learning_rate", "lr", 1e-6, 1e-5)  # which no step of so many makes explode


@pytest.mark.slow
def test_trials_on_workers_save_at_a_pause_and_go_on_after_it(tmp_path: Path) -> None:
    (tmp_path / "dask").mkdir()
    with scheduler(tmp_path / "dask") as dask:
        dask.worker("one")
        dask.worker("two")
        dask.wait_for(2)
        hold_to_it(dask.address, tmp_path)


def hold_to_it(address: str, tmp_path: Path) -> None:
    from lstm_model.sweeps.roads.cluster import Cluster

    asked = design(SLOW, steps=STEPS, pruner="none", groups=2)
    sweep = Sweep(replace(asked, base=asked.base.changed(validate_every=200)), tmp_path / "sweep")
    source = Driven(sweep, Cluster.at(address, sweep.sample(1), sweep.folder, 2, print), 1, deque())
    source.start()
    try:
        while len([trial for trial in source.look().trials.values() if trial.curve]) < 2:
            assert not source.ended.wait(0.05), (source.error, source.said)
        assert not list(sweep.folder.glob(f"*/{LAST}"))
        source.pause(True)
        while len(list(sweep.folder.glob(f"*/{LAST}"))) < 2:  # a run saves by itself only once a minute
            assert not source.ended.wait(0.05), (source.error, source.said)
        saved = {number: read_record(sweep.trials[number].folder / LAST).step for number in sweep.trials}
        source.pause(False)
        while any(t.curve[-1][0] * STEPS <= saved[n] for n, t in source.look().trials.items()):  # it goes on
            assert not source.ended.wait(0.05), (source.error, source.said)
    finally:
        source.stop()
        source.join()
        sweep.close()
    assert source.error is None
