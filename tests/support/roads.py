"""Roads for tests: trials in this process, one after another, or trials that nobody trains."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.driving import Told, drive
from lstm_model.sweeps.roads.road import Happened
from lstm_model.sweeps.space import Range, Space, Values
from lstm_model.sweeps.sweep import Sweep
from lstm_model.sweeps.trial import Order, Outcome, Reached
from lstm_model.tasks.registry import open_task

TINY: dict[str, Any] = {"hidden_size": 8, "batch_size": 4, "seed": 5, "validate_every": 5}
WIDTHS = Values("hidden_size", "hidden", (4, 6, 8))
RATES = Range("learning_rate", "lr", 0.001, 0.1, log=True)

Train = Callable[[int, Order, Callable[[Reached], bool]], Outcome | None]  # None: its process dies


class Here:
    """Trials in this process, one after another. `train` gets what to tell of a validation: True if it is to end."""

    def __init__(self, train: Train) -> None:
        self.train = train
        self.begun: list[tuple[int, Order]] = []
        self.paused: list[bool] = []
        self._waiting: list[tuple[int, Order]] = []
        self._given_up: set[int] = set()
        self._steps: list[Happened] = []

    @property
    def free(self) -> int:
        return 1 - len(self._waiting) - bool(self._steps)

    @property
    def able(self) -> bool:
        return True

    def start(self, number: int, order: Order) -> None:
        self.begun.append((number, order))
        self._waiting.append((number, order))

    def give_up(self, number: int) -> None:
        self._given_up.add(number)

    def pause(self, waits: bool) -> None:
        self.paused.append(waits)

    def wait(self, seconds: float) -> list[Happened]:
        """One trial at a time: first its validations, which may be answered, then its end."""
        if not self._steps:
            number, order = self._waiting.pop()
            reached: list[Reached] = []
            outcome = self.train(number, order, lambda point: reached.append(point) or False)  # type: ignore[func-returns-value]
            self._steps = [Happened(number, reached=point) for point in reached]
            end = Happened(number, outcome=outcome) if outcome is not None else Happened(number, died="was killed")
            self._steps.append(end)
        step = self._steps.pop(0)
        if step.number in self._given_up and step.reached is not None:
            self._steps = []
            return [Happened(step.number, outcome=Outcome("pruned", step.reached.best, step=step.reached.step))]
        return [step]

    def close(self) -> list[Happened]:
        return []


def made_up(loss: Callable[[Config], float], points: int = 4) -> Train:
    """Trials that nobody trains: their validation curves fall to a loss that follows from the settings."""

    def train(number: int, order: Order, tell: Callable[[Reached], bool]) -> Outcome:
        end = loss(Config.from_dict(order.config))
        for k in range(1, points + 1):
            best = end + 1 - k / points
            tell(Reached(k / points, k, best, best))
        return Outcome("done", end, step=points, test_loss=end + 0.5 if order.test else None)

    return train


def design(*dimensions: Values | Range, **how: Any) -> Design:
    base = preset_config("copy", **TINY)
    usual: dict[str, Any] = {
        "groups": 3,
        "sampler": "random",
        "sha256": open_task(base).fingerprint,
        "steps": 20,
        "again": 2,
    }
    return Design(base=base, space=Space(dimensions or (WIDTHS,)), **(usual | how))


def driven(sweep: Sweep, road: Here, most: int | None = None) -> list[Told]:
    """What is told of a sweep on a road, until it is over, or so many trials have ended; it is closed then."""
    told: list[Told] = []
    try:
        told.extend(drive(sweep, road, 1, lambda: most is not None and ended(told) >= most))
    finally:
        sweep.close()
    return told


def ended(told: list[Told]) -> int:
    return sum(each.what == "ended" for each in told)


def swept(
    folder: Path, train: Train, *dimensions: Values | Range, most: int | None = None, **how: Any
) -> tuple[Sweep, list[Told]]:
    sweep = Sweep(design(*dimensions, **how), folder)
    return sweep, driven(sweep, Here(train), most)
