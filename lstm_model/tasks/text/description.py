"""How a text file is read, before anything is trained on it: what a person should see to know that it is read right."""

from dataclasses import dataclass
from pathlib import Path

from lstm_model.progress import Tell, equal_stages, quiet, stages
from lstm_model.tasks.text.corpus import read_corpus
from lstm_model.tasks.text.judging.verdict import LEAST_CHARACTERS
from lstm_model.tasks.text.judging.yardsticks import copies_of
from lstm_model.tasks.text.kind import EncodingErrors
from lstm_model.tasks.text.reading.joined import Skipped
from lstm_model.tasks.text.reading.reader import AsRead
from lstm_model.tasks.text.reading.sources import Texts
from lstm_model.tasks.text.unseen import Unseen, character_counts

EXCERPT = 200  # characters shown of the start and of the end


@dataclass(frozen=True)
class PartDescription:
    """A part of a text, and what there is to know before a loss on it is believed."""

    name: str
    characters: range
    unseen: Unseen  # characters that training never shows; none for the training part
    copies: dict[str, float]  # by width, the share of its stretches that stand in the training part word for word

    @property
    def judgeable(self) -> bool:
        """Whether the part is long enough for a verdict."""
        return len(self.characters) >= LEAST_CHARACTERS


@dataclass(frozen=True)
class TextDescription:
    """All that `describe_text` found."""

    path: Path
    as_read: AsRead  # bytes, encoding, line ends, what was replaced
    length: int  # characters
    counts: dict[str, int]  # of each character, the most frequent first
    parts: tuple[PartDescription, ...]
    start: str  # the first characters and the last
    end: str
    notes: tuple[str, ...]
    files: tuple[str, ...] = ()  # names of several, in their order
    skipped: tuple[Skipped, ...] = ()

    def rarest(self, most: int = 8) -> dict[str, int]:
        """The characters that come least often, with their counts, the rarest first."""
        return dict(list(reversed(self.counts.items()))[:most])


def describe_text(
    path: Path | Texts,
    encoding: str = "utf-8",
    split: tuple[float, ...] = (90, 5, 5),
    encoding_errors: EncodingErrors = "strict",
    with_copies: bool = True,
    tell: Tell = quiet,
) -> TextDescription:
    """Read a text as training would and describe it. The search for copies takes seconds: `with_copies` leaves it out.

    InputError: as `read_corpus`.
    """
    reading, searching = stages(tell, 0.3, 1.0)
    corpus = read_corpus(path, encoding, split, encoding_errors=encoding_errors, tell=reading)
    ids, characters = corpus.ids, corpus.vocabulary.characters
    train = corpus.parts["train"]
    train_ids = ids[train.start : train.stop]
    parts = []
    for told, (name, part) in zip(equal_stages(searching, len(corpus.parts)), corpus.parts.items(), strict=True):
        searched = with_copies and name != "train" and part
        copies = copies_of(train_ids, ids[part.start : part.stop], characters, told) if searched else {}
        told(1.0)
        parts.append(PartDescription(name, part, corpus.unseen(part), copies))
    counts = character_counts(ids, len(characters))
    ranked = sorted(range(len(characters)), key=lambda k: -int(counts[k]))
    return TextDescription(
        path.place if isinstance(path, Texts) else path,
        corpus.as_read,
        len(ids),
        {characters[k]: int(counts[k]) for k in ranked},
        tuple(parts),
        corpus.vocabulary.decode(ids[:EXCERPT]),
        corpus.vocabulary.decode(ids[-EXCERPT:]),
        corpus.notes,
        corpus.files,
        corpus.skipped,
    )
