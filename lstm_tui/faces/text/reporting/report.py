"""The report on a model of text: a table of losses, bars of the same, and two models beside each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from lstm_model.network.losses import bits, nats
from lstm_model.tasks.comparison import Comparison
from lstm_model.tasks.text.judging.comparison import compare_losses
from lstm_model.tasks.text.judging.counting_names import COUNTING
from lstm_tui.charts.bars import bar_rows
from lstm_tui.faces.text.reporting.learning import ADAPTED_ROWS, learning_lines, model_losses
from lstm_tui.reports.judged import WIDTH, Judged, wrapped
from lstm_tui.reports.plot_look import MODELS, SIMPLE
from lstm_tui.visible import visible

ROWS = (("nats per character", "loss", 4), ("bits per character", "bits_per_char", 4), ("perplexity", "perplexity", 2))

JUDGED_BY, MUCH = "50", 0.5  # the width of stretches, and the share of them, above which a text counts as copied


@dataclass(frozen=True, eq=False)
class TextJudged(Judged):
    """A model of text, measured."""

    SAME: ClassVar[tuple[str, ...]] = ("chars",)

    @property
    def measured(self) -> str:
        """How many characters."""
        return f"{self.report['chars']:,} characters"

    def lines(self) -> list[str]:
        """Losses of the model and of what it is held against, and what they mean."""
        report = self.report
        part = "all of it" if report["part"] == "all" else f"{report['part']} part"
        counted = [(name, report["baselines"][key]) for key, name in COUNTING.items() if key in report["baselines"]]
        return [
            f"part    {part}, {report['chars']:,} characters",
            "",
            f"{'loss, per character':<26}{'nats':>8}{'bits':>8}",
            *(f"{name:<26}{loss:>8.4f}{bits(loss):>8.4f}" for name, loss in [*model_losses(report), *counted]),
            *_compressors(report["compressors"]),
            "",
            f"Perplexity {report['perplexity']:.2f}: as uncertain as among so many equally likely characters.",
            f"Right at the first guess: {100 * report['top1_accuracy']:.1f} % of the characters.",
            *_overlap(report["overlap"]),
            *learning_lines(report),
            "",
            *wrapped(report["verdict"]),
        ]

    def picture(self, rival: Self | None, width: int, *, ascii_only: bool) -> list[str]:
        """The losses as bars."""
        rows = bar_rows(losses(self._both(rival)), min(width, WIDTH) - 2, ascii_only=ascii_only, digits=3)
        return ["bits per character", *(f"  {row}" for row in rows)]

    def draw(self, figure: Any, rival: Self | None) -> str:
        """The losses as bars."""
        axes, models = figure.subplots(), self._both(rival)
        rows = [(name, loss) for name, loss in losses(models) if math.isfinite(loss)]
        colours = [MODELS[min(k, 1)][0] if k < len(models) else SIMPLE for k in range(len(rows))]
        places = np.arange(len(rows))
        bars = axes.barh(places, [loss for _, loss in rows], color=colours)
        axes.bar_label(bars, fmt="%.3f", padding=3)
        axes.set_yticks(places, [visible(name) for name, _ in rows])
        axes.margins(x=0.1)  # room for the numbers
        axes.invert_yaxis()
        axes.set_xlabel("loss, bits per character (lower is better)")
        scored = ", ".join(f"{one.name or 'model'} {one.report['bits_per_char']:.3f}" for one in models)
        return f"bits per character: {scored}"

    def rows(self, rival: Self) -> list[list[str]]:
        """Losses of both, and how far they lie apart."""
        a, b = self.report, rival.report
        rows = [["", "A", "B", "B - A"]]
        for name, key, digits in (*ROWS, *(row for row in ADAPTED_ROWS if row[1] in a and row[1] in b)):
            values = [f"{value:.{digits}f}" for value in (a[key], b[key])]
            rows.append([name, *values, f"{b[key] - a[key]:+.{digits}f}"])
        return rows

    def compare(self, rival: Self) -> Comparison:
        """By their losses."""
        return compare_losses(self.report["loss"], rival.report["loss"])

    def _both(self, rival: Self | None) -> list[Self]:
        return [self, *([] if rival is None else [rival])]


def losses(models: Sequence[Judged]) -> list[tuple[str, float]]:
    """Names and losses in bits per character: the models, then the baselines of the first, the best first."""
    found = [
        (f"{name} {one.name}".strip(), bits(loss))
        for one in models
        for name, loss in model_losses(one.report, "model" if one.name else "this model")
    ]
    simple = [(COUNTING.get(key, key), bits(loss)) for key, loss in models[0].report["baselines"].items()
              if isinstance(loss, float)]  # fmt: skip
    return found + sorted(simple, key=lambda row: row[1])


def _compressors(found: dict[str, float]) -> list[str]:
    if not found:
        return []
    return [
        "",
        "compressors, given the training part; they learn on as they read",
        *(f"{name:<26}{nats(each):>8.4f}{each:>8.4f}" for name, each in found.items()),
    ]


def _overlap(found: dict[str, float]) -> list[str]:
    if not found:
        return []
    (width, share), *wider = found.items()
    shares = [f"{100 * share:.1f} % of pieces of {width} characters"]
    shares += [f"{100 * share:.1f} % of {width}" for width, share in wider]
    line = f"Copied word for word from the training part: {', '.join(shares)}."
    copied = found.get(JUDGED_BY, 0.0) > MUCH
    memory = "Most of this text was in the training part: its loss shows memory more than skill."
    return [*wrapped(line), *(wrapped(memory) if copied else [])]
