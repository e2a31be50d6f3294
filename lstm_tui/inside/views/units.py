"""Units: a held-out page coloured by what one unit remembers; units in order of how clearly they follow something."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.errors import InputError
from lstm_model.inside.naming import Naming, UnitName, ranked
from lstm_model.inside.reading import followed
from lstm_model.runs.run import Run
from lstm_model.tasks.base import Reading
from lstm_model.tasks.registry import open_probes
from lstm_tui.inside.labels import named_label
from lstm_tui.inside.page import Page, draw_bars, draw_page, shades_of
from lstm_tui.inside.traces import copy_of
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.session.probing import Early, Making, Probe

LENGTH = 768  # steps of a page, where the task is free to choose


@dataclass(frozen=True, eq=False)
class Named:
    """A page, what every unit shows at each step of it, and what the units follow."""

    reading: Reading
    shown: Floats  # (L, T, H), between -1 and 1
    what: str  # "tanh c"
    names: tuple[UnitName, ...] = ()  # none until they are found
    naming: Naming | None = None  # ready for the next time
    unnamed: str = ""  # why there are none

    @cached_property
    def order(self) -> Sequence[UnitName]:
        """Those with a name, the clearest first; then the others, those that move most on this page first."""
        H = self.shown.shape[2]
        named = ranked(self.names)
        taken = {(name.layer, name.unit) for name in named}
        spread = self.shown.std(axis=1)  # (L, H)
        rest = [divmod(k, H) for k in np.argsort(-spread.ravel(), kind="stable").tolist()]
        return [*named, *(UnitName(*unit) for unit in rest if unit not in taken)]

    @cached_property
    def count(self) -> int:
        """How many have a name."""
        return sum(name.feature is not None for name in self.order)


@dataclass(frozen=True)
class UnitsProbe(Probe):
    """Read page `number`, which is shown at once, then name the units."""

    number: int

    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:  # noqa: ARG002
        """With a copy of the weights, for naming takes longer than a step."""
        model, task = copy_of(run.trainer.judged), run.trainer.task
        reading = task.reading(self.number, LENGTH)
        lead = 0 if reading.before is None else len(reading.before)
        x = reading.x if reading.before is None else np.concatenate([reading.before, reading.x])
        shown = (yield from followed(model, x))[:, lead:, 0]
        found = Named(reading, shown, model.kind.followed.replace("_", " "))
        if isinstance(before, Named):
            found = replace(found, names=before.names, naming=before.naming, unnamed=before.unnamed)
        if found.unnamed:
            return found
        yield Early(found)
        try:
            naming = found.naming or _naming(run)
        except InputError as error:
            return replace(found, unnamed=str(error))
        return replace(found, names=(yield from naming.name(model)), naming=naming)


STREAMS = 24  # read side by side for the names: 0.7 s of work, so beside training they come anew every 20 s


def _naming(run: Run) -> Naming:
    probes = open_probes(run.trainer.task)
    return Naming(probes.many(STREAMS), probes.features)


class Units(View):
    """Left and right flip through units; `<` and `>` move the cursor by a character, up and down by a row."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot)
        self.rank = self.at = self.number = 0
        self._top = 0
        self._unit: tuple[int, int] | None = None  # which is looked at, wherever its rank goes; None: the clearest
        self._found: Named | None = None
        self._page = Page((), 2)

    def probe(self) -> Probe:
        """A page."""
        return UnitsProbe(self.number)

    def take(self, found: object) -> None:
        """Stay with the unit that is looked at, though units change places while the model learns."""
        if not isinstance(found, Named) or found is self._found:
            return
        self._found = found
        places = {(name.layer, name.unit): k for k, name in enumerate(found.order)}
        self.rank = places.get(self._unit, 0) if self._unit else 0
        self._bound()

    def _bound(self) -> None:
        if self._found is not None:
            self.rank = min(max(0, self.rank), len(self._found.order) - 1)
            self.at = min(max(0, self.at), len(self._found.reading.labels) - 1)
            self.number = min(max(0, self.number), self._found.reading.count - 1)

    def _look_at(self, rank: int) -> None:
        self.rank = rank
        self._bound()
        if self._found is not None:
            name = self._found.order[self.rank]
            self._unit = self.spot.layer, self.spot.unit = name.layer, name.unit
            self.spot.is_new = False

    def along(self, by: int) -> None:
        """The next unit; by ten, a character."""
        if abs(by) == 1:
            self._look_at(self.rank + by)
        else:
            self.at += 1 if by > 0 else -1
            self._bound()

    def across(self, by: int) -> None:
        """A row."""
        self.at = self._page.beside(self.at, by)
        self._bound()

    def to_end(self, last: bool) -> None:
        """The clearest unit, or the least clear."""
        self._look_at(10**9 if last else 0)

    def layer(self, by: int) -> None:
        """The clearest unit of another layer."""
        if self._found is None:
            return
        order = self._found.order
        wanted = order[self.rank].layer + by
        self._look_at(next((k for k, name in enumerate(order) if name.layer == wanted), self.rank))

    def turn(self, by: int) -> None:
        """Another page."""
        self.number += by
        self._bound()

    def drawn(self, found: object, room: Room) -> Drawn:
        """The page in the shades of the unit, and what it follows."""
        if not isinstance(found, Named):
            return Drawn([])
        name, labels = found.order[self.rank], found.reading.labels
        values, sheet = found.shown[name.layer, :, name.unit], room.sheet()
        if found.reading.values is None:
            self._page = Page(labels, room.width)
            roles = shades_of(values, "sign")
            self._top = draw_page(sheet, self._page, self._top, labels, roles, self.at, ascii_only=room.ascii_only)
        else:
            draw_bars(sheet, values, labels, self.at, largest=1.0, ascii_only=room.ascii_only)
        here = f"{found.what} {values[self.at]:+.4f} at {named_label(labels[self.at])}, {found.reading.name}"
        if found.unnamed:
            return Drawn(sheet.rows(), (f"unit {name.unit}: {found.unnamed}", here))
        place = f"{self.rank + 1} of {len(found.order)}; {found.count} named" if found.names else "being named"
        return Drawn(sheet.rows(), (f"{name} ({place})", here))
