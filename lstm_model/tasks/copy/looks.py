"""Looking at a model of the copy task: one sequence, step by step, and how often it is right at longer gaps."""

from dataclasses import dataclass

import numpy as np

from lstm_model.arrays import Ids
from lstm_model.events import Event
from lstm_model.tasks.copy.sequences import Score, make_sequences
from lstm_model.tasks.copy.task import COUNT, CopyTask
from lstm_model.tasks.looks import Job, Look, Looked, Looks

TIMES = (1, 2, 4)  # as many times the trained gap


@dataclass(frozen=True, eq=False)
class Tried(Event):
    """One sequence: what came in, what was to be said, what the model says, (T,) ids each; and the recall over all."""

    step: int
    x: Ids
    targets: Ids
    answers: Ids
    recall: float  # share of symbols, over the validation sequences


@dataclass(frozen=True)
class Stretched(Event):
    """How well the model does at each of some gaps."""

    scores: dict[int, Score]


class CopyLooks(Looks):
    """Tries, each on another sequence; where nothing trains, longer gaps as well."""

    def __init__(self, task: CopyTask, run: Looked) -> None:
        super().__init__(task, run)
        self.task = task
        self._count = 0

    def first(self) -> list[Look]:
        """A try, also of a model that has learnt nothing; where nothing trains, longer gaps."""
        return [*self.due(), *(self.with_evaluation() if self.eval_only else [])]

    def due(self) -> list[Look]:
        """A try."""
        return [Look("try", self._try(), anew=True)]

    def with_evaluation(self) -> list[Look]:
        """Longer gaps, where they are shown."""
        return [Look("gaps", self._stretch(), anew=True)] if self.eval_only else []

    def _try(self) -> Job:
        task, run = self.task, self.run
        self._count += 1
        if self.eval_only:  # those of a part, one after the other: two models are tried on the same
            here = self._count % COUNT
            x, targets = (ids[:, here : here + 1] for ids in task.held_out("test"))
        else:
            x, targets = make_sequences(task.settings, run.rng(self._count), 1)
        answers = run.model.forward(x)[0].argmax(axis=-1)  # (T, 1)
        recall = (yield from task.score(run.model, "val")).recall
        return [Tried(run.steps, x[:, 0], targets[:, 0], answers[:, 0].astype(np.intp), recall)]

    def _stretch(self) -> Job:
        scores = {}
        for times in TIMES:
            gap = times * self.task.settings.gap
            scores[gap] = yield from self.task.score(self.run.model, "test", gap)
        return [Stretched(scores)]
