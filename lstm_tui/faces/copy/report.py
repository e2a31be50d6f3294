"""The report on a model of the copy task: recall and loss beside those of no memory, at longer gaps too."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from lstm_model.tasks.comparison import Comparison, Side
from lstm_tui.reports.judged import WIDTH, Judged, wrapped
from lstm_tui.reports.plot_look import MODELS, SIMPLE
from lstm_tui.wording import bar

ROWS = (("recall %", "recall", 1, 100), ("nats per symbol", "nats_per_symbol", 4, 1), ("nats per step", "loss", 4, 1))
NAME, NUMBER = 12, 7  # cells of a name and of a figure beside a bar


@dataclass(frozen=True, eq=False)
class CopyJudged(Judged):
    """A model of the copy task, measured."""

    SAME: ClassVar[tuple[str, ...]] = ("sequences",)

    @property
    def measured(self) -> str:
        """How many sequences."""
        return f"{self.report['sequences']:,} sequences"

    def lines(self) -> list[str]:
        """The table, and what it means."""
        r = self.report
        rows = [(f"gap {gap}", scores) for gap, scores in r["gaps"].items()]
        return [
            f"part    {r['part']} part, {self.measured} at each gap; it was trained at gap {r['gap']}",
            "",
            f"{'':<18}{'recall %':>10}{'nats per symbol':>18}{'nats per step':>16}",
            *(f"{name:<18}{100 * m['recall']:>10.1f}{m['nats_per_symbol']:>18.4f}{m['loss']:>16.4f}"
              for name, m in [*rows, ("without memory", r["without_memory"])]),
            "",
            *wrapped(r["verdict"]),
        ]  # fmt: skip

    def picture(self, rival: Self | None, width: int, *, ascii_only: bool) -> list[str]:
        """Recall as bars."""
        room = min(width, WIDTH) - NAME - NUMBER
        rows = [
            f"{name:<{NAME}}{bar(value / 100, room, ascii_only=ascii_only)}{value:>{NUMBER}.1f}"
            for name, value in self._bars(rival)
        ]
        return ["recall in per cent", *rows]

    def draw(self, figure: Any, rival: Self | None) -> str:
        """Recall as bars."""
        axes, bars = figure.subplots(), self._bars(rival)
        colours = [SIMPLE if name == "guessing" else MODELS[name.startswith("B ")][0] for name, _ in bars]
        drawn = axes.barh([name for name, _ in bars], [value for _, value in bars], color=colours)
        axes.bar_label(drawn, fmt="%.1f", padding=3)
        axes.invert_yaxis()
        axes.set_xlim(0, 110)
        axes.set_xlabel("symbols recalled, per cent (higher is better)")
        scored = ", ".join(f"{one.name or 'model'} {100 * one.report['recall']:.1f} %" for one in self._both(rival))
        return f"recall at gap {self.report['gap']}: {scored}"

    def rows(self, rival: Self) -> list[list[str]]:
        """Figures of both at the trained gap, and those without memory."""
        rows = [[f"gap {self.report['gap']}", "A", "B", "no memory"]]
        for name, key, digits, times in ROWS:
            values = self.report[key], rival.report[key], self.report["without_memory"][key]
            rows.append([name, *(f"{times * value:.{digits}f}" for value in values)])
        return rows

    def compare(self, rival: Self) -> Comparison:
        """By the nats per symbol; the sequences are the same, and each is measured once."""
        a, b = self.report["nats_per_symbol"], rival.report["nats_per_symbol"]
        if a == b:
            return Comparison(None, None, "A and B are equally good.")
        better: Side = "a" if a < b else "b"
        return Comparison(better, None, f"{better.upper()} recalls with {abs(a - b):.4f} nats per symbol less.")

    def _both(self, rival: Self | None) -> list[Self]:
        return [self, *([] if rival is None else [rival])]

    def _bars(self, rival: Self | None) -> list[tuple[str, float]]:
        bars = [
            (f"{one.name} gap {gap}".strip(), 100 * scores["recall"])
            for one in self._both(rival)
            for gap, scores in one.report["gaps"].items()
        ]
        return [*bars, ("guessing", 100 * self.report["without_memory"]["recall"])]
