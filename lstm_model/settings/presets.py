"""The presets: named settings, with the reasons for their numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lstm_model.errors import InputError, shortened
from lstm_model.settings.config import Config
from lstm_model.settings.words import TaskName


@dataclass(frozen=True)
class Preset:
    """A named set of settings and the reason for it."""

    settings: dict[str, Any]
    reason: str


_STOCK = {"split": (70, 15, 15), "loss_at": "last", "column": "Close"}
PRESETS: dict[TaskName, dict[str, Preset]] = {
    "text": {
        "default": Preset(
            {"hidden_size": 384, "batch_size": 16, "seq_length": 64, "learning_rate": 1e-2, "dropout": 0.1,
             "average": 8, "validate_every": 500},
            "The best of what was tried for five minutes on two cores (docs/recipe.md): 384 units, for a wider layer"
            " learns more from each character; 16 streams, for many small updates beat few large ones. Adam with the"
            " gradient clipped at norm 1 bears a rate as high as 0.01, and the average of the weights takes out what"
            " they shake. A little dropout costs nothing here and keeps small texts from being learnt by heart.",
        ),
        "long": Preset(
            {"hidden_size": 768, "batch_size": 32, "seq_length": 128, "learning_rate": 5e-3, "dropout": 0.2,
             "warmup": 200, "average": 8, "validate_every": 250},
            "For an hour: 768 units have room for what an hour can teach. More streams at a smaller rate, and sequences"
            " twice as long, for once words and phrases are known the distant past is what is left to learn from."
            " Dropout, for in an hour the text is read often enough to be learnt by heart.",
        ),
        "quick": Preset(
            {"hidden_size": 128, "batch_size": 32, "seq_length": 32, "learning_rate": 1e-2, "warmup": 30,
             "average": 8, "validate_every": 200},
            "128 units and short sequences take some hundred steps in 20 seconds: words and page layout appear at once,"
            " and then it stops getting much better.",
        ),
        "classic": Preset(
            {"hidden_size": 100, "batch_size": 1, "seq_length": 25, "optimizer": "adagrad", "learning_rate": 0.1,
             "schedule": "constant", "warmup": 0, "clip": 5.0, "clip_mode": "value", "validate_every": 4000},
            "What the first small character models used: one stream, 25 steps back, Adagrad at 0.1, every gradient"
            " entry clipped to 5. Slow and noisy; good to see why larger batches and Adam came.",
        ),
    },
    "stock": {
        "default": Preset(
            {**_STOCK, "hidden_size": 64, "batch_size": 64, "seq_length": 30, "learning_rate": 3e-4, "clip": 1.0,
             "validate_every": 100},
            "Some 2,000 days are few: 64 units, six weeks of history, and a small rate, for at 0.001 the noise is"
            " learnt by heart within seconds. Log returns, because prices drift.",
        ),
        "quick": Preset(
            {**_STOCK, "hidden_size": 32, "batch_size": 64, "seq_length": 20, "learning_rate": 3e-3, "warmup": 20,
             "validate_every": 50},
            "Half the units and a month of history: the curve bends within 20 seconds.",
        ),
        "classic": Preset(
            {**_STOCK, "hidden_size": 200, "batch_size": 1, "seq_length": 30, "optimizer": "adagrad",
             "learning_rate": 0.01, "schedule": "constant", "warmup": 0, "clip": 5.0, "clip_mode": "value",
             "target": "close", "validate_every": 500},
            "The textbook example: standardised closes, 200 units, 30 days, Adagrad at 0.01. Its plot looks right"
            " because it follows the price by a day; see what the table says beside it.",
        ),
    },
}  # fmt: skip


def preset_config(task: TaskName, preset: str = "default", **settings: Any) -> Config:
    """The settings of a preset, with others on top.

    task: "text" or "stock". preset: a name in `PRESETS[task]`.
    settings: fields of `Config` by name; None leaves the preset's.

    InputError for an unknown preset and for values that make no sense, TypeError for a name that is no field.
    """
    if preset not in PRESETS[task]:
        raise InputError(
            f"`preset` {shortened(preset)} is unknown for the task {task}: choose from {', '.join(PRESETS[task])}",
            field="preset",
        )
    given = {name: value for name, value in settings.items() if value is not None}
    return replace(Config(task=task, preset=preset, **PRESETS[task][preset].settings), **given)
