"""What a model of text gains when it goes on learning as it reads; or what a new one needs for a text, from nothing.

    python benchmarks/adaptive.py [--characters N] [--load PATH] [--json FILE]
    python benchmarks/adaptive.py --online TEXT [--hidden 128] [--json FILE]

The first: the test part of the shipped model's text, or its first N characters, read once in order with the rule that
was found on the validation part; what `lstm-tui eval --adapt` reports. Each row is read in one stream but the first,
which is the figure of `eval`: up to 32 streams side by side. The second: what `lstm-tui eval --online TEXT` reports,
with a model of the preset `default` and so many units. Seconds are the processor time of one core.
"""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from machine import Results, introduce, parser_of

from lstm_model.network.losses import bits
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.shipped import shipped_model
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.adaptation.adaptive import read_adaptively, text_reader, text_scales
from lstm_model.tasks.text.adaptation.learning import judge_learning
from lstm_model.tasks.text.adaptation.online import read_online
from lstm_model.tasks.text.corpus import read_corpus
from lstm_model.tasks.text.judging.compressors import available, compressed_bits
from lstm_model.tasks.text.judging.kneser_ney import counted
from lstm_model.tasks.text.judging.mixture import mixed
from lstm_model.tasks.text.judging.online_counts import online_counts
from lstm_model.tasks.text.judging.yardsticks import as_bytes
from lstm_model.tasks.text.surprise import surprise
from lstm_model.tasks.text.task import TextTask, text_nats

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What some work gives, and the processor time it took."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def adapting(path: Path, characters: int | None, results: Results) -> None:
    """Read the test part in each way, then print the table."""
    trainer = SavedModel.read(path).trainer()
    task, model = trainer.task, trainer.judged
    if not isinstance(task, TextTask):
        raise SystemExit(f"{path} is no model of text")
    corpus = task.corpus
    ids, train, test = corpus.ids, corpus.parts["train"], corpus.parts["test"]
    part = range(test.start, min(test.stop, test.start + (characters or len(test))))

    one = range(test.start, test.start + 1)
    learnt_how, searching = timed(lambda: judge_learning(model, ids, one, corpus).tuned)
    streams, in_streams = timed(lambda: finish(text_nats(model, ids, part)))
    still, in_order = timed(lambda: finish(surprise(model, ids, part.start, part.stop, context=1, guesses=1)).nats)
    reader = text_reader(model, learnt_how.rule, finish(text_scales(model, ids, train)))
    learnt, learning = timed(lambda: finish(read_adaptively(reader, ids, part.start, part.stop, guesses=1)).nats)
    counts, counting = timed(
        lambda: counted(ids[train.start : train.stop], ids[part.start : part.stop], len(corpus.vocabulary))
    )
    rows = [
        ("static, 32 streams", streams, in_streams),
        ("static, in order", still, in_order),
        ("9-gram counts", -np.log(counts.p), counting),
        ("static + counts", mixed(still, counts, learnt_how.weights), in_order + counting),
        ("learning", learnt, learning),
        ("learning + counts", mixed(learnt, counts, learnt_how.adapted_weights), learning + counting),
    ]
    results.table(
        "test part",
        ["read", "nats", "bits", "seconds", "to static, in order"],
        [[name, f"{nats.mean():.4f}", f"{bits(nats.mean()):.4f}", f"{seconds:.1f}", f"{seconds / in_order:.2f}"]
         for name, nats, seconds in rows],
        title=f"{len(part):,} characters; rate {learnt_how.rule.rate:.3g}, pull {learnt_how.rule.pull:.3g}, found on"
        f" {learnt_how.searched:,} characters of the validation part in {searching:.0f} s (a few if they were kept);"
        f" went back to the trained weights {len(reader.explosions)} times",
        less=["nats", "seconds"],
    )  # fmt: skip


def online(path: Path, hidden: int, results: Results) -> None:
    """Read a text once with what begins with nothing, then print the table."""
    corpus = read_corpus(path, split=(100,))
    ids, characters = corpus.ids, corpus.vocabulary.characters
    n, V, raw = len(ids), len(characters), as_bytes(ids, characters)
    config = preset_config("text", hidden_size=hidden)
    read, seconds = timed(lambda: finish(read_online(config, ids, V)))
    nats, counting = timed(lambda: float(online_counts(ids, V).mean()))
    rows = [(f"a new LSTM, 1x{hidden}", bits(read.loss), seconds), ("counts that learn", bits(nats), counting)]
    for name in available():
        begun = time.process_time()
        size = compressed_bits(b"", raw, names=(name,))[name]
        rows.append((name, size / n, time.process_time() - begun))
    results.table(
        "online",
        ["read", "nats", "bits", "characters/s"],
        [[name, f"{needed * math.log(2):.4f}", f"{needed:.4f}", f"{n / seconds:,.0f}"]
         for name, needed, seconds in rows],
        title=f"{path.name}: {n:,} characters, {V} different, read once; {read.streams} streams",
        less=["nats"],
        more=["characters/s"],
    )  # fmt: skip


def main() -> None:
    """Print the table that was asked for."""
    parser = parser_of(__doc__)
    parser.add_argument("--characters", type=int, help="of the test part, the first ones")
    parser.add_argument("--load", type=Path, help="another model")
    parser.add_argument("--online", type=Path, metavar="TEXT", help="read a text from nothing instead")
    parser.add_argument("--hidden", type=int, default=128, help="units of the new model")
    asked = parser.parse_args()
    introduce()
    one_blas_thread()
    results = Results(asked.json)
    if asked.online:
        online(asked.online, asked.hidden, results)
    elif path := asked.load or shipped_model("text"):
        adapting(path, asked.characters, results)
    else:
        parser.error("no model of text ships: name one with --load")
    results.write()


if __name__ == "__main__":
    main()
