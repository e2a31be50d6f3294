"""The check view: analytic gradients are those of `backward`, numeric ones of the loss, and a wrong one is told."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.network.gradient_check import check_gradients
from lstm_model.network.model import Network
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_tui.inside.traces import copy_of
from lstm_tui.inside.view import Room, Spot
from lstm_tui.inside.views.check import ENTRIES, LENGTH, Check, Checked, CheckProbe
from support.probed import answer
from support.stepped import tiny_trainer


def run_of(folder: Path, task: str) -> Run:
    trainer = tiny_trainer(folder, task)
    for _ in range(3):
        trainer.step()
    return Run(trainer, None, Plan())


@pytest.mark.parametrize("task", ["text", "stock"])
def test_every_gradient_is_right_and_is_the_networks(tmp_path: Path, task: str) -> None:
    run = run_of(tmp_path, task)
    before = run.trainer.model.parameters.flat.copy()
    found = answer(CheckProbe(), run)
    assert isinstance(found, Checked)
    number = 1 if task == "stock" else 0  # nobody knows what follows the last window
    reading = run.trainer.task.reading(number, LENGTH)
    assert reading.targets is not None
    network = copy_of(run.trainer.model, np.float64)
    errors = check_gradients(network, reading.x, reading.targets)
    outputs, _ = network.forward(reading.x if reading.x.ndim == 2 else reading.x.astype(np.float64))
    network.backward(network.loss(outputs, reading.targets).gradient)
    for name, entries in found.entries.items():
        assert len(entries) == min(ENTRIES, network.gradients[name].size) == len({entry.index for entry in entries})
        assert found.worst(name) <= errors[name] < 1e-6
        for entry in entries:
            assert entry.analytic == pytest.approx(network.gradients[name][entry.index], rel=1e-12)
    assert np.array_equal(run.trainer.model.parameters.flat, before)
    view = Check(Spot())
    view.take(found)
    assert view.drawn(found, Room(76, 12)).reading[0].endswith(": all right")


def test_a_wrong_gradient_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Network.backward

    def wrong(self: Network, *arguments: object, **options: object) -> object:
        result = right(self, *arguments, **options)  # type: ignore[arg-type]
        self.gradients["bias_l0"][...] *= 2
        return result

    monkeypatch.setattr(Network, "backward", wrong)
    found = answer(CheckProbe(), run_of(tmp_path, "text"))
    assert isinstance(found, Checked)
    view = Check(Spot())
    view.take(found)
    assert "WRONG" in view.drawn(found, Room(76, 12)).reading[0]
    assert found.worst("bias_l0") > 0.1 > 1e-6 > found.worst("head_weight")
