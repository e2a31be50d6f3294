"""The table of views: number, name, how to read it in two lines, more for `?`, and the module that draws it."""

from dataclasses import dataclass

from lstm_tui.inside.view import View
from lstm_tui.inside.views.beam import Beam
from lstm_tui.inside.views.cell import CellStep
from lstm_tui.inside.views.check import Check
from lstm_tui.inside.views.gates import Gates
from lstm_tui.inside.views.health import Health
from lstm_tui.inside.views.units import Units


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
        1, "Units",
        (
            "What one unit remembers, on held-out data: orange above 0, blue below.",
            "left right unit, clearest first; < > step; up down row; pageup pagedown page",
        ),
        "Each unit has a memory of its own, tanh c between -1 and 1; a character is coloured by what it was after"
        " that character was read. Nobody tells a unit what to remember. Its name is found by statistics: its"
        " values are held against features of the text that are computed from the text alone, such as the column"
        " in the line or whether a quote is open. r is a correlation: 1 is the feature itself, -1 its opposite, 0"
        " nothing. AUC is for yes or no: how often a place where it holds is above one where it does not, 0.5 is"
        " nothing, near 0 the unit is low where it holds. Pause (space) to have all names at once. A name must"
        " hold on text on which it was not chosen, beat what chance finds among all units and features, and be"
        " more than an echo of the last few characters. Most units have no clear name: they share the work. Units"
        " stay in view while the model learns, and change places as they get clearer.",
        Units,
    ),
    Entry(
        4, "Beam",
        (
            "What a prediction hangs on: what stands out would change it most.",
            "left right step, up down row or output, pageup pagedown other, ? more",
        ),
        "The cursor stands on a character that was predicted. Earlier characters shine by the size of the"
        " gradient of ln p of that character with respect to their input: how strongly the prediction would change"
        " if they did. It is a first-order answer: it says what the model looks at here, not what would happen if"
        " a character were another one. Two marks are underlined: T characters back training cuts the gradient"
        " off, so what lies further away was never learnt from directly; and the median half-life of the lowest"
        " layer's units. Of prices the bars are days: what tomorrow's forecast hangs on. A model that looks at the"
        " last day alone says hardly more than no change.",
        Beam,
    ),
    Entry(
        6, "Gates",
        (
            "Rows are units, columns steps; an open gate stands out. Long memory on top.",
            "arrows step and unit, v gate, [ ] layer, pageup pagedown text, ? more",
        ),
        "A gate is a number between 0 and 1 that multiplies. The forget gate f says how much of a unit's memory c"
        " is kept from one step to the next, the input gate i how much is written to it, the output gate o how"
        " much of it is shown. Rows are in the order of the half-life: after so many steps half of what a unit has"
        " kept is gone, ln(1/2) / mean(ln f). Shades part at 0.02, 0.1, 0.3, 0.5, 0.7, 0.9 and 0.98. At the side,"
        " how often each unit's gate is nearly closed (below 0.1) and nearly open (above 0.9): the clearer, the"
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
    Entry(
        8, "Health",
        (
            "Is the pace of learning good, which units say nothing, what parts are worth.",
            "v next of: pace, histograms, units, parts; up down tensor; ? more",
        ),
        "The size of an update beside that of the weights it moves tells whether the learning rate fits: about"
        " 1e-3 is usual. Far above, learning is rough; far below, it crawls. The histograms show how the weights"
        " of a tensor and the gradients of the last step spread; bars are square roots of counts, so that a few"
        " are seen beside many. A unit is dead if its h stands still, and stuck if what it remembers is at an end"
        " nearly always: neither learns much any more. Last, what a part is worth: the loss on a held-out page"
        " with one part left out. f = 1 never forgets, i = 1 writes always, o = 1 shows all.",
        Health,
    ),
    Entry(
        9, "Check",
        (
            "Is every gradient right? Each number is nudged, and the loss must follow.",
            "up down tensor, left right entry, ? more",
        ),
        "What backward computes is held against what the loss really does: a weight is moved by 1e-5 up and down,"
        " and the difference of the two losses by 2e-5 is its slope. All in float64, on a copy of the weights as"
        " they are now, on a short held-out sequence, for 20 random entries of each tensor. A relative error below"
        " 1e-6 is right; a wrong sign or a forgotten term is off by 1. Gradients smaller than 1e-3 are held to an"
        " absolute error instead, for differences are right to about 1e-10 and no better.",
        Check,
    ),
)  # fmt: skip


def entry_of(number: int) -> Entry | None:
    """The view of a key."""
    return next((entry for entry in VIEWS if entry.number == number), None)
