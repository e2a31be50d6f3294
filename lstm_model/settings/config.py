"""Everything that decides how a run goes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any, Self, get_args, get_type_hints

from lstm_model.errors import InputError
from lstm_model.settings.kinds import fits, in_short, in_words
from lstm_model.settings.known_tasks import load_kind
from lstm_model.settings.words import DEFAULT_CELL, CellName, ClipMode, OptimizerName, ScheduleName

MOST_THREADS = 256  # each is a process of its own
DEEPEST = 1000  # layers: each has its shapes listed before it is known that memory does not suffice
NEEDED = (("training", "a model learns from it"), ("validation", "the best state is chosen by it"))  # parts, and why


@dataclass(frozen=True)
class TaskSettings:
    """The base of what a task adds to the settings: fields with defaults, checked when they are made."""

    @classmethod
    def of(cls, config: Config) -> Self:
        """A run's settings of this task. TypeError if the run is of another task."""
        if not isinstance(config.of_task, cls):
            raise TypeError(f"a run of the task {config.task} has no {cls.__name__}")
        return config.of_task


@dataclass(frozen=True)
class Config:
    """The settings of a run. Equal settings, data, seed, thread count and number of steps give equal results.

    `of_task` holds those that the task at hand alone has, see its `kind` module. `of`, `changed` and `value` take both
    sorts by their names. What a field has here is for settings made by hand; a run starts from a preset, which may have
    others. `data` is an absolute path, None for the data set that ships; a task that reads several files
    may take a folder.
    """

    task: str
    of_task: TaskSettings
    preset: str = "default"
    data: str | None = None
    more_data: tuple[str, ...] = ()  # further files, of a task that reads several
    split: tuple[float, ...] = (90, 5, 5)  # training, validation, test: shares in this order
    cell: CellName = DEFAULT_CELL
    hidden_size: int = 256
    num_layers: int = 1
    batch_size: int = 32
    seq_length: int = 64
    dropout: float = 0.0
    optimizer: OptimizerName = "adam"
    learning_rate: float = 1e-2
    schedule: ScheduleName = "cosine"
    warmup: int = 100  # steps
    clip: float = 1.0  # 0: none
    clip_mode: ClipMode = "norm"
    validate_every: int = 250  # steps
    seed: int = 1
    average: float = 0.0  # power of the running mean of the weights, see optimization/averaging.py; 0: none is kept
    threads: int = 0  # shards of a batch, a core for each; 0: chosen for you, see costs/shards.py

    def __post_init__(self) -> None:
        require(self.cell in get_args(CellName), "cell", in_words(CellName), in_short(self.cell))
        for name in ("hidden_size", "num_layers", "batch_size"):
            require(getattr(self, name) >= 1, name, "1 or more", getattr(self, name))
        require(self.num_layers <= DEEPEST, "num_layers", f"at most {DEEPEST:,}", self.num_layers)
        require(self.seq_length >= 1, "seq_length", "1 or more", self.seq_length)
        require(0 <= self.dropout < 1, "dropout", "at least 0 and below 1", self.dropout)
        require(0 < self.learning_rate < 1000, "learning_rate", "above 0 and below 1000", self.learning_rate)
        require(self.average >= 0, "average", "0 (none) or more", self.average)
        require(self.warmup >= 0, "warmup", "0 or more", self.warmup)
        require(self.validate_every >= 1, "validate_every", "1 or more", self.validate_every)
        require(self.seed >= 0, "seed", "0 or more", self.seed)
        require(self.threads >= 0, "threads", "0 (chosen for you) or more", self.threads)
        require(self.threads <= MOST_THREADS, "threads", f"at most {MOST_THREADS}", self.threads)
        require(self.clip >= 0, "clip", "0 (off) or more", self.clip)
        _require_split(self.split, self.split_text)

    @property
    def shape(self) -> str:
        """Preset and size in a few characters, such as "default 1x256"."""
        return f"{self.preset} {self.size}"

    @property
    def size(self) -> str:
        """Layers and units, after the cell where it is not the usual one: "1x256", "gru 1x256"."""
        return f"{self.unusual_cell}{self.num_layers}x{self.hidden_size}"

    @property
    def unusual_cell(self) -> str:
        """The cell as a word before others, such as "gru "; nothing for the usual one."""
        return "" if self.cell == DEFAULT_CELL else f"{self.cell} "

    @property
    def split_text(self) -> str:
        """The shares of the parts as they are written: "90/5/5"."""
        return "/".join(f"{share:g}" for share in self.split)

    @classmethod
    def of(cls, task: str, **settings: Any) -> Config:
        """The settings of a task, each by its name. InputError for a task, or a setting, that there is not."""
        own, general = _parted(task, settings)
        return cls(task=task, of_task=_own_class(task)(**own), **general)

    def changed(self, **settings: Any) -> Config:
        """The same with other values for some settings, each by its name. Other `data` take the place of all files."""
        if "data" in settings:
            settings = {"more_data": (), **settings}
        own, general = _parted(self.task, settings)
        return replace(self, of_task=replace(self.of_task, **own), **general)

    def value(self, name: str) -> Any:
        """A setting by its name; AttributeError for one that the task does not have."""
        is_own = name in {field.name for field in fields(self.of_task)}
        return getattr(self.of_task if is_own else self, name)

    def as_dict(self) -> dict[str, Any]:
        """Plain values by name, general ones and the task's side by side, for config.json and checkpoints."""
        values = asdict(self)
        own: dict[str, Any] = values.pop("of_task")
        return values | own

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Config:
        """Read what `as_dict` gave; names this version does not know are left out. InputError for a wrong value."""
        if "task" not in values:
            raise InputError("there is no task")
        known = setting_types(_of_type("task", values["task"], str))
        read = {
            name: _of_type(name, tuple(value) if isinstance(value, list) else value, known[name])
            for name, value in values.items()
            if name in known
        }
        return cls.of(**read)


