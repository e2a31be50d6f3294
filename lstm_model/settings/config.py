"""Everything that decides how a run goes, and the presets with the reasons for their numbers."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

from lstm_model.errors import InputError, shortened
from lstm_model.settings.kinds import fits, in_short, in_words

if TYPE_CHECKING:  # the command line's help lists the presets and must not wait for NumPy
    from lstm_model.network.model import LossAt
    from lstm_model.optimization.optimizers import ClipMode, OptimizerName, ScheduleName

TaskName = Literal["text", "stock"]
Target = Literal["return", "close"]
TASKS: tuple[TaskName, ...] = get_args(TaskName)
FARTHEST = 1000  # days ahead
MOST_THREADS = 256  # each is a process of its own
DEEPEST = 1000  # layers: each has its shapes listed before it is known that memory does not suffice


@dataclass(frozen=True)
class Config:
    """The settings of a run. Equal settings, data, seed, thread count and number of steps give equal results.

    The options of the command line bear the same words; `data` is an absolute path, None for the data set that ships.
    """

    task: TaskName
    preset: str = "default"
    data: str | None = None
    encoding: str = "utf-8"
    column: str = "Close"
    features: tuple[str, ...] = ()
    target: Target = "return"
    horizons: tuple[int, ...] = (1,)  # days ahead that a model of prices predicts, each once, the nearest first
    split: tuple[float, ...] = (90, 5, 5)  # training, validation, test: shares in this order
    hidden_size: int = 256
    num_layers: int = 1
    batch_size: int = 32
    seq_length: int = 64
    dropout: float = 0.0
    loss_at: LossAt = "every"
    optimizer: OptimizerName = "adam"
    learning_rate: float = 1e-2
    schedule: ScheduleName = "cosine"
    warmup: int = 100  # steps
    clip: float = 1.0  # 0: none
    clip_mode: ClipMode = "norm"
    validate_every: int = 250  # steps
    seed: int = 1
    average: float = 0.0  # power of the running mean of the weights, see averaging.py; 0: none is kept
    threads: int = 0  # shards of a batch, a core for each; 0: chosen for you, see threads.py

    def __post_init__(self) -> None:
        for name, option in (("hidden_size", "hidden"), ("num_layers", "layers"), ("batch_size", "batch")):
            _require(getattr(self, name) >= 1, option, "1 or more", getattr(self, name))
        _require(self.num_layers <= DEEPEST, "layers", f"at most {DEEPEST:,}", self.num_layers)
        _require(self.seq_length >= 1, "seq", "1 or more", self.seq_length)
        _require(0 <= self.dropout < 1, "dropout", "at least 0 and below 1", self.dropout)
        _require(0 < self.learning_rate < 1000, "lr", "above 0 and below 1000", self.learning_rate)
        _require(self.average >= 0, "average", "0 (none) or more", self.average)
        _require(self.warmup >= 0, "warmup", "0 or more", self.warmup)
        _require(self.validate_every >= 1, "validate-every", "1 or more", self.validate_every)
        _require(self.seed >= 0, "seed", "0 or more", self.seed)
        _require(self.threads >= 0, "threads", "0 (chosen for you) or more", self.threads)
        _require(self.threads <= MOST_THREADS, "threads", f"at most {MOST_THREADS}", self.threads)
        _require(self.clip >= 0, "clip", "0 (off) or more", self.clip)
        ahead = self.horizons
        known = all(type(h) is int and 1 <= h <= FARTHEST for h in ahead)
        _require(known and 0 < len(ahead) <= 20 and sorted(set(ahead)) == list(ahead), "horizon",
                 f"up to 20 different numbers of days, each from 1 to {FARTHEST:,}",
                 ",".join(map(str, ahead)))  # fmt: skip
        shares = self.split
        right = len(shares) == 3 and all(0 <= s <= 100 for s in shares) and abs(sum(shares) - 100) < 1e-6
        _require(right and shares[0] > 0 and shares[1] > 0, "split", "shares that add up to 100, as in 90/5/5",
                 "/".join(f"{s:g}" for s in shares))  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for config.json and checkpoints."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Config:
        """Read what `as_dict` gave; names this version does not know are left out. InputError for a wrong value."""
        known = {f.name for f in fields(cls)}
        kept: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v for name, v in values.items() if name in known
        }
        for name, kind in _kinds().items():
            if name in kept and not fits(kept[name], kind):
                raise InputError(f"{name} must be {in_words(kind)}, not {in_short(kept[name])}")
        if "task" not in kept:
            raise InputError("there is no task")
        return cls(**kept)


@functools.cache
def _kinds() -> dict[str, Any]:
    """The declared type of each setting."""
    from lstm_model.network import model
    from lstm_model.optimization import optimizers  # only here, see above

    return get_type_hints(Config, {**globals(), **vars(model), **vars(optimizers)})


def _require(right: bool, option: str, wanted: str, got: object) -> None:
    if not right:
        raise InputError(f"--{option} must be {wanted}, not {got}")


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
    """The settings of a preset, with `settings` on top; a setting of None leaves the preset's."""
    if preset not in PRESETS[task]:
        raise InputError(
            f"--preset {shortened(preset)} is unknown for the task {task}: choose from {', '.join(PRESETS[task])}"
        )
    given = {name: value for name, value in settings.items() if value is not None}
    return replace(Config(task=task, preset=preset, **PRESETS[task][preset].settings), **given)
