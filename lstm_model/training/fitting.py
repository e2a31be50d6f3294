"""Settings that follow from the data: how much there is, and how often a run will read it.

A text that is read twenty times is learnt by heart by settings that are right for two readings. So the shape of a run
whose settings are all its preset's own may follow from its data. What a person sets by hand stays as it is.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from lstm_model.costs.speed import items_per_second
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import Amount, Sizes, kind_of
from lstm_model.tasks.base import Task

# Who sets one of these by hand has a shape of run in mind: then nothing else of it is changed.
SHAPE = frozenset({"cell", "hidden_size", "num_layers", "batch_size", "seq_length", "dropout", "optimizer",
                   "learning_rate", "schedule"})  # fmt: skip
USUAL_MINUTES = 10.0  # what a run without an end is taken for


class Fitted(NamedTuple):
    """A task with the settings that follow from its data, and the sentence that says which; empty if none changed."""

    task: Task
    note: str = ""


def fitted(
    task: Task, by_hand: Collection[str] = (), *, steps: int | None = None, minutes: float | None = None
) -> Fitted:
    """The task with settings that follow from the amount of its data and from how long the run is to be.

    task: as it was opened, with the settings of a preset. by_hand: the fields of Config that a person gave.
    steps, minutes: where the run ends; with neither it is taken for one of USUAL_MINUTES.
    """
    config, amount = task.config, amount_of(task.config, learnt_from(task), task.sizes, steps=steps, minutes=minutes)
    changes = changes_for(config, amount, by_hand)
    if not changes:
        return Fitted(task)
    what = ", ".join(f"`{name}` {value:g}" for name, value in changes.items())
    length = "a run of this length" if steps or minutes else f"a run of {USUAL_MINUTES:g} minutes"
    reads = f"{length} reads the {amount.items:,} {task.kind.words.items} {times(amount.passes)}"
    return Fitted(task.with_config(config.changed(**changes)), f"{what} in place of the preset's: {reads}")


def changes_for(config: Config, amount: Amount, by_hand: Collection[str]) -> dict[str, Any]:
    """The settings that follow from an amount of data and are not what `config`, of a preset, says."""
    rule = kind_of(config.task).presets[config.preset].fitted
    if rule is None or SHAPE & set(by_hand):
        return {}
    return {name: value for name, value in rule(amount).items() if value != config.value(name)}


def learnt_from(task: Task) -> int:
    """How many items a task's training part has."""
    return len(task.parts.get("train", ()))


def amount_of(
    config: Config, items: int, sizes: Sizes, *, steps: int | None = None, minutes: float | None = None
) -> Amount:
    """How much data a run has and will learn from, by the estimate of its speed where it ends by time."""
    if steps is not None:
        return Amount(items, float(steps * sizes.items_per_step))
    seconds = 60 * (USUAL_MINUTES if minutes is None else minutes)
    return Amount(items, seconds * items_per_second(config, sizes))


def times(passes: float) -> str:
    """How often something is read, in words."""
    return f"about {passes:.0f} times" if passes >= 1.5 else "about once" if passes > 0.75 else "not even once"
