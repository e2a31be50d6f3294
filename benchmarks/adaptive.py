"""What the shipped model of text gains when it goes on learning as it reads, and when counts stand beside it.

    python benchmarks/adaptive.py [--characters N] [--load PATH] [--json FILE]

The whole test part, or its first N characters, read once in order with the rule that was found on the validation part;
what `lstm-tui eval --adapt` reports. Seconds are of one core's time. Each row is read in one stream but the first,
which is the figure of `eval`: up to 32 streams side by side.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from machine import Results, introduce, parser_of
from numpy.typing import NDArray

from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.shipped import shipped_model
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.adaptive import read_adaptively, text_reader, text_scales
from lstm_model.tasks.text.judging.kneser_ney import counted
from lstm_model.tasks.text.judging.mixture import mixed
from lstm_model.tasks.text.learning import judge_learning
from lstm_model.tasks.text.surprise import surprise
from lstm_model.tasks.text.task import TextTask, text_nats

Reals = NDArray[np.float64]


def timed(work: Callable[[], Reals]) -> tuple[Reals, float]:
    """What a reading gives, and the processor time it took."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def main() -> None:
    """Read the part in each way, then print the table."""
    parser = parser_of(__doc__)
    parser.add_argument("--characters", type=int, help="of the test part, the first ones")
    parser.add_argument("--load", type=Path, help="another model")
    asked = parser.parse_args()
    introduce()
    one_blas_thread()
    path = asked.load or shipped_model("text")
    if path is None:
        parser.error("no model of text ships: name one with --load")
    trainer = SavedModel.read(path).trainer()
    task, model = trainer.task, trainer.judged
    if not isinstance(task, TextTask):
        parser.error("that is no model of text")
    corpus = task.corpus
    ids, train, test = corpus.ids, corpus.parts["train"], corpus.parts["test"]
    part = range(test.start, min(test.stop, test.start + (asked.characters or len(test))))

    begun = time.process_time()
    tuned = judge_learning(model, ids, range(test.start, test.start + 1), corpus).tuned
    searching = time.process_time() - begun
    streams, in_streams = timed(lambda: finish(text_nats(model, ids, part)))
    still, in_order = timed(lambda: finish(surprise(model, ids, part.start, part.stop, context=1, guesses=1)).nats)
    scales = finish(text_scales(model, ids, train))
    reader = text_reader(model, tuned.rule, scales)
    learnt, learning = timed(lambda: finish(read_adaptively(reader, ids, part.start, part.stop, guesses=1)).nats)
    begun = time.process_time()
    counts = counted(ids[train.start : train.stop], ids[part.start : part.stop], len(corpus.vocabulary))
    counting = time.process_time() - begun

    rows = [
        ("static, 32 streams", streams, in_streams),
        ("static, in order", still, in_order),
        ("9-gram counts", -np.log(counts.p), counting),
        ("static + counts", mixed(still, counts, tuned.weights), in_order + counting),
        ("learning", learnt, learning),
        ("learning + counts", mixed(learnt, counts, tuned.adapted_weights), learning + counting),
    ]
    results = Results(asked.json)
    results.table(
        "test part",
        ["read", "nats", "bits", "seconds", "to static, in order"],
        [[name, f"{nats.mean():.4f}", f"{nats.mean() / np.log(2):.4f}", f"{seconds:.1f}", f"{seconds / in_order:.2f}"]
         for name, nats, seconds in rows],
        title=f"{len(part):,} characters; rate {tuned.rule.rate:.3g}, pull {tuned.rule.pull:.3g}, found on"
        f" {tuned.searched:,} characters of the validation part in {searching:.0f} s"
        f" (a few if they were kept); went back to the trained weights {len(reader.explosions)} times",
        less=["nats", "seconds"],
    )  # fmt: skip
    results.write()


if __name__ == "__main__":
    main()
