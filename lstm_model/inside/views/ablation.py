"""What each part is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lstm_model.inside.ablation import Ablation, ablation
from lstm_model.inside.views.base import Subject, View
from lstm_model.tasks.base import Slices
from lstm_model.tasks.probes import HeldOut

UNITS = 8  # left out one by one, unless one is asked for: those that the outputs hear loudest
STEPS, SEQUENCES = 256, 16  # of the probe, at most


@dataclass(frozen=True, eq=False)
class AblationView(View):
    """The loss without a part."""

    name = "ablation"
    how_to_read = (
        "The loss on a sample of what is held out, with one part left out: a gate that is always open, or a unit that"
        " nobody hears. The network was trained with the part, so the cost says how much it relies on it."
    )

    found: Ablation

    @property
    def report(self) -> dict[str, Any]:
        """The loss of the whole, and what each part costs; the dearest first."""
        without = [{"what": part.what, "loss": part.loss, "cost": part.cost} for part in self.found.ranked]
        return {"loss": self.found.whole, "without": without}

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """The dearest part first."""
        return self.found.rows

    def draw(self, figure: Any) -> str:
        """Costs as bars."""
        axes = figure.subplots()
        parts = self.found.ranked[::-1]
        axes.barh([part.what for part in parts], [part.cost for part in parts], color="#1668a8")
        axes.set_xscale("symlog", linthresh=0.01)
        axes.set_xlabel("how much the loss rises without it")
        return f"what each part is worth: the loss with all of them is {self.found.whole:.4f}"


def look(subject: Subject) -> Slices[AblationView]:
    """Leave out parts, and some units or the one that is asked for."""
    network, top = subject.network, subject.network.num_layers - 1
    if subject.unit is not None:
        units = [(subject.layer or 0, subject.unit)]
    else:
        heard = np.linalg.norm(network.parameters["head_weight"], axis=0)  # (H,)
        units = [(top, int(unit)) for unit in np.argsort(-heard, kind="stable")[:UNITS]]
    return AblationView((yield from ablation(network, _sample(subject.probes.many()), units)))


def _sample(probe: HeldOut) -> HeldOut:
    """Enough of a probe to tell parts apart; a part of a sequence serves where each step has a target of its own."""
    some = slice(STEPS), slice(SEQUENCES)
    return replace(probe, x=probe.x[some], targets=probe.targets[some], places=probe.places[some])
