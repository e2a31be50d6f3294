"""The text task: characters in contiguous streams, the next one predicted at every step."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Floats, Ids
from lstm_model.errors import InputError
from lstm_model.network.losses import softmax_cross_entropy
from lstm_model.network.model import LSTM
from lstm_model.settings.config import Config
from lstm_model.tasks.base import Batch, Glimpse, Reading, Slices, Task
from lstm_model.tasks.text.corpus import BatchStreams, Corpus, Vocabulary, fitting_shape, read_corpus
from lstm_model.tasks.text.judging.counting_names import COUNTING
from lstm_model.tasks.text.judging.yardsticks import counting_of
from lstm_model.tasks.text.kept_files import KeptFiles
from lstm_model.tasks.text.kind import TextSettings
from lstm_model.tasks.text.reading.sources import Texts
from lstm_model.tasks.text.trained_on import TrainedText
from lstm_model.tasks.typed import Expected, Typed

LONGEST = 256  # characters of a text that a person types which are read
LEAD = 128  # characters before those that a look inside shows
PART_WORDS = {"val": "validation", "test": "test"}


class TextTask(Task):
    """Character-level language modelling: the next character at every step, state carried from batch to batch."""

    SHORT = 5  # counting models that are always named: uniform, and contexts of 0 to 3 characters
    STREAMS, STEPS = 32, 128  # shape of the batches a held-out part is measured in
    # Characters of the sample that is measured while training: at most, at least, and as a share of what is learnt from
    # between two measurements. Measuring one costs about half of learning from one, so they take some per cent.
    QUICK, QUICK_LEAST, QUICK_SHARE = 65_536, 8_192, 0.06
    GLIMPSE = 8_192  # characters that the first look at the validation part takes: some tenths of a second

    def __init__(self, config: Config, vocabulary: Vocabulary | None = None) -> None:
        s = TextSettings.of(config)
        corpus = read_corpus(Texts.of(config), s.encoding, config.split, vocabulary, encoding_errors=s.encoding_errors)
        train = corpus.parts["train"]
        B, T = fitting_shape(len(train), config.batch_size, config.seq_length)
        notes = corpus.notes
        if (config.batch_size, config.seq_length) != (B, T):
            notes += (
                f"the training part has {len(train):,} characters: batch {B} and sequence {T} instead of"
                f" {config.batch_size} and {config.seq_length}",
            )
            config = config.changed(batch_size=B, seq_length=T)
        super().__init__(config, corpus.name, corpus.fingerprint, notes)
        self.corpus: Corpus = corpus
        self.take(config)

    def take(self, config: Config) -> None:
        """Cut the training part into the streams of these settings, and choose how much a quick validation reads."""
        self.config, train = config, self.corpus.parts["train"]
        B, T = config.batch_size, config.seq_length
        self.streams = BatchStreams(self.corpus.ids[train.start : train.stop], B, T)
        between = config.validate_every * B * T
        self.quick = min(self.QUICK, max(self.QUICK_LEAST, round(self.QUICK_SHARE * between)))
        self.quick_is_full = len(self.corpus.parts["val"]) <= self.quick

    @classmethod
    def open(cls, config: Config, memory: dict[str, Any] | None = None) -> Self:
        """Read the text; with the vocabulary of a checkpoint, if there is one."""
        return cls(config, Vocabulary(memory["vocabulary"]) if memory else None)

    def build_model(self) -> LSTM:
        """A network over ids with as many outputs as characters."""
        c, V = self.config, len(self.corpus.vocabulary)
        return LSTM(V, c.hidden_size, V, c.num_layers, dropout=c.dropout, seed=c.seed, cell=c.cell)

    def with_config(self, config: Config) -> Self:
        """The same text, cut into the streams of other settings."""
        B, T = fitting_shape(len(self.parts["train"]), config.batch_size, config.seq_length)
        other = self.beside()
        other.take(config.changed(batch_size=B, seq_length=T))
        return other

    def beside(self) -> Self:
        """The same text, with streams of its own."""
        beside = super().beside()
        beside.streams = replace(self.streams)
        return beside

    def next_batch(self) -> Batch:
        """The next T characters of every stream."""
        return self.streams.next()

    def validation_loss(self, model: LSTM, part: str = "val", quick: bool = False) -> Slices[float]:
        """Nats per character over a part, or over a sample spread evenly over it."""
        return text_loss(model, self.corpus.ids, self.part(part), self.quick if quick else None)

    def glimpse(self, model: LSTM) -> Slices[Glimpse]:
        """Nats per character over the first of the quick sample's characters of each stream."""
        part = self.part("val")
        most = min(self.GLIMPSE, self.quick, len(part))
        return Glimpse((yield from text_loss(model, self.corpus.ids, part, most)), most)

    def part(self, name: str) -> range:
        """The range of characters of a part; an InputError if the split gave it none."""
        part = self.corpus.parts.get(name, range(0))
        if not part:
            raise InputError(f"the split {self.config.split_text} has no {name} part")
        return part

    @property
    def summary(self) -> str:
        """How many characters, and how many different ones."""
        return f"{len(self.corpus.ids):,} characters, {len(self.corpus.vocabulary)} different"

    @property
    def parts(self) -> dict[str, range]:
        """Characters of each part."""
        return self.corpus.parts

    def reading(self, number: int, length: int) -> Reading:
        """A piece of the validation part, or of the test part where there is none; LEAD characters are read before it.

        The first character of all has the state of its context, so a unit is seen as it is in the midst of a text.
        """
        name = "val" if self.parts.get("val") else "test"
        part, ids = self.part(name), self.corpus.ids
        n = min(part.stop, len(ids) - 1) - part.start  # the last character of all is followed by none
        if n < 2:
            raise InputError(f"the {name} part has too few characters to look inside with")
        length = min(length, n)
        count = n // length
        number = min(max(0, number), count - 1)
        start = part.start + number * length
        here = ids[start : start + length]
        vocabulary = self.corpus.vocabulary
        return Reading(
            here[:, None], ids[start + 1 : start + length + 1, None], tuple(vocabulary.decode(here)),
            f"{PART_WORDS[name]} part, piece {number + 1:,} of {count:,}", number, count,
            ids[max(0, start - LEAD) : start, None] if start else None, tuple(vocabulary.characters),
        )  # fmt: skip

    def typed(self, text: str) -> Typed:
        """The last LONGEST characters of a text behind the usual prompt. InputError for one that is not in the data."""
        vocabulary, lead = self.corpus.vocabulary, self.corpus.prompt
        ids = vocabulary.encode(lead + text)[-LONGEST:]
        return Typed(ids[:, None], ids, tuple(vocabulary.decode(ids)), max(0, len(ids) - len(text)))

    def expected(self, outputs: Floats, typed: Typed) -> list[Expected]:  # noqa: ARG002 - all of it is in the outputs
        """Every character with its probability, the likeliest first."""
        p = np.exp(outputs.astype(np.float64) - outputs.max())
        p /= p.sum()
        characters = self.corpus.vocabulary.characters
        return [Expected(characters[k], float(p[k]), typed=characters[k]) for k in np.argsort(-p, kind="stable")]

    def references(self) -> dict[str, float]:
        """Counting models with contexts of 0 to 3 characters, and the best of those with more if it is better."""
        train, val = self.corpus.parts["train"], self.part("val")
        ids = self.corpus.ids
        found = counting_of(ids[train.start : train.stop], ids[val.start : val.stop], self.corpus.vocabulary.characters)
        references = {COUNTING[name]: nats for name, nats in list(found.items())[: self.SHORT]}
        nats, name = min((nats, name) for name, nats in found.items())
        if nats < min(references.values()):
            references[COUNTING[name]] = nats
        return references

    @property
    def items_per_step(self) -> int:
        """Characters a step learns from."""
        return self.config.batch_size * self.config.seq_length

    @property
    def epoch(self) -> float:
        """Passes through the training part."""
        return self.streams.epoch

    def cursor(self) -> dict[str, int]:
        """Position in the streams."""
        return {"position": self.streams.position, "epochs": self.streams.epochs}

    def seek(self, cursor: dict[str, int]) -> None:
        """Go to a position in the streams; a longer way than they have starts the next epoch."""
        self.streams.position = max(0, int(cursor["position"]))
        self.streams.epochs = max(0, int(cursor["epochs"]))

    def memory(self) -> dict[str, Any]:
        """The vocabulary, what samples start from, which characters are learnt from, and the hash of each file."""
        corpus = self.corpus
        return {
            "vocabulary": corpus.vocabulary.characters,
            "prompt": corpus.prompt,
            **TrainedText.of(corpus).memory(),
            **KeptFiles.of(corpus).memory(),
        }

    def changes_since(self, memory: Mapping[str, Any]) -> str:
        """Which of several files have changed, are missing or new."""
        skipped = [each.name for each in self.corpus.skipped]
        return KeptFiles.from_memory(memory).changes(KeptFiles.of(self.corpus), skipped)


