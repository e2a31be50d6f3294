"""The trainer: one deterministic step at a time. It reads no clock and opens no file."""

import math
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from lstm_model.arrays import State
from lstm_model.costs.shards import shard_count
from lstm_model.curves.history import History
from lstm_model.errors import WorkError
from lstm_model.optimization.averaging import Average
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import OPTIMIZERS
from lstm_model.optimization.schedules import rate_factor
from lstm_model.parallel.crew import Crew
from lstm_model.storage.checkpoint import Checkpoint
from lstm_model.storage.record import DataRecord, Record
from lstm_model.storage.weights import LARGEST_NUMBER, checked_tensor, load_parameters, model_tensors
from lstm_model.tasks.base import Task

# What is random in one way never follows what is random in another, whatever seed and step are.
DROPOUT_STREAM, LOOK_STREAM = 1, 2
WATCHED = 100  # steps, the last ones, of which it is known how many gradients were clipped
TRAIN, VAL = "history.train", "history.val"  # the curves in a checkpoint
MOVING = "training.parameters"  # in a checkpoint: the weights that steps move, where the model's own are their average


class DivergedError(WorkError):
    """The loss or its gradient is no finite number; nothing was updated."""


@dataclass(frozen=True)
class StepReport:
    """What one step gave."""

    step: int  # counted from 1
    loss: float  # of this step's batch, before its update: nats per character, or mean squared error in scaled units
    grad_norm: float  # before clipping
    learning_rate: float


