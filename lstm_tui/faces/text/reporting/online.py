"""`eval --online FILE`: the bits that a model which begins with nothing needs for a text, beside compressors."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, TypeVar

import numpy as np

from lstm_model.network.losses import bits, nats
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.progress import equal_stages, stages
from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.base import finish
from lstm_model.tasks.comparison import Comparison
from lstm_model.tasks.text.adaptation.online import Online, read_online
from lstm_model.tasks.text.corpus import read_corpus
from lstm_model.tasks.text.judging.comparison import compare_losses
from lstm_model.tasks.text.judging.compressors import available, compressed_bits
from lstm_model.tasks.text.judging.online_counts import online_counts
from lstm_model.tasks.text.judging.yardsticks import as_bytes
from lstm_model.tasks.text.kind import TextSettings
from lstm_tui.charts.bars import bar_rows
from lstm_tui.faces.text.one_file import text_file
from lstm_tui.options.given import Given
from lstm_tui.reports.judged import WIDTH, Judged, heading, wrapped
from lstm_tui.reports.plot_look import MODELS
from lstm_tui.wording import often

ALL = (100.0,)  # no part is held out: each character judges before it teaches
Result = TypeVar("Result")
MODEL, COUNTS = "a new model", "counts that learn"


@dataclass(frozen=True, eq=False)
class OnlineJudged(Judged):
    """A text read once from nothing."""

    @property
    def measured(self) -> str:
        """How many characters."""
        return f"{self.report['chars']:,} characters"

    def lines(self) -> list[str]:
        """What each way of reading needs, and how fast it is."""
        r = self.report
        rows = [(name, one["bits_per_char"], one["chars_per_s"]) for name, one in r["online"].items()]
        tenths = ", ".join(f"{each:.2f}" for each in r["tenths"])
        return [
            f"part    all of it, {r['chars']:,} characters, {r['vocabulary']} different, read once",
            "",
            f"{'needed, per character':<26}{'nats':>8}{'bits':>8}{'chars/s':>12}",
            *(f"{name:<26}{nats(each):>8.4f}{each:>8.4f}{f'{speed:,.0f}':>12}" for name, each, speed in rows),
            "",
            *wrapped(
                f"{MODEL[0].upper()}{MODEL[1:]} begins with random weights, in the shape of the loaded one and with its"
                f" learning rate. It predicts {r['segment']} characters in each of {r['streams']} streams, is scored,"
                " and only then learns from them. That is what a compressor of this kind would need, without the list"
                " of characters."
            ),
            *wrapped(f"Bits over the tenths of the way: {tenths}."),
        ]

    def picture(self, rival: Self | None, width: int, *, ascii_only: bool) -> list[str]:
        """The bits as bars."""
        rows = bar_rows(self._bits(rival), min(width, WIDTH) - 2, ascii_only=ascii_only, digits=3)
        return ["bits per character", *(f"  {row}" for row in rows)]

    def draw(self, figure: Any, rival: Self | None) -> str:
        """The bits over the way."""
        axes = figure.subplots()
        for k, one in enumerate([self, *([] if rival is None else [rival])]):
            tenths = one.report["tenths"]
            axes.plot(np.arange(1, len(tenths) + 1) / len(tenths) * 100, tenths, color=MODELS[k][0], label=one.name)
        axes.set_xlabel("read, per cent of the text")
        axes.set_ylabel("bits per character")
        return f"bits per character, read once: {self.report['online_bits_per_char']:.3f}"

    def rows(self, rival: Self) -> list[list[str]]:
        """What both need, and how far it lies apart."""
        a, b = self.report["online_bits_per_char"], rival.report["online_bits_per_char"]
        return [["", "A", "B", "B - A"], ["bits per character", f"{a:.4f}", f"{b:.4f}", f"{b - a:+.4f}"]]

    def compare(self, rival: Self) -> Comparison:
        """By what they need."""
        return compare_losses(self.report["loss"], rival.report["loss"])

    def _bits(self, rival: Self | None) -> list[tuple[str, float]]:
        found = [(name, one["bits_per_char"]) for name, one in self.report["online"].items()]
        return found if rival is None else [*found, (f"{MODEL} B", rival.report["online_bits_per_char"])]


def read_once(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> OnlineJudged:
    """Read a text from its start with a new model like the saved one, and with what else learns as it reads."""
    settings = TextSettings.of(saved.config)
    path = text_file(given["online"], "--online")
    errors = given.get("encoding_errors", settings.encoding_errors)
    corpus = read_corpus(path, given.get("encoding", "utf-8"), ALL, encoding_errors=errors)
    ids, characters = corpus.ids, corpus.vocabulary.characters
    one_blas_thread()
    there = available()
    reading, counting, compressing = stages(progress, 0.9, 0.95, 1.0)
    online, seconds = _timed(lambda: finish(read_online(saved.config, ids, len(characters)), reading))
    found = {MODEL: _figures(bits(online.loss), len(ids), seconds)}
    counts, seconds = _timed(lambda: float(online_counts(ids, len(characters), counting).mean()))
    found[COUNTS] = _figures(bits(counts), len(ids), seconds)
    raw = as_bytes(ids, characters)
    for name, stage in zip(there, equal_stages(compressing, len(there)), strict=True):
        sizes, seconds = _timed(partial(compressed_bits, b"", raw, stage, (name,)))
        found[name] = _figures(sizes[name] / len(ids), len(ids), seconds)
    report = heading(saved, str(path), "all") | {
        "loss": online.loss,
        "online_loss": online.loss,
        "online_bits_per_char": bits(online.loss),
        "chars": len(ids),
        "vocabulary": len(characters),
        "streams": online.streams,
        "segment": online.segment,
        "tenths": [bits(nats) for nats in online.tenths],
        "online": found,
        "explosions": online.explosions,
    }
    return OnlineJudged(report, (*corpus.notes, *_notes(online)))


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def _figures(bits_per_char: float, characters: int, seconds: float) -> dict[str, float]:
    return {"bits_per_char": bits_per_char, "chars_per_s": characters / max(seconds, 1e-9)}


def _notes(online: Online) -> tuple[str, ...]:
    if not online.explosions:
        return ()
    times = len(online.explosions)
    more = f", and {often(times - 1)} more" if times > 1 else ""
    return (
        f"the weights ran away after {online.explosions[0]:,} characters{more}: it began anew there, at half the rate",
    )
