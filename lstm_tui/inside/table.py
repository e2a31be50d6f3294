"""The table of views: number, name, how to read it in two lines, more for `?`, and the module that draws it."""

from dataclasses import dataclass

from lstm_tui.inside.view import View
from lstm_tui.inside.views.cell import CellStep
from lstm_tui.inside.views.gates import Gates
from lstm_tui.inside.views.movie import Movie


@dataclass(frozen=True)
class Entry:
    """A view as a person chooses it."""

    number: int  # its key
    name: str
    lines: tuple[str, str]
    more: str
    view: type[View]


VIEWS: tuple[Entry, ...] = (
    Entry(
        3, "Movie",
        (
            "The same text as the model read it at ever later steps. Light: a surprise.",
            ", . earlier and later, home end first and newest, arrows cursor, ? more",
        ),
        "Every frame shows the same 600 characters, which the model does not learn from. It read them at step 0, 50,"
        " 100, 200, 400 and so on. The lighter a character, the more it surprised the model then: 6 bits and more have"
        " the last shade. Grey characters are as surprising as in the frame before, within half a bit. Below stands"
        " which kinds of characters the model learnt between the two frames. The order is much the same in all"
        " trainings: first which characters are frequent, then spaces and line ends, then the letters within words,"
        " then what a page is made of. Without colours a mark under each character says how much it surprised.",
        Movie,
    ),
    Entry(
        6, "Gates",
        (
            "Rows are units, columns steps; light: the gate is open. Long memory on top.",
            "arrows step and unit, v gate, [ ] layer, pageup pagedown text, ? more",
        ),
        "A gate is a number between 0 and 1 that multiplies. The forget gate f says how much of a unit's memory c"
        " is kept from one step to the next, the input gate i how much is written to it, the output gate o how"
        " much of it is shown. Rows are in the order of the half-life: after so many steps half of what a unit has"
        " kept is gone, ln(1/2) / mean(ln f). Shades part at 0.02, 0.1, 0.3, 0.5, 0.7, 0.9 and 0.98. At the side,"
        " how often each unit's gate is nearly closed (below 0.1) and nearly open (above 0.9): the lighter, the"
        " more often. A gate that is always open or always closed is saturated: its gradient is next to nothing,"
        " so it can hardly learn. The candidate g lies between -1 and 1: blue is negative, orange positive. In a"
        " young model all rows look alike; later some units keep for a whole line and others write at every new"
        " word.",
        Gates,
    ),
    Entry(
        7, "Cell",
        (
            "One step of one unit, with the numbers it really has: there, then back.",
            "left right step, up down unit, [ ] layer, pageup pagedown text, ? more",
        ),
        "Forward, from left to right: what the unit remembered, c, is multiplied by the forget gate; what the"
        " input gate lets through of the candidate g is added; the output gate says how much of tanh c' is shown"
        " as h'. Backward, the chain rule goes the same ways from right to left. The gradient of c' comes along"
        " two ways, from the next step and through h'. It goes on to the step before multiplied by f alone: where"
        " f is near 1, gradients reach far back, which is why an LSTM can learn from long ago. L is what is"
        " differentiated: for text the losses of all predictions of this reading, summed; for prices the squared"
        " error of the forecast, or the forecast itself where nobody knows yet what follows.",
        CellStep,
    ),
)  # fmt: skip


def entry_of(number: int) -> Entry | None:
    """The view of a key."""
    return next((entry for entry in VIEWS if entry.number == number), None)
