"""Everything that decides how a run goes."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass, fields
from typing import Any, get_type_hints

from lstm_model.errors import InputError
from lstm_model.settings.kinds import fits, in_short, in_words
from lstm_model.settings.words import ClipMode, LossAt, OptimizerName, ScheduleName, Target, TaskName

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
        for name in ("hidden_size", "num_layers", "batch_size"):
            _require(getattr(self, name) >= 1, name, "1 or more", getattr(self, name))
        _require(self.num_layers <= DEEPEST, "num_layers", f"at most {DEEPEST:,}", self.num_layers)
        _require(self.seq_length >= 1, "seq_length", "1 or more", self.seq_length)
        _require(0 <= self.dropout < 1, "dropout", "at least 0 and below 1", self.dropout)
        _require(0 < self.learning_rate < 1000, "learning_rate", "above 0 and below 1000", self.learning_rate)
        _require(self.average >= 0, "average", "0 (none) or more", self.average)
        _require(self.warmup >= 0, "warmup", "0 or more", self.warmup)
        _require(self.validate_every >= 1, "validate_every", "1 or more", self.validate_every)
        _require(self.seed >= 0, "seed", "0 or more", self.seed)
        _require(self.threads >= 0, "threads", "0 (chosen for you) or more", self.threads)
        _require(self.threads <= MOST_THREADS, "threads", f"at most {MOST_THREADS}", self.threads)
        _require(self.clip >= 0, "clip", "0 (off) or more", self.clip)
        ahead = self.horizons
        known = all(type(h) is int and 1 <= h <= FARTHEST for h in ahead)
        _require(known and 0 < len(ahead) <= 20 and sorted(set(ahead)) == list(ahead), "horizons",
                 f"up to 20 different numbers of days, each from 1 to {FARTHEST:,}",
                 ",".join(map(str, ahead)))  # fmt: skip
        shares = self.split
        right = len(shares) == 3 and all(0 <= s <= 100 for s in shares) and abs(sum(shares) - 100) < 1e-6
        _require(right and shares[0] > 0 and shares[1] > 0, "split", "shares that add up to 100, as in 90/5/5",
                 self.split_text)  # fmt: skip

    @property
    def shape(self) -> str:
        """Preset and size in a few characters, such as "default 1x256"."""
        return f"{self.preset} {self.num_layers}x{self.hidden_size}"

    @property
    def split_text(self) -> str:
        """The shares of the parts as they are written: "90/5/5"."""
        return "/".join(f"{share:g}" for share in self.split)

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
                raise InputError(f"{name} must be {in_words(kind)}, not {in_short(kept[name])}", field=name)
        if "task" not in kept:
            raise InputError("there is no task")
        return cls(**kept)


@functools.cache
def _kinds() -> dict[str, Any]:
    """The declared type of each setting."""
    return get_type_hints(Config)


def _require(right: bool, field: str, wanted: str, got: object) -> None:
    if not right:
        raise InputError(f"`{field}` must be {wanted}, not {got}", field=field)