class TextScore(NamedTuple):
    """loss: mean cross-entropy in nats per character. right: share of characters that the model held for likeliest."""

    loss: float
    right: float


def text_loss(model: LSTM, ids: Ids, part: range, most: int | None = None) -> Slices[float]:
    """The loss of `text_score`."""
    return (yield from text_score(model, ids, part, most)).loss


def text_score(model: LSTM, ids: Ids, part: range, most: int | None = None) -> Slices[TextScore]:
    """Score a model on the characters `part` of ids, in one pass.

    The part is read as up to 32 contiguous streams side by side, each with its state carried from a start at zero: the
    first characters of each know little of what came before, which makes the figures slightly worse than one long pass
    would, never better. Each character counts once; `most` of them, taken from the start of every stream, are enough
    for a quick look.
    """
    loss, right, counted = 0.0, 0, 0
    for places, outputs in _in_streams(model, ids, part, most):
        loss, right = _added(loss, right, outputs, ids[places])
        counted += places.size
        yield min(1.0, counted / (most or len(part)))
    return TextScore(loss / counted, right / counted)


def text_nats(model: LSTM, ids: Ids, part: range) -> Slices[NDArray[np.float64]]:
    """Surprise of each of the characters `part` (n,), nats, read as `text_score` reads them."""
    nats = np.empty(len(part))
    done = 0
    for places, outputs in _in_streams(model, ids, part):
        nats[places - part.start] = target_nats(outputs, ids[places])
        done += places.size
        yield done / len(part)
    return nats


