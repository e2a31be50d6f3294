"""In words: what of all that a text model's loss is held against it is better than."""

from lstm_model.network.losses import bits
from lstm_model.tasks.text.judging.counting_names import COUNTING, LONGEST_CONTEXT, UNIGRAMS
from lstm_model.tasks.text.unseen import Unseen, percent

# Surprises of single characters spread by some 2 nats, so that the mean of fewer is off by more than a counting model
# gains from one more character of context.
LEAST_CHARACTERS = 1000


def text_verdict(
    loss: float,
    counting: dict[str, float],
    compressors: dict[str, float],
    length: int = LEAST_CHARACTERS,
    unseen: Unseen | None = None,
) -> str:
    """In words, what of all that a model with `loss`, in nats per character, is better than.

    `length`: characters the loss was measured on; there is no verdict on fewer than LEAST_CHARACTERS. `unseen`:
    those of them that training never shows.
    """
    if length < LEAST_CHARACTERS:
        counted = "one character is" if length == 1 else f"{length:,} characters are"
        return f"No verdict: {counted} too few to judge by, {LEAST_CHARACTERS:,} are the least."
    said = _compared(loss, counting, compressors)
    if unseen and unseen.counts:
        share = percent(unseen.share)
        said += (
            f" Training never shows {share} of the part's characters: they are in the loss, and only luck finds them."
        )
    return said


def _compared(loss: float, counting: dict[str, float], compressors: dict[str, float]) -> str:
    contexts = {k: counting[f"context_{k}"] for k in range(LONGEST_CONTEXT + 1) if f"context_{k}" in counting}
    beaten = [k for k, nats in contexts.items() if loss < nats]
    others = [k for k in contexts if k not in beaten]
    if not loss < counting["uniform"]:
        said = "No better than uniform."
    elif not contexts:
        said = "Better than uniform."
    elif not beaten:
        said = "Better than uniform, not better than any counting model."
    elif not others:
        k, nats = min(contexts.items(), key=lambda each: each[1])
        said = f"Better than every counting model; the best of them, {COUNTING[f'context_{k}']}, has {nats:.3f} nats."
    else:
        said = f"Better than {_grams(beaten)}, not better than {_grams(others)}."
    if not compressors:
        return said
    fewer = [name for name, size in compressors.items() if bits(loss) < size]
    more = [name for name in compressors if name not in fewer]
    if not more:
        return f"{said} Fewer bits than {_listed(fewer, 'and')}."
    if not fewer:
        return f"{said} Not fewer bits than {_listed(more, 'or')}."
    return f"{said} Fewer bits than {_listed(fewer, 'and')}, not fewer than {_listed(more, 'or')}."


def _grams(contexts: list[int]) -> str:
    """Counting models by the lengths of their contexts: 1- to 4- and 9-gram counts."""
    if contexts == [0]:
        return UNIGRAMS
    spans: list[list[int]] = []
    for n in (k + 1 for k in contexts):
        if spans and spans[-1][-1] == n - 1:
            spans[-1].append(n)
        else:
            spans.append([n])
    words = [[f"{s[0]}- to {s[-1]}-"] if len(s) > 2 else [f"{n}-" for n in s] for s in spans]
    return f"{_listed([word for each in words for word in each], 'and')}gram counts"


def _listed(words: list[str], last: str) -> str:
    """Join words: one, two and three."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
