"""Which characters of which text a model was trained on: kept in its checkpoint, and held against what is measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_model.tasks.text.corpus import Corpus
from lstm_model.tasks.text.unseen import percent


@dataclass(frozen=True)
class TrainedText:
    """A text by the sha256 of its file, and the ranges of its characters: trained on, and used to choose the best."""

    fingerprint: str
    train: range
    val: range

    @classmethod
    def of(cls, corpus: Corpus) -> "TrainedText":
        """What training on a corpus uses."""
        return cls(corpus.fingerprint, corpus.parts["train"], corpus.parts.get("val", range(0)))

    def memory(self) -> dict[str, Any]:
        """For a checkpoint, beside the sha256 it has."""
        return {"trained": [self.train.start, self.train.stop], "validated": [self.val.start, self.val.stop]}

    @classmethod
    def from_memory(cls, memory: Mapping[str, Any], fingerprint: str) -> "TrainedText | None":
        """From a checkpoint; None if it was written before this was kept, or holds no sound ranges."""
        train, val = _range(memory.get("trained")), _range(memory.get("validated"))
        if train is None or val is None:
            return None
        return cls(fingerprint, train, val)

    def shares(self, fingerprint: str, part: range) -> tuple[float, float]:
        """Shares of the characters `part` of a file that were trained on, and that the best was chosen by."""
        if fingerprint != self.fingerprint or not part:
            return 0.0, 0.0
        return _common(part, self.train) / len(part), _common(part, self.val) / len(part)

    def sentence(self, fingerprint: str, part: range) -> str:
        """What a reader should know of a part that is measured; nothing if none of it was used."""
        trained, chosen = self.shares(fingerprint, part)
        if trained:
            return f"{percent(trained)} of these characters the model was trained on: their loss shows memory"
        if chosen and self.val != part:  # the validation part by its name needs no warning
            return f"by {percent(chosen)} of these characters the best checkpoint was chosen"
        return ""


def _range(value: Any) -> range | None:
    if not isinstance(value, list) or len(value) != 2 or any(type(end) is not int for end in value):
        return None
    start, stop = value
    return range(start, stop) if 0 <= start <= stop < 1 << 53 else None


def _common(one: range, other: range) -> int:
    return max(0, min(one.stop, other.stop) - max(one.start, other.start))
