"""The table of views: number, name, how to read it in two lines, more for `?`, and the module that draws it."""

from dataclasses import dataclass

from lstm_tui.inside.view import View
from lstm_tui.inside.views.along import Along
from lstm_tui.inside.views.beam import Beam
from lstm_tui.inside.views.cell import CellStep
from lstm_tui.inside.views.check import Check
from lstm_tui.inside.views.gates import Gates
from lstm_tui.inside.views.health import Health
from lstm_tui.inside.views.movie import Movie
from lstm_tui.inside.views.river import Rivers
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
        2, "Type along",
        (
            "Type, and see what it expects next, and how much each key surprised it.",
            "a letter or enter begins, tab takes the first guess, escape ends, ? more",
        ),
        "What you type is read behind the usual prompt. The lighter a character, the more it surprised the model: 6"
        " bits and more have the last shade. The bars are its probabilities of the next character: they grow sharp"
        " within a word and flat after it. Beside them stands what the gates of one unit did at each of the last"
        " characters; when typing has ended, left and right choose the unit, and x closes."
        " While the model trains, the bars move: it reads the same text again with its new weights. A character that"
        " the model has never seen cannot be typed. Of prices, type a close and enter: the model reads it as the day"
        " after the last, and forecasts from there. Tab takes the forecast as the day that came.",
        Along,
    ),
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
        5, "River",
        (
            "How much of a gradient is left so many steps back, on a log axis.",
            "left right distance, v forget bias 0, 1, 3 at the start, ? more",
        ),
        "The gradient of one loss is followed back through the state that the lowest layer carries on: c of an LSTM, h"
        " of a tanh RNN. Each curve is the mean over several losses, as a share of what the gradient is at distance 0."
        " Where a curve has fallen to 1e-3, a step so far back hardly teaches the network anything. The tanh RNN has as"
        " many parameters; it is made for this view and trains on the same data for some seconds, one step after each"
        " step of the training, which is slower for as long. It starts from an orthogonal matrix, which keeps gradients"
        " alive until training bends it. The curves with a number are LSTMs of the same shape at"
        " their start: the number is the bias of their forget gate. With 0 the gate is half closed and forgets within a"
        " few steps; with 1, where this program starts, the gradient lives for tens of steps; with 3 it may grow.",
        Rivers,
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
