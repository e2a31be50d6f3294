"""What is known of the copy task before a sequence is made."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_model.settings.config import Config, TaskSettings, require
from lstm_model.settings.task_kinds import Sizes, TaskKind, Words
from lstm_model.tasks.copy.presets import PRESETS

WITHOUT_MEMORY = "without memory"


@dataclass(frozen=True)
class CopySettings(TaskSettings):
    """What is to be remembered, and how long.

    A sequence of `steps` steps: the symbols; `gap` steps, blank but for the last, a sign that says go; and as many
    steps again as there were symbols, at which the model is to say them.
    """

    remember: int = 3  # symbols
    gap: int = 20  # steps
    alphabet: int = 8  # different symbols

    def __post_init__(self) -> None:
        for name, least, most in (("remember", 1, 50), ("gap", 1, 1000), ("alphabet", 2, 50)):
            value = getattr(self, name)
            require(least <= value <= most, name, f"from {least} to {most:,}", value)

    @property
    def steps(self) -> int:
        """T of a sequence."""
        return self.gap + 2 * self.remember

    @property
    def blank(self) -> int:
        """The id that means nothing."""
        return self.alphabet

    @property
    def go(self) -> int:
        """The id of the sign to begin."""
        return self.alphabet + 1

    @property
    def without_memory(self) -> float:
        """Nats per step of the best forecast that remembers nothing.

        It knows which steps are blank, and guesses at the others: ln(alphabet) nats per symbol, none elsewhere.
        """
        return self.remember * math.log(self.alphabet) / self.steps


class CopyKind(TaskKind):
    """See the module's docstring."""

    name = "copy"
    task = "lstm_model.tasks.copy.task:CopyTask"
    looks = "lstm_model.tasks.copy.looks:CopyLooks"
    probes = "lstm_model.tasks.copy.probes:CopyProbes"
    words = Words(
        unit="steps",
        items="steps of sequences",
        loss="nats per step",
        look="Try",
        no_better="No better than without memory. Wait, or a shorter gap: a new run",
    )
    settings = CopySettings
    presets = PRESETS
    shipped = ""  # sequences are made, not read
    simplest = WITHOUT_MEMORY
    simplest_is_easy = False  # to pass it is all there is to learn, and takes a while
    val_noise = 0.05

    def sizes(self, config: Config, memory: Mapping[str, Any] | None = None) -> Sizes:  # noqa: ARG002
        """Symbols, blank and go are read; symbols and blank are said. All follows from the settings."""
        settings = CopySettings.of(config)
        return Sizes(
            inputs=settings.alphabet + 2,
            outputs=settings.alphabet + 1,
            takes_ids=True,
            judged_steps=settings.steps,
            items_per_step=config.batch_size * settings.steps,
        )

    def check_saved(self, settings: TaskSettings, memory: Mapping[str, Any]) -> None:
        """Nothing is kept but the settings, which were checked."""

    def guess(self, sizes: Sizes) -> float:
        """All ids alike at every step."""
        return math.log(sizes.outputs)


KIND = CopyKind()
