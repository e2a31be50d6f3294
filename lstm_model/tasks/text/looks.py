"""Looking at a model of text: it writes samples, and reads passages of the text it has not learnt from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from lstm_model.errors import InputError
from lstm_model.events import Event
from lstm_model.network.model import LSTM, Network
from lstm_model.network.sampling import Choice, Sampled, sample_side_by_side
from lstm_model.tasks.base import Slices
from lstm_model.tasks.films import Film, Frame
from lstm_model.tasks.looks import Job, Look, Looked, Looks
from lstm_model.tasks.text.adaptation.adaptive import read_passage_adaptively
from lstm_model.tasks.text.kind import MOVIE, SAMPLES
from lstm_model.tasks.text.movie.film import append_frame, read_film
from lstm_model.tasks.text.movie.frames import is_due, make_frame, shown_part
from lstm_model.tasks.text.surprise import Passage, read_passage
from lstm_model.tasks.text.task import TextTask
from lstm_model.tasks.text.writing.prompt import fitted_prompt
from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import SampleBook, append_sample

PassageReader = Callable[[LSTM, TextTask, int, int], Slices[Passage]]

LENGTH = 500  # characters of a sample
SLICE = 32  # characters
WATCHED = 1_000  # of a passage that is read over and over: half a second at the most
SPREAD = 0.3  # between temperatures beside each other
_READ: dict[bool, PassageReader] = {False: read_passage, True: read_passage_adaptively}  # learning or not


@dataclass(frozen=True)
class PassageRead(Event):
    """A passage of the held-out text, and how much each of its characters surprised the model."""

    passage: Passage


@dataclass(frozen=True)
class SetTemperature:
    """Asks for another temperature of the samples to come; where nothing trains, for a sample at once."""

    temperature: float


@dataclass(frozen=True)
class SetSpread:
    """Asks for samples at several temperatures at a time, see `spread_around`; off: at the one that is set."""

    on: bool


@dataclass(frozen=True)
class SetPrompt:
    """Asks for samples that start from another prompt."""

    prompt: str


@dataclass(frozen=True)
class ReadPassage:
    """Asks for a passage of the held-out text, by its number from 0; learning: by a model that learns as it reads."""

    number: int
    learning: bool = False


def spread_around(temperature: float) -> tuple[float, ...]:
    """A safer temperature, a bolder one, and the one itself, which comes last; no two are the same."""
    beside = (max(0.0, round(temperature - SPREAD, 1)), round(temperature + SPREAD, 1))
    return (*(each for each in beside if each != temperature), temperature)


@dataclass(frozen=True)
class WatchPassage:
    """Asks for a short passage of the held-out text, by its number, now and with each look; None: no longer."""

    number: int | None


class TextLooks(Looks):
    """Samples of a run, with the temperature and the prompt at hand, and passages."""

    def __init__(self, task: TextTask, run: Looked) -> None:
        super().__init__(task, run)
        self.task = task
        self.choice = Choice()
        self.prompt = task.corpus.opening
        self.spread = False  # whether a look is a sample at one temperature, or at several
        self.watched: int | None = None  # the passage that is read with each look
        self._sampled = run.steps, 0  # a step, and how many samples it gave
        # The weights at step 0, until the next frame: so that the first step waits for nothing, and a run that nobody
        # keeps makes no folder.
        self._start = None if run.steps else run.model.parameters.flat.copy()

    @staticmethod
    def told(event: Event) -> str | None:
        """The text of a sample, with what it began with."""
        return event.prompt + event.text if isinstance(event, Sample) else None

    @staticmethod
    def kept(folder: Path) -> Iterator[tuple[int, str]]:
        """The samples of a run."""
        book = SampleBook(folder / SAMPLES)
        for number in range(len(book)):
            sample = book[number]
            yield sample.step, sample.prompt + sample.text

    @staticmethod
    def film_in(folder: Path, up_to: int) -> Film:
        """The frames of the movie."""
        return read_film(folder / MOVIE, up_to=up_to)

    def first(self) -> list[Look]:
        """A sample; where nothing trains, the first passage before it, and else the frame that is due."""
        return [*super().first(), *(self.ask(ReadPassage(0)) if self.eval_only else self.after_step())]

    def after_step(self) -> list[Look]:
        """A frame of the movie, at some steps. A run that was ended between the two makes it up."""
        held_out = self.task.parts.get("val") or self.task.parts.get("test")
        return [Look("movie", self._frames())] if self.run.steps and is_due(self.run.steps) and held_out else []

    def due(self) -> list[Look]:
        """A sample, or one at each of several temperatures; the passage that is watched."""
        return [Look("sample", self._sample()), *self._watch(at_once=False)]

    def ask(self, request: object) -> list[Look]:
        """Do what one of the requests above asks. InputError for a prompt that the model cannot start from."""
        match request:
            case SetTemperature(temperature=temperature):
                self.choice = replace(self.choice, temperature=temperature)
                return [Look("sample", self._sample(), at_once=True, anew=True)] if self.eval_only else []
            case SetSpread(on=on):
                self.spread = on
                return []
            case SetPrompt(prompt=prompt):
                if not prompt:
                    raise InputError("the prompt is empty: give at least one character")
                vocabulary = self.task.corpus.vocabulary
                prompt = fitted_prompt(prompt, vocabulary.characters)
                vocabulary.encode(prompt)
                self.prompt = prompt
                return self.due()
            case ReadPassage(number=number, learning=learning):
                return [Look("passage", self._passage(number, read=_READ[learning]), at_once=True, anew=True)]
            case WatchPassage(number=number):
                self.watched = number
                return self._watch(at_once=True)
            case _:
                return super().ask(request)

    def _watch(self, *, at_once: bool) -> list[Look]:
        if self.watched is None:
            return []
        read = partial(read_passage, length=WATCHED)
        return [Look("passage", self._passage(self.watched, read), at_once=at_once, anew=True)]

    @property
    def samples_file(self) -> Path | None:
        """Where the run's samples lie; of a model that is only looked at, those that were written in its training."""
        return None if self.run.files is None else self.run.files / SAMPLES

    def _sample(self) -> Job:
        run, choice, prompt = self.run, self.choice, self.prompt
        vocabulary, length = self.task.corpus.vocabulary, run.look_length or LENGTH
        temperatures = spread_around(choice.temperature) if self.spread else (choice.temperature,)
        choices = [replace(choice, temperature=each) for each in temperatures]
        step, count = self._sampled
        first = count + 1 if step == run.steps else 1  # within the step: a resumed run counts as an unbroken one
        self._sampled = run.steps, first + len(choices) - 1
        rngs = [run.rng(first + k) for k in range(len(choices))]
        written: list[list[Sampled]] = [[] for _ in choices]
        for drawn in sample_side_by_side(run.model, vocabulary.encode(prompt), length, choices, rngs):
            for k, character in drawn:
                written[k].append(character)
            if len(written[0]) % SLICE == 0:
                yield len(written[0]) / length
        samples: list[Sample] = []
        for temperature, sampled in zip(temperatures, written, strict=True):
            text = vocabulary.decode(np.array([character.id for character in sampled], int))
            loss = float(np.mean([character.surprise for character in sampled])) if sampled else None
            samples.append(Sample(run.steps, temperature, prompt, text, loss))

        def append(folder: Path) -> None:
            for sample in samples:
                append_sample(folder / SAMPLES, sample)

        return [*samples, *run.write(append)]

    @property
    def film(self) -> Film:
        """The frames so far; none of step 0 alone."""
        return Film() if self.run.files is None else read_film(self.run.files / MOVIE, up_to=self.run.steps)

    def _frames(self) -> Job:
        """The frame of this step, and that of the start before the first."""
        run, corpus, part = self.run, self.task.corpus, shown_part(self.task)
        frames: list[Frame] = []
        if self._start is not None:
            vectors, self._start = (self._start, np.empty_like(self._start)), None
            untrained = Network(**run.model.settings, vectors=vectors)
            frames.append((yield from make_frame(untrained, self.task, 0)))
        frames.append((yield from make_frame(run.model, self.task, run.steps)))
        text = corpus.vocabulary.decode(corpus.ids[part.start : part.stop])

        def append(folder: Path) -> None:
            for frame in frames:
                append_frame(folder / MOVIE, text, frame)

        return run.write(append)

    def _passage(self, number: int, read: PassageReader) -> Job:
        run = self.run
        return [PassageRead((yield from read(run.model, self.task, run.steps, number)))]
