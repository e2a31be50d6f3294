"""What is seen of a run over text: samples, what the next one starts from, and a passage as the model reads it."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_model.events import Event
from lstm_model.runs.events import SaveFailed
from lstm_model.runs.run import Run
from lstm_model.tasks.text.kind import SAMPLES
from lstm_model.tasks.text.looks import PassageRead, TextLooks
from lstm_model.tasks.text.surprise import Passage
from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import SampleBook
from lstm_tui.session.seen import KeptLooks, Line, Observer, Seen


@dataclass(frozen=True, eq=False)
class TextSeen(Seen):
    """What a model wrote or read, and what the next sample starts from."""

    temperature: float = 0.8
    prompt: str = ""
    spread: bool = False  # whether samples are written at several temperatures
    samples: tuple[Sample, ...] = ()  # the last ones of this session
    samples_file: Path | None = None  # all of the run that were written down
    unwritten: int = 0  # how many of the last samples no file holds
    passage: Passage | None = None  # held-out text as the model reads it
    watched: int | None = None  # the passage that is read with each sample

    def choices(self) -> Sequence[Line]:
        """The temperature of the next sample."""
        return ((2, "temperature", f"{self.temperature:.1f}"),)


class KeptSamples(KeptLooks):
    """The samples that a folder holds: of a run that goes on the file itself, up to a step the last of them."""

    def __init__(self, folder: Path) -> None:
        self._book = SampleBook(folder / SAMPLES)
        self._live = TextSeen()  # what was seen of it last: the same while it is
        self._found: dict[int, Sample] = {}  # those that were read, by their number

    def seen(self, up_to: int | None = None) -> TextSeen | None:
        """The file with its newest sample, which tells panes to look again; or the samples up to a step."""
        self._book.refresh()
        count = len(self._book)
        if not count:
            return None
        if up_to is None:
            newest = self._read(count - 1)
            if newest is not None and (newest,) != self._live.samples:
                self._live = TextSeen(
                    newest.temperature, newest.prompt, samples=(newest,), samples_file=self._book.path
                )
            return self._live
        read = [sample for sample in map(self._sample, range(count)) if sample is not None and sample.step <= up_to]
        if not read:
            return TextSeen()
        samples = tuple(read[-TextObserver.KEPT_SAMPLES :])
        return TextSeen(samples[-1].temperature, samples[-1].prompt, samples=samples)

    def _sample(self, number: int) -> Sample | None:
        """One of a file that grows no more."""
        if number not in self._found and (sample := self._read(number)) is not None:
            self._found[number] = sample
        return self._found.get(number)

    def _read(self, number: int) -> Sample | None:
        try:
            return self._book[number]
        except (IndexError, OSError):
            return None  # the file has just changed


class TextObserver(Observer):
    """See `Observer`."""

    KEPT_SAMPLES = 50
    nothing = TextSeen()

    @staticmethod
    def kept_in(folder: Path) -> KeptSamples:
        """The samples."""
        return KeptSamples(folder)

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=self.KEPT_SAMPLES)
        self._unwritten = 0
        self._passage: Passage | None = None

    def note(self, events: Sequence[Event], run: Run) -> None:
        """Take in samples and passages."""
        is_written = run.folder is not None and not any(isinstance(event, SaveFailed) for event in events)
        for event in events:
            match event:
                case Sample():
                    self._samples.append(event)
                    self._unwritten = 0 if is_written else min(self._unwritten + 1, self.KEPT_SAMPLES)
                case PassageRead(passage=passage):
                    self._passage = passage
                case _:
                    pass

    def seen(self, run: Run) -> TextSeen:
        """What there is to see now."""
        looks = run.looks
        if not isinstance(looks, TextLooks):
            raise TypeError(f"a run of the task {run.trainer.config.task} writes no text")
        return TextSeen(
            temperature=looks.choice.temperature,
            prompt=looks.prompt,
            spread=looks.spread,
            samples=tuple(self._samples),
            samples_file=looks.samples_file,
            unwritten=self._unwritten,
            passage=self._passage,
            watched=looks.watched,
        )


OBSERVER = TextObserver