def target_nats(logits: Floats, targets: Ids) -> NDArray[np.float64]:
    """-ln of the probability of each target (*N,), from logits (*N, V), in float64."""
    logits = logits.astype(np.float64)
    logits -= logits.max(axis=-1, keepdims=True)  # exp cannot overflow then
    chosen = np.take_along_axis(logits, targets[..., None].astype(np.intp), axis=-1)[..., 0]
    nats: NDArray[np.float64] = np.log(np.exp(logits).sum(axis=-1)) - chosen
    return nats


def _in_streams(
    model: LSTM, ids: Ids, part: range, most: int | None = None
) -> Iterator[tuple[NDArray[np.intp], Floats]]:
    """Places (T, B) of a part's characters, and the logits (T, B, V) for each, in up to 32 streams side by side."""
    n = len(part)
    B = max(1, min(TextTask.STREAMS, n // 1000))
    length = n // B
    starts = part.start + np.arange(B) * length
    most = None if most is None or most >= n else most
    wanted = length if most is None else min(length, max(1, most // B))
    state = None
    for done in range(0, wanted, TextTask.STEPS):
        places = starts + np.arange(done, min(done + TextTask.STEPS, wanted))[:, None]
        outputs, state = model.forward(ids[places - 1], state)
        yield places, outputs
    rest = np.arange(part.start + B * length, part.stop)[:, None]  # fewer than B characters, at the last stream's end
    if rest.size and most is None and state is not None:
        outputs, _ = model.forward(ids[rest - 1], tuple(part[:, -1:] for part in state))
        yield rest, outputs


def _added(loss: float, right: int, outputs: Floats, targets: Ids) -> tuple[float, int]:
    """Sums of losses and of right characters with those of some more, outputs (T, B, V) for targets (T, B)."""
    hits = int(np.count_nonzero(outputs.argmax(axis=-1) == targets))
    return loss + softmax_cross_entropy(outputs, targets).value * targets.size, right + hits
