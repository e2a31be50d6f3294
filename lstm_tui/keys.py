"""The one table of keys: it feeds the bindings, the footer, the help screen, the command palette and the README."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True)
class Key:
    """A key and what it does. `label` stands in the footer, `meaning` everywhere else."""

    action: str
    keys: str  # Textual's names, separated by commas
    shown: str  # as a person reads them
    label: str
    meaning: str
    group: str

    @property
    def bindings(self) -> list[Binding]:
        """The bindings Textual needs: the first key is the one in the footer."""
        first, *others = self.keys.split(",")
        display = self.shown.split(" ")[0]
        shown = Binding(first, self.action, self.label, key_display=display, tooltip=self.meaning, id=self.action)
        return [shown, *(Binding(key, self.action, self.label, show=False) for key in others)]


# In the order of the footer: on a narrow screen the last ones are cut off.
KEYS = (
    Key("pause", "space,p", "space p", "Pause", "Pause the training, or go on", "training"),
    Key("look", "g", "g", "Sample", "Write a sample now; for prices, predict all days now", "training"),
    Key("save", "s", "s", "Save", "Save now, under the number of the step", "training"),
    Key("load", "l", "l", "Load", "Load a run or a checkpoint from a list", "training"),
    Key("new_run", "n", "n", "New", "New run with settings of your own", "training"),
    Key("switch_task", "t", "t", "Task", "Switch between text and stock; the other one waits as it is", "training"),
    Key("evaluate", "e", "e", "Evaluate", "Measure the whole validation part now", "training"),
    Key("help", "question_mark,f1", "? F1", "Help", "Show what the keys do and what the words mean", "looking"),
    Key("quit", "q,ctrl+c", "q ctrl+c", "Quit", "Save and quit", "looking"),
    Key("chart_view", "v", "v", "View", "Show all of the curve, or its recent part", "looking"),
    Key("log_scale", "y", "y", "Log", "Loss on a logarithmic scale, or a plain one", "looking"),
    Key("maximise", "z", "z", "Zoom", "Give the focused pane the whole screen, or put it back", "looking"),
    Key("edit_prompt", "i", "i", "Prompt", "Edit what samples start from", "steering"),
    Key("temperature(-1)", "left_square_bracket", "[", "Colder", "Lower the temperature of samples by 0.1", "steering"),
    Key("temperature(1)", "right_square_bracket", "]", "Hotter", "Raise the temperature of samples by 0.1", "steering"),
    Key("rate(-1)", "minus", "-", "Slower", "Lower the learning rate by a fifth", "steering"),
    Key("rate(1)", "plus,equals_sign", "+ =", "Faster", "Raise the learning rate by a quarter", "steering"),
)


def key_table() -> str:
    """The keys as a Markdown table, for the README."""
    rows = ["| key | what it does |", "|---|---|"]
    rows += [f"| {' '.join(f'`{key}`' for key in entry.shown.split(' '))} | {entry.meaning} |" for entry in KEYS]
    return "\n".join(rows)
