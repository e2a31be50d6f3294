"""The copy task: sequences made from the seed, no two batches alike, each with a state that starts at zero."""

import hashlib
import string
from typing import Any, Self

import numpy as np

from lstm_model.errors import InputError
from lstm_model.network.model import LSTM, Network
from lstm_model.settings.config import Config
from lstm_model.tasks.base import Batch, Reading, Slices, Task
from lstm_model.tasks.copy.kind import WITHOUT_MEMORY, CopySettings
from lstm_model.tasks.copy.presets import PRESETS
from lstm_model.tasks.copy.sequences import Score, Sequences, make_sequences, score

EPOCH = 50_000  # sequences that are counted as an epoch: there is no end of them
BATCH_STREAM = 3  # beside those of dropout and looks
HELD_OUT = {"val": 101, "test": 102}  # seeds of their own, the same for every run
COUNT = 256  # sequences of a part
LETTERS = string.ascii_uppercase + string.ascii_lowercase


class CopyTask(Task):
    """Classification at every step: blank until the sign to go, then the symbols of the beginning."""

    look_pace = 1 / 15  # a try costs a few milliseconds, and how it gets better is the lesson

    def __init__(self, config: Config) -> None:
        if config.data is not None:
            raise InputError("the copy task makes its sequences itself: leave `data` out", field="data")
        self.settings = settings = CopySettings.of(config)
        notes: tuple[str, ...] = ()
        preset = PRESETS.get(config.preset)
        if config.seq_length not in (settings.steps, preset and preset.settings["seq_length"]):
            notes = (f"a sequence has {settings.steps} steps, which follows from `remember` and `gap`",)
        config = config.changed(seq_length=settings.steps)
        what = f"{settings.remember} of {settings.alphabet} symbols over {settings.gap} steps"
        super().__init__(config, what, hashlib.sha256(what.encode()).hexdigest(), notes)
        self._position = 0

    @classmethod
    def open(cls, config: Config, memory: dict[str, Any] | None = None) -> Self:  # noqa: ARG003 - nothing is kept
        """Nothing is read."""
        return cls(config)

    def build_model(self) -> LSTM:
        """Ids in; scores of every symbol and of blank out, at every step."""
        c, sizes = self.config, self.sizes
        return LSTM(
            sizes.inputs, c.hidden_size, sizes.outputs, c.num_layers, dropout=c.dropout, seed=c.seed, cell=c.cell
        )

    def next_batch(self) -> Batch:
        """New sequences, which follow from the seed and the number of the batch."""
        rng = np.random.default_rng((self.config.seed, BATCH_STREAM, self._position))
        self._position += 1
        return Batch(*make_sequences(self.settings, rng, self.config.batch_size), fresh=True)

    @property
    def names(self) -> tuple[str, ...]:
        """What each symbol is called: letters, a dot for a blank, ! for the sign to go."""
        return *LETTERS[: self.settings.alphabet], ".", "!"

    def held_out(self, part: str, gap: int | None = None) -> Sequences:
        """The sequences of a part, also with another gap. With few symbols, some of their messages are trained on too.

        That is no leak: what is to be learnt is to keep a message, whichever it is, and not to know it.
        """
        settings = self.settings if gap is None else CopySettings(self.settings.remember, gap, self.settings.alphabet)
        return make_sequences(settings, np.random.default_rng((HELD_OUT[part], settings.gap)), COUNT)

    def score(self, model: Network, part: str, gap: int | None = None) -> Slices[Score]:
        """How well a model does on a part."""
        return (yield from score(model, self.held_out(part, gap), self.settings.remember))

    def validation_loss(self, model: Network, part: str = "val", quick: bool = False) -> Slices[float]:  # noqa: ARG002
        """Nats per step over a part."""
        return (yield from self.score(model, part)).loss

    def reading(self, number: int, length: int) -> Reading:  # noqa: ARG002 - a sequence has its length
        """A validation sequence; symbols are letters, ! says go, a blank is a dot."""
        number = min(max(0, number), COUNT - 1)
        x, targets = (ids[:, number : number + 1] for ids in self.held_out("val"))
        names = self.names
        return Reading(
            x, targets, tuple(names[symbol] for symbol in x[:, 0].tolist()),
            f"validation sequence {number + 1} of {COUNT}", number, COUNT, None, names[: self.sizes.outputs],
        )  # fmt: skip

    @property
    def summary(self) -> str:
        """How long a sequence is."""
        return f"sequences of {self.settings.steps} steps, made from the seed"

    @property
    def parts(self) -> dict[str, range]:
        """The held-out sequences; there is no end of those to train on."""
        return {part: range(COUNT) for part in HELD_OUT}

    def references(self) -> dict[str, float]:
        """The loss of the best forecast that remembers nothing."""
        return {WITHOUT_MEMORY: self.settings.without_memory}

    @property
    def items_per_step(self) -> int:
        """Steps of sequences."""
        return self.config.batch_size * self.settings.steps

    @property
    def epoch(self) -> float:
        """Sequences trained on, EPOCH for one."""
        return self._position * self.config.batch_size / EPOCH

    def cursor(self) -> dict[str, int]:
        """The number of the next batch."""
        return {"position": self._position, "epochs": int(self.epoch)}

    def seek(self, cursor: dict[str, int]) -> None:
        """Go to a batch."""
        self._position = max(0, int(cursor["position"]))

    def memory(self) -> dict[str, Any]:
        """The settings say all."""
        return {}