class Trainer:
    """A model, its task and its optimizer, moved on by `step`.

    All that is random follows from the seed and the step (dropout, the order of windows), so a checkpoint holds no
    generator and a resumed run draws what an unbroken one would have drawn. The thread count is settled here once and
    goes into the checkpoint with the other settings, because sums over shards depend on it in their last bits.

    task: its data, its batches and the settings of the run, as `open_task` gives them.

    `model` is what steps move; `judged` is what is measured, sampled and handed out: the average of its weights, or
    `model` itself where none is kept.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.config = task.config.changed(threads=shard_count(task.config))
        self.model = self.judged = task.build_model()
        self._average: Average | None = None
        if self.config.average:
            self.judged = task.build_model()
            self._average = Average(self.judged.parameters.flat, self.config.average)
        self._crew: Crew | None = None  # made for the first step: a model that is only looked at needs no helpers
        parameters = self.model.parameters.flat
        self.optimizer = OPTIMIZERS[self.config.optimizer](parameters.size, parameters.dtype)
        self.state: State | None = None
        self.steps = 0
        self.total_steps: int | None = None  # where the schedule ends, if it does
        self.base_rate = self.config.learning_rate
        self.history = History()
        self.last: StepReport | None = None
        self.val_loss: float | None = None  # measured as all on the curve are: if a sample judges training, on that
        self.val_step: int | None = None  # where; None if that is not known
        self.best_val_loss: float | None = None
        self.best_step = 0
        self._lasting = threading.Lock()  # held while a step changes what lasts
        self._before_step: dict[str, int] | None = None  # while it computes: the place in the data before its batch
        self._clips: deque[bool] = deque(maxlen=WATCHED)  # of each of the last steps: was its gradient clipped?
        self.elapsed = 0.0  # seconds of training, counted by whoever drives the trainer

    @property
    def learning_rate(self) -> float:
        """The rate of the next step."""
        return self.base_rate * rate_factor(self.config.schedule, self.steps, self.config.warmup, self.total_steps)

    @property
    def clipped(self) -> float | None:
        """The share of the last steps whose gradient was clipped; None before half of WATCHED steps were taken here."""
        return sum(self._clips) / len(self._clips) if len(self._clips) >= WATCHED // 2 else None

    def step(self) -> StepReport:
        """Train on one batch. DivergedError, with the parameters as they were, if the loss is no finite number."""
        before = self.task.cursor()
        with self._lasting:
            self._before_step = before
        batch, rate = self.task.next_batch(), self.learning_rate
        key = (self.config.seed, DROPOUT_STREAM, self.steps) if self.config.dropout else None
        if self._crew is None:
            self._crew = Crew(self.model, batch.x, batch.targets, self.config.threads)
        with np.errstate(over="ignore", invalid="ignore"):  # an explosion is noticed just below
            loss, state = self._crew.loss_and_gradients(
                batch.x, batch.targets, None if batch.fresh else self.state, key
            )
            clipped = clip(self.model.gradients.flat, self.config.clip, self.config.clip_mode)
        with self._lasting:
            self._before_step = None
            if not (math.isfinite(loss) and math.isfinite(clipped.norm)):
                self.task.seek(before)  # the batch was not learnt from: state and cursor stay together
                self.history.train.add(self.steps + 1, math.nan)
                raise DivergedError("the loss was no finite number")
            self._clips.append(clipped.cut)
            with np.errstate(over="ignore", invalid="ignore"):  # one that the update makes is noticed by the next step
                self.optimizer.update(self.model.parameters.flat, self.model.gradients.flat, rate)
                self.steps += 1
                if self._average:
                    self._average.add(self.model.parameters.flat, self.steps)
            self.state = state
            self.history.train.add(self.steps, loss)
            self.last = StepReport(self.steps, loss, clipped.norm, rate)
        return self.last

    @contextmanager
    def held_in_step(self) -> Iterator[bool]:
        """Hold the trainer where a step only computes, from another thread, for as long as this is entered.

        A step computes for most of its time, and then changes all that lasts at once. Gives True if it computes now:
        `checkpoint` is that before the step then. False if no step is in hand; whoever drives the trainer goes on.
        """
        with self._lasting:
            yield self._before_step is not None

    def rng_for_look(self, count: int) -> np.random.Generator:
        """Random numbers for the count-th look at what the model does at this step: training draws none of them."""
        return np.random.default_rng((self.config.seed, LOOK_STREAM, self.steps, count))

    @property
    def _state_names(self) -> list[str]:
        """What the carried state is called in a checkpoint."""
        return [f"state.{name}" for name in self.model.kind.states]

    def change_dropout(self, share: float) -> None:
        """Drop another share from the next step on. It goes into the settings, so a resumed run drops it too."""
        self.config = self.config.changed(dropout=share)
        self.model.dropout = self.judged.dropout = share
        self.close()
        self._crew = None  # its helpers have a model of the old share
        self.history.mark(self.steps, "dropout")

    def close(self) -> None:
        """End the helper processes. The trainer can still step, alone."""
        if self._crew is not None:
            self._crew.close()

    def record_validation(self, loss: float) -> bool:
        """Note a validation loss, measured as all the others were; True if it is the best so far."""
        self.val_loss, self.val_step = loss, self.steps
        self.history.validated(self.steps, loss, kept=self.steps % self.config.validate_every == 0)
        best = math.isfinite(loss) and (self.best_val_loss is None or loss < self.best_val_loss)
        if best:
            self.best_val_loss, self.best_step = loss, self.steps
        return best

    def checkpoint(self) -> Checkpoint:
        """Everything the run needs to go on. The tensors are the live ones: write them before the next step."""
        tensors = model_tensors(self.judged)
        if self._average:
            tensors[MOVING] = self.model.parameters.flat
        tensors |= {f"optimizer.{name}": values for name, values in self.optimizer.memory.items()}
        if self.state is not None:
            tensors |= dict(zip(self._state_names, self.state, strict=True))
        tensors |= {TRAIN: self.history.train.state(), VAL: self.history.val.state()}
        record = Record(
            config=self.config,
            step=self.steps,
            optimizer_steps=self.optimizer.steps,
            base_rate=self.base_rate,
            total_steps=self.total_steps,
            cursor=self._before_step or self.task.cursor(),
            loss=self.last.loss if self.last else None,
            val_loss=self.val_loss,
            best_val_loss=self.best_val_loss,
            best_step=self.best_step,
            elapsed_s=self.elapsed,
            marks=tuple(self.history.marks),
            data=DataRecord(self.task.name, self.task.fingerprint, self.task.memory()),
        )
        return Checkpoint(tensors, record)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Copy a checkpoint's contents into this trainer's own arrays, rebinding none that another part holds.

        One that says it holds the model alone, as those that ship do, starts a new optimizer.
        """
        tensors, record = checkpoint.tensors, checkpoint.record
        load_parameters(self.judged, tensors)
        if self._average:
            moving = self.model.parameters.flat
            moving[...] = self.judged.parameters.flat if record.alone else checked_tensor(tensors, MOVING, moving.shape)
        for name, values in self.optimizer.memory.items():
            least = 0 if "squares" in name else -LARGEST_NUMBER  # their root is taken
            values[...] = 0 if record.alone else checked_tensor(tensors, f"optimizer.{name}", values.shape, least)
        self.optimizer.steps = 0 if record.alone else record.optimizer_steps
        self.state = None
        same_data = record.data.sha256 == self.task.fingerprint
        if same_data:  # else the cursor, the state and the best value belong to other data
            self.task.seek(record.cursor)
            if self._state_names[0] in tensors:
                shape = (self.config.num_layers, self.config.batch_size, self.config.hidden_size)
                self.state = tuple(checked_tensor(tensors, name, shape).copy() for name in self._state_names)
        self.history = History(checkpoint.curve(TRAIN), checkpoint.curve(VAL), record.marks)
        self.steps, self.base_rate = record.step, record.base_rate
        self.elapsed, self.total_steps = record.elapsed_s, record.total_steps
        if same_data:
            self.val_loss, self.best_val_loss, self.best_step = record.val_loss, record.best_val_loss, record.best_step
            self.val_step = record.step if self.history.val.last_step == record.step else None
        if record.loss is not None:
            self.last = StepReport(record.step, record.loss, math.nan, record.base_rate)
