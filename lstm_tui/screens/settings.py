"""The form of settings that a new run is started from."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static
from textual.worker import Worker, WorkerState

from lstm_model.costs.memory import memory, parameter_count
from lstm_model.costs.speed import items_per_second, seconds_per_step
from lstm_model.settings.config import Config
from lstm_model.settings.presets import PRESETS, preset_config
from lstm_model.settings.words import TaskName
from lstm_tui.opening.draft import (
    FIELDS,
    NOWHERE,
    OF_THE_DATA,
    Draft,
    blamed,
    choices,
    command,
    draft,
    entries_of,
    kept_of,
    meaning,
    opened,
)
from lstm_tui.opening.opened import Opened
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.visible import NOTICE, as_line, shortened
from lstm_tui.widgets.field import Choice, Field
from lstm_tui.wording import short, size

LABELS = {"data": "data file", "lr": "learning rate"}  # the others are called as their options
WHOLE_WIDTH, LEFT, RIGHT = FIELDS[:3], FIELDS[3:7], FIELDS[7:]
USUAL_V = 100  # characters of a text that was not read yet


class SettingsScreen(ModalScreen[Opened | None]):
    """Gives a new run that is ready, or None.

    config: what the fields hold at first; runs: the latest snapshots of the runs at hand, to tell what cannot be known
    from settings alone; threads: the option, if it was given to the app.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss(None)", "Close"),
        ("enter,ctrl+enter", "start", "Start"),
        ("up", "app.focus_previous", "Up"),
        ("down", "app.focus_next", "Down"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-one-column"), (76, "-two-columns")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (36, "-tall")]  # noqa: RUF012

    def __init__(self, config: Config, runs: Sequence[Snapshot] = (), threads: int | None = None) -> None:
        super().__init__()
        self._runs = runs
        self._entries = entries_of(config)
        self._path, self._path_shown = self._entries["data"], as_line(self._entries["data"])
        self._always: dict[str, Any] = {} if threads is None else {"threads": threads}
        self._kept = kept_of(config)
        self._draft = Draft({})
        self._refused: tuple[Mapping[str, str], str, str] | None = None  # entries, the field to blame, the reason
        self._reading = False

    def compose(self) -> ComposeResult:
        """Fields that scroll; below them what follows from them, and the button."""
        with Vertical(classes="dialog", id="settings") as dialog:
            dialog.border_title = "New run"
            dialog.border_subtitle = "tab moves, arrows choose, enter starts, escape leaves"
            with VerticalScroll(id="fields", can_focus=False):
                yield from self._fields(WHOLE_WIDTH)
                with Horizontal(id="columns"):
                    for options in (LEFT, RIGHT):
                        with Vertical(classes="column"):
                            yield from self._fields(options)
                yield Static(id="reason", markup=False)
            yield Static(id="meaning", markup=False)
            yield Static(id="estimates")
            yield Static(id="command", markup=False)
            with Horizontal(id="start-row"):
                yield Button("Start", id="start", variant="primary", compact=True)
                yield Static(id="outcome", markup=False)

    def _fields(self, options: Sequence[str]) -> list[Field]:
        words, shown = choices(self._task_name), self._shown_entries
        return [Field(option, LABELS.get(option, option), shown[option], words.get(option)) for option in options]

    @property
    def _task_name(self) -> TaskName:
        return "stock" if self._entries["task"] == "stock" else "text"

    @property
    def _shown_entries(self) -> dict[str, str]:
        """The entries, with a file's name as it can be shown."""
        data = self._entries["data"]
        return self._entries | {"data": self._path_shown if data == self._path else data}

    def _field(self, option: str) -> Field:
        return self.query_one(f"#field-{option}", Field)

    def on_mount(self) -> None:
        """Begin at the first field."""
        self._show_standards()
        self._check()
        self._field("task").entry.focus()

    # What is typed

    @on(Input.Changed)
    @on(Choice.Changed)
    def _take(self) -> None:
        """Take in what the fields hold now; another task or preset fills the others anew."""
        before = self._entries
        now = {option: self._field(option).value for option in FIELDS}
        if now["data"] == self._path_shown:
            now["data"] = self._path  # the file as it is called, not as it can be shown
        if now == before:
            return
        self._entries = now
        if now["task"] != before["task"]:
            self._path = self._path_shown = ""
            self._kept = {}
            self._refill("default", data="")
        elif now["preset"] != before["preset"]:
            self._kept = {option: value for option, value in self._kept.items() if option in OF_THE_DATA}
            self._refill(now["preset"], data=now["data"])
        self._check()

    def _refill(self, preset: str, data: str) -> None:
        """Fill all fields with a preset's values, but for the data and the seed, which are no matter of presets."""
        config = preset_config(self._task_name, preset)
        self._entries = entries_of(config) | {"data": data, "seed": self._entries["seed"]}
        words = choices(self._task_name)
        with self.prevent(Input.Changed):
            for option, value in self._shown_entries.items():
                self._field(option).fill(value, words.get(option))
        self._show_standards()

    def _show_standards(self) -> None:
        """Show in each empty field what it would be."""
        standard = entries_of(preset_config(self._task_name, self._entries["preset"]))
        for option in FIELDS:
            entry = self._field(option).entry
            if isinstance(entry, Input):
                entry.placeholder = standard[option] or "the one that ships"

    # What follows from it

    def _check(self) -> None:
        kept = self._always | {
            option: value
            for option, value in self._kept.items()
            if option not in OF_THE_DATA or self._entries["data"] == self._path
        }
        V, exact = self._vocabulary()
        self._draft = draft(self._entries, kept, V)
        problems, to_do = dict(self._draft.problems), "mend what is marked first"
        if self._refused and self._refused[0] == self._entries:
            problems.setdefault(self._refused[1], self._refused[2])
            to_do = "nothing was started"
        for option in FIELDS:
            self._field(option).say(problems.get(option, ""))
        config = self._draft.config
        self.query_one("#estimates", Static).update(self._estimates(config, V, exact=exact))
        line = command(self._draft.given) if config else "-"
        self.query_one("#command", Static).update(Text.assemble(("the same command: ", "dim"), line))
        self.query_one("#reason", Static).update(PRESETS[self._task_name][self._entries["preset"]].reason)
        self._say(problems.get(NOWHERE) or (to_do if problems else self._consequence()))

    def _vocabulary(self) -> tuple[int, bool]:
        """The size of the vocabulary, and whether it is known or only likely."""
        texts = [run for run in self._runs if run.task == "text" and run.seen.V and run.about.config]
        for run in texts:
            if run.about.config and (run.about.config.data or "") == self._entries["data"]:
                return run.seen.V, True
        return (texts[0].seen.V if texts else USUAL_V), self._task_name != "text"

    def _estimates(self, config: Config | None, V: int, *, exact: bool) -> Table:
        parameters = needed = speed = "-"
        if config is not None:
            parameters = f"{'' if exact else 'about '}{parameter_count(config, V):,}"
            m = memory(config, V)
            parts = f"weights {size(m.weights)}, gradients {size(m.gradients)}, "
            parts += f"{config.optimizer} {size(m.optimizer)}, a batch {size(m.batch)}"
            needed = f"about {size(m.total)}: {parts}"
            items = "characters" if config.task == "text" else "windows"
            ratio = self._ratio()
            speed = f"about {short(ratio * items_per_second(config, V))} {items}/s, "
            speed += f"{ratio / seconds_per_step(config, V):.3g} steps/s"
        table = Table.grid(padding=(0, 1))
        table.add_column(width=14, no_wrap=True)
        for name, value in (("parameters", parameters), ("memory", needed), ("speed", speed)):
            table.add_row(Text(name, "dim"), value)
        return table

    def _ratio(self) -> float:
        """How many times as fast this machine is as the estimate has it, as far as a run at hand tells."""
        for run in self._runs:
            if run.about.config is not None and run.figure.speed > 0:
                return run.figure.speed / items_per_second(run.about.config, run.seen.V)
        return 1.0

    def _consequence(self) -> str:
        """What becomes of the runs at hand."""
        ends = "the {} run at hand is saved and ends"
        waits = "the {} run waits as it is"
        return "; ".join((ends if run.task == self._task_name else waits).format(run.task) for run in self._runs)

    def _say(self, outcome: str) -> None:
        self.query_one("#outcome", Static).update(shortened(outcome, NOTICE))

    @on(DescendantFocus)
    def _explain(self, event: DescendantFocus) -> None:
        """Say what the field is for that has the focus."""
        field = next((node for node in event.widget.ancestors if isinstance(node, Field)), None)
        said = f"{field.option}: {meaning(field.option)}" if field else "start the new run"
        self.query_one("#meaning", Static).update(said)

    # Starting

    @on(Input.Submitted)
    @on(Button.Pressed)
    def action_start(self) -> None:
        """Read the data and build the run in a thread; with something wrong go there instead."""
        if self._reading:
            return
        self._take()  # a key that was pressed at once after the last change may overtake the word of it
        if self._draft.config is None:
            self._go_to_problem()
            return
        self._wait(reading=True)
        given = dict(self._draft.given)
        self.run_worker(lambda: opened(given), thread=True)

    def _wait(self, *, reading: bool) -> None:
        self._reading = reading
        self.query_one("#fields").disabled = reading
        if reading:
            self._say("reading the data ...")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Hand the run on, or say why there is none."""
        if event.state is not WorkerState.SUCCESS:
            return
        result = event.worker.result
        if isinstance(result, Opened):
            self.dismiss(result)
            return
        self._wait(reading=False)
        self._refused = (self._entries, *blamed(str(result), self._entries))
        self._check()
        self._go_to_problem()

    def _go_to_problem(self) -> None:
        wrong = next((option for option in FIELDS if self._field(option).problem), None)
        (self.query_one("#start") if wrong is None else self._field(wrong).entry).focus()
