"""The presets of the text task, with the reasons for their numbers."""

from lstm_model.settings.task_kinds import Preset
from lstm_model.tasks.text.fitted import fitted

PRESETS = {
    "default": Preset(
        {"hidden_size": 384, "batch_size": 16, "seq_length": 64, "learning_rate": 1e-2, "dropout": 0.1,
         "average": 8, "validate_every": 500},
        "The best of what was tried for five minutes on two cores (docs/recipe.md): 384 units, for a wider layer"
        " learns more from each character; 16 streams, for many small updates beat few large ones. Adam with the"
        " gradient clipped at norm 1 bears a rate as high as 0.01, and the average of the weights takes out what"
        " they shake. A little dropout costs nothing here and keeps small texts from being learnt by heart.",
        fitted,
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
}  # fmt: skip
