"""`eval` of a model of the copy task: how many symbols it recalls, also over gaps it was not trained at."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from lstm_model.errors import InputError
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.progress import equal_stages
from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.base import finish
from lstm_model.tasks.copy.kind import CopySettings
from lstm_model.tasks.copy.looks import TIMES
from lstm_model.tasks.copy.sequences import Score
from lstm_model.tasks.copy.task import COUNT, CopyTask
from lstm_tui.faces.copy.report import CopyJudged
from lstm_tui.options.given import Given, changes_of
from lstm_tui.reports.judged import heading

SURE, SOME = 0.95, 2.0  # recall of a model that remembers; times that of guessing, below which none is to be seen


def measure(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> CopyJudged:
    """Judge it on a part, at the trained gap and at longer ones."""
    trainer = saved.trainer(changes_of(given))
    task, part = trainer.task, given.get("part", "test")
    if not isinstance(task, CopyTask):
        raise InputError(f"{saved.file} holds no model of the copy task")
    if "adapt" in given:
        raise InputError(
            "--adapt has no meaning for the copy task: its sequences are drawn by chance, and none says anything of the"
            " next: leave it out"
        )
    one_blas_thread()
    gaps: dict[str, dict[str, float]] = {}
    for times, stage in zip(TIMES, equal_stages(progress, len(TIMES)), strict=True):
        gap = times * task.settings.gap
        gaps[str(gap)] = _figures(finish(task.score(trainer.judged, part, gap), stage))
    here = gaps[str(task.settings.gap)]
    report: dict[str, Any] = heading(saved, task.name, part) | {
        **asdict(task.settings),
        "sequences": COUNT,
        **here,
        "without_memory": _without_memory(task.settings),
        "gaps": gaps,
        "verdict": verdict(here["recall"], task.settings),
    }
    return CopyJudged(report, task.notes)


def _figures(score: Score) -> dict[str, float]:
    return {"loss": score.loss, "nats_per_symbol": score.per_symbol, "recall": score.recall}


def _without_memory(settings: CopySettings) -> dict[str, float]:
    """The same of the best forecast that remembers nothing."""
    return {
        "loss": settings.without_memory,
        "nats_per_symbol": float(np.log(settings.alphabet)),
        "recall": 1 / settings.alphabet,
    }


def verdict(recall: float, settings: CopySettings) -> str:
    """What the recall says of the model, in a sentence."""
    over, right = f"over {settings.gap} steps", f"{100 * recall:.1f} % of the symbols are right"
    if recall >= SURE:
        return f"It remembers {over}: {right}."
    if recall >= SOME / settings.alphabet:
        return f"It remembers some of them {over}: {right}, where guessing gets {100 / settings.alphabet:.1f} %."
    return f"It does not remember {over}: {right}, about as many as guessing gets, {100 / settings.alphabet:.1f} %."
