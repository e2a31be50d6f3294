"""The table of price errors beside those of "no change" (tomorrow = today), in as many lines as there is room for."""

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from rich.text import Text
from textual.message import Message
from textual.widgets import Static

from lstm_model.digits import apart
from lstm_model.tasks.stock.forecast import Scores
from lstm_model.tasks.stock.judging.comparison import compare_forecasts
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.series.calendar import step_word
from lstm_model.tasks.stock.series.noun import PRICE
from lstm_tui.faces.stock.seen import StockSeen
from lstm_tui.options.wording import with_names
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.wording import PART_WORDS

# (how dear the line is, the line, its style): with little room the dearest are kept.
Line = tuple[int, str, str]
ERRORS = ((9, "RMSE", "rmse"), (5, "MAE", "mae"), (3, "MAPE %", "mape"))
SHARES = ((4, "direction", "directional_accuracy"), (7, "skill", "skill"))


class ScoresTable(Static):
    """Says when its width has changed: its sentences are wrapped by whoever fills it."""

    class Resized(Message):
        """The table has another size."""

    def on_resize(self) -> None:
        """Say so."""
        self.post_message(self.Resized())


def score_lines(paths: PricePaths, scores: tuple[Scores, ...]) -> list[Line]:
    """Errors of the model beside those of "no change", and the next day's forecast."""
    lines: list[Line] = []
    for score in scores:
        m = score.metrics
        lines.append((9, f"{PART_WORDS[score.part]:<11}{'model':>9}{'no change':>10}", "bold"))
        for dear, name, key in ERRORS:
            own, same = apart(m[key], m[f"persistence_{key}"], width=9)
            lines.append((dear, f"{name:<10} {own:>9} {same:>9}", ""))
        for dear, name, key in (*SHARES, (4, *_always(m))):
            if m[key] is not None:
                lines.append((dear, f"{name:<11}{100 * m[key]:>7.1f} %", ""))
        lines.append((8, f"{'verdict':<11}{verdict(score):>19}", ""))
    return [*lines, *_next_day(paths)]


def both_lines(paths: PricePaths, scores: tuple[Scores, ...], others: tuple[Scores, ...], sides: str) -> list[Line]:
    """Errors of two models, each in its column, beside those of "no change"."""
    lines: list[Line] = []
    for a, b in zip(scores, others, strict=False):
        lines.append((9, f"{PART_WORDS[a.part]:<10}{sides[0]:>6}{sides[1]:>7}{'same':>7}", "bold"))
        for dear, name, key in ERRORS:
            values = apart(a.metrics[key], b.metrics[key], a.metrics[f"persistence_{key}"], width=6)
            lines.append((dear, f"{name:<9}" + "".join(f" {value:>6}" for value in values), ""))
        for dear, name, key in SHARES:
            cells = ["-" if m[key] is None else f"{100 * m[key]:.1f}" for m in (a.metrics, b.metrics)]
            lines.append((dear, f"{name:<9}" + "".join(f"{cell:>7}" for cell in cells) + f"{'%':>7}", ""))
    return [*lines, (2, 'same: "tomorrow = today"', "italic"), *_next_day(paths)]


def _always(metrics: Mapping[str, Any]) -> tuple[str, str]:
    """Name and key of the better of always saying up and always saying down."""
    word = "down" if (metrics["always_down"] or 0) > 0.5 else "up"
    return f"always {word}", f"always_{word}"


def _next_day(paths: PricePaths) -> list[Line]:
    today, following = float(paths.closes[-1]), paths.next_close
    said, last = apart(following, today)
    share = f" ({100 * (following / today - 1):+.2f} %)" if today > 0 and paths.noun == PRICE else ""
    step = step_word(paths.dates)
    when = f"next {step} {paths.next_date}" if paths.horizon == 1 else f"{paths.horizon} {step}s on, {paths.next_date}"
    return [(8, when, "bold"), (8, f"{said} after {last}{share}", "")]


def verdict(score: Scores) -> str:
    """The verdict in a word or two."""
    return re.split("[:,]", score.metrics["verdict"])[0].lower()


def scores_text(snapshot: Snapshot, width: int, height: int, *, whole_verdict: bool) -> Text:
    """The dearest lines that fit into a height, and the verdict in a sentence.

    whole_verdict: the sentence comes first, wrapped, and the lines share what is left; else it stands where there is
    room below them.
    """
    text, seen, rival = Text(), StockSeen.of(snapshot.seen), snapshot.rival
    if seen.forecast is None:
        return text
    paths = seen.forecast.paths
    others = () if rival is None else StockSeen.of(rival.seen).scores
    both = bool(others)
    if rival is not None and both:
        lines = both_lines(paths, seen.scores, others, snapshot.side + rival.side)
    else:
        lines = score_lines(paths, seen.scores)
    sentences = _sentences(seen.scores)
    if both:
        sentences = [between(snapshot), *sentences]
    wrapped = [textwrap.wrap(sentence, max(10, width)) for sentence in sentences]
    if whole_verdict:
        while len(wrapped) > 1 and sum(map(len, wrapped)) + 6 > height:
            wrapped.pop()
        height -= sum(map(len, wrapped))
    dear = sorted(range(len(lines)), key=lambda k: (-lines[k][0], k))[: max(0, height)]
    for k in sorted(dear):
        text.append(lines[k][1] + "\n", lines[k][2])
    for sentence in wrapped:
        text.append("\n".join(sentence) + "\n", "italic")
    text.rstrip()
    return text


def _sentences(scores: tuple[Scores, ...]) -> list[str]:
    """The verdict on the last part, and that its prices are beyond what training saw, where they are."""
    said = [scores[-1].metrics[key] for key in ("verdict", "outside_verdict")] if scores else []
    return [with_names(sentence) for sentence in said if sentence]


def between(snapshot: Snapshot) -> str:
    """Whether A or B is better on the last part that both were scored on, in a sentence."""
    sides = sorted(filter(None, (snapshot, snapshot.rival)), key=lambda each: each.side)
    seen = [StockSeen.of(each.seen) for each in sides]
    forecasts = [each.forecast.paths for each in seen if each.forecast is not None]
    scores = StockSeen.of(snapshot.seen).scores
    if len(forecasts) < 2 or not scores:
        return ""
    a, b = forecasts
    days = a.judged_days(scores[-1].part)
    part = slice(days.start, days.stop)
    row = step_word(a.dates)
    return compare_forecasts(a.closes[part], a.predicted[part], b.predicted[part], a.horizon, row).sentence
