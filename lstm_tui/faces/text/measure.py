"""`eval` of a model of text: its loss beside what counting and compressors score."""

from collections.abc import Callable

import numpy as np

from lstm_model.errors import InputError
from lstm_model.network.losses import bits
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.progress import stages
from lstm_model.runs.saved_model import SavedModel, naming
from lstm_model.settings.config import Config
from lstm_model.tasks.base import default_part, finish
from lstm_model.tasks.data_files import require_plain_file
from lstm_model.tasks.text.adaptation.learning import judge_learning
from lstm_model.tasks.text.bare_model import bare_model
from lstm_model.tasks.text.corpus import Corpus, read_corpus
from lstm_model.tasks.text.judging.verdict import text_verdict
from lstm_model.tasks.text.judging.yardsticks import Yardsticks, of_text
from lstm_model.tasks.text.kept_files import KeptFiles
from lstm_model.tasks.text.kind import TextSettings
from lstm_model.tasks.text.reading.sources import Texts
from lstm_model.tasks.text.task import text_score
from lstm_model.tasks.text.trained_on import TrainedText
from lstm_model.tasks.text.unseen import Unseen, unseen_characters
from lstm_tui.faces.text.reporting.learning import adapted_report, learning_notes
from lstm_tui.faces.text.reporting.online import OnlineJudged, read_once
from lstm_tui.faces.text.reporting.per_char import PerChar, read_text
from lstm_tui.faces.text.reporting.report import TextJudged
from lstm_tui.options.given import Given, settings_of
from lstm_tui.reports.judged import heading

_SOURCES = ("data", "more_data", "include", "order")  # settings that say which files a text is made of


def measure(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> TextJudged | OnlineJudged | PerChar:
    """Judge it on a part, or on another text; or let it, or a new one like it, read a text in a way of its own."""
    if "per_char" in given:
        return read_text(saved, given, progress)
    for option in ("text_file", "guesses"):
        if option in given:
            raise InputError(f"--{option.replace('_', '-')} goes with --per-char: add it, or leave this out")
    return read_once(saved, given, progress) if "online" in given else _on_a_part(saved, given, progress)


def _on_a_part(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> TextJudged:
    """Judge it on a part, or on another text."""
    config, trained_on = saved.config, saved.record.data.sha256
    with naming(saved.file):
        model, vocabulary = bare_model(saved.checkpoint)
    for path in () if "data" in given else (config.data, *config.more_data):
        require_plain_file(path)
    settings = TextSettings.of(config)
    encoding = given.get("encoding", settings.encoding)
    errors = given.get("encoding_errors", settings.encoding_errors)
    texts = Texts.of(config.changed(**{name: value for name, value in settings_of(given).items() if name in _SOURCES}))

    def read(split: tuple[float, ...]) -> Corpus:
        return read_corpus(texts, encoding, split, vocabulary, encoding_errors=errors)

    corpus = read(config.split) if "data" not in given else None
    notes: tuple[str, ...] = ()
    if corpus is None:
        # Another text has no training part to keep clear of: all of it counts, unless a part is asked for.
        whole = read((100,))
        its_own = whole.fingerprint == trained_on
        corpus = read(config.split) if its_own or "part" in given else whole
    elif corpus.fingerprint != trained_on:
        skipped = [each.name for each in corpus.skipped]
        changes = KeptFiles.from_memory(saved.record.data.memory).changes(KeptFiles.of(corpus), skipped)
        what = changes or f"{texts.place} has changed"
        notes = (f"{what} since the model was trained on it: the parts may not be what they were",)
    part, characters = _text_part(corpus, config, given)
    one_blas_thread()
    measuring, counting, learning = stages(progress, *((0.05, 0.1, 1.0) if "adapt" in given else (0.5, 1.0, 1.0)))
    score = finish(text_score(model, corpus.ids, characters), measuring)
    own = _own_text(corpus, config, trained_on)
    train = None if own is None else own.ids[own.parts["train"].start : own.parts["train"].stop]
    ids = corpus.ids[characters.start : characters.stop]
    unseen = Unseen({}, 0) if train is None else unseen_characters(train, ids, vocabulary.characters)
    if train is None:
        missing = "the text the model was trained on is not there: what is counted in it is left out"
        found = Yardsticks({"uniform": float(np.log(len(vocabulary)))}, {}, {}, (missing,))
    else:
        found = of_text(train, ids, vocabulary.characters, counting)
    report = heading(saved, str(texts.place), part) | {
        "loss": score.loss,
        "bits_per_char": bits(score.loss),
        "perplexity": float(np.exp(score.loss)),
        "top1_accuracy": score.right,
        "chars": len(characters),
        "baselines": found.counting,
        "compressors": found.compressors,
        "overlap": found.overlap,
        "verdict": text_verdict(score.loss, found.counting, found.compressors, length=len(characters), unseen=unseen),
    }
    if "adapt" in given:
        adapted = judge_learning(model, corpus.ids, characters, own, learning)
        report |= adapted_report(adapted)
        notes += learning_notes(adapted, len(characters), searched_here=own is corpus and part == "val")
    used = TrainedText.from_memory(saved.record.data.memory, trained_on)
    notes += (used.sentence(corpus.fingerprint, characters),) if used else ()
    return TextJudged(report, tuple(filter(None, (*corpus.notes, *notes, *found.notes))))


def _text_part(corpus: Corpus, config: Config, given: Given) -> tuple[str, range]:
    """Name and range of what is measured."""
    if "val" not in corpus.parts:
        return "all", range(1, len(corpus.ids))  # nothing stands before the first character to predict it from
    part = given.get("part") or default_part(corpus.parts)
    characters = corpus.parts[part]
    if not characters:
        raise InputError(f"the split {config.split_text} has no {part} part")
    return part, characters


def _own_text(corpus: Corpus, config: Config, trained_on: str) -> Corpus | None:
    """The text the model was trained on, with its parts; None if it is gone or has changed."""
    if corpus.fingerprint != trained_on or "train" not in corpus.parts:
        try:
            for path in (config.data, *config.more_data):
                require_plain_file(path)
            s = TextSettings.of(config)
            corpus = read_corpus(
                Texts.of(config), s.encoding, config.split, corpus.vocabulary, encoding_errors=s.encoding_errors
            )
        except InputError:
            return None
    return corpus if corpus.fingerprint == trained_on else None
