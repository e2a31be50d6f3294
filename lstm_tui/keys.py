"""The one table of keys: it feeds the bindings, the line of keys, the help, the command palette and the README."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True)
class Key:
    """A key and what it does. `label` stands in the line of keys, `meaning` everywhere else."""

    action: str
    keys: str  # Textual's names, separated by commas
    shown: str  # as a person reads them
    label: str
    meaning: str
    group: str

    @property
    def bindings(self) -> list[Binding]:
        """The bindings Textual needs; they are shown by the line of keys, the help and the palette."""
        return [Binding(key, self.action, self.label, show=False) for key in self.keys.split(",")]


# In the order of the line of keys: on a narrow screen the last ones are left out.
KEYS = (
    Key("pause", "space,p", "space p", "Pause", "Pause the training", "training"),
    Key("resume", "space,p", "space p", "Go on", "Go on after a pause", "training"),
    Key("look", "g", "g", "Sample", "Write a sample now; for prices, predict all days now", "training"),
    Key("save", "s", "s", "Save", "Save now, under the number of the step", "training"),
    Key("load", "l", "l", "Load", "Load a run or a checkpoint from a list", "training"),
    Key("new_run", "n", "n", "New", "New run with settings of your own", "training"),
    Key("switch_task", "t", "t", "Task", "Switch between text and stock; the other one waits as it is", "training"),
    Key("evaluate", "e", "e", "Evaluate", "Measure the whole validation part now", "training"),
    Key("help", "question_mark,f1", "? F1", "Help", "Show what the keys do and what the words mean", "looking"),
    Key("quit", "q", "q", "Quit", "Save and quit", "looking"),
    Key("chart_view", "v", "v", "View", "Show all of the curve, or its recent part", "looking"),
    Key("log_scale", "y", "y", "Log", "Loss on a logarithmic scale, or a plain one", "looking"),
    Key("ghost", "b", "b", "Before", "Show the curve of the run before this one beneath it", "looking"),
    Key("swap", "b", "b", "Swap", "With --against: show the other model first, with its samples", "looking"),
    Key("maximise", "z", "z", "Zoom", "Give the focused pane the whole screen, or put it back", "looking"),
    Key("edit_prompt", "i", "i", "Prompt", "Edit what samples start from", "steering"),
    Key("temperature(-1)", "left_square_bracket", "[", "Colder", "Lower the temperature of samples by 0.1", "steering"),
    Key("temperature(1)", "right_square_bracket", "]", "Hotter", "Raise the temperature of samples by 0.1", "steering"),
    Key("rate(-1)", "minus", "-", "Slower", "Lower the learning rate by a fifth", "steering"),
    Key("rate(1)", "plus,equals_sign", "+ =", "Faster", "Raise the learning rate by a quarter", "steering"),
    Key("walk_samples(-1)", "comma", ",", "Older", "Show the sample before the shown one", "samples"),
    Key("walk_samples(1)", "full_stop", ".", "Newer", "Show the next newer sample; at the newest, follow", "samples"),
    Key("pin_sample", "d", "d", "Beside", "Keep this sample at the side of the others, or let it go", "samples"),
    Key("copy_sample", "c", "c", "Copy", "Copy what the mouse has selected, else the shown sample", "samples"),
    Key("stop", "ctrl+c", "ctrl+c", "Stop", "Ask how to stop: saved or not; twice: save and stop", "looking"),
    Key("suspend", "ctrl+z", "ctrl+z", "To shell", "Go to the shell; its command fg comes back here", "looking"),
)

CHART = "on a chart, while it has the focus; on prices, days are its steps"  # the loss has it at the start
CHART_KEYS = (
    Key("cursor(-1)", "left", "left", "Cursor", "Cursor to earlier steps: it reads exact values", CHART),
    Key("cursor(1)", "right", "right", "Cursor", "Cursor to later steps", CHART),
    Key("cursor_to(0.0)", "home", "home", "First", "Cursor to the first step", CHART),
    Key("cursor_to(1.0)", "end", "end", "Last", "Cursor to the newest step", CHART),
    Key("zoom(0.5)", "up", "up", "Closer", "Show half as many steps, around the cursor", CHART),
    Key("zoom(2.0)", "down", "down", "Wider", "Show twice as many steps", CHART),
    Key("move(-1)", "less_than_sign,shift+left", "<", "Earlier", "Move the window to earlier steps", CHART),
    Key("move(1)", "greater_than_sign,shift+right", ">", "Later", "Move the window to later steps", CHART),
    Key("leave", "escape", "escape", "Leave", "Take the cursor away, then show all steps", CHART),
)

PASSAGE = "on held-out text, while it has the focus"  # as it has at the start of evaluation-only mode
PASSAGE_KEYS = (
    Key("move(-1)", "left", "left", "Cursor", "Cursor to the character before", PASSAGE),
    Key("move(1)", "right", "right", "Cursor", "Cursor to the next character", PASSAGE),
    Key("move_rows(-1)", "up", "up", "Row", "Cursor to the row above", PASSAGE),
    Key("move_rows(1)", "down", "down", "Row", "Cursor to the row below", PASSAGE),
    Key("to_surprise(-1)", "less_than_sign,shift+left", "<", "Surprise", "Cursor back to 4 bits or more", PASSAGE),
    Key("to_surprise(1)", "greater_than_sign,shift+right", ">", "Surprise", "Cursor on to 4 bits or more", PASSAGE),
    Key("turn(-1)", "pageup", "pageup", "Passage", "The passage before", PASSAGE),
    Key("turn(1)", "pagedown", "pagedown", "Passage", "The next passage", PASSAGE),
)
PLACES = {CHART: ", on the chart", PASSAGE: ", on held-out text"}  # as the table says it


def key_of(action: str) -> str:
    """The key of an action, as a person reads it; the first if there are several."""
    return next(key.shown.split(" ")[0] for key in KEYS if key.action == action)


def key_table() -> str:
    """The keys as a Markdown table, for the README."""
    rows = ["| key | what it does |", "|---|---|"]
    for entry in (*KEYS, *CHART_KEYS, *PASSAGE_KEYS):
        keys = " ".join(f"`{key}`" for key in entry.shown.split(" "))
        rows.append(f"| {keys} | {entry.meaning}{PLACES.get(entry.group, '')} |")
    return "\n".join(rows)
