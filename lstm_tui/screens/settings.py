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
from textual.timer import Timer
from textual.widgets import Button, Input, Static
from textual.worker import Worker, WorkerState

from lstm_model.costs.memory import memory, parameter_count
from lstm_model.costs.speed import items_per_second, seconds_per_step
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.opening.form import NOWHERE, Checked, Entries, Form, Problem, begin
from lstm_tui.opening.opened import Opened
from lstm_tui.options.table import FORM
from lstm_tui.reports.glance import Glance, glance
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.visible import NOTICE, as_line, shortened_line
from lstm_tui.widgets.dialog import Dialog
from lstm_tui.widgets.field import ChoiceField, Field
from lstm_tui.wording import short, size

PAUSE = 0.4  # seconds without a key, after which a file that was named is looked at


class SettingsScreen(Dialog[Opened | None]):
    """Gives a new run that is ready, or None.

    config: what the fields hold at first; runs: the latest snapshots of the runs at hand, to tell what cannot be known
    from settings alone; threads: the option, if it was given to the app.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,question_mark", "dismiss(None)", "Close"),  # where they are not typed
        ("enter", "next_field", "Next"),
        ("ctrl+enter,ctrl+j", "start", "Start"),  # many terminals send the one as the other
        ("up", "app.focus_previous", "Up"),
        ("down", "app.focus_next", "Down"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-one-column"), (76, "-two-columns")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (36, "-tall")]  # noqa: RUF012

    def __init__(self, config: Config, runs: Sequence[Snapshot] = (), threads: int | None = None) -> None:
        super().__init__()
        self._runs = runs
        self._form = Form.of(config, {} if threads is None else {"threads": threads})
        self._checked = Checked({})
        self._refused: tuple[Entries, Problem] | None = None  # what was not begun with these entries, and why
        self._reading = False
        self._looking: Timer | None = None  # at the file that was named last, in a moment

    def compose(self) -> ComposeResult:
        """Fields that scroll; below them what follows from them, and the button."""
        with Vertical(classes="dialog", id="settings") as dialog:
            dialog.border_title = "New run"
            dialog.border_subtitle = "tab moves, arrows choose, ctrl+enter starts, escape leaves"
            with VerticalScroll(id="fields", can_focus=False):
                yield from self._fields("top")
                with Horizontal(id="columns"):
                    for place in ("left", "right"):
                        with Vertical(classes="column"):
                            yield from self._fields(place)
                yield Static(id="reason", markup=False)
            yield Static(id="meaning", markup=False)
            yield Static(id="estimates")
            yield Static(id="command", markup=False)
            with Horizontal(id="start-row"):
                yield Button("Start", id="start", variant="primary", compact=True)
                yield Static(id="outcome", markup=False)

    def _fields(self, place: str) -> list[Field]:
        shown, choices = self._shown_entries, self._form.choices
        here = (option for option in FORM if option.form == place)
        return [Field(option.name, option.named, shown[option.name], choices.get(option.name)) for option in here]

    @property
    def _shown_entries(self) -> dict[str, str]:
        """The entries, with a file's name as it can be shown."""
        entries, data = self._form.entries, self._form.data
        return {**entries, "data": as_line(data) if entries["data"] == data else entries["data"]}

    def _field(self, option: str) -> Field:
        return self.query_one(f"#field-{option}", Field)

    def on_mount(self) -> None:
        """Begin at the first field."""
        if not self.children:
            return  # the app ends in the moment in which the form opens
        self._show_standards()
        self._check()
        self._field("task").entry.focus()

    # What is typed

    @on(Input.Changed)
    @on(ChoiceField.Changed)
    def _take(self) -> None:
        """Take in what the fields hold now; another task or preset fills the others anew."""
        before = self._form
        now = {option.name: self._field(option.name).value for option in FORM}
        if now["data"] == as_line(before.data):
            now["data"] = before.data  # the file as it is called, not as it can be shown
        if now == before.entries:
            return
        self._form = before.typed(now)
        if any(now[name] != before.entries[name] for name in ("task", "preset")):
            self._refill()
        self._check()
        if self._form.entries["data"] != before.entries["data"]:
            self._look_later()

    def _look_later(self) -> None:
        """Look at the file once nothing was typed for a moment."""
        self._field("data").tell()
        if self._looking is not None:
            self._looking.stop()
        if self._form.entries["data"].strip():
            self._looking = self.set_timer(PAUSE, self._look)

    def _look(self) -> None:
        task, data, given = self._form.task, self._form.entries["data"], dict(self._checked.given)
        self.run_worker(lambda: glance(task, data, given), thread=True, group="glance", exclusive=True)

    def _refill(self) -> None:
        """Write the form's entries into all fields."""
        choices = self._form.choices
        with self.prevent(Input.Changed):
            for name, value in self._shown_entries.items():
                self._field(name).fill(value, choices.get(name))
        self._show_standards()

    def _show_standards(self) -> None:
        """Show in each empty field what it would be."""
        for name, standard in self._form.standards.items():
            entry = self._field(name).entry
            if isinstance(entry, Input):
                entry.placeholder = standard or "the one that ships"

    # What follows from it

    def _check(self) -> None:
        memory, same_data = self._memory()
        self._checked = checked = self._form.checked(memory)
        problems, to_do = dict(checked.problems), "fix the marked fields first"
        if self._refused and self._refused[0] == self._form.entries:
            problem = self._refused[1]
            problems.setdefault(problem.option, problem.text)
            to_do = "nothing was started"
        for option in FORM:
            self._field(option.name).say(problems.get(option.name, ""))
        self.query_one("#estimates", Static).update(self._estimates(checked.config, memory, same_data=same_data))
        line = checked.command if checked.config else "-"
        self.query_one("#command", Static).update(Text.assemble(("the same command: ", "dim"), line))
        self.query_one("#reason", Static).update(self._form.preset.reason)
        self._say(problems.get(NOWHERE) or (to_do if problems else self._consequence()))

    def _memory(self) -> tuple[Mapping[str, Any] | None, bool]:
        """What a run at hand remembers of data such as these, and whether they are the same data."""
        alike = [run.about for run in self._runs if run.task == self._form.task and run.about.config]
        for about in alike:
            if about.config and (about.config.data or "") == self._form.entries["data"]:
                return about.memory, True
        return (alike[0].memory if alike else None), False

    def _estimates(self, config: Config | None, of_data: Mapping[str, Any] | None, *, same_data: bool) -> Table:
        parameters = needed = speed = "-"
        if config is not None:
            kind = kind_of(config.task)
            sizes = kind.sizes(config, of_data)
            exact = same_data or kind.sizes(config).exact
            parameters = f"{'' if exact else 'about '}{parameter_count(config, sizes):,}"
            m = memory(config, sizes)
            parts = f"weights {size(m.weights)}, gradients {size(m.gradients)}, "
            parts += f"{config.optimizer} {size(m.optimizer)}, a batch {size(m.batch)}"
            needed = f"about {size(m.total)}: {parts}"
            ratio = self._ratio()
            speed = f"about {short(ratio * items_per_second(config, sizes))} {kind.words.items}/s, "
            speed += f"{ratio / seconds_per_step(config, sizes):.3g} steps/s"
        table = Table.grid(padding=(0, 1))
        table.add_column(width=14, no_wrap=True)
        for name, value in (("parameters", parameters), ("memory", needed), ("speed", speed)):
            table.add_row(Text(name, "dim"), value)
        return table

    def _ratio(self) -> float:
        """How many times as fast this machine is as the estimate has it, as far as a run at hand tells."""
        for run in self._runs:
            config, sizes = run.about.config, run.about.sizes
            if config is not None and sizes is not None and run.figure.speed > 0:
                return run.figure.speed / items_per_second(config, sizes)
        return 1.0

    def _consequence(self) -> str:
        """What becomes of the runs at hand."""
        ends = "the current {} run is saved and ends"
        waits = "the {} run waits as it is"
        return "; ".join((ends if run.task == self._form.task else waits).format(run.task) for run in self._runs)

    def _say(self, outcome: str) -> None:
        self.query_one("#outcome", Static).update(shortened_line(outcome, NOTICE))

    @on(DescendantFocus)
    def _explain(self, event: DescendantFocus) -> None:
        """Say what the field is for that has the focus."""
        field = next((node for node in event.widget.ancestors if isinstance(node, Field)), None)
        option = next((option for option in FORM if field and option.name == field.option), None)
        said = f"{option.name}: {option.help}" if option else "start the new run"
        self.query_one("#meaning", Static).update(said)

    # Starting

    @on(Input.Submitted)
    def action_next_field(self) -> None:
        """Go on to the next field: a run begins on the button alone, or with ctrl+enter."""
        self.focus_next()

    @on(Button.Pressed)
    def action_start(self) -> None:
        """Read the data and build the run in a thread; with something wrong go there instead."""
        if self._reading:
            return
        self._take()  # a key that was pressed at once after the last change may overtake the word of it
        if self._checked.config is None:
            self._go_to_problem()
            return
        self._wait(reading=True)
        given = dict(self._checked.given)
        self.run_worker(lambda: begin(given), thread=True)

    def _wait(self, *, reading: bool) -> None:
        self._reading = reading
        self.query_one("#fields").disabled = reading
        if reading:
            self._say("reading the data ...")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Hand the run on, or say why there is none."""
        if event.state is not WorkerState.SUCCESS or self.has_ended:
            return
        result = event.worker.result
        if isinstance(result, Opened):
            self.dismiss(result)
        elif isinstance(result, Problem):
            self._wait(reading=False)
            self._refused = self._form.entries, result
            self._check()
            self._go_to_problem()
        elif isinstance(result, Glance) and result.data == self._form.entries["data"]:
            self._field("data").tell(*result.lines)

    def _go_to_problem(self) -> None:
        wrong = next((option.name for option in FORM if self._field(option.name).problem), None)
        (self.query_one("#start") if wrong is None else self._field(wrong).entry).focus()
