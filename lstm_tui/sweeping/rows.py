"""The trials of a sweep as rows of text: which columns there is room for, and in which order they stand. Plain data."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from lstm_model.sweeps.standing import ORDER, Standing, loss_of, reached
from lstm_model.sweeps.sweep import Trial
from lstm_tui.charts.sparkline import sparkline
from lstm_tui.reports.swept import setting_texts
from lstm_tui.visible import as_line, padded, shortened_line
from lstm_tui.wording import duration, figure

APART = "  "
LONGEST_VALUE = 18  # cells of a setting
CURVE = 8, 40  # cells of a curve, least and most
CURVE_HEAD = "lowest loss over the trial"
STATE = len("given up 100%")
MOST_ROWS = 1000  # that are shown: nobody pages through more
LETTERS = {"running": "running", "waiting": "waits", "done": "done", "pruned": "given up", "failed": "failed"}

Piece = tuple[str, str]  # text, and what it is: a role that the list has a colour for


@dataclass(frozen=True)
class TrialRow:
    """A trial in a row. number: the trial's."""

    number: int
    pieces: tuple[Piece, ...]


def ordered(standing: Standing, *, by_number: bool) -> list[Trial]:
    """The trials: those that run, then the best, then what was given up; or by their numbers, the newest first."""
    trials = list(standing.trials.values())
    if by_number:
        return sorted(trials, key=lambda trial: -trial.number)[:MOST_ROWS]

    def place(trial: Trial) -> tuple[int, bool, float, int]:
        state, loss = standing.state(trial), loss_of(trial)
        rank = math.inf if loss is None or state in ("running", "waiting") else loss
        return ORDER.index(state), not trial.again, rank, trial.number

    return sorted(trials, key=place)[:MOST_ROWS]


def table(
    standing: Standing, trials: Sequence[Trial], width: int, *, ascii_only: bool = False
) -> tuple[str, list[TrialRow]]:
    """The head of the table, and its rows; what there is no room for is left out: time, seed, then settings."""
    design = standing.design
    texts = {trial.number: setting_texts(design.space, trial.settings) for trial in trials}
    names = [dimension.name for dimension in design.space.dimensions]
    columns = {name: max(len(name), *(len(each[name]) for each in texts.values()), 1) for name in names} if texts else {
        name: len(name) for name in names
    }  # fmt: skip
    columns = {name: min(LONGEST_VALUE, cells) for name, cells in columns.items()}
    fixed = len("1234") + len(APART) + 8 + len(APART) + STATE
    room = width - fixed - sum(cells + len(APART) for cells in columns.values()) - CURVE[0] - len(APART)
    extra = {}
    if design.seeds > 1 and room >= 6:
        extra["seed"], room = 4, room - 6
    if room >= 9 + CURVE[0]:
        extra["time"], room = 7, room - 9
    while room < 0 and columns:
        room += columns.popitem()[1] + len(APART)
    curve = max(0, min(CURVE[1], CURVE[0] + room))
    limits = limits_of(standing)
    best = best_of(standing)
    head = APART.join(
        [
            f"{'':>4}",
            *(f"{name:>{cells}}" for name, cells in (columns | extra).items()),
            f"{'loss':>8}",
            f"{CURVE_HEAD if curve >= len(CURVE_HEAD) else CURVE_HEAD[:11]:<{curve}}",
            "state",
        ]
    )
    rows = []
    for trial in trials:
        state = standing.state(trial)
        role = "best" if trial.number in best else state
        cells = [padded(shortened_line(texts[trial.number][name], w), w, right=True) for name, w in columns.items()]
        if "seed" in extra:
            cells.append(f"{trial.seed:>4}")
        if "time" in extra:
            cells.append(f"{duration(trial.outcome.elapsed_s) if trial.outcome else '':>7}")
        told = APART.join([f"{trial.number + 1:>4}", *cells, f"{figure(loss_of(trial)):>8}"])
        line = sparkline(trial.curve, curve, limits, ascii_only=ascii_only)
        rows.append(
            TrialRow(
                trial.number, ((told + APART, role), (line + APART, f"curve-{role}"), (_state(standing, trial), role))
            )
        )
    return head, rows


def _state(standing: Standing, trial: Trial) -> str:
    state = standing.state(trial)
    word = LETTERS[state]
    if state == "running" and trial.given_up:
        word, state = LETTERS["pruned"], "pruned"
    if state == "running" and standing.paused:
        word = "paused"
    if state in ("done", "failed"):
        return f"{word}, winner" if trial.again else word
    share = trial.curve[-1][0] if trial.outcome is not None and trial.curve else reached(trial)
    return f"{word} {share:.0%}"


def limits_of(standing: Standing) -> tuple[float, float]:
    """Between which losses the small curves are drawn: from the lowest of all to where trials usually begin."""
    lows = [trial.curve[-1][1] for trial in standing.trials.values() if trial.curve]
    firsts = [trial.curve[0][1] for trial in standing.trials.values() if trial.curve]
    if not lows:
        return 0.0, 1.0
    return min(lows), max(median(firsts), min(lows))


def best_of(standing: Standing) -> frozenset[int]:
    """The trials of the best settings so far, as the sweep ranks them; else the one with the lowest loss of all."""
    means = {group: sum(losses) / len(losses) for group, losses in standing.losses.items()}
    if means:
        group = min(means, key=lambda each: (means[each], each))
        return frozenset(t.number for t in standing.searched.values() if t.group == group)
    known = {number: loss for number, trial in standing.searched.items() if (loss := loss_of(trial)) is not None}
    return frozenset([min(known, key=lambda number: known[number])]) if known else frozenset()


def name_of(standing: Standing, trial: Trial) -> str:
    """A trial by its number, its settings and its seed."""
    texts = setting_texts(standing.design.space, trial.settings)
    settings = ", ".join(f"{name} {value}" for name, value in texts.items())
    what = "winner again, trial" if trial.again else "trial"
    return as_line(f"{what} {trial.number + 1}: {settings}, seed {trial.seed}")