@cache  # reading a checkpoint asks several times, and finding the types takes most of its time
def setting_types(task: str) -> dict[str, Any]:
    """The settings a task has, general ones and its own: the declared type of each by name."""
    general = {name: kind for name, kind in _types(Config).items() if name != "of_task"}
    return general | _own_types(task)


@cache
def _own_types(task: str) -> dict[str, Any]:
    return _types(_own_class(task))


def require(right: bool, field: str, wanted: str, got: object) -> None:
    """An InputError unless a setting is right, which says what it must be."""
    if not right:
        raise InputError(f"`{field}` must be {wanted}, not {got}", field=field)


def _own_class(task: str) -> type[TaskSettings]:
    settings: type[TaskSettings] = load_kind(task).settings
    return settings


def _types(settings: type[Config | TaskSettings]) -> dict[str, Any]:
    hints = get_type_hints(settings)
    return {field.name: hints[field.name] for field in fields(settings)}


def _require_split(shares: tuple[float, ...], shown: str) -> None:
    right = len(shares) == 3 and all(0 <= share <= 100 for share in shares) and abs(sum(shares) - 100) < 1e-6
    require(right, "split", "shares that add up to 100, as in 90/5/5", shown)
    for (part, use), share in zip(NEEDED, shares, strict=False):
        if share == 0:
            raise InputError(f"`split` {shown}: the {part} part must not be 0, {use}; as in 90/5/5", field="split")


def _parted(task: str, settings: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings parted into the task's own and the general ones."""
    known, own = setting_types(task), _own_types(task)
    if unknown := [name for name in settings if name not in known]:
        raise InputError(f"`{unknown[0]}` is no setting of the task {task}", field=unknown[0])
    return {n: v for n, v in settings.items() if n in own}, {n: v for n, v in settings.items() if n not in own}


def _of_type(name: str, value: Any, kind: Any) -> Any:
    if not fits(value, kind):
        raise InputError(f"{name} must be {in_words(kind)}, not {in_short(value)}", field=name)
    return value
