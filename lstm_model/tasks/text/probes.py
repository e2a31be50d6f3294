"""Pieces of the held-out part, or of one's own text, to look inside of a text model with."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from lstm_model.arrays import Ids
from lstm_model.errors import InputError
from lstm_model.tasks.base import Reading
from lstm_model.tasks.probes import HeldOut, Probes
from lstm_model.tasks.text.features import FEATURES
from lstm_model.tasks.text.surprise import held_out
from lstm_model.tasks.text.task import TextTask
from lstm_model.tasks.text.writing.prompt import decoded_prompt, fitted_prompt

STREAMS, STEPS = 64, 512  # side by side, of many
WARM_UP = 64  # characters after which a state is as good as any
BEFORE = 2_000  # characters before what is read that its features are computed from as well


class TextProbes(Probes):
    """See the base."""

    features = FEATURES
    task: TextTask

    @cached_property
    def _ids(self) -> Ids:
        """The ids of all that is read."""
        corpus = self.task.corpus
        if self.text is not None:
            return corpus.vocabulary.encode(self.text)
        _, part = held_out(self.task)
        return corpus.ids[part.start : part.stop]

    @classmethod
    def own_text(cls, task: TextTask, raw: bytes, where: str) -> str:
        """UTF-8, or what a byte order mark says; line ends and accents as the model's own text has them."""
        return fitted_prompt(decoded_prompt(raw, where), task.corpus.vocabulary.characters)

    def reading(self, number: int, length: int) -> Reading:
        """A piece of the held-out part, or one's own text as a whole."""
        if self.text is None:
            return super().reading(number, length)
        ids, known = self._ids, tuple(self.task.corpus.vocabulary.characters)
        if len(ids) < 2:
            raise InputError("the text is too short to look at: it needs 2 characters or more")
        return Reading(ids[:-1, None], ids[1:, None], tuple(self.text[:-1]), "a text of your own", 0, 1, None, known)

    def many(self, most: int | None = None) -> HeldOut:
        """Streams that are spread evenly over the text."""
        n = len(self._ids) - 1
        B = min(most or STREAMS, max(2, n // STEPS))
        T = min(STEPS, n // B)
        if T < 1:
            raise InputError(f"the text is too short to look into: it has {n + 1} characters")
        return self._probe([b * (n // B) for b in range(B)], T, min(WARM_UP, T // 4))

    def _probe(self, starts: Sequence[int], T: int, warm_up: int = 0) -> HeldOut:
        """Pieces of T characters side by side: the source is all of them, each with what stands before it."""
        ids, steps = self._ids, np.arange(T)
        pieces = [ids[max(0, start - BEFORE) : start + T] for start in starts]
        ends = np.cumsum([len(piece) for piece in pieces])
        places = (ends - T) + steps[:, None]  # (T, B)
        read = np.array(starts) + steps[:, None]
        text = self.task.corpus.vocabulary.decode(np.concatenate(pieces))
        return HeldOut(ids[read], ids[read + 1], text, places, warm_up)
