"""The picture of the best settings: their validation curves over those of the others."""

import numpy as np

from lstm_model.sweeps.standing import Standing, loss_of
from lstm_model.sweeps.sweep import Trial
from lstm_model.sweeps.verdict import verdict
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture
from lstm_tui.reports.swept import over_text, settings_text
from lstm_tui.sweeping.rows import best_of
from lstm_tui.visible import as_line
from lstm_tui.wording import figure

MOST_OTHERS = 10  # curves beside the best: each costs time to draw, and more hide each other


def best_picture(standing: Standing) -> Picture:
    """The lowest validation loss over the share of a trial that is done."""
    best = best_of(standing)
    trials = [trial for trial in standing.searched.values() if len(trial.curve) > 1]
    running = [t for t in trials if t.number not in best and standing.state(t) == "running"][:MOST_OTHERS]
    others = [t for t in trials if t.number not in best and standing.state(t) != "running"]
    others.sort(key=lambda trial: loss_of(trial) or 0.0)
    others = others[: max(0, MOST_OTHERS - len(running))]
    series = [
        *(_line(trial, "faint", "others") for trial in reversed(others)),
        *(_line(trial, "val", "running") for trial in running),
        *(_line(trial, "best", "best") for trial in trials if trial.number in best),
    ]
    return Picture(
        series=tuple(series),
        x_limits=(0.0, 100.0),
        x_label="% of a trial",
        empty="The curves will be drawn here once a trial was validated twice.",
    )


def _line(trial: Trial, role: str, label: str) -> Series:
    points = np.array(trial.curve, np.float64)  # (n, 2)
    return Series(label, 100 * points[:, 0], points[:, 1], role)


def best_titles(standing: Standing) -> tuple[str, str]:
    """The best settings, and their loss: in the sweep, from fresh seeds, on the test part."""
    judged = verdict(standing)
    space = standing.design.space
    if judged is None:
        best = [standing.trials[number] for number in best_of(standing)]
        return (
            ("Best so far: " + as_line(settings_text(space, best[0].settings)), figure(loss_of(best[0])))
            if best
            else ("Best", "")
        )
    losses = [over_text(judged.winner.loss)]
    if judged.again is not None:
        losses = [figure(judged.winner.loss.mean), f"fresh {figure(judged.again.mean)}"]
    losses += [f"test {figure(judged.test.mean)}"] if judged.test is not None else []
    word = "Winner" if standing.over else "Best"
    return f"{word}: {as_line(settings_text(space, judged.winner.settings))}", ", ".join(losses)
