"""What the figures of a forecast amount to, in sentences."""

from collections.abc import Mapping

from lstm_model.digits import apart
from lstm_model.tasks.stock.judging.significance import ALPHA, BETTER, p_shown
from lstm_model.tasks.stock.series.noun import PRICE, Noun

HIGH = 0.5  # an R² above it looks like a merit


def verdict(metrics: Mapping[str, object], step: str = "day", noun: Noun = PRICE) -> str:
    """Say in one sentence whether the forecast of `stock_metrics` beats "tomorrow = today".

    Skill is claimed only where the squared error is smaller and the difference is significant at 5 %, by the two-sided
    test of Diebold and Mariano.
    """
    skill, p, days = metrics["skill"], metrics["dm_p_value"], metrics["days"]
    if not isinstance(skill, float):
        return f"No skill to measure: the {noun.series} did not move on any of these {step}s."
    if not isinstance(p, float):
        few = f"one {step} is" if days == 1 else f"{days} {step}s are"
        return f"No skill to measure: {few} too few to judge by."
    nothing = "tomorrow = today" if (metrics["horizon"], step) == (1, "day") else "no change"
    rmse, naive = _told_apart(metrics["rmse"], metrics["persistence_rmse"])
    compared = f'RMSE {rmse} against {naive} for "{nothing}"'
    if skill > 0 and p < ALPHA:
        return f"Skill: {compared}, {100 * skill:.1f} % less squared error ({p_shown(p)})."
    # R² measures against the part's mean, which a price leaves behind within weeks: high R² without skill is usual.
    r2, r2_naive = metrics["r2"], metrics["persistence_r2"]
    high = isinstance(r2, float) and isinstance(r2_naive, float) and r2 > HIGH
    caution = f"; its R² of {r2:.3f} is no merit, doing nothing has {r2_naive:.3f}" if high else ""
    if p < ALPHA:
        return f"No skill, worse than doing nothing: {compared} ({p_shown(p)}){caution}."
    return f"No skill: {compared}. With {days} {step}s this difference can be chance ({p_shown(p)}){caution}."


def tests_sentence(metrics: Mapping[str, object], noun: Noun) -> str | None:
    """Name the tests behind the verdicts, and say what each is about; None where none was made."""
    p = metrics["cw_p_value"]
    if not (isinstance(p, float) and isinstance(metrics["dm_p_value"], float)):
        return None
    found = "the forecast's moves foretell something" if p < BETTER else "too little to say that anything is foretold"
    return (
        "The verdict rests on the Diebold-Mariano test (two-sided), which judges these forecasts, not whether the"
        f" {noun.series} can be foretold. The Clark-West test (one-sided) allows for the noise that training adds to a"
        f' model which could also say "no change": {found} ({p_shown(p)}).'
    )


def _told_apart(*values: object) -> list[str]:
    return apart(*(value if isinstance(value, float) else None for value in values))
