"""One training step with all that it did: the batch, the loss before and after, gradients and updates by tensor."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.network.parameters import Parameters
from lstm_model.tasks.base import Batch
from lstm_model.training.trainer import StepReport, Trainer


@dataclass(frozen=True)
class TensorStep:
    """What a step did to one tensor of parameters."""

    gradient: float  # norm, as the optimizer got it: after clipping
    update: float  # norm of the change
    weight: float  # norm before the change

    @property
    def relative(self) -> float | None:
        """The update as a share of the weight; None where all weights were zero, as biases are at the start."""
        return self.update / self.weight if self.weight else None


@dataclass(frozen=True, eq=False)
class StepRecord:
    """A step that was watched. Losses are in nats, or mean squared error in scaled units.

    Both losses are of this batch from the same state, and with nothing dropped out, so that the update alone tells
    them apart. `report.loss` is what training had: with dropout it is another.
    """

    report: StepReport
    batch: Batch  # a copy: x (T, B) or (T, B, D)
    cursor: Mapping[str, int]  # where in the data it starts
    loss_before: float
    loss_after: float
    clip: float  # the bound on the gradient, 0 for none
    kept: float  # norm of the gradient after clipping, as a share of that before it: 1 where nothing was cut
    tensors: Mapping[str, TensorStep]  # by name, in the order of the parameters


def observed_step(trainer: Trainer) -> StepRecord:
    """Take one step of a trainer, the same to the last bit as `Trainer.step` takes, and tell what it did.

    The losses are measured by a network of their own, over a reader of the data with a cursor of its own. The trainer's
    states, random numbers and cursor see nothing of it. DivergedError as `Trainer.step` has it.
    """
    reader, cursor = trainer.task.beside(), trainer.task.cursor()
    reader.seek(cursor)
    read = reader.next_batch()
    batch = Batch(read.x.copy(), read.targets.copy(), read.fresh)
    start = None if batch.fresh or trainer.state is None else tuple(part.copy() for part in trainer.state)
    beside = trainer.task.build_model()

    def loss_with(weights: Floats) -> float:
        beside.parameters.flat[...] = weights
        with np.errstate(over="ignore", invalid="ignore"):  # an explosion is the trainer's to tell
            outputs, _ = beside.forward(batch.x, start)
            return beside.loss(outputs, batch.targets)[0]

    parameters = trainer.model.parameters
    before = parameters.like(parameters.flat.copy())
    loss_before = loss_with(before.flat)
    report = trainer.step()
    gradients, change = trainer.model.gradients, parameters.like(parameters.flat - before.flat)
    norm = _norm(gradients.flat)
    return StepRecord(
        report,
        batch,
        cursor,
        loss_before,
        loss_with(parameters.flat),
        trainer.config.clip,
        # Two ways of adding up a norm differ in their last bits, which is no clipping.
        norm / report.grad_norm if 0 < trainer.config.clip < report.grad_norm else 1.0,
        _by_tensor(before, gradients, change),
    )


def _by_tensor(weights: Parameters, gradients: Parameters, change: Parameters) -> dict[str, TensorStep]:
    return {
        name: TensorStep(_norm(gradients[name]), _norm(change[name]), _norm(weight)) for name, weight in weights.items()
    }


def _norm(values: Floats) -> float:
    """The Euclidean norm of a tensor, added up in float64."""
    return float(np.sqrt(np.sum(np.square(values, dtype=np.float64))))
