"""Which keys do something now, and why the others do not."""

from textual import actions

from lstm_model.settings.known_tasks import KINDS
from lstm_tui.inside.pane import InsidePane
from lstm_tui.keys.bound import first_of
from lstm_tui.keys.key import Key
from lstm_tui.keys.table import KEYS, key_of
from lstm_tui.screens.panes import Panes
from lstm_tui.session.snapshot import STEPPING, Status
from lstm_tui.session.source import Source
from lstm_tui.session.units import can_be_bits

OF_PANES = {"of_task", "chart_view", "log_scale", "ghost", "maximise"}  # which the look inside hides
TRAINING_ONLY = {
    "pause", "resume", "save", "rate", "watch_step", "new_run", "tell", "ghost", "log_scale",
}  # fmt: skip # the last two: the chart's
ASKING = {  # actions, with their parameters, that ask something of a run
    actions.parse(key.action)[1:]
    for key in KEYS
    if key.group == "steering" or (key.group == "training" and key.action.startswith("of_task"))
}
OF_A_RUN = {"look", "save", "evaluate", "rate"}  # which wait until its data are read


def acts(action: str, parameters: tuple[object, ...], session: Source, panes: Panes, inside: InsidePane) -> bool:
    """Whether an action means something for the source, the task, the mode and the moment."""
    if (action in OF_PANES and inside.is_open) or session.why_not(action, asks=_asks(action, parameters)):
        return False
    if action == "of_task":
        return panes.action_of(str(parameters[0])) is not None
    if action in TRAINING_ONLY and session.eval_only:
        return False
    if action == "swap":
        return session.latest.rival is not None
    if action == "units":
        return can_be_bits(session.task)
    if action == "chart_view":
        return bool(panes.charts)
    if action == "watch_step":
        return session.ahead.doing in STEPPING
    if action in ("pause", "resume"):
        status = session.ahead.status
        return status is Status.PAUSED if action == "resume" else status in STEPPING
    return True


def _asks(action: str, parameters: tuple[object, ...]) -> bool:
    """Whether an action asks something of the run, rather than of what is shown of it."""
    return (action, parameters) in ASKING


def why_not(key: Key, session: Source, panes: Panes, inside: InsidePane) -> str:
    """Why a key of the table does nothing now, in a line."""
    shown = first_of(key)
    _, action, parameters = actions.parse(key.action)
    if why := session.why_not(action, asks=_asks(action, parameters)):
        return f"{shown}: {why}"
    if action in OF_PANES and inside.is_open:
        return f"{shown} is for the panes behind the look inside: {key_of('inside')} closes it"
    if action == "of_task":
        knows = [task for task in KINDS if panes.knows(task, str(parameters[0]))]
        if session.task in knows:
            return f"{shown}: {'nothing trains here' if session.eval_only else 'not here'}"
        return f"{shown} is a key of the task {' and '.join(knows)}: {key_of('switch_task')} goes on to the next task"
    if action in TRAINING_ONLY and session.eval_only:
        return f"{shown}: nothing trains here, a saved model is only looked at"
    if action in ("pause", "resume", "watch_step"):
        return f"{shown}: nothing trains, {session.ahead.status.lower()}"
    if action == "units":
        return f"{shown}: the loss of the task {session.task} has one unit"
    if action == "chart_view":
        return f"{shown}: there is no chart here"
    if action == "swap":
        return f"{shown}: there is no second model to show first"
    return f"{shown} does nothing here"


def is_being_read(session: Source) -> bool:
    """Whether there is no run yet to do something with."""
    return session.latest.about.config is None
