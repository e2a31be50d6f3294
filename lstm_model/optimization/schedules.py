"""The learning rate over the steps."""

import math

from lstm_model.settings.words import ScheduleName

SETTLING = 3000  # steps before a rate without an end begins to fall


def rate_factor(schedule: ScheduleName, step: int, warmup: int, total: int | None) -> float:
    """What the learning rate is multiplied with at a step counted from 0.

    All schedules rise linearly over `warmup` steps. "constant" then stays at 1. "sqrt" needs no end: from SETTLING
    steps on it falls as 1 / sqrt(step), slow enough never to stop. Robbins & Monro 1951 ask for a power above 1/2, at
    most 1: this is the border case, and what it leaves shaking, the average of the weights takes out. "cosine" falls
    along half a cosine to 1 % at `total` (Loshchilov & Hutter 2017); where no end is known it is "sqrt".
    """
    if step < warmup:
        return (step + 1) / warmup
    if schedule == "constant":
        return 1.0
    if schedule == "sqrt" or total is None:
        return min(1.0, math.sqrt(SETTLING / max(1, step)))
    progress = min(1.0, (step - warmup) / max(1, total - warmup))
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress))
