"""The one table of words; what a task alone says is in `lstm_tui/faces/TASK/words.py`, and comes from there."""

from lstm_model.settings.known_tasks import KINDS
from lstm_tui.glossary.word import Word
from lstm_tui.task_faces import part_of

FIGURES, LOSS, STATUS, COACH, TITLE, INSIDE, STEP = "figures", "loss", "status", "coach", "title", "inside", "step"
PLACES = {  # what each pane is called; those of the tasks come after
    FIGURES: "progress",
    LOSS: "loss, the chart",
    STATUS: "the line of what it does",
    COACH: "the line of advice",
    TITLE: "the first line",
    STEP: "one step",
    INSIDE: "look inside",
}

_FACES = [part_of(task, "words") for task in KINDS]
_LOSSES = "; ".join(face.LOSS for face in _FACES)

_GENERAL: tuple[Word, ...] = (
    # Progress
    Word("loss", f"How surprised the model is, on average: {_LOSSES}. Lower is better.", (FIGURES, LOSS, STATUS, STEP)),
    Word("training loss", "The loss of the batch that it learned from last; on the chart, smoothed.", (FIGURES, LOSS),
         ("training", "train")),
    Word("validation loss",
         "The loss on a part of the data that is never trained on. If it rises while the training loss falls, the model"
         " overfits: it learns by heart. It is measured every few hundred steps, on a sample of the part if that is"
         " large: below it stands on how many. \"about\" is a first look at very few, by which nothing is judged.",
         (FIGURES, LOSS, STATUS), ("validation", "val", "about *", "on *")),
    Word("best validation", "The lowest validation loss so far, and its step. The model of that step is kept as"
         " best.safetensors. On the chart it is the star, B without such characters.", (FIGURES, LOSS),
         ("best", "★", "B", "*best at*")),
    Word("whole part", "The loss over the whole validation part, and at which step it was measured: at the end, or on"
         " e. The validation loss beside it is that of a sample.", (FIGURES,), ("whole*", "sample of it")),
    Word("step", "One change of all weights, made from one batch.", (FIGURES, LOSS, STATUS, STEP)),
    Word("epoch", "One pass through the training part; 1.50 is one and a half.", (FIGURES, STATUS)),
    Word("speed", "How much of the data it learns from in a second, in characters, windows or sequences; pauses and"
         " measurements are left out.", (FIGURES, STATUS), ("*/s",)),
    Word("gradient", "For each weight, how the loss changes with it. A step goes against it.", (FIGURES, STEP)),
    Word("gradient norm", "How steep the loss is where the model stands: the length of the gradient, before the clip.",
         (FIGURES, STEP)),
    Word("clip", "The longest that the gradient may be. A longer one is made as short, and one odd batch cannot throw"
         " the model off.", (FIGURES, STEP), ("clipped",)),
    Word("learning rate", "How far a step goes along the gradient. A schedule changes it over the run, and - and +"
         " do for all that is to come.", (FIGURES, STEP), ("rate",)),
    Word("schedule", "How the learning rate goes over a run: it rises for some steps (warm-up), then falls (cosine,"
         " sqrt) or stays (constant).", (FIGURES,), ("warm-up", "warmup", "cosine")),
    Word("elapsed", "How long it has trained, without pauses.", (FIGURES, STATUS)),
    Word("ETA", "How long it will still take: to the limit of the run, or where it has none, to the end of the epoch.",
         (STATUS, FIGURES), ("run ends in", "epoch ends in", "* ends in", "ends in", "eta *")),
    Word("bar", "The share of the run that is done, or of the epoch where the run has no limit.", (FIGURES,),
         ("run", "run ends")),
    Word("saved at step", "The newest step that a file on the disk holds.", (FIGURES,), ("saved",)),
    Word("saving FAILS", "The last save could not be written, and training goes on. Make room, or press s to try again:"
         " what is new would be lost.", (FIGURES, STATUS), ("saving", "fails", "not saved*")),
    Word("nats, bits", "Units of surprise: the natural logarithm of 1 / probability, or the one to base 2. A nat is"
         " 1.44 bits. u changes from the one to the other.", (FIGURES, LOSS), ("nats", "bits", "units", "nats *",
                                                                               "bits *", "losses*")),
    # The chart
    Word("strokes", "Faint uprights behind the curve: from the lowest to the highest loss of the steps that share a"
         " column. Where they would hide the curve, a band of their middle half.", (LOSS,), ("band", "raw loss")),
    Word("arrows", "Beside a loss: whether the recent third falls (↓), rises (↑) or stays (→); none where noise hides"
         " it. At the edge of a chart: values beyond it. At one step: which way its loss went.", (LOSS, FIGURES, STEP),
         ("↓", "↑", "→", "▼", "v", "falls", "rises", "level", "trend")),
    Word("marks", "On the axis of steps: ▲ (^) saved by hand, ◆ (r) the learning rate was changed, ◇ (d) the"
         " dropout was, ◀ (<) the loss exploded and training went back to a good state.", (LOSS,),
         ("mark", "saved", "rate changed", "dropout changed", "went back", "▲", "^", "◆", "◇", "◀", "r", "d", "<")),
    Word("points", "Validation losses, each at the step at which it was measured; many of them are a line.", (LOSS,),
         ("dots", "●")),
    Word("dashed lines", "What the loss is held against: what simple ways without a network reach. Below a line the"
         " model is better than that way.", (LOSS,), ("reference", "references", "baseline", "against *")),
    Word("previous run", "The curve of the run before this one, dotted; b shows it and takes it away.", (LOSS,),
         ("ghost", "before")),
    Word("cursor", "An upright that left and right move; the frame then reads the values at its step.", (LOSS,)),
    Word("log scale", "Equal distances are equal ratios, so that small losses can be told apart; y changes it.",
         (LOSS,), ("logarithmic",)),
    # What it does
    Word("TRAINING", "Steps are taken.", (STATUS,)),
    Word("PAUSED", "No step is taken until you press space. Keys that look still work.", (STATUS,)),
    Word("EVALUATING", "The validation part is measured, or a look is taken; then it goes on.", (STATUS,),
         ("measuring*",)),
    Word("FINISHED", "The run has reached its limit. All keys that look still work; l or n begins another.", (STATUS,)),
    Word("DIVERGED", "The loss is no number any more, and training has stopped. l loads a state from before.",
         (STATUS,)),
    Word("EVAL-ONLY", "A saved model is looked at: nothing is trained, and nothing is written.", (STATUS,)),
    Word("ENDED", "Another process trained this run. Somebody ended it there, and it saved.", (STATUS,)),
    Word("KILLED", "Another process trained this run. It is gone without a word: what it had not saved is lost.",
         (STATUS,)),
    Word("watched", "Another process trains this run. It is shown from its folder, and does not notice.", (STATUS,)),
    Word("controlled", "Another process trains this run, and some keys reach it: pause, sample, save, stop.",
         (STATUS,)),
    Word("replay", "This run was recorded, and is played so many times as fast as it was trained.", (STATUS,),
         ("replay x*",)),
    Word("coach", "Says what the curves show, and in brackets the key that would help. It only looks at the curves.",
         (COACH,), ("advice",)),
    Word("overfitting", "The model learns its training part by heart: validation rises while training falls.",
         (COACH,), ("overfits",)),
    Word("plateau", "The loss has hardly fallen for half of the run.", (COACH,)),
    Word("dropout", "While it learns, a share of the values between layers is set to 0, at random. It learns less by"
         " heart then.", (COACH,)),
    Word("1x384", "Layers x hidden units of each. Before it stands the preset, and the cell where it is no LSTM.",
         (TITLE,), ("layers", "hidden", "units")),
    Word("parameters", "All numbers that training changes: weights and biases.", (TITLE,), ("weights",)),
    Word("batch", "What one step learns from: so many sequences side by side, each so many steps long.", (STEP,),
         ("streams",)),
    Word("tensor", "A block of weights under the name that PyTorch has for it: weight_hh_l0 is what the lowest layer"
         " makes of its own last state.", (STEP,)),
    Word("update", "How much a step changed a tensor, also as a share of its weights. About a thousandth is usual.",
         (STEP,), ("of weights",)),
    Word("hidden state", "What a layer hands on, h: to the layer above, and to itself at the next step.", (INSIDE,)),
    Word("cell state", "What an LSTM keeps, c: it is added to and forgotten from, and so carries over many steps.",
         (INSIDE,)),
    Word("gates", "Numbers from 0 to 1 for each unit: i lets in, f keeps, o lets out; g is what is offered. ? in a view"
         " says more of it.", (INSIDE,), ("i", "f", "g", "o")),
    Word("unit", "One of the numbers that a layer carries, and all weights that make it.", (INSIDE,)),
    Word("held-out", "Parts of the data that are never trained on: validation, and test, which is not even looked at"
         " while training.", (), ("test", "test part", "parts")),
    Word("checkpoint", "A file that holds all that a run needs to go on: last, best, previous, or step-... from s."),
    Word("preset", "Settings that suit each other, for a purpose; the form of a new run (n) says which and why.", ()),
)  # fmt: skip

WORDS: tuple[Word, ...] = (*_GENERAL, *(word for face in _FACES for word in face.WORDS))
PLACES |= {pane: name for face in _FACES for pane, name in face.PLACES.items()}


def meaning_of(label: str) -> Word | None:
    """The word that a label on the screen is; None if nothing explains it."""
    return next((word for word in WORDS if word.is_called(label)), None)


def words_of(pane: str) -> list[Word]:
    """The words that stand in a pane."""
    return [word for word in WORDS if pane in word.panes]
