"""A model of text in a notebook: it writes, and is judged beside counts and compressors."""

import secrets
from typing import cast

import numpy as np

from lstm_model.digits import number
from lstm_model.errors import InputError
from lstm_model.network.losses import bits
from lstm_model.network.sampling import Choice, generate
from lstm_model.notebook.answers import Evaluation, Written
from lstm_model.notebook.trained import Trained
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.settings.words import HeldOutPart
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.judging.counting_names import COUNTING
from lstm_model.tasks.text.judging.verdict import text_verdict
from lstm_model.tasks.text.judging.yardsticks import of_text
from lstm_model.tasks.text.task import TextTask, text_score
from lstm_model.tasks.text.unseen import unseen_characters
from lstm_model.tasks.text.writing.prompt import fitted_prompt


class TextModel(Trained):
    """A model of text, see `Trained`."""

    _instead = ": ask it for a `sample`"

    @property
    def task(self) -> TextTask:
        """The task, with the text as it was read."""
        return cast("TextTask", super().task)

    def sample(  # type: ignore[override]
        self,
        length: int = 300,
        *,
        prompt: str | None = None,
        temperature: float = 0.8,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
    ) -> Written:
        """Let the model write `length` characters after a prompt, as of now.

        prompt: unless given, where something new begins in the text. temperature: below 1 is safer, above 1 bolder, 0
        always takes the likeliest character. top_k: only the k likeliest, 0 for all. top_p: only the likeliest that
        have this probability together. seed: the same one writes the same text; a new one unless given.

        InputError for a value out of its range, and for a character that the text does not have.
        """
        if length < 1:
            raise InputError(f"`length` must be 1 or more, not {length}")
        if seed is not None and seed < 0:
            raise InputError(f"`seed` must be 0 or more, not {seed}")
        vocabulary = self.task.corpus.vocabulary
        begin = self.task.corpus.prompt if prompt is None else fitted_prompt(prompt, vocabulary.characters)
        if not begin:
            raise InputError("the prompt is empty: give at least one character, or leave it out")
        choice = Choice(temperature, top_k, top_p)
        seed = secrets.randbelow(1_000_000) if seed is None else seed
        with one_blas_thread():
            ids = list(generate(self.model, vocabulary.encode(begin), length, choice, np.random.default_rng(seed)))
        drawn = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
        return Written(begin, vocabulary.decode(np.array(ids, int)), seed, drawn)

    def _evaluated(self, part: HeldOutPart) -> Evaluation:
        """The loss beside what counts and compressors score.

        figures: loss in nats per character, bits_per_char, perplexity, top1_accuracy, chars; baselines, nats per
        character; compressors, bits per character.
        """
        task, corpus = self.task, self.task.corpus
        where, learnt, characters = task.part(part), corpus.parts["train"], corpus.vocabulary.characters
        score = finish(text_score(self.model, corpus.ids, where))
        train, ids = corpus.ids[learnt.start : learnt.stop], corpus.ids[where.start : where.stop]
        found = of_text(train, ids, characters)
        unseen = unseen_characters(train, ids, characters)
        figures = {
            "part": part,
            "loss": score.loss,
            "bits_per_char": bits(score.loss),
            "perplexity": float(np.exp(score.loss)),
            "top1_accuracy": score.right,
            "chars": len(where),
            "baselines": found.counting,
            "compressors": found.compressors,
        }
        others = [(COUNTING[name], bits(nats)) for name, nats in found.counting.items()]
        others += list(found.compressors.items())
        ranked = sorted([("this model", bits(score.loss)), *others], key=lambda each: each[1])
        rows = [["", "bits per character"], *([name, number(value)] for name, value in ranked)]
        verdict = text_verdict(score.loss, found.counting, found.compressors, len(where), unseen)
        return Evaluation(self._title(part), figures, rows, verdict, found.notes)
