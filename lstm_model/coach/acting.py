"""What the coach does on its own word, in a run that was allowed it: more dropout where it overfits, then the end.

It reads no clock and remembers nothing: the same curves and marks give the same act, also in a run that was resumed.
"""

from dataclasses import dataclass

from lstm_model.coach.course import Course
from lstm_model.coach.rules import diagnose

DROPOUTS = (0.1, 0.3, 0.5)
PATIENCE = 0.2  # share of the steps that more dropout is given to show what it does


@dataclass(frozen=True)
class Act:
    """What is done, and why. dropout: the new one; None ends the run."""

    why: str
    dropout: float | None = None


def act(course: Course) -> Act | None:
    """What is to be done about a run that learns its data by heart; None where it does not, or not surely."""
    changed = max((mark.step for mark in course.marks if mark.kind == "dropout"), default=None)
    if changed is not None and course.step - changed < PATIENCE * course.step:
        return None
    advice = diagnose(course)
    if advice is None or advice.kind != "overfitting":
        return None
    before = course.config.dropout
    more = next((share for share in DROPOUTS if share > before), None)
    since = f"no better since step {course.best_step:,}, while training falls"
    if more is None:
        return Act(f"{since}, with dropout {before:g}: the run ends, and its best state is kept")
    return Act(f"{since}: dropout goes from {before:g} to {more:g}", more)
