"""Sessions that step on command, over tiny data: what tests of the session and of the screen stand on."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer
from lstm_tui.opening.launch import Launch
from lstm_tui.session.session import Session

PAGE = "NAME\n    ls - list directory contents\n\nSYNOPSIS\n    ls [OPTION]... [FILE]...\n\n\n"
TINY = {"hidden_size": 8, "batch_size": 2, "seq_length": 5, "validate_every": 4}


def write_text(folder: Path, text: str = PAGE * 40) -> Path:
    """A small corpus."""
    path = folder / "pages.txt"
    path.write_text(text, encoding="utf-8")
    return path


def write_prices(folder: Path, days: int = 120) -> Path:
    """A small price series, a random walk from a fixed seed."""
    closes = 20 * np.exp(np.cumsum(np.random.default_rng(5).normal(0, 0.01, days)))
    dates = np.busday_offset("2024-01-01", np.arange(days), roll="forward")
    path = folder / "prices.csv"
    rows = [f"{date},{close:.4f}" for date, close in zip(dates, closes, strict=True)]
    path.write_text("\n".join(["Date,Close", *rows]) + "\n", encoding="utf-8")
    return path


def write_series(folder: Path, closes: np.ndarray) -> Path:
    """A price series of one's own, a weekday each."""
    dates = np.busday_offset("2010-01-01", np.arange(len(closes)), roll="forward")
    path = folder / "series.csv"
    rows = [f"{date},{close:.10g}" for date, close in zip(dates, closes, strict=True)]
    path.write_text("\n".join(["Date,Close", *rows]) + "\n", encoding="utf-8")
    return path


def tiny_trainer(folder: Path, task: str = "text", **settings: Any) -> Trainer:
    """A trainer over tiny data, with a model of eight units."""
    data = write_text(folder) if task == "text" else write_prices(folder)
    return Trainer(open_task(preset_config(task, data=str(data), **{**TINY, **settings})))


def tiny_launch(folder: Path, task: str = "text", plan: Plan | None = None, **options: object) -> Launch:
    """A launch of the app over tiny data, saved under `folder`/run."""
    trainer = tiny_trainer(folder, task)
    chosen = None if options.get("eval_only") else RunFolder.new(task, folder / "run")
    plan = plan or Plan(look_length=30, autosave=1e9, figures_every=1e9)
    return Launch(trainer, chosen, plan, **options)  # type: ignore[arg-type]


class Hand:
    """Moves sessions on in place of their threads."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []

    def begin(self, session: Session) -> None:
        """Take the place of `Session.start`."""
        self.sessions.append(session)

    def turn(self, count: int = 1) -> None:
        """Let every session that has not ended take some turns."""
        for session in self.sessions:
            for _ in range(count):
                if not session.ended.is_set() and not session.turn():
                    session.ended.set()

    def turn_until(self, done: Callable[[], bool], most: int = 10_000) -> None:
        """Let sessions take turns until something holds."""
        for _ in range(most):
            if done():
                return
            self.turn()
        raise AssertionError("it did not come true")


def explode(run: Run, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the loss be no number for some steps."""
    model, left = run.trainer.model, [times]
    right = model.loss_and_gradients

    def wrong(*arguments: Any, **options: Any) -> Any:
        loss, state = right(*arguments, **options)
        left[0] -= 1
        return (math.nan if left[0] >= 0 else loss), state

    monkeypatch.setattr(model, "loss_and_gradients", wrong)
