"""What each unit follows, the clearest first, and a text in its colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_model.inside.html import coloured, heading
from lstm_model.inside.naming import Naming, UnitName, ranked
from lstm_model.inside.trace import Trace
from lstm_model.inside.views.base import Subject, View
from lstm_model.tasks.base import Slices

TOP = 12  # units that are shown in full


@dataclass(frozen=True, eq=False)
class UnitsView(View):
    """Names of all units, and the reading that the top ones are shown over."""

    name = "units"
    how_to_read = (
        "A unit is named for what it follows on data that were held out; most follow nothing alone. r is a correlation,"
        " AUC the chance that the unit is higher inside than outside: 0.5 says nothing, 0 and 1 say all. Blue is -1,"
        " white 0, orange 1; what is beyond one half is underlined."
    )

    names: tuple[UnitName, ...]
    labels: tuple[str, ...]  # of the reading
    trace: Trace
    chosen: tuple[UnitName, ...]  # what is shown in full

    @property
    def report(self) -> list[dict[str, Any]]:
        """All units, those with a name first; layers from 0."""
        clear = ranked(self.names)
        rest = [name for name in self.names if not name.feature]
        return [
            {
                "layer": name.layer,
                "unit": name.unit,
                "feature": name.feature,
                "strength": name.strength if name.feature else None,
                "kind": name.kind,
            }
            for name in (*clear, *rest)
        ]

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Units with a name."""
        rows = [
            [f"{name.layer + 1}", f"{name.unit}", f"{name.strength:.2f}", str(name.kind), str(name.feature)]
            for name in ranked(self.names)
        ]
        return [["layer", "unit", "strength", "", "follows"], *rows]

    def shown(self, name: UnitName) -> np.ndarray:
        """What a unit shows at each step of the reading, (T,)."""
        return self.trace.layers[name.layer].followed[:, name.unit]

    def body(self) -> str:
        """The reading in the colours of the top units."""
        return "".join(heading(str(name), 3) + coloured(self.labels, self.shown(name)) for name in self.chosen)

    def draw(self, figure: Any) -> str:
        """The top units over the reading, a row each."""
        axes = figure.subplots()
        values = np.stack([self.shown(name) for name in self.chosen])
        image = axes.imshow(values, aspect="auto", cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest")
        axes.set_yticks(range(len(self.chosen)), [str(name) for name in self.chosen], fontsize=8)
        axes.set_xlabel("step of the reading")
        figure.colorbar(image, ax=axes)
        return "units that follow something, and what they show"


def look(subject: Subject) -> Slices[UnitsView]:
    """Name all units; shown in full are the clearest, the one that was asked for, or the liveliest if none is clear."""
    names = yield from Naming(subject.probes.many(), subject.probes.features).name(subject.network)
    trace, layer = subject.trace, subject.layer
    chosen = [name for name in ranked(names) if layer in (None, name.layer)][:TOP]
    if subject.unit is not None:
        chosen = [name for name in names if (name.layer, name.unit) == (layer or 0, subject.unit)]
    if not chosen:
        k = layer or 0
        moves = trace.layers[k].followed.std(axis=0)
        chosen = [names[k * len(moves) + int(np.argmax(moves))]]
    return UnitsView(names, subject.reading.labels, trace, tuple(chosen))
