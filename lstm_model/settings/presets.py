"""The settings of a preset."""

from typing import Any

from lstm_model.errors import InputError, shortened
from lstm_model.settings.cell_rates import rate_factor
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import kind_of


def preset_config(task: str, preset: str = "default", **settings: Any) -> Config:
    """The settings of a task's preset, with others on top.

    task: a name in `KINDS`. preset: a name in the presets of its kind.
    settings: general ones and those of the task, by name; None leaves the preset's. Without a learning_rate it is the
    preset's times that of the cell, see cell_rates.py.

    InputError for an unknown task, preset or setting, and for values that make no sense.
    """
    presets = kind_of(task).presets
    if preset not in presets:
        raise InputError(
            f"`preset` {shortened(preset)} is unknown for the task {task}: choose from {', '.join(presets)}",
            field="preset",
        )
    given = {name: value for name, value in settings.items() if value is not None}
    config = Config.of(task, preset=preset, **{**presets[preset].settings, **given})
    if "learning_rate" in given:
        return config
    rate = config.learning_rate * rate_factor(config.cell)
    return config.changed(learning_rate=float(f"{rate:.6g}"))  # 0.00009, not 8.999999999999999e-05
