"""What a model of text is worth when it goes on learning as it reads, and when counts stand beside it.

Rate, pull and the weights of the mixture are found on the validation part of the text that the model was trained on,
and kept from one start of the program to the next; the part that is judged decides nothing.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lstm_model.adaptation.rules import Rule
from lstm_model.arrays import Floats, Ids
from lstm_model.network.model import LSTM
from lstm_model.progress import Tell, quiet, stages
from lstm_model.storage.cache import recall, remember
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.adaptation.adaptive import (
    PLAIN,
    SCALED,
    SEGMENT,
    find_text_rule,
    read_adaptively,
    text_reader,
    text_scales,
)  # fmt: skip
from lstm_model.tasks.text.corpus import Corpus
from lstm_model.tasks.text.judging.counting_names import LONGEST_CONTEXT
from lstm_model.tasks.text.judging.kneser_ney import Counted, counted
from lstm_model.tasks.text.judging.mixture import fitted_weights, mixed_loss
from lstm_model.tasks.text.judging.yardsticks import nearest
from lstm_model.tasks.text.surprise import surprise
from lstm_model.tasks.text.task import text_nats

SEARCHED = 20_000  # characters of the validation part: its first ones
LEAST_SEARCHED = 4 * SEGMENT
VERSION = 1  # of what is kept; a change of any figure needs the next number

Weights = tuple[float, ...]  # for 0, 1, ... known characters of context


@dataclass(frozen=True)
class Tuned:
    """What was found on the validation part."""

    rule: Rule
    searched: int  # characters it was found on; 0: it is the usual one
    weights: Weights = ()  # of the model beside counts; none where there is nothing to fit them on
    adapted_weights: Weights = ()  # of the model that learns

    def memory(self) -> dict[str, Any]:
        """For the cache."""
        return asdict(self)

    @classmethod
    def from_memory(cls, kept: Mapping[str, Any]) -> "Tuned | None":
        """From the cache; None for what is no such thing."""
        try:
            rule = Rule(**{name: float(value) for name, value in kept["rule"].items()})
            fitted = [tuple(map(float, kept[name])) for name in ("weights", "adapted_weights")]
            searched = int(kept["searched"])
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            return None
        numbers = (rule.rate, rule.pull, *fitted[0], *fitted[1])
        right = all(map(math.isfinite, numbers)) and all(len(one) == LONGEST_CONTEXT + 1 for one in fitted)
        return cls(rule, searched, *fitted) if right else None


@dataclass(frozen=True)
class Learning:
    """Losses in nats per character. mixed: with counts beside the model, None where there are no counts."""

    tuned: Tuned
    adapted: float
    mixed: float | None
    adapted_mixed: float | None
    explosions: tuple[int, ...]  # after how many characters of the part the trained weights were gone back to

    def report(self) -> dict[str, Any]:
        """How it learnt, in plain values."""
        tuned = self.tuned
        return {
            **asdict(tuned.rule), "segment": SEGMENT, "searched": tuned.searched, "explosions": list(self.explosions),
        }  # fmt: skip


def judge_learning(model: LSTM, ids: Ids, part: range, own: Corpus | None, tell: Tell = quiet) -> Learning:
    """Read the characters `part` of ids once in order, learning after each segment; the model stays as it is.

    own: the text it was trained on, with its parts; without it a usual rule is taken, and no counts. Takes four times
    as long as reading the part, in order and without learning, does; half of that once it is known how to learn.
    """
    tuning, reading, counting = stages(tell, 0.45, 0.95, 1.0)
    scales, tuned = (None, Tuned(PLAIN, 0)) if own is None else _known(model, own, tuning)
    reader = text_reader(model, tuned.rule, scales)
    nats = finish(read_adaptively(reader, ids, part.start, part.stop, guesses=1), reading).nats
    mixed = adapted_mixed = None
    if own is not None and tuned.weights:
        counts = _counts(own, ids[part.start : part.stop])
        standing = finish(text_nats(model, ids, part), counting)
        mixed = mixed_loss(standing, counts, tuned.weights)
        adapted_mixed = mixed_loss(nats, counts, tuned.adapted_weights)
    return Learning(tuned, float(nats.mean()), mixed, adapted_mixed, tuple(reader.explosions))


def _known(model: LSTM, own: Corpus, tell: Tell) -> tuple[Floats | None, Tuned]:
    """How large gradients are, and how to learn: found anew unless it was found before."""
    scaling, searching = stages(tell, 0.05, 1.0)
    train, val = own.parts["train"], own.parts["val"]
    scales = finish(text_scales(model, own.ids, train), scaling)
    start = max(1, val.start)
    piece = range(start, min(val.stop, start + SEARCHED))
    if len(piece) < LEAST_SEARCHED:
        return scales, Tuned(PLAIN if scales is None else SCALED, 0)
    key = _key(model, own.ids[train.start : piece.stop])
    tuned = Tuned.from_memory(recall(key))
    if tuned is None:
        tuned = _tuned(model, own, piece, scales, searching)
        remember(key, tuned.memory())
    return scales, tuned


def _tuned(model: LSTM, own: Corpus, piece: range, scales: Floats | None, tell: Tell) -> Tuned:
    """The rule, and the weights of the mixture, that do best on a piece of the validation part."""
    searching, rest = stages(tell, 0.9, 1.0)
    rule, nats = finish(find_text_rule(model, own.ids, piece, scales), searching)
    standing = finish(surprise(model, own.ids, piece.start, piece.stop, context=1, guesses=1), rest).nats
    counts = _counts(own, own.ids[piece.start : piece.stop])
    return Tuned(rule, len(piece), fitted_weights(standing, counts), fitted_weights(nats, counts))


def _counts(own: Corpus, ids: Ids) -> Counted:
    train, part = own.parts["train"], ids
    known, _ = nearest(own.ids[train.start : train.stop], part)
    return counted(known, part, len(own.vocabulary))


def _key(model: LSTM, ids: Ids) -> str:
    """What the result depends on: the weights, and the text up to the end of the piece that was searched on."""
    digest = hashlib.sha256(f"learning {VERSION} {ids.dtype} {model.settings}".encode())
    digest.update(model.parameters.flat.tobytes())
    digest.update(ids.tobytes())
    return digest.hexdigest()
