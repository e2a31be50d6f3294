"""`eval` of a model of text: its loss beside what counting and compressors score."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lstm_model.arrays import Ids
from lstm_model.errors import InputError
from lstm_model.network.losses import bits
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.progress import equal_stages
from lstm_model.runs.saved_model import SavedModel, naming
from lstm_model.settings.config import Config
from lstm_model.tasks.base import finish
from lstm_model.tasks.data_files import require_plain_file, shipped
from lstm_model.tasks.text.bare_model import bare_model
from lstm_model.tasks.text.corpus import Corpus, read_corpus
from lstm_model.tasks.text.judging.verdict import text_verdict
from lstm_model.tasks.text.judging.yardsticks import Yardsticks, of_text
from lstm_model.tasks.text.kind import TextSettings
from lstm_model.tasks.text.task import text_score
from lstm_tui.faces.heading import Judged, Report, heading, wrapped
from lstm_tui.options.given import Given, settings_of

COUNTING = {
    "uniform": "any character alike",
    "context_0": "how often each comes",
    "context_1": "counts after 1 character",
    **{f"context_{k}": f"counts after {k} characters" for k in range(2, 9)},
}

JUDGED_BY, MUCH = "50", 0.5  # the width of stretches, and the share of them, above which a text counts as copied


def measure(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> Judged:
    """Judge it on a part, or on another text."""
    config, trained_on = saved.config, saved.record.data.sha256
    with naming(saved.file):
        model, vocabulary = bare_model(saved.checkpoint)
    if "data" not in given:
        require_plain_file(config.data)
    encoding = given.get("encoding", TextSettings.of(config).encoding)
    path = Path(settings_of(given).get("data") or config.data or shipped("text"))
    corpus = read_corpus(path, encoding, config.split, vocabulary) if "data" not in given else None
    notes: tuple[str, ...] = ()
    if corpus is None:
        # Another text has no training part to keep clear of: all of it counts, unless a part is asked for.
        whole = read_corpus(path, encoding, (100,), vocabulary)
        its_own = whole.fingerprint == trained_on
        corpus = read_corpus(path, encoding, config.split, vocabulary) if its_own or "part" in given else whole
    elif corpus.fingerprint != trained_on:
        notes = (f"{path} has changed since the model was trained on it: the parts may not be what they were",)
    part, characters = _text_part(corpus, config, given)
    one_blas_thread()
    measuring, counting = equal_stages(progress, 2)
    score = finish(text_score(model, corpus.ids, characters), measuring)
    train = _training_ids(corpus, config, trained_on)
    ids = corpus.ids[characters.start : characters.stop]
    if train is None:
        missing = "the text the model was trained on is not there: what is counted in it is left out"
        found = Yardsticks({"uniform": float(np.log(len(vocabulary)))}, {}, {}, (missing,))
    else:
        found = of_text(train, ids, vocabulary.characters, counting)
    report = heading(saved, str(path), part) | {
        "loss": score.loss,
        "bits_per_char": bits(score.loss),
        "perplexity": float(np.exp(score.loss)),
        "top1_accuracy": score.right,
        "chars": len(characters),
        "baselines": found.counting,
        "compressors": found.compressors,
        "overlap": found.overlap,
        "verdict": text_verdict(score.loss, found.counting, found.compressors),
    }
    return Judged(report, (*corpus.notes, *notes, *found.notes))


def _text_part(corpus: Corpus, config: Config, given: Given) -> tuple[str, range]:
    """Name and range of what is measured."""
    if "val" not in corpus.parts:
        return "all", range(1, len(corpus.ids))  # nothing stands before the first character to predict it from
    part = given.get("part") or ("test" if corpus.parts["test"] else "val")
    characters = corpus.parts[part]
    if not characters:
        raise InputError(f"the split {config.split_text} has no {part} part")
    return part, characters


def _training_ids(corpus: Corpus, config: Config, trained_on: str) -> Ids | None:
    """The characters the model was trained on, for the counting models; None if its text is gone or has changed."""
    if corpus.fingerprint != trained_on:
        try:
            require_plain_file(config.data)
            path = Path(config.data) if config.data else shipped("text")
            corpus = read_corpus(path, TextSettings.of(config).encoding, config.split, corpus.vocabulary)
        except InputError:
            return None
    train = corpus.parts["train"]
    return corpus.ids[train.start : train.stop] if corpus.fingerprint == trained_on else None


def lines(report: Report) -> list[str]:
    """The report for a person, after the lines on model and data."""
    part = "all of it" if report["part"] == "all" else f"{report['part']} part"
    counted = [(name, report["baselines"][key]) for key, name in COUNTING.items() if key in report["baselines"]]
    return [
        f"part    {part}, {report['chars']:,} characters",
        "",
        f"{'loss, per character':<26}{'nats':>8}{'bits':>8}",
        *(f"{name:<26}{nats:>8.4f}{bits(nats):>8.4f}" for name, nats in [("this model", report["loss"]), *counted]),
        *_compressors(report["compressors"]),
        "",
        f"Perplexity {report['perplexity']:.2f}: as uncertain as among so many characters, all alike.",
        f"Right at the first guess: {100 * report['top1_accuracy']:.1f} % of the characters.",
        *_overlap(report["overlap"]),
        "",
        *wrapped(report["verdict"]),
    ]


def _compressors(found: dict[str, float]) -> list[str]:
    if not found:
        return []
    return [
        "",
        "compressors, given the training part; they learn on as they read",
        *(f"{name:<26}{each * math.log(2):>8.4f}{each:>8.4f}" for name, each in found.items()),
    ]


def _overlap(found: dict[str, float]) -> list[str]:
    if not found:
        return []
    shares = ", ".join(f"{100 * share:.1f}" for share in found.values())
    line = f"Also in the training part, word for word, of all stretches of {', '.join(found)} characters: {shares} %."
    copied = found.get(JUDGED_BY, 0.0) > MUCH
    memory = "Most of this text was in the training part: its loss shows memory more than skill."
    return [*wrapped(line), *(wrapped(memory) if copied else [])]
