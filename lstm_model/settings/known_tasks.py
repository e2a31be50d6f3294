"""The tasks there are: where each task's kind is found, by the task's name.

A new task is a folder in lstm_model/tasks and a line here. The modules are imported by name, when their task is asked
for, so that nothing else need know them.
"""

from importlib import import_module
from typing import Any

from lstm_model.errors import InputError
from lstm_model.settings.kinds import in_short, one_of

KINDS = {  # in the order in which they are offered; the module holds a TaskKind under the name KIND
    "text": "lstm_model.tasks.text.kind",
    "stock": "lstm_model.tasks.stock.kind",
    "copy": "lstm_model.tasks.copy.kind",
}


def load_kind(task: str) -> Any:
    """The KIND of a task; an InputError for one that there is not. Typed, it is `task_kinds.kind_of`."""
    if task not in KINDS:
        raise InputError(f"task must be {one_of(KINDS)}, not {in_short(task)}", field="task")
    return import_module(KINDS[task]).KIND
