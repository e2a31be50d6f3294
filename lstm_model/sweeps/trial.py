"""One trial: a run like any other in a folder of its own, driven to its end, or until it is given up."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from lstm_model import __version__
from lstm_model.costs.memory import require_memory
from lstm_model.errors import CheckpointError, InputError, LSTMError, WorkError, shortened
from lstm_model.events import Event
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import Exploded, SaveDone, SaveFailed, Validated
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.saves import BEST, LAST, PREVIOUS
from lstm_model.settings.config import Config
from lstm_model.storage.files import write_whole
from lstm_model.storage.plain_json import read_json
from lstm_model.tasks.base import finish
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer

RESULT = "trial.json"  # in the folder of a trial that has ended: how
MOST, LONGEST_WHY = 10**15, 1000  # of a number, and of the characters of a reason, that is believed
ORDER = "order.json"  # in the folder of a trial: what was asked

State = Literal["done", "pruned", "failed"]
# pause: save, and wait for another wish; leave: save, and end without a result, for somebody will go on.
Wish = Literal["go on", "pause", "give up", "leave"]
PAUSE = 0.1  # seconds between two looks whether a pause is over


@dataclass(frozen=True)
class Order:
    """What a worker needs to know. It goes there as JSON."""

    config: dict[str, Any]  # as `Config.as_dict` gives it
    folder: str
    sha256: str  # of the data
    steps: int | None = None
    minutes: float | None = None
    test: bool = False  # whether its best model is measured on the test part, once it has ended
    schedule: int | None = None  # the step at which the schedule of its rate ends, 0: none; None: where it ends itself
    version: str = __version__

    @property
    def asked(self) -> dict[str, Any]:
        """What makes a trial the same one, wherever it lies and however many cores it gets."""
        values = asdict(self)
        del values["folder"]
        values["config"] = {name: value for name, value in self.config.items() if name != "threads"}
        same: dict[str, Any] = json.loads(json.dumps(values))
        return same

    def began(self, folder: Path) -> bool:
        """Whether what a folder holds was begun by the same order: another sweep of its name may have been there."""
        try:
            return bool(read_json(folder / ORDER) == self.asked)
        except (OSError, ValueError):
            return False


@dataclass(frozen=True)
class Reached:
    """How far a trial is, after a validation."""

    share: float
    step: int
    loss: float
    best: float


@dataclass(frozen=True)
class Outcome:
    """How a trial ended. val_loss: the lowest validation loss, by which trials are compared."""

    state: State
    val_loss: float | None = None
    best_step: int = 0
    step: int = 0
    elapsed_s: float = 0.0
    test_loss: float | None = None
    why: str = ""  # it was given up, or failed

    @classmethod
    def read(cls, folder: Path) -> "Outcome | None":
        """The outcome that a trial left in its folder; None if it has not ended."""
        try:
            return cls.of(read_json(folder / RESULT))
        except (OSError, ValueError):
            return None

    @classmethod
    def of(cls, there: Any) -> "Outcome":
        """From plain values, as a file holds them; ValueError if they are no outcome."""
        if not isinstance(there, dict) or there.keys() - {each.name for each in fields(cls)}:
            raise ValueError("no outcome")
        try:
            outcome = cls(**there)
        except TypeError:
            raise ValueError("no outcome") from None
        counts, losses = (outcome.best_step, outcome.step), (outcome.val_loss, outcome.test_loss)
        if not (
            outcome.state in get_args(State)
            and all(type(count) is int and 0 <= count <= MOST for count in counts)
            and all(loss is None or _is_finite(loss) for loss in losses)
            and _is_finite(outcome.elapsed_s)
            and isinstance(outcome.why, str)
        ):
            raise ValueError("no outcome")
        return replace(outcome, why="␊".join(shortened(outcome.why, LONGEST_WHY).splitlines()))


def _is_finite(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= MOST


class _HopelessError(LSTMError):
    """The trial itself has come to nothing."""


def run_trial(order: Order, tell: Callable[[Reached], None], wish: Callable[[], Wish]) -> Outcome | None:
    """Train, from the last checkpoint if there is one, and leave the outcome in the folder. None: it was left.

    tell: is called after each validation. wish: is asked between two slices of work. OSError, or a WorkError, for what
    is wrong with the place rather than with the trial, such as a full disk: elsewhere, or later, it may go well.
    """
    folder = Path(order.folder)
    if folder.is_symlink():  # whoever left it there could have all files of a run written elsewhere
        return Outcome("failed", why=f"{folder} is a link, which no sweep makes: take it away")
    known = Outcome.read(folder) if order.began(folder) else None
    if known is not None:
        return known
    try:
        outcome = _trained(order, folder, tell, wish)
    except (InputError, _HopelessError) as error:
        outcome = Outcome("failed", why=str(error))
    except MemoryError:
        outcome = Outcome("failed", why="not enough memory")
    if outcome is not None and (folder.is_dir() or outcome.state != "failed"):
        write_whole(folder / RESULT, (json.dumps(asdict(outcome)) + "\n").encode())
    return outcome


def _trained(order: Order, folder: Path, tell: Callable[[Reached], None], wish: Callable[[], Wish]) -> Outcome | None:
    if order.version != __version__:
        raise InputError(f"this is lstm-tui {__version__} and the sweep was begun by {order.version}: install that")
    trainer, place = _opened(order, folder)
    left = None if order.minutes is None else max(order.minutes - trainer.elapsed / 60, 1e-9)
    run = Run(trainer, place, Plan(steps=order.steps, minutes=left))
    one_blas_thread()
    if order.schedule is not None:
        trainer.total_steps = order.schedule or None
    try:
        place.add(trainer, lambda path: write_whole(path / ORDER, (json.dumps(order.asked) + "\n").encode()))
        wished, unsaved = _drive(run, tell, wish)
        if wished != "go on":
            unsaved = _unsaved(run.save_unsaved(), unsaved)
    finally:
        run.close()
    if unsaved:
        raise WorkError(unsaved)
    if wished == "leave":
        return None
    test = _test_loss(folder, order) if order.test and wished == "go on" else None
    state: State = "done" if wished == "go on" else "pruned"
    return Outcome(state, trainer.best_val_loss, trainer.best_step, trainer.steps, trainer.elapsed, test)


def _drive(run: Run, tell: Callable[[Reached], None], wish: Callable[[], Wish]) -> tuple[Wish, str]:
    """Step until the end, or until another wish; why the last save failed, if it did."""
    trainer, unsaved = run.trainer, ""
    while not (run.finished or run.diverged):
        wished = wish()
        if wished == "pause":
            unsaved = _unsaved(run.save_unsaved(), unsaved)
            wished = _after_pause(wish)
        if wished != "go on":
            return wished, unsaved
        events = run.work() if run.job else run.step()
        unsaved = _unsaved(events, unsaved)
        for event in events:
            if isinstance(event, Exploded):
                raise _HopelessError(event.reason)
            counts = isinstance(event, Validated) and (not event.full or trainer.task.quick_is_full)
            if isinstance(event, Validated) and counts and trainer.best_val_loss is not None:
                tell(Reached(run.progress, event.step, event.loss, trainer.best_val_loss))
    if trainer.best_val_loss is None or not math.isfinite(trainer.best_val_loss):
        raise _HopelessError("its validation loss is no number")
    return "go on", unsaved


def _after_pause(wish: Callable[[], Wish]) -> Wish:
    """Wait until something else is wished. A pause is no time of training: that is counted step by step."""
    while (wished := wish()) == "pause":
        time.sleep(PAUSE)
    return wished


def _unsaved(events: list[Event], before: str) -> str:
    """Why the last save failed, "" if it did not; `before`: how it was before these events."""
    for event in events:
        if isinstance(event, SaveFailed | SaveDone):
            before = event.reason if isinstance(event, SaveFailed) else ""
    return before


def _opened(order: Order, folder: Path) -> tuple[Trainer, RunFolder]:
    """A trainer that goes on from what the same order left in the folder, or begins, and the folder.

    InputError if its data are not the sweep's.
    """
    config = Config.from_dict(order.config)
    for name in (LAST, PREVIOUS) if order.began(folder) else ():
        if (folder / name).exists():
            try:
                saved = SavedModel.read(folder / name)
            except CheckpointError:
                continue
            place = RunFolder.going_on(saved.file, saved.record.step)
            trainer = saved.trainer({"data": config.data, "more_data": config.more_data})
            break
    else:
        place = RunFolder.new(config.task, folder, overwrite=True)
        (folder / RESULT).unlink(missing_ok=True)  # of another order
        task = open_task(config)
        require_memory(task.config, task.sizes)
        trainer = Trainer(task)
    if trainer.task.fingerprint != order.sha256:
        place.release()
        raise InputError(f"{trainer.task.name} is not the data that the sweep was begun with")
    return trainer, place


def _test_loss(folder: Path, order: Order) -> float | None:
    """The loss of the best model over the whole test part; None where the split gives it nothing."""
    config = Config.from_dict(order.config)
    trainer = SavedModel.read(folder / BEST).trainer({"data": config.data, "more_data": config.more_data})
    try:
        return finish(trainer.task.validation_loss(trainer.judged, "test"))
    except InputError:
        return None
    finally:
        trainer.close()
