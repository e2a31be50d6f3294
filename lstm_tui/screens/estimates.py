"""What a model will need that does not exist yet, beside the form that describes it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rich.table import Table
from rich.text import Text

from lstm_model.costs.memory import memory, parameter_count
from lstm_model.costs.speed import items_per_second, seconds_per_step
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.wording import short, size


class Like(NamedTuple):
    """What a run at hand remembers of data such as these, and whether they are the same data."""

    memory: Mapping[str, Any] | None
    same: bool


def like_these(runs: Sequence[Snapshot], task: str, data: str) -> Like:
    """What the runs at hand tell of data that are named."""
    alike = [run.about for run in runs if run.task == task and run.about.config]
    for about in alike:
        if about.config and (about.config.data or "") == data:
            return Like(about.memory, same=True)
    return Like(alike[0].memory if alike else None, same=False)


def estimates(config: Config | None, like: Like, runs: Sequence[Snapshot]) -> Table:
    """Parameters, memory and speed; dashes without settings."""
    parameters = needed = speed = "-"
    if config is not None:
        kind = kind_of(config.task)
        sizes = kind.sizes(config, like.memory)
        exact = like.same or kind.sizes(config).exact
        parameters = f"{'' if exact else 'about '}{parameter_count(config, sizes):,}"
        m = memory(config, sizes)
        parts = f"weights {size(m.weights)}, gradients {size(m.gradients)}, "
        parts += f"{config.optimizer} {size(m.optimizer)}, a batch {size(m.batch)}"
        needed = f"about {size(m.total)}: {parts}"
        ratio = _ratio(runs)
        speed = f"about {short(ratio * items_per_second(config, sizes))} {kind.words.items}/s, "
        speed += f"{ratio / seconds_per_step(config, sizes):.3g} steps/s"
    table = Table.grid(padding=(0, 1))
    table.add_column(width=14, no_wrap=True)
    for name, value in (("parameters", parameters), ("memory", needed), ("speed", speed)):
        table.add_row(Text(name, "dim"), value)
    return table


def _ratio(runs: Sequence[Snapshot]) -> float:
    """How many times as fast this machine is as the estimate has it, as far as a run at hand tells."""
    for run in runs:
        config, sizes = run.about.config, run.about.sizes
        if config is not None and sizes is not None and run.figure.speed > 0:
            return run.figure.speed / items_per_second(config, sizes)
    return 1.0
