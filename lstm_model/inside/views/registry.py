"""All views by name, in the order in which they are offered."""

from collections.abc import Callable

from lstm_model.inside.views import ablation, beam, cell, flow, gates, memory, units
from lstm_model.inside.views.base import Subject, View
from lstm_model.inside.views.names import VIEW_NAMES
from lstm_model.tasks.base import Slices, finish

_LOOKS: tuple[Callable[[Subject], Slices[View]], ...] = (
    units.look, gates.look, beam.look, flow.look, memory.look, ablation.look, cell.look,
)  # fmt: skip
VIEWS = dict(zip(VIEW_NAMES, _LOOKS, strict=True))


def look(view: str, subject: Subject) -> View:
    """Look at a subject in one way. A notebook shows what it returns; KeyError for a view that there is not."""
    return finish(VIEWS[view](subject))
