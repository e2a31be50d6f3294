"""The form of settings that a new run is started from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.timer import Timer
from textual.widgets import Button, Input, Static
from textual.worker import Worker, WorkerState

from lstm_model.runs.driving.plan import Plan
from lstm_model.settings.config import Config
from lstm_tui.opening.form import Checked, Entries, Form, Problem, begin
from lstm_tui.opening.opened import Opened
from lstm_tui.opening.run import plan_over
from lstm_tui.options.option import Option
from lstm_tui.options.table import FORM
from lstm_tui.reports.glance import Glance, glance
from lstm_tui.screens.estimates import estimates, like_these
from lstm_tui.screens.more import MoreFields, MoreLine
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.visible import NOTICE, as_line, shortened_line
from lstm_tui.widgets.dialog import Dialog
from lstm_tui.widgets.field import ChoiceField, Field

USUAL = Plan()
PAUSE = 0.4  # seconds without a key, after which a file that was named is looked at


@dataclass(frozen=True)
class Ready:
    """A new run that is ready, and what it is asked to do beside stepping."""

    opened: Opened
    plan: Plan


class SettingsScreen(Dialog[Ready | None]):
    """Gives a new run that is ready, or None.

    config: what the fields hold at first; runs: the latest snapshots of the runs at hand, to tell what cannot be known
    from settings alone; plan: the launch's; threads: the option, if it was given to the app; taken: folders of the runs
    of this app.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,question_mark", "dismiss(None)", "Close"),  # where they are not typed
        ("enter", "next_field", "Next"),
        ("ctrl+enter,ctrl+j", "start", "Start"),  # many terminals send the one as the other
        ("f2", "more", "More"),
        ("up", "app.focus_previous", "Up"),
        ("down", "app.focus_next", "Down"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-one-column"), (76, "-two-columns")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (18, "-low"), (36, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        config: Config,
        runs: Sequence[Snapshot] = (),
        plan: Plan = USUAL,
        threads: int | None = None,
        taken: Sequence[Path] = (),
    ) -> None:
        super().__init__()
        self._runs, self._plan, self._taken = runs, plan, taken
        self._form = Form.of(config, {} if threads is None else {"threads": str(threads)}, plan)
        self._checked = Checked({})
        self._refused: tuple[Entries, Problem] | None = None  # what was not begun with these entries, and why
        self._reading = False
        self._looking: Timer | None = None  # at the file that was named last, in a moment

    def compose(self) -> ComposeResult:
        """Fields that scroll; below them what follows from them, and the button."""
        with Vertical(classes="dialog", id="settings") as dialog:
            dialog.border_title = "New run"
            dialog.border_subtitle = "tab moves, arrows choose, F2 more, ctrl+enter starts, escape leaves"
            with VerticalScroll(id="fields", can_focus=False):
                yield from self._fields("top")
                with Horizontal(classes="columns"):
                    for place in ("left", "right"):
                        with Vertical(classes="column"):
                            yield from self._fields(place)
                yield MoreFields(self._made, id="more")
                yield Static(id="reason", markup=False)
            yield Static(id="meaning", markup=False)
            yield Static(id="estimates")
            yield Static(id="command", markup=False)
            with Horizontal(id="start-row"):
                yield Button("Start", id="start", variant="primary", compact=True)
                yield Static(id="outcome", markup=False)

    def _fields(self, place: str) -> list[Field]:
        return [self._made(option) for option in FORM if option.form == place]

    def _made(self, option: Option) -> Field:
        """The field of an option, as the form has it now."""
        name, form = option.name, self._form
        field = Field(name, option.named, self._shown_entries[name], form.choices.get(name))
        field.placeholder = form.standards[name] or option.unless_given
        return field

    @property
    def _shown_entries(self) -> dict[str, str]:
        """The entries, with a file's name as it can be shown."""
        entries, data = self._form.entries, self._form.data
        return {**entries, "data": as_line(data) if entries["data"] == data else entries["data"]}

    def _field(self, option: str) -> Field:
        return self.query_one(f"#field-{option}", Field)

    @property
    def _here(self) -> list[Field]:
        """The fields that are on the screen, and of the task at hand."""
        names = {option.name for option in self._form.options}
        return [field for field in self.query(Field) if field.is_mounted and field.option in names]

    def on_mount(self) -> None:
        """Begin at the first field."""
        if not self.children:
            return  # the app ends in the moment in which the form opens
        self.query_one(MoreFields).name_options(self._in_more)
        self._check()
        self._field("task").entry.focus()

    # More

    @property
    def _in_more(self) -> list[Option]:
        """The others, by their headings: limits of the run first, which most people come for."""
        others = [option for option in self._form.options if option not in FORM]
        groups = list(dict.fromkeys(option.group for option in others))
        return sorted(others, key=lambda option: -groups.index(option.group))

    @on(MoreLine.Opened)
    async def action_more(self) -> None:
        """Show all that can be set, from now on, and go to the first of it."""
        await self._open_more()
        self._go_to(self._in_more[0].name)

    async def _open_more(self) -> None:
        more = self.query_one(MoreFields)
        if not more.is_open:
            self.add_class("-open")
            await more.open()
            self._check()

    # What is typed

    @on(Input.Changed)
    @on(ChoiceField.Changed)
    def _take(self) -> None:
        """Take in what the fields hold now; another task or preset fills the others anew."""
        before = self._form
        now = {**before.entries, **{field.option: field.value for field in self._here}}
        if now["data"] == as_line(before.data):
            now["data"] = before.data  # the file as it is called, not as it can be shown
        if now == before.entries:
            return
        self._form = before.typed(now)
        if self._form.entries != now:
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
        choices, standards, shown = self._form.choices, self._form.standards, self._shown_entries
        with self.prevent(Input.Changed):
            for field in self._here:
                field.fill(shown[field.option], choices.get(field.option))
        for option in self._form.options:
            for field in self.query(f"#field-{option.name}").results(Field):
                field.placeholder = standards[option.name] or option.unless_given
        more = self.query_one(MoreFields)
        if more.name_options(self._in_more) and more.is_open:
            self.call_next(self._open_anew)

    async def _open_anew(self) -> None:
        """Show the fields of another task."""
        await self.query_one(MoreFields).open()
        self._check()

    # What follows from it

    def _check(self) -> None:
        like = like_these(self._runs, self._form.task, self._form.entries["data"])
        self._checked = checked = self._form.checked(like.memory)
        problems, to_do = dict(checked.problems), "fix the marked fields first"
        if self._refused and self._refused[0] == self._form.entries:
            problem = self._refused[1]
            problems.setdefault(problem.option, problem.text)
            to_do = "nothing was started"
        for field in self._here:
            field.say(problems.get(field.option, ""))
        self.query_one("#estimates", Static).update(estimates(checked.config, like, self._runs))
        line = checked.command if checked.config else "-"
        self.query_one("#command", Static).update(Text.assemble(("the same command: ", "dim"), line))
        self.query_one("#reason", Static).update(self._form.preset.reason)
        hidden = [text for name, text in problems.items() if name not in {field.option for field in self._here}]
        self._say(hidden[0] if hidden else to_do if problems else self._consequence())

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
        option = next((option for option in self._form.options if field and option.name == field.option), None)
        other = "start the new run" if isinstance(event.widget, Button) else "show all that can be set"
        said = f"{option.name.replace('_', ' ')}: {option.help}" if option else other
        self.query_one("#meaning", Static).update(said)

    # Starting

    @on(Input.Submitted)
    def action_next_field(self) -> None:
        """Go on to the next field: a run begins on the button alone, or with ctrl+enter."""
        self.focus_next()

    @on(Button.Pressed)
    async def action_start(self) -> None:
        """Read the data and build the run in a thread; with something wrong go there instead."""
        if self._reading:
            return
        self._take()  # a key that was pressed at once after the last change may overtake the word of it
        if self._checked.config is None:
            await self._go_to_problem(self._checked.problems)
            return
        self._wait(reading=True)
        given = dict(self._checked.given)
        self.run_worker(lambda: begin(given, self._taken), thread=True)

    def _wait(self, *, reading: bool) -> None:
        self._reading = reading
        self.query_one("#fields").disabled = reading
        if reading:
            self._say("reading the data ...")

    async def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Hand the run on, or say why there is none."""
        if event.state is not WorkerState.SUCCESS or self.has_ended:
            return
        result = event.worker.result
        if isinstance(result, Opened):
            self.dismiss(Ready(result, plan_over(self._plan, self._checked.given)))
        elif isinstance(result, Problem):
            self._wait(reading=False)
            self._refused = self._form.entries, result
            self._check()
            await self._go_to_problem([result.option])
        elif isinstance(result, Glance) and result.data == self._form.entries["data"]:
            self._field("data").tell(*result.lines)

    async def _go_to_problem(self, wrong: Collection[str]) -> None:
        """Go to the first field with something wrong, which may be under "more" so far."""
        first = next((option for option in self._form.options if option.name in wrong), None)
        if first is None:
            self.query_one("#start").focus()
            return
        if first not in FORM:
            await self._open_more()
        self._go_to(first.name)

    def _go_to(self, option: str) -> None:
        self._field(option).entry.focus()
        self.call_after_refresh(self._keep_in_sight)  # it may have no place yet

    def on_resize(self) -> None:
        """Keep the field in sight that has the focus."""
        self.call_after_refresh(self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        if self.focused is not None:
            self.focused.scroll_visible(animate=False)
