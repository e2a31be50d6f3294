"""The one table of keys: it feeds the bindings, the line of keys, the help, the command palette and the README."""

from lstm_model.settings.known_tasks import KINDS
from lstm_tui.keys.bound import first_of
from lstm_tui.keys.key import Key
from lstm_tui.task_faces import part_of

_FACES = [part_of(task, "keys") for task in KINDS]
_OF_TASKS: tuple[Key, ...] = tuple(key for face in _FACES for key in face.KEYS)
_LOOK = "; ".join(face.LOOK for face in _FACES)

# In the order of the line of keys: on a narrow screen the last ones are left out, so help and quit come early.
KEYS: tuple[Key, ...] = (
    Key("pause", "space,p", "space p", "Pause", "Pause the training", "training"),
    Key("resume", "space,p", "space p", "Go on", "Go on after a pause", "training", same_as="pause"),
    Key("help", "question_mark", "?", "Help", "Show what the keys do and what the words mean", "looking"),
    Key("quit", "q", "q", "Quit", "Save and quit", "looking"),
    Key("look", "g", "g", "Sample", _LOOK, "training"),
    Key("save", "s", "s", "Save", "Save now, under the number of the step", "training"),
    Key("load", "l", "l", "Load", "Saved runs: load, compare, name, delete, prune", "training"),
    Key("new_run", "n", "n", "New", "New run with settings of your own", "training"),
    Key("switch_task", "t", "t", "Task", f"Go to the next task: {', '.join(KINDS)}; this one waits as it is",
        "training"),
    Key("inside", "x", "x", "Inside", "Look inside the model: units, gates, gradients; again, or escape, closes it",
        "training"),
    Key("evaluate", "e", "e", "Eval", "Measure the whole validation part now", "training"),
    Key("watch_step", "o", "o", "One step", "Take one step and see what it did: batch, loss, gradients, clip, updates",
        "training"),
    Key("chart_view", "v", "v", "View", "Show all of the curve, or its recent part", "looking"),
    Key("log_scale", "y", "y", "Log", "Loss on a logarithmic scale, or a plain one", "looking"),
    Key("units", "u", "u", "Unit", "Losses in nats, or in bits", "looking"),
    Key("ghost", "b", "b", "Before", "Show the curve of the run before this one beneath it", "looking"),
    Key("swap", "b", "b", "Swap", "With --against: show the other model first, with its samples", "looking",
        same_as="before"),
    Key("maximise", "z", "z", "Zoom", "Give the focused pane the whole screen, or put it back", "looking"),
    *(key for key in _OF_TASKS if key.group == "steering"),
    Key("rate(-1)", "minus", "-", "Slower", "Lower the learning rate by a fifth", "steering"),
    Key("rate(1)", "plus,equals_sign", "+ =", "Faster", "Raise the learning rate by a quarter", "steering"),
    *(key for key in _OF_TASKS if key.group != "steering"),
    Key("big", "B", "B", "Big", "Big look for a projector: few large figures, thick curves; again: the usual look",
        "looking"),
    Key("tell", "m", "m", "Tell", "Tell me when the run ends, explodes or is no better for long; again: tell me not",
        "looking"),
    Key("explain", "f1", "F1", "Explain", "Say what the words of the focused pane mean", "looking"),
    Key("stop", "ctrl+c", "ctrl+c", "Stop", "Ask how to stop: saved or not; twice: save and stop", "looking"),
    Key("suspend", "ctrl+z", "ctrl+z", "To shell", "Go to the shell; its command fg comes back here", "looking"),
)  # fmt: skip

