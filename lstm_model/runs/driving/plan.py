"""What a run is asked to do beside stepping."""

import math
from dataclasses import dataclass

from lstm_model.settings.words import OnDivergence

FIRST_LOOKS = 2.0, 4.0, 8.0, 15.0  # seconds of training: an empty pane tells nothing, and at first much changes


@dataclass(frozen=True)
class Plan:
    """What a run is asked to do beside stepping. Times are in seconds of training, pauses left out."""

    steps: int | None = None  # the step at which the run ends
    minutes: float | None = None  # or the time from now after which it ends
    autosave: float = 60.0
    figures_every: float = 5.0
    look_every: float | None = None  # a look at what the model does this often; None: on request alone
    look_length: int | None = None  # of a look, such as the characters of a sample; None: as long as usual
    on_divergence: OnDivergence = "rollback"
    auto: bool = False  # whether the coach may act: more dropout where a run overfits, then the end

    def next_look(self, now: float, pace: float) -> float:
        """The time of the look after `now`: the usual one, or one of the first. pace: `Task.look_pace`."""
        if self.look_every is None or math.isinf(self.look_every):
            return math.inf
        return min(now + self.look_every * pace, *(at for at in (*FIRST_LOOKS, math.inf) if at > now))


NO_PLAN = Plan()  # what nobody asked anything of
