"""Probes answered without a session."""

from pathlib import Path
from typing import Any

from lstm_model.runs.run import Run
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer
from lstm_tui.session.probing import Probe, Prober
from support.stepped import PAGE, TINY, write_text


def answer(probe: Probe, run: Run, *, steps: bool = False) -> object:
    """What a probe finds in a run; steps: which takes a step after each slice."""
    prober = Prober()
    prober.ask(probe)
    while prober.is_due(run, steps=steps):
        prober.advance(run, steps=steps)
        if steps:
            run.step()
    assert not prober.probed.refused, prober.probed.refused
    return prober.probed.found


def long_trainer(folder: Path, **settings: Any) -> Trainer:
    """A trainer of eight units over a text that is long enough to name units with."""
    data = str(write_text(folder, PAGE * 400))
    return Trainer(open_task(preset_config("text", data=data, **{**TINY, **settings})))
