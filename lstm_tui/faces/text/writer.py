"""A model of text that goes on from a prompt: as it comes, several texts side by side, or the likeliest."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_model.arrays import Ids
from lstm_model.network.beam import Continuation, beam_search
from lstm_model.network.model import Network
from lstm_model.network.sampling import Choice, generate, sample_side_by_side
from lstm_model.tasks.text.corpus import Vocabulary
from lstm_tui.visible import Streamed

SIDE_BY_SIDE = 64  # texts that are written at a time: more would take memory and gain no speed
Tell = Callable[[float], None]


@dataclass(frozen=True)
class Written:
    """A text that is whole: what came after the prompt.

    seed: of its draw, None where nothing was drawn. loss: the mean of -ln p by the model's own distribution, nats per
    character. ended: whether what was to end it came.
    """

    text: str
    seed: int | None
    loss: float
    ended: bool

    @property
    def as_object(self) -> dict[str, Any]:
        """For JSON."""
        seed = {} if self.seed is None else {"seed": self.seed}
        return {"text": self.text, **seed, "loss": self.loss, "ended": self.ended}


@dataclass(frozen=True)
class Writer:
    """A model, what it starts from, and when it ends: after `length` characters, or once `until` came."""

    model: Network
    vocabulary: Vocabulary
    prompt: str
    length: int
    until: Ids | None

    def stream(self, choice: Choice, seed: int) -> None:
        """Write one text to standard output, a character at a time."""
        ids = self.vocabulary.encode(self.prompt)
        on_screen = sys.stdout.isatty()
        shown = Streamed() if on_screen else str
        sys.stdout.write(shown(self.prompt))
        begun = time.monotonic()
        try:
            drawn = generate(self.model, ids, self.length, choice, np.random.default_rng(seed))
            for chosen in self._until_its_end(drawn):
                sys.stdout.write(shown(self.vocabulary.characters[chosen]))
                if on_screen and time.monotonic() - begun > 0.05:  # streaming, but not a system call for each character
                    sys.stdout.flush()
                    begun = time.monotonic()
        finally:
            if on_screen:
                sys.stdout.write("\n")

    def _until_its_end(self, ids: Iterator[int]) -> Iterator[int]:
        ending = [] if self.until is None else self.until.tolist()
        last: list[int] = []
        for chosen in ids:
            yield chosen
            last = [*last, chosen][-len(ending) :] if ending else []
            if ending and last == ending:
                return

    def draws(self, choice: Choice, seeds: Sequence[int], tell: Tell) -> list[Written]:
        """Texts that are drawn, each with a seed of its own."""
        ids = self.vocabulary.encode(self.prompt)
        written: list[Written] = []
        for first in range(0, len(seeds), SIDE_BY_SIDE):
            some = seeds[first : first + SIDE_BY_SIDE]
            drawn: list[list[int]] = [[] for _ in some]
            losses = np.zeros(len(some))
            rngs = [np.random.default_rng(seed) for seed in some]
            steps = sample_side_by_side(self.model, ids, self.length, choice, rngs, self.until)
            for done, step in enumerate(steps, 1):
                for k, sampled in step:
                    drawn[k].append(sampled.id)
                    losses[k] += sampled.surprise
                tell((first + len(some) * done / self.length) / len(seeds))
            written += [
                self._written(np.array(each), seed, float(loss) / len(each))
                for each, seed, loss in zip(drawn, some, losses, strict=True)
            ]
        return written

    def likeliest(self, width: int, tell: Tell) -> list[Written]:
        """The texts that a beam search of this width ends with, the likeliest first."""
        found: list[Continuation] = []
        ids = self.vocabulary.encode(self.prompt)
        for done, best in enumerate(beam_search(self.model, ids, self.length, width, self.until), 1):
            found = best
            tell(done / self.length)
        return [self._written(each.ids, None, each.loss) for each in found]

    def _written(self, ids: Ids, seed: int | None, loss: float) -> Written:
        ended = self.until is not None and ids[-len(self.until) :].tolist() == self.until.tolist()
        return Written(self.vocabulary.decode(ids), seed, loss, ended)
