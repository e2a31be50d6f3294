"""The presets of the stock task, with the reasons for their numbers."""

from typing import Any

from lstm_model.settings.task_kinds import Preset

_ALL: dict[str, Any] = {"split": (70, 15, 15), "loss_at": "last", "column": "Close"}
PRESETS = {
    "default": Preset(
        {**_ALL, "hidden_size": 64, "batch_size": 64, "seq_length": 30, "learning_rate": 3e-4, "clip": 1.0,
         "validate_every": 100},
        "Some 2,000 days are few: 64 units, six weeks of history, and a small rate, for at 0.001 the noise is"
        " learnt by heart within seconds. Log returns, because prices drift.",
    ),
    "quick": Preset(
        {**_ALL, "hidden_size": 32, "batch_size": 64, "seq_length": 20, "learning_rate": 3e-3, "warmup": 20,
         "validate_every": 50},
        "Half the units and a month of history: the curve bends within 20 seconds.",
    ),
    "classic": Preset(
        {**_ALL, "hidden_size": 200, "batch_size": 1, "seq_length": 30, "optimizer": "adagrad",
         "learning_rate": 0.01, "schedule": "constant", "warmup": 0, "clip": 5.0, "clip_mode": "value",
         "target": "close", "validate_every": 500},
        "The textbook example: standardised closes, 200 units, 30 days, Adagrad at 0.01. Its plot looks right"
        " because it follows the price by a day; see what the table says beside it.",
    ),
}  # fmt: skip