_ON_CHARTS = [face.ON_CHARTS for face in _FACES if face.ON_CHARTS]
_CHART = "; ".join(["on a chart, while it has the focus", *_ON_CHARTS])  # the loss has it at the start
CHART_KEYS = tuple(
    Key(action, keys, shown, label, meaning, _CHART, "on the chart")
    for action, keys, shown, label, meaning in (
        ("cursor(-1)", "left", "left", "Cursor", "Cursor to earlier steps: it reads exact values"),
        ("cursor(1)", "right", "right", "Cursor", "Cursor to later steps"),
        ("cursor_to(0.0)", "home", "home", "First", "Cursor to the first step"),
        ("cursor_to(1.0)", "end", "end", "Last", "Cursor to the newest step"),
        ("zoom(0.5)", "up", "up", "Closer", "Show half as many steps, around the cursor"),
        ("zoom(2.0)", "down", "down", "Wider", "Show twice as many steps"),
        ("move(-1)", "less_than_sign,shift+left", "<", "Earlier", "Move the window to earlier steps"),
        ("move(1)", "greater_than_sign,shift+right", ">", "Later", "Move the window to later steps"),
        ("leave", "escape", "escape", "Leave", "Take the cursor away, then show all steps"),
    )
)
_INSIDE = "inside, while it is open: see x"
INSIDE_KEYS = tuple(
    Key(action, keys, shown, label, meaning, _INSIDE, "inside")
    for action, keys, shown, label, meaning in (
        ("next_view(1)", "tab", "tab", "Next", "The next view; 1 to 9 choose one"),
        ("next_view(-1)", "shift+tab", "shift+tab", "Before", "The view before"),
        ("along(-1)", "left", "left", "Back", "One step back in time, or the unit before"),
        ("along(1)", "right", "right", "On", "One step on in time, or the next unit"),
        ("along(-10)", "less_than_sign,shift+left", "<", "Back", "Ten back"),
        ("along(10)", "greater_than_sign,shift+right", ">", "On", "Ten on"),
        ("across(-1)", "up", "up", "Up", "The unit or the row above"),
        ("across(1)", "down", "down", "Down", "The unit or the row below"),
        ("across(-10)", "shift+up", "shift+up", "Up", "Ten up"),
        ("across(10)", "shift+down", "shift+down", "Down", "Ten down"),
        ("to_end(0)", "home", "home", "First", "To the first"),
        ("to_end(1)", "end", "end", "Last", "To the last"),
        ("other", "v", "v", "Other", "The next of what the view can show: another gate"),
        ("layer(-1)", "left_square_bracket", "[", "Layer", "The layer below"),
        ("layer(1)", "right_square_bracket", "]", "Layer", "The layer above"),
        ("frame(-1)", "comma", ",", "Earlier", "Earlier in the training"),
        ("frame(1)", "full_stop", ".", "Later", "Later in the training"),
        ("turn(-1)", "pageup", "pageup", "Text", "The text or the window before"),
        ("turn(1)", "pagedown", "pagedown", "Text", "The next text or window"),
        ("more", "question_mark", "?", "More", "Say more about the view"),
    )
)
_REPLAY = "in a replay"
REPLAY_KEYS = tuple(
    Key(action, keys, shown, label, meaning, _REPLAY, _REPLAY)
    for action, keys, shown, label, meaning in (
        ("seek(-1)", "left", "left", "Back", "A twentieth of the run back"),
        ("seek(1)", "right", "right", "On", "A twentieth of the run on"),
        ("speed(0.5)", "minus", "-", "Slower", "Play half as fast"),
        ("speed(2.0)", "plus,equals_sign", "+ =", "Faster", "Play twice as fast"),
        ("seek_to(0.0)", "home", "home", "Begin", "To the beginning"),
        ("seek_to(1.0)", "end", "end", "End", "To the end"),
    )
)
PANE_KEYS: tuple[Key, ...] = (  # of focused panes
    *CHART_KEYS,
    *(key for face in _FACES for key in face.PANE_KEYS),
    *INSIDE_KEYS,
    *REPLAY_KEYS,
)


def key_of(action: str) -> str:
    """The key of an action, as it is bound and as a person reads it; the first if there are several."""
    return next(first_of(key) for key in KEYS if key.action == action)


def key_table() -> str:
    """The keys as a Markdown table, for the README."""
    rows = ["| key | what it does |", "|---|---|"]
    for entry in (*KEYS, *PANE_KEYS):
        keys = " ".join(f"`{key}`" for key in entry.shown.split(" "))
        rows.append(f"| {keys} | {entry.meaning}{f', {entry.where}' if entry.where else ''} |")
    return "\n".join(rows)
